//! Fonts, the widths of texts, line breaks, and which characters can be printed at all.

use std::sync::LazyLock;

use anyhow::Context;
use harfrust::{Direction, FontRef, ShapeOptions, ShaperData, UnicodeBuffer};
use krilla::text::{Font, GlyphId, KrillaGlyph};

use super::page::Colour;

static REGULAR: &[u8] = include_bytes!("../../static/fonts/LiberationSans-Regular.ttf");
static BOLD: &[u8] = include_bytes!("../../static/fonts/LiberationSans-Bold.ttf");

/// What stands where a character cannot be printed.
const SUBSTITUTE: char = '?';

/// The two fonts of the papers: Liberation Sans, under the SIL Open Font Licence 1.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// For what is read.
    Regular,
    /// For what is looked for.
    Bold,
}

/// How a text looks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Style {
    /// The font.
    pub weight: Weight,
    /// Its size, in points.
    pub size: f32,
    /// Its colour.
    pub colour: Colour,
    /// Space added after each letter, in points.
    pub tracking: f32,
}

impl Style {
    /// Plain text without added space.
    pub const fn new(weight: Weight, size: f32, colour: Colour) -> Self {
        Self { weight, size, colour, tracking: 0.0 }
    }

    /// The same with space added after each letter, in points.
    pub const fn spaced(self, tracking: f32) -> Self {
        Self { tracking, ..self }
    }
}

struct Face {
    font: Font,
    reference: FontRef<'static>,
    tables: ShaperData,
}

impl Face {
    fn read(bytes: &'static [u8]) -> Option<Self> {
        let reference = FontRef::new(bytes).ok()?;
        let tables = ShaperData::new(&reference);
        Some(Self { font: Font::new(bytes.into(), 0)?, reference, tables })
    }

    /// The glyphs of a text; lengths are in parts of the font's size.
    fn shape(&self, text: &str) -> Vec<KrillaGlyph> {
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(text);
        buffer.guess_segment_properties();
        buffer.set_direction(Direction::LeftToRight);
        let shaped = self.tables.shaper(&self.reference).build().shape(buffer, ShapeOptions::new());
        let infos = shaped.glyph_infos();
        let em = |length: i32| f32::from(i16::try_from(length).unwrap_or(i16::MAX)) / self.font.units_per_em();
        let mut glyphs = Vec::with_capacity(infos.len());
        for (at, (info, place)) in infos.iter().zip(shaped.glyph_positions()).enumerate() {
            let next = infos.iter().skip(at).find(|i| i.cluster != info.cluster);
            let end = next.map_or(text.len(), |i| i.cluster as usize);
            glyphs.push(KrillaGlyph::new(
                GlyphId::new(info.glyph_id),
                em(place.x_advance),
                em(place.x_offset),
                em(place.y_offset),
                em(place.y_advance),
                info.cluster as usize..end,
                None,
            ));
        }
        glyphs
    }

    fn has(&self, character: char) -> bool {
        let mut buffer = [0; 4];
        self.shape(character.encode_utf8(&mut buffer)).iter().all(|g| g.glyph_id != GlyphId::new(0))
    }
}

struct Faces {
    regular: Face,
    bold: Face,
}

static FACES: LazyLock<Option<Faces>> = LazyLock::new(|| Some(Faces { regular: Face::read(REGULAR)?, bold: Face::read(BOLD)? }));

fn face(weight: Weight) -> anyhow::Result<&'static Face> {
    let faces = FACES.as_ref().context("The fonts that are built in cannot be read")?;
    Ok(match weight {
        Weight::Regular => &faces.regular,
        Weight::Bold => &faces.bold,
    })
}

/// Marks without a shape that come in with pasted text: they are left out without a word.
const fn is_shapeless(character: char) -> bool {
    matches!(character, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{fe0e}' | '\u{fe0f}' | '\u{feff}')
}

/// Scripts that run from right to left, and the controls for them: pages here run from left to right only.
const fn runs_leftwards(character: char) -> bool {
    matches!(character,
        '\u{590}'..='\u{8ff}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}

fn is_private(character: char) -> bool {
    matches!(character, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..)
}

fn printable(character: char) -> bool {
    if character.is_whitespace() || is_shapeless(character) {
        return true;
    }
    if character.is_control() || runs_leftwards(character) || is_private(character) {
        return false;
    }
    // The shapes of English need no look into the fonts.
    character.is_ascii() || [Weight::Regular, Weight::Bold].into_iter().all(|w| face(w).is_ok_and(|face| face.has(character)))
}

/// The characters of a text that cannot be printed on a certificate or agreement, each once, in order: those without
/// a shape in both fonts (Latin, Greek and Cyrillic have one), of scripts that run from right to left, and controls.
///
/// A paper with such a character shows a question mark in its place, so ask before one is made.
#[must_use]
pub fn unprintable(text: &str) -> Vec<char> {
    let mut found = Vec::new();
    for character in text.chars() {
        if !found.contains(&character) && !printable(character) {
            found.push(character);
        }
    }
    found
}

/// The text as it is drawn.
fn drawn(text: &str) -> String {
    let kept = text.chars().filter(|c| !is_shapeless(*c));
    kept.map(|c| match c {
        '\t' | '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => ' ',
        c if printable(c) => c,
        _ => SUBSTITUTE,
    })
    .collect()
}

/// The text, or words that say that there is none: a table has no empty cells.
pub fn or_not_given(text: &str) -> &str {
    if drawn(text).trim().is_empty() { "Not given" } else { text }
}

/// A line of text, ready to be drawn.
#[derive(Debug, Clone)]
pub struct Line {
    /// Its font.
    pub font: Font,
    /// Its glyphs, the added space included; lengths are in parts of the font's size.
    pub glyphs: Vec<KrillaGlyph>,
    /// Its characters.
    pub text: String,
    /// Its width in points.
    pub width: f32,
}

/// Sets one line.
pub fn line(style: Style, text: &str) -> anyhow::Result<Line> {
    let face = face(style.weight)?;
    let text = drawn(text);
    let mut glyphs = face.shape(&text);
    for glyph in &mut glyphs {
        glyph.x_advance += style.tracking / style.size;
    }
    let advance: f32 = glyphs.iter().map(|g| g.x_advance).sum();
    let width = (advance * style.size - style.tracking).max(0.0);
    Ok(Line { font: face.font.clone(), glyphs, text, width })
}

/// Breaks a text into lines of at most a width in points, at spaces, and inside a word only when it is too long alone.
/// Every line but the last ends with a space, so that words stay apart when the text is read out.
pub fn wrap(style: Style, text: &str, width: f32) -> anyhow::Result<Vec<String>> {
    let space = line(style, "n n")?.width - line(style, "nn")?.width;
    let mut lines = Vec::new();
    let mut current = String::new();
    let mut used = 0.0;
    // A no-break space is no place to break at.
    for word in text.split(|c: char| c.is_whitespace() && c != '\u{a0}' && c != '\u{202f}').filter(|w| !w.is_empty()) {
        let wide = line(style, word)?.width;
        if !current.is_empty() && used + space + wide <= width {
            current.push(' ');
            current.push_str(word);
            used += space + wide;
            continue;
        }
        if !current.is_empty() {
            current.push(' ');
            lines.push(std::mem::take(&mut current));
        }
        let (full, rest) = split_word(style, word, width)?;
        lines.extend(full);
        used = line(style, &rest)?.width;
        current = rest;
    }
    if !current.is_empty() {
        lines.push(current);
    }
    Ok(lines)
}

/// The lines that a word fills by itself, and what is left of it.
fn split_word(style: Style, word: &str, width: f32) -> anyhow::Result<(Vec<String>, String)> {
    let mut full = Vec::new();
    let mut rest = word.to_owned();
    while line(style, &rest)?.width > width {
        let mut fits = String::new();
        for character in rest.chars() {
            fits.push(character);
            if line(style, &fits)?.width > width {
                fits.pop();
                break;
            }
        }
        if fits.is_empty() {
            break;
        }
        // An address is easier to read when its last part stays whole.
        let cut = fits.rfind('/').map_or(fits.len(), |at| at + 1);
        fits.truncate(cut);
        rest = rest.split_off(fits.len());
        full.push(fits);
    }
    Ok((full, rest))
}
