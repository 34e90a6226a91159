//! Stages, sections and questions as versioned data, read from the repository and checked at start.

use serde::Deserialize;

use super::coach::Point;
use crate::words;

mod faults;

words! {
    /// The two halves of the work that is reviewed.
    pub enum Stage {
        /// Data security, clinical risk, service management, medical device.
        NonFunctional = "non-functional",
        /// Core conformance and CIS2 conformance.
        Technical = "technical",
    }
}

words! {
    /// The six sections of "Get your software assured" (NHS England, CIS2 Authentication).
    pub enum Section {
        /// Declare data security and information security.
        DataSecurity = "data-security",
        /// Implement a clinical risk management process.
        ClinicalRisk = "clinical-risk",
        /// Register for service and incident management.
        ServiceManagement = "service-management",
        /// Declare your medical device status.
        MedicalDevice = "medical-device",
        /// Demonstrate your product meets the core conformance criteria.
        CoreConformance = "core-conformance",
        /// Demonstrate technical conformance for NHS CIS2 Authentication.
        Cis2Conformance = "cis2-conformance",
    }
}

impl Section {
    /// The stage that a section belongs to.
    #[must_use]
    pub const fn stage(self) -> Stage {
        match self {
            Self::DataSecurity | Self::ClinicalRisk | Self::ServiceManagement | Self::MedicalDevice => Stage::NonFunctional,
            Self::CoreConformance | Self::Cis2Conformance => Stage::Technical,
        }
    }
}

words! {
    /// How a question is answered.
    pub enum Kind {
        /// Yes or no; stored as the option values `yes` and `no`.
        YesNo = "yes-no",
        /// One of the options.
        SingleChoice = "single-choice",
        /// Any of the options.
        MultipleChoice = "multiple-choice",
        /// One line.
        ShortText = "short-text",
        /// Several lines.
        LongText = "long-text",
        /// A calendar date in Europe/London.
        Date = "date",
        /// One e-mail address, at most 254 characters.
        Email = "email",
        /// A telephone number of 7 to 15 digits.
        Phone = "phone",
        /// An absolute `https` address without user name or password.
        Url = "url",
        /// An IPv4 or IPv6 address.
        IpAddress = "ip-address",
        /// A user number of 12 digits.
        Uuid = "uuid",
        /// Uploaded evidence.
        File = "file",
        /// A number, whole or with one decimal.
        Number = "number",
        /// A statement that is true when ticked.
        Declaration = "declaration",
    }
}

words! {
    /// May a reviewer accept an answer?
    pub enum Acceptance {
        /// Yes.
        Free = "free",
        /// Only with a recorded reason or condition.
        WithReason = "with-reason",
        /// Not while it stands.
        Never = "never",
    }
}

words! {
    /// Of whom an answer speaks: what is true of an organisation is offered to all of its products.
    #[derive(Default)]
    pub enum About {
        /// Of the product alone.
        #[default]
        Product = "product",
        /// Of the organisation, its staff or its certificates, whichever product asks.
        Organisation = "organisation",
    }
}

/// One choice of a question.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Choice {
    /// Stored word; never changed.
    pub value: String,
    /// Shown text; may change with the question's revision.
    pub label: String,
    /// Warning to both sides when this choice is made (a whole sentence).
    pub warning: Option<String>,
    /// Whether a reviewer may accept it.
    #[serde(default = "free")]
    pub acceptance: Acceptance,
    /// Always chosen and cannot be removed.
    #[serde(default)]
    pub fixed: bool,
}

fn free() -> Acceptance {
    Acceptance::Free
}

/// When a question is shown: the named answer or product fact has one of the values, or is above a number.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Condition {
    /// A question key, or `product.migrating-from-cis1`.
    pub on: String,
    /// Shown when the answer is, or includes, one of these values.
    #[serde(default)]
    pub any_of: Vec<String>,
    /// Shown when the number answered is greater.
    pub above: Option<i64>,
}

/// Limits of an uploaded answer.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct FileRule {
    /// Accepted endings, in lower case without dot: pdf, docx, odt, xlsx, ods, csv, png, jpg.
    pub kinds: Vec<String>,
    /// Largest size of one file in MB (1 MB = 1,048,576 bytes).
    pub max_mb: u32,
    /// Largest number of files.
    pub max_files: u32,
    /// Whether an expiry date is asked beside the files.
    #[serde(default)]
    pub expires: bool,
    /// Whether each opening is recorded in the history.
    #[serde(default)]
    pub sensitive: bool,
}

/// Limits of a date. All are measured from the day on which the answer is checked.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct DateRule {
    /// Refused when in the future.
    #[serde(default)]
    pub not_future: bool,
    /// Refused unless in the future.
    #[serde(default)]
    pub future: bool,
    /// Refused when before this date (ISO).
    pub not_before: Option<chrono::NaiveDate>,
    /// Refused when more than this number of days ahead.
    pub within_days: Option<i64>,
    /// Error when older than this number of months.
    pub max_age_months: Option<u32>,
    /// Warning when older than this number of months.
    pub warn_age_months: Option<u32>,
    /// Warning when fewer than this number of days ahead.
    pub warn_days_left: Option<i64>,
}

/// Limits of a number, in tenths so that one decimal is exact.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct NumberRule {
    /// Smallest number.
    pub min: i64,
    /// Largest number.
    pub max: i64,
    /// Whether one decimal is allowed.
    #[serde(default)]
    pub decimal: bool,
    /// Above this number: a warning, and acceptance needs a reason.
    pub reason_above: Option<i64>,
    /// Unit shown after the field, such as `minutes`.
    pub unit: Option<String>,
}

words! {
    /// A rule for one question that needs more than limits; each is a function in `checks.rs`.
    pub enum Format {
        /// Letters, spaces, hyphens, apostrophes and full stops.
        PersonName = "person-name",
        /// A client ID: letters, digits, dots, hyphens, underscores.
        ClientId = "client-id",
        /// A clinician's registration number, by the body answered in `cr-cso-body`.
        Registration = "registration",
        /// One absolute https redirect URI on each line.
        RedirectUris = "redirect-uris",
        /// A date of a DSPT status: current until the 30 June that follows its edition.
        DsptPublished = "dspt-published",
        /// Support hours: weekdays, weekends and bank holidays are mentioned.
        SupportHours = "support-hours",
        /// A desk telephone number: a mobile is a warning.
        DeskPhone = "desk-phone",
        /// A shared mailbox: a personal looking address is a warning.
        SharedMailbox = "shared-mailbox",
        /// A professional address: personal webmail is a warning.
        WorkEmail = "work-email",
        /// The expected ticks of `expected`; each one missing is a warning.
        Expected = "expected",
        /// A back-channel logout address: a public name, same site as the test address.
        LogoutUrl = "logout-url",
    }
}

/// One question.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Question {
    /// Stable key, never reused or renamed; also its address.
    pub key: String,
    /// Raised whenever text, options or limits change: an accepted answer to an older revision is looked at again.
    #[serde(default = "one")]
    pub revision: u32,
    /// Short name for lists and errors, in lower case unless a proper name: "hazard log".
    pub name: String,
    /// The question as asked.
    pub text: String,
    /// Help under the question.
    pub help: String,
    /// How it is answered.
    pub kind: Kind,
    /// The choices of a choice question, in order.
    #[serde(default)]
    pub options: Vec<Choice>,
    /// Of whom its answer speaks. Nothing that is frozen or decided depends on it: it may change without a revision.
    #[serde(default)]
    pub about: About,
    /// When it is shown; always, if absent.
    pub show_when: Option<Condition>,
    /// Fewest and most characters after trimming.
    pub length: Option<(usize, usize)>,
    /// Limits of an upload.
    pub file: Option<FileRule>,
    /// Limits of a date.
    pub date: Option<DateRule>,
    /// Limits of a number.
    pub number: Option<NumberRule>,
    /// A named rule.
    pub format: Option<Format>,
    /// Options that are expected to be ticked (`Format::Expected`).
    #[serde(default)]
    pub expected: Vec<String>,
    /// What a good answer looks like, for reviewers and, as "What we look for", for suppliers.
    pub guidance: String,
    /// Where the question comes from.
    pub basis: String,
    /// Points that an answer must address: advice before sending, which raises no revision and is in no record.
    #[serde(default)]
    pub points: Vec<Point>,
}

fn one() -> u32 {
    1
}

impl Question {
    /// The choice with this stored word.
    #[must_use]
    pub fn choice(&self, value: &str) -> Option<&Choice> {
        self.options.iter().find(|o| o.value == value)
    }
}

/// Questions that are answered together, on one page.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Group {
    /// Heading of the page and row of the section's task list.
    pub title: String,
    /// The questions, follow-ups after the question they follow.
    #[serde(rename = "question")]
    pub questions: Vec<Question>,
}

impl Group {
    /// Address of the page: the key of its first question.
    #[must_use]
    pub fn key(&self) -> &str {
        self.questions.first().map_or("", |q| q.key.as_str())
    }

    /// What it is called: by its only question, or by its title.
    #[must_use]
    pub fn name(&self) -> &str {
        if let [only] = self.questions.as_slice() { &only.name } else { &self.title }
    }
}

/// One section of the question set.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct SectionText {
    /// Which section.
    pub key: Section,
    /// Its title, a task: "Declare your medical device status".
    pub title: String,
    /// A short name for e-mails and lists, lower case: "medical device status".
    pub short: String,
    /// What it is for, in one or two sentences.
    pub purpose: String,
    /// Its pages.
    #[serde(rename = "group")]
    pub groups: Vec<Group>,
}

impl SectionText {
    /// Every question of the section in order.
    pub fn questions(&self) -> impl Iterator<Item = &Question> {
        self.groups.iter().flat_map(|g| g.questions.iter())
    }
}

/// One version of the whole question set.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Catalogue {
    /// Version of the set; a product stays on the version that it started with.
    pub version: u32,
    /// The six sections.
    #[serde(rename = "section")]
    pub sections: Vec<SectionText>,
}

impl Catalogue {
    /// Reads and checks a question set.
    ///
    /// # Errors
    /// A sentence for each fault, naming the question.
    pub fn parse(text: &str) -> Result<Self, Vec<String>> {
        let catalogue: Self = toml::from_str(text).map_err(|e| vec![format!("The question set cannot be read: {e}")])?;
        let faults = catalogue.faults();
        if faults.is_empty() { Ok(catalogue) } else { Err(faults) }
    }

    /// Every question with its section, in order.
    pub fn questions(&self) -> impl Iterator<Item = (Section, &Question)> {
        self.sections.iter().flat_map(|s| s.questions().map(move |q| (s.key, q)))
    }

    /// The question with this key and its section.
    #[must_use]
    pub fn find(&self, key: &str) -> Option<(Section, &Question)> {
        self.questions().find(|(_, q)| q.key == key)
    }

    /// The texts of a section. A checked set has all six.
    #[must_use]
    pub fn section(&self, section: Section) -> Option<&SectionText> {
        self.sections.iter().find(|s| s.key == section)
    }
}

/// The product facts that a condition may name, with their values.
pub const PRODUCT_FACTS: &[(&str, &[&str])] = &[("product.migrating-from-cis1", &["yes", "no"])];
