//! Turns pages of marks into a PDF that follows PDF/UA-1 (ISO 14289-1) and PDF/A-2a (ISO 19005-2).

use std::num::NonZeroU16;

use anyhow::{Context, anyhow};
use chrono::Datelike;
use krilla::action::{Action, LinkAction};
use krilla::annotation::{Annotation, LinkAnnotation, Target};
use krilla::color::rgb;
use krilla::configure::{Accessibility, Archival, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::geom::{Point, Rect};
use krilla::metadata::{DateTime, Metadata};
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;
use krilla::tagging::{
    Artifact, ArtifactType, BBox, ContentTag, Identifier, ListNumbering, Node, SpanTag, TableHeaderScope, Tag, TagGroup, TagKind,
    TagTree,
};
use krilla::{Document, SerializeSettings};

use super::page::{About, Child, Colour, HEIGHT, Ink, Link, Meaning, Page, Paper, Role, WIDTH};

/// The language of every paper (BCP 47).
const LANGUAGE: &str = "en-GB";

/// The identifiers of a page's marks and links, taken out as they are put into the structure.
struct Painted {
    marks: Vec<Option<Identifier>>,
    links: Vec<Option<Identifier>>,
}

/// The PDF of a paper.
pub fn pdf(paper: &Paper) -> anyhow::Result<Vec<u8>> {
    let configuration = ConfigurationBuilder::new()
        .with_accessibility_validator(Accessibility::UA1)
        .with_archival_validator(Archival::A2_A)
        .finish()
        .map_err(|e| anyhow!("The two standards for PDF exclude each other: {e:?}"))?;
    let mut document = Document::new_with(SerializeSettings { configuration, ..SerializeSettings::default() });
    document.set_metadata(metadata(&paper.about));
    let mut painted = Vec::new();
    for page in &paper.pages {
        painted.push(paint(&mut document, page)?);
    }
    let mut tree = TagTree::new().with_lang(Some(LANGUAGE.to_owned()));
    for part in &paper.top {
        tree.push(group(paper, *part, &mut painted)?);
    }
    document.set_tag_tree(tree);
    let mut outline = Outline::new();
    for (text, page, y) in &paper.outline {
        outline.push_child(OutlineNode::new(text.clone(), XyzDestination::new(*page, Point::from_xy(0.0, *y))));
    }
    document.set_outline(outline);
    document.finish().map_err(|e| anyhow!("The PDF was not written: {e:?}"))
}

fn metadata(about: &About) -> Metadata {
    let day = about.issued_on;
    let small = |number: u32| u8::try_from(number).unwrap_or(1);
    let date = DateTime::new(u16::try_from(day.year()).unwrap_or_default()).month(small(day.month())).day(small(day.day()));
    let date = date.hour(0).minute(0).second(0).utc_offset_hour(0).utc_offset_minute(0);
    Metadata::new()
        .title(about.title.clone())
        .description(about.subject.clone())
        .keywords(about.keywords.clone())
        .language(LANGUAGE.to_owned())
        .creator("Assured".to_owned())
        .creation_date(date)
        .document_id(about.title.clone())
}

fn paint(document: &mut Document, page: &Page) -> anyhow::Result<Painted> {
    let settings = PageSettings::from_wh(WIDTH, HEIGHT).context("A4 is no size for a page")?;
    let mut sheet = document.start_page_with(settings);
    let mut surface = sheet.surface();
    let mut marks = Vec::new();
    for (meaning, inks) in &page.marks {
        let identifier = surface.start_tagged(content_tag(*meaning));
        for ink in inks {
            draw(&mut surface, ink);
        }
        surface.end_tagged();
        marks.push(Some(identifier));
    }
    surface.finish();
    let links = page.links.iter().map(|link| Some(sheet.add_tagged_annotation(annotation(link)))).collect();
    sheet.finish();
    Ok(Painted { marks, links })
}

fn content_tag(meaning: Meaning) -> ContentTag<'static> {
    let artifact = |kind| ContentTag::Artifact(Artifact { kind, bbox: None });
    match meaning {
        Meaning::Content => ContentTag::Span(SpanTag { lang: None, alt_text: None, expanded: None, actual_text: None }),
        Meaning::Ornament => artifact(ArtifactType::Layout),
        Meaning::Header => artifact(ArtifactType::Header),
        Meaning::Footer => artifact(ArtifactType::Footer),
    }
}

fn draw(surface: &mut Surface<'_>, ink: &Ink) {
    match ink {
        Ink::Text { x, y, style, line } => {
            surface.set_stroke(None);
            surface.set_fill(Some(fill(style.colour)));
            surface.draw_glyphs(Point::from_xy(*x, *y), &line.glyphs, line.font.clone(), &line.text, style.size, false);
        }
        Ink::Fill(path, colour) => {
            surface.set_stroke(None);
            surface.set_fill(Some(fill(*colour)));
            surface.draw_path(path);
        }
        Ink::Stroke(path, colour, width) => {
            surface.set_fill(None);
            surface.set_stroke(Some(Stroke { paint: rgb(*colour).into(), width: *width, ..Stroke::default() }));
            surface.draw_path(path);
        }
    }
}

fn rgb(colour: Colour) -> rgb::Color {
    rgb::Color::new(colour.0, colour.1, colour.2)
}

fn fill(colour: Colour) -> Fill {
    Fill { paint: rgb(colour).into(), ..Fill::default() }
}

fn annotation(link: &Link) -> Annotation {
    let target = Target::Action(Action::Link(LinkAction::new(link.address.clone())));
    Annotation::new_link(LinkAnnotation::new(link.area, target), Some(link.alt.clone()))
}

/// A part with everything in it. Each identifier is used once, as the format demands.
fn group(paper: &Paper, place: usize, painted: &mut [Painted]) -> anyhow::Result<TagGroup> {
    let part = paper.parts.get(place).context("A part of the structure is missing")?;
    let mut group = TagGroup::new(kind(&part.role, first_page(&part.children))?);
    for child in &part.children {
        let node: Node = match child {
            Child::Part(inner) => self::group(paper, *inner, painted)?.into(),
            Child::Mark(page, mark) => take(painted, *page, *mark, |p| &mut p.marks)?.into(),
            Child::Link(page, link) => take(painted, *page, *link, |p| &mut p.links)?.into(),
        };
        group.push(node);
    }
    Ok(group)
}

fn first_page(children: &[Child]) -> usize {
    let pages = children.iter().filter_map(|child| match child {
        Child::Part(_) => None,
        Child::Mark(page, _) | Child::Link(page, _) => Some(*page),
    });
    pages.min().unwrap_or_default()
}

fn take(
    painted: &mut [Painted],
    page: usize,
    place: usize,
    of: impl Fn(&mut Painted) -> &mut Vec<Option<Identifier>>,
) -> anyhow::Result<Identifier> {
    let slot = painted.get_mut(page).and_then(|p| of(p).get_mut(place));
    slot.and_then(Option::take).context("A mark is in the structure twice or not at all")
}

fn kind(role: &Role, page: usize) -> anyhow::Result<TagKind> {
    Ok(match role {
        Role::Heading(level, title) => {
            let level = NonZeroU16::new(*level).context("Headings are counted from 1")?;
            Tag::Hn(level, Some(title.clone())).into()
        }
        Role::Paragraph => Tag::P.into(),
        Role::Figure(alt, area) => Tag::Figure(Some(alt.clone())).with_bbox(Some(bounds(page, *area))).into(),
        Role::Link => Tag::Link.into(),
        Role::Table => Tag::Table.into(),
        Role::Row => Tag::TR.into(),
        Role::Label => Tag::TH(TableHeaderScope::Row).into(),
        Role::Value => Tag::TD.into(),
        Role::List => Tag::L(ListNumbering::Decimal).into(),
        Role::Item => Tag::LI.into(),
        Role::Number => Tag::Lbl.into(),
        Role::Body => Tag::LBody.into(),
    })
}

fn bounds(page: usize, area: Rect) -> BBox {
    BBox::new(page, area)
}
