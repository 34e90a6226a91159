//! Lines about the certificate, the Connection Agreement and going live.

use chrono::NaiveDate;

use super::{Act, Line, Writer};
use crate::domain::agreement::{AgreementAct, AgreementState, CHECK_DAYS, ISSUE_DAYS, SIGNING_DAYS, Trigger};
use crate::domain::calendar::{CERTIFICATE_DAYS, london_date};
use crate::domain::catalogue::{Section, Stage};
use crate::domain::certificate::CertificateAct;
use crate::domain::live::LiveAct;
use crate::words::long_date;

impl Writer<'_> {
    pub(super) fn certificate(&self, by: Option<NaiveDate>) -> Line {
        let outcome = self.product.demonstration().outcome.as_ref();
        let text = match by {
            Some(_) => (
                "your product passed its conformance test. We’ll issue the certificate by".to_owned(),
                "the product passed its conformance test. Issue the certificate by".to_owned(),
            ),
            None => (
                "your product has no certificate that stands. We’ll look at issuing another.".to_owned(),
                "the product has no certificate that stands. Issue another, or ask for another test.".to_owned(),
            ),
        };
        Line {
            button: self.button(&[Act::Certificate(CertificateAct::Prepare)], "certificate/issue", "Issue the certificate"),
            how: self.how("The conformance test was passed on", outcome.map(|o| o.on), CERTIFICATE_DAYS, by),
            ..self.ours(text, by)
        }
    }

    pub(super) fn doubt(&self) -> Line {
        let text = (
            "you recorded a change that alters sign-in. We’re deciding whether your certificate holds. It stands until then."
                .to_owned(),
            "the supplier recorded a change that alters sign-in. Decide whether the certificate holds.".to_owned(),
        );
        let acts = [Act::Certificate(CertificateAct::Keep), Act::Certificate(CertificateAct::Withdraw)];
        Line { button: self.button(&acts, "certificate/decision", "Decide about the certificate"), ..self.ours(text, None) }
    }

    pub(super) fn signatory(&self, is_first: bool) -> Line {
        let text = if self.is_ours() {
            "Say who will sign the Connection Agreement. You can read a sample of it now."
        } else {
            "Nobody is named yet who signs the Connection Agreement."
        };
        Line {
            lead: self.suppliers(is_first),
            text: text.to_owned(),
            button: self.button(&[Act::Agreement(AgreementAct::Name)], "agreement/signatory", "Say who will sign"),
            ..Line::default()
        }
    }

    /// The day on which the sections that the agreement waits for were accepted.
    fn accepted_on(&self) -> Option<NaiveDate> {
        let is_waited_for = |s: &Section| match self.setting.trigger {
            Trigger::NonFunctional => s.stage() == Stage::NonFunctional,
            Trigger::Sections => true,
            Trigger::Certificate => false,
        };
        let replied = |s: &Section| self.product.section(*s).replied_at;
        Section::ALL.iter().filter(|s| is_waited_for(s)).filter_map(replied).max().map(london_date)
    }

    pub(super) fn agreement_issue(&self, by: Option<NaiveDate>) -> Line {
        let text = (
            "we’re making your Connection Agreement. We’ll issue it by".to_owned(),
            "the Connection Agreement can be issued. Issue it by".to_owned(),
        );
        let acts = [Act::Agreement(AgreementAct::Issue), Act::Agreement(AgreementAct::Reissue)];
        let (accepted_on, named_on) = (self.accepted_on(), self.product.agreement().named_on);
        let (start, from) = if named_on > accepted_on {
            ("The person who signs was named on", named_on)
        } else {
            ("The sections that it waits for were accepted on", accepted_on)
        };
        Line {
            button: self.button(&acts, "agreement/issue", "Issue the agreement"),
            how: self.how(start, from, ISSUE_DAYS, by),
            ..self.ours(text, by)
        }
    }

    pub(super) fn signature(&self, by: Option<NaiveDate>, is_first: bool) -> Line {
        let agreement = self.product.agreement();
        let signatory = &agreement.signatory.name;
        let is_late = by.is_some_and(|by| by < self.setting.today());
        let expected = if is_late { "It was expected by" } else { "It’s expected by" };
        let text = if agreement.state == AgreementState::Returned {
            format!("The signed Connection Agreement came back with a reason, and {signatory} needs to sign it again. {expected}")
        } else {
            format!("The Connection Agreement is issued, and {signatory} needs to sign it. {expected}")
        };
        let button = self.button(&[Act::Agreement(AgreementAct::Sign)], "agreement/signature", "Send the signed agreement");
        let link = (format!("{}/agreement", self.product.address()), "See the agreement".to_owned());
        Line {
            lead: self.suppliers(is_first),
            text,
            date: by.map(long_date).unwrap_or_default(),
            button: button.or(Some(link)),
            how: self.how("The agreement was issued on", agreement.issue.as_ref().map(|i| i.on), SIGNING_DAYS, by),
            ..Line::default()
        }
    }

    pub(super) fn signed_copy(&self, by: Option<NaiveDate>) -> Line {
        let text = (
            "we’re checking your signed Connection Agreement. We’ll reply by".to_owned(),
            "the signed Connection Agreement is here. Check it by".to_owned(),
        );
        let sent_on = self.product.agreement().signed.as_ref().map(|s| s.sent_on);
        let acts = [Act::Agreement(AgreementAct::Accept), Act::Agreement(AgreementAct::Return)];
        Line {
            button: self.button(&acts, "agreement/check", "Check the signed agreement"),
            how: self.how("The signed agreement was sent on", sent_on, CHECK_DAYS, by),
            ..self.ours(text, by)
        }
    }

    /// What was reached, where nothing more is needed for assurance.
    pub(super) fn finished(&self) -> Option<Line> {
        if !self.product.is_assured() {
            return None;
        }
        let reference = &self.product.reference;
        if let Some(on) = self.product.live_on {
            let text = format!("It went live on {}.", long_date(on));
            let more = if self.is_ours() { "Before you change how people sign in, record the change." } else { "" };
            let button = self.button(&[Act::Live(LiveAct::Alter)], "alteration", "Record a change that alters sign-in");
            let lead = format!("{reference} is assured and live.");
            return Some(Line { lead, text, more: more.to_owned(), button, ..Line::default() });
        }
        Some(Line {
            lead: format!("{reference} is assured."),
            text: "All 6 sections are accepted, the certificate stands and the Connection Agreement is accepted.".to_owned(),
            ..Line::default()
        })
    }

    pub(super) fn production(&self, is_first: bool) -> Line {
        let text = if self.is_ours() {
            "Next you go live: tell us how the product is configured in production."
        } else {
            "The production configuration comes next."
        };
        Line {
            lead: self.suppliers(is_first),
            text: text.to_owned(),
            button: self.button(&[Act::Live(LiveAct::Configure)], "live", "Give the production configuration"),
            ..Line::default()
        }
    }

    pub(super) fn go_live(&self) -> Line {
        let planned = self.product.live.planned_on.map(|on| format!(" It’s planned for {}.", long_date(on))).unwrap_or_default();
        let text = (
            format!("we have your production configuration, and record the day on which the product goes live.{planned}"),
            format!("the production configuration is here. Record the day on which the product goes live.{planned}"),
        );
        let button = self.button(&[Act::Live(LiveAct::GoLive)], "live", "Record the go-live date");
        let link = (format!("{}/live", self.product.address()), "See the way to go live".to_owned());
        Line { button: button.or(Some(link)), ..self.ours(text, None) }
    }
}
