//! Uploaded evidence: is a file what its name says, and does the rule of its place allow it?

use super::form::PostedFile;
use crate::domain::catalogue::FileRule;
use crate::domain::upload::ending;
use crate::error::Error;
use crate::store::file::Incoming;

/// "PDF, PNG or JPG, smaller than 20MB. Up to 3 files."
#[must_use]
pub fn words(rule: &FileRule) -> String {
    let mut kinds: Vec<String> = rule.kinds.iter().map(|k| k.to_uppercase()).collect();
    let last = kinds.pop().unwrap_or_default();
    let kinds = if kinds.is_empty() { last } else { format!("{} or {last}", kinds.join(", ")) };
    let many = if rule.max_files > 1 { format!(" Up to {} files.", rule.max_files) } else { String::new() };
    format!("{kinds}, smaller than {}MB.{many}", rule.max_mb)
}

/// The endings that a browser offers to choose from.
#[must_use]
pub fn accept(rule: &FileRule) -> String {
    rule.kinds.iter().map(|kind| format!(".{kind}")).collect::<Vec<_>>().join(",")
}

/// Checks an upload against the rule of its place.
///
/// # Errors
/// Outside: when the bytes cannot be read. Inside: the sentence shown beside the field.
pub async fn check(rule: &FileRule, file: &mut PostedFile) -> Result<Result<(), String>, Error> {
    let Some(content) = &mut file.content else { return Ok(Err(rule.too_large())) };
    if let Err(sentence) = rule.admits(&file.name, content.size()) {
        return Ok(Err(sentence));
    }
    content_is(&ending(&file.name), rule, content).await
}

/// Microsoft's old container: documents of before 2007, and newer ones that are protected by a password.
const OLD_CONTAINER: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

async fn content_is(ending: &str, rule: &FileRule, content: &mut Incoming) -> Result<Result<(), String>, Error> {
    let locked = || Err("The selected file is password protected".to_owned());
    let head = content.head().to_vec();
    if head.starts_with(OLD_CONTAINER) && matches!(ending, "docx" | "xlsx") {
        return Ok(locked());
    }
    let fits = match ending {
        "pdf" => {
            let bytes = content.bytes().await?;
            if !has(&bytes, b"%%EOF") || !head.starts_with(b"%PDF-") {
                false
            } else if has(&bytes, b"/Encrypt") {
                return Ok(locked());
            } else {
                true
            }
        }
        "png" => head.starts_with(&[0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A]),
        "jpg" => head.starts_with(&[0xFF, 0xD8, 0xFF]),
        "csv" => std::str::from_utf8(&content.bytes().await?).is_ok_and(|t| !t.contains('\0')),
        "docx" => is_zip_with(content, &head, b"word/document.xml").await?,
        "xlsx" => is_zip_with(content, &head, b"xl/workbook.xml").await?,
        "odt" => has(&head, b"application/vnd.oasis.opendocument.text") && head.starts_with(b"PK\x03\x04"),
        "ods" => has(&head, b"application/vnd.oasis.opendocument.spreadsheet") && head.starts_with(b"PK\x03\x04"),
        _ => false,
    };
    if fits { Ok(Ok(())) } else { Ok(Err(format!("{}, and what is in it must agree with its name", rule.must_be()))) }
}

async fn is_zip_with(content: &mut Incoming, head: &[u8], part: &[u8]) -> Result<bool, Error> {
    // Names of the parts stand uncompressed in the container.
    Ok(head.starts_with(b"PK\x03\x04") && has(&content.bytes().await?, part))
}

fn has(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|w| w == part)
}
