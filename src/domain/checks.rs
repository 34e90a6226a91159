//! stub
use super::answer::Given;
use super::catalogue::{Acceptance, Section};
/// level
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level { /// e
 Error, /// w
 Warning }
/// finding
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding { /// q
 pub question: String, /// l
 pub level: Level, /// a
 pub acceptance: Acceptance, /// t
 pub text: String }
/// f
#[must_use]
pub fn findings(_: &Given<'_>, _: Section) -> Vec<Finding> { Vec::new() }
