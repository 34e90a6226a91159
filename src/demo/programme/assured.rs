//! Products of the demonstration after their test: certificates, agreements, assured, live, and what goes wrong afterwards.

use std::collections::BTreeSet;

use anyhow::Context;
use chrono::{DateTime, Duration, Utc};

use super::Programme;
use crate::agreement_paper::{document, keep, make, parties, proposed, terms};
use crate::demo::cast::{AMINA, DANIEL, GRACE, HELEN, PRIYA, SAM, actor};
use crate::domain::agreement::command::{AgreementCommand, Copy, Paper};
use crate::domain::agreement::signing::SigningCheck;
use crate::domain::agreement::terms::DataRole;
use crate::domain::calendar::london_date;
use crate::domain::catalogue::Section;
use crate::domain::certificate::CertificateCommand;
use crate::domain::command::Command;
use crate::domain::demonstration::Observation;
use crate::domain::demonstration::command::DemonstrationCommand;
use crate::domain::facts::{NamedPerson, OrganisationFacts};
use crate::domain::live::facts::{ClientAuth, GoLiveStep, LiveFacts, SigningAlgorithm};
use crate::domain::live::{Altered, LiveCommand, Touched};
use crate::domain::product::Product;
use crate::domain::words::SigningId;
use crate::issue::Replacing;
use crate::secret::new_id;

/// A supplier's person, the place of their organisation, the product's name and what it does.
type Newcomer = (&'static str, usize, &'static str, &'static str);

impl Programme<'_> {
    /// Eight products, after those that are at their test.
    pub(super) async fn second_half(&self) -> anyhow::Result<()> {
        self.name_parties().await?;
        self.leave().await?;
        Box::pin(self.agreements()).await?;
        Box::pin(self.finished()).await
    }

    /// What the organisations say of themselves, so that agreements can name them.
    pub(in crate::demo) async fn name_parties(&self) -> anyhow::Result<()> {
        let all = [
            (PRIYA, "14 Canal Street, Leeds LS1 4AB", ("Margaret Hale", "Chief Executive", "margaret.hale@wardlight.example.com")),
            (DANIEL, "3 Bridge Road, Bristol BS1 6QA", ("Owen Marsh", "Managing Director", "owen.marsh@medibridge.example.com")),
            (HELEN, "27 Fern Lane, York YO1 7HH", ("Ruth Ainsworth", "Company Secretary", "ruth.ainsworth@fernhill.example.com")),
        ];
        for ((email, address, (name, job_title, mailbox)), id) in all.into_iter().zip(&self.organisations) {
            let person = actor(self.db, email).await?;
            let present = self.db.visible(&person).organisation(*id).await?;
            let named = |name: &str, job_title: &str, email: &str| NamedPerson {
                name: name.to_owned(),
                job_title: job_title.to_owned(),
                email: email.to_owned(),
            };
            let facts = OrganisationFacts {
                address: address.to_owned(),
                ico_number: "ZA123456".to_owned(),
                dpo: named("Jo Lane", "", "dpo@example.com"),
                security_owner: named("Sal Webb", "", "security@example.com"),
                signatory: named(name, job_title, mailbox),
                ..present.facts.clone()
            };
            let edition = present.facts.edition();
            self.db.change_organisation(&person, *id, (&facts, &edition), self.ago(60, 9)?).await?;
        }
        Ok(())
    }

    async fn leave(&self) -> anyhow::Result<()> {
        let sam = actor(self.db, SAM).await?;
        let first = london_date(self.now) + chrono::Days::new(24);
        self.db.add_leave(&sam, sam.person(), (first, first + chrono::Days::new(6)), self.ago(5, 9)?).await?;
        Ok(())
    }

    /// A product whose six sections were accepted, the last of them two weeks after it was added.
    async fn accepted(&self, (email, organisation, name, what): Newcomer, added: u32) -> anyhow::Result<Product> {
        let mut p = self.add(email, organisation, (name, what), self.ago(added, 9)?).await?;
        p = self.connect(email, &p, self.ago(added, 10)?).await?;
        for (number, section) in Section::ALL.iter().enumerate() {
            let day = added.saturating_sub(1 + u32::try_from(number)?);
            p = self.fill_and_send(email, p, *section, self.ago(day, 10)?).await?;
            let reviewer = if number % 2 == 0 { AMINA } else { SAM };
            p = self.review(reviewer, p, *section, (&[], self.ago(day.saturating_sub(2), 10)?)).await?;
        }
        Ok(p)
    }

    /// A test of a product whose sections are accepted, held so many working days ago and marked to its end.
    async fn tested(
        &self,
        newcomer: Newcomer,
        (added, day): (u32, u32),
        missed: &[(&str, &str)],
    ) -> anyhow::Result<(Product, DateTime<Utc>)> {
        let email = newcomer.0;
        let p = self.accepted(newcomer, added).await?;
        let p = self.book(email, &p, (AMINA, self.ago(day, 10)?), self.ago(day + 16, 11)?).await?;
        let p = self.describe(email, &p, self.ago(day + 12, 11)?).await?;
        let p = self.confirm(AMINA, &p, self.ago(day + 4, 11)?).await?;
        let (p, at) = self.hold(AMINA, &p, missed).await?;
        Ok((p, at + Duration::minutes(110)))
    }

    async fn certify(&self, reference: &str, at: DateTime<Utc>) -> anyhow::Result<Product> {
        let amina = actor(self.db, AMINA).await?;
        Ok(self.issuer.issue(&amina, (reference, &Replacing::default()), at).await?)
    }

    pub(in crate::demo) async fn agree(
        &self,
        email: &str,
        p: &Product,
        command: AgreementCommand,
        at: DateTime<Utc>,
    ) -> anyhow::Result<Product> {
        self.act(email, p, Command::Agreement(command), at).await
    }

    /// Names the officer of the organisation and issues the agreement, document and all.
    async fn issue_agreement(&self, email: &str, p: &Product, at: DateTime<Utc>) -> anyhow::Result<Product> {
        let p = self.name_officer(email, p, at - Duration::days(3)).await?;
        self.issue_paper(AMINA, &p, at).await
    }

    pub(in crate::demo) async fn name_officer(&self, email: &str, p: &Product, at: DateTime<Utc>) -> anyhow::Result<Product> {
        let officer = p.party.signatory.clone();
        self.agree(email, p, AgreementCommand::Name(officer, SigningId(new_id())), at).await
    }

    /// Issues the agreement as it is proposed: for signing, or again without a signature.
    pub(in crate::demo) async fn issue_paper(&self, reviewer: &str, p: &Product, at: DateTime<Utc>) -> anyhow::Result<Product> {
        let today = london_date(at);
        // The sample terms are younger than a long programme.
        let terms = terms(self.rules, london_date(self.now))?;
        let of = parties(p, DataRole::Processor);
        let made = make(document(&terms.fill(&of), &of, today)).await?;
        keep(self.files, &made).await?;
        let (kind, reason) = proposed(p, &terms.version);
        let paper = Paper {
            terms: terms.version.clone(),
            kind,
            data_role: DataRole::Processor,
            parties: of,
            pdf: made.digest.clone(),
            pages: made.pages,
            reason: reason.to_owned(),
        };
        let command = if kind.needs_signature() {
            AgreementCommand::Issue(paper, SigningId(new_id()))
        } else {
            AgreementCommand::Reissue(paper)
        };
        self.agree(reviewer, p, command, at).await
    }

    /// A signed copy; in the demonstration it is the issued document itself.
    pub(in crate::demo) async fn sign(&self, email: &str, p: &Product, at: DateTime<Utc>) -> anyhow::Result<Product> {
        let issue = p.agreement().issue.as_ref().context("an issued agreement")?;
        let copy = Copy {
            signed_on: london_date(at),
            is_authorised: true,
            name: "connection-agreement-signed.pdf".to_owned(),
            digest: issue.pdf.clone(),
            size: 30_000,
            pages: issue.pages,
            has_signature_field: false,
            has_issued_text: true,
        };
        self.agree(email, p, AgreementCommand::Sign(Box::new(copy)), at).await
    }

    pub(in crate::demo) async fn accept_copy(&self, reviewer: &str, p: &Product, at: DateTime<Utc>) -> anyhow::Result<Product> {
        let checks: BTreeSet<SigningCheck> = SigningCheck::ALL.iter().copied().collect();
        self.agree(reviewer, p, AgreementCommand::Accept(checks), at).await
    }

    /// A certificate that is due; agreements that wait for the signature, for the check, and for another copy.
    async fn agreements(&self) -> anyhow::Result<()> {
        let newcomer = (PRIYA, 0, "Wardlight Maternity", "Follows a pregnancy from booking to discharge.");
        let (p, at) = self.tested(newcomer, (44, 3), &[]).await?;
        self.test(AMINA, &p, DemonstrationCommand::Pass("Thank you for a well prepared test.".to_owned()), at).await?;

        let newcomer = (PRIYA, 0, "Wardlight Pharmacy", "Checks and dispenses what was prescribed.");
        let (p, at) = self.tested(newcomer, (50, 8), &[("c5", "The other tab stayed open.")]).await?;
        let observation = Observation {
            text: "Open tabs do not follow when the user signs out in one of them.".to_owned(),
            owner: "Tom Bell".to_owned(),
            due_on: london_date(self.now) + chrono::Days::new(30),
            settled: String::new(),
        };
        let p = self.test(AMINA, &p, DemonstrationCommand::Observe(vec![observation], String::new()), at).await?;
        let p = self.certify(&p.reference, self.ago(6, 10)?).await?;
        let p = self.issue_agreement(PRIYA, &p, self.ago(4, 10)?).await?;
        // Another officer has taken over, and has just been asked to sign.
        let officer = NamedPerson {
            name: "Rupert Vane".to_owned(),
            job_title: "Finance Director".to_owned(),
            email: "rupert.vane@wardlight.example.com".to_owned(),
        };
        self.agree(PRIYA, &p, AgreementCommand::Name(officer, SigningId(new_id())), self.now).await?;

        let p = self.accepted((DANIEL, 1, "Medibridge Referrals", "Sends and follows referrals."), 52).await?;
        let p = self.issue_agreement(DANIEL, &p, self.ago(9, 10)?).await?;
        self.sign(DANIEL, &p, self.ago(2, 10)?).await?;

        let p = self.accepted((HELEN, 2, "Fernhill Forms", "Forms that patients fill in before they come."), 54).await?;
        let p = self.issue_agreement(HELEN, &p, self.ago(10, 10)?).await?;
        let p = self.sign(HELEN, &p, self.ago(5, 10)?).await?;
        let why = "Page 3 is missing, and the date of signing cannot be read.";
        self.agree(AMINA, &p, AgreementCommand::Return(why.to_owned()), self.ago(3, 10)?).await?;
        Ok(())
    }

    /// From accepted sections to assured.
    async fn assured(&self, newcomer: Newcomer, (added, held): (u32, u32)) -> anyhow::Result<Product> {
        let email = newcomer.0;
        let (p, at) = self.tested(newcomer, (added, held), &[]).await?;
        let p = self.test(AMINA, &p, DemonstrationCommand::Pass(String::new()), at).await?;
        let p = self.certify(&p.reference, self.ago(held - 2, 10)?).await?;
        let p = self.issue_agreement(email, &p, self.ago(held - 3, 14)?).await?;
        let p = self.sign(email, &p, self.ago(held - 5, 10)?).await?;
        self.accept_copy(AMINA, &p, self.ago(held - 6, 10)?).await
    }

    /// Assured, live, in doubt after a change, and one whose certificate was withdrawn.
    async fn finished(&self) -> anyhow::Result<()> {
        Box::pin(self.assured((PRIYA, 0, "Wardlight Meals", "Orders meals for patients with their diets."), (60, 12))).await?;

        let p = Box::pin(self.assured((HELEN, 2, "Fernhill Rounds", "Ward rounds on a tablet."), (80, 30))).await?;
        self.go_live(HELEN, &p, 18).await?;

        let p = Box::pin(self.assured((DANIEL, 1, "Medibridge Alerts", "Tells staff about results that cannot wait."), (90, 40)))
            .await?;
        let p = self.go_live(DANIEL, &p, 28).await?;
        let what = "Logout notices now arrive at another address, behind our new gateway.";
        let altered = Altered { touched: BTreeSet::from([Touched::Logout]), what: what.to_owned() };
        self.act(DANIEL, &p, Command::Live(LiveCommand::Alter(altered)), self.ago(1, 11)?).await?;

        let p = Box::pin(self.assured((PRIYA, 0, "Wardlight Transport", "Moves patients between sites."), (70, 25))).await?;
        let why = "The test was held with a version that was never released.";
        let number = p.certificate().map(|c| c.content.number.clone()).unwrap_or_default();
        let withdraw = Command::Certificate(CertificateCommand::Withdraw { number, reason: why.to_owned() });
        self.act(GRACE, &p, withdraw, self.ago(3, 15)?).await?;
        Ok(())
    }

    async fn go_live(&self, email: &str, p: &Product, day: u32) -> anyhow::Result<Product> {
        let (sent, planned) = (self.ago(day + 12, 10)?, self.ago(day, 9)?);
        let p = self.configure(email, p, (sent, planned)).await?;
        let at = self.ago(day, 16)?;
        self.act(GRACE, &p, Command::Live(LiveCommand::GoLive(london_date(at))), at).await
    }

    /// The production configuration, with all steps before the first user done.
    pub(in crate::demo) async fn configure(
        &self,
        email: &str,
        p: &Product,
        (at, planned): (DateTime<Utc>, DateTime<Utc>),
    ) -> anyhow::Result<Product> {
        let scopes = ["openid", "profile"].map(str::to_owned);
        let facts = LiveFacts {
            redirect_uris: "https://www.supplier.example.com/signed-in".to_owned(),
            logout_url: "https://www.supplier.example.com/logout".to_owned(),
            client_auth: Some(ClientAuth::PrivateKeyJwt),
            jwks_url: "https://www.supplier.example.com/keys".to_owned(),
            signing_algorithm: Some(SigningAlgorithm::Rs512),
            userinfo_signed: Some(false),
            scopes: scopes.into(),
            sent_on: Some(london_date(at)),
            planned_on: Some(london_date(planned)),
            done: GoLiveStep::ALL.iter().copied().collect(),
        };
        let edition = p.live.edition();
        self.act(email, p, Command::Live(LiveCommand::Configure(Box::new(facts), edition)), at).await
    }
}
