//! Copying answers to a section from another product of the organisation: choose the product, look at both, copy.

use std::collections::BTreeSet;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Path, Query};
use askama::Template;
use serde::Deserialize;

use super::compare_view::{Lines, lines};
use super::offer;
use crate::domain::calendar::london_date;
use crate::domain::catalogue::Section;
use crate::domain::command::{Command, Entry, SectionCommand};
use crate::domain::decide;
use crate::domain::product::Product;
use crate::domain::refusal::Refusal;
use crate::domain::reuse::{Fit, Row, Sibling, carried, compare, with_what_shows_them};
use crate::domain::section::{SectionAct, SectionState};
use crate::domain::words::FileId;
use crate::error::Error;
use crate::secret::new_id;
use crate::store::sibling::Answered;
use crate::store::visible::PAGE;
use crate::web::ctx::{SignedIn, see_other, see_other_with};
use crate::web::form::{Fields, Problems};
use crate::web::frame::{Flash, Frame};
use crate::web::page::{ok, page, unprocessable};
use crate::web::parts::{Item, Pagination};
use crate::web::place::texts;
use crate::web::questions::next_page;
use crate::words::{counted, short_date};

/// What the address of the page may say.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct CopyQuery {
    /// Reference of the product to copy from.
    from: String,
    /// `organisation`: only what is about the organisation is ticked.
    about: String,
    /// Whether the button was pressed.
    go: String,
    /// Page of the list of products.
    page: u64,
}

#[derive(Template)]
#[template(path = "reuse/choose.html")]
struct ChoosePage {
    frame: Frame,
    back: String,
    action: String,
    caption: String,
    products: Vec<Item>,
    total: u64,
    pages: Pagination,
}

#[derive(Template)]
#[template(path = "reuse/copy.html")]
struct ComparePage {
    frame: Frame,
    back: String,
    action: String,
    has_others: bool,
    caption: String,
    from: String,
    name: String,
    lines: Lines,
    is_conflict: bool,
}

/// P18: the products to copy from, or what one of them answered beside what is answered here.
pub async fn show(me: SignedIn, path: Path<(String, Section)>, query: Query<CopyQuery>) -> Result<HttpResponse, Error> {
    let (reference, section) = path.into_inner();
    let product = me.visible().product(&reference).await?;
    let setting = me.app.rules.setting(&product, me.now)?;
    let back = format!("{}/sections/{section}", product.address());
    if decide::offer(&setting, &me.actor, &product, section, SectionAct::Answer).is_err() {
        return Ok(see_other(&back));
    }
    if !query.from.is_empty() {
        return side_by_side(&me, &product, section, &query).await;
    }
    let list = me.visible().answered_elsewhere(&product, (section, &me.app.rules.copied(section)), query.page).await?;
    if let (1, [only]) = (list.total, list.rows.as_slice()) {
        let query = CopyQuery { from: only.reference.to_lowercase(), ..query.into_inner() };
        return side_by_side(&me, &product, section, &query).await;
    }
    let title = texts(setting.catalogue, section)?.title.clone();
    let mut template = ChoosePage {
        frame: me.frame(format!("Copy answers – {}", product.facts.name)),
        action: format!("{back}/copy"),
        caption: format!("{} – {title}", product.facts.name),
        products: list.rows.iter().map(choice).collect(),
        total: list.total,
        pages: Pagination::new(list.number, list.total.div_ceil(PAGE).max(1), |n| format!("{back}/copy?page={n}")),
        back,
    };
    if query.go.is_empty() || template.products.is_empty() {
        return ok(&template);
    }
    template.frame.problems.push(("from".to_owned(), "Select a product to copy from".to_owned()));
    unprocessable(&template)
}

fn choice(row: &Answered) -> Item {
    let on = |at: Option<_>| at.map(|at| format!(" {}", short_date(london_date(at)))).unwrap_or_default();
    let state = match row.state {
        SectionState::Accepted => format!("Accepted{}", on(row.replied_at)),
        SectionState::Submitted => format!("In review since{}", on(row.sent_at)),
        SectionState::Returned => format!("Sent back with questions{}", on(row.replied_at)),
        SectionState::Draft => format!("Not sent, last changed{}", on(Some(row.newest_at))),
    };
    let answers = counted(usize::try_from(row.answers).unwrap_or_default(), "answer");
    Item::new(row.reference.to_lowercase(), format!("{} ({})", row.name, row.reference))
        .hint(format!("{state}, question set {}, {answers}", row.question_set))
}

/// Two products, and the section of both.
struct Both<'a> {
    me: &'a SignedIn,
    product: &'a Product,
    sibling: &'a Sibling,
    section: Section,
}

impl<'a> Both<'a> {
    fn rows(&self) -> Result<Vec<Row<'a>>, Error> {
        let rules = &self.me.app.rules;
        let mine = self.product.given(rules.catalogue(self.product.question_set)?, self.me.today());
        let theirs = self.sibling.given(rules.catalogue(self.sibling.question_set)?, self.me.today());
        Ok(compare(&mine, &theirs, self.section))
    }

    fn page(&self, rows: &[Row<'_>], ticked: &BTreeSet<String>) -> Result<ComparePage, Error> {
        let (product, sibling) = (self.product, self.sibling);
        let text = texts(self.me.app.rules.catalogue(product.question_set)?, self.section)?;
        let back = format!("{}/sections/{}", product.address(), self.section);
        Ok(ComparePage {
            frame: self.me.frame(format!("Copy answers from {} – {}", sibling.facts.name, product.facts.name)),
            action: format!("{back}/copy"),
            has_others: false,
            back,
            caption: format!("{} – {}", product.facts.name, text.title),
            from: sibling.reference.to_lowercase(),
            name: sibling.facts.name.clone(),
            lines: lines(product, sibling, rows, ticked),
            is_conflict: false,
        })
    }
}

async fn side_by_side(me: &SignedIn, product: &Product, section: Section, query: &CopyQuery) -> Result<HttpResponse, Error> {
    let sibling = me.visible().sibling(product, &query.from).await?;
    let both = Both { me, product, sibling: &sibling, section };
    let rows = both.rows()?;
    let ticked = if query.about == "organisation" {
        let offers = offer::of_section(me, product, section).await?;
        let from_there = offers.into_iter().filter(|o| o.from.eq_ignore_ascii_case(&sibling.reference));
        from_there.flat_map(|o| o.lines).map(|line| line.key).collect()
    } else {
        rows.iter().filter(|r| r.is_proposed).map(|r| r.question.key.clone()).collect()
    };
    let mut template = both.page(&rows, &ticked)?;
    let others = me.visible().count_answered_elsewhere(product, &me.app.rules.copied(section), 2).await?;
    template.has_others = others > 1;
    ok(&template)
}

/// Copies the answers that are ticked.
pub async fn copy(me: SignedIn, path: Path<(String, Section)>, fields: Fields) -> Result<HttpResponse, Error> {
    let (reference, section) = path.into_inner();
    let product = me.visible().product(&reference).await?;
    let setting = me.app.rules.setting(&product, me.now)?;
    decide::offer(&setting, &me.actor, &product, section, SectionAct::Answer)?;
    if !fields.has("from") {
        return Ok(see_other(&format!("{}/sections/{section}/copy", product.address())));
    }
    let sibling = me.visible().sibling(&product, fields.raw("from")).await?;
    let both = Both { me: &me, product: &product, sibling: &sibling, section };
    let rows = both.rows()?;
    let ticked: BTreeSet<String> = fields.all("take").iter().cloned().collect();
    let outdated = outdated(&rows, &ticked, &fields);
    if !outdated.is_empty() {
        return conflict(&both, &ticked, &outdated);
    }
    let number = counted(ticked.len(), "answer");
    if !ticked.is_empty() && ticked.iter().all(|key| rows.iter().any(|r| r.question.key == *key && r.fit == Fit::Same)) {
        // A second press finds what the first one copied.
        return done(&me, &product, (section, fields.raw("page")), (&number, &sibling.facts.name));
    }
    let mine = product.given(setting.catalogue, me.today());
    let (chosen, problems) = match with_what_shows_them(&mine, &rows, &ticked) {
        Ok(chosen) if chosen.is_empty() => (chosen, nothing_chosen(&rows)),
        Ok(chosen) => (chosen, Problems::default()),
        Err(held) => (Vec::new(), held_back(&held)),
    };
    if !problems.is_empty() {
        let mut page = both.page(&rows, &ticked)?;
        for line in &mut page.lines.open {
            problems.of(&format!("take-{}", line.key)).clone_into(&mut line.error);
        }
        page.frame.problems = problems.0;
        return unprocessable(&page);
    }
    let entries: Vec<Entry> = chosen.iter().filter_map(|row| entry(&product, row, &fields)).collect();
    let number = counted(entries.len(), "answer");
    let command = Command::Section(section, SectionCommand::Copy(sibling.origin(), entries));
    match me.act(&reference, &command).await {
        Ok(after) => done(&me, &after, (section, fields.raw("page")), (&number, &sibling.facts.name)),
        Err(Error::Refused(Refusal::Outdated(keys))) => {
            let product = me.visible().product(&reference).await?;
            conflict(&Both { product: &product, ..both }, &ticked, &keys)
        }
        Err(error) => Err(error),
    }
}

/// The ticked questions whose answer there is not the one that was looked at.
fn outdated(rows: &[Row<'_>], ticked: &BTreeSet<String>, fields: &Fields) -> Vec<String> {
    let seen = |key: &str| fields.raw(&format!("theirs-{key}")).parse::<u32>().ok();
    let is_same = |key: &&String| {
        let row = rows.iter().find(|r| r.question.key == **key && r.theirs.is_some());
        row.is_some_and(|r| r.theirs.map(|a| a.edition) == seen(key))
    };
    ticked.iter().filter(|key| !is_same(key)).cloned().collect()
}

fn conflict(both: &Both<'_>, ticked: &BTreeSet<String>, keys: &[String]) -> Result<HttpResponse, Error> {
    let mut template = both.page(&both.rows()?, ticked)?;
    template.is_conflict = true;
    for line in template.lines.open.iter_mut().filter(|line| keys.contains(&line.key)) {
        line.marks.insert(0, ("Changed just now", "red"));
        line.is_ticked = false;
    }
    page(StatusCode::CONFLICT, &template)
}

fn nothing_chosen(rows: &[Row<'_>]) -> Problems {
    let first = rows.iter().find(|r| r.can_be_taken()).map_or("", |r| r.question.key.as_str());
    let mut problems = Problems::default();
    problems.add(&format!("take-{first}"), "Select at least one answer to copy");
    problems
}

fn held_back(held: &[(&crate::domain::catalogue::Question, &crate::domain::catalogue::Question)]) -> Problems {
    let mut problems = Problems::default();
    for (question, door) in held {
        let sentence = format!("Select {} as well: {} is only asked with that answer", door.name, question.name);
        problems.add(&format!("take-{}", question.key), sentence);
    }
    problems
}

fn entry(product: &Product, row: &Row<'_>, fields: &Fields) -> Option<Entry> {
    let key = &row.question.key;
    Some(Entry {
        question: key.clone(),
        edition: fields.raw(&format!("mine-{key}")).parse().unwrap_or(0),
        value: Some(carried(row.value.clone()?, || FileId(new_id()))),
        remark: product.answers.get(key).map(|a| a.remark.clone()).unwrap_or_default(),
    })
}

fn done(me: &SignedIn, after: &Product, (section, page): (Section, &str), told: (&str, &str)) -> Result<HttpResponse, Error> {
    let (number, from) = told;
    let flash = Flash {
        title: format!("You’ve copied {number} from {from}"),
        text: format!("Check that they are true for {}. You can change them until you send the section.", after.facts.name),
        link: None,
    };
    let address =
        if page.is_empty() { format!("{}/sections/{section}", after.address()) } else { next_page(me, after, (section, page))? };
    Ok(see_other_with(me, &address, &flash))
}
