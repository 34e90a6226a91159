//! Products of the demonstration that are at their conformance test: dates to choose from, booked, confirmed, asked for, over.

mod day;

use anyhow::Context;
use chrono::{DateTime, Days, NaiveTime, Utc};

use super::Programme;
use crate::demo::answers::evidence;
use crate::demo::cast::{AMINA, DANIEL, HELEN, PRIYA, SAM, TOM, actor};
use crate::domain::calendar::london_date;
use crate::domain::catalogue::Section;
use crate::domain::command::Command;
use crate::domain::demonstration::Observation;
use crate::domain::demonstration::checks::{Check, CheckResult, applies as check_applies};
use crate::domain::demonstration::command::{CheckEntry, DemonstrationCommand, MarkEntry};
use crate::domain::demonstration::facts::{Network, TestFacts};
use crate::domain::demonstration::sheet::{LINES, MarkResult, applies as line_applies};
use crate::domain::facts::Authenticator;
use crate::domain::product::Product;
use crate::domain::slot::london_moment;

/// Working days ahead on which dates are free.
const FREE: [u32; 12] = [9, 11, 14, 16, 17, 19, 21, 22, 24, 26, 28, 31];

/// Working days after which a section has its reply; 5 are promised.
const REVIEWED_AFTER: u32 = 4;

impl Programme<'_> {
    /// Free dates, and five products.
    pub(super) async fn bookings(&self) -> anyhow::Result<()> {
        self.referrals_booked().await?;
        self.bookings_confirmed().await?;
        self.letters_asked().await?;
        self.notes_not_passed().await?;
        self.wards_passed().await?;
        Box::pin(self.test_days()).await?;
        for (number, days) in FREE.iter().enumerate() {
            let hour = if number % 3 == 0 { 14 } else { 10 };
            let reviewer = if number % 2 == 0 { AMINA } else { SAM };
            self.publish(reviewer, self.ahead(*days, hour)?, self.ago(1, 9)?).await?;
        }
        Ok(())
    }

    /// The moment on the working day so many working days after today.
    fn ahead(&self, working_days: u32, hour: u32) -> anyhow::Result<DateTime<Utc>> {
        let due = self.rules.calendar().after(london_date(self.now), working_days, &[]).context("a day")?;
        let time = NaiveTime::from_hms_opt(hour, 0, 0).context("a time")?;
        london_moment(due.on, time).context("a time in London")
    }

    pub(in crate::demo) async fn publish(&self, reviewer: &str, starts_at: DateTime<Utc>, at: DateTime<Utc>) -> anyhow::Result<()> {
        let reviewer = actor(self.db, reviewer).await?;
        self.db.publish_slots(&reviewer, &[starts_at], reviewer.account(), at).await?;
        Ok(())
    }

    pub(in crate::demo) async fn test(
        &self,
        email: &str,
        product: &Product,
        command: DemonstrationCommand,
        at: DateTime<Utc>,
    ) -> anyhow::Result<Product> {
        self.act(email, product, Command::Demonstration(command), at).await
    }

    /// A product with both technical sections sent, so many working days ago, and reviewed where a reply is due.
    async fn sent(&self, email: &str, organisation: usize, about: (&str, &str), days: u32) -> anyhow::Result<Product> {
        let mut p = self.add(email, organisation, about, self.ago(days, 10)?).await?;
        p = self.connect(email, &p, self.ago(days, 11)?).await?;
        let sent = [(Section::CoreConformance, days - 1, AMINA), (Section::Cis2Conformance, days - 2, SAM)];
        for (section, day, _) in sent {
            p = self.fill_and_send(email, p, section, self.ago(day, 10)?).await?;
        }
        for (section, day, reviewer) in sent {
            if let Some(reviewed) = day.checked_sub(REVIEWED_AFTER) {
                p = self.review(reviewer, p, section, (&[], self.ago(reviewed, 14)?)).await?;
            }
        }
        Ok(p)
    }

    /// Publishes a date and books it at once.
    pub(super) async fn book(
        &self,
        email: &str,
        product: &Product,
        when: (&str, DateTime<Utc>),
        at: DateTime<Utc>,
    ) -> anyhow::Result<Product> {
        let (reviewer, starts_at) = when;
        self.publish(reviewer, starts_at, at).await?;
        let supplier = actor(self.db, email).await?;
        let visible = self.db.visible(&supplier);
        let slots = visible.free_slots(at).await?;
        let slot = slots.iter().find(|s| s.starts_at == starts_at).context("a free date")?;
        let chosen = visible.chosen_slot(slot.id).await?.context("a free date")?;
        self.test(email, product, DemonstrationCommand::Book(chosen), at).await
    }

    pub(in crate::demo) async fn describe(&self, email: &str, product: &Product, at: DateTime<Utc>) -> anyhow::Result<Product> {
        let tried = london_date(at).checked_sub_days(Days::new(2));
        let present = product.demonstration().facts.clone();
        let edition = present.edition();
        let facts = TestFacts {
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
            authenticator_tried_on: tried,
            logout_received_on: tried,
            changes_since: "Nothing".to_owned(),
            is_declared: true,
            ..present
        };
        self.test(email, product, DemonstrationCommand::Describe(Box::new(facts), edition), at).await
    }

    /// Every check recorded, and the test confirmed.
    pub(in crate::demo) async fn confirm(&self, reviewer: &str, product: &Product, at: DateTime<Utc>) -> anyhow::Result<Product> {
        let given = product.given(self.rules.catalogue(product.question_set)?, london_date(at));
        let entry = |check: &Check| {
            let result = if check_applies(*check, &given) { CheckResult::Passed } else { CheckResult::NotNeeded };
            CheckEntry { check: *check, result: Some(result), note: String::new() }
        };
        let entries = Check::ALL.iter().map(entry).collect();
        let p = self.test(reviewer, product, DemonstrationCommand::Check(entries), at).await?;
        self.test(reviewer, &p, DemonstrationCommand::Confirm, at).await
    }

    /// The test begun on its day, with a mark on every line.
    pub(in crate::demo) async fn hold(
        &self,
        reviewer: &str,
        product: &Product,
        missed: &[(&str, &str)],
    ) -> anyhow::Result<(Product, DateTime<Utc>)> {
        let at = product.demonstration().date.as_ref().context("a date")?.starts_at;
        let p = self.test(reviewer, product, DemonstrationCommand::Start, at).await?;
        let given = p.given(self.rules.catalogue(p.question_set)?, london_date(at));
        let facts = &p.demonstration().facts;
        let entry = |id: &str| {
            let note = missed.iter().find(|(line, _)| *line == id).map(|(_, note)| (*note).to_owned());
            let result = if note.is_some() { MarkResult::NotSeen } else { MarkResult::Seen };
            MarkEntry { line: id.to_owned(), result: Some(result), note: note.unwrap_or_default(), at: None, was: None }
        };
        let lines = LINES.iter().filter(|l| line_applies(l, &given, facts).is_ok());
        let entries = lines.map(|l| entry(l.id)).collect();
        Ok((self.test(reviewer, &p, DemonstrationCommand::Mark(entries), at).await?, at))
    }

    /// From both sections sent to a test that was held so many working days ago.
    async fn held(
        &self,
        (email, organisation, reviewer): (&str, usize, &str),
        about: (&str, &str),
        (days, missed): (u32, &[(&str, &str)]),
    ) -> anyhow::Result<(Product, DateTime<Utc>)> {
        let p = self.sent(email, organisation, about, days + 20).await?;
        let on = london_date(self.ago(days, 10)?);
        let time = NaiveTime::from_hms_opt(10, 0, 0).context("a time")?;
        let starts_at = london_moment(on, time).context("a time in London")?;
        let p = self.book(email, &p, (reviewer, starts_at), self.ago(days + 15, 10)?).await?;
        let p = self.describe(email, &p, self.ago(days + 10, 10)?).await?;
        let p = self.confirm(reviewer, &p, self.ago(days + 3, 10)?).await?;
        self.hold(reviewer, &p, missed).await
    }

    /// Booked, with details to be given, and a problem that a check found.
    async fn referrals_booked(&self) -> anyhow::Result<()> {
        let about = ("Wardlight Referrals", "Sends referrals to other hospitals.");
        let p = self.sent(TOM, 0, about, 9).await?;
        let p = self.book(TOM, &p, (SAM, self.ahead(14, 10)?), self.ago(2, 10)?).await?;
        let note = "The client ID that you gave belongs to another product. Give the one of this product.".to_owned();
        let problem = CheckEntry { check: Check::IntConfiguration, result: Some(CheckResult::Problem), note };
        let passed = CheckEntry { check: Check::Deployed, result: Some(CheckResult::Passed), note: String::new() };
        self.test(SAM, &p, DemonstrationCommand::Check(vec![problem, passed]), self.ago(1, 15)?).await?;
        Ok(())
    }

    /// Confirmed, and soon.
    async fn bookings_confirmed(&self) -> anyhow::Result<()> {
        let about = ("Medibridge Bookings", "Books rooms and equipment for clinics.");
        let p = self.sent(DANIEL, 1, about, 22).await?;
        let p = self.book(DANIEL, &p, (AMINA, self.ahead(2, 14)?), self.ago(18, 10)?).await?;
        let p = self.describe(DANIEL, &p, self.ago(8, 10)?).await?;
        let link = "https://meet.example.com/cis2-demonstration".to_owned();
        let p = self.test(AMINA, &p, DemonstrationCommand::Invite(link), self.ago(2, 11)?).await?;
        self.confirm(AMINA, &p, self.ago(1, 11)?).await?;
        Ok(())
    }

    /// A date was asked for.
    async fn letters_asked(&self) -> anyhow::Result<()> {
        let p = self.sent(HELEN, 2, ("Fernhill Letters", "Writes and sends letters to patients."), 8).await?;
        let moments = vec![self.ahead(16, 11)?, self.ahead(17, 11)?, self.ahead(20, 14)?];
        self.test(HELEN, &p, DemonstrationCommand::Ask(moments), self.ago(3, 10)?).await?;
        Ok(())
    }

    /// Not passed: another test is needed.
    async fn notes_not_passed(&self) -> anyhow::Result<()> {
        let missed = &[
            (
                "b1",
                "The product’s session was still open after 10 minutes. The server had answered the logout token with an error.",
            ),
            ("c1", "Nothing happened after 15 minutes without activity."),
        ];
        let about = ("Wardlight Notes", "Notes of ward rounds.");
        let (p, at) = self.held((PRIYA, 0, SAM), about, (5, missed)).await?;
        let log = evidence("logout-token-refused.png", "run sheet", self.files).await?;
        let p = self.test(SAM, &p, DemonstrationCommand::Attach("b1".to_owned(), log), at + chrono::Duration::minutes(45)).await?;
        let why = "Sign-in is in good order. The 2 lines about ending sessions have to be shown again.".to_owned();
        self.test(SAM, &p, DemonstrationCommand::Fail(why), at + chrono::Duration::minutes(110)).await?;
        Ok(())
    }

    /// Passed, with something to put right.
    async fn wards_passed(&self) -> anyhow::Result<()> {
        let missed = &[("a8", "A blank page after cancelling.")];
        let about = ("Medibridge Wards", "Shows who is on which ward.");
        let (p, at) = self.held((DANIEL, 1, AMINA), about, (2, missed)).await?;
        let observation = |text: &str, days| Observation {
            text: text.to_owned(),
            owner: "Daniel Osei".to_owned(),
            due_on: london_date(self.now) + Days::new(days),
            settled: String::new(),
        };
        let observations = vec![
            observation("Show a helpful page when somebody cancels at CIS2.", 30),
            observation("Write the reason of a refused logout token to the log.", 45),
        ];
        let pass = DemonstrationCommand::Observe(observations, String::new());
        let p = self.test(AMINA, &p, pass, at + chrono::Duration::minutes(100)).await?;
        let settled = "The page is in version 4.2.1, which is in INT.".to_owned();
        self.test(AMINA, &p, DemonstrationCommand::Settle(0, settled), self.ago(1, 12)?).await?;
        Ok(())
    }
}
