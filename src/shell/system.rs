//! The machine: who runs the program, and randomness where a name must be unique for ever.

use std::ffi::CString;
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use nix::unistd::{Gid, Uid, User};

/// Returns the name of the system's user, for the record of who did what.
pub fn user_name() -> String {
    let user = User::from_uid(nix::unistd::getuid());
    user.ok().flatten().map_or_else(|| nix::unistd::getuid().to_string(), |user| user.name)
}

/// Goes on as the user to whom a folder belongs, where root runs the program: what it sees then is what the daemon sees. Returns that user's
/// name where it is another one, whether the program may become it or not.
///
/// # Errors
/// When the system refuses.
pub fn become_owner_of(folder: &Path) -> io::Result<Option<String>> {
    let Ok(found) = fs::metadata(folder) else { return Ok(None) };
    let (owner, own) = (Uid::from_raw(found.uid()), nix::unistd::geteuid());
    // Books that root made are root's to work on.
    if owner == own || owner.is_root() {
        return Ok(None);
    }
    let user = User::from_uid(owner)?;
    let name = user.as_ref().map_or_else(|| owner.to_string(), |user| user.name.clone());
    if own.is_root() {
        match user {
            Some(user) => {
                let name = CString::new(user.name).map_err(io::Error::other)?;
                nix::unistd::initgroups(&name, user.gid)?;
                nix::unistd::setgid(user.gid)?;
            }
            None => nix::unistd::setgid(Gid::from_raw(found.gid()))?,
        }
        nix::unistd::setuid(owner)?;
    }
    Ok(Some(name))
}

/// Returns the name of the host and the number of the process: who holds a lease.
pub fn host_and_process() -> String {
    let host = fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_else(|_| "host".to_owned());
    format!("{}:{}", host.trim(), std::process::id())
}

/// Draws the key of new books: 128 bits. The one thing that chance decides; everything else derives from it.
///
/// # Errors
/// When the system has no randomness.
pub fn random_key() -> io::Result<String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
