//! What the rule of a place says about a file, by its name and size alone.

use super::catalogue::FileRule;

/// The ending of a name in lower case; `jpeg` counts as `jpg`.
#[must_use]
pub fn ending(name: &str) -> String {
    let ending = name.rsplit_once('.').map(|(_, e)| e.to_lowercase()).unwrap_or_default();
    if ending == "jpeg" { "jpg".to_owned() } else { ending }
}

impl FileRule {
    /// Largest size of one file, in bytes.
    #[must_use]
    pub fn max_bytes(&self) -> u64 {
        u64::from(self.max_mb) * 1024 * 1024
    }

    /// Whether a file of this name and so many bytes may be here.
    ///
    /// # Errors
    /// The sentence to show beside the field.
    pub fn admits(&self, name: &str, bytes: u64) -> Result<(), String> {
        if bytes > self.max_bytes() {
            return Err(self.too_large());
        }
        if bytes == 0 {
            return Err("The selected file is empty".to_owned());
        }
        if self.kinds.contains(&ending(name)) { Ok(()) } else { Err(self.must_be()) }
    }

    /// "The selected file must be smaller than 20MB".
    #[must_use]
    pub fn too_large(&self) -> String {
        format!("The selected file must be smaller than {}MB", self.max_mb)
    }

    /// "The selected file must be a PDF, PNG or JPG".
    #[must_use]
    pub fn must_be(&self) -> String {
        let kinds: Vec<String> = self.kinds.iter().map(|k| k.to_uppercase()).collect();
        match kinds.split_last() {
            Some((last, rest)) if !rest.is_empty() => format!("The selected file must be a {} or {last}", rest.join(", ")),
            Some((only, _)) => format!("The selected file must be a {only}"),
            None => "This question takes no files".to_owned(),
        }
    }

    /// "You can only add up to 3 files to this answer".
    #[must_use]
    pub fn too_many(&self) -> String {
        format!("You can only add up to {} to this answer", crate::words::counted(self.max_files as usize, "file"))
    }
}
