//! Closed lists of words and typed identifiers: one spelling for code, database, page and log.

/// Declares an enum whose every value has one stored word.
///
/// The enum gains `ALL`, [`word`](crate::domain::section::SectionState::word) and `from_word`, and is
/// serialised as its word.
#[macro_export]
macro_rules! words {
    ($(#[$meta:meta])* $vis:vis enum $name:ident { $($(#[$vmeta:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        $vis enum $name { $($(#[$vmeta])* #[serde(rename = $word)] $variant),+ }
        impl $name {
            /// Every value, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// The stored and addressed word.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
            /// The value of a stored word, if there is one.
            #[must_use]
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.word())
            }
        }
    };
}

/// Declares identifiers that cannot be mistaken for one another.
#[macro_export]
macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub struct $name(pub uuid::Uuid);
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}

ids! {
    /// A person with an account.
    PersonId,
    /// A supplier organisation.
    OrganisationId,
    /// A product that is being assured.
    ProductId,
    /// An uploaded file.
    FileId,
    /// An invitation by e-mail.
    InvitationId,
    /// A published date for a demonstration.
    SlotId,
    /// A person's leave.
    LeaveId,
    /// A declared interest in a supplier.
    InterestId,
    /// A text that reviewers start from.
    StandardReplyId,
    /// A saved view of a list.
    ViewId,
    /// A link by which a signatory without an account signs.
    SigningId,
    /// A thread of messages about a product.
    ThreadId,
    /// A message in a thread.
    MessageId,
    /// What somebody typed and did not save yet.
    DraftId,
}
