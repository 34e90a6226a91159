//! The words of a message: a notice becomes a subject, a text and a link.

use anyhow::Context;
use askama::Template;
use chrono::{DateTime, NaiveDate, Utc};

use crate::act::Rules;
use crate::domain::calendar::london_date;
use crate::domain::catalogue::Section;
use crate::domain::demonstration::TEST_HOURS;
use crate::domain::forecast::Likely;
use crate::domain::matter::Matter;
use crate::domain::notice::{MovedDate, News, Notice, Promise, QuestionNews};
use crate::domain::parse::capitalised;
use crate::domain::reminder::promises::is_promised;
use crate::domain::waits::Topic;
use crate::secret::LinkKey;
use crate::store::outbox::Letter;
use crate::words;

/// A message as it would be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// Subject, on one line.
    pub subject: String,
    /// Plain text.
    pub body: String,
}

/// What makes links and texts.
#[derive(Clone)]
pub struct Writer {
    /// The public address, without a slash at its end.
    pub base: String,
    /// Signs links.
    pub links: LinkKey,
    /// Names of sections.
    pub rules: Rules,
}

#[derive(Template)]
#[template(path = "mail.txt")]
struct Page<'a> {
    rules: &'a Rules,
    notice: &'a Notice,
    name: &'a str,
    product: &'a str,
    reference: &'a str,
    organisation: &'a str,
    base: &'a str,
    code: String,
    link: String,
}

impl Page<'_> {
    #[expect(clippy::unused_self, reason = "the template calls it")]
    fn date(&self, date: &NaiveDate) -> String {
        words::plain_date(*date)
    }

    /// The day of a moment, in Europe/London.
    #[expect(clippy::unused_self, reason = "the template calls it")]
    fn day(&self, at: &DateTime<Utc>) -> String {
        words::plain_date(london_date(*at))
    }

    /// When a product is likely to finish: "between 11 May and 1 June 2026", "11 May 2026"; with ordinary spaces.
    #[expect(clippy::unused_self, reason = "the template calls it")]
    fn range(&self, likely: &Likely) -> String {
        let text = if likely.from == likely.until { likely.range() } else { likely.words() };
        text.replace('\u{a0}', " ")
    }

    /// The time of a moment, in Europe/London.
    #[expect(clippy::unused_self, reason = "the template calls it")]
    fn time(&self, at: &DateTime<Utc>) -> String {
        words::time(*at)
    }

    /// When a demonstration that begins at a moment ends.
    #[expect(clippy::unused_self, reason = "the template calls it")]
    fn end(&self, at: &DateTime<Utc>) -> String {
        words::time(*at + chrono::Duration::hours(TEST_HOURS))
    }

    /// "1 line", "3 lines".
    #[expect(clippy::unused_self, reason = "the template calls it")]
    fn counted(&self, number: &u32, noun: &str) -> String {
        words::counted(usize::try_from(*number).unwrap_or(usize::MAX), noun)
    }

    /// "2 reviews and 1 message are": what waits, the kinds left out of which there is none.
    #[expect(clippy::unused_self, reason = "the template calls it")]
    fn waiting(&self, reviews: &u64, messages: &u64) -> String {
        let kinds =
            [(*reviews, "review"), (*messages, "message")].map(|(n, noun)| (usize::try_from(n).unwrap_or(usize::MAX), noun));
        let some: Vec<_> = kinds.into_iter().filter(|(number, _)| *number > 0).collect();
        let said: Vec<String> = some.iter().map(|(number, noun)| words::counted(*number, noun)).collect();
        let verb = if matches!(some.as_slice(), [(1, _)]) { "is" } else { "are" };
        format!("{} {verb}", words::listed(&said))
    }

    #[expect(clippy::unused_self, reason = "the template calls it")]
    fn capitalised(&self, text: &str) -> String {
        capitalised(text)
    }

    /// Whether the supplier is told that the date was not kept.
    #[expect(clippy::unused_self, reason = "the template calls it")]
    fn is_told(&self, promise: &Promise) -> bool {
        is_promised(promise.topic)
    }

    /// What was promised: "the review of data security", "the certificate".
    fn thing(&self, promise: &Promise) -> String {
        match promise.section {
            Some(section) => format!("the review of {}", self.short(&section)),
            None => promise.topic.thing().to_owned(),
        }
    }

    /// What has moved: "The review of data security", "Our answer to “Can we test in August?”".
    fn moved(&self, moved: &MovedDate) -> String {
        match &moved.promise {
            Some(promise) => capitalised(&self.thing(promise)),
            None => format!("Our answer to \"{}\"", moved.subject),
        }
    }

    /// Whether the recipient can choose to get such e-mails in another way.
    fn is_chosen(&self) -> bool {
        Matter::of(self.notice).choices().len() > 1
    }

    /// Why somebody gets this e-mail about a product.
    fn why(&self) -> String {
        let is_signatory = matches!(self.notice, Notice::SignatureAsked { .. } | Notice::SigningCode { .. });
        let is_staff = matches!(
            self.notice,
            Notice::DateWanted { .. }
                | Notice::AgreementToCheck { .. }
                | Notice::DueTomorrow { .. }
                | Notice::Overdue { .. }
                | Notice::NewWork { .. }
        ) || matches!(self.notice, Notice::Message { news, .. } if news.is_for_staff());
        match (is_signatory, is_staff) {
            (true, _) => format!("you were named as the officer who signs for {}", self.organisation),
            (false, true) => "you work in the assurance team".to_owned(),
            (false, false) => format!("you work on {}", self.product),
        }
    }

    #[expect(clippy::unused_self, reason = "the template calls it")]
    fn plain(&self, text: &str) -> String {
        text.replace('\u{a0}', " ")
    }

    fn title(&self, section: &Section) -> String {
        let catalogue = self.rules.catalogue(self.rules.newest()).ok();
        catalogue.and_then(|c| c.section(*section)).map(|s| s.title.clone()).unwrap_or_default()
    }

    fn short(&self, section: &Section) -> String {
        let catalogue = self.rules.catalogue(self.rules.newest()).ok();
        catalogue.and_then(|c| c.section(*section)).map(|s| s.short.clone()).unwrap_or_default()
    }

    #[expect(clippy::unused_self, reason = "the template calls it")]
    fn first_three<'b>(&self, sections: &'b [Section]) -> &'b [Section] {
        sections.get(..3).unwrap_or(sections)
    }

    #[expect(clippy::unused_self, reason = "the template calls it")]
    fn days_from_now(&self, days: &i64) -> String {
        match *days {
            0 => "today".to_owned(),
            1 => "1 working day from now".to_owned(),
            n if n < 0 => "which has passed".to_owned(),
            n => format!("{n} working days from now"),
        }
    }
}

impl Writer {
    /// The message for a letter. The same letter gives the same message each time.
    ///
    /// # Errors
    /// When the template fails.
    pub fn write(&self, letter: &Letter) -> anyhow::Result<Text> {
        let (reference, product) = letter.product.clone().unwrap_or_default();
        let page = Page {
            rules: &self.rules,
            notice: &letter.notice,
            name: &letter.name,
            product: &product,
            reference: &reference,
            organisation: &letter.organisation,
            base: &self.base,
            code: self.code(&letter.notice),
            link: self.link(&letter.notice, &reference),
        };
        let text = page.render()?;
        let (subject, body) = text.trim_start().split_once('\n').context("a mail template without a subject")?;
        let subject = subject.split_whitespace().collect::<Vec<_>>().join(" ");
        Ok(Text { subject, body: tidy(body) })
    }

    /// Where a letter leads.
    #[must_use]
    pub fn address(&self, letter: &Letter) -> String {
        let reference = letter.product.as_ref().map_or("", |(reference, _)| reference);
        self.link(&letter.notice, reference)
    }

    /// The code of a signatory; empty for everything else.
    fn code(&self, notice: &Notice) -> String {
        if let Notice::SigningCode { signing, at, .. } = notice {
            return self.links.signing_code(signing.0, *at);
        }
        String::new()
    }

    fn link(&self, notice: &Notice, reference: &str) -> String {
        let base = &self.base;
        let product = format!("{base}/products/{}", reference.to_lowercase());
        match notice {
            Notice::Invitation { invitation, .. } => format!("{base}/invitations/{}", self.links.sign("invitation", invitation.0)),
            Notice::AccountReady | Notice::PasswordChanged { .. } => format!("{base}/login"),
            Notice::PasswordReset { reset, .. } => format!("{base}/reset-password/{}", self.links.sign("reset", *reset)),
            Notice::ProductAdded { .. }
            | Notice::SectionSent { .. }
            | Notice::SectionAccepted { .. }
            | Notice::Assured
            | Notice::WentLive { .. }
            | Notice::SignInAltered { .. }
            | Notice::WeAreLate { .. }
            | Notice::DatesMoved { .. } => product,
            Notice::ReviewAssigned { section, .. } => format!("{product}/sections/{section}/review"),
            Notice::ChangesNeeded { section, .. } | Notice::SectionReopened { section, .. } => {
                format!("{product}/sections/{section}/feedback")
            }
            Notice::SignatureAsked { signing, .. } | Notice::SigningCode { signing, .. } => {
                format!("{base}/sign/{}", self.links.sign("signing", signing.0))
            }
            Notice::CertificateIssued { .. } | Notice::CertificateWithdrawn { .. } | Notice::CertificateKept { .. } => {
                format!("{product}/certificate")
            }
            Notice::DateWanted { .. } => format!("{product}/demonstration/wish"),
            Notice::DueTomorrow { promise, .. } | Notice::Overdue { promise, .. } => format!("{product}{}", workplace(*promise)),
            Notice::Unanswered { section, .. } => format!("{product}/sections/{section}/feedback"),
            Notice::Reminded { of, .. } => format!("{product}{}", task(of.topic, of.section)),
            Notice::EvidenceEnds { section, question, .. } => format!("{product}/sections/{section}/questions/{question}"),
            Notice::Question(news) => {
                let (section, question) = news.place();
                format!("{product}/sections/{section}/questions/{question}")
            }
            Notice::NewWork { .. } => format!("{base}/queue"),
            Notice::Message { thread, .. } => format!("{product}/messages/{thread}"),
            Notice::Summary { .. } => format!("{base}/notifications"),
            Notice::AgreementToCheck { .. } => format!("{product}/agreement/check"),
            Notice::DetailsMissing { .. } => format!("{product}/demonstration/details"),
            Notice::DateAsked { .. }
            | Notice::NoDate
            | Notice::WishTakenBack { .. }
            | Notice::DemonstrationBooked { .. }
            | Notice::CheckProblem { .. }
            | Notice::DemonstrationConfirmed { .. }
            | Notice::DemonstrationReminder { .. }
            | Notice::DemonstrationMoved { .. }
            | Notice::DemonstrationCancelled { .. }
            | Notice::TestPassed { .. }
            | Notice::TestNotPassed { .. }
            | Notice::TestNotHeld { .. }
            | Notice::TestRepeated => format!("{product}/demonstration"),
            Notice::AgreementIssued { .. }
            | Notice::AgreementReissued
            | Notice::AgreementSigned { .. }
            | Notice::SigningReminder { .. }
            | Notice::SigningRefused { .. }
            | Notice::AgreementAccepted
            | Notice::AgreementReturned
            | Notice::AgreementRenewed => format!("{product}/agreement"),
        }
    }
}

/// Where a promise is kept, behind the address of the product.
fn workplace(promise: Promise) -> String {
    match promise.topic {
        Topic::Review => promise.section.map(|s| format!("/sections/{s}/review")).unwrap_or_default(),
        Topic::DateWish => "/demonstration/wish".to_owned(),
        Topic::Checks => "/demonstration/checks".to_owned(),
        Topic::Test | Topic::RunSheet => "/demonstration/run-sheet".to_owned(),
        Topic::Certificate => "/certificate/issue".to_owned(),
        Topic::AgreementIssue => "/agreement/issue".to_owned(),
        Topic::SignedCopy => "/agreement/check".to_owned(),
        Topic::Feedback
        | Topic::Answers
        | Topic::Booking
        | Topic::TestFacts
        | Topic::CheckProblem
        | Topic::Doubt
        | Topic::Signatory
        | Topic::Signature
        | Topic::Production
        | Topic::GoLive => String::new(),
    }
}

/// Where the supplier does what is waited for, behind the address of the product.
fn task(topic: Topic, section: Option<Section>) -> String {
    match (topic, section) {
        (Topic::Feedback, Some(section)) => format!("/sections/{section}/feedback"),
        (Topic::Answers, Some(section)) => format!("/sections/{section}"),
        (Topic::Booking, _) => "/demonstration/book".to_owned(),
        (Topic::TestFacts, _) => "/demonstration/details".to_owned(),
        (Topic::CheckProblem, _) => "/demonstration".to_owned(),
        (Topic::Signatory, _) => "/agreement/signatory".to_owned(),
        (Topic::Signature, _) => "/agreement".to_owned(),
        (Topic::Production, _) => "/live".to_owned(),
        (
            Topic::Feedback
            | Topic::Answers
            | Topic::Review
            | Topic::DateWish
            | Topic::Checks
            | Topic::Test
            | Topic::RunSheet
            | Topic::Certificate
            | Topic::Doubt
            | Topic::AgreementIssue
            | Topic::SignedCopy
            | Topic::GoLive,
            _,
        ) => String::new(),
    }
}

/// At most one empty line in a row, none at the ends.
fn tidy(body: &str) -> String {
    let mut lines: Vec<&str> = Vec::new();
    for line in body.trim().lines().map(str::trim_end) {
        if !(line.is_empty() && lines.last().is_some_and(|l| l.is_empty())) {
            lines.push(line);
        }
    }
    lines.join("\n") + "\n"
}
