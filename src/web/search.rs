//! Search: products, suppliers, certificates and answers by their words.

use actix_web::HttpResponse;
use actix_web::web::Query;
use askama::Template;
use serde::Deserialize;

use super::ctx::{SignedIn, see_other};
use super::frame::Frame;
use super::page::ok;
use super::parts::Pagination;
use crate::domain::catalogue::Catalogue;
use crate::domain::parse::capitalised;
use crate::domain::query::Query as Asked;
use crate::error::Error;
use crate::store::search::{Found, FoundKind, MARKS};
use crate::store::visible::PAGE;

/// Most characters of a search that are shown again in its field.
const SHOWN: usize = 200;

/// What the address asks for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct SearchQuery {
    q: String,
    page: u64,
}

/// Words of a text that match, or words between them.
#[derive(Debug, PartialEq, Eq)]
struct Piece {
    text: String,
    is_match: bool,
}

/// One thing that was found.
struct Hit {
    kind: &'static str,
    href: String,
    title: Vec<Piece>,
    part: Vec<Piece>,
    about: String,
}

#[derive(Template)]
#[template(path = "search.html")]
struct SearchPage {
    frame: Frame,
    words: String,
    is_asked: bool,
    hits: Vec<Hit>,
    total: u64,
    pages: Pagination,
    in_names: String,
}

/// Everything that matches, the best match first. The reference of a product or the number of a certificate leads
/// straight there.
pub async fn index(me: SignedIn, query: Query<SearchQuery>) -> Result<HttpResponse, Error> {
    if !me.actor.sees_all() && me.actor.memberships().is_empty() {
        return Err(Error::NotFound);
    }
    let typed: String = query.q.chars().filter(|c| !c.is_control()).take(SHOWN).collect();
    if let Some(address) = exact(&me, typed.trim()).await? {
        return Ok(see_other(&address));
    }
    let page = me.visible().search(&Asked::parse(&query.q), query.page).await?;
    let catalogue = me.app.rules.catalogue(me.app.rules.newest())?;
    let pairs = |pairs: &[(&str, &str)]| url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    let address = |n: u64| format!("/search?{}", pairs(&[("q", &typed), ("page", &n.to_string())]));
    let is_asked = !typed.trim().is_empty();
    let title = if is_asked { format!("{} – Search", typed.trim()) } else { "Search".to_owned() };
    let template = SearchPage {
        frame: me.frame(title),
        hits: page.rows.iter().map(|f| hit(&me, catalogue, f)).collect(),
        total: page.total,
        pages: Pagination::new(page.number, page.total.div_ceil(PAGE).max(1), address),
        in_names: format!("/products?{}", pairs(&[("q", &typed)])),
        is_asked,
        words: typed,
    };
    ok(&template)
}

/// Where the reference of a product or the number of a certificate leads, if it is one that the person may see.
async fn exact(me: &SignedIn, typed: &str) -> Result<Option<String>, Error> {
    let word = typed.to_uppercase();
    if word.starts_with("C2A-") {
        return match me.visible().product(&word).await {
            Ok(product) => Ok(Some(product.address())),
            Err(Error::NotFound) => Ok(None),
            Err(other) => Err(other),
        };
    }
    if word.starts_with("SAC-") {
        let certificate = me.app.db.issued_certificate(&word).await?;
        return Ok(certificate.map(|c| format!("/certificates/{}", c.content.number)));
    }
    Ok(None)
}

fn hit(me: &SignedIn, catalogue: &Catalogue, found: &Found) -> Hit {
    let (reference, product) = found.product.clone().unwrap_or_default();
    let product_address = format!("/products/{}", reference.to_lowercase());
    let supplier = if me.actor.is_staff() { found.organisation.1.clone() } else { String::new() };
    let of_product = [product.as_str(), reference.as_str(), supplier.as_str()];
    let joined = |parts: &[&str]| parts.iter().filter(|p| !p.is_empty()).copied().collect::<Vec<_>>().join(", ");
    match found.kind {
        FoundKind::Product => {
            Hit { kind: "Product", href: product_address, title: pieces(&found.title), part: pieces(&found.part), about: supplier }
        }
        FoundKind::Supplier => Hit {
            kind: "Supplier",
            href: format!("/organisations/{}", found.organisation.0),
            title: pieces(&found.title),
            part: Vec::new(),
            about: String::new(),
        },
        FoundKind::Certificate => Hit {
            kind: "Certificate",
            href: format!("/certificates/{}", found.name),
            title: pieces(&found.title),
            part: Vec::new(),
            about: joined(&of_product),
        },
        FoundKind::Answer => {
            let question = catalogue.find(&found.name);
            let name = question.map_or_else(|| found.name.clone(), |(_, q)| capitalised(&q.name));
            Hit {
                kind: "Answer",
                href: question
                    .map_or(product_address.clone(), |(s, _)| answer_address(me, &product_address, (s.word(), &found.name))),
                title: pieces(&name),
                part: pieces(&found.part),
                about: joined(&of_product),
            }
        }
    }
}

/// Staff read an answer on the page of its section; suppliers on the page where they can change it.
fn answer_address(me: &SignedIn, product: &str, (section, question): (&str, &str)) -> String {
    if me.actor.sees_all() {
        format!("{product}/sections/{section}#{question}")
    } else {
        format!("{product}/sections/{section}/questions/{question}")
    }
}

/// A text with marks around its matches, as pieces.
fn pieces(marked: &str) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut is_match = false;
    for character in marked.chars() {
        if character == MARKS.0 || character == MARKS.1 {
            is_match = character == MARKS.0;
            continue;
        }
        match pieces.last_mut() {
            Some(last) if last.is_match == is_match => last.text.push(character),
            _ => pieces.push(Piece { text: character.to_string(), is_match }),
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_become_pieces_whatever_their_order() {
        let read = |text: &str| -> Vec<(String, bool)> { pieces(text).into_iter().map(|p| (p.text, p.is_match)).collect() };
        let (a, z) = MARKS;
        assert_eq!(
            read(&format!("the {a}ward{z} <b>{a}ward")),
            [("the ".to_owned(), false), ("ward".to_owned(), true), (" <b>".to_owned(), false), ("ward".to_owned(), true)]
        );
        assert_eq!(read(&format!("{z}{z}x{a}{a}")), [("x".to_owned(), false)]);
    }
}
