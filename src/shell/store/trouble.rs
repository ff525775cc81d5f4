//! What is wrong with the database itself: it is not there, does not let us in, does not let us write, or is none of ours. Each says what now,
//! in the owner's language.

use std::error::Error as _;
use std::io;

use crate::language::Language;

/// What is wrong with the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// There is no server of this name.
    HostUnknown,
    /// Nobody answers there: the server is stopped, or host or port are wrong.
    NotReached,
    /// The server starts, stops, or was cut off.
    Interrupted,
    /// The server has no room for another connection.
    TooMany,
    /// The user or the password is wrong.
    LoginRefused,
    /// The server has no database of this name.
    NoDatabase,
    /// The user may not do this in the database.
    NotAllowed,
    /// Nothing may be written.
    ReadOnly,
    /// The disk is full.
    Full,
    /// The disk fails.
    DiskFails,
    /// The file cannot be opened.
    CannotOpen,
    /// The file is no database.
    NoDatabaseFile,
    /// The file of the database is damaged.
    Corrupt,
    /// The database is another program's.
    Foreign,
}

impl Trouble {
    /// Finds out what is wrong; nothing where it is not the database itself.
    #[expect(clippy::wildcard_enum_match_arm, reason = "all else that the driver says is about a statement")]
    pub(super) fn of(error: &sqlx::Error) -> Option<Trouble> {
        match error {
            sqlx::Error::Io(cause) => Some(of_network(cause)),
            sqlx::Error::Tls(_) => Some(Trouble::NotReached),
            sqlx::Error::WorkerCrashed | sqlx::Error::PoolClosed => Some(Trouble::Interrupted),
            sqlx::Error::Database(database) => {
                let code = database.code()?;
                match code.parse::<u32>() {
                    // SQLite's numbers are smaller than the codes of PostgreSQL are long, and the reason is in the last byte.
                    Ok(number) if code.len() < 5 => of_sqlite(number & 0xff),
                    _ => of_postgres(&code),
                }
            }
            _ => error.source().and_then(|cause| cause.downcast_ref()).map(of_network),
        }
    }

    /// Tells whether the configuration names the wrong database, and no waiting helps.
    pub const fn is_of_configuration(self) -> bool {
        matches!(self, Trouble::Foreign | Trouble::NoDatabaseFile)
    }

    /// Says what is wrong, as a sentence.
    pub fn words(self, language: Language) -> &'static str {
        let (german, english) = match self {
            Trouble::HostUnknown => ("einen Server dieses Namens gibt es nicht.", "there is no server of this name."),
            Trouble::NotReached => ("der Datenbankserver antwortet nicht.", "the database server does not answer."),
            Trouble::Interrupted => (
                "der Datenbankserver fährt gerade hoch oder herunter, oder die Verbindung riss ab.",
                "the database server is starting or stopping, or the connection broke.",
            ),
            Trouble::TooMany => (
                "der Datenbankserver nimmt keine weitere Verbindung an.",
                "the database server takes no further connection.",
            ),
            Trouble::LoginRefused => (
                "der Datenbankserver nimmt Benutzer oder Kennwort nicht an.",
                "the database server does not take the user or the password.",
            ),
            Trouble::NoDatabase => (
                "eine Datenbank dieses Namens gibt es auf dem Server nicht.",
                "the server has no database of this name.",
            ),
            Trouble::NotAllowed => {
                ("der Benutzer darf das in dieser Datenbank nicht.", "the user may not do this in the database.")
            }
            Trouble::ReadOnly => ("in die Bücher kann nicht geschrieben werden.", "the books cannot be written to."),
            Trouble::Full => ("der Datenträger der Bücher ist voll.", "the disk with the books is full."),
            Trouble::DiskFails => {
                ("der Datenträger der Bücher meldet Fehler.", "the disk with the books reports errors.")
            }
            Trouble::CannotOpen => ("die Bücher können nicht geöffnet werden.", "the books cannot be opened."),
            Trouble::NoDatabaseFile => ("diese Datei ist keine Datenbank.", "this file is no database."),
            Trouble::Corrupt => ("die Datei der Bücher ist beschädigt.", "the file with the books is damaged."),
            Trouble::Foreign => {
                ("diese Datenbank gehört einem anderen Programm.", "this database belongs to another program.")
            }
        };
        language.say(german, english)
    }

    /// Says what to do now.
    pub fn advice(self, language: Language) -> &'static str {
        let (german, english) = match self {
            Trouble::HostUnknown => {
                ("Berichtigen Sie den Namen in `store` unter [paths].", "Correct the name in `store` under [paths].")
            }
            Trouble::NotReached => (
                "Läuft er? sudo systemctl status postgresql. Sonst berichtigen Sie Name und Port in `store` unter [paths]. Verloren ist nichts; \
                 der Dienst macht weiter, sobald er antwortet.",
                "Does it run? sudo systemctl status postgresql. Else correct host and port in `store` under [paths]. Nothing is lost; the \
                 service goes on as soon as it answers.",
            ),
            Trouble::Interrupted => (
                "Versuchen Sie es gleich noch einmal; der Dienst macht von selbst weiter.",
                "Try again in a moment; the service goes on by itself.",
            ),
            Trouble::TooMany => (
                "Beenden Sie andere Programme darauf, oder erhöhen Sie max_connections in postgresql.conf.",
                "End other programs on it, or raise max_connections in postgresql.conf.",
            ),
            Trouble::LoginRefused => (
                "Berichtigen Sie Benutzer und Kennwort in `store` unter [paths] (postgres://BENUTZER:KENNWORT@HOST/DATENBANK), oder pg_hba.conf \
                 auf dem Server.",
                "Correct user and password in `store` under [paths] (postgres://USER:PASSWORD@HOST/DATABASE), or pg_hba.conf on the server.",
            ),
            Trouble::NoDatabase => (
                "Berichtigen Sie den Namen in `store` unter [paths], oder legen Sie sie an: sudo -u postgres createdb --owner BENUTZER NAME",
                "Correct the name in `store` under [paths], or make it: sudo -u postgres createdb --owner USER NAME",
            ),
            Trouble::NotAllowed => (
                "Machen Sie ihn zu ihrem Eigentümer: sudo -u postgres psql -c 'alter database NAME owner to BENUTZER'",
                "Make the user its owner: sudo -u postgres psql -c 'alter database NAME owner to USER'",
            ),
            Trouble::ReadOnly => (
                "Bei einer Datei: wer den Befehl gibt, muss sie und ihren Ordner schreiben dürfen (ls -l), und das Dateisystem darf nicht \
                 schreibgeschützt sein. Bei PostgreSQL: default_transaction_read_only muss off sein, und der Server kein Standby. Verloren ist \
                 nichts.",
                "With a file: who runs the command must be allowed to write it and its folder (ls -l), and the file system must not be \
                 read-only. With PostgreSQL: default_transaction_read_only must be off, and the server no standby. Nothing is lost.",
            ),
            Trouble::Full => (
                "Schaffen Sie Platz (df -h). Verloren ist nichts: was nicht mehr passte, wird ganz noch einmal getan.",
                "Make room (df -h). Nothing is lost: what did not fit is done again as a whole.",
            ),
            Trouble::DiskFails => (
                "Sehen Sie ins Protokoll des Systems (journalctl -k), und kopieren Sie die Bücher, solange es geht.",
                "Look into the system's log (journalctl -k), and copy the books while that is possible.",
            ),
            Trouble::CannotOpen => (
                "Der Ordner muss da sein, und wer den Befehl gibt, muss ihn und die Datei schreiben dürfen (ls -l); der Benutzer des Dienstes darf \
                 es: sudo -u settled. Den Pfad nennt `store` unter [paths].",
                "Its folder must be there, and who runs the command must be allowed to write it and the file (ls -l); the service's user is: \
                 sudo -u settled. The path is `store` under [paths].",
            ),
            Trouble::NoDatabaseFile => (
                "Berichtigen Sie `store` unter [paths], oder stellen Sie die Bücher aus einer Sicherung wieder her. Die Datei wurde nicht \
                 verändert.",
                "Correct `store` under [paths], or restore the books from a backup. The file was not changed.",
            ),
            Trouble::Corrupt => (
                "Halten Sie den Dienst an, heben Sie die Datei auf, und stellen Sie die Bücher aus einer Sicherung wieder her; was seitdem \
                 hinausging, steht im Journal der vergebenen Nummern, und nichts geht zweimal hinaus.",
                "Stop the service, keep the file, and restore the books from a backup; what left since then stands in the journal of issued \
                 numbers, and nothing leaves twice.",
            ),
            Trouble::Foreign => (
                "Geben Sie settled eine eigene Datenbank (`store` unter [paths]). Es wurde nichts darin verändert.",
                "Give settled a database of its own (`store` under [paths]). Nothing in it was changed.",
            ),
        };
        language.say(german, english)
    }
}

fn of_network(cause: &io::Error) -> Trouble {
    // The resolver's failure has no kind of its own.
    if cause.to_string().contains("failed to lookup address information") {
        return Trouble::HostUnknown;
    }
    let is_cut = matches!(
        cause.kind(),
        io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe
    );
    if is_cut { Trouble::Interrupted } else { Trouble::NotReached }
}

/// SQLite's primary result codes.
const fn of_sqlite(code: u32) -> Option<Trouble> {
    Some(match code {
        8 => Trouble::ReadOnly,
        10 => Trouble::DiskFails,
        11 => Trouble::Corrupt,
        13 => Trouble::Full,
        14 => Trouble::CannotOpen,
        26 => Trouble::NoDatabaseFile,
        _ => return None,
    })
}

/// PostgreSQL's SQLSTATE (appendix A of its manual).
fn of_postgres(code: &str) -> Option<Trouble> {
    Some(match code {
        "28P01" | "28000" => Trouble::LoginRefused,
        "3D000" => Trouble::NoDatabase,
        "42501" => Trouble::NotAllowed,
        "25006" => Trouble::ReadOnly,
        "53100" => Trouble::Full,
        "53300" => Trouble::TooMany,
        "58030" => Trouble::DiskFails,
        "57P01" | "57P02" | "57P03" => Trouble::Interrupted,
        "XX001" | "XX002" => Trouble::Corrupt,
        _ if code.starts_with("08") => Trouble::Interrupted,
        _ => return None,
    })
}
