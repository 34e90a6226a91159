//! Checks an uploaded PDF: what it must be, what it must not hold, and the words for a file that fails.
//!
//! A file from outside is read by a process of its own, with limits on memory and time. The [`Inspector`] starts that
//! process, [`child`] is what runs in it, and [`examine()`] is the check itself, which does no I/O.

pub mod child;
mod examine;
mod inspector;
mod names;
mod outline;
mod scan;

use serde::{Deserialize, Serialize};

pub use examine::examine;
pub use inspector::Inspector;

/// The largest file that is looked at, in bytes: 20 MiB.
pub const MAX_BYTES: usize = 20 * 1024 * 1024;

/// What the uploaded file is compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    /// Pages of the document that was issued. A signed copy may have more, never fewer.
    pub min_pages: u32,
    /// Words that the issued document carries on its pages, such as its fingerprint. Space and line ends do not count.
    pub phrase: String,
}

/// What is known of a file that passed. Help for the person who reviews it; no proof of a signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// Pages that can be reached from the page tree.
    pub pages: u32,
    /// Whether a signature field is there that something has filled in. It says nothing about who signed, or whether the
    /// signature holds (ISO 32000-1, 12.8).
    pub has_signature_field: bool,
    /// Whether the expected phrase was found in the text of a page. A scan of a signed print has no text.
    pub text_found: bool,
}

/// Why a file cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Fault {
    /// There are no bytes.
    Empty,
    /// More bytes than [`MAX_BYTES`].
    TooLarge,
    /// It does not begin like a PDF, or is a file of another kind at the same time.
    NotPdf,
    /// It is cut off, damaged, or has no pages.
    Broken,
    /// It is encrypted, even if with an empty password.
    Encrypted,
    /// It holds something that acts.
    Active(Active),
    /// It has fewer pages than the document that was issued.
    TooFewPages {
        /// Pages of the file.
        has: u32,
        /// Pages of the document that was issued.
        needs: u32,
    },
    /// It could not be read within the limits of depth, memory and time.
    TooComplex,
}

/// Things in a PDF that act by themselves or carry something else (ISO 32000-1, 12.6.4, 7.11.4, 12.7.8, 13).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Active {
    /// A script.
    Script,
    /// An action that starts a program.
    Launch,
    /// A file inside the file.
    EmbeddedFile,
    /// Film, sound or 3D.
    Media,
    /// A form of the XFA kind, which replaces the pages.
    DynamicForm,
    /// An action that sends or loads form data.
    FormData,
    /// A link into another file.
    OtherFile,
}

impl Fault {
    /// What to tell the person who chose the file.
    #[must_use]
    pub fn sentence(self) -> String {
        match self {
            Self::Empty => "The selected file is empty".to_owned(),
            Self::TooLarge => "The selected file must be smaller than 20MB".to_owned(),
            Self::NotPdf => "The selected file must be a PDF".to_owned(),
            Self::Broken => "The selected file is damaged or not complete. Save it again and select the new copy".to_owned(),
            Self::Encrypted => "The selected file is password protected. Save it again without a password".to_owned(),
            Self::Active(what) => what.sentence().to_owned(),
            Self::TooFewPages { has, needs } => {
                let pages = if has == 1 { "page" } else { "pages" };
                format!("The selected file has {has} {pages}. The agreement that we issued has {needs}")
            }
            Self::TooComplex => {
                "The selected file is too complicated to check. Select a simpler copy, such as a scan of the signed pages"
                    .to_owned()
            }
        }
    }
}

impl Active {
    const fn sentence(self) -> &'static str {
        match self {
            Self::Script => "The selected file contains a script. Save it again without one",
            Self::Launch => "The selected file starts another program when it is used. Save it again without that action",
            Self::EmbeddedFile => "The selected file has another file inside it. Save it again without attachments",
            Self::Media => "The selected file contains film, sound or 3D. Save it again without them",
            Self::DynamicForm => "The selected file contains an XFA form. Print it to a new PDF and select that",
            Self::FormData => "The selected file sends or loads form data. Save it again without that action",
            Self::OtherFile => "The selected file has a link into another file. Save it again without the link",
        }
    }
}
