//! Who else works on the page that somebody opens.

use super::ctx::SignedIn;
use crate::domain::draft::{Form, Place};
use crate::domain::product::Product;
use crate::error::Error;
use crate::store::presence::Present;
use crate::words::listed;

/// Notes that the reader has the form open, and says who else has; empty for nobody. The page does not wait for the note.
///
/// # Errors
/// When the store fails.
pub async fn at(me: &SignedIn, product: &Product, place: &Place) -> Result<String, Error> {
    let address = place.to_string();
    let present = me.visible().present(product, std::slice::from_ref(&address), me.now).await?;
    let (own, others): (Vec<Present>, Vec<Present>) = present.into_iter().partition(|p| p.person == me.actor.person());
    if !own.iter().any(|p| p.is_fresh(me.now)) {
        let (app, actor, now) = (me.app.clone(), me.actor.clone(), me.now);
        me.app.after_the_answer(async move { app.db.be_present(&actor, &address, now).await });
    }
    let (names, is) = named(others);
    let choice = "If you both make changes, you’ll be able to choose which to keep.";
    Ok(match (names.is_empty(), &place.form) {
        (true, _) => String::new(),
        (false, Form::Question(_)) => format!("{names} {is} working on this question now. {choice}"),
        (false, Form::Feedback) => format!("{names} {is} working on these questions now. {choice}"),
        (false, Form::Review) => {
            let has = if is == "is" { "has" } else { "have" };
            format!("{names} {has} this page open.")
        }
    })
}

/// Who else has one of some pages of a product open now, by the pages' addresses: for the list of a section's questions.
///
/// # Errors
/// When the store fails.
pub async fn on_any(me: &SignedIn, product: &Product, places: &[String]) -> Result<Vec<Present>, Error> {
    let present = me.visible().present(product, places, me.now).await?;
    Ok(present.into_iter().filter(|p| p.person != me.actor.person()).collect())
}

/// The sentence beside one of several pages; empty for nobody.
#[must_use]
pub fn beside(present: &[Present], place: &str) -> String {
    let (names, is) = named(present.iter().filter(|p| p.place == place).cloned());
    if names.is_empty() { String::new() } else { format!("{names} {is} working on this now") }
}

fn named(present: impl IntoIterator<Item = Present>) -> (String, &'static str) {
    let names: Vec<String> = present.into_iter().map(|p| p.name).collect();
    (listed(&names), if names.len() > 1 { "are" } else { "is" })
}
