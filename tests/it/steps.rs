//! Steps of the second half as people take them over HTTP: every address and every field is found in the pages.

use assured::domain::agreement::signing::SigningCheck;
use assured::domain::certificate::CertificateState;
use assured::domain::facts::NamedPerson;
use chrono::{Datelike as _, NaiveDate};

use crate::bookings::{DETAILS, slot};
use crate::journey::press;
use crate::live::configuration;
use crate::page::{Form, form};
use crate::support::http::Reply;
use crate::support::*;

/// One product, and the person of the supplier who carries it.
pub struct Way<'a> {
    pub app: &'a TestApp,
    pub supplier: Persona,
    /// The address of the product.
    pub product: String,
}

/// The day in a date field.
pub fn set_date(form: &mut Form, name: &str, date: NaiveDate) {
    for (part, value) in [("day", date.day()), ("month", date.month()), ("year", date.year_ce().1)] {
        form.set(&format!("{name}-{part}"), &value.to_string());
    }
}

/// The words of a piece of a page, with single ordinary spaces.
fn words(html: &str) -> String {
    let text: String = html.split('<').map(|piece| piece.split_once('>').map_or(piece, |(_, after)| after)).collect();
    text.replace("&#34;", "\"").replace("&#39;", "'").split_whitespace().collect::<Vec<_>>().join(" ")
}

impl<'a> Way<'a> {
    /// The way of a product that is there.
    pub fn of(app: &'a TestApp, supplier: Persona, reference: &str) -> Self {
        Self { app, supplier, product: format!("/products/{}", reference.to_lowercase()) }
    }

    /// What the box "What happens next" tells somebody.
    pub async fn next(&self, who: Persona) -> String {
        let home = self.app.get(who, &self.product).await;
        let (_, rest) = home.is(200).body.split_once("id=\"what-happens-next\">").unwrap();
        words(rest.split_once("</section>").unwrap().0)
    }

    /// The box tells somebody these sentences.
    pub async fn tells(&self, who: Persona, sentences: &[&str]) {
        let next = self.next(who).await;
        for sentence in sentences {
            assert!(next.contains(sentence), "{} is not told {sentence:?} but:\n{next}", who.name);
        }
    }

    /// Opens a page of the product, fills in the form with a button and presses it. Returns the page that follows.
    pub async fn fill(&self, who: Persona, page: &str, button: &str, fill: impl FnOnce(&mut Form)) -> Reply {
        let address = format!("{}/{page}", self.product);
        let shown = self.app.get(who, &address).await;
        let mut form = form(shown.is(200), &address, button);
        fill(&mut form);
        let reply = press(self.app, who, &form, button).await;
        if reply.status == 303 { self.app.follow(who, &reply).await } else { reply }
    }

    /// Books the date of these words, which the reviewer has published.
    pub async fn book(&self, day: NaiveDate, words: &str) -> Reply {
        let slots = "/demonstrations/slots";
        let page = self.app.get(REVIEWER, slots).await;
        let mut one = form(page.is(200), slots, "Publish this date");
        set_date(&mut one, "date", day);
        one.set("time", "10am").set("assessor", &self.app.id(REVIEWER).await.to_string());
        press(self.app, REVIEWER, &one, "Publish this date").await.is(303);
        let address = format!("{}/demonstration/book", self.product);
        let page = self.app.get(self.supplier, &address).await;
        let chosen = slot(page.is(200), words);
        self.fill(self.supplier, "demonstration/book", "Book demonstration", |form| {
            form.set("slot", &chosen);
        })
        .await
    }

    /// Gives the details of the test. Returns what comes back.
    pub async fn describe(&self, authenticator: &str, network: &str) -> Reply {
        let tried = assured::domain::calendar::london_date(self.app.now()).pred_opt().unwrap();
        self.fill(self.supplier, "demonstration/details", "Save details", |form| {
            for (name, value) in DETAILS {
                form.set(name, value);
            }
            form.set("authenticator", authenticator).set("network", network).tick("declaration", "yes");
            for name in ["authenticator-tried-on", "logout-received-on"] {
                if form.names.contains(&format!("{name}-day")) {
                    set_date(form, name, tried);
                }
            }
        })
        .await
    }

    /// Records every background check as passed, but for one with a problem.
    pub async fn check(&self, problem: Option<(&str, &str)>) -> Reply {
        self.fill(REVIEWER, "demonstration/checks", "Save the checks", |form| {
            let checks: Vec<String> = form.names.iter().filter_map(|n| n.strip_suffix("-edition").map(str::to_owned)).collect();
            for check in checks {
                form.set(&check, "passed");
            }
            if let Some((check, note)) = problem {
                form.set(check, "problem").set(&format!("{check}-note"), note);
            }
        })
        .await
    }

    /// Confirms the test, of which nothing is missing.
    pub async fn confirm(&self) {
        let page = self.fill(REVIEWER, "demonstration/checks", "Confirm the demonstration", |_| {}).await;
        page.is(200).has("The demonstration is confirmed");
    }

    /// Starts the test that is booked for this day and marks every line as seen, but for those with a note.
    pub async fn hold(&self, missed: &[(&str, &str)]) {
        let test = self.app.see(self.supplier, self.reference()).await.unwrap().demonstration().clone();
        self.app.clock.set(test.date.unwrap().starts_at);
        self.fill(REVIEWER, "demonstration/run-sheet", "Start the test", |_| {}).await.is(200);
        let saved = self.fill(REVIEWER, "demonstration/run-sheet", "Save marks", |form| {
            for mark in form.names.clone().iter().filter(|n| n.starts_with("mark-")) {
                form.set(mark, "seen");
            }
            for (line, note) in missed {
                form.set(&format!("mark-{line}"), "not-seen").set(&format!("note-{line}"), note);
            }
        });
        saved.await.is(200).lacks("There is a problem");
        self.app.advance(chrono::Duration::minutes(95));
    }

    /// Records how the test ended; returns the page that follows.
    pub async fn end(&self, outcome: &str, message: &str) -> Reply {
        self.fill(REVIEWER, "demonstration/outcome", "Record the outcome", |form| {
            form.set("outcome", outcome).set("message", message);
        })
        .await
    }

    /// Checks, confirmation, the test and its outcome, for a test that is booked and described.
    pub async fn pass(&self) {
        self.check(None).await.is(200);
        self.confirm().await;
        self.hold(&[]).await;
        self.end("pass", "").await.is(200);
    }

    /// Issues the certificate and looks at its public page as a stranger does. Returns the page.
    pub async fn certify(&self) -> Reply {
        let issued = self.fill(REVIEWER, "certificate/issue", "Issue certificate", |_| {}).await;
        issued.is(200).has(" issued").has("We’ve told");
        let product = self.app.see(self.supplier, self.reference()).await.unwrap();
        let certificate = product.certificate().unwrap();
        assert_eq!(certificate.state, CertificateState::Valid);
        let address = format!("/certificates/{}", certificate.content.number);
        let page = self.app.get(self.supplier, &format!("{}/certificate", self.product)).await;
        page.is(200).has(&format!("href=\"{BASE}{address}\"")).has("Valid");
        let open = self.app.get(None, &address).await;
        open.is(200).has("Valid").has(&certificate.content.number);
        open
    }

    /// Says who signs the agreement.
    pub async fn name_signatory(&self, person: &NamedPerson) -> Reply {
        self.fill(self.supplier, "agreement/signatory", "Save who will sign", |form| {
            form.set("name", &person.name).set("job-title", &person.job_title).set("email", &person.email);
            form.tick("officer", "yes");
        })
        .await
    }

    /// Decides about the signed copy, with every check ticked if it is accepted.
    pub async fn decide(&self, decision: &str, reason: &str) -> Reply {
        self.fill(REVIEWER, "agreement/check", "Save decision", |form| {
            for check in SigningCheck::ALL.iter().filter(|_| decision == "accept") {
                form.tick("checks", check.word());
            }
            form.set("decision", decision).set("reason", reason);
        })
        .await
    }

    /// Gives the production configuration, which mirrors INT.
    pub async fn configure(&self, sent: NaiveDate, planned: NaiveDate) -> Reply {
        self.fill(self.supplier, "live", "Save", |form| {
            for (name, value) in configuration() {
                match name {
                    "scopes" | "done" => form.tick(name, &value),
                    _ => form.set(name, &value),
                };
            }
            set_date(form, "sent-on", sent);
            set_date(form, "planned-on", planned);
        })
        .await
    }

    /// The reference, as it stands in the address.
    pub fn reference(&self) -> &str {
        self.product.rsplit('/').next().unwrap()
    }
}
