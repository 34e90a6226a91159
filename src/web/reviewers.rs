//! What the team knows of a reviewer: the sections they review, how many a week, and the interests they declared.

use std::collections::BTreeSet;

use actix_web::HttpResponse;
use actix_web::web::Path;
use askama::Template;
use uuid::Uuid;

use super::ctx::{SignedIn, see_other_with};
use super::form::{Fields, Problems};
use super::frame::{Flash, Frame};
use super::page::{ok, unprocessable};
use super::parts::Item;
use super::queue::Titles;
use super::session::said;
use crate::domain::actor::Duty;
use crate::domain::calendar::london_date;
use crate::domain::catalogue::Section;
use crate::domain::interest::{Interest, REASON_MAX, may_end};
use crate::domain::refusal::Refusal;
use crate::domain::words::{InterestId, OrganisationId, PersonId};
use crate::domain::workload::{REVIEWS_A_WEEK, REVIEWS_A_WEEK_MAX};
use crate::error::Error;
use crate::store::reviewer::{ReviewerFacts, ReviewerLoad};
use crate::words::{counted, short_date};

/// An interest, as it is told.
struct InterestRow {
    /// The field of the reason for its end, what was typed there, and what is wrong with it.
    field: String,
    because: String,
    error: String,
    supplier: String,
    reason: String,
    declared: String,
    /// When, by whom and why it ended; empty while it lasts.
    ended: String,
    /// Where it is ended; empty for those who may not.
    end: String,
}

#[derive(Template)]
#[template(path = "reviewers/show.html")]
struct ReviewerPage {
    frame: Frame,
    heading: String,
    address: String,
    skills: Vec<Item>,
    /// Reviews a week as typed; `None` for those who only read it.
    a_week: Option<String>,
    a_week_said: String,
    interests: Vec<InterestRow>,
    supplier: String,
    reason: String,
}

fn address(id: PersonId) -> String {
    format!("/reviewers/{id}")
}

/// Which of the forms on the page was sent.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sent {
    None,
    Facts,
    Interest,
    End,
}

/// The page, with what was typed in one of its forms.
async fn page(
    me: &SignedIn,
    load: &ReviewerLoad,
    sent: Sent,
    (fields, problems): (&Fields, Problems),
) -> Result<ReviewerPage, Error> {
    let titles = Titles::new(me)?;
    let is_me = load.person == me.actor.person();
    let is_chosen = |s: &Section| match sent {
        Sent::Facts => fields.all("skills").iter().any(|w| w == s.word()),
        Sent::None | Sent::Interest | Sent::End => load.facts.skills.contains(s),
    };
    let present = load.facts.a_week.map_or_else(String::new, |n| n.to_string());
    let typed = |name: &str| if sent == Sent::Interest { fields.text(name) } else { String::new() };
    let row = |i: Interest| {
        let end = if i.ended.is_none() && may_end(&me.actor, i.person).is_ok() {
            format!("{}/interests/{}/end", address(load.person), i.id)
        } else {
            String::new()
        };
        let on = |at| short_date(london_date(at));
        let ended = i.ended.map(|(by, at, because)| format!("Ended {} by {by}: {because}", on(at)));
        let field = format!("because-{}", i.id);
        let because = if sent == Sent::End { fields.text(&field) } else { String::new() };
        InterestRow {
            because,
            error: problems.of(&field).to_owned(),
            field,
            supplier: i.supplier,
            reason: i.reason,
            declared: format!("Declared {} by {}", on(i.declared.1), i.declared.0),
            ended: ended.unwrap_or_default(),
            end,
        }
    };
    let interests = me.visible().interests(load.person).await?.into_iter().map(row).collect();
    let heading = if is_me { "What you review".to_owned() } else { format!("What {} reviews", load.name) };
    Ok(ReviewerPage {
        frame: Frame { problems: problems.0, ..me.frame(heading.clone()) },
        heading,
        address: address(load.person),
        skills: Section::ALL.iter().map(|s| Item::new(s.word(), titles.short(*s)).checked(is_chosen(s))).collect(),
        a_week: me.actor.is(Duty::Manager).then(|| if sent == Sent::Facts { fields.text("a-week") } else { present }),
        a_week_said: counted(usize::try_from(load.a_week()).unwrap_or_default(), "review"),
        interests,
        supplier: typed("supplier"),
        reason: typed("reason"),
    })
}

/// P66: what somebody reviews; for themselves and for managers.
pub async fn show(me: SignedIn, id: Path<Uuid>) -> Result<HttpResponse, Error> {
    let load = me.visible().reviewer(PersonId(*id), me.today()).await?;
    ok(&page(&me, &load, Sent::None, (&Fields::default(), Problems::default())).await?)
}

/// Reviews a week as typed; nothing means the usual number.
fn a_week(problems: &mut Problems, typed: &str) -> Option<u32> {
    if typed.is_empty() {
        return None;
    }
    let number = typed.parse().ok().filter(|n| (1..=REVIEWS_A_WEEK_MAX).contains(n));
    if number.is_none() {
        problems.add("a-week", format!("Reviews a week must be a whole number from 1 to {REVIEWS_A_WEEK_MAX}"));
    }
    number
}

/// Saves the sections and the number of reviews.
pub async fn save(me: SignedIn, id: Path<Uuid>, fields: Fields) -> Result<HttpResponse, Error> {
    let load = me.visible().reviewer(PersonId(*id), me.today()).await?;
    let mut problems = Problems::default();
    let skills: BTreeSet<Section> = fields.all("skills").iter().filter_map(|w| Section::from_word(w)).collect();
    let a_week = if me.actor.is(Duty::Manager) { a_week(&mut problems, &fields.text("a-week")) } else { load.facts.a_week };
    if !problems.is_empty() {
        return unprocessable(&page(&me, &load, Sent::Facts, (&fields, problems)).await?);
    }
    me.app.db.set_reviewer(&me.actor, load.person, &ReviewerFacts { skills, a_week }, me.now).await?;
    let whose = if load.person == me.actor.person() { "What you review".to_owned() } else { format!("What {} reviews", load.name) };
    Ok(see_other_with(&me, &address(load.person), &said(format!("{whose} is saved"))))
}

/// The one supplier that was meant, or what is wrong.
fn meant(found: &[(OrganisationId, String, String)], typed: &str) -> Result<(OrganisationId, String), String> {
    let same = |(_, name, code): &&(OrganisationId, String, String)| {
        code.eq_ignore_ascii_case(typed) || name.to_lowercase() == typed.to_lowercase()
    };
    match (found.iter().find(same), found) {
        (Some((id, name, _)), _) | (None, [(id, name, _)]) => Ok((*id, name.clone())),
        (None, []) => Err("We know no supplier with that name or ODS code".to_owned()),
        (None, several) => {
            let named: Vec<String> = several.iter().take(5).map(|(_, name, code)| format!("{name} ({code})")).collect();
            Err(format!("Several suppliers match. Enter the ODS code of one of them: {}", named.join(", ")))
        }
    }
}

/// Declares an interest, and says which reviews somebody else has to take now.
pub async fn declare(me: SignedIn, id: Path<Uuid>, fields: Fields) -> Result<HttpResponse, Error> {
    let load = me.visible().reviewer(PersonId(*id), me.today()).await?;
    let mut problems = Problems::default();
    let typed = problems.line(&fields, "supplier", ("Enter the name or ODS code of the supplier", 200));
    let supplier = if typed.is_empty() || !problems.is_empty() {
        None
    } else {
        problems.take("supplier", meant(&me.visible().suppliers_like(&typed).await?, &typed))
    };
    let reason = problems.line(&fields, "reason", ("Say what the interest is", REASON_MAX));
    let Some((organisation, name)) = supplier.filter(|_| problems.is_empty()) else {
        return unprocessable(&page(&me, &load, Sent::Interest, (&fields, problems)).await?);
    };
    let held = me.visible().held_of(load.person, organisation).await?;
    me.app.db.declare_interest(&me.actor, (load.person, organisation), &reason, me.now).await?;
    let (who, has) = if load.person == me.actor.person() { ("You", "have") } else { (load.name.as_str(), "has") };
    let text = match usize::try_from(held).unwrap_or_default() {
        0 => format!("{who} no longer {} the products of this supplier.", if who == "You" { "review" } else { "reviews" }),
        number => format!("{who} {has} {} of this supplier, which somebody else has to take now.", counted(number, "review")),
    };
    let link = (held > 0 && me.actor.is(Duty::Manager))
        .then(|| (format!("/queue?assigned={}", load.person), "Reassign reviews".to_owned()));
    Ok(see_other_with(&me, &address(load.person), &Flash { title: format!("The interest in {name} is declared"), text, link }))
}

/// Ends an interest, with a reason.
pub async fn end(me: SignedIn, path: Path<(Uuid, Uuid)>, fields: Fields) -> Result<HttpResponse, Error> {
    let (person, interest) = path.into_inner();
    let load = me.visible().reviewer(PersonId(person), me.today()).await?;
    let interests = me.visible().interests(load.person).await?;
    let found = interests.into_iter().find(|i| i.id == InterestId(interest)).ok_or(Error::NotFound)?;
    let field = format!("because-{interest}");
    let mut problems = Problems::default();
    let because = problems.line(&fields, &field, ("Say why the interest has ended", REASON_MAX));
    if may_end(&me.actor, load.person).is_err() {
        return Err(Refusal::NotYours.into());
    }
    if !problems.is_empty() {
        return unprocessable(&page(&me, &load, Sent::End, (&fields, problems)).await?);
    }
    me.app.db.end_interest(&me.actor, found.id, &because, me.now).await?;
    Ok(see_other_with(&me, &address(load.person), &said(format!("The interest in {} has ended", found.supplier))))
}

/// What an empty field for the number of reviews means.
#[must_use]
pub fn usual() -> String {
    format!("Leave this empty for the usual {REVIEWS_A_WEEK}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_supplier_is_meant_by_its_code_its_name_or_the_only_match() {
        let supplier = |n, name: &str, code: &str| (OrganisationId(Uuid::from_u128(n)), name.to_owned(), code.to_owned());
        let (one, other) = (supplier(1, "Wardlight Health", "WL01"), supplier(2, "Wardlight Labs", "WL02"));
        let both = [one.clone(), other.clone()];
        assert_eq!(meant(&both, "wl02"), Ok((other.0, other.1.clone())));
        assert_eq!(meant(&both, "wardlight health"), Ok((one.0, one.1.clone())));
        assert_eq!(meant(&both[..1], "ward"), Ok((one.0, one.1.clone())));
        assert!(meant(&both, "ward").is_err_and(|said| said.contains("WL01") && said.contains("WL02")));
        assert!(meant(&[], "nobody").is_err());
    }
}
