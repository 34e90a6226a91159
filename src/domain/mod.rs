//! The core decides: pure functions over values. No clock, no database, no request, no randomness.
#![deny(missing_docs)]

pub mod account;
pub mod actor;
pub mod after;
pub mod agreement;
pub mod amendment;
pub mod answer;
pub mod assignee;
pub mod calendar;
pub mod catalogue;
pub mod certificate;
pub mod checks;
pub mod coach;
pub mod command;
pub mod condition;
pub mod decide;
pub mod demonstration;
pub mod draft;
pub mod event;
pub mod event_topic;
pub mod facts;
pub mod flow;
pub mod forecast;
pub mod interest;
pub mod live;
pub mod machine;
pub mod matter;
pub mod measure;
pub mod notice;
pub mod parse;
pub mod passage;
pub mod product;
pub mod query;
pub mod recount;
pub mod refusal;
pub mod reminder;
pub mod reply;
pub mod resumed;
pub mod reuse;
pub mod review;
pub mod section;
pub mod slot;
pub mod standard_reply;
pub mod thread;
pub mod upload;
pub mod waits;
pub mod words;
pub mod workload;

#[cfg(test)]
mod catalogue_tests;
#[cfg(test)]
mod slot_tests;
