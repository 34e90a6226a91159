//! Text that runs on over as many pages as it needs.

use super::page::{Column, Ink, Meaning, PALE, Paper, Role, rule};
use super::text::{Style, wrap};

/// What is put on every page before the text, like a border or a line at its top.
pub type Dress<'a> = &'a dyn Fn(&mut Paper) -> anyhow::Result<()>;

/// A place in a paper where writing goes on.
pub struct Flow<'a> {
    /// The paper.
    pub paper: &'a mut Paper,
    /// Height of the last baseline on the current page, in points.
    y: f32,
    /// Where writing begins and ends on every page, in points.
    bounds: (f32, f32),
    dress: Dress<'a>,
}

impl<'a> Flow<'a> {
    /// Begins on the current page, which is dressed.
    pub fn new(paper: &'a mut Paper, bounds: (f32, f32), dress: Dress<'a>) -> anyhow::Result<Self> {
        dress(paper)?;
        Ok(Self { paper, y: bounds.0, bounds, dress })
    }

    /// Goes on at the top of a new page.
    pub fn turn(&mut self) -> anyhow::Result<()> {
        self.paper.turn();
        self.y = self.bounds.0;
        (self.dress)(self.paper)
    }

    /// Turns the page unless there is so much room, in points.
    pub fn need(&mut self, room: f32) -> anyhow::Result<()> {
        if self.y + room > self.bounds.1 { self.turn() } else { Ok(()) }
    }

    /// Leaves room, in points, except at the top of a page.
    pub fn space(&mut self, room: f32) {
        if self.y > self.bounds.0 {
            self.y += room;
        }
    }

    /// Puts a rule across a column, below the last line.
    pub fn rule(&mut self, column: Column) {
        let across = rule((column.left, self.y), (column.left + column.width, self.y));
        self.paper.mark(Meaning::Ornament, across.map(|path| Ink::Stroke(path, PALE, 0.7)).into_iter().collect());
    }

    /// Writes lines.
    pub fn lines(&mut self, column: Column, style: Style, text: &str) -> anyhow::Result<()> {
        let step = style.size * column.leading;
        for piece in wrap(style, text, column.width)? {
            self.need(step)?;
            self.y += step;
            self.paper.set(column, self.y, style, &piece)?;
        }
        Ok(())
    }

    /// Writes lines that are one part of the structure.
    pub fn part(&mut self, role: Role, column: Column, style: Style, text: &str) -> anyhow::Result<()> {
        self.paper.open(role);
        self.lines(column, style, text)?;
        self.paper.close();
        Ok(())
    }

    /// Writes a heading, never alone at the end of a page.
    pub fn heading(&mut self, level: u16, column: Column, style: Style, text: &str) -> anyhow::Result<()> {
        self.need(style.size * 2.0 + 34.0)?;
        self.y = self.paper.heading(level, column, self.y, (style, text))?;
        Ok(())
    }

    /// Writes two parts side by side, the first of one line; what follows comes below the longer one.
    pub fn beside(&mut self, first: (Role, Column, Style, &str), second: (Role, Column, Style, &str)) -> anyhow::Result<()> {
        self.need(second.2.size * second.1.leading)?;
        let (role, column, style, text) = first;
        let (top, page) = (self.y, self.paper.at());
        self.part(role, column, style, text)?;
        let after = (self.y, self.paper.at());
        if self.paper.at() == page {
            self.y = top;
        }
        let (role, column, style, text) = second;
        self.part(role, column, style, text)?;
        if self.paper.at() == after.1 {
            self.y = self.y.max(after.0);
        }
        Ok(())
    }
}
