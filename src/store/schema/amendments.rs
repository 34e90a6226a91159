//! The calendar of working days.

entity!(
    /// Changes of the calendar by administrators.
    amendment "amendment" {
    #[sea_orm(primary_key, auto_increment = false)]
    number: i32,
    day: ChronoDate,
    act: String,
    kind: String,
    name: String,
    reason: String,
    by_id: Uuid,
    by_name: String,
    at: ChronoDateTimeUtc,
});
