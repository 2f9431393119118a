//! What a reader sees of a text. Whatever goes to people goes through [`line`] or [`lines`]: a text that somebody else wrote
//! cannot steer their terminal, turn the order of what they read, or look like a line of ours.

mod control;
mod hidden;
mod shown;
mod skeleton;

pub use control::name;
pub use hidden::hidden;
pub use shown::{line, lines};
pub use skeleton::skeleton;
