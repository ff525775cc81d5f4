//! The program as its users meet it: the commands, the daemon against a real mail server, crashes at every step.

#[path = "program/bank.rs"]
mod bank;
#[path = "program/business.rs"]
mod business;
#[path = "program/by_post.rs"]
mod by_post;
#[path = "program/commands.rs"]
mod commands;
#[path = "program/daemon.rs"]
mod daemon;
#[path = "program/mail_mistakes.rs"]
mod mail_mistakes;
#[path = "program/mailbox.rs"]
mod mailbox;
#[path = "program/moving.rs"]
mod moving;
#[path = "program/papers.rs"]
mod papers;
#[path = "program/refused.rs"]
mod refused;

/// Says that a test was skipped, and why. Where everything must run (`SETTLED_TEST_REQUIRE_ALL`), that is a failure.
fn skipped(why: &str) {
    assert!(std::env::var_os("SETTLED_TEST_REQUIRE_ALL").is_none(), "nothing may be skipped here: {why}");
    println!("skipped: {why}");
}
