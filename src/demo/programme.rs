//! The programme of the demonstration: three suppliers, two reviewers, a manager, an administrator, 25 products.

use anyhow::Context;
use chrono::{DateTime, Duration, TimeZone as _, Utc};

use super::answers::Samples;
use super::cast::{AMINA, DANIEL, HELEN, PRIYA, SAM, TOM, actor};
use super::people::read_messages;
use crate::act::{self, Rules};
use crate::domain::answer::Value;
use crate::domain::calendar::london_date;
use crate::domain::catalogue::{Section, Stage};
use crate::domain::command::{Command, Entry, Ruling, SectionCommand, Statement};
use crate::domain::facts::{Authenticator, CareSetting, Facts, UserKind};
use crate::domain::product::{Product, Standing};
use crate::domain::section::Verdict;
use crate::domain::words::OrganisationId;
use crate::issue::Issuer;
use crate::store::Db;
use crate::store::file::Files;

mod asking;
mod assured;
mod booked;
mod evidence;
mod first_words;
mod people;
mod rounds;
mod talks;
mod team;
mod typed;

/// Working days ago until when everybody has read their messages.
const UNREAD: u32 = 4;

/// Makes the programme by real commands; each at a moment of its own in the past.
pub struct Programme<'a> {
    pub(super) db: &'a Db,
    pub(super) rules: &'a Rules,
    pub(super) files: &'a Files,
    pub(super) issuer: &'a Issuer,
    now: DateTime<Utc>,
    samples: Samples,
    pub(super) organisations: Vec<OrganisationId>,
}

impl Programme<'_> {
    /// The moment on the working day so many working days before today, at an hour in London.
    fn ago(&self, working_days: u32, hour: u32) -> anyhow::Result<DateTime<Utc>> {
        let mut date = london_date(self.now);
        let mut left = working_days;
        while left > 0 {
            date = date.pred_opt().context("a date")?;
            left -= u32::from(self.rules.calendar().is_working_day(date));
        }
        let local = date.and_hms_opt(hour, 12, 0).context("a time")?;
        let at = chrono_tz::Europe::London.from_local_datetime(&local).earliest().context("a time in London")?;
        Ok(at.with_timezone(&Utc).min(self.now))
    }

    pub(super) async fn act(&self, email: &str, product: &Product, command: Command, at: DateTime<Utc>) -> anyhow::Result<Product> {
        let actor = actor(self.db, email).await?;
        let done = act::act(self.db, self.rules, &actor, (&product.reference, &command), at).await;
        done.with_context(|| format!("{} by {email}", product.facts.name))
    }

    pub(super) async fn add(
        &self,
        email: &str,
        organisation: usize,
        (name, what): (&str, &str),
        at: DateTime<Utc>,
    ) -> anyhow::Result<Product> {
        let facts = Facts { name: name.to_owned(), version: "4.2".to_owned(), description: what.to_owned(), ..Facts::default() };
        let organisation = *self.organisations.get(organisation).context("an organisation")?;
        let actor = actor(self.db, email).await?;
        Ok(act::add_product(self.db, self.rules, &actor, (organisation, facts), at).await?)
    }

    async fn connect(&self, email: &str, product: &Product, at: DateTime<Utc>) -> anyhow::Result<Product> {
        let today = london_date(at);
        let facts = Facts {
            use_case: "Staff sign in with CIS2 to record and read care in hospitals.".to_owned(),
            use_case_approved_on: today.checked_sub_days(chrono::Days::new(30)),
            migrating_from_cis1: Some(false),
            care_settings: [CareSetting::Hospital, CareSetting::Community].into(),
            users: [UserKind::Clinicians, UserKind::Administrators].into(),
            authenticators: [Authenticator::InternetSmartcard, Authenticator::Passkey].into(),
            int_working: Some(true),
            int_working_since: today.checked_sub_days(chrono::Days::new(75)),
            go_live_target: today.checked_add_days(chrono::Days::new(120)),
            ..product.facts.clone()
        };
        self.act(email, product, Command::Change(Box::new(facts), product.facts.edition()), at).await
    }

    /// Answers the first so many shown questions of a section that have no answer.
    pub(super) async fn answer(
        &self,
        email: &str,
        product: Product,
        (section, most): (Section, usize),
        at: DateTime<Utc>,
    ) -> anyhow::Result<Product> {
        let catalogue = self.rules.catalogue(product.question_set)?;
        let today = london_date(at);
        let mut product = product;
        let mut left = most;
        while left > 0 {
            let given = product.given(catalogue, today);
            let open: Vec<_> = given.shown(section).into_iter().filter(|q| given.value(&q.key).is_none()).take(left).collect();
            if open.is_empty() {
                break;
            }
            let mut entries = Vec::new();
            for question in &open {
                let value = self
                    .samples
                    .answer(question, today, self.files)
                    .await?
                    .with_context(|| format!("a sample for {}", question.key))?;
                entries.push(Entry { question: question.key.clone(), edition: 0, value: Some(value), remark: String::new() });
            }
            left -= open.len();
            product = self.act(email, &product, Command::Section(section, SectionCommand::Answer(entries)), at).await?;
        }
        Ok(product)
    }

    pub(super) async fn send(
        &self,
        email: &str,
        product: &Product,
        section: Section,
        at: DateTime<Utc>,
    ) -> anyhow::Result<Product> {
        let technical = section.stage() == Stage::Technical;
        let test_address = if technical { "https://int.supplier.example.com/".to_owned() } else { String::new() };
        let statement = Statement { is_complete: true, works_in_int: technical, test_address };
        self.act(email, product, Command::Section(section, SectionCommand::Send(statement)), at).await
    }

    pub(super) async fn fill_and_send(
        &self,
        email: &str,
        product: Product,
        section: Section,
        at: DateTime<Utc>,
    ) -> anyhow::Result<Product> {
        let product = self.answer(email, product, (section, usize::MAX), at).await?;
        self.send(email, &product, section, at + Duration::minutes(40)).await
    }

    pub(super) async fn take(
        &self,
        reviewer: &str,
        product: &Product,
        section: Section,
        at: DateTime<Utc>,
    ) -> anyhow::Result<Product> {
        self.act(reviewer, product, Command::Section(section, SectionCommand::Take), at).await
    }

    /// Decides every open question: those named need more, the others are accepted.
    pub(super) async fn decide(
        &self,
        reviewer: &str,
        product: &Product,
        section: Section,
        (asked, at): (&[(&str, &str)], DateTime<Utc>),
    ) -> anyhow::Result<Product> {
        let catalogue = self.rules.catalogue(product.question_set)?;
        let given = product.given(catalogue, london_date(at));
        let open = given.shown(section).into_iter().filter(|q| product.standing(section, q) != Standing::Accepted);
        let rulings = open.map(|q| match asked.iter().find(|(key, _)| *key == q.key) {
            Some((_, comment)) => Ruling { question: q.key.clone(), verdict: Some(Verdict::More), comment: (*comment).to_owned() },
            None => Ruling { question: q.key.clone(), verdict: Some(Verdict::Accept), comment: String::new() },
        });
        let command = Command::Section(section, SectionCommand::Decide(rulings.collect()));
        self.act(reviewer, product, command, at).await
    }

    async fn review(
        &self,
        reviewer: &str,
        product: Product,
        section: Section,
        (asked, at): (&[(&str, &str)], DateTime<Utc>),
    ) -> anyhow::Result<Product> {
        let product = self.take(reviewer, &product, section, at).await?;
        let product = self.decide(reviewer, &product, section, (asked, at + Duration::minutes(50))).await?;
        let outcome = if asked.is_empty() {
            SectionCommand::Accept(String::new())
        } else {
            SectionCommand::Return(
                "Thank you for a clear section. There are a few points that we need before we can accept it.".to_owned(),
            )
        };
        self.act(reviewer, &product, Command::Section(section, outcome), at + Duration::minutes(55)).await
    }

    async fn change(
        &self,
        email: &str,
        product: &Product,
        section: Section,
        (key, value, at): (&str, Value, DateTime<Utc>),
    ) -> anyhow::Result<Product> {
        let edition = product.answers.get(key).map_or(0, |a| a.edition);
        let entry = Entry { question: key.to_owned(), edition, value: Some(value), remark: String::new() };
        self.act(email, product, Command::Section(section, SectionCommand::Answer(vec![entry])), at).await
    }

    /// Plays the whole programme. The order decides the references: C2A-1001 is the first product.
    ///
    /// # Errors
    /// When a command is refused.
    pub async fn play(&self) -> anyhow::Result<()> {
        self.observations().await?;
        self.handover().await?;
        self.rota().await?;
        self.connect_overdue().await?;
        Box::pin(self.records_second_round()).await?;
        self.epr_all_accepted().await?;
        self.community_on_hold().await?;
        self.triage_ready().await?;
        self.mobile_in_review().await?;
        self.legacy_withdrawn().await?;
        self.bookings().await?;
        Box::pin(self.second_half()).await?;
        self.talks().await?;
        self.standard_replies().await?;
        self.invitations().await?;
        self.colleagues().await?;
        self.typed().await?;
        self.team().await?;
        read_messages(self.db, self.ago(UNREAD, 9)?, self.now).await
    }

    async fn observations(&self) -> anyhow::Result<()> {
        let (priya, tom, amina, sam) = (PRIYA, TOM, AMINA, SAM);
        let p = self
            .add(priya, 0, ("Wardlight Observations", "Records and shows observations of adult inpatients."), self.ago(30, 10)?)
            .await?;
        let p = self.connect(priya, &p, self.ago(30, 11)?).await?;
        let p = self.answer(priya, p, (Section::DataSecurity, usize::MAX), self.ago(26, 10)?).await?;
        let p = self.renew_certificate(priya, &p, self.ago(26, 10)? + Duration::minutes(25)).await?;
        let p = self.fill_and_send(priya, p, Section::DataSecurity, self.ago(26, 10)?).await?;
        let p = self.review(sam, p, Section::DataSecurity, (&[], self.ago(23, 14)?)).await?;
        let p = self.fill_and_send(tom, p, Section::ClinicalRisk, self.ago(10, 10)?).await?;
        let asked: &[(&str, &str)] = &[
            (
                "cr-cso-trained-on",
                "The certificate in your plan is older than the date that you give. Tell us which course this was, or correct the date.",
            ),
            ("cr-plan", "The plan does not say who approved it and it has no review date. Upload the approved version with both."),
            (
                "cr-loss-of-access",
                "Say how emergency access is closed again and who looks at each use. A named role and a time would be enough.",
            ),
        ];
        let p = self.review(amina, p, Section::ClinicalRisk, (asked, self.ago(6, 15)?)).await?;
        let p = self.fill_and_send(tom, p, Section::MedicalDevice, self.ago(2, 16)?).await?;
        let p = self.answer(tom, p, (Section::ServiceManagement, usize::MAX), self.ago(4, 11)?).await?;
        self.answer(tom, p, (Section::CoreConformance, 9), self.ago(1, 12)?).await?;
        Ok(())
    }

    async fn handover(&self) -> anyhow::Result<()> {
        self.add(PRIYA, 0, ("Wardlight Handover", "Helps nurses hand patients over between shifts."), self.ago(1, 9)?).await?;
        Ok(())
    }

    async fn rota(&self) -> anyhow::Result<()> {
        let p = self.add(TOM, 0, ("Wardlight Rota", "Plans who works when, and shows it on the ward."), self.ago(12, 9)?).await?;
        let p = self.connect(TOM, &p, self.ago(12, 10)?).await?;
        let p = self.answer(TOM, p, (Section::DataSecurity, 5), self.ago(9, 10)?).await?;
        let p = self.answer(PRIYA, p, (Section::ClinicalRisk, 3), self.ago(8, 10)?).await?;
        let p = self.answer(PRIYA, p, (Section::Cis2Conformance, 12), self.ago(3, 10)?).await?;
        self.run_out(TOM, &p, self.ago(2, 10)?).await?;
        self.first_words(p).await
    }

    async fn connect_overdue(&self) -> anyhow::Result<()> {
        let p = self
            .add(
                DANIEL,
                1,
                ("Medibridge Connect", "Passes letters and results between hospitals and practices."),
                self.ago(25, 10)?,
            )
            .await?;
        let p = self.connect(DANIEL, &p, self.ago(25, 11)?).await?;
        let p = self.fill_and_send(DANIEL, p, Section::DataSecurity, self.ago(8, 10)?).await?;
        let p = self.fill_and_send(DANIEL, p, Section::Cis2Conformance, self.ago(6, 15)?).await?;
        let p = self.take(SAM, &p, Section::Cis2Conformance, self.ago(4, 10)?).await?;
        self.fill_and_send(DANIEL, p, Section::MedicalDevice, self.ago(5, 9)?).await?;
        Ok(())
    }

    async fn records_second_round(&self) -> anyhow::Result<()> {
        let section = Section::ServiceManagement;
        let p = self
            .add(
                DANIEL,
                1,
                ("Medibridge Records", "Shows a patient's record from several hospitals in one place."),
                self.ago(40, 10)?,
            )
            .await?;
        let p = self.connect(DANIEL, &p, self.ago(40, 11)?).await?;
        let p = self.fill_and_send(DANIEL, p, Section::DataSecurity, self.ago(36, 10)?).await?;
        let p = self.review(AMINA, p, Section::DataSecurity, (&[], self.ago(32, 10)?)).await?;
        let p = Box::pin(self.two_rounds(p)).await?;
        let p = self.fill_and_send(DANIEL, p, section, self.ago(20, 10)?).await?;
        let asked: &[(&str, &str)] = &[
            ("sm-support-hours", "Say what happens at night for severity 1. One sentence is enough."),
            ("sm-change-notice", "Say how much notice you give when a signing key address changes."),
        ];
        let p = self.review(AMINA, p, section, (asked, self.ago(16, 11)?)).await?;
        let hours = "Weekdays 8am to 6pm by the service desk. At night and at weekends by the on-call engineer.";
        let p = self.change(DANIEL, &p, section, ("sm-support-hours", Value::Text(hours.to_owned()), self.ago(5, 10)?)).await?;
        let hours = "Weekdays 8am to 6pm by the service desk. Weekends and bank holidays 9am to 5pm by the on-call engineer. At night: severity 1 and 2 by the on-call engineer, who answers within 15 minutes.";
        let p = self.change(DANIEL, &p, section, ("sm-support-hours", Value::Text(hours.to_owned()), self.ago(4, 10)?)).await?;
        let notice = "Our technical lead decides whether a change could affect sign-in. NHS England and customers hear at least 15 working days before, and 20 working days before a signing key address changes, by email to the agreed mailboxes. We update our assurance answers in the same week.";
        let p = self.change(DANIEL, &p, section, ("sm-change-notice", Value::Text(notice.to_owned()), self.ago(4, 11)?)).await?;
        let p = self.send(DANIEL, &p, section, self.ago(3, 12)?).await?;
        let p = self.take(AMINA, &p, section, self.ago(1, 10)?).await?;
        Box::pin(self.third_round(p)).await
    }

    async fn epr_all_accepted(&self) -> anyhow::Result<()> {
        let mut p = self
            .add(HELEN, 2, ("Fernhill EPR", "The electronic patient record of two mental health trusts."), self.ago(50, 10)?)
            .await?;
        p = self.connect(HELEN, &p, self.ago(50, 11)?).await?;
        for (number, section) in Section::ALL.iter().enumerate() {
            let day = 46 - 5 * u32::try_from(number)?;
            p = self.fill_and_send(HELEN, p, *section, self.ago(day, 10)?).await?;
            let reviewer = if number % 2 == 0 { AMINA } else { SAM };
            p = self.review(reviewer, p, *section, (&[], self.ago(day - 3, 10)?)).await?;
        }
        Ok(())
    }

    async fn community_on_hold(&self) -> anyhow::Result<()> {
        let p = self.add(HELEN, 2, ("Fernhill Community", "Visits and notes of district nurses."), self.ago(18, 10)?).await?;
        let p = self.connect(HELEN, &p, self.ago(18, 11)?).await?;
        let p = self.fill_and_send(HELEN, p, Section::ServiceManagement, self.ago(14, 10)?).await?;
        let reason = "We are moving to a new hosting company and will go on when that is done.";
        self.act(HELEN, &p, Command::Hold(reason.to_owned()), self.ago(12, 10)?).await?;
        Ok(())
    }

    async fn triage_ready(&self) -> anyhow::Result<()> {
        let p = self
            .add(DANIEL, 1, ("Medibridge Triage", "Sorts referrals for the teams that see them first."), self.ago(9, 10)?)
            .await?;
        let p = self.connect(DANIEL, &p, self.ago(9, 11)?).await?;
        let p = self.answer(DANIEL, p, (Section::DataSecurity, usize::MAX), self.ago(5, 10)?).await?;
        self.answer(DANIEL, p, (Section::Cis2Conformance, usize::MAX), self.ago(3, 10)?).await?;
        Ok(())
    }

    async fn mobile_in_review(&self) -> anyhow::Result<()> {
        let p = self.add(HELEN, 2, ("Fernhill Mobile", "The record on tablets for staff on the move."), self.ago(15, 10)?).await?;
        let p = self.connect(HELEN, &p, self.ago(15, 11)?).await?;
        let p = Box::pin(self.unchanged_round(p)).await?;
        let p = self.send_first_words(p, self.ago(1, 10)?).await?;
        let p = self.fill_and_send(HELEN, p, Section::CoreConformance, self.ago(4, 16)?).await?;
        self.fill_and_send(HELEN, p, Section::ServiceManagement, self.ago(3, 16)?).await?;
        Ok(())
    }

    async fn legacy_withdrawn(&self) -> anyhow::Result<()> {
        let p = self.add(PRIYA, 0, ("Wardlight Legacy", "The old observation charts."), self.ago(28, 10)?).await?;
        let reason = "We retire this product and will not connect it.";
        self.act(PRIYA, &p, Command::Withdraw(reason.to_owned()), self.ago(22, 10)?).await?;
        Ok(())
    }
}
