//! The home page of each role, and the check that the service is well.

use actix_web::HttpResponse;
use actix_web::web::Data;

use super::App;
use super::ctx::{SignedIn, see_other};
use crate::domain::actor::Duty;
use crate::error::Error;
use crate::store::visible::ProductFilter;

/// Sends people to where their work is; a supplier with one product, straight to it.
pub async fn home(me: SignedIn) -> Result<HttpResponse, Error> {
    if me.actor.is(Duty::Manager) {
        return Ok(see_other("/dashboard"));
    }
    if me.actor.sees_all() {
        return Ok(see_other("/queue"));
    }
    if me.actor.is(Duty::Administrator) {
        return Ok(see_other("/admin/people"));
    }
    if me.actor.memberships().is_empty() {
        return Ok(see_other("/account"));
    }
    let (page, _) = me.visible().products(&ProductFilter { page: 1, ..ProductFilter::default() }).await?;
    match page.rows.as_slice() {
        [only] => Ok(see_other(&only.address())),
        _ => Ok(see_other("/products")),
    }
}

/// Whether the service is well: it answers and so does the database.
pub async fn health(app: Data<App>) -> HttpResponse {
    match app.db.check().await {
        Ok(()) => HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("ok"),
        Err(error) => {
            tracing::error!(error = format!("{error:#}"), "the database does not answer");
            HttpResponse::ServiceUnavailable().content_type("text/plain; charset=utf-8").body("the database does not answer")
        }
    }
}
