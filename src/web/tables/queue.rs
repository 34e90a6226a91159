//! Reviews: those that wait for the assurance team, one's own, and those that went back to suppliers.

use actix_web::HttpResponse;
use actix_web::web::{Path, Query};

use super::super::ctx::SignedIn;
use super::super::export::{Batch, Cell, Column, Table, column, export};
use super::super::queue::filter::QueueQuery;
use super::super::queue::{List, Titles};
use super::Suffix;
use crate::error::Error;
use crate::store::queue::{QueueFilter, Review, ReviewKey};

struct Reviews {
    me: SignedIn,
    list: List,
    filter: QueueFilter,
    titles: Titles,
}

impl Table for Reviews {
    type Key = ReviewKey;

    fn me(&self) -> &SignedIn {
        &self.me
    }

    fn columns(&self) -> Vec<Column> {
        vec![
            column("reference", "Reference", 12),
            column("product", "Product", 32),
            column("supplier", "Supplier", 32),
            column("section", "Section", 28),
            column("round", "Round", 8),
            column("reviewer", "Reviewer", 24),
            column("sent-at", "Sent", 18),
            column("replied-at", "Replied", 18),
            column("reply-by", if self.list == List::SentBack { "Answer expected by" } else { "Reply by" }, 18),
        ]
    }

    async fn batch(&self, after: Option<ReviewKey>) -> Result<Batch<ReviewKey>, Error> {
        let read = self.me.visible().reviews_after(self.list.state(), (&self.filter, self.me.today()), after).await?;
        Ok(Batch::of(read, |review| row(review, &self.titles)))
    }
}

fn row(review: &Review, titles: &Titles) -> Vec<Cell> {
    vec![
        review.reference.clone().into(),
        review.product.clone().into(),
        review.organisation.clone().into(),
        titles.short(review.section).into(),
        review.round.into(),
        review.reviewer.as_ref().map(|(_, name)| name.clone()).into(),
        review.sent_at.into(),
        review.replied_at.into(),
        review.reply_by.into(),
    ]
}

async fn reviews(me: SignedIn, list: List, suffix: &Suffix, query: &QueueQuery) -> Result<HttpResponse, Error> {
    let (filter, titles) = (query.filter(list, &me), Titles::new(&me)?);
    let name = match list {
        List::Queue => "review-queue",
        List::Mine => "my-reviews",
        List::SentBack => "sent-back",
    };
    export(Reviews { me, list, filter, titles }, (name, suffix.format()?)).await
}

/// The review queue.
pub async fn queue(me: SignedIn, suffix: Path<Suffix>, query: Query<QueueQuery>) -> Result<HttpResponse, Error> {
    reviews(me, List::Queue, &suffix, &query).await
}

/// The reviews that the person has.
pub async fn mine(me: SignedIn, suffix: Path<Suffix>, query: Query<QueueQuery>) -> Result<HttpResponse, Error> {
    reviews(me, List::Mine, &suffix, &query).await
}

/// The sections that went back.
pub async fn sent_back(me: SignedIn, suffix: Path<Suffix>, query: Query<QueueQuery>) -> Result<HttpResponse, Error> {
    reviews(me, List::SentBack, &suffix, &query).await
}
