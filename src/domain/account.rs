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
/// Fewest letters and digits of a password apart from words that somebody would guess.
const LEFT_MIN: usize = 7;
/// Wrong passwords in a row before an account waits.
pub const FREE_FAILURES: i32 = 5;

/// Words that say what the service is about and so are the first that somebody guesses.
const CONTEXT: &[&str] =
    &["nhs", "cis2", "assured", "assurance", "care", "identity", "connect", "password", "passw0rd", "letmein", "welcome"];

/// What is in most lists of common passwords, longer words first.
const COMMON: &[&str] = &[
    "qwertyuiop",
    "1q2w3e4r5t",
    "asdfghjkl",
    "zxcvbnm",
    "1q2w3e4r",
    "iloveyou",
    "football",
    "princess",
    "sunshine",
    "superman",
    "qwerty",
    "dragon",
    "monkey",
    "abc123",
    "admin",
];

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
    for word in CONTEXT.iter().chain(COMMON).copied().chain(own.iter().map(String::as_str)) {
        rest = rest.replace(word, "");
    }
    let distinct = plain.chars().collect::<BTreeSet<_>>().len();
    let little_left = rest.len() < plain.len() && rest.chars().count() < LEFT_MIN;
    if distinct < 5 || little_left || is_run(&rest) || is_run(&plain) || is_repeated(&plain) {
        return Err("Choose a password that is harder to guess".to_owned());
    }
    Ok(())
}

/// Whether the text is one part again and again, as in abcdeabcde.
fn is_repeated(text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    let is_whole = |part: usize| chars.iter().zip(chars.iter().skip(part)).all(|(a, b)| a == b);
    (1..=chars.len() / 2).any(is_whole)
}

/// Whether characters only step up, step down or stay, as in 7890123 or zzzz.
fn is_run(text: &str) -> bool {
    let codes: Vec<i64> = text.chars().map(|c| i64::from(u32::from(c))).collect();
    let steps: BTreeSet<i64> = codes.iter().zip(codes.iter().skip(1)).map(|(a, b)| from_nine_to_nought(b - a)).collect();
    steps.len() == 1 && steps.iter().all(|s| (-1..=1).contains(s))
}

/// The step between two digits, where 0 follows 9.
const fn from_nine_to_nought(step: i64) -> i64 {
    match step {
        -9 => 1,
        9 => -1,
        other => other,
    }
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

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "tests make their own actors")]
mod tests {
    use std::collections::BTreeMap;

    use uuid::Uuid;

    use super::*;

    const HERE: OrganisationId = OrganisationId(Uuid::from_u128(1));
    const ELSEWHERE: OrganisationId = OrganisationId(Uuid::from_u128(2));

    fn person(number: u128) -> PersonId {
        PersonId(Uuid::from_u128(number))
    }

    fn supplier(number: u128, role: Membership) -> Actor {
        Actor::admitted(person(number), "Tom Bell".to_owned(), BTreeMap::from([(HERE, role)]), BTreeSet::new())
    }

    fn staff(duty: Duty) -> Actor {
        Actor::admitted(person(90), "Sam Reed".to_owned(), BTreeMap::new(), BTreeSet::from([duty]))
    }

    #[test]
    fn passwords_are_long_and_hard_to_guess() {
        let (short, long, weak) = (
            "Password must be 12 characters or more",
            "Password must be 256 characters or less",
            "Choose a password that is harder to guess",
        );
        let most = (10..40).map(|n| format!("{n} horses ")).collect::<Vec<_>>().concat();
        for (password, wrong) in [
            ("", Some(short)),
            ("horse stapl", Some(short)),
            ("ééééééééééé", Some(short)),
            ("horse staple", None),
            ("correct horse battery staple", None),
            ("  spaces count too  ", None),
            ("zażółć gęślą jaźń", None),
            (&most.chars().take(256).collect::<String>(), None),
            (&most, Some(long)),
            ("aaaaaaaaaaaaaaaa", Some(weak)),
            ("abababababab", Some(weak)),
            ("123456789012", Some(weak)),
            ("abcdefghijkl", Some(weak)),
            ("210987654321", Some(weak)),
            ("horse1horse1", Some(weak)),
            ("horse1horse1h", Some(weak)),
            ("qwertyuiop12", Some(weak)),
            ("1q2w3e4r5t6y", Some(weak)),
            ("Football1234", Some(weak)),
            ("password1234", Some(weak)),
            ("Passw0rd!2026", Some(weak)),
            ("nhs-cis2-assured", Some(weak)),
            ("Welcome-2026!", Some(weak)),
            ("PriyaShah2026", Some(weak)),
            ("wardlight-4-2026", Some(weak)),
            ("x#9!kQ@2$mZ&", None),
            ("nhs horse staple", None),
            ("priya.shah@wardlight", Some(weak)),
        ] {
            let answer = check_password(password, "Priya Shah", "priya.shah@wardlight.example");
            assert_eq!(answer.err().as_deref(), wrong, "{password}");
        }
    }

    #[test]
    fn waits_grow_and_stay_short_enough_that_nobody_can_lock_others_out() {
        for (failures, minutes) in [(0, 0), (1, 0), (4, 0), (5, 1), (6, 2), (7, 4), (8, 8), (9, 15), (1_000, 15), (i32::MAX, 15)] {
            assert_eq!(wait_minutes(failures), minutes, "{failures}");
        }
    }

    #[test]
    fn owners_invite_to_their_organisation_and_administrators_to_all() {
        let place = Place::Supplier(HERE, Membership::Viewer);
        let other = Place::Supplier(ELSEWHERE, Membership::Viewer);
        let team = Place::Staff([Duty::Reviewer].into());
        for (actor, here, there, staff) in [
            (supplier(1, Membership::Owner), true, false, false),
            (supplier(1, Membership::Editor), false, false, false),
            (supplier(1, Membership::Viewer), false, false, false),
            (staff(Duty::Reviewer), false, false, false),
            (staff(Duty::Manager), false, false, false),
            (staff(Duty::Administrator), true, true, true),
        ] {
            assert_eq!(may_invite(&actor, &place).is_ok(), here, "{actor:?}");
            assert_eq!(may_invite(&actor, &other).is_ok(), there, "{actor:?}");
            assert_eq!(may_invite(&actor, &team).is_ok(), staff, "{actor:?}");
        }
    }

    #[test]
    fn the_last_owner_stays() {
        let one = [(person(1), Membership::Owner), (person(2), Membership::Editor)];
        let two = [(person(1), Membership::Owner), (person(2), Membership::Owner)];
        let owner = supplier(1, Membership::Owner);
        for change in [None, Some(Membership::Editor), Some(Membership::Viewer)] {
            let refused = may_change(&owner, HERE, &one, (person(1), change)).map_err(|r| r.sentence());
            assert_eq!(refused, Err("You are the only owner. Make somebody else an owner first".to_owned()));
            let refused = may_change(&staff(Duty::Administrator), HERE, &one, (person(1), change)).map_err(|r| r.sentence());
            assert_eq!(refused, Err("This person is the only owner. Make somebody else an owner first".to_owned()));
            assert_eq!(may_change(&owner, HERE, &two, (person(1), change)), Ok(()));
        }
        assert_eq!(may_change(&owner, HERE, &one, (person(1), Some(Membership::Owner))), Ok(()));
        assert_eq!(may_change(&owner, HERE, &one, (person(2), None)), Ok(()));
    }

    #[test]
    fn only_owners_and_administrators_change_members_and_only_those_who_are_members() {
        let members = [(person(1), Membership::Owner), (person(2), Membership::Owner), (person(3), Membership::Viewer)];
        let change = (person(3), Some(Membership::Editor));
        for actor in [supplier(2, Membership::Editor), supplier(3, Membership::Viewer), staff(Duty::Manager), staff(Duty::Reviewer)]
        {
            assert_eq!(may_change(&actor, HERE, &members, change), Err(Refusal::NotYours), "{actor:?}");
        }
        let owner = supplier(1, Membership::Owner);
        assert_eq!(may_change(&owner, ELSEWHERE, &members, change), Err(Refusal::NotYours));
        assert!(matches!(may_change(&owner, HERE, &members, (person(9), None)), Err(Refusal::Unknown(_))));
        assert_eq!(may_change(&staff(Duty::Administrator), HERE, &members, change), Ok(()));
    }
}
