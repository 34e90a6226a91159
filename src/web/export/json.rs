//! A list of objects, one for each row, one on each line.

use actix_web::web::Bytes;
use chrono::SecondsFormat;
use serde_json::{Map, Value, json};

use super::{Cell, Column, Writer, local};

/// Rows as objects.
#[derive(Default)]
pub struct Json {
    text: String,
    has_rows: bool,
}

impl Writer for Json {
    fn begin(&mut self, _: &[Column]) -> anyhow::Result<()> {
        self.text.push('[');
        Ok(())
    }

    fn row(&mut self, columns: &[Column], cells: &[Cell]) -> anyhow::Result<()> {
        self.text.push_str(if self.has_rows { ",\n" } else { "\n" });
        self.has_rows = true;
        let row: Map<String, Value> = columns.iter().zip(cells).map(|(c, cell)| (c.key.to_owned(), value(cell))).collect();
        self.text.push_str(&serde_json::to_string(&row)?);
        Ok(())
    }

    fn end(&mut self) -> anyhow::Result<()> {
        self.text.push_str("\n]\n");
        Ok(())
    }

    fn take(&mut self) -> Bytes {
        Bytes::from(std::mem::take(&mut self.text))
    }
}

fn value(cell: &Cell) -> Value {
    match cell {
        Cell::Empty => Value::Null,
        Cell::Text(text) => json!(text),
        Cell::Number(number) => json!(number),
        Cell::Date(date) => json!(date),
        Cell::Moment(moment) => json!(local(*moment).to_rfc3339_opts(SecondsFormat::Secs, false)),
    }
}
