//! The ways of products to assurance: passages, stretches and waits.

entity!(
    /// Ways to assurance; the last of a product may be under way.
    passage "passage" {
    #[sea_orm(primary_key, auto_increment = false)]
    product_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    number: i32,
    is_move: bool,
    started_on: ChronoDate,
    counted_to: ChronoDate,
    supplier_days: i32,
    team_days: i32,
    nobody_days: i32,
    held_days: i32,
    ended: Option<String>,
    ended_on: Option<ChronoDate>,
    clock_from: ChronoDate,
    party: Option<String>,
    topic: Option<String>,
});

entity!(
    /// Days on which a passage waited for the same party and the same thing first.
    stretch "stretch" {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    product_id: Uuid,
    passage: i32,
    party: String,
    topic: Option<String>,
    from_on: ChronoDate,
    until_on: Option<ChronoDate>,
});

entity!(
    /// Everything that was or is waited for, with what was promised.
    wait "wait" {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    product_id: Uuid,
    turn: String,
    topic: String,
    section: Option<String>,
    from_on: ChronoDate,
    until_on: Option<ChronoDate>,
    promised: Option<ChronoDate>,
    due: Option<ChronoDate>,
    outcome: Option<String>,
});
