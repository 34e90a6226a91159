//! Reads every object of a file by its bytes alone, also those of earlier revisions and those that no table names.
//!
//! It believes neither the cross-reference table nor any length, so what a file hides from one reader it does not hide
//! from this one. It runs before the parser and keeps deep nesting away from it.

use std::collections::HashSet;

use super::names::{banned, is_regular, is_space, unescaped};
use super::{Active, Fault};

/// Levels of dictionaries and arrays inside each other. What is written in practice has fewer than 20.
pub(super) const MAX_DEPTH: usize = 64;

/// The longest header of an object that is understood, in bytes: `1 0 obj`.
const HEADER: usize = 64;

/// How often over the bytes may be read: objects that overlap, which no program writes, cost more than once.
const PASSES: usize = 4;

/// What the objects hold.
#[derive(Debug, Default)]
struct Found {
    active: Option<Active>,
    is_encrypted: bool,
    /// Whether the last value called itself a stream of objects.
    is_object_stream: bool,
}

/// Looks at every object and trailer of a file. Gives the numbers of its streams of objects.
pub(super) fn file(bytes: &[u8]) -> Result<HashSet<u32>, Fault> {
    let mut reader = Lexer::new(bytes);
    let mut streams = HashSet::new();
    for start in starts(bytes) {
        reader.found.is_object_stream = false;
        reader.value_at(start)?;
        if reader.found.is_object_stream {
            streams.insert(number_before(bytes, start).ok_or(Fault::Broken)?);
        }
    }
    match reader.found {
        Found { is_encrypted: true, .. } => Err(Fault::Encrypted),
        Found { active: Some(what), .. } => Err(Fault::Active(what)),
        Found { .. } => Ok(streams),
    }
}

/// Looks at every object inside an object stream (ISO 32000-1, 7.5.7): `first` is where the objects begin, and before it
/// are pairs of number and offset.
pub(super) fn object_stream(content: &[u8], first: usize) -> Result<(), Fault> {
    let index = content.get(..first).and_then(|i| std::str::from_utf8(i).ok()).ok_or(Fault::Broken)?;
    let mut reader = Lexer::new(content);
    let lines = index.split(['\r', '\n']).map(|line| line.split('%').next().unwrap_or_default());
    let numbers = lines.flat_map(|l| l.split(|c: char| c.is_ascii_whitespace() || c == '\0')).filter(|n| !n.is_empty());
    for offset in numbers.skip(1).step_by(2) {
        let offset: usize = offset.parse().map_err(|_| Fault::Broken)?;
        reader.value_at(first.saturating_add(offset))?;
    }
    reader.found.active.map_or(Ok(()), |what| Err(Fault::Active(what)))
}

/// Where values begin: after the words `obj` and `trailer`.
fn starts(bytes: &[u8]) -> impl Iterator<Item = usize> {
    let objects = bytes.windows(3).enumerate().filter(|(at, w)| *w == b"obj" && begins_word(bytes, *at)).map(|(at, _)| at + 3);
    let trailers = bytes.windows(7).enumerate().filter(|(_, w)| *w == b"trailer").map(|(at, _)| at + 7);
    objects.chain(trailers)
}

/// Whether a word begins here. A number may run into it.
fn begins_word(bytes: &[u8], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|i| bytes.get(i));
    before.is_none_or(|b| !is_regular(*b) || b.is_ascii_digit())
}

/// The number of the object whose value begins here: the first of `1 0 obj`.
fn number_before(bytes: &[u8], start: usize) -> Option<u32> {
    let header = bytes.get(start.saturating_sub(HEADER)..start)?.strip_suffix(b"obj")?;
    let mut words = header.rsplit(|b| is_space(*b)).filter(|w| !w.is_empty());
    let number = words.nth(1)?;
    std::str::from_utf8(number).ok()?.parse().ok()
}

/// Reads values and notes what their names say.
struct Lexer<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Bytes that may still be read.
    left: usize,
    found: Found,
}

impl<'a> Lexer<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0, left: bytes.len().saturating_mul(PASSES).saturating_add(1024 * 1024), found: Found::default() }
    }

    /// Reads one value. Stops at its end or where no value can go on.
    fn value_at(&mut self, start: usize) -> Result<(), Fault> {
        self.at = start;
        let mut depth = 0_usize;
        while let Some(byte) = self.next()? {
            match byte {
                b'%' => self.skip_while(|b| b != b'\n' && b != b'\r')?,
                b'(' => self.skip_string()?,
                b'<' if self.peek() != Some(b'<') => self.skip_while(|b| b != b'>')?,
                b'<' | b'[' => {
                    if byte == b'<' {
                        self.next()?;
                    }
                    depth += 1;
                    if depth > MAX_DEPTH {
                        return Err(Fault::TooComplex);
                    }
                }
                b']' | b'>' => {
                    // The second angle bracket of a pair, and the end of a hexadecimal string, close nothing.
                    if byte == b'>' && self.peek() != Some(b'>') {
                        continue;
                    }
                    if byte == b'>' {
                        self.next()?;
                    }
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        return Ok(());
                    }
                }
                b'/' => self.name()?,
                byte if is_regular(byte) && self.is_end(byte)? => return Ok(()),
                _ => {}
            }
        }
        Ok(())
    }

    fn name(&mut self) -> Result<(), Fault> {
        let raw = self.word()?;
        let name = unescaped(raw);
        self.found.is_encrypted |= name == b"Encrypt";
        self.found.is_object_stream |= name == b"ObjStm";
        self.found.active = self.found.active.or_else(|| banned(&name));
        Ok(())
    }

    /// Whether a word after its first byte is one that ends every value.
    fn is_end(&mut self, first: u8) -> Result<bool, Fault> {
        let rest = self.word()?;
        Ok([b"endobj".as_slice(), b"stream", b"endstream", b"obj", b"startxref"]
            .iter()
            .any(|w| w.split_first() == Some((&first, rest))))
    }

    /// The regular characters from here on.
    fn word(&mut self) -> Result<&'a [u8], Fault> {
        let start = self.at;
        self.skip_while(is_regular)?;
        Ok(self.bytes.get(start..self.at).unwrap_or_default())
    }

    fn skip_string(&mut self) -> Result<(), Fault> {
        let mut open = 1_usize;
        while let Some(byte) = self.next()? {
            match byte {
                b'\\' => {
                    self.next()?;
                }
                b'(' => open += 1,
                b')' => open -= 1,
                _ => {}
            }
            if open == 0 {
                break;
            }
        }
        Ok(())
    }

    fn skip_while(&mut self, is_part: impl Fn(u8) -> bool) -> Result<(), Fault> {
        while self.peek().is_some_and(&is_part) {
            self.next()?;
        }
        Ok(())
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn next(&mut self) -> Result<Option<u8>, Fault> {
        self.left = self.left.checked_sub(1).ok_or(Fault::TooComplex)?;
        let byte = self.peek();
        self.at = self.at.saturating_add(1);
        Ok(byte)
    }
}
