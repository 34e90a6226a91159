//! Posts whose log-in had run out: what was typed is kept for an hour and offered after the next log-in, never sent by itself.

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{FromRequest as _, HttpRequest};
use uuid::Uuid;

use super::App;
use super::ctx::{see_other, token_of};
use super::form::{Fields, Posted};
use super::routes::{Door, ROUTES};
use super::security::is_from_us;
use crate::domain::draft::{Place, is_kept};
use crate::domain::words::PersonId;
use crate::error::Error;
use crate::store::draft::Typed;

/// The name under which the address of a post says that it was kept before.
pub const KEPT: &str = "kept";

/// Keeps posts whose log-in had run out and asks their people to log in; forgets what was kept once it has been taken.
///
/// # Errors
/// Never by itself: what goes wrong is an answer with its page.
pub async fn late_posts(
    req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<EitherBody<impl MessageBody>>, actix_web::Error> {
    if *req.method() != Method::POST {
        return Ok(next.call(req).await?.map_into_left_body());
    }
    match ended(&req).await {
        Ok(None) => {}
        Ok(Some((app, token, owner))) => {
            let (request, mut payload) = req.into_parts();
            let kept = match Posted::from_request(&request, &mut payload).await {
                Ok(posted) => keep(&app, (&token, owner), request.path(), &posted).await,
                Err(error) => Err(error),
            };
            let answer = match kept {
                Ok(()) => ServiceResponse::new(request, see_other("/login")),
                Err(error) => ServiceResponse::from_err(error, request),
            };
            return Ok(answer.map_into_right_body());
        }
        Err(error) => return Ok(req.error_response(error).map_into_right_body()),
    }
    let response = next.call(req).await?;
    if response.status() == StatusCode::SEE_OTHER
        && let Err(error) = forget(response.request()).await
    {
        tracing::error!(error = %error, "a post that was taken could not be forgotten");
    }
    Ok(response.map_into_left_body())
}

/// Whose log-in had run out when they sent this, if its form may be kept.
async fn ended(req: &ServiceRequest) -> Result<Option<(Data<App>, String, PersonId)>, Error> {
    let Some(app) = req.app_data::<Data<App>>().cloned() else { return Ok(None) };
    let pattern = req.match_pattern();
    let is_behind_door = |e: &&super::routes::Entry| e.method == Method::POST && Some(e.path) == pattern.as_deref();
    let is_inside = ROUTES.iter().find(is_behind_door).is_some_and(|e| e.door == Door::SignedIn);
    if !is_inside || !is_kept(req.path(), std::iter::empty()) || !is_from_us(req.request(), &app.base) {
        return Ok(None);
    }
    let Some(token) = token_of(req.request(), &app) else { return Ok(None) };
    let owner = app.db.ended_session(&token, app.clock.now()).await?;
    Ok(owner.map(|owner| (app, token, owner)))
}

/// Keeps a post for its person.
async fn keep(app: &App, (token, owner): (&str, PersonId), path: &str, posted: &Posted) -> Result<(), Error> {
    if !is_kept(path, posted.fields.pairs().map(|(name, _)| name)) {
        return Ok(());
    }
    let typed = Typed { files: posted.names(), ..typed(path, &posted.fields) };
    app.db.keep_post(token, owner, typed, app.clock.now()).await
}

/// What was typed on a form, without the choice of the button that was pressed. A form with drafts is named by its own address, and not
/// by the one to which it is sent.
#[must_use]
pub fn typed(path: &str, fields: &Fields) -> Typed {
    let place = Place::parse(path).map(|p| p.to_string());
    let is_draft = place.is_some();
    let is_choice = |name: &str| ["go", "keep"].contains(&name) || name.starts_with("mine-") || name.starts_with("seen-");
    let fields = fields.clone().without(|name| is_draft && is_choice(name));
    Typed { place: place.unwrap_or_else(|| path.to_owned()), body: fields.encoded(), ..Typed::default() }
}

/// Forgets what was kept when it was sent again and the service has taken it.
async fn forget(req: &HttpRequest) -> Result<(), Error> {
    let query = url::form_urlencoded::parse(req.query_string().as_bytes());
    let named = query.filter(|(name, _)| name == KEPT).find_map(|(_, id)| id.parse::<Uuid>().ok());
    let (Some(id), Some(app)) = (named, req.app_data::<Data<App>>()) else { return Ok(()) };
    match token_of(req, app) {
        Some(token) => app.db.taken_again(&token, id).await,
        None => Ok(()),
    }
}
