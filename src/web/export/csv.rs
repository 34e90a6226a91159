//! Comma-separated values (RFC 4180) in which no cell is a formula.

use actix_web::web::Bytes;
use chrono::SecondsFormat;

use super::{Cell, Column, Writer, local};

/// Rows as lines.
#[derive(Default)]
pub struct Csv(String);

impl Writer for Csv {
    fn begin(&mut self, columns: &[Column]) -> anyhow::Result<()> {
        self.line(columns.iter().map(|c| c.title.to_owned()));
        Ok(())
    }

    fn row(&mut self, _: &[Column], cells: &[Cell]) -> anyhow::Result<()> {
        self.line(cells.iter().map(written));
        Ok(())
    }

    fn end(&mut self) -> anyhow::Result<()> {
        Ok(())
    }

    fn take(&mut self) -> Bytes {
        Bytes::from(std::mem::take(&mut self.0))
    }
}

impl Csv {
    fn line(&mut self, cells: impl Iterator<Item = String>) {
        for (number, cell) in cells.enumerate() {
            if number > 0 {
                self.0.push(',');
            }
            if cell.contains(['"', ',', '\r', '\n']) {
                self.0.push('"');
                self.0.push_str(&cell.replace('"', "\"\""));
                self.0.push('"');
            } else {
                self.0.push_str(&cell);
            }
        }
        self.0.push_str("\r\n");
    }
}

fn written(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => harmless(text),
        Cell::Number(number) => number.to_string(),
        Cell::Date(date) => date.to_string(),
        Cell::Moment(moment) => local(*moment).to_rfc3339_opts(SecondsFormat::Secs, false),
    }
}

/// A text that no spreadsheet takes for a formula: an apostrophe before what begins like one, as OWASP advises under
/// "CSV Injection". A line end inside is quoted, so that only the first character counts.
fn harmless(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    if is_formula { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_becomes_a_text_and_a_number_stays_one() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1"] {
            assert_eq!(written(&Cell::Text(text.to_owned())), format!("'{text}"));
        }
        assert_eq!(written(&Cell::Text("1 = 1".to_owned())), "1 = 1");
        assert_eq!(written(&Cell::Number(-1)), "-1");
    }
}
