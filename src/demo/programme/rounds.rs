//! Rounds of the demonstration: a section in its third round, one that came back unchanged, and standard replies.

use super::Programme;
use crate::demo::cast::{AMINA, DANIEL, HELEN, SAM, actor};
use crate::domain::answer::Value;
use crate::domain::catalogue::Section;
use crate::domain::command::{Command, Entry, SectionCommand};
use crate::domain::product::Product;

/// The section that goes round.
const SECTION: Section = Section::MedicalDevice;
/// The question that is asked about in every round.
const PURPOSE: &str = "md-intended-purpose";

impl Programme<'_> {
    /// Two rounds in which the intended purpose was asked about, each with a better answer.
    pub(super) async fn two_rounds(&self, product: Product) -> anyhow::Result<Product> {
        let p = self.fill_and_send(DANIEL, product, SECTION, self.ago(31, 10)?).await?;
        let asked: &[(&str, &str)] =
            &[(PURPOSE, "Say who uses the record and in which setting. We need both to see what it is for.")];
        let p = self.review(AMINA, p, SECTION, (asked, self.ago(29, 10)?)).await?;
        let purpose = "The product shows clinicians and administrators in hospitals what other hospitals have recorded about a \
                       patient. It does not interpret values, recommend treatment or raise clinical alerts.";
        let p = self.change(DANIEL, &p, SECTION, (PURPOSE, Value::Text(purpose.to_owned()), self.ago(27, 10)?)).await?;
        let p = self.send(DANIEL, &p, SECTION, self.ago(27, 11)?).await?;
        let asked: &[(&str, &str)] =
            &[(PURPOSE, "Your release notes speak of a warning for double prescriptions. Say whether the product has it.")];
        self.review(AMINA, p, SECTION, (asked, self.ago(25, 10)?)).await
    }

    /// The third round, which is with the reviewer.
    pub(super) async fn third_round(&self, product: Product) -> anyhow::Result<()> {
        let purpose = "The product shows clinicians and administrators in hospitals what other hospitals have recorded about a \
                       patient. It has no warning for double prescriptions: that part was taken out before release 4.2. It \
                       does not interpret values, recommend treatment or raise clinical alerts.";
        let p = self.change(DANIEL, &product, SECTION, (PURPOSE, Value::Text(purpose.to_owned()), self.ago(1, 11)?)).await?;
        let p = self.send(DANIEL, &p, SECTION, self.ago(1, 12)?).await?;
        self.take(AMINA, &p, SECTION, self.ago(1, 14)?).await?;
        Ok(())
    }

    /// A second round in which the supplier says why nothing has changed.
    pub(super) async fn unchanged_round(&self, product: Product) -> anyhow::Result<Product> {
        let p = self.fill_and_send(HELEN, product, SECTION, self.ago(12, 10)?).await?;
        let asked: &[(&str, &str)] = &[(PURPOSE, "Say whether the tablets show anything that the ward computers do not.")];
        let p = self.review(AMINA, p, SECTION, (asked, self.ago(9, 10)?)).await?;
        let answer = p.answers.get(PURPOSE);
        let entry = Entry {
            question: PURPOSE.to_owned(),
            edition: answer.map_or(0, |a| a.edition),
            value: answer.and_then(|a| a.value.clone()),
            remark: "They show the same. The answer speaks of both, so we left it as it is.".to_owned(),
        };
        let command = Command::Section(SECTION, SectionCommand::Answer(vec![entry]));
        let p = self.act(HELEN, &p, command, self.ago(7, 10)?).await?;
        let p = self.send(HELEN, &p, SECTION, self.ago(7, 11)?).await?;
        self.take(AMINA, &p, SECTION, self.ago(6, 10)?).await
    }

    /// Texts that reviewers start from, one of them used already and one retired.
    pub(super) async fn standard_replies(&self) -> anyhow::Result<()> {
        let at = self.ago(20, 10)?;
        let (amina, sam) = (actor(self.db, AMINA).await?, actor(self.db, SAM).await?);
        let any = "Say who does this and when. A named role and a time would be enough.";
        let files = "The document is a draft. Upload the approved version, with the name of who approved it and the date.";
        let purpose = "Say what the product does with the information that it shows: whether it interprets, warns or recommends.";
        self.db.add_standard_reply(&amina, (None, any), at).await?;
        self.db.add_standard_reply(&sam, (None, files), at).await?;
        self.db.add_standard_reply(&amina, (Some(PURPOSE), purpose), at).await?;
        let visible = self.db.visible(&amina);
        let all = visible.standard_replies_for(&[]).await?;
        for reply in all.iter().filter(|reply| reply.body == any) {
            self.db.standard_replies_used(&[reply.id].into()).await?;
        }
        self.db.add_standard_reply(&sam, (None, "Tell us more."), at).await?;
        for reply in visible.standard_replies_for(&[]).await?.iter().filter(|reply| reply.body == "Tell us more.") {
            self.db.retire_standard_reply(&sam, reply.id, at).await?;
        }
        Ok(())
    }
}
