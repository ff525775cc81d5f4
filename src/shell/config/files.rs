//! Files that the configuration names, and that are not there.

use std::fs;
use std::io;
use std::path::Path;

use super::load::Loaded;
use crate::book::{Complaints, Mistake};

/// Names the files that are not there, or are not what they should be. What another user alone may see is not judged: `settled mail test`
/// tries it as the daemon would.
pub fn missing_files(loaded: &Loaded) -> Vec<Mistake> {
    let config = &loaded.config;
    let name = loaded.file.display().to_string();
    let mut complaints = Complaints::of(&name, &loaded.text, config.owner.language, []);
    for (path, file) in [
        (["business", "logo"], &config.business.logo),
        (["mail", "ca_file"], &config.mail.ca_file),
        (["mail", "password_file"], &config.mail.password_file),
    ] {
        let Some(file) = file else { continue };
        match fs::metadata(file) {
            Ok(meta) if meta.is_file() => {}
            Ok(_) => complaints.wrong(
                &path,
                (format!("{} ist keine Datei.", file.display()), format!("{} is not a file.", file.display())),
                ("Nennen Sie die Datei selbst.", "Name the file itself."),
            ),
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => not_there(&path, file, &mut complaints),
            Err(_) => {}
        }
    }
    if let Some(file) = &config.mail.ca_file
        && fs::read(file).is_ok_and(|bytes| !String::from_utf8_lossy(&bytes).contains("-----BEGIN CERTIFICATE-----"))
    {
        complaints.wrong(
            &["mail", "ca_file"],
            (
                format!("{} enthält kein Zertifikat im PEM-Format.", file.display()),
                format!("{} holds no certificate as PEM.", file.display()),
            ),
            (
                "Die Datei beginnt mit -----BEGIN CERTIFICATE-----; eine DER-Datei wandelt um: openssl x509 -inform der -in DATEI -out ca.pem",
                "The file begins with -----BEGIN CERTIFICATE-----; to convert DER: openssl x509 -inform der -in FILE -out ca.pem",
            ),
        );
    }
    complaints.into_found()
}

fn not_there(path: &[&str], file: &Path, complaints: &mut Complaints<'_>) {
    complaints.wrong(
        path,
        (format!("die Datei {} gibt es nicht.", file.display()), format!("there is no file {}.", file.display())),
        (
            "Legen Sie sie dorthin, oder berichtigen Sie den Pfad; er beginnt beim Ordner der Konfiguration.",
            "Put it there, or correct the path; it begins at the folder of the configuration.",
        ),
    );
}
