//! Sums of finished days, which reports read.

entity!(
    /// How many products were where at the end of a day.
    flow "flow" {
    #[sea_orm(primary_key, auto_increment = false)]
    day: ChronoDate,
    #[sea_orm(primary_key, auto_increment = false)]
    band: String,
    number: i64,
});

entity!(
    /// How long the waits took that came to their end in a month, and whether promises were kept.
    step_month "step_month" {
    #[sea_orm(primary_key, auto_increment = false)]
    month: ChronoDate,
    #[sea_orm(primary_key, auto_increment = false)]
    turn: String,
    #[sea_orm(primary_key, auto_increment = false)]
    topic: String,
    #[sea_orm(primary_key, auto_increment = false)]
    promise: String,
    #[sea_orm(primary_key, auto_increment = false)]
    days: i32,
    number: i64,
});

entity!(
    /// How long the ways took that came to assurance in a week, in all and by whom they waited for.
    finish_week "finish_week" {
    #[sea_orm(primary_key, auto_increment = false)]
    week: ChronoDate,
    #[sea_orm(primary_key, auto_increment = false)]
    is_move: bool,
    #[sea_orm(primary_key, auto_increment = false)]
    party: String,
    #[sea_orm(primary_key, auto_increment = false)]
    days: i32,
    number: i64,
});

entity!(
    /// How often more was asked about a question in a month, and in how many words.
    question_month "question_month" {
    #[sea_orm(primary_key, auto_increment = false)]
    month: ChronoDate,
    #[sea_orm(primary_key, auto_increment = false)]
    question: String,
    asked: i64,
    words: i64,
});
