//! The check of a PDF: outline, bytes, then the objects of every revision, then pages, signature and text.

use std::collections::HashSet;

use lopdf::xref::{XrefEntry, XrefRecovery};
use lopdf::{DecompressError, Dictionary, Document, Error, LoadOptions, Object, ObjectId, Stream};

use super::names::banned;
use super::scan::MAX_DEPTH;
use super::{Active, Expected, Fault, Report, outline, scan};

/// Bytes that one stream of objects may unpack to. Real ones hold 100 or 200 objects.
const MAX_UNPACKED: usize = 16 * 1024 * 1024;

/// Bytes that the content of one page may unpack to when its text is looked for.
const MAX_PAGE: usize = 4 * 1024 * 1024;

/// Pages whose text is looked for.
const MAX_TEXT_PAGES: usize = 200;

/// Judges a file by its bytes: what it is, or the first thing that is wrong with it.
///
/// The file is judged as its last revision shows it, and refused for what an earlier one holds, and for what a reader
/// that repairs it would find. Memory and time are bounded by the process around it; see [`super::child`].
///
/// # Errors
/// The fault, with its sentence.
pub fn examine(bytes: &[u8], expected: &Expected) -> Result<Report, Fault> {
    outline::check(bytes)?;
    let mut streams = scan::file(bytes)?;
    let mut judged = HashSet::new();
    for revision in outline::earlier_revisions(bytes)? {
        // The first part of a file that is laid out for the web is no file of its own.
        match load(revision, false) {
            Err(Fault::Broken) => {}
            earlier => judged.extend(judge(&earlier?)?),
        }
    }
    judged.extend(judge(&load(bytes, true)?)?);
    let document = load(bytes, false)?;
    if document.xref_recovery == Some(XrefRecovery::Reconstructed) {
        return Err(Fault::Broken);
    }
    judged.extend(judge(&document)?);
    streams.extend(containers(&document));
    if !streams.is_subset(&judged) {
        return Err(Fault::Broken);
    }
    let pages = count_pages(&document)?;
    if pages < expected.min_pages {
        return Err(Fault::TooFewPages { has: pages, needs: expected.min_pages });
    }
    let has_signature_field = document.objects.values().any(is_signature);
    Ok(Report { pages, has_signature_field, text_found: has_text(&document, &expected.phrase) })
}

/// Reads a file as its tables say, or as a reader does that finds them damaged and searches for objects.
fn load(bytes: &[u8], is_repair: bool) -> Result<Document, Fault> {
    let options = LoadOptions { max_decompressed_size: Some(MAX_UNPACKED), force_reconstruct: is_repair, ..LoadOptions::default() };
    Document::load_mem_with_options(bytes, options).map_err(|error| fault(&error))
}

fn fault(error: &Error) -> Fault {
    if matches!(
        error,
        Error::Decompress(DecompressError::MemoryLimitExceeded { .. } | DecompressError::TooManyFilters { .. })
            | Error::RecursionLimit
            | Error::ReferenceLimit
    ) {
        Fault::TooComplex
    } else if matches!(error, Error::InvalidPassword | Error::Decryption(_) | Error::UnsupportedSecurityHandler(_)) {
        Fault::Encrypted
    } else {
        Fault::Broken
    }
}

/// The numbers of the streams that the tables say objects are in. Not every reader asks them to call themselves that.
fn containers(document: &Document) -> impl Iterator<Item = u32> {
    document.reference_table.entries.values().filter_map(|entry| match entry {
        XrefEntry::Compressed { container, .. } => Some(*container),
        XrefEntry::Normal { .. } | XrefEntry::Free | XrefEntry::UnusableFree => None,
    })
}

/// Looks at every object that was read, whether anything leads to it or not. Gives the numbers of the streams of objects.
fn judge(document: &Document) -> Result<HashSet<u32>, Fault> {
    if document.encryption_state.is_some() || document.trailer.has(b"Encrypt") {
        return Err(Fault::Encrypted);
    }
    judge_dictionary(&document.trailer)?;
    let mut streams = HashSet::new();
    for ((number, _), object) in &document.objects {
        judge_all(vec![(object, 0)])?;
        if let Object::Stream(stream) = object
            && stream.dict.has_type(b"ObjStm")
        {
            judge_object_stream(stream)?;
            streams.insert(*number);
        }
    }
    Ok(streams)
}

fn judge_dictionary(dictionary: &Dictionary) -> Result<(), Fault> {
    judge_keys(dictionary)?;
    judge_all(dictionary.iter().map(|(_, value)| (value, 1)).collect())
}

fn judge_all(mut open: Vec<(&Object, usize)>) -> Result<(), Fault> {
    while let Some((object, depth)) = open.pop() {
        if depth > MAX_DEPTH {
            return Err(Fault::TooComplex);
        }
        let dictionary = match object {
            Object::Name(name) => refuse_banned(name).map(|()| None)?,
            Object::Array(items) => {
                open.extend(items.iter().map(|item| (item, depth + 1)));
                None
            }
            Object::Dictionary(dictionary) => Some(dictionary),
            Object::Stream(stream) => Some(&stream.dict),
            Object::Null
            | Object::Boolean(_)
            | Object::Integer(_)
            | Object::Real(_)
            | Object::String(..)
            | Object::Reference(_) => None,
        };
        if let Some(dictionary) = dictionary {
            judge_keys(dictionary)?;
            open.extend(dictionary.iter().map(|(_, value)| (value, depth + 1)));
        }
    }
    Ok(())
}

fn judge_keys(dictionary: &Dictionary) -> Result<(), Fault> {
    for (key, _) in dictionary {
        refuse_banned(key)?;
    }
    // The entry of a file specification that holds the bytes of the file themselves.
    if dictionary.has(b"EF") { Err(Fault::Active(Active::EmbeddedFile)) } else { Ok(()) }
}

fn refuse_banned(name: &[u8]) -> Result<(), Fault> {
    banned(name).map_or(Ok(()), |what| Err(Fault::Active(what)))
}

/// The parser leaves out the members of an object stream that it cannot read. Another reader might not.
fn judge_object_stream(stream: &Stream) -> Result<(), Fault> {
    let content = stream.get_plain_content_with_limit(MAX_UNPACKED).map_err(|error| fault(&error))?;
    let first = stream.dict.get(b"First").and_then(Object::as_i64).ok().and_then(|n| usize::try_from(n).ok());
    scan::object_stream(&content, first.ok_or(Fault::Broken)?)
}

/// Counts the pages that the page tree leads to, whatever number the tree claims. Nothing in it may come twice.
fn count_pages(document: &Document) -> Result<u32, Fault> {
    let catalog = document.catalog().map_err(|_| Fault::Broken)?;
    let mut open: Vec<ObjectId> = vec![reference(catalog.get(b"Pages").ok())?];
    let mut seen = HashSet::new();
    let mut pages = 0;
    while let Some(id) = open.pop() {
        if !seen.insert(id) {
            return Err(Fault::Broken);
        }
        let node = document.get_dictionary(id).map_err(|_| Fault::Broken)?;
        if node.has(b"Kids") {
            let kids = node.get_deref(b"Kids", document).and_then(Object::as_array).map_err(|_| Fault::Broken)?;
            for kid in kids {
                open.push(reference(Some(kid))?);
            }
        } else if node.has_type(b"Page") {
            pages += 1;
        }
    }
    if pages == 0 { Err(Fault::Broken) } else { Ok(pages) }
}

fn reference(object: Option<&Object>) -> Result<ObjectId, Fault> {
    object.and_then(|o| o.as_reference().ok()).ok_or(Fault::Broken)
}

/// A signature: a field of that type with a value, or the value, which names the bytes that it covers.
fn is_signature(object: &Object) -> bool {
    object.as_dict().is_ok_and(|d| {
        let is_filled_field = d.get(b"FT").and_then(Object::as_name).is_ok_and(|t| t == b"Sig") && d.has(b"V");
        is_filled_field || (d.has(b"ByteRange") && d.has(b"Contents"))
    })
}

fn has_text(document: &Document, phrase: &str) -> bool {
    let phrase = without_space(phrase);
    let numbers = document.get_pages().into_keys().take(MAX_TEXT_PAGES);
    !phrase.is_empty()
        && numbers.into_iter().any(|number| {
            let chunks = document.extract_text_chunks_with_limit(&[number], MAX_PAGE);
            let text: String = chunks.into_iter().flatten().collect();
            without_space(&text).contains(&phrase)
        })
}

fn without_space(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}
