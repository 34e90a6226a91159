//! What people typed and did not save yet, and who has which page open.

entity!(
    /// Drafts, and posts that were kept because a log-in had run out: those have a moment until which they are kept, and
    /// the session until their person has logged in again.
    draft "draft" {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    person_id: Uuid,
    place: String,
    body: String,
    started_from: String,
    files: String,
    at: ChronoDateTimeUtc,
    kept_until: Option<ChronoDateTimeUtc>,
    session: Option<String>,
});

entity!(
    /// Who had which page open, and when last.
    presence "presence" {
    #[sea_orm(primary_key, auto_increment = false)]
    place: String,
    #[sea_orm(primary_key, auto_increment = false)]
    person_id: Uuid,
    at: ChronoDateTimeUtc,
});
