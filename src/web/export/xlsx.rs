//! A workbook of one sheet (ECMA-376, part 1): texts, numbers, dates and moments under a heading that stays in sight.
//!
//! Texts stand in the cells as they are (`inlineStr`), never as formulas, so that a sheet can be written row by row.

use std::fmt::Write as _;

use actix_web::web::Bytes;
use chrono::{DateTime, NaiveDate, Utc};

use super::{Cell, Column, Writer, local};
use crate::web::zip::{Packing, Zip};

/// Most characters of a cell (Excel's limit).
const LONGEST: usize = 32_767;
/// Most rows of a sheet, its heading included (Excel's limit).
const ROWS: usize = 1_048_576;

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const SHEETS: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const DOCUMENT: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";

/// Places in the list of cell formats of the styles.
const DATE: u8 = 1;
const MOMENT: u8 = 2;
const HEADING: u8 = 3;

/// Rows as a sheet.
pub struct Xlsx {
    zip: Zip,
    name: String,
    rows: usize,
}

impl Xlsx {
    /// An empty workbook; the name becomes that of its sheet.
    #[must_use]
    pub fn new(name: &str, now: DateTime<Utc>) -> Self {
        Self { zip: Zip::new(now), name: name.to_owned(), rows: 0 }
    }

    fn part(&mut self, name: &str, text: &str) -> anyhow::Result<()> {
        self.zip.begin(name, Packing::Deflated)?;
        self.zip.write(HEAD.as_bytes())?;
        Ok(self.zip.write(text.as_bytes())?)
    }
}

impl Writer for Xlsx {
    fn begin(&mut self, columns: &[Column]) -> anyhow::Result<()> {
        let main = "application/vnd.openxmlformats-officedocument.spreadsheetml";
        self.part(
            "[Content_Types].xml",
            &format!(
                "<Types xmlns=\"{PACKAGE}/content-types\">\
                 <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
                 <Default Extension=\"xml\" ContentType=\"application/xml\"/>\
                 <Override PartName=\"/xl/workbook.xml\" ContentType=\"{main}.sheet.main+xml\"/>\
                 <Override PartName=\"/xl/worksheets/sheet1.xml\" ContentType=\"{main}.worksheet+xml\"/>\
                 <Override PartName=\"/xl/styles.xml\" ContentType=\"{main}.styles+xml\"/></Types>"
            ),
        )?;
        self.part("_rels/.rels", &relations(&[("officeDocument", "xl/workbook.xml")]))?;
        self.part("xl/_rels/workbook.xml.rels", &relations(&[("worksheet", "worksheets/sheet1.xml"), ("styles", "styles.xml")]))?;
        let name: String = escaped(&self.name).chars().take(31).collect();
        self.part(
            "xl/workbook.xml",
            &format!(
                "<workbook xmlns=\"{SHEETS}\" xmlns:r=\"{DOCUMENT}\"><sheets>\
                 <sheet name=\"{name}\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
            ),
        )?;
        self.part("xl/styles.xml", &styles())?;
        let mut widths = String::new();
        for (number, column) in (1..).zip(columns) {
            let width = column.width;
            write!(widths, "<col min=\"{number}\" max=\"{number}\" width=\"{width}\" customWidth=\"1\"/>")?;
        }
        let head = format!(
            "<worksheet xmlns=\"{SHEETS}\"><sheetViews><sheetView workbookViewId=\"0\">\
             <pane ySplit=\"1\" topLeftCell=\"A2\" activePane=\"bottomLeft\" state=\"frozen\"/></sheetView></sheetViews>\
             <cols>{widths}</cols><sheetData>"
        );
        self.part("xl/worksheets/sheet1.xml", &head)?;
        self.rows = 1;
        let titles: String = columns.iter().map(|c| text(c.title, HEADING)).collect();
        Ok(self.zip.write(format!("<row>{titles}</row>").as_bytes())?)
    }

    fn row(&mut self, _: &[Column], cells: &[Cell]) -> anyhow::Result<()> {
        self.rows += 1;
        anyhow::ensure!(self.rows <= ROWS, "a sheet has no room for more than {ROWS} rows");
        let cells: String = cells.iter().map(written).collect();
        Ok(self.zip.write(format!("<row>{cells}</row>").as_bytes())?)
    }

    fn end(&mut self) -> anyhow::Result<()> {
        self.zip.write(b"</sheetData></worksheet>")?;
        Ok(self.zip.finish()?)
    }

    fn take(&mut self) -> Bytes {
        self.zip.take()
    }
}

fn relations(targets: &[(&str, &str)]) -> String {
    let mut all = format!("<Relationships xmlns=\"{PACKAGE}/relationships\">");
    for (number, (kind, target)) in (1..).zip(targets) {
        let _ = write!(all, "<Relationship Id=\"rId{number}\" Type=\"{DOCUMENT}/{kind}\" Target=\"{target}\"/>");
    }
    all + "</Relationships>"
}

/// Two fonts, and the formats [`DATE`], [`MOMENT`] and [`HEADING`] after the plain one.
fn styles() -> String {
    let font = "<sz val=\"11\"/><name val=\"Arial\"/>";
    let format = |number: u16, font: u8| {
        format!(
            "<xf numFmtId=\"{number}\" fontId=\"{font}\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\" applyFont=\"1\"/>"
        )
    };
    format!(
        "<styleSheet xmlns=\"{SHEETS}\"><numFmts count=\"2\"><numFmt numFmtId=\"164\" formatCode=\"yyyy\\-mm\\-dd\"/>\
         <numFmt numFmtId=\"165\" formatCode=\"yyyy\\-mm\\-dd\\ hh:mm\"/></numFmts>\
         <fonts count=\"2\"><font>{font}</font><font><b/>{font}</font></fonts>\
         <fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill><fill><patternFill patternType=\"gray125\"/></fill></fills>\
         <borders count=\"1\"><border><left/><right/><top/><bottom/><diagonal/></border></borders>\
         <cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/></cellStyleXfs>\
         <cellXfs count=\"4\">{}{}{}{}</cellXfs></styleSheet>",
        format(0, 0),
        format(164, 0),
        format(165, 0),
        format(0, 1),
    )
}

fn written(cell: &Cell) -> String {
    match cell {
        Cell::Empty => "<c/>".to_owned(),
        Cell::Text(words) => text(words, 0),
        Cell::Number(number) => format!("<c><v>{number}</v></c>"),
        Cell::Date(date) => format!("<c s=\"{DATE}\"><v>{}</v></c>", serial(*date)),
        Cell::Moment(moment) => {
            let local = local(*moment).naive_local();
            let midnight = local.date().and_time(chrono::NaiveTime::MIN);
            // Seconds of a day as millionths of it: a cell is a decimal number of days.
            let part = (local - midnight).num_seconds() * 1_000_000 / 86_400;
            format!("<c s=\"{MOMENT}\"><v>{}.{part:06}</v></c>", serial(local.date()))
        }
    }
}

/// Days since 30 December 1899, as workbooks count them (ECMA-376, 18.17.4.1).
fn serial(date: NaiveDate) -> i64 {
    NaiveDate::from_ymd_opt(1899, 12, 30).map_or(0, |first| (date - first).num_days())
}

fn text(words: &str, style: u8) -> String {
    let cut: String = words.chars().take(LONGEST).collect();
    format!("<c t=\"inlineStr\" s=\"{style}\"><is><t xml:space=\"preserve\">{}</t></is></c>", escaped(&cut))
}

/// Text inside an element: without characters that XML 1.0 has no place for, and with `_x0041_`, which stands for
/// another character (ECMA-376, 22.9.2.19), written so that it is read as it is.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, character) in text.char_indices() {
        match character {
            '_' if text.get(at..at + 7).is_some_and(is_code) => out.push_str("_x005F_"),
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\r' => {}
            '\n' | '\t' => out.push(character),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => out.push(c),
        }
    }
    out
}

/// Whether seven characters are `_x`, four hexadecimal figures and `_`.
fn is_code(text: &str) -> bool {
    let figures = text.strip_prefix("_x").and_then(|t| t.strip_suffix('_'));
    figures.is_some_and(|f| f.bytes().all(|b| b.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_moments_are_numbers_of_days() {
        let day = NaiveDate::from_ymd_opt(2026, 4, 2).unwrap();
        assert_eq!(serial(day), 46_114);
        // Summer time: 9am UTC is 10am on London's clocks.
        let moment = "2026-04-02T09:00:00Z".parse().unwrap();
        assert!(written(&Cell::Moment(moment)).contains("<v>46114.416666</v>"));
    }

    #[test]
    fn texts_are_escaped_and_hold_nothing_that_xml_refuses() {
        assert_eq!(escaped("a<b>&\"c\"\u{0}\u{b}\r\nd\u{ffff}"), "a&lt;b&gt;&amp;&quot;c&quot;\nd");
        assert_eq!(escaped("_x0041_ _xyz_"), "_x005F_x0041_ _xyz_");
    }
}
