//! The core decides: pure functions over values. No clock, no database, no request, no randomness.
#![deny(missing_docs)]

pub mod account;
pub mod actor;
pub mod after;
pub mod answer;
pub mod calendar;
pub mod catalogue;
pub mod checks;
pub mod command;
pub mod decide;
pub mod event;
pub mod facts;
pub mod machine;
pub mod notice;
pub mod parse;
pub mod product;
pub mod refusal;
pub mod section;
pub mod words;

#[cfg(test)]
mod catalogue_tests;
