//! Proves the service from outside: rules, store, mail, pages and the house itself, each test with a database of its own.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::missing_panics_doc,
    clippy::must_use_candidate
)]
// Tests make their own actors and identifiers.
#![allow(clippy::disallowed_methods)]

mod access;
mod calendar;
mod crash;
mod docs;
mod edges;
mod golden;
mod house;
mod http_client;
mod input;
mod journey;
mod letters;
mod migrations;
mod model;
mod outbox;
mod page;
mod presses;
mod queries;
mod races;
mod sequences;
mod store;
mod support;
