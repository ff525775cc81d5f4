//! What systemd is told: ready, alive, reloading, stopping.

use std::time::Duration;

use sd_notify::{NotifyState, notify};

/// Says that the daemon works, with one line of status.
pub fn ready(status: &str) {
    say(&[NotifyState::Ready, NotifyState::Status(status)]);
}

/// Says what the daemon does.
pub fn status(status: &str) {
    say(&[NotifyState::Status(status)]);
}

/// Says that the daemon lives.
pub fn alive() {
    say(&[NotifyState::Watchdog]);
}

/// Says that the daemon reads its configuration anew.
pub fn reloading() {
    if let Ok(now) = NotifyState::monotonic_usec_now() {
        say(&[NotifyState::Reloading, now]);
    }
}

/// Says that the daemon stops.
pub fn stopping() {
    say(&[NotifyState::Stopping]);
}

/// Returns how often systemd wants to hear that the daemon lives.
pub fn watchdog() -> Option<Duration> {
    sd_notify::watchdog_enabled()
}

/// Without systemd there is nobody to tell, which is no error.
fn say(state: &[NotifyState<'_>]) {
    let _ = notify(state);
}
