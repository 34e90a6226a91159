//! Messages of the demonstration: one that waits for the team, one that was answered, one that waits for a supplier.

use chrono::{DateTime, Duration, Utc};

use super::Programme;
use crate::demo::cast::{AMINA, GRACE, HELEN, PRIYA, actor};
use crate::domain::command::Command;
use crate::domain::thread::ThreadCommand;
use crate::domain::words::{MessageId, ThreadId};
use crate::secret::new_id;

impl Programme<'_> {
    /// Writes them.
    pub(super) async fn talks(&self) -> anyhow::Result<()> {
        let asked = (
            "Can we test in August?",
            "Our ward team is free in the first two weeks of August and away after that. Is it worth holding a day for the \
             demonstration, or should we plan for September?",
        );
        self.write(PRIYA, "C2A-1001", asked, self.ago(1, 11)?).await?;
        let asked = (
            "Second site with its own client ID",
            "A second hospital goes live in the autumn with its own client ID. Is that a change to this product, or do we add \
             another product for it?",
        );
        let at = self.ago(6, 14)?;
        let thread = self.write(HELEN, "C2A-1006", asked, at).await?;
        let answer = "The same product: one set of answers covers every site that runs the same version. Add the second client \
                      ID to the production configuration when you have it.";
        self.reply(AMINA, "C2A-1006", (thread, answer), at + Duration::hours(20)).await?;
        let asked = (
            "Who looks after your INT environment in the summer?",
            "We plan our background checks for the next weeks. Tell us who we can reach when a check does not get through.",
        );
        self.write(GRACE, "C2A-1005", asked, self.ago(2, 15)?).await?;
        Ok(())
    }

    async fn write(
        &self,
        email: &str,
        reference: &str,
        (subject, text): (&str, &str),
        at: DateTime<Utc>,
    ) -> anyhow::Result<ThreadId> {
        let product = self.db.visible(&actor(self.db, email).await?).product(reference).await?;
        let thread = ThreadId(new_id());
        let start = ThreadCommand::Start { thread, subject: subject.to_owned(), text: text.to_owned() };
        self.act(email, &product, Command::Thread(start), at).await?;
        Ok(thread)
    }

    async fn reply(&self, email: &str, reference: &str, (thread, text): (ThreadId, &str), at: DateTime<Utc>) -> anyhow::Result<()> {
        let product = self.db.visible(&actor(self.db, email).await?).product(reference).await?;
        let message = (MessageId(new_id()), text.to_owned());
        let reply = ThreadCommand::Write { thread, seen: MessageId(thread.0), message, is_question: false };
        self.act(email, &product, Command::Thread(reply), at).await?;
        Ok(())
    }
}
