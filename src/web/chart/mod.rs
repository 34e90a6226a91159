//! Small pictures of data, drawn as SVG in percent units by the templates under `templates/chart/`.
//!
//! What holds for each of them: shape and words carry the meaning, colour only helps; lengths are percent of a fixed
//! height, without a `viewBox` around words, so that nothing shrinks at 320 pixels; a picture inside a table or a list is
//! named by an `aria-label` with the whole story; the data stand beside it as words.

pub mod clock;
pub mod load;
