//! The texts that reviewers start from.

use actix_web::HttpResponse;
use actix_web::web::Path;

use super::super::ctx::SignedIn;
use super::super::export::{Batch, Column, Table, column, export};
use super::super::standard_replies::about;
use super::Suffix;
use crate::domain::words::StandardReplyId;
use crate::error::Error;

struct StandardReplies {
    me: SignedIn,
}

impl Table for StandardReplies {
    type Key = StandardReplyId;

    fn me(&self) -> &SignedIn {
        &self.me
    }

    fn columns(&self) -> Vec<Column> {
        vec![
            column("text", "Text", 80),
            column("for", "For", 48),
            column("uses", "Used", 8),
            column("by", "Added by", 24),
            column("added-at", "Added", 18),
            column("retired-at", "Retired", 18),
        ]
    }

    async fn batch(&self, last: Option<StandardReplyId>) -> Result<Batch<StandardReplyId>, Error> {
        let rules = &self.me.app.rules;
        let catalogue = rules.catalogue(rules.newest())?;
        let read = self.me.visible().standard_replies_after(last).await?;
        Ok(Batch::of(read, |reply| {
            vec![
                reply.body.clone().into(),
                about(catalogue, reply.question.as_deref()).into(),
                reply.uses.into(),
                reply.by_name.clone().into(),
                reply.added_at.into(),
                reply.retired_at.into(),
            ]
        }))
    }
}

/// All standard replies, in use and retired, those that were added first first.
pub async fn standard_replies(me: SignedIn, suffix: Path<Suffix>) -> Result<HttpResponse, Error> {
    let format = suffix.format()?;
    export(StandardReplies { me }, ("standard-replies", format)).await
}
