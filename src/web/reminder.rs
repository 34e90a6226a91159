//! Reminding a supplier from a list of products: what is sent is read first, and the list stays where it was.

use actix_web::HttpResponse;
use actix_web::web::Path;

use super::board::back;
use super::ctx::{SignedIn, see_other_with};
use super::form::Fields;
use super::session::said;
use crate::domain::actor::Duty;
use crate::domain::command::Command;
use crate::domain::condition::Condition;
use crate::domain::passage::Party;
use crate::domain::refusal::Refusal;
use crate::domain::reminder::by_hand::is_reminded;
use crate::error::Error;
use crate::store::board::Running;
use crate::words::short_date;

/// The reminder of a row.
#[derive(Clone, Debug, Default)]
pub struct Reminder {
    /// Where the form goes; empty where nobody is to be reminded, or not again today.
    pub action: String,
    /// What the supplier reads.
    pub text: String,
    /// When the supplier was reminded the last time; empty for never.
    pub last: String,
}

impl Reminder {
    /// The reminder of a product as it stands: for managers, while the product waits for its supplier.
    #[must_use]
    pub fn of(me: &SignedIn, row: &Running) -> Self {
        if !me.actor.is(Duty::Manager) || row.party != Party::Supplier {
            return Self::default();
        }
        let today = me.today();
        let has_heard = is_reminded(row.reminded_on, me.app.rules.calendar(), today);
        let last = match row.reminded_on {
            None => String::new(),
            Some(on) if on == today => "Reminded today".to_owned(),
            Some(on) => format!("Reminded on {}", short_date(on)),
        };
        if has_heard {
            return Self { last, ..Self::default() };
        }
        let thing = row.topic.map(|topic| format!(": {}", topic.thing())).unwrap_or_default();
        let text = format!("{} has been waiting for you since {}{thing}.", row.name, short_date(row.since));
        Self { action: format!("{}/reminder", row.address()), text, last }
    }
}

/// Sends the reminder and goes back to the list.
pub async fn send(me: SignedIn, path: Path<String>, fields: Fields) -> Result<HttpResponse, Error> {
    let list = back(fields.raw("from"));
    let title = match me.act(&path, &Command::Remind).await {
        Ok(product) => format!("Reminder about {} sent to {}", product.facts.name, product.organisation_name),
        Err(Error::Refused(Refusal::Missing(Condition::NotReminded))) => "This supplier was reminded today already".to_owned(),
        Err(error) => return Err(error),
    };
    Ok(see_other_with(&me, &list, &said(title)))
}
