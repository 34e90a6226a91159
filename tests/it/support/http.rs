//! Pages as a browser asks for them: cookies kept for each person, posts from our own pages, redirects followed on purpose.

use std::collections::BTreeMap;
use std::rc::Rc;

use actix_http::Request;
use actix_web::body::MessageBody;
use actix_web::dev::{Service as _, ServiceResponse};
use actix_web::http::header::HeaderMap;
use actix_web::test::{TestRequest, init_service};
use assured::secret::new_token;
use assured::web;
use assured::web::ctx::session_cookie;
use chrono::{DateTime, Duration, Utc};
use futures_util::future::LocalBoxFuture;

use super::{BASE, PASSWORD, Persona, TestApp};

/// Cookies of one person and when they logged in.
#[derive(Clone, Debug, Default)]
pub struct Jar {
    pub cookies: BTreeMap<String, String>,
    since: Option<DateTime<Utc>>,
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Reply {
    pub status: u16,
    pub location: Option<String>,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
    /// The bytes as text.
    pub body: String,
}

impl Reply {
    /// A header as text; empty when it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default()
    }

    /// The page holds these words.
    #[track_caller]
    pub fn has(&self, words: &str) -> &Self {
        assert!(self.body.contains(words), "{words:?} is not in the answer ({}):\n{}", self.status, self.body);
        self
    }

    /// The page does not hold these words.
    #[track_caller]
    pub fn lacks(&self, words: &str) -> &Self {
        assert!(!self.body.contains(words), "{words:?} is in the answer ({}):\n{}", self.status, self.body);
        self
    }

    /// The answer has this status.
    #[track_caller]
    pub fn is(&self, status: u16) -> &Self {
        assert_eq!(self.status, status, "to {:?}:\n{}", self.location, self.body);
        self
    }

    /// The answer sends the browser to this address.
    #[track_caller]
    pub fn goes_to(&self, address: &str) -> &Self {
        assert_eq!((self.status, self.location.as_deref()), (303, Some(address)), "{}", self.body);
        self
    }
}

/// The service in this process, without a port.
pub struct Service(Box<dyn Fn(Request) -> LocalBoxFuture<'static, Reply>>);

impl TestApp {
    async fn service(&self) -> &Service {
        let make = || async {
            let service = Rc::new(init_service(web::service(self.data.clone())).await);
            let data = self.data.clone();
            Service(Box::new(move |request| {
                let (service, data) = (Rc::clone(&service), data.clone());
                Box::pin(async move {
                    let reply = match service.call(request).await {
                        Ok(response) => read(response).await,
                        Err(error) => {
                            let request = TestRequest::default().to_http_request();
                            read(ServiceResponse::new(request, error.error_response())).await
                        }
                    };
                    data.afterwards.close();
                    data.afterwards.wait().await;
                    data.afterwards.reopen();
                    reply
                })
            }))
        };
        self.service.get_or_init(make).await
    }

    /// Sends a request as it is, without cookies of its own.
    pub async fn request(&self, request: TestRequest) -> Reply {
        let request = request.to_request();
        (self.service().await.0)(request).await
    }

    async fn ask(&self, persona: Option<Persona>, request: TestRequest) -> Reply {
        let Some(persona) = persona else { return self.request(request).await };
        self.log_in(persona).await;
        self.send_as(persona, request).await
    }

    /// Sends a request with the cookies that somebody has, whether they are still logged in or not.
    async fn send_as(&self, persona: Persona, request: TestRequest) -> Reply {
        let cookies = self.jars.borrow().get(&persona).map(|j| j.cookies.clone()).unwrap_or_default();
        let line = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
        let reply = self.request(request.insert_header(("cookie", line))).await;
        for cookie in reply.headers.get_all("set-cookie").filter_map(|v| v.to_str().ok()) {
            let (pair, rest) = cookie.split_once(';').unwrap_or((cookie, ""));
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let mut jars = self.jars.borrow_mut();
            let jar = jars.entry(persona).or_default();
            if value.is_empty() || rest.contains("Max-Age=0") {
                jar.cookies.remove(name);
            } else {
                jar.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        reply
    }

    /// Starts a session if the last one is old by the clock.
    async fn log_in(&self, persona: Persona) {
        let now = self.now();
        let is_fresh = |jar: &Jar| jar.since.is_some_and(|since| now - since < Duration::minutes(10) && since <= now);
        if self.jars.borrow().get(&persona).is_some_and(is_fresh) {
            return;
        }
        let token = new_token().unwrap();
        let id = self.id(persona).await;
        self.db.log_in(id, &token, now).await.unwrap();
        let mut jars = self.jars.borrow_mut();
        let jar = jars.entry(persona).or_default();
        jar.since = Some(now);
        jar.cookies.insert(session_cookie(BASE).to_owned(), token);
    }

    /// A page as somebody's browser asks for it, whether they are still logged in or not.
    pub async fn get_late(&self, persona: Persona, path: &str) -> Reply {
        self.send_as(persona, TestRequest::get().uri(path)).await
    }

    /// Posts a form as somebody's browser does, whether they are still logged in or not.
    pub async fn post_late(&self, persona: Persona, path: &str, fields: &[(&str, &str)]) -> Reply {
        self.send_as(persona, posted(path, fields)).await
    }

    /// Somebody logs in with their password at the browser of somebody else, or their own.
    pub async fn log_in_at(&self, browser: Persona, who: Persona) -> Reply {
        self.post_late(browser, "/login", &[("email", who.email), ("password", PASSWORD)]).await
    }

    /// Lets somebody's session go, so that the next request of theirs begins a new one.
    pub fn forget(&self, persona: Persona) {
        self.jars.borrow_mut().remove(&persona);
    }

    /// A page; `None` for nobody.
    pub async fn get(&self, persona: impl Into<Option<Persona>>, path: &str) -> Reply {
        self.ask(persona.into(), TestRequest::get().uri(path)).await
    }

    /// Posts a form from one of our own pages.
    pub async fn post(&self, persona: impl Into<Option<Persona>>, path: &str, fields: &[(&str, &str)]) -> Reply {
        self.ask(persona.into(), posted(path, fields)).await
    }

    /// Posts a form with files: field, name, bytes.
    pub async fn upload(&self, persona: Persona, path: &str, fields: &[(&str, &str)], files: &[(&str, &str, &[u8])]) -> Reply {
        self.log_in(persona).await;
        self.upload_late(persona, path, fields, files).await
    }

    /// The same, whether they are still logged in or not.
    pub async fn upload_late(&self, persona: Persona, path: &str, fields: &[(&str, &str)], files: &[(&str, &str, &[u8])]) -> Reply {
        const EDGE: &str = "----edge-of-a-part";
        let mut body = Vec::new();
        for (name, value) in fields {
            body.extend(format!("--{EDGE}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
        }
        for (name, file, bytes) in files {
            body.extend(format!("--{EDGE}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file}\"\r\n").bytes());
            body.extend(b"Content-Type: application/octet-stream\r\n\r\n");
            body.extend(*bytes);
            body.extend(b"\r\n");
        }
        body.extend(format!("--{EDGE}--\r\n").bytes());
        let request = TestRequest::post()
            .uri(path)
            .insert_header(("origin", BASE))
            .insert_header(("content-type", format!("multipart/form-data; boundary={EDGE}")))
            .set_payload(body);
        self.send_as(persona, request).await
    }

    /// The page that an answer sends to.
    pub async fn follow(&self, persona: impl Into<Option<Persona>>, reply: &Reply) -> Reply {
        let location = reply.location.clone().unwrap_or_else(|| panic!("no redirect ({}):\n{}", reply.status, reply.body));
        self.get(persona, &location).await
    }
}

fn posted(path: &str, fields: &[(&str, &str)]) -> TestRequest {
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    TestRequest::post()
        .uri(path)
        .insert_header(("origin", BASE))
        .insert_header(("content-type", "application/x-www-form-urlencoded"))
        .set_payload(body)
}

async fn read(response: ServiceResponse<impl MessageBody>) -> Reply {
    let status = response.status().as_u16();
    let headers = response.headers().clone();
    let location = headers.get("location").and_then(|v| v.to_str().ok()).map(str::to_owned);
    let bytes = actix_web::body::to_bytes(response.into_body()).await.ok().map(|b| b.to_vec()).unwrap_or_default();
    let body = String::from_utf8_lossy(&bytes).into_owned();
    Reply { status, location, headers, bytes, body }
}
