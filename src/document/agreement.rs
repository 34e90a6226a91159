//! A Connection Agreement to be signed, as a PDF made from versioned terms and the facts of one product.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::flow::Flow;
use super::page::{About, BLUE, Colour, Column, DEEP, GREY, HEIGHT, INK, Ink, Meaning, PALE, Paper, Role, WIDTH, rectangle, rule};
use super::paint;
use super::text::{Style, Weight, line, or_not_given};

/// What an agreement says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct AgreementPaper {
    /// What it is called, like `Connection Agreement`.
    pub title: String,
    /// Version of its terms, like `2026-1 sample`.
    pub terms_version: String,
    /// Whether the terms are a sample text: every page then says so.
    pub is_sample: bool,
    /// The product's reference in the service, like `C2A-1042`.
    pub reference: String,
    /// Name of the product.
    pub product: String,
    /// Legal name of the organisation that signs.
    pub organisation: String,
    /// The day of issue.
    pub issued_on: NaiveDate,
    /// Facts about the parties, label and value, in the order in which they stand.
    pub parties: Vec<(String, String)>,
    /// The terms: headings and paragraphs, each beginning with its number and a space, such as `2.1` or `A1`.
    pub clauses: Vec<(String, Vec<String>)>,
    /// Name of the officer who signs.
    pub signatory_name: String,
    /// The office that the signatory holds.
    pub signatory_title: String,
}

/// Words that stand on every page, by which a signed copy is recognised as this agreement.
#[must_use]
pub fn fingerprint(paper: &AgreementPaper) -> String {
    format!("{}, terms {}", paper.reference, paper.terms_version)
}

const LEFT: f32 = 68.0;

const ACROSS: f32 = WIDTH - 2.0 * LEFT;

/// Between which heights a page is written.
const BOUNDS: (f32, f32) = (82.0, HEIGHT - 74.0);

const ALL: Column = Column { left: LEFT, width: ACROSS, leading: 1.4, centred: false };

/// Width of labels, and of the numbers before paragraphs.
const LABELS: f32 = 150.0;
const NUMBERS: f32 = 34.0;

const BODY: Style = Style::new(Weight::Regular, 10.5, INK);
const STRONG: Style = Style::new(Weight::Bold, 10.5, INK);
const HEADING: Style = Style::new(Weight::Bold, 13.0, DEEP);
const SMALL: Style = Style::new(Weight::Regular, 8.5, GREY);

/// Behind the words that say that the terms are a sample.
const SAMPLE: Colour = Colour(0xff, 0xf4, 0xd1);

const SAMPLE_TERMS: &str = "Sample terms";

/// The part of a column that begins at a distance from its left edge.
const fn from(column: Column, distance: f32) -> Column {
    Column { left: column.left + distance, width: column.width - distance, ..column }
}

fn day(date: NaiveDate) -> String {
    date.format("%-d %B %Y").to_string()
}

/// The agreement as a PDF, with a place for the signature at its end.
pub fn pdf(agreement: &AgreementPaper) -> anyhow::Result<Vec<u8>> {
    let mut paper = Paper::new(About {
        title: format!("{}, {}", agreement.title, agreement.reference),
        subject: format!("{}, {}", agreement.product, agreement.organisation),
        keywords: vec![fingerprint(agreement)],
        issued_on: agreement.issued_on,
    });
    let dress = |paper: &mut Paper| header(paper, agreement);
    let mut flow = Flow::new(&mut paper, BOUNDS, &dress)?;
    opening(&mut flow, agreement)?;
    for (heading, paragraphs) in &agreement.clauses {
        clause(&mut flow, heading, paragraphs)?;
    }
    signature(&mut flow, agreement)?;
    paper.number(Column { centred: true, ..ALL }, HEIGHT - 42.0, SMALL)?;
    paint::pdf(&paper)
}

/// What stands at the top of every page.
fn header(paper: &mut Paper, agreement: &AgreementPaper) -> anyhow::Result<()> {
    let y = 48.0;
    paper.running(Meaning::Header, ALL, y, (SMALL, &fingerprint(agreement)))?;
    let issued = format!("Issued {}", day(agreement.issued_on));
    let right = line(SMALL, &issued)?.width;
    paper.running(Meaning::Header, from(ALL, ACROSS - right), y, (SMALL, &issued))?;
    let across = rule((LEFT, y + 8.0), (LEFT + ACROSS, y + 8.0));
    paper.mark(Meaning::Ornament, across.map(|path| Ink::Stroke(path, PALE, 0.8)).into_iter().collect());
    if agreement.is_sample {
        let style = Style::new(Weight::Bold, 8.5, INK);
        let width = line(style, SAMPLE_TERMS)?.width;
        let left = (WIDTH - width) / 2.0;
        let ground = rectangle((left - 8.0, y - 10.0), (width + 16.0, 14.0));
        paper.mark(Meaning::Ornament, ground.map(|path| Ink::Fill(path, SAMPLE)).into_iter().collect());
        paper.running(Meaning::Header, from(ALL, left - LEFT), y, (style, SAMPLE_TERMS))?;
    }
    Ok(())
}

/// Title, version and parties.
fn opening(flow: &mut Flow<'_>, agreement: &AgreementPaper) -> anyhow::Result<()> {
    flow.heading(1, Column { leading: 1.2, ..ALL }, Style::new(Weight::Bold, 24.0, DEEP), &agreement.title)?;
    flow.space(4.0);
    let terms = format!("Terms {}, issued {}", agreement.terms_version, day(agreement.issued_on));
    flow.part(Role::Paragraph, ALL, Style::new(Weight::Regular, 11.0, BLUE), &terms)?;
    if agreement.is_sample {
        flow.space(6.0);
        let told = "These are sample terms. They show how an agreement is issued and signed, and are not the text of the \
                    Connection Agreement of the NHS.";
        flow.part(Role::Paragraph, ALL, STRONG, told)?;
    }
    flow.space(18.0);
    flow.heading(2, ALL, HEADING, "Parties and product")?;
    flow.space(6.0);
    let own = [("Organisation", &agreement.organisation), ("Product", &agreement.product), ("Reference", &agreement.reference)];
    let own = own.into_iter().map(|(label, value)| (label, value.as_str()));
    let given = agreement.parties.iter().map(|(label, value)| (label.as_str(), value.as_str()));
    flow.rule(ALL);
    flow.paper.open(Role::Table);
    for (label, value) in own.chain(given) {
        row(flow, (BODY, label), (STRONG, value), 6.0)?;
    }
    flow.paper.close();
    Ok(())
}

/// A row of a table, with room above and below its text.
fn row(flow: &mut Flow<'_>, label: (Style, &str), value: (Style, &str), room: f32) -> anyhow::Result<()> {
    // The two stand on one baseline, whatever their sizes.
    let values = Column { leading: ALL.leading * label.0.size / value.0.size, ..from(ALL, LABELS) };
    let labels = Column { width: LABELS - 12.0, ..ALL };
    flow.need(room + 24.0)?;
    flow.space(room - 3.0);
    flow.paper.open(Role::Row);
    flow.beside((Role::Label, labels, label.0, label.1), (Role::Value, values, value.0, or_not_given(value.1)))?;
    flow.paper.close();
    flow.space(6.0);
    flow.rule(ALL);
    Ok(())
}

fn clause(flow: &mut Flow<'_>, heading: &str, paragraphs: &[String]) -> anyhow::Result<()> {
    flow.space(20.0);
    flow.heading(2, ALL, HEADING, or_not_given(heading))?;
    for paragraph in paragraphs {
        flow.space(5.0);
        let (number, paragraph) = paragraph.split_once(' ').unwrap_or(("", paragraph));
        let numbers = Column { width: NUMBERS, ..ALL };
        flow.beside((Role::Paragraph, numbers, BODY, number), (Role::Paragraph, from(ALL, NUMBERS), BODY, paragraph))?;
    }
    Ok(())
}

/// Room that the place for the signature needs, so that it stays on one page.
const SIGNATURE: f32 = 330.0;

fn signature(flow: &mut Flow<'_>, agreement: &AgreementPaper) -> anyhow::Result<()> {
    flow.space(24.0);
    flow.need(SIGNATURE)?;
    flow.heading(2, ALL, HEADING, "Signature")?;
    flow.space(4.0);
    let told = format!(
        "Signed for {} by an officer of the organisation who has authority to bind it. The officer named for this is {}, {}.",
        agreement.organisation, agreement.signatory_name, agreement.signatory_title
    );
    flow.part(Role::Paragraph, ALL, BODY, &told)?;
    flow.space(10.0);
    flow.rule(ALL);
    flow.paper.open(Role::Table);
    for (label, wanted, room) in [
        ("Signature", "Sign above this line", 52.0),
        ("Name and role", "Name, and the office you hold", 34.0),
        ("Date", "Day, month and year", 34.0),
    ] {
        row(flow, (STRONG, label), (SMALL, wanted), room)?;
    }
    flow.paper.close();
    Ok(())
}
