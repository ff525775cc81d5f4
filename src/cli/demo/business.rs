//! The sample business: Muster IT in Berlin, with the configuration and the book that its owner wrote.

use std::io;
use std::path::Path;

use crate::shell::files;

/// The configuration.
pub const CONFIGURATION: &str = include_str!("settled.toml");

/// A file of the book, by its path below `book`.
macro_rules! book {
    ($($path:literal)*) => { &[$(($path, include_str!(concat!("book/", $path)))),*] };
}

/// The files of the book.
const BOOK: &[(&str, &str)] = book! {
    "customers/albers.toml"
    "customers/becker.toml"
    "customers/harbour.toml"
    "customers/klinger.toml"
    "customers/krueger.toml"
    "customers/lumen.toml"
    "customers/morgenrot.toml"
    "customers/nordlicht.toml"
    "customers/parkphysio.toml"
    "customers/prater.toml"
    "customers/sommerfeld.toml"
    "customers/stadtgarten.toml"
    "customers/vogt.toml"
    "customers/wendt.toml"
    "recurring/albers-praxis.toml"
    "recurring/becker-lizenzen.toml"
    "recurring/becker-server.toml"
    "recurring/harbour-monitoring.toml"
    "recurring/klinger-sicherung.toml"
    "recurring/krueger-betreuung.toml"
    "recurring/lumen-hosting.toml"
    "recurring/morgenrot-kasse.toml"
    "recurring/nordlicht-portal.toml"
    "recurring/parkphysio-praxis.toml"
    "recurring/prater-shop.toml"
    "recurring/sommerfeld-buero.toml"
    "recurring/sommerfeld-tablets.toml"
    "recurring/stadtgarten-lizenz.toml"
    "recurring/vogt-heimnetz.toml"
    "recurring/wendt-betreuung.toml"
    "invoices/klinger-umzug.toml"
    "invoices/stadtgarten-schulung.toml"
};

/// Writes configuration and book into a folder.
///
/// # Errors
/// When a file cannot be written.
pub fn write(folder: &Path) -> io::Result<()> {
    let book = folder.join("book");
    for kind in ["customers", "recurring", "invoices"] {
        files::make_folder(&book.join(kind))?;
    }
    files::write(&folder.join("settled.toml"), CONFIGURATION)?;
    BOOK.iter().try_for_each(|(path, text)| files::write(&book.join(path), text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jobs::agreements::read::read_book;
    use crate::shell::config;

    #[test]
    fn the_sample_book_has_no_mistakes() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path()).unwrap();
        let loaded = config::load(&folder.path().join("settled.toml")).unwrap();
        let read = read_book(&loaded.config, "2026-06-30".parse().unwrap()).unwrap();
        assert_eq!(read.mistakes.iter().map(ToString::to_string).collect::<Vec<_>>(), [""; 0]);
        let book = &read.book;
        assert_eq!((book.customers.len(), book.contracts.len(), book.one_offs.len()), (14, 16, 2));
    }
}
