//! Whether a file that was named at the command line can be read at all.

use std::io::ErrorKind;
use std::path::Path;

use crate::refusal::BankRefusal;
use crate::shell::{dropfolder, files};

/// Says why nothing can be read under a name: then no payment can be in it that is known of, and there is nothing to keep.
pub(super) fn out_of_reach(path: &Path) -> Option<BankRefusal> {
    let cause = dropfolder::open(path).err()?;
    let file = dropfolder::shown(path.as_os_str());
    Some(if cause.kind() == ErrorKind::NotFound {
        BankRefusal::NotThere { file }
    } else if files::is_folder(path) {
        BankRefusal::AFolder { file }
    } else {
        BankRefusal::NotRead { file, why: cause.to_string() }
    })
}
