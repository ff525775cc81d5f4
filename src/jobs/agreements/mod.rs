//! What the owner wrote, taken into force.

pub mod applied;
pub mod apply;
pub mod dated;
pub mod move_in;
pub mod preview_papers;
pub mod read;
mod samples;
pub mod try_templates;
