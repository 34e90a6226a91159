//! Products of the demonstration on the day of their test: one that can begin, one that is under way.

use anyhow::Context;
use chrono::{DateTime, Duration, NaiveTime, Utc};

use super::Programme;
use crate::demo::answers::evidence;
use crate::demo::cast::{AMINA, DANIEL, HELEN, SAM};
use crate::domain::calendar::london_date;
use crate::domain::demonstration::command::{DemonstrationCommand, MarkEntry};
use crate::domain::demonstration::sheet::MarkResult;
use crate::domain::product::Product;
use crate::domain::slot::london_moment;

impl Programme<'_> {
    pub(super) async fn test_days(&self) -> anyhow::Result<()> {
        let about = ("Fernhill Clinics", "Plans and records outpatient clinics.");
        self.on_its_day((HELEN, 2, AMINA), about, 11).await?;
        let about = ("Medibridge Theatres", "Plans operating theatres and records what was done.");
        let (p, starts_at) = self.on_its_day((DANIEL, 1, SAM), about, 9).await?;
        let began = self.some_time_ago(starts_at);
        let p = self.test(SAM, &p, DemonstrationCommand::Start, began).await?;
        let mark = |line: &str, result, note: &str, minutes| MarkEntry {
            line: line.to_owned(),
            result: Some(result),
            note: note.to_owned(),
            at: Some(began + Duration::minutes(minutes)),
            was: None,
        };
        let marks = vec![
            mark("a1", MarkResult::Seen, "", 4),
            mark("a2", MarkResult::Seen, "", 7),
            mark("a3", MarkResult::NotSeen, "The request has no nonce.", 15),
            mark("a4", MarkResult::Seen, "Log of the second server, as the first has no clock.", 22),
        ];
        let at = (began + Duration::minutes(25)).min(self.now);
        let p = self.test(SAM, &p, DemonstrationCommand::Mark(marks), at).await?;
        let log = evidence("server-log-of-sign-in.pdf", "run sheet", self.files).await?;
        self.test(SAM, &p, DemonstrationCommand::Attach("a4".to_owned(), log), at).await?;
        Ok(())
    }

    /// Confirmed, with the test today or, when nobody works today, on the last working day.
    async fn on_its_day(
        &self,
        (email, organisation, reviewer): (&str, usize, &str),
        about: (&str, &str),
        hour: u32,
    ) -> anyhow::Result<(Product, DateTime<Utc>)> {
        let today = london_date(self.now);
        let is_working = self.rules.calendar().is_working_day(today);
        let on = if is_working { today } else { london_date(self.ago(1, 10)?) };
        let time = NaiveTime::from_hms_opt(hour, 0, 0).context("a time")?;
        let starts_at = london_moment(on, time).context("a time in London")?;
        let p = self.sent(email, organisation, about, 24).await?;
        let p = self.book(email, &p, (reviewer, starts_at), self.ago(18, 10)?).await?;
        let p = self.describe(email, &p, self.ago(9, 10)?).await?;
        Ok((self.confirm(reviewer, &p, self.ago(3, 10)?).await?, starts_at))
    }

    /// About an hour ago if that was on the day of the test, or now.
    fn some_time_ago(&self, starts_at: DateTime<Utc>) -> DateTime<Utc> {
        let (on, ago) = (london_date(starts_at), self.now - Duration::minutes(65));
        if on < london_date(self.now) {
            starts_at
        } else if london_date(ago) == on {
            ago
        } else {
            self.now
        }
    }
}
