//! Hold, resume, withdraw: what is done to a whole product, each with a reason.

use actix_web::HttpResponse;
use actix_web::web::Path;
use askama::Template;

use super::ctx::{SignedIn, see_other_with};
use super::form::{Fields, Problems};
use super::frame::{Flash, Frame};
use super::page::{ok, unprocessable};
use crate::domain::command::Command;
use crate::domain::product::Product;
use crate::error::Error;

#[derive(Template)]
#[template(path = "products/reason.html")]
struct ReasonPage {
    frame: Frame,
    back: String,
    heading: String,
    paragraphs: &'static [&'static str],
    button: &'static str,
    is_final: bool,
    reason: String,
}

/// The three things that are done to a product with a reason.
#[derive(Clone, Copy)]
enum Deed {
    Hold,
    Resume,
    Withdraw,
}

impl Deed {
    fn heading(self, name: &str) -> String {
        match self {
            Self::Hold => format!("Put {name} on hold"),
            Self::Resume => format!("Resume {name}"),
            Self::Withdraw => format!("Withdraw {name}?"),
        }
    }

    const fn paragraphs(self) -> &'static [&'static str] {
        match self {
            Self::Hold => &[
                "Nobody needs to do anything while a product is on hold. Its dates stand still, and move by the days of the hold when it is resumed.",
            ],
            Self::Resume => &["Work goes on where it stopped. Dates that were promised move by the days of the hold."],
            Self::Withdraw => &[
                "This cannot be undone. Answers and history stay readable, and nothing in the product can change any more.",
                "If you only need a pause, put the product on hold instead.",
            ],
        }
    }

    const fn button(self) -> &'static str {
        match self {
            Self::Hold => "Put on hold",
            Self::Resume => "Resume",
            Self::Withdraw => "Withdraw this product",
        }
    }

    const fn done(self) -> &'static str {
        match self {
            Self::Hold => "is on hold",
            Self::Resume => "has been resumed",
            Self::Withdraw => "has been withdrawn",
        }
    }

    const fn command(self, reason: String) -> Command {
        match self {
            Self::Hold => Command::Hold(reason),
            Self::Resume => Command::Resume(reason),
            Self::Withdraw => Command::Withdraw(reason),
        }
    }

    fn page(self, me: &SignedIn, product: &Product, reason: String) -> ReasonPage {
        let heading = self.heading(&product.facts.name);
        ReasonPage {
            frame: me.frame(heading.clone()),
            back: format!("{}/details", product.address()),
            heading,
            paragraphs: self.paragraphs(),
            button: self.button(),
            is_final: matches!(self, Self::Withdraw),
            reason,
        }
    }

    /// The product, if the person may do this to it now.
    async fn product(self, me: &SignedIn, path: &str) -> Result<Product, Error> {
        let product = me.visible().product(path).await?;
        let setting = me.app.rules.setting(&product, me.now)?;
        crate::domain::decide::decide(&setting, &me.actor, &product, &self.command(String::new()))?;
        Ok(product)
    }

    async fn ask(self, me: SignedIn, path: Path<String>) -> Result<HttpResponse, Error> {
        let product = self.product(&me, &path).await?;
        ok(&self.page(&me, &product, String::new()))
    }

    async fn carry_out(self, me: SignedIn, path: Path<String>, fields: Fields) -> Result<HttpResponse, Error> {
        let product = self.product(&me, &path).await?;
        let mut problems = Problems::default();
        let reason = problems.line(&fields, "reason", ("Enter a reason", 500));
        if !problems.is_empty() {
            let mut page = self.page(&me, &product, reason);
            page.frame.problems = problems.0;
            return unprocessable(&page);
        }
        let product = me.act(&product.reference, &self.command(reason)).await?;
        let flash = Flash { title: format!("{} {}", product.facts.name, self.done()), text: String::new(), link: None };
        Ok(see_other_with(&me, &product.address(), &flash))
    }
}

/// Asks for the reason of a hold.
pub async fn ask_hold(me: SignedIn, path: Path<String>) -> Result<HttpResponse, Error> {
    Deed::Hold.ask(me, path).await
}

/// Puts a product on hold.
pub async fn hold(me: SignedIn, path: Path<String>, fields: Fields) -> Result<HttpResponse, Error> {
    Deed::Hold.carry_out(me, path, fields).await
}

/// Asks for the reason of resuming.
pub async fn ask_resume(me: SignedIn, path: Path<String>) -> Result<HttpResponse, Error> {
    Deed::Resume.ask(me, path).await
}

/// Resumes a product.
pub async fn resume(me: SignedIn, path: Path<String>, fields: Fields) -> Result<HttpResponse, Error> {
    Deed::Resume.carry_out(me, path, fields).await
}

/// Asks whether a product is to be withdrawn, and why.
pub async fn ask_withdraw(me: SignedIn, path: Path<String>) -> Result<HttpResponse, Error> {
    Deed::Withdraw.ask(me, path).await
}

/// Withdraws a product.
pub async fn withdraw(me: SignedIn, path: Path<String>, fields: Fields) -> Result<HttpResponse, Error> {
    Deed::Withdraw.carry_out(me, path, fields).await
}
