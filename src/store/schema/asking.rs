//! Versions of answers, and questions that are given to colleagues.

entity!(
    /// Every version of every answer; rows are added and never changed.
    answer_version "answer_version" {
    #[sea_orm(primary_key, auto_increment = false)]
    product_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    question: String,
    #[sea_orm(primary_key, auto_increment = false)]
    edition: i32,
    value: Option<Json>,
    remark: String,
    by_id: Uuid,
    at: ChronoDateTimeUtc,
});

entity!(
    /// Which version was sent in which round.
    answer_sent "answer_sent" {
    #[sea_orm(primary_key, auto_increment = false)]
    product_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    question: String,
    #[sea_orm(primary_key, auto_increment = false)]
    round: i32,
    edition: i32,
});

entity!(
    /// Who is asked to answer a page of questions; somebody who is invited has an address and no person.
    assignee "assignee" {
    #[sea_orm(primary_key, auto_increment = false)]
    product_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    question: String,
    section: String,
    title: String,
    person_id: Option<Uuid>,
    email: String,
    name: String,
    note: String,
    by_id: Uuid,
    by_name: String,
    at: ChronoDateTimeUtc,
});
