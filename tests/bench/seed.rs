//! A thousand products in all states, made by real commands, with the people who work on them.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, anyhow};
use assured::act;
use assured::demo::answers::Samples;
use assured::domain::account::Place;
use assured::domain::actor::{Actor, Duty, Membership};
use assured::domain::answer::{Answer, Given, Value};
use assured::domain::calendar::london_date;
use assured::domain::catalogue::{Question, Section, Stage};
use assured::domain::command::{Command, Entry, Ruling, SectionCommand, Statement};
use assured::domain::facts::{Authenticator, CareSetting, Facts, UserKind};
use assured::domain::product::Product;
use assured::domain::section::Verdict;
use assured::domain::words::{FileId, OrganisationId, PersonId};
use assured::issue::Issuer;
use assured::secret::{new_id, new_token};
use chrono::{DateTime, Duration, Utc};

mod rounds;
mod second;

pub use rounds::LARGEST;

/// Products in all.
pub const PRODUCTS: usize = 1000;
/// Organisations; each has its share of the products and one person.
pub const ORGANISATIONS: usize = 8;
const REVIEWERS: usize = 4;
/// Which product of each organisation has a section at its third round.
const THIRD_ROUND: usize = 15;
/// How long after it was added a product is answered.
const ANSWERED_AFTER: Duration = Duration::days(10);
/// The section in which answers are changed while it is measured.
pub const CHANGED: Section = Section::ClinicalRisk;

/// What is there, for those who ask for it.
#[derive(Default)]
pub struct Plan {
    /// One for each organisation.
    pub suppliers: Vec<Supplier>,
    /// Tokens of reviewers who are logged in.
    pub reviewers: Vec<String>,
    /// References of products with a section that waits for a reply.
    pub reviews: Vec<(String, Section)>,
    /// References of products whose section [`LARGEST`] is at its third round.
    pub third_rounds: Vec<String>,
    /// Dates that are free to book, for one client each.
    pub dates: Vec<String>,
    /// Numbers of certificates that stand.
    pub certificates: Vec<String>,
}

/// Somebody who is logged in, and their organisation's products.
#[derive(Default)]
pub struct Supplier {
    pub token: String,
    /// References of all products.
    pub all: Vec<String>,
    /// Those on which [`CHANGED`] can be answered.
    pub open: Vec<String>,
    /// Sections that can be sent.
    pub ready: Vec<(String, Section)>,
    /// Those whose test can be booked.
    pub bookable: Vec<String>,
    /// Those whose test is under way.
    pub under_way: Vec<String>,
    /// Those with a certificate.
    pub certified: Vec<String>,
    /// Those whose agreement waits for a signature.
    pub unsigned: Vec<String>,
}

/// What a typical supplier answers, by section.
type Answers = Vec<(Section, Vec<(String, Value)>)>;

/// Makes everything.
pub struct Seed<'a> {
    issuer: &'a Issuer,
    now: DateTime<Utc>,
    answers: Answers,
    /// The same for those who answered a month earlier.
    early_answers: Answers,
}

impl<'a> Seed<'a> {
    /// Works out what a typical supplier answers.
    pub async fn new(issuer: &'a Issuer, now: DateTime<Utc>) -> anyhow::Result<Self> {
        let answers = typical(issuer, now - Duration::days(20)).await?;
        let early_answers = typical(issuer, second::added(now) + ANSWERED_AFTER).await?;
        Ok(Self { issuer, now, answers, early_answers })
    }

    /// Makes the people, then the products.
    pub async fn fill(&self) -> anyhow::Result<Plan> {
        let mut plan = Plan::default();
        let start = self.now - Duration::days(60);
        let owner = self.staff("The Administrator", "administrator", Duty::Administrator, start).await?;
        let mut reviewers = Vec::new();
        for number in 0..REVIEWERS {
            reviewers.push(self.staff(&format!("Reviewer {number}"), &format!("reviewer{number}"), Duty::Reviewer, start).await?);
        }
        let mut people = Vec::new();
        for number in 0..ORGANISATIONS {
            let (actor, organisation) = self.supplier(&owner, number, start).await?;
            plan.suppliers.push(Supplier { token: self.log_in(&actor).await?, ..Supplier::default() });
            people.push((actor, organisation));
        }
        for reviewer in reviewers.iter().cycle().take(ORGANISATIONS) {
            plan.reviewers.push(self.log_in(reviewer).await?);
        }
        plan.dates = self.free_dates(&reviewers).await?;
        for number in 0..PRODUCTS {
            let (actor, organisation) = people.get(number % ORGANISATIONS).context("a supplier")?;
            let reviewer = reviewers.get(number % REVIEWERS).context("a reviewer")?;
            let is_second = number / ORGANISATIONS % 10 == 9;
            let added = if is_second { second::added(self.now) } else { self.now - Duration::days(30) };
            let product = self.product(actor, *organisation, (number, added)).await?;
            let reference = product.reference.to_lowercase();
            plan.suppliers.get_mut(number % ORGANISATIONS).context("a supplier")?.all.push(reference.clone());
            if is_second {
                self.second_half(&mut plan, (actor, reviewer), &product, number).await?;
                continue;
            }
            let supplier = plan.suppliers.get_mut(number % ORGANISATIONS).context("a supplier")?;
            match number / ORGANISATIONS % 10 {
                0..=3 => plan.reviews.push((reference, self.in_review(actor, reviewer, &product, number).await?)),
                4 | 5 => {
                    self.reviewed(actor, reviewer, &product, number).await?;
                    supplier.open.push(reference.clone());
                    if number / ORGANISATIONS == THIRD_ROUND {
                        self.third_round(actor, reviewer, &product).await?;
                        plan.third_rounds.push(reference);
                    }
                }
                _ => supplier.ready.extend(Section::ALL.iter().map(|s| (reference.clone(), *s))),
            }
        }
        Ok(plan)
    }

    async fn actor(&self, email: &str) -> anyhow::Result<Actor> {
        let (id, _) = self.issuer.db.person_by_email(email).await?.with_context(|| format!("{email} is not there"))?;
        self.issuer.db.actor(id).await?.with_context(|| format!("{email} is not there"))
    }

    async fn staff(&self, name: &str, word: &str, duty: Duty, at: DateTime<Utc>) -> anyhow::Result<Actor> {
        let email = format!("{word}@assurance.example.nhs.uk");
        self.issuer.db.add_staff((name, &email), "none".to_owned(), &BTreeSet::from([duty]), at).await?;
        self.actor(&email).await
    }

    async fn supplier(&self, administrator: &Actor, number: usize, at: DateTime<Utc>) -> anyhow::Result<(Actor, OrganisationId)> {
        let code = format!("SUP{number:02}");
        let organisation = self.issuer.db.add_organisation(administrator, &format!("Supplier {number} Ltd"), &code, at).await?;
        let (name, email) = (format!("Owner {number}"), format!("owner{number}@supplier{number}.example.com"));
        self.issuer.db.invite(administrator, (&name, &email), &Place::Supplier(organisation, Membership::Owner), at).await?;
        let invitations = self.issuer.db.invitations(Some(organisation)).await?;
        let invitation = invitations.first().context("an invitation")?;
        self.issuer.db.accept(invitation.id.0, &name, Some("none".to_owned()), at).await?;
        let actor = self.actor(&email).await?;
        self.name_party(&actor, organisation, at).await?;
        Ok((actor, organisation))
    }

    async fn log_in(&self, actor: &Actor) -> anyhow::Result<String> {
        let token = new_token()?;
        self.issuer.db.log_in(actor.person(), &token, self.now).await?;
        Ok(token)
    }

    async fn act(&self, actor: &Actor, product: &Product, command: Command, at: DateTime<Utc>) -> anyhow::Result<Product> {
        let done = act::act(&self.issuer.db, &self.issuer.rules, actor, (&product.reference, &command), at).await;
        done.map_err(|e| anyhow!("{} by {}: {e}", product.facts.name, actor.name()))
    }

    /// A product with all its answers.
    async fn product(
        &self,
        actor: &Actor,
        organisation: OrganisationId,
        (number, at): (usize, DateTime<Utc>),
    ) -> anyhow::Result<Product> {
        let facts = facts(&format!("Product {number}"), at);
        let Issuer { db, rules, .. } = self.issuer;
        let mut product = act::add_product(db, rules, actor, (organisation, facts), at).await?;
        let is_early = at < self.now - Duration::days(30);
        for (section, answers) in if is_early { &self.early_answers } else { &self.answers } {
            let entry = |(question, value): &(String, Value)| Entry {
                question: question.clone(),
                edition: 0,
                value: Some(own_files(value.clone())),
                remark: String::new(),
            };
            let command = SectionCommand::Answer(answers.iter().map(entry).collect());
            product = self.act(actor, &product, Command::Section(*section, command), at + ANSWERED_AFTER).await?;
        }
        Ok(product)
    }

    async fn send(&self, actor: &Actor, product: &Product, section: Section, at: DateTime<Utc>) -> anyhow::Result<Product> {
        let technical = section.stage() == Stage::Technical;
        let test_address = if technical { "https://int.supplier.example.com/".to_owned() } else { String::new() };
        let statement = Statement { is_complete: true, works_in_int: technical, test_address };
        self.act(actor, product, Command::Section(section, SectionCommand::Send(statement)), at).await
    }

    /// Decides on the first so many questions of a section; `more` asks about the first of them.
    async fn decide(
        &self,
        reviewer: &Actor,
        product: &Product,
        (section, at): (Section, DateTime<Utc>),
        (most, more): (usize, bool),
    ) -> anyhow::Result<Product> {
        let given = product.given(self.issuer.rules.catalogue(product.question_set)?, london_date(at));
        let ruling = |(number, question): (usize, &String)| {
            let comment = "Tell us who approved this and when. One sentence is enough.".to_owned();
            let (verdict, comment) = if more && number == 0 { (Verdict::More, comment) } else { (Verdict::Accept, String::new()) };
            Ruling { question: question.clone(), verdict: Some(verdict), comment }
        };
        let keys: Vec<String> = given.shown(section).iter().map(|q| q.key.clone()).take(most).collect();
        let command = SectionCommand::Decide(keys.iter().enumerate().map(ruling).collect());
        self.act(reviewer, product, Command::Section(section, command), at).await
    }

    /// A section that waits for a reply; half of them have a reviewer, who has decided on half of it.
    async fn in_review(&self, actor: &Actor, reviewer: &Actor, product: &Product, number: usize) -> anyhow::Result<Section> {
        let section = *Section::ALL.get(number / ORGANISATIONS % Section::ALL.len()).context("a section")?;
        let sent = self.now - Duration::hours(i64::try_from(24 + number % 240)?);
        let product = self.send(actor, product, section, sent).await?;
        if number.is_multiple_of(2) {
            let product =
                self.act(reviewer, &product, Command::Section(section, SectionCommand::Take), sent + Duration::hours(2)).await?;
            let shown = self.answers.iter().find(|(s, _)| *s == section).map_or(0, |(_, own)| own.len());
            self.decide(reviewer, &product, (section, self.now - Duration::hours(20)), (shown / 2, true)).await?;
        }
        Ok(section)
    }

    /// A section that was accepted or sent back; never [`CHANGED`].
    async fn reviewed(&self, actor: &Actor, reviewer: &Actor, product: &Product, number: usize) -> anyhow::Result<()> {
        let section = Section::DataSecurity;
        let more = number.is_multiple_of(2);
        let product = self.send(actor, product, section, self.now - Duration::days(8)).await?;
        let product =
            self.act(reviewer, &product, Command::Section(section, SectionCommand::Take), self.now - Duration::days(2)).await?;
        let product = self.decide(reviewer, &product, (section, self.now - Duration::hours(20)), (usize::MAX, more)).await?;
        let outcome = if more { SectionCommand::Return(String::new()) } else { SectionCommand::Accept(String::new()) };
        self.act(reviewer, &product, Command::Section(section, outcome), self.now - Duration::hours(19)).await?;
        Ok(())
    }
}

/// What a typical supplier answers at a moment.
async fn typical(issuer: &Issuer, at: DateTime<Utc>) -> anyhow::Result<Answers> {
    let samples = Samples::read()?;
    let catalogue = issuer.rules.catalogue(issuer.rules.newest())?;
    let today = london_date(at);
    let facts = facts("A typical product", at);
    let mut given_answers = BTreeMap::new();
    let mut answers = Vec::new();
    for section in Section::ALL {
        let mut own = Vec::new();
        loop {
            let given = Given { catalogue, facts: &facts, answers: &given_answers, today };
            let open: Vec<Question> =
                given.shown(*section).into_iter().filter(|q| given.value(&q.key).is_none()).cloned().collect();
            if open.is_empty() {
                break;
            }
            for question in open {
                let value = samples.answer(&question, today, &issuer.files).await?;
                let value = value.with_context(|| format!("no sample for {}", question.key))?;
                own.push((question.key.clone(), value.clone()));
                let by = PersonId(new_id());
                let answer = Answer { value: Some(value), remark: String::new(), edition: 1, by, at };
                given_answers.insert(question.key, answer);
            }
        }
        answers.push((*section, own));
    }
    Ok(answers)
}

/// The same bytes in a row of its own.
fn own_files(value: Value) -> Value {
    match value {
        Value::Files { mut files, expires_on } => {
            for file in &mut files {
                file.id = FileId(new_id());
            }
            Value::Files { files, expires_on }
        }
        other @ (Value::Text(_) | Value::Choice(_) | Value::Choices(_) | Value::Date(_) | Value::Number(_) | Value::Ticked) => {
            other
        }
    }
}

fn facts(name: &str, at: DateTime<Utc>) -> Facts {
    let today = london_date(at);
    Facts {
        name: name.to_owned(),
        version: "4.2".to_owned(),
        description: "Shows a patient's record from several hospitals in one place.".to_owned(),
        use_case: "Staff sign in with CIS2 to record and read care in hospitals.".to_owned(),
        use_case_approved_on: Some(today - Duration::days(30)),
        migrating_from_cis1: Some(false),
        care_settings: [CareSetting::Hospital, CareSetting::Community].into(),
        users: [UserKind::Clinicians, UserKind::Administrators].into(),
        authenticators: [Authenticator::InternetSmartcard, Authenticator::Passkey].into(),
        int_working: Some(true),
        int_working_since: Some(today - Duration::days(75)),
        go_live_target: Some(today + Duration::days(120)),
        ..Facts::default()
    }
}
