//! What the owner wrote, taken into force.

pub mod applied;
pub mod apply;
pub mod move_in;
pub mod read;
pub mod try_templates;
