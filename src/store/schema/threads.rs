//! Messages between suppliers and the assurance team.

entity!(
    /// Threads of messages about products.
    thread "thread" {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    product_id: Uuid,
    subject: String,
    state: String,
    asked_on: ChronoDate,
    reply_by: Option<ChronoDate>,
    last_message: Uuid,
    last_at: ChronoDateTimeUtc,
    messages: i32,
});

entity!(
    /// The messages of threads.
    message "message" {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    thread_id: Uuid,
    side: String,
    body: String,
    by_id: Uuid,
    at: ChronoDateTimeUtc,
});
