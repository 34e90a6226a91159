//! Proves the service from outside: rules, store, mail, pages and the house itself, each test with a database of its own.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::large_futures,
    clippy::print_stdout,
    clippy::missing_panics_doc,
    clippy::must_use_candidate
)]
// Tests make their own actors and identifiers.
#![allow(clippy::disallowed_methods)]

// Templates of tests use the macros of pages, which name this module.
use assured::web;

mod access;
mod agreement_issuing;
mod agreements;
mod assignees;
mod assurance;
mod assured_journey;
mod background_checks;
mod booked;
mod bookings;
mod calendar;
mod calendar_file;
mod certificates;
mod clocks;
mod coach;
mod components;
mod conflicts;
mod crash;
mod dates;
mod docs;
mod documents;
mod drafts;
mod edges;
mod exports;
mod forecast;
mod forecasting;
mod golden;
mod help;
mod history;
mod hostile_files;
mod house;
mod http_client;
mod input;
mod interests;
mod issuing;
mod journey;
mod kept;
mod killed_mail;
mod letters;
mod letters_assurance;
mod letters_demonstration;
mod live;
mod messages;
mod migrations;
mod model;
mod next;
mod notifications;
mod outbox;
mod pack;
mod packing;
mod page;
mod pdf_files;
mod presences;
mod presses;
mod promises;
mod queries;
mod queue;
mod races;
mod remind;
mod reminders;
mod replies;
mod reports;
mod reuse;
mod reuse_files;
mod run_sheet;
mod search;
mod second;
mod second_edges;
mod sequences;
mod sheet_files;
mod signing;
mod standard_replies;
mod steps;
mod store;
mod support;
mod test_outcome;
mod verdicts;
mod versions;
mod views;
mod weeks;
mod working_days;
mod workload;
