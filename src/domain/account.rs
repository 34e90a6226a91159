//! Rules about people: passwords, invitations, who may look after whom.

use std::collections::BTreeSet;

use super::actor::{Actor, Duty, Membership};
use super::refusal::Refusal;
use super::words::{OrganisationId, PersonId};

/// Days for which an invitation can be used.
pub const INVITATION_DAYS: i64 = 7;
/// Minutes for which a link to reset a password can be used.
pub const RESET_MINUTES: i64 = 30;
/// Fewest characters of a password.
pub const PASSWORD_MIN: usize = 12;
/// Most characters of a password; a bound on work, not a rule about strength.
pub const PASSWORD_MAX: usize = 256;
/// Wrong passwords in a row before an account waits.
pub const FREE_FAILURES: i32 = 5;

/// Words that say what the service is about and so are the first that somebody guesses.
const CONTEXT: &[&str] = &["nhs", "cis2", "assured", "assurance", "care", "identity", "connect", "password", "passw0rd", "letmein", "welcome"];

/// Whether a password may be chosen: 12 to 256 characters, not common, not about the person or the service.
///
/// # Errors
/// The sentence shown beside the field.
pub fn check_password(password: &str, name: &str, email: &str) -> Result<(), String> {
    let length = password.chars().count();
    if length < PASSWORD_MIN {
        return Err(format!("Password must be {PASSWORD_MIN} characters or more"));
    }
    if length > PASSWORD_MAX {
        return Err(format!("Password must be {PASSWORD_MAX} characters or less"));
    }
    let plain: String = password.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
    let mut rest = plain.clone();
    let about_person = name.split_whitespace().chain(email.split(['@', '.', '-', '_']));
    let own: Vec<String> = about_person.map(str::to_lowercase).filter(|w| w.chars().count() >= 3).collect();
    for word in CONTEXT.iter().copied().chain(own.iter().map(String::as_str)) {
        rest = rest.replace(word, "");
    }
    let distinct = plain.chars().collect::<BTreeSet<_>>().len();
    let guessable = distinct < 5 || rest.chars().filter(|c| c.is_alphabetic()).count() < 3 && is_run(&rest) || is_run(&plain);
    if guessable {
        return Err("Choose a password that is harder to guess".to_owned());
    }
    Ok(())
}

/// Whether characters only step up, step down or stay, as in 123456 or zzzz; also what is left when that is all.
fn is_run(text: &str) -> bool {
    let codes: Vec<i64> = text.chars().map(|c| i64::from(u32::from(c))).collect();
    let steps: BTreeSet<i64> = codes.iter().zip(codes.iter().skip(1)).map(|(a, b)| b - a).collect();
    codes.len() < 6 || (steps.len() == 1 && steps.iter().all(|s| (-1..=1).contains(s)))
}

/// How long an account waits after so many wrong passwords in a row, in minutes.
#[must_use]
pub const fn wait_minutes(failures: i32) -> i64 {
    match failures - FREE_FAILURES {
        i32::MIN..=-1 => 0,
        0 => 1,
        1 => 2,
        2 => 4,
        3 => 8,
        _ => 15,
    }
}

/// What an invited person will be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// Supplier staff.
    Supplier(OrganisationId, Membership),
    /// Assurance staff.
    Staff(BTreeSet<Duty>),
}

/// Whether the actor may invite somebody to a place.
///
/// # Errors
/// [`Refusal::NotYours`].
pub fn may_invite(actor: &Actor, place: &Place) -> Result<(), Refusal> {
    let allowed = match place {
        Place::Supplier(organisation, _) => {
            actor.in_organisation(*organisation) == Some(Membership::Owner) || actor.is(Duty::Administrator)
        }
        Place::Staff(_) => actor.is(Duty::Administrator),
    };
    if allowed { Ok(()) } else { Err(Refusal::NotYours) }
}

/// Whether the actor may give a member another role, or remove them (`None`): owners may, but the last owner stays.
///
/// # Errors
/// The reason why not.
pub fn may_change(
    actor: &Actor,
    organisation: OrganisationId,
    members: &[(PersonId, Membership)],
    (person, role): (PersonId, Option<Membership>),
) -> Result<(), Refusal> {
    if actor.in_organisation(organisation) != Some(Membership::Owner) && !actor.is(Duty::Administrator) {
        return Err(Refusal::NotYours);
    }
    if !members.iter().any(|(p, _)| *p == person) {
        return Err(Refusal::Unknown("that person in your organisation"));
    }
    let other_owner = members.iter().any(|(p, m)| *p != person && *m == Membership::Owner);
    if role != Some(Membership::Owner) && !other_owner {
        let sentence = if person == actor.person() {
            "You are the only owner. Make somebody else an owner first"
        } else {
            "This person is the only owner. Make somebody else an owner first"
        };
        return Err(Refusal::People(sentence.to_owned()));
    }
    Ok(())
}
