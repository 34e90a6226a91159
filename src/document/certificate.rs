//! The solution assurance certificate: what it says, and its PDF.

use anyhow::bail;
use chrono::NaiveDate;
use krilla::geom::{PathBuilder, Rect};

use super::flow::Flow;
use super::ornament::{INNER, border, diamond, seal};
use super::page::{About, BLUE, Column, DEEP, GREY, HEIGHT, INK, Ink, Link, Meaning, PALE, Paper, Role, WIDTH, rule};
use super::paint;
use super::qr;
use super::text::{Style, Weight, or_not_given, wrap};
use crate::domain::certificate::Content;

/// The service that issues it.
const SERVICE: &str = "Get your CIS2 software assured";

/// What the paper is.
const TITLE: &str = "Solution assurance certificate";

/// The bytes that are signed: JSON in UTF-8 without spaces, the fields in the order in which [`Content`] has them, so that
/// the same certificate always gives the same bytes.
pub fn json(certificate: &Content) -> anyhow::Result<Vec<u8>> {
    Ok(serde_json::to_vec(certificate)?)
}

/// The inner edge of what is written, in points from the side of the paper.
const LEFT: f32 = 76.0;

/// Width of what is written.
const ACROSS: f32 = WIDTH - 2.0 * LEFT;

/// The facts must end above this height; below it are the code, the number and the seal.
const FACTS_END: f32 = 654.0;

/// Width of the labels of the facts.
const LABELS: f32 = 132.0;

/// How the first page is laid out.
#[derive(Clone, Copy)]
struct Layout {
    /// Sizes are multiplied by it.
    scale: f32,
    /// Space added between the parts, in points.
    air: f32,
    /// Long texts go to the second page.
    overleaf: bool,
}

/// Tried in order until everything fits.
const LAYOUTS: [Layout; 7] = [
    Layout { scale: 1.05, air: 0.0, overleaf: false },
    Layout { scale: 1.0, air: 0.0, overleaf: false },
    Layout { scale: 0.92, air: 0.0, overleaf: false },
    Layout { scale: 1.0, air: 0.0, overleaf: true },
    Layout { scale: 0.9, air: 0.0, overleaf: true },
    Layout { scale: 0.78, air: 0.0, overleaf: true },
    Layout { scale: 0.66, air: 0.0, overleaf: true },
];

/// Gaps that share the space that is left.
const GAPS: f32 = 5.0;

/// The certificate as a PDF: one A4 page, and more when its scope or conditions are long.
pub fn pdf(certificate: &Content) -> anyhow::Result<Vec<u8>> {
    paint::pdf(&paper(certificate)?)
}

fn paper(certificate: &Content) -> anyhow::Result<Paper> {
    for layout in LAYOUTS {
        let (_, bottom) = front(certificate, layout)?;
        if bottom <= FACTS_END {
            let air = ((FACTS_END - bottom) / GAPS).min(21.0);
            let (mut paper, _) = front(certificate, Layout { air, ..layout })?;
            foot(&mut paper, certificate)?;
            if layout.overleaf {
                overleaf(&mut paper, certificate)?;
            }
            return Ok(paper);
        }
    }
    bail!("The names on certificate {} are too long for a page", certificate.number)
}

const fn column(left: f32, width: f32) -> Column {
    Column { left, width, leading: 1.3, centred: false }
}

const MIDDLE: Column = Column { left: LEFT, width: ACROSS, leading: 1.22, centred: true };

fn day(date: NaiveDate) -> String {
    date.format("%-d %B %Y").to_string()
}

/// The first page without its foot, and the height at which it ends.
fn front(certificate: &Content, layout: Layout) -> anyhow::Result<(Paper, f32)> {
    let Layout { scale, air, .. } = layout;
    let mut paper = Paper::new(About {
        title: format!("{TITLE} {}", certificate.number),
        subject: format!("{} {}, {}", certificate.product, certificate.version, certificate.organisation),
        keywords: vec![certificate.number.clone(), certificate.reference.clone()],
        issued_on: certificate.issued_on,
    });
    paper.mark(Meaning::Ornament, border());
    let grey = Style::new(Weight::Regular, 11.0 * scale, GREY);
    let mut y = 80.0 + air * 0.6;
    y = paper.paragraph(MIDDLE, y, Style::new(Weight::Bold, 10.5 * scale, BLUE).spaced(0.5), SERVICE)?;
    y = paper.heading(1, MIDDLE, y + 5.0 * scale, (Style::new(Weight::Bold, 28.0 * scale, DEEP), TITLE))?;
    y += 19.0 * scale;
    paper.mark(Meaning::Ornament, divider(y));
    y = paper.paragraph(MIDDLE, y + 12.0 * scale + air, grey, "This is to certify that")?;
    y = paper.paragraph(MIDDLE, y + 6.0 * scale, Style::new(Weight::Bold, 23.0 * scale, INK), &certificate.product)?;
    let version = format!("version {}", certificate.version);
    y = paper.paragraph(MIDDLE, y + 3.0 * scale, Style::new(Weight::Regular, 13.0 * scale, INK), &version)?;
    y = paper.paragraph(MIDDLE, y + 7.0 * scale + air, grey, "supplied by")?;
    y = paper.paragraph(MIDDLE, y + 5.0 * scale, Style::new(Weight::Bold, 16.0 * scale, INK), &certificate.organisation)?;
    let code = format!("ODS code {}", certificate.ods_code);
    y = paper.paragraph(MIDDLE, y + 2.0 * scale, grey, &code)?;
    let met = "has met the requirements of solution assurance for NHS CIS2 Authentication.";
    y = paper.paragraph(MIDDLE, y + 7.0 * scale + air, Style::new(Weight::Regular, 11.5 * scale, INK), met)?;
    let bottom = facts(&mut paper, y + 13.0 * scale + air, scale, &rows(certificate, layout.overleaf))?;
    Ok((paper, bottom))
}

/// A thin line with a diamond in its middle.
fn divider(y: f32) -> Vec<Ink> {
    let middle = WIDTH / 2.0;
    let arm = |from: f32, to: f32| rule((middle + from, y), (middle + to, y)).map(|path| Ink::Stroke(path, BLUE, 0.8));
    [arm(-110.0, -9.0), arm(9.0, 110.0), diamond((middle, y), 3.4).map(|path| Ink::Fill(path, DEEP))]
        .into_iter()
        .flatten()
        .collect()
}

/// The facts, label and value.
fn rows(certificate: &Content, overleaf: bool) -> Vec<(&'static str, String)> {
    let many = certificate.conditions.len();
    let conditions = match many {
        0 => "None".to_owned(),
        1 if overleaf => "1 observation to be dealt with, on page 2".to_owned(),
        _ if overleaf => format!("{many} observations to be dealt with, on page 2"),
        1 => certificate.conditions.concat(),
        _ => {
            certificate.conditions.iter().enumerate().map(|(at, text)| format!("({}) {text}", at + 1)).collect::<Vec<_>>().join(" ")
        }
    };
    let logout = if certificate.back_channel_logout { "Used, and tested" } else { "Not used" };
    let scope = if overleaf { "On page 2".to_owned() } else { certificate.scope.clone() };
    let mut rows = vec![
        ("Scope", scope),
        ("Assurance level", certificate.assurance_level.clone()),
        ("Authenticator tested", certificate.authenticator.clone()),
        ("Back-channel logout", logout.to_owned()),
        ("Conditions", conditions),
        ("Tested", format!("{} by {}", day(certificate.tested_on), names(&certificate.assessors))),
        ("Issued", format!("{} by {}", day(certificate.issued_on), certificate.issued_by)),
        ("Product reference", format!("{}, question set {}", certificate.reference, certificate.question_set)),
    ];
    if let Some(earlier) = &certificate.replaces {
        rows.push(("Replaces", format!("Certificate {earlier}")));
    }
    rows
}

fn names(people: &[String]) -> String {
    match people.split_last() {
        None => "the assurance team".to_owned(),
        Some((one, [])) => one.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
    }
}

/// A fact of more bytes than this is a sentence.
const SENTENCE: usize = 72;

/// Draws the facts as a table; gives the height at which it ends.
fn facts(paper: &mut Paper, top: f32, scale: f32, rows: &[(&'static str, String)]) -> anyhow::Result<f32> {
    let label = Style::new(Weight::Regular, 10.0 * scale, GREY);
    let (short, long) = (Style::new(Weight::Bold, 10.0 * scale, INK), Style::new(Weight::Regular, 10.0 * scale, INK));
    let across = |y| rule((LEFT, y), (LEFT + ACROSS, y)).map(|path| Ink::Stroke(path, PALE, 0.7)).into_iter().collect();
    let mut y = top;
    paper.mark(Meaning::Ornament, across(y));
    paper.open(Role::Table);
    for (name, text) in rows {
        paper.open(Role::Row);
        paper.open(Role::Label);
        paper.lines(column(LEFT, LABELS), y + 3.4 * scale, label, name)?;
        paper.close();
        paper.open(Role::Value);
        let text = or_not_given(text);
        // Bold is for what is looked for; sentences are read.
        let value = if text.len() > SENTENCE { long } else { short };
        let last = paper.lines(column(LEFT + LABELS, ACROSS - LABELS), y + 3.4 * scale, value, text)?;
        paper.close();
        paper.close();
        y = last + 6.6 * scale;
        paper.mark(Meaning::Ornament, across(y));
    }
    paper.close();
    Ok(y)
}

/// Size of the code on paper, in points: 32 mm, which a telephone reads at arm's length.
const CODE: f32 = 90.0;

/// The code, the number, how to check it, and the seal.
fn foot(paper: &mut Paper, certificate: &Content) -> anyhow::Result<()> {
    let top = FACTS_END + 19.0;
    code(paper, top, &certificate.address)?;
    let radius = 35.0;
    paper.mark(Meaning::Ornament, seal((LEFT + ACROSS - radius - 2.0, top + CODE / 2.0), radius));
    let text = column(LEFT + CODE + 17.0, ACROSS - CODE - 17.0 - 2.0 * radius - 16.0);
    let small = Style::new(Weight::Regular, 8.8, GREY);
    let mut y = paper.paragraph(text, top - 2.0, small, "Certificate number")?;
    y = paper.paragraph(text, y + 1.0, Style::new(Weight::Bold, 13.2, DEEP).spaced(0.3), &certificate.number)?;
    y = paper.paragraph(text, y + 6.0, small, "Check it at")?;
    y = link(paper, text, y, &certificate.address)?;
    let genuine = "This certificate is genuine only if that page says so.";
    paper.paragraph(text, y + 6.0, small, genuine)?;
    Ok(())
}

fn code(paper: &mut Paper, top: f32, address: &str) -> anyhow::Result<()> {
    let modules = qr::modules(address)?;
    let unit = CODE / f32::from(u8::try_from(modules.len())?);
    let mut path = PathBuilder::new();
    for (x, y, length) in qr::runs(&modules) {
        let [x, y, length] = [x, y, length].map(|n| f32::from(u8::try_from(n).unwrap_or(u8::MAX)) * unit);
        if let Some(run) = Rect::from_xywh(LEFT + x, top + y, length, unit) {
            path.push_rect(run);
        }
    }
    let Some((path, area)) = path.finish().zip(Rect::from_xywh(LEFT, top, CODE, CODE)) else {
        bail!("The QR code of {address:?} cannot be drawn");
    };
    paper.open(Role::Figure(format!("QR code with the address {address}"), area));
    paper.mark(Meaning::Content, vec![Ink::Fill(path, INK)]);
    paper.close();
    Ok(())
}

/// An address that can be pressed; gives the height of its last baseline.
fn link(paper: &mut Paper, text: Column, top: f32, address: &str) -> anyhow::Result<f32> {
    let style = Style::new(Weight::Regular, 8.8, BLUE);
    let lines = wrap(style, address, text.width)?.len();
    let height = f32::from(u16::try_from(lines)?) * style.size * text.leading;
    paper.open(Role::Paragraph);
    paper.open(Role::Link);
    if let Some(area) = Rect::from_xywh(text.left, top + 2.0, text.width, height) {
        paper.link(Link { area, address: address.to_owned(), alt: "The public page of this certificate".to_owned() });
    }
    let y = paper.lines(text, top, style, address)?;
    paper.close();
    paper.close();
    Ok(y)
}

/// Between which heights the further pages are written.
const FURTHER: (f32, f32) = (96.0, HEIGHT - INNER - 46.0);

/// Scope and conditions in full, on as many pages as they need.
fn overleaf(paper: &mut Paper, certificate: &Content) -> anyhow::Result<()> {
    let heading = Style::new(Weight::Bold, 15.0, DEEP);
    let body = Style::new(Weight::Regular, 10.5, INK);
    let all = Column { leading: 1.36, ..column(LEFT, ACROSS) };
    let (numbers, texts) = (Column { width: 24.0, ..all }, Column { left: LEFT + 24.0, width: ACROSS - 24.0, ..all });
    let small = Style::new(Weight::Regular, 9.0, GREY);
    let told = format!("{TITLE} {}", certificate.number);
    let dress = |paper: &mut Paper| {
        paper.mark(Meaning::Ornament, border());
        paper.running(Meaning::Header, MIDDLE, 80.0, (small, &told))
    };
    paper.turn();
    let mut flow = Flow::new(paper, FURTHER, &dress)?;
    flow.heading(2, all, heading, "Scope")?;
    flow.space(4.0);
    flow.part(Role::Paragraph, all, body, &certificate.scope)?;
    if !certificate.conditions.is_empty() {
        flow.space(22.0);
        flow.heading(2, all, heading, "Conditions")?;
        flow.space(4.0);
        let told = "Observations of the test that did not stand against assurance, and are to be dealt with:";
        flow.part(Role::Paragraph, all, body, told)?;
        flow.paper.open(Role::List);
        for (at, condition) in certificate.conditions.iter().enumerate() {
            flow.space(6.0);
            flow.paper.open(Role::Item);
            let number = format!("{}.", at + 1);
            flow.beside((Role::Number, numbers, body, &number), (Role::Body, texts, body, condition))?;
            flow.paper.close();
        }
        flow.paper.close();
    }
    paper.number(MIDDLE, HEIGHT - INNER - 14.0, Style::new(Weight::Regular, 8.5, GREY))
}
