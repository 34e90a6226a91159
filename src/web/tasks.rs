//! The task list of a product: its sections, its demonstration, its certificate and its agreement.

use super::ctx::SignedIn;
use super::place::texts;
use crate::domain::agreement::judge::Judge as AgreementJudge;
use crate::domain::agreement::{AgreementAct, AgreementState};
use crate::domain::catalogue::{Section, Stage};
use crate::domain::certificate::CertificateState;
use crate::domain::decide::Setting;
use crate::domain::demonstration::DemonstrationState;
use crate::domain::machine::Who;
use crate::domain::product::Product;
use crate::domain::refusal::Refusal;
use crate::domain::section::SectionStatus;
use crate::domain::waits::What;
use crate::error::Error;
use crate::words::{counted, date_time, long_date};

/// One thing in the task list.
pub struct Task {
    /// Identifier on the page.
    pub id: String,
    /// What it is.
    pub title: String,
    /// Where it is done; empty while it cannot start.
    pub href: String,
    /// More about it, or nothing.
    pub hint: String,
    /// Its status.
    pub tag: &'static str,
    /// The look of the status.
    pub look: &'static str,
}

/// Things that belong together.
pub struct Stagelist {
    /// What they are.
    pub heading: &'static str,
    /// How they are done.
    pub hint: &'static str,
    /// The things.
    pub tasks: Vec<Task>,
}

const CANNOT_START: (&str, &str) = ("Cannot start yet", "quiet");
const COMPLETED: (&str, &str) = ("Completed", "plain");
const WITH_US: (&str, &str) = ("With us", "purple");

/// The four groups of a product's tasks.
///
/// # Errors
/// When the question set is not in this program.
pub fn stages(me: &SignedIn, setting: &Setting<'_>, product: &Product) -> Result<Vec<Stagelist>, Error> {
    let stage = |stage: Stage, heading, hint| -> Result<Stagelist, Error> {
        let sections = Section::ALL.iter().filter(|s| s.stage() == stage);
        let tasks = sections.map(|s| section_task(me, setting, product, *s)).collect::<Result<_, _>>()?;
        Ok(Stagelist { heading, hint, tasks })
    };
    let list = Tasks { me, setting, product };
    Ok(vec![
        stage(
            Stage::NonFunctional,
            "Non-functional requirements",
            "Send each section as soon as it’s ready. We reply within 5 working days.",
        )?,
        stage(
            Stage::Technical,
            "Technical conformance",
            "You can draft these now. Only send them when your product works in our integration (INT) environment.",
        )?,
        Stagelist {
            heading: "Demonstration",
            hint: "You show your product to us in INT. It takes about 2 hours, and we need 2 weeks’ notice.",
            tasks: vec![list.booking(), list.details(), list.test()],
        },
        Stagelist {
            heading: "Certificate and agreement",
            hint: "Your legal team can read a sample of the Connection Agreement now.",
            tasks: [Some(list.certificate()), list.signatory(), Some(list.agreement()), Some(list.live())]
                .into_iter()
                .flatten()
                .collect(),
        },
    ])
}

fn section_task(me: &SignedIn, setting: &Setting<'_>, product: &Product, section: Section) -> Result<Task, Error> {
    let given = product.given(setting.catalogue, setting.today());
    let status = product.status(&given, section);
    let (answered, of) = product.answered(&given, section);
    let asked = product.asked(&given, section).len();
    let record = product.section(section);
    let text = texts(setting.catalogue, section)?;
    let hub = format!("{}/sections/{section}", product.address());
    let first = text.groups.iter().find(|g| g.questions.iter().any(|q| given.is_shown(q))).map_or("", |g| g.key());
    let is_editor = crate::domain::machine::Who::Editor.admits(&me.actor, product.organisation);
    let review = me.actor.sees_all() && record.round > 0;
    let (href, hint) = match status {
        SectionStatus::InReview => {
            let late = record.reply_by.is_some_and(|by| by < me.today());
            let words = match (late, review) {
                (true, _) => "Reply was due by",
                (false, true) => "Reply by",
                (false, false) => "We’ll reply by",
            };
            let href = if review { format!("{hub}/review") } else { hub };
            (href, record.reply_by.map(|d| format!("{words} {}", long_date(d))))
        }
        SectionStatus::ChangesNeeded if is_editor => (format!("{hub}/feedback"), Some(needs_more(asked, of))),
        SectionStatus::ChangesNeeded => (hub, Some(needs_more(asked, of))),
        SectionStatus::NotStarted if is_editor => (format!("{hub}/questions/{first}"), Some(counted(of, "question"))),
        SectionStatus::NotStarted => (hub, Some(counted(of, "question"))),
        SectionStatus::InProgress | SectionStatus::ReadyToSend | SectionStatus::Problem | SectionStatus::CannotStart => {
            (hub, Some(format!("{answered} of {of} questions answered")))
        }
        SectionStatus::Accepted => (hub, None),
    };
    let look = if status.tag().is_empty() { "plain" } else { status.tag() };
    Ok(Task {
        id: section.word().to_owned(),
        title: text.title.clone(),
        href,
        hint: hint.unwrap_or_default(),
        tag: status.label(),
        look,
    })
}

fn needs_more(asked: usize, of: usize) -> String {
    if asked == 1 {
        format!("1 of {of} questions needs more information")
    } else {
        format!("{asked} of {of} questions need more information")
    }
}

/// Makes the tasks after the sections.
struct Tasks<'a> {
    me: &'a SignedIn,
    setting: &'a Setting<'a>,
    product: &'a Product,
}

impl Tasks<'_> {
    fn task(&self, (id, title): (&str, &str), path: &str, hint: String, (tag, look): (&'static str, &'static str)) -> Task {
        let href = if path.is_empty() { String::new() } else { format!("{}/{path}", self.product.address()) };
        let look = if look.is_empty() { "plain" } else { look };
        Task { id: id.to_owned(), title: title.to_owned(), href, hint, tag, look }
    }

    fn is_editor(&self) -> bool {
        Who::Editor.admits(&self.me.actor, self.product.organisation)
    }

    fn booking(&self) -> Task {
        let test = self.product.demonstration();
        let name = ("book", "Book the demonstration");
        let begins = test.date.as_ref().map(|d| date_time(d.starts_at)).unwrap_or_default();
        match test.state {
            DemonstrationState::NotBooked | DemonstrationState::NotPassed | DemonstrationState::NotHeld => {
                let not_booked = DemonstrationState::NotBooked.tag();
                match (self.product.is_booking_open(), self.is_editor()) {
                    (false, _) => self.task(name, "", "Send both technical sections first".to_owned(), CANNOT_START),
                    (true, true) => self.task(name, "demonstration/book", String::new(), not_booked),
                    (true, false) => self.task(name, "demonstration", String::new(), not_booked),
                }
            }
            DemonstrationState::Asked => {
                let path = if self.me.actor.sees_all() { "demonstration/wish" } else { "demonstration" };
                let hint = test.wish.as_ref().map(|w| format!("Reply by {}", long_date(w.reply_by))).unwrap_or_default();
                self.task(name, path, hint, test.state.tag())
            }
            DemonstrationState::Booked | DemonstrationState::Confirmed | DemonstrationState::UnderWay => {
                self.task(name, "demonstration", begins, DemonstrationState::Booked.tag())
            }
            DemonstrationState::Passed => self.task(name, "demonstration", begins, COMPLETED),
        }
    }

    fn details(&self) -> Task {
        let test = self.product.demonstration();
        let name = ("details", "Give the details for the test");
        let path = if self.is_editor() { "demonstration/details" } else { "demonstration" };
        let missing = counted(usize::try_from(test.lacks).unwrap_or_default(), "detail");
        match (test.state, test.date.as_ref()) {
            (DemonstrationState::Passed | DemonstrationState::UnderWay, _) => {
                self.task(name, "demonstration", String::new(), COMPLETED)
            }
            (DemonstrationState::Booked | DemonstrationState::Confirmed, Some(date)) if test.lacks > 0 => {
                let hint = format!("{missing} needed by {}", long_date(date.facts_by));
                self.task(name, path, hint, ("Details needed", "orange"))
            }
            (DemonstrationState::Booked | DemonstrationState::Confirmed, Some(_)) => {
                self.task(name, path, String::new(), COMPLETED)
            }
            (_, _) => self.task(name, "", "Book a date first".to_owned(), CANNOT_START),
        }
    }

    fn test(&self) -> Task {
        let test = self.product.demonstration();
        let name = ("test", "Pass the conformance test");
        let is_staff = self.me.actor.sees_all();
        let at = |staff: &'static str| if is_staff { staff } else { "demonstration" };
        let checks_by = test.date.as_ref().map(|d| long_date(d.checks_by)).unwrap_or_default();
        match test.state {
            DemonstrationState::NotBooked | DemonstrationState::Asked => {
                self.task(name, "", "Book a date first".to_owned(), CANNOT_START)
            }
            DemonstrationState::Booked if !test.problems().is_empty() => {
                let hint = format!("Background checks found something to put right by {checks_by}");
                self.task(name, at("demonstration/checks"), hint, ("Problem found", "orange"))
            }
            DemonstrationState::Booked => {
                self.task(name, at("demonstration/checks"), format!("Background checks by {checks_by}"), ("Not confirmed", "white"))
            }
            DemonstrationState::Confirmed | DemonstrationState::UnderWay => {
                self.task(name, at("demonstration/run-sheet"), String::new(), test.state.tag())
            }
            DemonstrationState::Passed => {
                let open = test.open_observations();
                let hint = if open == 0 { String::new() } else { format!("{} to put right", counted(open, "observation")) };
                self.task(name, "demonstration", hint, test.state.tag())
            }
            DemonstrationState::NotPassed | DemonstrationState::NotHeld => {
                self.task(name, "demonstration", String::new(), test.state.tag())
            }
        }
    }

    fn certificate(&self) -> Task {
        let name = ("certificate", "Get the certificate");
        let is_staff = self.me.actor.sees_all();
        let promised = self.product.waits().into_iter().find(|w| w.what == What::Certificate);
        let number = |c: &crate::domain::certificate::Certificate| c.content.number.clone();
        match (self.product.certificate(), promised) {
            (Some(c), _) if c.state == CertificateState::AtRisk && is_staff => {
                self.task(name, "certificate/decision", number(c), ("At risk", "orange"))
            }
            (Some(c), _) if c.state == CertificateState::AtRisk => self.task(name, "certificate", number(c), WITH_US),
            (Some(c), _) => self.task(name, "certificate", number(c), ("Valid", "green")),
            (None, Some(wait)) => {
                let hint = wait.by.map(|by| format!("Issued by {}", long_date(by))).unwrap_or_default();
                self.task(name, if is_staff { "certificate/issue" } else { "certificate" }, hint, WITH_US)
            }
            (None, None) if self.product.certificates.iter().any(|c| c.state == CertificateState::Withdrawn) => {
                self.task(name, "certificate", String::new(), ("Withdrawn", "grey"))
            }
            (None, None) => {
                self.task(name, "", "It follows a passed test and accepted technical sections".to_owned(), CANNOT_START)
            }
        }
    }

    fn signatory(&self) -> Option<Task> {
        let agreement = self.product.agreement();
        let name = ("signatory", "Say who will sign the agreement");
        let judge = AgreementJudge { setting: self.setting, actor: &self.me.actor, product: self.product };
        let may = !matches!(judge.offer(AgreementAct::Name), Err(Refusal::NotYours | Refusal::Elsewhere(_)));
        let path = if may { "agreement/signatory" } else { "agreement" };
        match (agreement.is_signatory_named(), agreement.state) {
            (true, _) => Some(self.task(name, path, agreement.signatory.name.clone(), COMPLETED)),
            (false, AgreementState::Accepted) => None,
            (false, AgreementState::NotIssued) if !self.product.needs_signatory() => None,
            (false, _) => Some(self.task(name, path, String::new(), ("Not yet started", "blue"))),
        }
    }

    fn agreement(&self) -> Task {
        let agreement = self.product.agreement();
        let name = ("agreement", "Sign the Connection Agreement");
        let is_staff = self.me.actor.sees_all();
        let said = |words: &str, by: Option<chrono::NaiveDate>| by.map(|d| format!("{words} {}", long_date(d))).unwrap_or_default();
        let (path, hint) = match agreement.state {
            AgreementState::NotIssued => {
                let path = if is_staff && agreement.issue_by.is_some() { "agreement/issue" } else { "agreement" };
                let is_stuck = agreement.issue_by.is_some() && self.product.needs_signatory();
                let hint = if is_stuck { "Say first who will sign".to_owned() } else { said("Issued by", agreement.issue_by) };
                (path, hint)
            }
            AgreementState::Issued | AgreementState::Returned => {
                ("agreement", said("Expected by", agreement.issue.as_ref().map(|i| i.sign_by)))
            }
            AgreementState::Signed => {
                let path = if is_staff { "agreement/check" } else { "agreement" };
                (path, said("Reply by", agreement.signed.as_ref().map(|s| s.check_by)))
            }
            AgreementState::Accepted => ("agreement", String::new()),
        };
        self.task(name, path, hint, agreement.state.tag())
    }

    fn live(&self) -> Task {
        let name = ("live", "Go live");
        let product = self.product;
        match (product.live_on, product.is_assured(), product.live.is_given()) {
            (Some(on), ..) => self.task(name, "live", format!("Since {}", long_date(on)), ("Live", "green")),
            (None, true, true) => self.task(name, "live", String::new(), WITH_US),
            (None, true, false) => self.task(name, "live", String::new(), ("Not yet started", "blue")),
            (None, false, true) => self.task(name, "live", String::new(), ("In progress", "white")),
            (None, false, false) => self.task(name, "", "It follows when the product is assured".to_owned(), CANNOT_START),
        }
    }
}
