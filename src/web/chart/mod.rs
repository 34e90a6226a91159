//! Small pictures of data, drawn as SVG in percent units by the templates under `templates/chart/`.
//!
//! What holds for each of them: shape and words carry the meaning, colour only helps; widths are percent and heights are
//! fixed, without a `viewBox` around words, so that nothing shrinks at 320 pixels; a picture inside a table or a list is
//! named by an `aria-label` with the whole story; the data stand beside it as words.

pub mod bands;
pub mod clock;
pub mod fan;
pub mod lane;
pub mod load;
pub mod spread;

/// A part of a whole in percent with one decimal, as SVG reads it; at most all of it.
#[must_use]
pub fn percent(part: u64, whole: u64) -> String {
    let tenths = (part * 1000).checked_div(whole).unwrap_or_default().min(1000);
    format!("{}.{}%", tenths / 10, tenths % 10)
}

/// Days as weeks and tenths of a week for a sentence: "7", "7.4".
#[must_use]
pub fn weeks(days: u32) -> String {
    let tenths = (days * 10 + 3) / 7;
    if tenths.is_multiple_of(10) { (tenths / 10).to_string() } else { format!("{}.{}", tenths / 10, tenths % 10) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_in_percent_and_days_in_weeks() {
        assert_eq!((percent(1, 3).as_str(), percent(5, 4).as_str(), percent(1, 0).as_str()), ("33.3%", "100.0%", "0.0%"));
        assert_eq!((weeks(49).as_str(), weeks(52).as_str(), weeks(0).as_str()), ("7", "7.4", "0"));
    }
}
