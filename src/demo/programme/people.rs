//! Who is there before the first product is added: the team, and suppliers with their people.

use std::collections::BTreeSet;

use anyhow::Context;
use chrono::{DateTime, Duration, Utc};

use super::Programme;
use crate::demo::answers::Samples;
use crate::demo::cast::{Cast, OWEN, STAFF, SUPPLIERS, Supplier, actor, unusable_hash};
use crate::domain::account::Place;
use crate::domain::actor::Duty;
use crate::issue::Issuer;

impl<'a> Programme<'a> {
    /// Adds the people and organisations, at a moment before everything else.
    ///
    /// # Errors
    /// When a command is refused.
    pub async fn new(issuer: &'a Issuer, (now, since): (DateTime<Utc>, DateTime<Utc>)) -> anyhow::Result<Self> {
        let Issuer { db, rules, files, .. } = issuer;
        let mut programme = Self { db, rules, files, issuer, now, samples: Samples::read()?, organisations: Vec::new() };
        programme.join((STAFF, SUPPLIERS), since).await?;
        Ok(programme)
    }

    /// Adds people of the team, and suppliers with their people.
    pub(in crate::demo) async fn join(
        &mut self,
        (staff, suppliers): (&[(Cast, Duty)], &[Supplier]),
        since: DateTime<Utc>,
    ) -> anyhow::Result<()> {
        for ((name, email, _), duty) in staff {
            // Nobody knows the password: in the demonstration people are chosen, not logged in.
            self.db.add_staff((name, email), unusable_hash(), &BTreeSet::from([*duty]), since).await?;
        }
        let administrator = actor(self.db, OWEN).await?;
        for (name, ods_code, people) in suppliers {
            let organisation = self.db.add_organisation(&administrator, name, ods_code, since).await?;
            for ((name, email, _), role) in *people {
                self.db.invite(&administrator, (name, email), &Place::Supplier(organisation, *role), since).await?;
                let invitations = self.db.invitations(Some(organisation)).await?;
                let invitation = invitations.iter().find(|i| i.email == *email).context("an invitation")?;
                self.db.accept(invitation.id.0, name, Some(unusable_hash()), since + Duration::hours(2)).await?;
            }
            self.organisations.push(organisation);
        }
        Ok(())
    }

    /// The same programme with other answers.
    pub(in crate::demo) fn with_samples(&self, samples: Samples) -> Self {
        Self { samples, organisations: self.organisations.clone(), ..*self }
    }
}
