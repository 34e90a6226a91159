//! The first look at a file, without reading its objects: size, first bytes, last bytes, other kinds of file.

use super::names::is_space;
use super::{Fault, MAX_BYTES};

/// Bytes at the start and at the end in which the marks of a PDF are looked for.
const WINDOW: usize = 1024;

/// Bytes at the end in which a ZIP archive keeps its directory: the record and its longest comment.
const ZIP_TAIL: usize = 22 + 65_535;

/// Beginnings of a page that a browser would show, were it to guess at the type.
const MARKUP: &[&str] = &["<!doctype", "<html", "<head", "<body", "<script", "<iframe", "<svg", "<?php"];

/// The mark at the end of a file and of each of its revisions.
const END: &[u8] = b"%%EOF";

/// Earlier revisions that are looked at. Each signature adds one; a file with more is refused.
const MAX_REVISIONS: usize = 32;

/// Refuses a file that is not from first byte to last a PDF and nothing else.
///
/// Readers take a header anywhere in the first 1,024 bytes, which lets one file be two kinds at once. So the header must
/// be at the first byte, and nothing but white space may follow the end mark.
pub(super) fn check(bytes: &[u8]) -> Result<(), Fault> {
    if bytes.is_empty() {
        return Err(Fault::Empty);
    }
    if bytes.len() > MAX_BYTES {
        return Err(Fault::TooLarge);
    }
    if !has_header(bytes) || is_markup(bytes) || is_archive(bytes) {
        return Err(Fault::NotPdf);
    }
    let end = bytes.len() - bytes.iter().rev().take_while(|b| is_space(**b)).count();
    let is_complete = bytes.get(..end).is_some_and(|whole| whole.ends_with(END)) && bytes.len() - end < WINDOW;
    if is_complete { Ok(()) } else { Err(Fault::Broken) }
}

fn has_header(bytes: &[u8]) -> bool {
    let version = bytes.strip_prefix(b"%PDF-").and_then(|rest| rest.first_chunk::<3>());
    version.is_some_and(|[major, dot, minor]| major.is_ascii_digit() && *dot == b'.' && minor.is_ascii_digit())
}

fn is_markup(bytes: &[u8]) -> bool {
    let head = String::from_utf8_lossy(bytes.get(..WINDOW).unwrap_or(bytes)).to_ascii_lowercase();
    MARKUP.iter().any(|mark| head.contains(mark))
}

fn is_archive(bytes: &[u8]) -> bool {
    let tail = bytes.len().checked_sub(ZIP_TAIL).and_then(|at| bytes.get(at..)).unwrap_or(bytes);
    tail.windows(4).any(|w| w == b"PK\x05\x06")
}

/// The file as it was before its last change, before the one before that, and so on: the parts up to an end mark.
pub(super) fn earlier_revisions(bytes: &[u8]) -> Result<Vec<&[u8]>, Fault> {
    let ends = bytes.windows(END.len()).enumerate().filter(|(_, w)| *w == END).map(|(at, _)| at + END.len());
    let mut revisions: Vec<&[u8]> = ends.filter_map(|end| bytes.get(..end)).take(MAX_REVISIONS + 2).collect();
    // The last mark ends the file itself.
    revisions.pop();
    if revisions.len() > MAX_REVISIONS { Err(Fault::TooComplex) } else { Ok(revisions) }
}
