//! QR codes (ISO/IEC 18004): as a picture for pages of the service, and as squares for a printed page.

use anyhow::anyhow;
use qrcodegen::{QrCode, QrCodeEcc};

/// White squares around a code that readers need (ISO/IEC 18004, 6.3.8).
pub const QUIET: usize = 4;

/// The squares of the code of a text, row by row; `true` is dark. It can be read with 15% of it damaged. A text of
/// more than about 2,300 bytes has no code.
pub fn modules(text: &str) -> anyhow::Result<Vec<Vec<bool>>> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).map_err(|e| anyhow!("The text is too long for a QR code: {e}"))?;
    let side = code.size();
    Ok((0..side).map(|y| (0..side).map(|x| code.get_module(x, y)).collect()).collect())
}

/// The dark parts of the code as upright rectangles one square high: left, top and length in squares.
#[must_use]
pub fn runs(modules: &[Vec<bool>]) -> Vec<(usize, usize, usize)> {
    let mut runs: Vec<(usize, usize, usize)> = Vec::new();
    for (y, row) in modules.iter().enumerate() {
        for (x, _) in row.iter().enumerate().filter(|(_, dark)| **dark) {
            match runs.last_mut() {
                Some((left, top, length)) if *top == y && *left + *length == x => *length += 1,
                _ => runs.push((x, y, 1)),
            }
        }
    }
    runs
}

/// The code of a text as an SVG picture for a page, with a title for those who do not see it. Black on white in every
/// colour scheme, since readers need that. It has no style of its own: the page's class `app-qr` sets its size.
pub fn svg(text: &str, title: &str) -> anyhow::Result<String> {
    let modules = modules(text)?;
    let side = modules.len() + 2 * QUIET;
    let path: Vec<String> =
        runs(&modules).iter().map(|(x, y, length)| format!("M{} {}h{length}v1h-{length}z", x + QUIET, y + QUIET)).collect();
    let path = path.concat();
    let title = escaped(title);
    Ok(format!(
        "<svg class=\"app-qr\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" width=\"200\" height=\"200\" \
         role=\"img\" aria-label=\"{title}\" shape-rendering=\"crispEdges\"><title>{title}</title>\
         <path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/><path fill=\"#000\" d=\"{path}\"/></svg>"
    ))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}
