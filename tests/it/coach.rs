//! The coach: measured on answers that were written for this purpose, and seen on its pages.

mod corpus;
mod measured;
mod pages;
