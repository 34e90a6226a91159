//! Assured: carries a product through NHS CIS2 Authentication assurance, and says whose turn it is, and by when.
//!
//! `domain` decides and does no I/O; `store` keeps; `web` shows; `worker` delivers; `document` draws and signs;
//! `backtest` measures what `domain` forecasts.

pub mod act;
pub mod agreement_paper;
pub mod app;
pub mod backtest;
pub mod clock;
pub mod config;
pub mod demo;
pub mod document;
pub mod domain;
pub mod error;
pub mod inspect;
pub mod issue;
#[path = "../migrations/mod.rs"]
pub mod migrations;
pub mod secret;
pub mod store;
pub mod web;
pub mod words;
pub mod worker;
