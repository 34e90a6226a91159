//! Products from their test on: one that can book, one under way, certificates, and agreements that wait for a signature.

use anyhow::Context;
use assured::agreement_paper::{document, keep, make, parties, proposed, terms};
use assured::domain::actor::Actor;
use assured::domain::agreement::command::{AgreementCommand, Paper};
use assured::domain::agreement::terms::DataRole;
use assured::domain::calendar::london_date;
use assured::domain::catalogue::Section;
use assured::domain::command::{Command, SectionCommand};
use assured::domain::demonstration::checks::{Check, CheckResult, applies as check_applies};
use assured::domain::demonstration::command::{CheckEntry, DemonstrationCommand, MarkEntry};
use assured::domain::demonstration::facts::{Network, TestFacts};
use assured::domain::demonstration::sheet::{LINES, MarkResult, applies as line_applies};
use assured::domain::facts::{Authenticator, NamedPerson, OrganisationFacts};
use assured::domain::product::Product;
use assured::domain::slot::london_moment;
use assured::domain::words::{OrganisationId, SigningId};
use assured::issue::Replacing;
use assured::secret::new_id;
use chrono::{DateTime, Days, Duration, NaiveDate, NaiveTime, Utc};

use super::{ORGANISATIONS, Plan, Seed};

/// Hours at which tests begin: four on a day do not meet.
const HOURS: [u32; 4] = [9, 11, 13, 15];
/// Tests on one day: as many as hours, by each of the reviewers.
const A_DAY: usize = HOURS.len() * super::REVIEWERS;
/// How long ago the latest tests were, in days.
const TESTED: u64 = 10;
/// The first free date, in days from now.
const FREE: u64 = 21;

/// When products are added that are at their test now.
pub fn added(now: DateTime<Utc>) -> DateTime<Utc> {
    now - Duration::days(59)
}

impl Seed<'_> {
    fn days_ago(&self, days: i64) -> DateTime<Utc> {
        self.now - Duration::days(days)
    }

    /// What a date of a test is: the working day at or before one, an hour of its own.
    fn test_time(&self, mut day: NaiveDate, number: usize) -> anyhow::Result<DateTime<Utc>> {
        let mut left = number / A_DAY + 1;
        loop {
            left -= usize::from(self.issuer.rules.calendar().is_working_day(day));
            if left == 0 {
                break;
            }
            day = day.pred_opt().context("a day")?;
        }
        let hour = HOURS.get(number / super::REVIEWERS % HOURS.len()).context("an hour")?;
        let time = NaiveTime::from_hms_opt(*hour, 0, 0).context("a time")?;
        london_moment(day, time).context("a time in London")
    }

    /// Publishes a date for each client. Returns their identifiers.
    pub(super) async fn free_dates(&self, reviewers: &[Actor]) -> anyhow::Result<Vec<String>> {
        let reviewer = reviewers.first().context("a reviewer")?;
        let first = london_date(self.now) + Days::new(FREE);
        let days = first.iter_days().filter(|day| self.issuer.rules.calendar().is_working_day(*day));
        let time = NaiveTime::from_hms_opt(10, 0, 0).context("a time")?;
        let moments: Vec<_> = days.take(ORGANISATIONS).filter_map(|day| london_moment(day, time)).collect();
        self.issuer.db.publish_slots(reviewer, &moments, reviewer.account(), self.now).await?;
        let slots = self.issuer.db.visible(reviewer).free_slots(self.now).await?;
        Ok(slots.into_iter().map(|slot| slot.id.to_string()).collect())
    }

    /// The legal name, address and officer of an organisation.
    pub(super) async fn name_party(&self, actor: &Actor, id: OrganisationId, at: DateTime<Utc>) -> anyhow::Result<()> {
        let present = self.issuer.db.visible(actor).organisation(id).await?.facts;
        let officer = ("Margaret Hale", "Chief Executive", "margaret.hale@supplier.example.com");
        let [name, job_title, email] = <[&str; 3]>::from(officer).map(str::to_owned);
        let signatory = NamedPerson { name, job_title, email };
        let facts = OrganisationFacts { address: "1 Long Row, Leeds LS1 1AA".to_owned(), signatory, ..present.clone() };
        self.issuer.db.change_organisation(actor, id, (&facts, &present.edition()), at).await?;
        Ok(())
    }

    /// Carries a product with all its answers to where the measurements need it.
    pub(super) async fn second_half(
        &self,
        plan: &mut Plan,
        (actor, reviewer): (&Actor, &Actor),
        product: &Product,
        number: usize,
    ) -> anyhow::Result<()> {
        let mut product = product.clone();
        for section in Section::ALL {
            product = self.accepted(actor, reviewer, &product, *section).await?;
        }
        let reference = product.reference.to_lowercase();
        let place = number / ORGANISATIONS / 10;
        let mut number_of = None;
        match place {
            0 => {}
            1 => drop(self.under_way(actor, reviewer, &product, number).await?),
            2..=7 => number_of = Some(self.certified(actor, reviewer, &product, number).await?),
            _ => self.unsigned(actor, reviewer, &product).await?,
        }
        plan.certificates.extend(number_of);
        let supplier = plan.suppliers.get_mut(number % ORGANISATIONS).context("a supplier")?;
        let list = match place {
            0 => &mut supplier.bookable,
            1 => &mut supplier.under_way,
            2..=7 => &mut supplier.certified,
            _ => &mut supplier.unsigned,
        };
        list.push(reference);
        Ok(())
    }

    async fn accepted(&self, actor: &Actor, reviewer: &Actor, product: &Product, section: Section) -> anyhow::Result<Product> {
        let product = self.send(actor, product, section, self.days_ago(48)).await?;
        let at = self.days_ago(47);
        let product = self.act(reviewer, &product, Command::Section(section, SectionCommand::Take), at).await?;
        let product = self.decide(reviewer, &product, (section, at), (usize::MAX, false)).await?;
        self.act(reviewer, &product, Command::Section(section, SectionCommand::Accept(String::new())), at).await
    }

    async fn test(
        &self,
        actor: &Actor,
        product: &Product,
        command: DemonstrationCommand,
        at: DateTime<Utc>,
    ) -> anyhow::Result<Product> {
        self.act(actor, product, Command::Demonstration(command), at).await
    }

    /// Booked, described, checked, confirmed and begun.
    async fn under_way(&self, actor: &Actor, reviewer: &Actor, product: &Product, number: usize) -> anyhow::Result<Product> {
        let db = &self.issuer.db;
        let booked = self.days_ago(45);
        let last = london_date(self.now) - Days::new(TESTED);
        // Of those that are at their test, in turn: their numbers are ten rows apart.
        let starts_at = self.test_time(last, number / ORGANISATIONS / 10 * ORGANISATIONS + number % ORGANISATIONS)?;
        db.publish_slots(reviewer, &[starts_at], reviewer.account(), booked).await?;
        let slots = db.visible(actor).free_slots(booked).await?;
        let slot = slots.iter().find(|s| s.starts_at == starts_at).context("a free date")?;
        let chosen = db.visible(actor).chosen_slot(slot.id).await?.context("a free date")?;
        let p = self.test(actor, product, DemonstrationCommand::Book(chosen), booked).await?;
        let facts = test_facts(london_date(booked), &p.demonstration().facts);
        let edition = p.demonstration().facts.edition();
        let p = self.test(actor, &p, DemonstrationCommand::Describe(Box::new(facts), edition), booked).await?;
        let given = p.given(self.issuer.rules.catalogue(p.question_set)?, london_date(booked));
        let entry = |check: &Check| {
            let result = if check_applies(*check, &given) { CheckResult::Passed } else { CheckResult::NotNeeded };
            CheckEntry { check: *check, result: Some(result), note: String::new() }
        };
        let entries = Check::ALL.iter().map(entry).collect();
        let p = self.test(reviewer, &p, DemonstrationCommand::Check(entries), booked).await?;
        let p = self.test(reviewer, &p, DemonstrationCommand::Confirm, booked).await?;
        self.test(reviewer, &p, DemonstrationCommand::Start, starts_at).await
    }

    /// Passed, with a certificate. Returns its number.
    async fn certified(&self, actor: &Actor, reviewer: &Actor, product: &Product, number: usize) -> anyhow::Result<String> {
        let p = self.under_way(actor, reviewer, product, number).await?;
        let at = p.demonstration().date.as_ref().context("a date")?.starts_at + Duration::minutes(100);
        let given = p.given(self.issuer.rules.catalogue(p.question_set)?, london_date(at));
        let facts = &p.demonstration().facts;
        let lines = LINES.iter().filter(|l| line_applies(l, &given, facts).is_ok());
        let (result, note) = (Some(MarkResult::Seen), String::new());
        let entries = lines.map(|l| MarkEntry { line: l.id.to_owned(), result, note: note.clone(), at: None, was: None });
        let p = self.test(reviewer, &p, DemonstrationCommand::Mark(entries.collect()), at).await?;
        let p = self.test(reviewer, &p, DemonstrationCommand::Pass(String::new()), at).await?;
        let p = self.issuer.issue(reviewer, (&p.reference, &Replacing::default()), at + Duration::hours(1)).await?;
        Ok(p.certificate().context("a certificate")?.content.number.clone())
    }

    /// With an agreement, document and all.
    async fn unsigned(&self, actor: &Actor, reviewer: &Actor, product: &Product) -> anyhow::Result<()> {
        let at = self.days_ago(44);
        let name = AgreementCommand::Name(product.party.signatory.clone(), SigningId(new_id()));
        let p = self.act(actor, product, Command::Agreement(name), at).await?;
        let today = london_date(at);
        let terms = terms(&self.issuer.rules, today)?;
        let of = parties(&p, DataRole::Processor);
        let made = make(document(&terms.fill(&of), &of, today)).await?;
        keep(&self.issuer.files, &made).await?;
        let (kind, reason) = proposed(&p, &terms.version);
        let paper = Paper {
            terms: terms.version.clone(),
            kind,
            data_role: DataRole::Processor,
            parties: of,
            pdf: made.digest.clone(),
            pages: made.pages,
            reason: reason.to_owned(),
        };
        let issue = AgreementCommand::Issue(paper, SigningId(new_id()));
        self.act(reviewer, &p, Command::Agreement(issue), at).await?;
        Ok(())
    }
}

fn test_facts(today: NaiveDate, present: &TestFacts) -> TestFacts {
    TestFacts {
        contact_name: "Margaret Hale".to_owned(),
        contact_email: "tests@supplier.example.com".to_owned(),
        contact_phone: "01632 960 001".to_owned(),
        developer: "Ravi Patel".to_owned(),
        device_address: "51.140.10.20".to_owned(),
        server_addresses: vec!["51.140.10.30".to_owned()],
        user_number: "555012345678".to_owned(),
        second_user_number: "555012345679".to_owned(),
        authenticator: Some(Authenticator::SecurityKey),
        network: Some(Network::Internet),
        device: "Laptop with Windows 11 and Edge".to_owned(),
        authenticator_tried_on: today.checked_sub_days(Days::new(2)),
        logout_received_on: today.checked_sub_days(Days::new(2)),
        changes_since: "Nothing".to_owned(),
        is_declared: true,
        ..present.clone()
    }
}
