//! Pages as answers: templates to HTML, errors to pages that say what to do.

use std::panic::AssertUnwindSafe;

use actix_web::body::{BoxBody, EitherBody, MessageBody};
use actix_web::cookie::Cookie;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::header::ContentType;
use actix_web::http::{StatusCode, header};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{HttpMessage, HttpRequest, HttpResponse, ResponseError};
use askama::Template;
use futures_util::FutureExt;

use super::App;
use super::ctx::{Anyone, Around, FLASH};
use super::frame::Frame;
use crate::domain::refusal::Refusal;
use crate::error::Error;
use crate::secret::new_id;
use crate::words;

/// A page as an answer.
///
/// # Errors
/// When the template fails.
pub fn page(status: StatusCode, template: &impl Template) -> Result<HttpResponse, Error> {
    let html = template.render()?;
    let mut gone = Cookie::new(FLASH, "");
    gone.set_path("/");
    gone.make_removal();
    Ok(HttpResponse::build(status).content_type(ContentType::html()).cookie(gone).body(html))
}

/// A page that answers a request as asked.
///
/// # Errors
/// When the template fails.
pub fn ok(template: &impl Template) -> Result<HttpResponse, Error> {
    page(StatusCode::OK, template)
}

/// The form again, with its problems.
///
/// # Errors
/// When the template fails.
pub fn unprocessable(template: &impl Template) -> Result<HttpResponse, Error> {
    page(StatusCode::UNPROCESSABLE_ENTITY, template)
}

/// For addresses that are none.
///
/// # Errors
/// Always: not found.
pub async fn not_found(_visit: Anyone) -> Result<HttpResponse, Error> {
    Err(Error::NotFound)
}

impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::SignedOut => StatusCode::SEE_OTHER,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::CrossSite | Self::Refused(Refusal::NotYours) => StatusCode::FORBIDDEN,
            Self::Refused(_) | Self::Stale => StatusCode::CONFLICT,
            Self::Bad(_) => StatusCode::BAD_REQUEST,
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status_code())
    }
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage {
    frame: Frame,
    heading: String,
    paragraphs: Vec<String>,
    link: Option<(String, String)>,
}

/// Gives every error its page, catches panics, and logs what only operators should read.
pub async fn errors(
    req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<EitherBody<BoxBody, impl MessageBody>>, actix_web::Error> {
    // No clone of the request may be kept here: actix hands it on as the only one.
    let result = AssertUnwindSafe(next.call(req)).catch_unwind().await;
    let response = match result {
        Ok(response) => response?,
        Err(_) => return Err(panicked()),
    };
    let is_bare = response.status().is_client_error() && response.headers().get(header::CONTENT_TYPE).is_none();
    let html = match response.response().error() {
        Some(error) => error_page(response.request(), error),
        None if is_bare => plain_page(response.request(), response.status()),
        None => return Ok(response.map_into_right_body()),
    };
    let (request, _) = response.into_parts();
    Ok(ServiceResponse::new(request, html).map_into_left_body())
}

/// The answer after a panic, headers included: nothing outside this one adds them to it.
fn panicked() -> actix_web::Error {
    let error = Error::Internal(anyhow::anyhow!("a handler panicked"));
    let (title, paragraphs) = words_for(&error);
    let template = ErrorPage { frame: Frame::new(title), heading: title.to_owned(), paragraphs, link: None };
    let html = template.render().unwrap_or_else(|_| title.to_owned());
    let mut response = HttpResponse::InternalServerError().content_type(ContentType::html()).body(html);
    super::security::add_headers(response.headers_mut(), false);
    InternalError::from_response("a handler panicked", response).into()
}

/// Answers that actix makes itself, such as 405: the same page as for an address that is none, with their own status.
fn plain_page(request: &HttpRequest, status: StatusCode) -> HttpResponse {
    let mut response = error_page(request, &Error::NotFound.into());
    *response.status_mut() = status;
    response
}

fn error_page(request: &HttpRequest, error: &actix_web::Error) -> HttpResponse {
    let Some(error) = error.as_error::<Error>() else {
        // Paths and queries that cannot be read: nothing that the service has is at such an address.
        return error_page(request, &Error::NotFound.into());
    };
    if matches!(error, Error::SignedOut) {
        let next: String = url::form_urlencoded::byte_serialize(request.uri().path().as_bytes()).collect();
        let address =
            if *request.method() == actix_web::http::Method::GET { format!("/login?next={next}") } else { "/login".to_owned() };
        return HttpResponse::SeeOther().insert_header((header::LOCATION, address)).finish();
    }
    let (title, paragraphs) = words_for(error);
    let around = request.extensions().get::<Around>().cloned();
    let is_demo = request.app_data::<Data<App>>().is_some_and(|a| a.is_demo);
    let frame = around.map_or_else(|| Frame { is_demo, ..Frame::new(title) }, |a| a.frame(title));
    let link = Some(("/".to_owned(), "Go to your home page".to_owned()));
    let template = ErrorPage { frame, heading: title.to_owned(), paragraphs, link };
    let mut builder = HttpResponse::build(error.status_code());
    if let Error::TooMany(until) = error {
        builder.insert_header((header::RETRY_AFTER, until.format("%a, %d %b %Y %H:%M:%S GMT").to_string()));
    }
    builder.content_type(ContentType::html()).body(template.render().unwrap_or_else(|_| title.to_owned()))
}

fn words_for(error: &Error) -> (&'static str, Vec<String>) {
    let lines = |texts: &[&str]| texts.iter().map(|t| (*t).to_owned()).collect::<Vec<_>>();
    match error {
        Error::SignedOut => ("Log in", Vec::new()),
        Error::NotFound => (
            "Page not found",
            lines(&["If you typed the address, check that it is right.", "If you followed a link, the page may have moved."]),
        ),
        Error::CrossSite => ("We could not check where this came from", lines(&["Go back to the page, reload it and try again."])),
        Error::Refused(refusal @ Refusal::NotYours) => ("You cannot change this", vec![refusal.sentence()]),
        Error::Refused(refusal) => ("This cannot be done now", vec![refusal.sentence(), "Nothing has changed.".to_owned()]),
        Error::Stale => (
            "Somebody else was quicker",
            lines(&["Somebody else changed this at the same moment. Go back, reload the page and try again."]),
        ),
        Error::Bad(reason) => {
            tracing::info!(reason, "a request could not be read");
            ("We could not read what was sent", lines(&["Nothing has been saved. Go back and try again."]))
        }
        Error::TooLarge(sentence) => {
            ("This is too large", vec![sentence.clone(), "Nothing has been saved. Go back and try again.".to_owned()])
        }
        Error::TooMany(until) => ("You've tried too many times", vec![format!("Try again at {}.", words::time(*until))]),
        Error::Internal(cause) => {
            let id = new_id();
            tracing::error!(error.id = %id, error = format!("{cause:#}"), "a request failed");
            let number = format!("If you tell us about it, give this number: {id}");
            let mut lines = lines(&["Your saved answers are safe. Try again in a few minutes."]);
            lines.push(number);
            ("Sorry, there is a problem with the service", lines)
        }
    }
}
