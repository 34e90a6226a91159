//! Every table as an entity: the shape of the database on three screens. Nothing outside `store` sees these.

/// Declares an entity without relations; links between tables are the foreign keys of the migrations.
macro_rules! entity {
    ($(#[$doc:meta])* $module:ident $table:literal { $($(#[$field_meta:meta])* $field:ident: $type:ty),+ $(,)? }) => {
        $(#[$doc])*
        pub mod $module {
            use sea_orm::entity::prelude::*;

            #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
            #[sea_orm(table_name = $table)]
            pub struct Model { $($(#[$field_meta])* pub $field: $type),+ }

            #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
            pub enum Relation {}

            impl ActiveModelBehavior for ActiveModel {}
        }
    };
}

entity!(counter "counter" {
    #[sea_orm(primary_key, auto_increment = false)]
    name: String,
    value: i64,
});

entity!(organisation "organisation" {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    name: String,
    ods_code: String,
    facts: Json,
    added_at: ChronoDateTimeUtc,
});

entity!(person "person" {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    email: String,
    name: String,
    password_hash: Option<String>,
    duties: String,
    failures: i32,
    locked_until: Option<ChronoDateTimeUtc>,
    added_at: ChronoDateTimeUtc,
    reviews_a_week: Option<i32>,
    shortcuts: bool,
});

entity!(membership "membership" {
    #[sea_orm(primary_key, auto_increment = false)]
    organisation_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    person_id: Uuid,
    role: String,
    since: ChronoDateTimeUtc,
});

entity!(invitation "invitation" {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    email: String,
    name: String,
    organisation_id: Option<Uuid>,
    role: Option<String>,
    duties: String,
    invited_by: String,
    invited_at: ChronoDateTimeUtc,
    expires_at: ChronoDateTimeUtc,
    closed_at: Option<ChronoDateTimeUtc>,
    accepted_by: Option<Uuid>,
});

entity!(password_reset "password_reset" {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    person_id: Uuid,
    asked_at: ChronoDateTimeUtc,
    expires_at: ChronoDateTimeUtc,
    used_at: Option<ChronoDateTimeUtc>,
});

entity!(session "session" {
    #[sea_orm(primary_key, auto_increment = false)]
    token_hash: String,
    person_id: Uuid,
    created_at: ChronoDateTimeUtc,
    seen_at: ChronoDateTimeUtc,
    expires_at: ChronoDateTimeUtc,
});

entity!(product "product" {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    reference: String,
    organisation_id: Uuid,
    version: i64,
    question_set: i32,
    state: String,
    name: String,
    name_key: String,
    facts: Json,
    pauses: Json,
    added_at: ChronoDateTimeUtc,
    turn: String,
    turn_by: Option<ChronoDate>,
    live: Option<Json>,
    live_on: Option<ChronoDate>,
    waits_for: String,
    since: ChronoDate,
    calendar: i32,
    reminded_on: Option<ChronoDate>,
});

entity!(section "section" {
    #[sea_orm(primary_key, auto_increment = false)]
    product_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    section: String,
    state: String,
    round: i32,
    reviewer_id: Option<Uuid>,
    sent_at: Option<ChronoDateTimeUtc>,
    sent_by: Option<Uuid>,
    replied_at: Option<ChronoDateTimeUtc>,
    reply_by: Option<ChronoDate>,
    leaves_at: Option<ChronoDateTimeUtc>,
    reply: Option<Json>,
});

entity!(answer "answer" {
    #[sea_orm(primary_key, auto_increment = false)]
    product_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    question: String,
    value: Option<Json>,
    remark: String,
    edition: i32,
    by_id: Uuid,
    at: ChronoDateTimeUtc,
});

entity!(file "file" {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    product_id: Uuid,
    question: String,
    name: String,
    digest: String,
    size: i64,
    content_type: String,
    by_id: Uuid,
    at: ChronoDateTimeUtc,
    document_id: Option<Uuid>,
    version: i32,
});

entity!(decision "decision" {
    #[sea_orm(primary_key, auto_increment = false)]
    product_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    question: String,
    #[sea_orm(primary_key, auto_increment = false)]
    round: i32,
    section: String,
    verdict: String,
    comment: String,
    fingerprint: String,
    by_id: Uuid,
    at: ChronoDateTimeUtc,
});

entity!(submission "submission" {
    #[sea_orm(primary_key, auto_increment = false)]
    product_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    section: String,
    #[sea_orm(primary_key, auto_increment = false)]
    round: i32,
    content: String,
    digest: String,
    by_id: Uuid,
    at: ChronoDateTimeUtc,
});

entity!(reply "reply" {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    product_id: Uuid,
    section: String,
    round: i32,
    outcome: String,
    message: String,
    by_id: Uuid,
    at: ChronoDateTimeUtc,
});

entity!(slot "slot" {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    starts_at: ChronoDateTimeUtc,
    assessor_id: Option<Uuid>,
    product_id: Option<Uuid>,
    added_by: Option<Uuid>,
    added_at: ChronoDateTimeUtc,
});

entity!(leave "leave" {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    person_id: Uuid,
    first_day: ChronoDate,
    last_day: ChronoDate,
    added_at: ChronoDateTimeUtc,
});

entity!(interest "interest" {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    person_id: Uuid,
    organisation_id: Uuid,
    reason: String,
    declared_by: String,
    declared_at: ChronoDateTimeUtc,
    ended_by: Option<String>,
    ended_at: Option<ChronoDateTimeUtc>,
    ended_because: Option<String>,
});

entity!(
    /// The sections that somebody can review.
    skill "skill" {
    #[sea_orm(primary_key, auto_increment = false)]
    person_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    section: String,
});

entity!(saved_view "saved_view" {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    person_id: Uuid,
    name: String,
    name_key: String,
    address: String,
    added_at: ChronoDateTimeUtc,
});

entity!(demonstration "demonstration" {
    #[sea_orm(primary_key, auto_increment = false)]
    product_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    attempt: i32,
    state: String,
    starts_at: Option<ChronoDateTimeUtc>,
    record: Json,
});

entity!(certificate "certificate" {
    #[sea_orm(primary_key, auto_increment = false)]
    number: String,
    product_id: Uuid,
    state: String,
    prepared_at: ChronoDateTimeUtc,
    record: Json,
});

entity!(agreement "agreement" {
    #[sea_orm(primary_key, auto_increment = false)]
    product_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    number: i32,
    state: String,
    record: Json,
});

entity!(feed "feed" {
    #[sea_orm(primary_key, auto_increment = false)]
    token_hash: String,
    person_id: Uuid,
    made_at: ChronoDateTimeUtc,
});

entity!(signing "signing" {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    product_id: Uuid,
    name: String,
    email: String,
    expires_at: ChronoDateTimeUtc,
    code_at: Option<ChronoDateTimeUtc>,
    failures: i32,
});

entity!(note "note" {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    product_id: Uuid,
    question: String,
    body: String,
    by_id: Uuid,
    at: ChronoDateTimeUtc,
});

entity!(event "event" {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    product_id: Option<Uuid>,
    organisation_id: Option<Uuid>,
    section: Option<String>,
    question: Option<String>,
    kind: String,
    detail: Json,
    by_id: Option<Uuid>,
    by_name: String,
    at: ChronoDateTimeUtc,
    posture: Option<Json>,
});

entity!(outbox "outbox" {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    kind: String,
    payload: Json,
    product_id: Option<Uuid>,
    person_id: Option<Uuid>,
    name: String,
    email: String,
    created_at: ChronoDateTimeUtc,
    due_at: ChronoDateTimeUtc,
    attempts: i32,
    sent_at: Option<ChronoDateTimeUtc>,
    parked_at: Option<ChronoDateTimeUtc>,
    last_error: String,
    how: String,
    read_at: Option<ChronoDateTimeUtc>,
});

entity!(
    /// How somebody wants to hear of a matter, where it is not the usual way.
    preference "preference" {
    #[sea_orm(primary_key, auto_increment = false)]
    person_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    matter: String,
    how: String,
});

entity!(
    /// What is done once a day, by whichever worker comes first.
    daily "daily" {
    #[sea_orm(primary_key, auto_increment = false)]
    kind: String,
    #[sea_orm(primary_key, auto_increment = false)]
    day: ChronoDate,
    done_at: ChronoDateTimeUtc,
});

entity!(
    /// Reminders that were written, so that none is written twice.
    reminder "reminder" {
    #[sea_orm(primary_key, auto_increment = false)]
    product_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    kind: String,
    #[sea_orm(primary_key, auto_increment = false)]
    part: String,
    #[sea_orm(primary_key, auto_increment = false)]
    about: ChronoDate,
    written_at: ChronoDateTimeUtc,
});

mod amendments;
mod asking;
mod clocks;
mod drafts;
mod forecasts;
mod standard_replies;
mod sums;
mod threads;

pub use amendments::amendment;
pub use asking::{answer_sent, answer_version, assignee};
pub use clocks::{passage, stretch, wait};
pub use drafts::{draft, presence};
pub use forecasts::{forecast, forecast_month, forecast_week};
pub use standard_replies::standard_reply;
pub use sums::{finish_week, flow, question_month, step_month};
pub use threads::{message, thread};
