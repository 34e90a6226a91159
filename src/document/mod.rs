//! Papers that leave the service: certificates and agreements as PDF, QR codes, and signatures that anybody can check.
//!
//! It draws and signs what it is given and knows neither store nor web. The same input gives the same bytes: dates
//! come in, and nothing reads a clock.
//!
//! | File | Holds |
//! | --- | --- |
//! | `certificate.rs` | what a certificate says, and its PDF |
//! | `agreement.rs` | a Connection Agreement to be signed, as PDF |
//! | `record.rs` | everything that was answered about a product, as PDF |
//! | `signature.rs` | Ed25519 signatures (JWS) and the public keys (JWKS) |
//! | `qr.rs` | QR codes, as SVG and as squares for a page |
//! | `page.rs` | pages of marks, and what each mark means to a screen reader |
//! | `flow.rs` | text that runs on over several pages |
//! | `paint.rs` | turns those pages into a PDF |
//! | `text.rs` | fonts, widths and line breaks |
//! | `ornament.rs` | the border and the seal |

pub mod agreement;
pub mod certificate;
mod flow;
mod ornament;
mod page;
mod paint;
pub mod qr;
pub mod record;
pub mod signature;
mod text;

pub use text::unprintable;
