//! A product carried through the second half by commands: booked, described, checked, tested, certified, signed.

use std::collections::BTreeSet;

use assured::domain::agreement::command::{AgreementCommand, Copy, Paper};
use assured::domain::agreement::signing::{AgreementKind, SigningCheck};
use assured::domain::agreement::terms::{DataRole, Parties};
use assured::domain::answer::Evidence;
use assured::domain::catalogue::Section;
use assured::domain::certificate::CertificateCommand;
use assured::domain::command::Command;
use assured::domain::demonstration::checks::{Check, CheckResult, applies as check_applies};
use assured::domain::demonstration::command::{CheckEntry, Chosen, DemonstrationCommand, MarkEntry};
use assured::domain::demonstration::facts::{Network, TestFacts};
use assured::domain::demonstration::sheet::{LINES, MarkResult, applies as line_applies};
use assured::domain::facts::{Authenticator, NamedPerson, OrganisationFacts};
use assured::domain::product::Product;
use assured::domain::words::{FileId, SigningId, SlotId};
use chrono::{DateTime, Days, Duration, Utc};
use uuid::Uuid;

use super::*;

/// An identifier that nobody else has.
pub fn new_uuid() -> Uuid {
    static NUMBER: AtomicUsize = AtomicUsize::new(1);
    Uuid::from_u128(0x0189_0000_0000_7000_8000_0000_0000_0000 + u128::try_from(NUMBER.fetch_add(1, Ordering::Relaxed)).unwrap())
}

/// Facts of a test that leave nothing to ask of a typical supplier, for a booking made on a day.
pub fn test_facts(today: chrono::NaiveDate) -> TestFacts {
    TestFacts {
        contact_name: "Priya Shah".to_owned(),
        contact_email: "priya.shah@wardlight.example".to_owned(),
        contact_phone: "01632 960 001".to_owned(),
        developer: "Tom Bell".to_owned(),
        product_version: "4.2".to_owned(),
        test_url: "https://int.wardlight.example.com/".to_owned(),
        int_client_id: "wardlight-int.01".to_owned(),
        device_address: "51.140.10.20".to_owned(),
        server_addresses: vec!["51.140.10.30".to_owned()],
        user_number: "555012345678".to_owned(),
        second_user_number: "555012345679".to_owned(),
        authenticator: Some(Authenticator::SecurityKey),
        network: Some(Network::Internet),
        device: "Laptop, Windows 11, Edge".to_owned(),
        authenticator_tried_on: today.checked_sub_days(Days::new(2)),
        logout_received_on: today.checked_sub_days(Days::new(2)),
        changes_since: "Nothing".to_owned(),
        is_declared: true,
        ..TestFacts::default()
    }
}

/// A signed copy as the inspection would describe it.
pub fn signed_copy(on: chrono::NaiveDate) -> Copy {
    Copy {
        signed_on: on,
        is_authorised: true,
        name: "signed.pdf".to_owned(),
        digest: "ab".repeat(32),
        size: 12_345,
        pages: 4,
        has_signature_field: false,
        has_issued_text: true,
    }
}

/// A file beside a line of the run sheet; another number is another file.
pub fn sheet_file(number: usize) -> Evidence {
    let id = FileId(Uuid::from_u128(900 + number as u128));
    Evidence { id, name: format!("log-{number}.png"), digest: format!("{number:064x}"), size: 120_000 }
}

/// A document for signing.
pub fn paper(kind: AgreementKind) -> Paper {
    Paper {
        terms: "2026-1".to_owned(),
        kind,
        data_role: DataRole::Processor,
        parties: Parties::unnamed(DataRole::Processor),
        pdf: "cd".repeat(32),
        pages: 4,
        reason: String::new(),
    }
}

/// An officer who signs.
pub fn officer() -> NamedPerson {
    NamedPerson {
        name: "Margaret Hale".to_owned(),
        job_title: "Chief Executive".to_owned(),
        email: "margaret.hale@wardlight.example".to_owned(),
    }
}

impl TestApp {
    /// Carries out a command, which must be permitted.
    pub async fn command(&self, persona: Persona, reference: &str, command: Command) -> Product {
        let done = self.try_act(persona, reference, &command).await;
        done.unwrap_or_else(|e| panic!("{command:?} by {}: {e}", persona.name))
    }

    /// Carries out a command on the demonstration, which must be permitted.
    pub async fn test(&self, persona: Persona, reference: &str, command: DemonstrationCommand) -> Product {
        self.command(persona, reference, Command::Demonstration(command)).await
    }

    /// Answers, sends and accepts sections.
    pub async fn accept_all(&self, reference: &str, sections: &[Section]) -> Product {
        for section in sections {
            self.send(OWNER, reference, *section).await;
            self.accept(REVIEWER, reference, *section).await;
        }
        self.see(OWNER, reference).await.unwrap()
    }

    /// The legal name and address of the owner's organisation.
    pub async fn name_party(&self) {
        let owner = self.actor(OWNER).await;
        let id = self.organisation(OWNER).await;
        let present = self.db.visible(&owner).organisation(id).await.unwrap();
        let facts = OrganisationFacts {
            legal_name: "Wardlight Health Limited".to_owned(),
            address: "1 Long Row, Leeds LS1 1AA".to_owned(),
            ..present.facts.clone()
        };
        self.db.change_organisation(&owner, id, (&facts, &present.facts.edition()), self.now()).await.unwrap();
    }

    /// A product whose demonstration can be booked: all six sections sent and accepted.
    pub async fn accepted_product(&self) -> String {
        self.name_party().await;
        let reference = self.product(OWNER).await;
        self.accept_all(&reference, Section::ALL).await;
        reference
    }

    /// Publishes a date so many days ahead, at 10am in London or later, moved on to a working day, that nobody has.
    pub async fn published(&self, days: u64) -> Chosen {
        let first = assured::domain::calendar::london_date(self.now()) + Days::new(days);
        let day = first.iter_days().find(|d| self.rules.calendar().is_working_day(*d)).unwrap();
        for (persona, hour) in [(REVIEWER, 10), (OTHER_REVIEWER, 10), (REVIEWER, 13), (OTHER_REVIEWER, 13)] {
            let time = chrono::NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
            let starts_at = assured::domain::slot::london_moment(day, time).unwrap();
            let reviewer = self.actor(persona).await;
            self.db.publish_slots(&reviewer, &[starts_at], Some(reviewer.person()), self.now()).await.unwrap();
            let slots = self.db.visible(&reviewer).free_slots(self.now()).await.unwrap();
            if let Some(free) = slots.iter().find(|s| s.starts_at == starts_at) {
                return self.chosen(free.id).await;
            }
        }
        panic!("every date of {day} is taken")
    }

    /// A date as it is now.
    pub async fn chosen(&self, id: SlotId) -> Chosen {
        let reviewer = self.actor(REVIEWER).await;
        self.db.visible(&reviewer).chosen_slot(id).await.unwrap().unwrap()
    }

    /// Books a date about three weeks ahead.
    pub async fn booked(&self, reference: &str) -> Product {
        let chosen = self.published(21).await;
        self.test(OWNER, reference, DemonstrationCommand::Book(chosen)).await
    }

    /// Gives every fact of the test.
    pub async fn described(&self, reference: &str) -> Product {
        let product = self.see(OWNER, reference).await.unwrap();
        let edition = product.demonstration().facts.edition();
        let facts = Box::new(test_facts(assured::domain::calendar::london_date(self.now())));
        self.test(OWNER, reference, DemonstrationCommand::Describe(facts, edition)).await
    }

    /// Passes every check that applies and confirms the test.
    pub async fn confirmed(&self, reference: &str) -> Product {
        let product = self.see(REVIEWER, reference).await.unwrap();
        let setting = self.rules.setting(&product, self.now()).unwrap();
        let given = product.given(setting.catalogue, setting.today());
        let entry = |check: &Check| {
            let result = if check_applies(*check, &given) { CheckResult::Passed } else { CheckResult::NotNeeded };
            CheckEntry { check: *check, result: Some(result), note: String::new() }
        };
        let entries = Check::ALL.iter().map(entry).collect();
        self.test(REVIEWER, reference, DemonstrationCommand::Check(entries)).await;
        self.test(REVIEWER, reference, DemonstrationCommand::Confirm).await
    }

    /// Moves the clock to the beginning of the test and starts it.
    pub async fn started(&self, reference: &str) -> Product {
        let product = self.see(REVIEWER, reference).await.unwrap();
        let starts_at: DateTime<Utc> = product.demonstration().date.as_ref().unwrap().starts_at;
        self.clock.set(starts_at.max(self.now()) + Duration::microseconds(1));
        self.test(REVIEWER, reference, DemonstrationCommand::Start).await
    }

    /// Marks every line that applies as seen, but for those named.
    pub async fn marked(&self, reference: &str, missed: &[&str]) -> Product {
        let product = self.see(REVIEWER, reference).await.unwrap();
        let setting = self.rules.setting(&product, self.now()).unwrap();
        let given = product.given(setting.catalogue, setting.today());
        let facts = &product.demonstration().facts;
        let lines = LINES.iter().filter(|l| line_applies(l, &given, facts).is_ok());
        let entries = lines.map(|l| {
            let result = if missed.contains(&l.id) { MarkResult::NotSeen } else { MarkResult::Seen };
            MarkEntry { line: l.id.to_owned(), result: Some(result), note: String::new(), at: None, was: None }
        });
        let entries = entries.collect();
        self.test(REVIEWER, reference, DemonstrationCommand::Mark(entries)).await
    }

    /// From a product whose sections are accepted to a passed test.
    pub async fn tested(&self, reference: &str) -> Product {
        self.booked(reference).await;
        self.described(reference).await;
        self.confirmed(reference).await;
        self.started(reference).await;
        self.marked(reference, &[]).await;
        self.test(REVIEWER, reference, DemonstrationCommand::Pass(String::new())).await
    }

    /// Issues a certificate for a passed test, without its files.
    pub async fn certified(&self, reference: &str) -> Product {
        let number = format!("SAC-2026-{:04}-TEST-0000", new_uuid().as_u128() % 10_000);
        let address = format!("{BASE}/certificates/{number}");
        let prepare = CertificateCommand::Prepare { number: number.clone(), address, reason: "A new version.".to_owned() };
        self.command(REVIEWER, reference, Command::Certificate(prepare)).await;
        let issue = CertificateCommand::Issue { number, signed: "a.b.c".to_owned(), pdf: "ef".repeat(32) };
        self.command(REVIEWER, reference, Command::Certificate(issue)).await
    }

    /// Carries out a command on the agreement, which must be permitted.
    pub async fn agree(&self, persona: Persona, reference: &str, command: AgreementCommand) -> Product {
        self.command(persona, reference, Command::Agreement(command)).await
    }

    /// Names the signatory and issues the agreement, without its file.
    pub async fn issued(&self, reference: &str) -> Product {
        self.agree(OWNER, reference, AgreementCommand::Name(officer(), SigningId(new_uuid()))).await;
        let issue = AgreementCommand::Issue(paper(AgreementKind::New), SigningId(new_uuid()));
        self.agree(REVIEWER, reference, issue).await
    }

    /// Signs an issued agreement and accepts the copy.
    pub async fn agreed(&self, reference: &str) -> Product {
        self.issued(reference).await;
        let today = assured::domain::calendar::london_date(self.now());
        self.agree(OWNER, reference, AgreementCommand::Sign(Box::new(signed_copy(today)))).await;
        let checks: BTreeSet<SigningCheck> = SigningCheck::ALL.iter().copied().collect();
        self.agree(REVIEWER, reference, AgreementCommand::Accept(checks)).await
    }

    /// A product that is assured.
    pub async fn assured(&self) -> String {
        let reference = self.accepted_product().await;
        self.tested(&reference).await;
        self.certified(&reference).await;
        let product = self.agreed(&reference).await;
        assert!(product.is_assured());
        reference
    }
}
