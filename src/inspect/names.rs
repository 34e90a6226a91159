//! The names that a signed agreement has no use for, and how a name is read.

use super::Active;

/// Names of actions, annotations and entries that act or carry something (ISO 32000-1, tables 29, 31, 44, 45, 169, 198
/// and 218; ISO 32000-2 for rich media). They are refused wherever they stand: as a value or as the key of an entry.
const BANNED: &[(&[u8], Active)] = &[
    (b"JavaScript", Active::Script),
    (b"JS", Active::Script),
    (b"OnInstantiate", Active::Script),
    (b"Launch", Active::Launch),
    (b"EmbeddedFile", Active::EmbeddedFile),
    (b"EmbeddedFiles", Active::EmbeddedFile),
    (b"FileAttachment", Active::EmbeddedFile),
    (b"RichMedia", Active::Media),
    (b"RichMediaExecute", Active::Media),
    (b"Movie", Active::Media),
    (b"Sound", Active::Media),
    (b"Rendition", Active::Media),
    (b"XFA", Active::DynamicForm),
    (b"SubmitForm", Active::FormData),
    (b"ImportData", Active::FormData),
    (b"GoToR", Active::OtherFile),
    (b"GoToE", Active::OtherFile),
];

/// What a name stands for, if it is one of those that are refused.
pub(super) fn banned(name: &[u8]) -> Option<Active> {
    BANNED.iter().find(|(banned, _)| *banned == name).map(|(_, active)| *active)
}

/// Whether a byte is white space (ISO 32000-1, table 1).
pub(super) const fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 12 | b'\r' | b' ')
}

/// Whether a byte can stand in a name, a number or a keyword (ISO 32000-1, 7.2.2).
pub(super) const fn is_regular(byte: u8) -> bool {
    !is_space(byte) && !matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

/// A name with its `#61` escapes undone (ISO 32000-1, 7.3.5).
pub(super) fn unescaped(raw: &[u8]) -> Vec<u8> {
    let mut name = Vec::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((&byte, after)) = rest.split_first() {
        let escaped = (byte == b'#').then(|| after.split_first_chunk::<2>()).flatten();
        let value = escaped.and_then(|([high, low], left)| Some((hex(*high)? * 16 + hex(*low)?, left)));
        let (byte, left) = value.unwrap_or((byte, after));
        name.push(byte);
        rest = left;
    }
    name
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|d| u8::try_from(d).ok())
}
