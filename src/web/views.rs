//! Saved views: filters of lists under names of one's own, kept, renamed, removed, and shared by their address.

use actix_web::HttpResponse;
use actix_web::web::Path;
use askama::Template;
use uuid::Uuid;

use super::ctx::{SignedIn, see_other_with};
use super::form::{Fields, Problems};
use super::frame::{Flash, Frame};
use super::page::{ok, unprocessable};
use super::session::said;
use crate::domain::refusal::Refusal;
use crate::domain::words::ViewId;
use crate::error::Error;
use crate::store::view::{NAME_MAX, SavedView};

/// The lists whose filters can be kept, and the filters of each.
const LISTS: &[(&str, &[&str])] = &[
    ("/queue", &["assigned", "section", "round", "due"]),
    ("/queue/mine", &["section", "round", "due"]),
    ("/queue/sent-back", &["assigned", "section", "round", "due"]),
    ("/products", &["q", "turn"]),
];

/// Longest value of a filter.
const VALUE_MAX: usize = 200;

/// The address of a list with nothing but its own filters, if it is one: what comes from a form leads nowhere else.
#[must_use]
pub fn list_address(typed: &str) -> Option<String> {
    let (path, query) = typed.split_once('?').unwrap_or((typed, ""));
    let (path, names) = LISTS.iter().find(|(list, _)| *list == path)?;
    let typed: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let value = |name: &str| typed.iter().find(|(n, v)| n == name && !v.is_empty() && v.chars().count() <= VALUE_MAX);
    let pairs: Vec<_> = names.iter().filter_map(|name| value(name)).collect();
    let text = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    Some(if text.is_empty() { (*path).to_owned() } else { format!("{path}?{text}") })
}

/// The person's views of a kind of list, above the list, and what the form below the filter keeps.
pub struct ViewsBar {
    /// Address, name, and whether it is the list that is shown.
    pub views: Vec<(String, String, bool)>,
    /// The address to keep; empty when nothing is filtered.
    pub address: String,
}

impl ViewsBar {
    /// For a list at an address with its filters.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn load(me: &SignedIn, address: &str) -> Result<Self, Error> {
        let address = list_address(address).unwrap_or_default();
        let kind = if address.starts_with("/products") { "/products" } else { "/queue" };
        let views = me.visible().views().await?.into_iter().filter(|v| v.address.starts_with(kind));
        let views: Vec<_> = views.map(|v| (v.address == address, v)).map(|(is, v)| (v.address, v.name, is)).collect();
        let is_kept = views.iter().any(|(_, _, is_current)| *is_current);
        let address = if address.contains('?') && !is_kept { address } else { String::new() };
        Ok(Self { views, address })
    }
}

/// A view in the list of them.
struct Row {
    id: String,
    name: String,
    /// The name as it was typed, when it could not be kept, its field, and what is wrong with it.
    typed: String,
    field: String,
    error: String,
    href: String,
    /// The whole address, to send to somebody.
    whole: String,
}

#[derive(Template)]
#[template(path = "views/index.html")]
struct ViewsPage {
    frame: Frame,
    rows: Vec<Row>,
    /// A view that is being kept: its address and the name that was typed.
    new: Option<(String, String)>,
}

async fn views_page(me: &SignedIn, problems: Problems, typed: Option<(String, String)>) -> Result<ViewsPage, Error> {
    let row = |v: SavedView| {
        let id = v.id.to_string();
        let typed = typed.as_ref().filter(|(of, _)| *of == id).map_or_else(|| v.name.clone(), |(_, name)| name.clone());
        let field = format!("name-{id}");
        let error = problems.of(&field).to_owned();
        Row { id, typed, field, error, name: v.name, whole: format!("{}{}", me.app.base, v.address), href: v.address }
    };
    let rows: Vec<Row> = me.visible().views().await?.into_iter().map(row).collect();
    let frame = Frame { problems: problems.0, ..me.frame("Your views") };
    Ok(ViewsPage { frame, rows, new: None })
}

/// P59: one's own views.
pub async fn index(me: SignedIn) -> Result<HttpResponse, Error> {
    ok(&views_page(&me, Problems::default(), None).await?)
}

fn name(problems: &mut Problems, fields: &Fields, field: &str) -> Option<String> {
    let name = fields.text("name").split_whitespace().collect::<Vec<_>>().join(" ");
    let length = name.chars().count();
    if name.is_empty() {
        problems.add(field, "Enter a name for this view");
        return None;
    }
    if length > NAME_MAX {
        problems.add(field, format!("Name must be {NAME_MAX} characters or less. You have {} too many", length - NAME_MAX));
        return None;
    }
    Some(name)
}

/// A refusal about a name stands beside it; everything else is no answer of this page.
fn beside(result: Result<(), Error>, problems: &mut Problems, field: &str) -> Result<(), Error> {
    match result {
        Err(Error::Refused(Refusal::People(sentence))) => problems.add(field, sentence),
        other => other?,
    }
    Ok(())
}

/// Keeps the filter of a list under a name, and goes back to the list.
pub async fn keep(me: SignedIn, fields: Fields) -> Result<HttpResponse, Error> {
    let address = list_address(fields.raw("address")).ok_or_else(|| Error::Bad("a view of no list".to_owned()))?;
    let mut problems = Problems::default();
    if let Some(name) = name(&mut problems, &fields, "name") {
        let kept = me.app.db.add_view(&me.actor, (&name, &address), me.now).await;
        beside(kept, &mut problems, "name")?;
        if problems.is_empty() {
            let link = Some(("/views".to_owned(), "See all your views".to_owned()));
            let title = format!("The view \"{name}\" is saved");
            return Ok(see_other_with(&me, &address, &Flash { title, text: "You find it above the list.".to_owned(), link }));
        }
    }
    let mut page = views_page(&me, problems, None).await?;
    page.frame = Frame { title: "Save this view".to_owned(), ..page.frame };
    page.new = Some((address, fields.text("name")));
    unprocessable(&page)
}

/// Gives a view another name.
pub async fn rename(me: SignedIn, id: Path<Uuid>, fields: Fields) -> Result<HttpResponse, Error> {
    let field = format!("name-{}", *id);
    let mut problems = Problems::default();
    // Somebody else's view is not there, whatever was typed.
    if !me.visible().views().await?.iter().any(|v| v.id == ViewId(*id)) {
        return Err(Error::NotFound);
    }
    if let Some(name) = name(&mut problems, &fields, &field) {
        let renamed = me.app.db.rename_view(&me.actor, ViewId(*id), &name).await;
        beside(renamed, &mut problems, &field)?;
        if problems.is_empty() {
            return Ok(see_other_with(&me, "/views", &said(format!("The view is called \"{name}\" now"))));
        }
    }
    unprocessable(&views_page(&me, problems, Some((id.to_string(), fields.text("name")))).await?)
}

/// Forgets a view.
pub async fn remove(me: SignedIn, id: Path<Uuid>) -> Result<HttpResponse, Error> {
    me.app.db.remove_view(&me.actor, ViewId(*id)).await?;
    Ok(see_other_with(&me, "/views", &said("The view has been removed")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lists_and_their_own_filters_can_be_kept() {
        for (typed, kept) in [
            ("/queue?page=3&assigned=me&assigned=nobody&x=1", Some("/queue?assigned=me")),
            ("/queue?due=overdue&section=", Some("/queue?due=overdue")),
            ("/products?q=ward+round&turn=team", Some("/products?q=ward+round&turn=team")),
            ("/queue", Some("/queue")),
            ("//evil.example/queue", None),
            ("https://evil.example/queue", None),
            ("/admin/people", None),
            ("/queue#x", None),
            ("", None),
        ] {
            assert_eq!(list_address(typed).as_deref(), kept, "{typed}");
        }
    }
}
