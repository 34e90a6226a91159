//! Texts that reviewers start from.

entity!(
    /// Standard replies.
    standard_reply "standard_reply" {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    question: Option<String>,
    body: String,
    uses: i32,
    by_id: Uuid,
    by_name: String,
    added_at: ChronoDateTimeUtc,
    retired_at: Option<ChronoDateTimeUtc>,
});
