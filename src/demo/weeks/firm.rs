//! A supplier of the programme: its people, its answers, its pace.

use anyhow::Context;
use chrono::{DateTime, Duration, Utc};

use super::cast::{ALREADY_PARTY, TIDEWELL, VOICES, Voice};
use crate::backtest::dice::Dice;
use crate::demo::answers::Samples;
use crate::demo::cast::{SUPPLIERS, actor};
use crate::demo::programme::Programme;
use crate::domain::actor::Membership;
use crate::domain::facts::{ExistingAgreement, NamedPerson, OrganisationFacts};
use crate::domain::matter::{How, Matter};
use crate::domain::words::OrganisationId;

/// A supplier.
pub struct Firm<'a> {
    /// Does what it does, with its own answers.
    pub programme: Programme<'a>,
    /// Its place among the suppliers.
    pub place: usize,
    /// Its owner.
    pub owner: &'static str,
    /// What is true of it.
    pub voice: &'static Voice,
    writers: Vec<&'static str>,
}

impl<'a> Firm<'a> {
    /// All suppliers; those that are new say who they are.
    pub async fn all(programme: &Programme<'a>, since: DateTime<Utc>) -> anyhow::Result<Vec<Self>> {
        let mut firms = Vec::new();
        let suppliers = SUPPLIERS.iter().chain(super::cast::SUPPLIERS);
        for (place, (supplier, voice)) in suppliers.zip(VOICES).enumerate() {
            let may_write = |role: &Membership| matches!(role, Membership::Owner | Membership::Editor);
            let writers: Vec<_> = supplier.2.iter().filter(|(_, role)| may_write(role)).map(|(person, _)| person.1).collect();
            let owner = *writers.first().context("an owner")?;
            let programme = programme.with_samples(Samples::read()?.with_words(voice.words));
            let firm = Self { programme, place, owner, voice, writers };
            firm.say_who(since + Duration::days(1)).await?;
            firms.push(firm);
        }
        let person = actor(programme.db, TIDEWELL).await?.person();
        programme.db.prefer(person, &Matter::ALL.iter().map(|matter| (*matter, How::Daily)).collect(), false).await?;
        Ok(firms)
    }

    /// Its organisation.
    pub fn organisation(&self) -> anyhow::Result<OrganisationId> {
        self.programme.organisations.get(self.place).copied().context("an organisation")
    }

    /// Somebody who writes.
    pub fn writer(&self, dice: &mut Dice) -> &'static str {
        dice.pick(&self.writers).copied().unwrap_or(self.owner)
    }

    async fn say_who(&self, at: DateTime<Utc>) -> anyhow::Result<()> {
        let Some((address, (name, job_title))) = self.voice.party else { return Ok(()) };
        let (db, id) = (self.programme.db, self.organisation()?);
        let owner = actor(db, self.owner).await?;
        let present = db.visible(&owner).organisation(id).await?.facts;
        let host = self.owner.split('@').next_back().unwrap_or("example.com");
        let person = |name: &str, job_title: &str| NamedPerson {
            name: name.to_owned(),
            job_title: job_title.to_owned(),
            email: format!("{}@{host}", name.to_lowercase().replace(' ', ".")),
        };
        let is_party = self.place == ALREADY_PARTY;
        let facts = OrganisationFacts {
            address: address.to_owned(),
            ico_number: "ZA654321".to_owned(),
            dpo: person("Pat Ellis", ""),
            security_owner: person("Chris Nash", ""),
            signatory: person(name, job_title),
            existing_agreement: Some(if is_party { ExistingAgreement::SamePerson } else { ExistingAgreement::No }),
            contract_number: if is_party { "CNTR0014208".to_owned() } else { String::new() },
            ..present.clone()
        };
        Ok(db.change_organisation(&owner, id, (&facts, &present.edition()), at).await?)
    }
}
