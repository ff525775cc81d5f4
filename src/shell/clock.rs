//! The clock: the one place that asks what time it is.

use std::sync::{Arc, Mutex};

use chrono::{DateTime, SubsecRound, Utc};

/// What time it is: the system's, or one that a simulation sets.
#[derive(Debug, Clone)]
pub enum Clock {
    /// The system's clock.
    System,
    /// A time that stands still until it is set.
    Virtual(Arc<Mutex<DateTime<Utc>>>),
}

impl Clock {
    /// Makes a clock that stands at an instant.
    pub fn at(instant: DateTime<Utc>) -> Clock {
        Clock::Virtual(Arc::new(Mutex::new(instant)))
    }

    /// Returns the present instant, in whole seconds: both databases keep those alike.
    pub fn now(&self) -> DateTime<Utc> {
        match self {
            #[expect(clippy::disallowed_methods, reason = "this is the one place")]
            Clock::System => Utc::now().trunc_subsecs(0),
            Clock::Virtual(time) => *time.lock().expect("setting a time does not panic"),
        }
    }

    /// Sets a virtual clock; the system's clock is not ours to set.
    pub fn set(&self, instant: DateTime<Utc>) {
        if let Clock::Virtual(time) = self {
            *time.lock().expect("setting a time does not panic") = instant;
        }
    }
}
