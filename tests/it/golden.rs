//! Pages of documentation that are made from the code: compared with the files, or written anew with `UPDATE=1`.

use std::path::Path;

/// The file says what the code says.
#[track_caller]
pub fn compare(file: &str, made: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, made).unwrap();
        return;
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(written == made, "{file} is not what the code says. Look at the difference after: UPDATE=1 cargo test --test it");
}
