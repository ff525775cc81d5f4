//! A program that ends in the midst of its work, as by a power failure: how tests learn what a crash does. Nothing of it is in a
//! release.

/// Ends the program, without any farewell, at the point whose number `SETTLED_CRASH_AT` says; points are counted from 1 as they
/// are passed.
#[cfg(debug_assertions)]
pub fn point(name: &str) {
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU32, Ordering};

    static PASSED: AtomicU32 = AtomicU32::new(0);
    static AT: OnceLock<Option<u32>> = OnceLock::new();
    let passed = PASSED.fetch_add(1, Ordering::Relaxed) + 1;
    if *AT.get_or_init(|| std::env::var("SETTLED_CRASH_AT").ok()?.parse().ok()) == Some(passed) {
        eprintln!("crash point {passed}: {name}");
        let _ = nix::sys::signal::raise(nix::sys::signal::Signal::SIGKILL);
    }
}

/// Does nothing.
#[cfg(not(debug_assertions))]
pub fn point(_: &str) {}
