//! Answers about the organisation, offered where another product of it has given them.

use crate::domain::answer::Answer;
use crate::domain::calendar::london_date;
use crate::domain::catalogue::{Catalogue, Group, Section};
use crate::domain::parse::capitalised;
use crate::domain::product::Product;
use crate::domain::reuse::{GroupOffer, Row, Sibling, is_wanted, offers};
use crate::error::Error;
use crate::web::answer_view::{Shown, shown};
use crate::web::ctx::SignedIn;
use crate::web::place::texts;
use crate::words::{counted, short_date};

/// An answer that can be used as it stands.
pub struct Line {
    /// Key of the question.
    pub key: String,
    /// The question.
    pub text: String,
    /// The answer.
    pub shown: Shown,
    /// Editions of the answer here and there.
    pub editions: (u32, u32),
}

/// What a page of questions is offered.
pub struct OfferView {
    /// Key of the page.
    pub page: String,
    /// Address that takes the post.
    pub action: String,
    /// Reference of the other product.
    pub from: String,
    /// Its name.
    pub name: String,
    /// When it answered.
    pub on: String,
    /// What can be used.
    pub lines: Vec<Line>,
    /// What has run out, and why.
    pub stale: Vec<(String, String)>,
}

impl OfferView {
    /// What is asked about them.
    #[must_use]
    pub fn question(&self) -> &'static str {
        if self.lines.len() == 1 { "Is it still true?" } else { "Are they still true?" }
    }

    /// The words of the button.
    #[must_use]
    pub fn button(&self) -> String {
        if self.lines.len() == 1 { "Use this answer".to_owned() } else { format!("Use these {} answers", self.lines.len()) }
    }
}

/// What a page of questions is offered, if anything.
///
/// # Errors
/// When the store fails.
pub async fn of_page(me: &SignedIn, product: &Product, page: (Section, &Group)) -> Result<Option<OfferView>, Error> {
    let (section, group) = page;
    let views = of(me, product, (section, &|g: &Group| g.key() == group.key())).await?;
    Ok(views.into_iter().next())
}

/// What the pages of a section are offered.
///
/// # Errors
/// When the store fails.
pub async fn of_section(me: &SignedIn, product: &Product, section: Section) -> Result<Vec<OfferView>, Error> {
    of(me, product, (section, &|_: &Group| true)).await
}

async fn of(
    me: &SignedIn,
    product: &Product,
    (section, is_here): (Section, &dyn Fn(&Group) -> bool),
) -> Result<Vec<OfferView>, Error> {
    let rules = &me.app.rules;
    let catalogue = rules.catalogue(product.question_set)?;
    let mine = product.given(catalogue, me.today());
    let groups = texts(catalogue, section)?.groups.iter().filter(|g| is_here(g));
    let wanted: Vec<&str> = groups.flat_map(|g| &g.questions).filter(|q| is_wanted(&mine, q)).map(|q| q.key.as_str()).collect();
    let (newest, siblings) = me.visible().newest_elsewhere(product, &wanted).await?;
    let with_set = |sibling: Sibling| Ok((rules.catalogue(sibling.question_set)?, sibling));
    let sources: Vec<(&Catalogue, Sibling)> = siblings.into_iter().map(with_set).collect::<Result<_, Error>>()?;
    let offers = offers(&mine, section, &newest, &sources);
    Ok(offers.iter().map(|offer| view(product, section, offer)).collect())
}

fn view(product: &Product, section: Section, offer: &GroupOffer<'_>) -> OfferView {
    let edition = |answer: Option<&Answer>| answer.map_or(0, |a| a.edition);
    let line = |row: &Row<'_>| Line {
        key: row.question.key.clone(),
        text: row.question.text.clone(),
        shown: shown(row.question, row.value.as_ref(), &offer.source.address()),
        editions: (edition(product.answers.get(&row.question.key)), edition(row.theirs)),
    };
    OfferView {
        page: offer.group.key().to_owned(),
        action: format!("{}/sections/{section}/copy", product.address()),
        from: offer.source.reference.to_lowercase(),
        name: offer.source.facts.name.clone(),
        on: short_date(london_date(offer.at)),
        lines: offer.rows.iter().map(line).collect(),
        stale: offer.stale.iter().map(|r| (capitalised(&r.question.name), r.stale.clone())).collect(),
    }
}

/// The ways of a section's page to what can be taken over.
#[derive(Default)]
pub struct Ways {
    /// Address of the page that copies from another product; empty when there is nothing to copy.
    pub copy: String,
    /// Answers of the organisation: "5 answers can be taken from Wardlight", and where.
    pub offered: Vec<(String, String)>,
}

impl Ways {
    /// The ways of a section that can be answered.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn of(me: &SignedIn, product: &Product, section: Section) -> Result<Self, Error> {
        if me.visible().count_answered_elsewhere(product, &me.app.rules.copied(section), 1).await? == 0 {
            return Ok(Self::default());
        }
        let copy = format!("{}/sections/{section}/copy", product.address());
        let mut sources: Vec<(String, String, usize)> = Vec::new();
        for offer in of_section(me, product, section).await? {
            match sources.iter_mut().find(|(from, ..)| *from == offer.from) {
                Some((.., number)) => *number += offer.lines.len(),
                None => sources.push((offer.from, offer.name, offer.lines.len())),
            }
        }
        let way = |(from, name, number): (String, String, usize)| {
            let words = format!("{} can be taken from {name}", counted(number, "answer"));
            (words, format!("{copy}?from={from}&about=organisation"))
        };
        let offered = sources.into_iter().filter(|(.., number)| *number > 0).map(way).collect();
        Ok(Self { copy, offered })
    }
}
