//! How long a session still lasts, for the warning before its end, and staying logged in.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use chrono::{DateTime, Utc};
use serde::Serialize;

use super::App;
use super::ctx::{SignedIn, token_of};
use crate::error::Error;
use crate::words;

/// What the script is told.
#[derive(Serialize)]
struct Left {
    /// Seconds until the end; 0 when it is over.
    left: i64,
    /// The moment of the end, as people read it.
    at: String,
}

fn answer(ends_at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> HttpResponse {
    let left = ends_at.map_or(0, |at| (at - now).num_seconds().max(0));
    HttpResponse::Ok().json(Left { left, at: ends_at.map(words::time).unwrap_or_default() })
}

/// Says how long the session still lasts. Asking does not make it last longer: nobody stays logged in by a page that was
/// left open.
pub async fn left(req: HttpRequest, app: Data<App>) -> Result<HttpResponse, Error> {
    let now = app.clock.now();
    let ends_at = match token_of(&req, &app) {
        Some(token) => app.db.session_end(&token, now).await?,
        None => None,
    };
    Ok(answer(ends_at, now))
}

/// Makes the session last longer, because its person said so.
pub async fn stay(me: SignedIn) -> Result<HttpResponse, Error> {
    Ok(answer(me.ends_at, me.now))
}
