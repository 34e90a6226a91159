//! Pages as lists of marks, each with its place in the structure that a screen reader follows.

use chrono::NaiveDate;
use krilla::geom::{Path, PathBuilder, Rect};

use super::text::{Line, Style, line, wrap};

/// Width of an A4 page in points (ISO 216: 210 mm).
pub const WIDTH: f32 = 595.276;

/// Height of an A4 page in points (ISO 216: 297 mm).
pub const HEIGHT: f32 = 841.89;

/// Red, green and blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour(pub u8, pub u8, pub u8);

/// Text that is read: contrast with white at least 4.5 to 1, as for every colour of text here (WCAG 2.2, 1.4.3).
pub const INK: Colour = Colour(0x21, 0x2b, 0x32);

/// Labels and lesser lines.
pub const GREY: Colour = Colour(0x4c, 0x62, 0x72);

/// Titles.
pub const DEEP: Colour = Colour(0x00, 0x30, 0x6e);

/// Links and ornaments.
pub const BLUE: Colour = Colour(0x00, 0x5e, 0xb8);

/// Rules between rows.
pub const PALE: Colour = Colour(0xb9, 0xcf, 0xe4);

/// What is put on a page. Lengths are points from the top left corner.
pub enum Ink {
    /// A line of text that begins at a point of its baseline.
    Text {
        /// Left end.
        x: f32,
        /// Baseline.
        y: f32,
        /// How it looks.
        style: Style,
        /// What it says.
        line: Line,
    },
    /// A filled shape.
    Fill(Path, Colour),
    /// A drawn line of some width.
    Stroke(Path, Colour, f32),
}

/// What a mark is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// Part of what the paper says.
    Content,
    /// Ornament.
    Ornament,
    /// What stands at the top of every page.
    Header,
    /// What stands at the foot of every page.
    Footer,
}

/// A part of the structure (ISO 32000-1, 14.8.4).
pub enum Role {
    /// A heading of a level from 1, with its text.
    Heading(u16, String),
    /// A paragraph.
    Paragraph,
    /// A picture with a text in its place.
    Figure(String, Rect),
    /// A link with an address.
    Link,
    /// A table of facts.
    Table,
    /// A row of a table.
    Row,
    /// The cell of a row that says what the other one holds.
    Label,
    /// The cell with the fact.
    Value,
    /// A numbered list.
    List,
    /// An item of a list.
    Item,
    /// The number of an item.
    Number,
    /// The text of an item.
    Body,
}

/// Where a child of the structure is.
pub enum Child {
    /// Another part, by its place among the parts.
    Part(usize),
    /// A mark, by page and place on it.
    Mark(usize, usize),
    /// A link, by page and place on it.
    Link(usize, usize),
}

/// A part of the structure and what is in it, in the order in which it is read.
pub struct Part {
    /// What it is.
    pub role: Role,
    /// What is in it.
    pub children: Vec<Child>,
}

/// A link: where it can be pressed, where it leads, and what that is.
pub struct Link {
    /// Where it can be pressed.
    pub area: Rect,
    /// Where it leads.
    pub address: String,
    /// What is there.
    pub alt: String,
}

/// One page.
#[derive(Default)]
pub struct Page {
    /// Marks in the order in which they are drawn.
    pub marks: Vec<(Meaning, Vec<Ink>)>,
    /// Links over them.
    pub links: Vec<Link>,
}

/// What a paper says about itself.
#[derive(Debug, Clone)]
pub struct About {
    /// Its title.
    pub title: String,
    /// What it is about.
    pub subject: String,
    /// Words to recognise it by.
    pub keywords: Vec<String>,
    /// The day it was issued.
    pub issued_on: NaiveDate,
}

/// A paper that is being written.
pub struct Paper {
    /// What it says about itself.
    pub about: About,
    /// Its pages.
    pub pages: Vec<Page>,
    /// The parts of its structure; those that no other part holds are in `top`.
    pub parts: Vec<Part>,
    /// The outermost parts, in order.
    pub top: Vec<usize>,
    /// The outline: text, page and height on it.
    pub outline: Vec<(String, usize, f32)>,
    open: Vec<usize>,
}

/// Where lines of text go.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Left edge in points.
    pub left: f32,
    /// Width in points.
    pub width: f32,
    /// Distance of baselines, in parts of the font's size.
    pub leading: f32,
    /// Whether lines stand in the middle.
    pub centred: bool,
}

impl Paper {
    /// A paper with one empty page.
    pub fn new(about: About) -> Self {
        let pages = vec![Page::default()];
        Self { about, pages, parts: Vec::new(), top: Vec::new(), outline: Vec::new(), open: Vec::new() }
    }

    /// Starts a new page.
    pub fn turn(&mut self) {
        self.pages.push(Page::default());
    }

    /// The place of the page that is being written, from 0.
    pub fn at(&self) -> usize {
        self.pages.len().saturating_sub(1)
    }

    /// Begins a part of the structure.
    pub fn open(&mut self, role: Role) {
        let place = self.parts.len();
        self.parts.push(Part { role, children: Vec::new() });
        match self.open.last().and_then(|parent| self.parts.get_mut(*parent)) {
            Some(parent) => parent.children.push(Child::Part(place)),
            None => self.top.push(place),
        }
        self.open.push(place);
    }

    /// Ends the part that was begun last.
    pub fn close(&mut self) {
        self.open.pop();
    }

    /// Puts a mark on the current page, in the part that was begun last.
    pub fn mark(&mut self, meaning: Meaning, inks: Vec<Ink>) {
        self.mark_on(self.at(), meaning, inks);
    }

    /// Puts a mark on a page.
    pub fn mark_on(&mut self, at: usize, meaning: Meaning, inks: Vec<Ink>) {
        let Some(page) = self.pages.get_mut(at) else { return };
        let place = page.marks.len();
        page.marks.push((meaning, inks));
        if meaning == Meaning::Content
            && let Some(part) = self.open.last().and_then(|p| self.parts.get_mut(*p))
        {
            part.children.push(Child::Mark(at, place));
        }
    }

    /// Puts a link over an area of the current page, in the part that was begun last.
    pub fn link(&mut self, link: Link) {
        let at = self.at();
        let Some(page) = self.pages.get_mut(at) else { return };
        let place = page.links.len();
        page.links.push(link);
        if let Some(part) = self.open.last().and_then(|p| self.parts.get_mut(*p)) {
            part.children.push(Child::Link(at, place));
        }
    }

    /// Writes one line that begins at a point.
    pub fn text(&mut self, (x, y): (f32, f32), style: Style, text: &str) -> anyhow::Result<()> {
        self.mark(Meaning::Content, vec![Ink::Text { x, y, style, line: line(style, text)? }]);
        Ok(())
    }

    /// Writes a text in as many lines as it needs, the first with its baseline one line below `top`; gives the height
    /// of the last baseline. It does not turn the page.
    pub fn lines(&mut self, column: Column, top: f32, style: Style, text: &str) -> anyhow::Result<f32> {
        let mut y = top;
        for piece in wrap(style, text, column.width)? {
            y += style.size * column.leading;
            self.set(column, y, style, &piece)?;
        }
        Ok(y)
    }

    /// Writes one line of a column.
    pub fn set(&mut self, column: Column, y: f32, style: Style, text: &str) -> anyhow::Result<()> {
        let left =
            if column.centred { column.left + (column.width - line(style, text.trim_end())?.width) / 2.0 } else { column.left };
        self.text((left, y), style, text)
    }

    /// Writes a heading in a column and puts it into the outline; gives the height of its last baseline.
    pub fn heading(&mut self, level: u16, column: Column, top: f32, (style, text): (Style, &str)) -> anyhow::Result<f32> {
        self.outline.push((text.to_owned(), self.at(), top));
        self.open(Role::Heading(level, text.to_owned()));
        let y = self.lines(column, top, style, text)?;
        self.close();
        Ok(y)
    }

    /// Writes a paragraph; gives the height of its last baseline.
    pub fn paragraph(&mut self, column: Column, top: f32, style: Style, text: &str) -> anyhow::Result<f32> {
        self.open(Role::Paragraph);
        let y = self.lines(column, top, style, text)?;
        self.close();
        Ok(y)
    }

    /// Writes one line at the top or foot of the current page, which is no part of what the paper says.
    pub fn running(&mut self, meaning: Meaning, column: Column, y: f32, words: (Style, &str)) -> anyhow::Result<()> {
        self.running_on(self.at(), meaning, column, (y, words))
    }

    fn running_on(
        &mut self,
        page: usize,
        meaning: Meaning,
        column: Column,
        (y, (style, text)): (f32, (Style, &str)),
    ) -> anyhow::Result<()> {
        let line = line(style, text)?;
        let x = if column.centred { column.left + (column.width - line.width) / 2.0 } else { column.left };
        self.mark_on(page, meaning, vec![Ink::Text { x, y, style, line }]);
        Ok(())
    }

    /// Writes `Page 1 of 3` at the foot of every page.
    pub fn number(&mut self, column: Column, y: f32, style: Style) -> anyhow::Result<()> {
        let all = self.pages.len();
        for page in 0..all {
            let text = format!("Page {} of {all}", page + 1);
            self.running_on(page, Meaning::Footer, column, (y, (style, &text)))?;
        }
        Ok(())
    }
}

/// A straight line.
pub fn rule(from: (f32, f32), to: (f32, f32)) -> Option<Path> {
    polyline(&[from, to], false)
}

/// A line through points, closed if wanted.
pub fn polyline(points: &[(f32, f32)], closed: bool) -> Option<Path> {
    let mut path = PathBuilder::new();
    let (first, rest) = points.split_first()?;
    path.move_to(first.0, first.1);
    for (x, y) in rest {
        path.line_to(*x, *y);
    }
    if closed {
        path.close();
    }
    path.finish()
}

/// A rectangle, by its left upper corner, width and height.
pub fn rectangle((x, y): (f32, f32), (width, height): (f32, f32)) -> Option<Path> {
    let mut path = PathBuilder::new();
    path.push_rect(Rect::from_xywh(x, y, width, height)?);
    path.finish()
}
