//! When products are likely to be assured.

entity!(
    /// What is forecast now; a product that is not in progress has none.
    forecast "forecast" {
    #[sea_orm(primary_key, auto_increment = false)]
    product_id: Uuid,
    version: i64,
    made_on: ChronoDate,
    is_move: bool,
    early: ChronoDate,
    middle: ChronoDate,
    late: ChronoDate,
    is_long: bool,
    basis: String,
    finished: i32,
    drivers: Json,
});

entity!(
    /// The first range that was shown in each week of a passage.
    forecast_week "forecast_week" {
    #[sea_orm(primary_key, auto_increment = false)]
    product_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    passage: i32,
    #[sea_orm(primary_key, auto_increment = false)]
    week: i32,
    made_on: ChronoDate,
    middle: ChronoDate,
    late: ChronoDate,
});

entity!(
    /// How often ranges held, of the products that finished in a month, by the week in which they were shown.
    forecast_month "forecast_month" {
    #[sea_orm(primary_key, auto_increment = false)]
    month: ChronoDate,
    #[sea_orm(primary_key, auto_increment = false)]
    week: i32,
    number: i64,
    by_middle: i64,
    by_late: i64,
    within: i64,
});
