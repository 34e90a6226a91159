//! Everything that was answered about a product, on one page to be printed and as a PDF.

use chrono::NaiveDate;

use super::flow::Flow;
use super::page::{About, BLUE, Column, DEEP, GREY, HEIGHT, INK, Meaning, Paper, Role, WIDTH};
use super::paint;
use super::text::{Style, Weight, line, or_not_given};

/// What is said where an answer is missing.
pub const UNANSWERED: &str = "Not answered yet";

/// Everything that was answered about a product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Reference of the product, like `C2A-1042`.
    pub reference: String,
    /// Name of the product.
    pub product: String,
    /// Supplier.
    pub organisation: String,
    /// The day on which it was made.
    pub made_on: NaiveDate,
    /// Details of the product, then its sections.
    pub parts: Vec<Part>,
}

/// A section, or the details of the product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Heading.
    pub title: String,
    /// Where it stands, such as "Accepted, round 2".
    pub state: String,
    /// What the assurance team told about the whole of it: heading and words.
    pub told: Vec<(String, String)>,
    /// Its groups of questions.
    pub groups: Vec<Group>,
}

/// Questions that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Heading; empty where the part has only one.
    pub title: String,
    /// The questions.
    pub rows: Vec<Row>,
}

/// A question with its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The question.
    pub question: String,
    /// Paragraphs of the answer, and the names of its files; none when it is not answered.
    pub answer: Vec<String>,
    /// What else was said about it: heading and words.
    pub said: Vec<(String, String)>,
}

const LEFT: f32 = 62.0;
const ACROSS: f32 = WIDTH - 2.0 * LEFT;

/// Between which heights a page is written.
const BOUNDS: (f32, f32) = (76.0, HEIGHT - 70.0);

const ALL: Column = Column { left: LEFT, width: ACROSS, leading: 1.35, centred: false };
/// What was said about an answer stands further in.
const SAID: Column = Column { left: LEFT + 14.0, width: ACROSS - 14.0, ..ALL };

const BODY: Style = Style::new(Weight::Regular, 10.5, INK);
const STRONG: Style = Style::new(Weight::Bold, 10.5, INK);
const LESSER: Style = Style::new(Weight::Regular, 10.5, GREY);
const SMALL: Style = Style::new(Weight::Regular, 8.5, GREY);
const PART: Style = Style::new(Weight::Bold, 17.0, DEEP);
const GROUP: Style = Style::new(Weight::Bold, 12.5, DEEP);

fn day(date: NaiveDate) -> String {
    date.format("%-d %B %Y").to_string()
}

/// The record as a PDF, each section on pages of its own.
pub fn pdf(record: &Record) -> anyhow::Result<Vec<u8>> {
    let title = format!("{}, {}", record.product, record.reference);
    let mut paper = Paper::new(About {
        title: title.clone(),
        subject: format!("Answers of {} about {}", record.organisation, record.product),
        keywords: vec![record.reference.clone()],
        issued_on: record.made_on,
    });
    let dress = |paper: &mut Paper| header(paper, &title, record.made_on);
    let mut flow = Flow::new(&mut paper, BOUNDS, &dress)?;
    flow.heading(1, Column { leading: 1.2, ..ALL }, Style::new(Weight::Bold, 24.0, DEEP), or_not_given(&record.product))?;
    flow.space(4.0);
    let whose = format!("{}, product {}", record.organisation, record.reference);
    flow.part(Role::Paragraph, ALL, Style::new(Weight::Regular, 12.0, BLUE), &whose)?;
    for (number, part) in record.parts.iter().enumerate() {
        if number == 0 {
            flow.space(22.0);
        } else {
            flow.turn()?;
        }
        write(&mut flow, part)?;
    }
    paper.number(Column { centred: true, ..ALL }, HEIGHT - 40.0, SMALL)?;
    paint::pdf(&paper)
}

/// What stands at the top of every page.
fn header(paper: &mut Paper, title: &str, made_on: NaiveDate) -> anyhow::Result<()> {
    let y = 46.0;
    let made = day(made_on);
    let right = line(SMALL, &made)?.width;
    let mut short: String = title.chars().take(90).collect();
    if short.len() < title.len() {
        short.push('…');
    }
    paper.running(Meaning::Header, ALL, y, (SMALL, &short))?;
    paper.running(Meaning::Header, Column { left: LEFT + ACROSS - right, ..ALL }, y, (SMALL, &made))
}

fn write(flow: &mut Flow<'_>, part: &Part) -> anyhow::Result<()> {
    flow.heading(2, ALL, PART, or_not_given(&part.title))?;
    if !part.state.is_empty() {
        flow.space(3.0);
        flow.part(Role::Paragraph, ALL, LESSER, &part.state)?;
    }
    for (heading, words) in &part.told {
        said(flow, heading, words)?;
    }
    for group in &part.groups {
        if !group.title.is_empty() {
            flow.space(18.0);
            flow.heading(3, ALL, GROUP, &group.title)?;
        }
        for row in &group.rows {
            answered(flow, row)?;
        }
    }
    Ok(())
}

/// A question is never alone at the end of a page.
fn answered(flow: &mut Flow<'_>, row: &Row) -> anyhow::Result<()> {
    flow.space(10.0);
    flow.need(BODY.size * ALL.leading * 3.0)?;
    flow.part(Role::Paragraph, ALL, STRONG, or_not_given(&row.question))?;
    flow.space(2.0);
    if row.answer.iter().all(|text| text.trim().is_empty()) {
        flow.part(Role::Paragraph, ALL, LESSER, UNANSWERED)?;
    }
    for text in &row.answer {
        paragraphs(flow, ALL, text)?;
    }
    for (heading, words) in &row.said {
        said(flow, heading, words)?;
    }
    Ok(())
}

fn said(flow: &mut Flow<'_>, heading: &str, words: &str) -> anyhow::Result<()> {
    flow.space(6.0);
    flow.need(BODY.size * SAID.leading * 2.0)?;
    flow.part(Role::Paragraph, SAID, Style::new(Weight::Bold, 9.5, GREY), heading)?;
    paragraphs(flow, SAID, words)
}

/// Every line that was typed is a paragraph; empty ones are left out.
fn paragraphs(flow: &mut Flow<'_>, column: Column, text: &str) -> anyhow::Result<()> {
    for typed in text.lines().filter(|l| !l.trim().is_empty()) {
        flow.part(Role::Paragraph, column, BODY, or_not_given(typed))?;
    }
    Ok(())
}
