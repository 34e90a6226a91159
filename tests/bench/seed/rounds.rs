//! Products whose largest section is at its third round: asked about twice, answered twice, decided on in part.

use anyhow::Context;
use assured::domain::actor::Actor;
use assured::domain::answer::Value;
use assured::domain::calendar::london_date;
use assured::domain::catalogue::{Question, Section};
use assured::domain::command::{Command, Entry, Ruling, SectionCommand};
use assured::domain::product::{Product, Standing};
use assured::domain::section::Verdict;
use chrono::Duration;

use super::Seed;

/// The section with the most questions: 27.
pub const LARGEST: Section = Section::Cis2Conformance;
/// How many days ago each round was sent.
const SENT: [i64; 3] = [12, 8, 4];
/// Every so many questions one is asked about.
const ASKED: usize = 3;

impl Seed<'_> {
    /// Carries the largest section of a product into the third round of its review.
    pub(super) async fn third_round(&self, actor: &Actor, reviewer: &Actor, product: &Product) -> anyhow::Result<()> {
        let mut product = product.clone();
        for (round, days) in SENT.into_iter().enumerate() {
            let sent = self.now - Duration::days(days);
            if round > 0 {
                product = self.act(actor, &product, revise(self.asked(&product)?, round), sent - Duration::hours(1)).await?;
            }
            product = self.send(actor, &product, LARGEST, sent).await?;
            let at = sent + Duration::days(1);
            product = self.act(reviewer, &product, Command::Section(LARGEST, SectionCommand::Take), at).await?;
            let mut rulings = self.rulings(&product)?;
            let is_last = round + 1 == SENT.len();
            if is_last {
                rulings.truncate(1);
            }
            let decide = Command::Section(LARGEST, SectionCommand::Decide(rulings));
            product = self.act(reviewer, &product, decide, at).await?;
            if is_last {
                break;
            }
            let back = Command::Section(LARGEST, SectionCommand::Return(String::new()));
            product = self.act(reviewer, &product, back, at).await?;
        }
        Ok(())
    }

    /// A decision on each question that is open: every third is asked about.
    fn rulings(&self, product: &Product) -> anyhow::Result<Vec<Ruling>> {
        let given = product.given(self.issuer.rules.catalogue(product.question_set)?, london_date(self.now));
        let ruling = |(number, question): (usize, &Question)| {
            let comment = "Tell us who approved this and when. One sentence is enough.".to_owned();
            let is_asked = number.is_multiple_of(ASKED);
            let (verdict, comment) = if is_asked { (Verdict::More, comment) } else { (Verdict::Accept, String::new()) };
            Ruling { question: question.key.clone(), verdict: Some(verdict), comment }
        };
        Ok(given
            .shown(LARGEST)
            .into_iter()
            .filter(|q| product.standing(LARGEST, q) != Standing::Accepted)
            .enumerate()
            .map(ruling)
            .collect())
    }

    /// What was asked about, with the answer and its edition.
    fn asked(&self, product: &Product) -> anyhow::Result<Vec<(String, u32, Value)>> {
        let given = product.given(self.issuer.rules.catalogue(product.question_set)?, london_date(self.now));
        let answer = |question: &&Question| {
            let answer = product.answers.get(&question.key).context("an answer")?;
            Ok((question.key.clone(), answer.edition, answer.value.clone().context("a value")?))
        };
        product.asked(&given, LARGEST).iter().map(answer).collect()
    }
}

/// Texts with a sentence more, everything with a reply.
fn revise(asked: Vec<(String, u32, Value)>, round: usize) -> Command {
    let entry = |(question, edition, value)| {
        let value = match value {
            Value::Text(text) => Value::Text(format!("{text} Approved by the clinical safety officer in round {round}.")),
            other @ (Value::Choice(_)
            | Value::Choices(_)
            | Value::Date(_)
            | Value::Number(_)
            | Value::Ticked
            | Value::Files { .. }) => other,
        };
        Entry { question, edition, value: Some(value), remark: format!("As the board decided on day {round}.") }
    };
    Command::Section(LARGEST, SectionCommand::Answer(asked.into_iter().map(entry).collect()))
}
