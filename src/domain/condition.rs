//! The conditions on the rows of the demonstration, the certificate, the agreement and messages, each with its sentence.

use super::actor::Actor;
use super::machine::Row;
use super::product::Product;
use super::refusal::Refusal;
use crate::words;

words! {
    /// A condition on a row.
    pub enum Condition {
        /// The product is neither on hold nor withdrawn.
        InProgress = "in-progress",
        /// Whoever asks, or would hold the test, declared no interest in the supplier.
        NoInterest = "no-interest",
        /// It waits for the supplier first.
        WaitsForSupplier = "waits-for-supplier",
        /// The supplier was not reminded on this working day.
        NotReminded = "not-reminded",
        /// Both technical sections were sent once, and the product works in INT.
        BookingOpen = "booking-open",
        /// The date keeps two weeks' notice and is a working day.
        Noticed = "noticed",
        /// Nobody else has the date.
        SlotFree = "slot-free",
        /// The date is one that the supplier asked for, and it has not passed.
        AmongAsked = "among-asked",
        /// A reason or an explanation was given.
        Explained = "explained",
        /// Every fact of the test is given, and no fault stands.
        FactsGiven = "facts-given",
        /// Every background check allows the test.
        ChecksPassed = "checks-passed",
        /// It is the day of the test, or later.
        OnTheDay = "on-the-day",
        /// Every line of the run sheet that applies has a mark.
        EveryLineMarked = "every-line-marked",
        /// Every line that applies was seen.
        AllSeen = "all-seen",
        /// At least one line was not seen.
        SomeNotSeen = "some-not-seen",
        /// The line has room for another file.
        RoomForFile = "room-for-file",
        /// There are observations, each with an owner and a date.
        ObservationsOwned = "observations-owned",
        /// The conformance test was passed.
        TestPassed = "test-passed",
        /// Both technical sections are accepted.
        TechnicalAccepted = "technical-accepted",
        /// No other certificate is being issued, and one that stands is replaced for a reason.
        OneAtATime = "one-at-a-time",
        /// The sections that the agreement waits for are accepted.
        TriggerMet = "trigger-met",
        /// A signatory is named who holds office.
        SignatoryNamed = "signatory-named",
        /// The organisation's legal name and address are known.
        PartyKnown = "party-known",
        /// The organisation is party to an agreement whose terms have not changed.
        AlreadyParty = "already-party",
        /// The signatory declares to be an officer with authority.
        Authorised = "authorised",
        /// The date of signing is not before the issue and not in the future.
        SignedInTime = "signed-in-time",
        /// Every check of the signed copy is ticked.
        CopyChecked = "copy-checked",
        /// All six sections accepted, a certificate that stands, an accepted agreement.
        Assured = "assured",
        /// A certificate stands.
        Certified = "certified",
        /// The production configuration is given.
        ProductionGiven = "production-given",
        /// The product is not withdrawn.
        NotWithdrawn = "not-withdrawn",
        /// The section is with the supplier, and the product is in progress.
        Answerable = "answerable",
        /// The question of the supplier was answered with at least one message.
        Discussed = "discussed",
    }
}

impl Condition {
    /// The sentence shown when it does not hold.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::InProgress => "This product is on hold or has been withdrawn.",
            Self::NoInterest => "Somebody who has declared an interest in this supplier cannot do this.",
            Self::WaitsForSupplier => "This product does not wait for its supplier.",
            Self::NotReminded => "The supplier was reminded today. Wait until the next working day.",
            Self::BookingOpen => "Send both technical sections first, and say that your product works in the INT environment.",
            Self::Noticed => "We need 2 weeks’ notice, and the date must be a working day. Choose a later date.",
            Self::SlotFree => "Somebody has just booked this date. Choose another time.",
            Self::AmongAsked => "The supplier did not ask for this date, or it has passed.",
            Self::Explained => "Say why.",
            Self::FactsGiven => "Some details for the test are missing or need to change.",
            Self::ChecksPassed => "Some background checks are not done, or found a problem.",
            Self::OnTheDay => "This can be done on the day of the demonstration.",
            Self::EveryLineMarked => "Some lines of the run sheet have no result yet.",
            Self::AllSeen => "Some lines were not seen. Record them as observations, or record that the test was not passed.",
            Self::SomeNotSeen => "Every line was seen, so the test cannot be recorded as not passed.",
            Self::RoomForFile => "This line has 10 files, and cannot have more. Remove one first.",
            Self::ObservationsOwned => "Each observation needs a text, an owner and a date.",
            Self::TestPassed => "You cannot issue a certificate until the conformance test is passed.",
            Self::TechnicalAccepted => "You cannot issue a certificate until technical conformance is accepted.",
            Self::OneAtATime => "A certificate is there already. Replace it, with a reason.",
            Self::TriggerMet => "The agreement cannot be issued yet: what it waits for is not accepted.",
            Self::SignatoryNamed => "Say first who will sign the agreement.",
            Self::PartyKnown => "The organisation’s legal name and registered address are needed first.",
            Self::AlreadyParty => "An agreement without a new signature needs one that is in force, with the same terms.",
            Self::Authorised => "Confirm that you are an officer of the organisation with authority to accept these terms",
            Self::SignedInTime => "The date signed must be on or after the date of issue, and not in the future.",
            Self::CopyChecked => "Check every point of the signed copy first.",
            Self::Assured => "This can be done when the product is assured.",
            Self::Certified => "This is for products with a certificate. Change your answers instead.",
            Self::ProductionGiven => "The production configuration is needed first.",
            Self::NotWithdrawn => "This product has been withdrawn.",
            Self::Answerable => "This section cannot be answered now.",
            Self::Discussed => "Answer this question first.",
        }
    }
}

/// One act on one thing: who asks, of which product, in which state, what.
pub struct Asked<'a, S, A> {
    /// Who asks.
    pub actor: &'a Actor,
    /// The product.
    pub product: &'a Product,
    /// State before.
    pub from: S,
    /// What is asked.
    pub act: A,
}

/// The state after, by the one row that lets the actor do this now and whose conditions hold.
///
/// # Errors
/// [`Refusal::NotYours`] when no row is for the actor, [`Refusal::Elsewhere`] with the state's sentence when none
/// begins there, [`Refusal::Missing`] with the first condition that does not hold.
pub fn admit<S: Copy + PartialEq, A: Copy + PartialEq>(
    rows: &[Row<S, A, Condition>],
    asked: &Asked<'_, S, A>,
    sentence: fn(S) -> &'static str,
    holds: &dyn Fn(Condition) -> bool,
) -> Result<S, Refusal> {
    let mut mine = rows.iter().filter(|r| r.act == asked.act && r.who.admits(asked.actor, asked.product.organisation)).peekable();
    if mine.peek().is_none() {
        return Err(Refusal::NotYours);
    }
    let here: Vec<_> = mine.filter(|r| r.from == asked.from).collect();
    let Some(last) = here.last() else { return Err(Refusal::Elsewhere(sentence(asked.from))) };
    let is_interested = asked.product.interested.contains(&asked.actor.person());
    let stands = |c: Condition| !(c == Condition::NoInterest && is_interested) && holds(c);
    let unmet = |row: &Row<S, A, Condition>| row.when.iter().copied().find(|c| !stands(*c));
    match here.iter().find(|row| unmet(row).is_none()) {
        Some(row) => Ok(row.to),
        None => Err(unmet(last).map_or(Refusal::NotYours, Refusal::Missing)),
    }
}
