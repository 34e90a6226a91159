//! What administrators look after: people of the assurance team, organisations, and the log of e-mail.

use actix_web::HttpResponse;
use actix_web::web::Path;
use uuid::Uuid;

use super::super::ctx::SignedIn;
use super::super::export::{Batch, Cell, Column, Table, column, export};
use super::Suffix;
use crate::domain::words::OrganisationId;
use crate::error::Error;
use crate::store::outbox::Letter;
use crate::store::register::Place;
use crate::words::listed;

struct People {
    me: SignedIn,
}

impl Table for People {
    type Key = ();

    fn me(&self) -> &SignedIn {
        &self.me
    }

    fn columns(&self) -> Vec<Column> {
        vec![column("name", "Name", 28), column("email", "Email address", 36), column("role", "Role", 32)]
    }

    async fn batch(&self, _: Option<()>) -> Result<Batch<()>, Error> {
        let team = self.me.app.db.team(&self.me.actor).await?;
        let rows = team.into_iter().map(|member| {
            let duties: Vec<String> = member.duties.iter().map(|d| d.label().to_owned()).collect();
            vec![member.name.into(), member.email.into(), listed(&duties).into()]
        });
        Ok(Batch::only(rows.collect()))
    }
}

/// The assurance team.
pub async fn people(me: SignedIn, suffix: Path<Suffix>) -> Result<HttpResponse, Error> {
    let format = suffix.format()?;
    export(People { me }, ("people", format)).await
}

struct Organisations {
    me: SignedIn,
}

impl Table for Organisations {
    type Key = OrganisationId;

    fn me(&self) -> &SignedIn {
        &self.me
    }

    fn columns(&self) -> Vec<Column> {
        vec![column("organisation", "Organisation", 40), column("ods-code", "ODS code", 12)]
    }

    async fn batch(&self, after: Option<OrganisationId>) -> Result<Batch<OrganisationId>, Error> {
        let read = self.me.visible().organisations_after(after).await?;
        Ok(Batch::of(read, |o| vec![o.name.clone().into(), o.ods_code.clone().into()]))
    }
}

/// Every organisation.
pub async fn organisations(me: SignedIn, suffix: Path<Suffix>) -> Result<HttpResponse, Error> {
    let format = suffix.format()?;
    export(Organisations { me }, ("organisations", format)).await
}

struct Mail {
    me: SignedIn,
}

impl Table for Mail {
    type Key = Place<Uuid>;

    fn me(&self) -> &SignedIn {
        &self.me
    }

    fn columns(&self) -> Vec<Column> {
        vec![
            column("written-at", "Written", 18),
            column("name", "To", 28),
            column("email", "Email address", 36),
            column("subject", "Subject", 48),
            column("status", "Status", 10),
            column("sent-at", "Sent", 18),
            column("tries", "Tries", 8),
            column("error", "Last error", 40),
        ]
    }

    async fn batch(&self, before: Option<Place<Uuid>>) -> Result<Batch<Place<Uuid>>, Error> {
        let read = self.me.visible().mail_before(before).await?;
        let rows = read.rows.iter().map(|letter| self.row(letter)).collect::<Result<_, _>>()?;
        Ok(Batch { rows, next: read.next })
    }
}

impl Mail {
    /// A message without its text, which may hold a link that is somebody's key.
    fn row(&self, letter: &Letter) -> Result<Vec<Cell>, Error> {
        let status = match (letter.sent_at, letter.parked_at) {
            (Some(_), _) => "Sent",
            (None, Some(_)) => "Failed",
            (None, None) => "Queued",
        };
        Ok(vec![
            letter.created_at.into(),
            letter.name.clone().into(),
            letter.email.clone().into(),
            self.me.app.writer.write(letter)?.subject.into(),
            status.into(),
            letter.sent_at.into(),
            Cell::Number(letter.attempts.into()),
            letter.last_error.clone().into(),
        ])
    }
}

/// The log of e-mail, newest first.
pub async fn mail(me: SignedIn, suffix: Path<Suffix>) -> Result<HttpResponse, Error> {
    let format = suffix.format()?;
    export(Mail { me }, ("email", format)).await
}
