//! The only door to the world: clock, files, database, network, processes.
//!
//! Its modules do not know each other and decide nothing about the business; only jobs, daemon and command line call them.

pub mod clock;
pub mod config;
pub mod crash;
pub mod dropfolder;
pub mod files;
pub mod heartbeat;
pub mod issue_journal;
pub mod lock;
pub mod notify;
pub mod render;
pub mod secrets;
pub mod smtp;
pub mod store;
pub mod system;
