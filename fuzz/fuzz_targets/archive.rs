//! Any bytes as a ZIP archive: nothing panics, and whatever its directory says, no more is listed and unpacked than the limits allow.

#![no_main]

use std::io::{Cursor, Read};

use libfuzzer_sys::fuzz_target;
use settled::statement::{ArchiveLimits, members, read_member};

/// Limits that small inputs can reach.
const LIMITS: ArchiveLimits = ArchiveLimits { members: 8, unpacked: 3 << 20, ratio: 20 };

fuzz_target!(|bytes: &[u8]| {
    let Ok(found) = members(Cursor::new(bytes), LIMITS) else { return };
    assert!(found.len() <= LIMITS.members);
    assert!(found.iter().map(|member| member.size).sum::<u64>() <= LIMITS.unpacked);
    let mut unpacked = 0;
    for member in &found {
        assert!(!member.name.contains(|c: char| c.is_control()), "names are shown: {:?}", member.name);
        let read = read_member(Cursor::new(bytes), member, &mut |content| count(content));
        let (count, _) = read.unwrap_or_default();
        // One byte more tells that the member is longer than it said.
        assert!(count <= member.size + 1);
        unpacked += count;
    }
    assert!(unpacked <= LIMITS.unpacked + LIMITS.members as u64);
});

/// How many bytes come, and whether they end well.
fn count(content: &mut dyn Read) -> (u64, bool) {
    let mut buffer = [0; 8192];
    let mut count = 0;
    loop {
        match content.read(&mut buffer) {
            Ok(0) => return (count, true),
            Ok(read) => count += read as u64,
            Err(_) => return (count, false),
        }
    }
}
