//! A ZIP archive that is sent while it is made: what is finished is taken out, so that only a piece is ever held.
//!
//! Sizes and checksums follow each entry (APPNOTE 6.3, section 4.3.9), because they are not known before it is read.
//! There is no ZIP64: an archive holds less than 4 GB, and [`Zip::end`] refuses what would be more.

use std::io::{Error, Write as _};

use actix_web::web::Bytes;
use chrono::{DateTime, Datelike, Timelike, Utc};
use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};

/// Bit 3: sizes follow the entry; bit 11: its name is UTF-8 (APPNOTE, section 4.4.4).
const FLAGS: u16 = (1 << 3) | (1 << 11);
/// Version 2.0: what deflate needs.
const VERSION: u16 = 20;

/// Whether an entry is made smaller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    /// As it is: for files that are packed already, such as PDF and pictures.
    Stored,
    /// With deflate: for text.
    Deflated,
}

impl Packing {
    const fn method(self) -> u16 {
        match self {
            Self::Stored => 0,
            Self::Deflated => 8,
        }
    }
}

/// An entry as the directory at the end lists it.
struct Entry {
    name: String,
    packing: Packing,
    checksum: u32,
    packed: u32,
    size: u32,
    offset: u32,
}

/// The entry that is being written.
struct Open {
    name: String,
    offset: u64,
    crc: Crc,
    body: Body,
}

enum Body {
    Stored(Vec<u8>, u64),
    Deflated(DeflateEncoder<Vec<u8>>),
}

/// An archive on its way out.
pub struct Zip {
    ready: Vec<u8>,
    sent: u64,
    stamp: [u16; 2],
    open: Option<Open>,
    entries: Vec<Entry>,
}

fn too_large<E>(_: E) -> Error {
    Error::other("an archive of 4 GB or more cannot be made")
}

impl Zip {
    /// An empty archive; its entries carry this moment as London's clocks show it.
    #[must_use]
    pub fn new(now: DateTime<Utc>) -> Self {
        Self { ready: Vec::new(), sent: 0, stamp: stamp(now), open: None, entries: Vec::new() }
    }

    /// Begins an entry. Its name is a path with `/`, made safe by whoever gives it.
    ///
    /// # Errors
    /// When the entry before cannot be ended.
    pub fn begin(&mut self, name: &str, packing: Packing) -> Result<(), Error> {
        self.end()?;
        let offset = self.sent + self.ready.len() as u64;
        let length = u16::try_from(name.len()).map_err(too_large)?;
        put(&mut self.ready, &[0x0403_4b50], &[VERSION, FLAGS, packing.method(), self.stamp[0], self.stamp[1]]);
        put(&mut self.ready, &[0, 0, 0], &[length, 0]);
        self.ready.extend_from_slice(name.as_bytes());
        let body = match packing {
            Packing::Stored => Body::Stored(Vec::new(), 0),
            Packing::Deflated => Body::Deflated(DeflateEncoder::new(Vec::new(), Compression::default())),
        };
        self.open = Some(Open { name: name.to_owned(), offset, crc: Crc::new(), body });
        Ok(())
    }

    /// Adds bytes to the entry that was begun last.
    ///
    /// # Errors
    /// When none was begun.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let open = self.open.as_mut().ok_or_else(|| Error::other("no entry was begun"))?;
        open.crc.update(bytes);
        match &mut open.body {
            Body::Stored(buffer, size) => {
                buffer.extend_from_slice(bytes);
                *size += bytes.len() as u64;
                self.ready.append(buffer);
            }
            Body::Deflated(encoder) => {
                encoder.write_all(bytes)?;
                self.ready.append(encoder.get_mut());
            }
        }
        Ok(())
    }

    /// Ends the entry that was begun last; nothing happens when there is none.
    ///
    /// # Errors
    /// When it, or what is before it, has 4 GB or more.
    pub fn end(&mut self) -> Result<(), Error> {
        let Some(open) = self.open.take() else { return Ok(()) };
        let (packing, packed, size) = match open.body {
            Body::Stored(_, size) => (Packing::Stored, size, size),
            Body::Deflated(mut encoder) => {
                encoder.try_finish()?;
                self.ready.append(encoder.get_mut());
                (Packing::Deflated, encoder.total_out(), encoder.total_in())
            }
        };
        let small = |number: u64| u32::try_from(number).map_err(too_large);
        let (packed, size, checksum) = (small(packed)?, small(size)?, open.crc.sum());
        put(&mut self.ready, &[0x0807_4b50, checksum, packed, size], &[]);
        self.entries.push(Entry { name: open.name, packing, checksum, packed, size, offset: small(open.offset)? });
        Ok(())
    }

    /// Ends the archive with the list of its entries.
    ///
    /// # Errors
    /// When it is too large.
    pub fn finish(&mut self) -> Result<(), Error> {
        self.end()?;
        let start = self.sent + self.ready.len() as u64;
        for entry in &self.entries {
            let length = u16::try_from(entry.name.len()).map_err(too_large)?;
            let method = entry.packing.method();
            put(&mut self.ready, &[0x0201_4b50], &[VERSION, VERSION, FLAGS, method, self.stamp[0], self.stamp[1]]);
            put(&mut self.ready, &[entry.checksum, entry.packed, entry.size], &[length, 0, 0, 0, 0]);
            put(&mut self.ready, &[0, entry.offset], &[]);
            self.ready.extend_from_slice(entry.name.as_bytes());
        }
        let size = self.sent + self.ready.len() as u64 - start;
        let count = u16::try_from(self.entries.len()).map_err(too_large)?;
        let (size, start) = (u32::try_from(size).map_err(too_large)?, u32::try_from(start).map_err(too_large)?);
        put(&mut self.ready, &[0x0605_4b50], &[0, 0, count, count]);
        put(&mut self.ready, &[size, start], &[0]);
        Ok(())
    }

    /// How many bytes can be taken.
    #[must_use]
    pub const fn ready(&self) -> usize {
        self.ready.len()
    }

    /// Takes out what is finished.
    #[must_use]
    pub fn take(&mut self) -> Bytes {
        self.sent += self.ready.len() as u64;
        Bytes::from(std::mem::take(&mut self.ready))
    }
}

/// Writes long numbers, then short ones, the low byte first.
fn put(out: &mut Vec<u8>, long: &[u32], short: &[u16]) {
    for number in long {
        out.extend_from_slice(&number.to_le_bytes());
    }
    for number in short {
        out.extend_from_slice(&number.to_le_bytes());
    }
}

/// Time and date as MS-DOS keeps them: in London, to two seconds, from 1980.
fn stamp(now: DateTime<Utc>) -> [u16; 2] {
    let local = now.with_timezone(&chrono_tz::Europe::London);
    let time = (local.hour() << 11) | (local.minute() << 5) | (local.second() / 2);
    let year = u32::try_from((local.year() - 1980).clamp(0, 127)).unwrap_or_default();
    let date = (year << 9) | (local.month() << 5) | local.day();
    [time, date].map(|number| u16::try_from(number).unwrap_or_default())
}

/// The last part of a name as a part of a path inside an archive: nothing hidden, nothing that a file system refuses.
#[must_use]
pub fn safe_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let is_safe = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | ' ' | '(' | ')');
    let kept: String = last.chars().map(|c| if is_safe(c) { c } else { '_' }).take(100).collect();
    let kept = kept.trim_matches(|c| matches!(c, '.' | ' '));
    if kept.is_empty() { "file".to_owned() } else { kept.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_what_could_lead_out_of_the_archive() {
        for (name, safe) in [
            ("../../etc/passwd", "passwd"),
            ("C:\\Windows\\report.pdf", "report.pdf"),
            ("..", "file"),
            (".hidden", "hidden"),
            ("Hazard log (v2).xlsx", "Hazard log (v2).xlsx"),
            ("naïve\u{202e}fdp.exe", "naïve_fdp.exe"),
            ("report.pdf. ", "report.pdf"),
        ] {
            assert_eq!(safe_name(name), safe);
        }
    }

    #[test]
    fn what_is_finished_can_be_taken_out_at_any_moment() {
        let now = "2026-04-02T09:00:00Z".parse().unwrap();
        let mut zip = Zip::new(now);
        let mut all = Vec::new();
        zip.begin("a.txt", Packing::Deflated).unwrap();
        for _ in 0..1000 {
            zip.write(b"the same again and again ").unwrap();
            all.extend_from_slice(&zip.take());
        }
        zip.begin("b.bin", Packing::Stored).unwrap();
        zip.write(&[7; 10]).unwrap();
        assert!(zip.ready() > 10);
        zip.finish().unwrap();
        all.extend_from_slice(&zip.take());
        assert!(all.len() < 1000, "{}", all.len());
        assert!(all.starts_with(b"PK\x03\x04"));
        assert!(zip.write(b"late").is_err());
    }
}
