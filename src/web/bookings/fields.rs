//! The form of the facts: which fields stand together, and what each is typed or chosen with.

use super::typographic;
use crate::domain::answer::Given;
use crate::domain::demonstration::facts::{Fact, Network, TestFacts};
use crate::domain::facts::{Authenticator, Level};
use crate::web::form::Fields;
use crate::web::parts::{DateParts, Item};
use crate::web::question_view::date_parts;

/// What the form is filled with.
pub(super) enum Typed<'a> {
    /// The facts as they are known.
    Known(&'a TestFacts),
    /// What somebody typed.
    Fields(&'a Fields),
}

/// Fields under a heading.
pub(super) struct Group {
    pub heading: &'static str,
    pub fields: Vec<Field>,
}

/// One field.
pub(super) struct Field {
    pub name: &'static str,
    pub label: String,
    pub hint: String,
    pub kind: Kind,
}

/// What a fact is typed or chosen with.
pub(super) enum Kind {
    /// A line of text: value, type of input, width, keyboard.
    Line { value: String, kind: &'static str, width: &'static str, inputmode: &'static str },
    /// Several lines.
    Lines { value: String, rows: usize },
    /// One of several.
    Choice(Vec<Item>),
    /// A date.
    Date(DateParts),
    /// A declaration.
    Tick(Vec<Item>),
}

/// The facts that stand together.
const GROUPS: [(&str, &[Fact]); 4] = [
    ("Who takes part", &[Fact::ContactName, Fact::ContactEmail, Fact::ContactPhone, Fact::DeveloperOnHand, Fact::Attendees]),
    ("What is tested", &[Fact::ProductVersion, Fact::TestUrl, Fact::IntClientId, Fact::ChangesSince]),
    (
        "How you sign in",
        &[
            Fact::UserUuid,
            Fact::SecondUserUuid,
            Fact::Authenticator,
            Fact::AuthenticatorTriedOn,
            Fact::Network,
            Fact::Device,
            Fact::LogoutReceivedOn,
        ],
    ),
    ("How we find the test in our logs", &[Fact::UserDeviceIp, Fact::ServerIp]),
];

/// The form, with fields that this product does not need left out. The declaration stands last, without a heading.
pub(super) fn groups(typed: &Typed<'_>, given: &Given<'_>) -> Vec<Group> {
    let is_shown = |fact: &&Fact| **fact != Fact::LogoutReceivedOn || fact.is_required(given);
    let of = |facts: &[Fact]| facts.iter().filter(is_shown).map(|f| field(*f, typed, given)).collect();
    let mut groups: Vec<Group> = GROUPS.iter().map(|(heading, facts)| Group { heading, fields: of(facts) }).collect();
    groups.push(Group { heading: "Declaration", fields: of(&[Fact::Declaration]) });
    groups
}

fn field(fact: Fact, typed: &Typed<'_>, given: &Given<'_>) -> Field {
    // The reason stands beside the choice that it rules out.
    let hint = if fact == Fact::Authenticator { String::new() } else { typographic(fact.hint()) };
    Field { name: fact.word(), label: typographic(fact.label()), hint, kind: kind(fact, typed, given) }
}

impl Typed<'_> {
    fn text(&self, fact: Fact) -> String {
        match self {
            Self::Known(facts) => facts.shown(fact),
            Self::Fields(fields) => fields.text(fact.word()),
        }
    }

    fn date(&self, fact: Fact) -> DateParts {
        match self {
            Self::Fields(fields) => {
                let [day, month, year] = fields.date(fact.word());
                DateParts::new(day, month, year)
            }
            Self::Known(facts) if fact == Fact::LogoutReceivedOn => date_parts(facts.logout_received_on),
            Self::Known(facts) => date_parts(facts.authenticator_tried_on),
        }
    }

    /// The word of what is chosen.
    fn chosen(&self, fact: Fact) -> String {
        match self {
            Self::Fields(fields) => fields.text(fact.word()),
            Self::Known(facts) => match fact {
                Fact::Authenticator => facts.authenticator.map(Authenticator::word),
                Fact::Network => facts.network.map(Network::word),
                Fact::Declaration => facts.is_declared.then_some("yes"),
                Fact::ContactName
                | Fact::ContactEmail
                | Fact::ContactPhone
                | Fact::DeveloperOnHand
                | Fact::Attendees
                | Fact::ProductVersion
                | Fact::TestUrl
                | Fact::IntClientId
                | Fact::UserDeviceIp
                | Fact::ServerIp
                | Fact::UserUuid
                | Fact::SecondUserUuid
                | Fact::Device
                | Fact::AuthenticatorTriedOn
                | Fact::LogoutReceivedOn
                | Fact::ChangesSince => None,
            }
            .unwrap_or_default()
            .to_owned(),
        }
    }
}

fn kind(fact: Fact, typed: &Typed<'_>, given: &Given<'_>) -> Kind {
    let line = |kind, width, inputmode| Kind::Line { value: typed.text(fact), kind, width, inputmode };
    let lines = |rows| Kind::Lines { value: typed.text(fact), rows };
    match fact {
        Fact::ContactName | Fact::DeveloperOnHand | Fact::Device | Fact::IntClientId => line("text", "two-thirds", ""),
        Fact::ContactEmail => line("email", "two-thirds", ""),
        Fact::ContactPhone => line("tel", "20", ""),
        Fact::ProductVersion => line("text", "10", ""),
        Fact::TestUrl => line("url", "", ""),
        Fact::UserDeviceIp => line("text", "20", ""),
        Fact::UserUuid | Fact::SecondUserUuid => line("text", "20", "numeric"),
        Fact::Attendees | Fact::ServerIp => lines(3),
        Fact::ChangesSince => lines(5),
        Fact::Authenticator => Kind::Choice(authenticators(&typed.chosen(fact), given)),
        Fact::Network => {
            let chosen = typed.chosen(fact);
            Kind::Choice(Network::ALL.iter().map(|n| Item::new(n.word(), n.label()).checked(n.word() == chosen)).collect())
        }
        Fact::AuthenticatorTriedOn | Fact::LogoutReceivedOn => Kind::Date(typed.date(fact)),
        Fact::Declaration => {
            let item = Item::new("yes", typographic(fact.label())).checked(!typed.chosen(fact).is_empty());
            Kind::Tick(vec![item])
        }
    }
}

/// Every authenticator; a move from CIS1 is not shown with a smartcard over HSCN, and the choice says why.
fn authenticators(chosen: &str, given: &Given<'_>) -> Vec<Item> {
    let is_moving = given.facts.migrating_from_cis1 == Some(true);
    let item = |authenticator: &Authenticator| {
        let word = authenticator.word();
        let item = Item::new(word, authenticator.label()).checked(chosen == word);
        if is_moving && *authenticator == Authenticator::HscnSmartcard {
            item.hint("Not for a move from CIS1: we check that nothing still depends on CIS1").checked(false).disabled()
        } else if authenticator.level() == Level::Aal2 {
            item.hint("Gives AAL2")
        } else {
            item
        }
    };
    Authenticator::ALL.iter().map(item).collect()
}
