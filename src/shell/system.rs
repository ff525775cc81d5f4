//! The machine: who runs the program, and randomness where a name must be unique for ever.

/// Returns the name of the system's user, for the record of who did what.
pub fn user_name() -> String {
    let user = nix::unistd::User::from_uid(nix::unistd::getuid());
    user.ok().flatten().map_or_else(|| nix::unistd::getuid().to_string(), |user| user.name)
}

/// Returns the name of the host and the number of the process: who holds a lease.
pub fn host_and_process() -> String {
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_else(|_| "host".to_owned());
    format!("{}:{}", host.trim(), std::process::id())
}

/// Draws the key of new books: 128 bits. The one thing that chance decides; everything else derives from it.
///
/// # Errors
/// When the system has no randomness.
pub fn random_key() -> std::io::Result<String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(std::io::Error::other)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
