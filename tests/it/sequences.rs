//! What is refused, kept and promised: at each step of a whole walk, and on random ways through two sections as days pass.

use std::collections::BTreeMap;

use assured::domain::actor::Actor;
use assured::domain::catalogue::{Question, Section};
use assured::domain::command::{Command, Entry, SectionCommand};
use assured::domain::decide::{Decision, offer};
use assured::domain::product::{Product, Standing};
use assured::domain::refusal::Refusal;
use assured::domain::section::{PRODUCT, ProductAct, ProductState, SECTION};
use chrono::{DateTime, Duration, Utc};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::model::walk::{Detail, World, cast, product};
use crate::support::*;

/// One section with a follow-up, one technical.
const LIVE: [(Section, Detail); 2] = [(Section::DataSecurity, Detail::Full), (Section::Cis2Conformance, Detail::Full)];

/// Somebody asks something of a product.
struct Asked<'a> {
    world: &'a World,
    product: &'a Product,
    who: &'a (Persona, Actor),
    command: &'a Command,
    now: DateTime<Utc>,
}

impl Asked<'_> {
    /// The product afterwards, checked, if the answer is yes and something changes.
    fn outcome(&self) -> Option<Product> {
        let (name, command) = (self.who.0.name, self.command);
        match self.world.ask(&self.who.1, self.product, command, self.now) {
            Err(refusal) => {
                let is_theirs = self.is_admitted();
                assert_eq!(refusal == Refusal::NotYours, !is_theirs, "{name} asks {command:?}: {refusal:?}");
                None
            }
            Ok((decision, after)) => {
                assert!(![VIEWER, RIVAL, ADMINISTRATOR].contains(&self.who.0), "{name} may do {command:?}");
                self.pages_offer_it();
                self.an_old_form_is_refused(&decision);
                self.acceptances_stand(&after);
                (!decision.changes().is_empty()).then_some(after)
            }
        }
    }

    /// Whether any row is about this act and this person, whatever the state.
    fn is_admitted(&self) -> bool {
        let home = self.product.organisation;
        let act = self.command.product_act();
        if let Command::Section(_, asked) = self.command {
            return SECTION.iter().any(|r| r.act == asked.act() && r.who.admits(&self.who.1, home));
        }
        PRODUCT.iter().any(|r| Some(r.act) == act && r.who.admits(&self.who.1, home))
    }

    /// Nothing is permitted that no page offers, and little while the product is on hold.
    fn pages_offer_it(&self) {
        let is_on_hold = self.product.state == ProductState::OnHold;
        let goes_on = matches!(self.command.product_act(), Some(ProductAct::Resume | ProductAct::Change));
        assert!(!is_on_hold || goes_on, "{:?} while on hold", self.command);
        let Command::Section(section, asked) = self.command else { return };
        let offered = offer(&self.world.setting(self.now), &self.who.1, self.product, *section, asked.act());
        assert_eq!(offered, Ok(()), "{} may {} but is not offered it", self.who.0.name, asked.act());
    }

    /// What was opened at another edition is refused, unless it says what is there already.
    fn an_old_form_is_refused(&self, decision: &Decision) {
        let Command::Section(section, SectionCommand::Answer(entries)) = self.command else { return };
        let old = entries.iter().map(|e| Entry { edition: e.edition + 1, ..e.clone() }).collect();
        let command = Command::Section(*section, SectionCommand::Answer(old));
        let refusal = self.world.ask(&self.who.1, self.product, &command, self.now).err();
        let keys = entries.iter().map(|e| e.question.clone()).collect();
        assert_eq!(refusal, (!decision.changes().is_empty()).then_some(Refusal::Outdated(keys)), "{command:?}");
    }

    /// What is accepted stays accepted while its answer is the same, unless somebody takes that back on purpose.
    fn acceptances_stand(&self, after: &Product) {
        for (section, question) in self.world.catalogue.questions() {
            let was_accepted = self.product.standing(section, question) == Standing::Accepted;
            let is_same = self.product.fingerprint(question) == after.fingerprint(question);
            if was_accepted && is_same && after.standing(section, question) != Standing::Accepted {
                let (name, command) = (self.who.0.name, self.command);
                assert!(self.takes_back(section, question), "{} loses its acceptance: {command:?} by {name}", question.key);
            }
        }
    }

    /// Opening the question again; or another decision in the round of the first, or on what may not be accepted as it stands.
    fn takes_back(&self, section: Section, question: &Question) -> bool {
        let Command::Section(about, asked) = self.command else { return false };
        if let SectionCommand::Reopen(keys, _) = asked {
            return *about == section && keys.contains(&question.key);
        }
        let SectionCommand::Decide(rulings) = asked else { return false };
        let record = self.product.section(section);
        let is_of_this_round = record.last(&question.key).is_some_and(|d| d.round == record.round);
        let given = self.product.given(&self.world.catalogue, self.world.setting(self.now).today());
        let is_unacceptable = self.product.unacceptable(&given, section).iter().any(|f| f.question == question.key);
        let is_decided = *about == section && rulings.iter().any(|r| r.question == question.key);
        is_decided && (is_of_this_round || is_unacceptable)
    }
}

/// Everything that somebody may do now and that changes something: the products afterwards by what is done to which section.
fn permitted(world: &World, product: &Product, now: DateTime<Utc>) -> Vec<Vec<Product>> {
    let mut found: BTreeMap<String, Vec<Product>> = BTreeMap::new();
    for command in world.commands(product) {
        let act = if let Command::Section(section, asked) = &command {
            format!("{} {section}", asked.act())
        } else {
            format!("{:?}", command.product_act())
        };
        let outcomes = world.cast.iter().filter_map(|who| Asked { world, product, who, command: &command, now }.outcome());
        found.entry(act).or_default().extend(outcomes);
    }
    found.into_values().filter(|products| !products.is_empty()).collect()
}

#[test]
fn an_acceptance_in_an_earlier_round_stands_in_every_state() {
    let few = cast().into_iter().filter(|(who, _)| [OWNER, REVIEWER, OTHER_REVIEWER].contains(who)).collect();
    let world = World::new(few, &LIVE[..1]);
    let mut carried = 0;
    world.walk(product(&[LIVE[0].0]), &mut |step| {
        let who = (step.who, step.actor.clone());
        let asked = Asked { world: &world, product: step.before, who: &who, command: step.command, now: start() };
        if let Ok((_, after)) = step.answer {
            asked.acceptances_stand(after);
        } else if let Command::Section(section, SectionCommand::Decide(rulings)) = step.command {
            let is_accepted = |q: &Question| step.before.standing(*section, q) == Standing::Accepted;
            let is_carried = rulings.iter().all(|r| world.catalogue.find(&r.question).is_some_and(|(_, q)| is_accepted(q)));
            let is_mine = step.before.section(*section).reviewer == Some(step.actor.person());
            carried += usize::from(is_carried && is_mine);
        }
    });
    assert!(carried > 100, "only {carried} attempts to decide again on what was accepted");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_acceptance_stands_until_it_is_taken_back_on_purpose(
        choices in prop::collection::vec((any::<Index>(), any::<Index>(), 0_i64..6), 40..120)
    ) {
        let world = World::new(cast(), &LIVE);
        let mut product = product(&LIVE.map(|l| l.0));
        let mut now = start();
        for (act, choice, days) in choices {
            now += Duration::days(days);
            let next = permitted(&world, &product, now);
            prop_assert!(!next.is_empty(), "nobody can do anything about {product:#?}");
            product = choice.get(act.get::<Vec<Product>>(&next)).clone();
            if product.state == ProductState::Active {
                for section in Section::ALL {
                    let due = product.due(*section, &world.calendar).map(|d| d.on);
                    prop_assert_eq!(product.section(*section).reply_by, due, "the promise of {}", section);
                }
            }
        }
    }
}
