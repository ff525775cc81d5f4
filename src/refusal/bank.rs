//! What is not done with bank files and accounts: discarded, confirmed, shown.

use std::path::PathBuf;

use chrono::NaiveDate;

use super::table::refusals;
use crate::question::Money;

refusals! {
    /// A bank file, or an account.
    BankRefusal {
        NoReason { file: String }
            "sagen Sie, warum nichts aus der Datei fehlt",
            "say why nothing of the file is missing",
            ["bank", "discard", file, "--reason", "…"];
        NoFile { file: String }
            "keine Bankdatei {file} wartet; welche es sind:",
            "no bank file {file} waits; which do:",
            ["bank", "list"];
        NotRead { file: String, why: String }
            "{file} wurde nicht gelesen: {why}",
            "{file} was not read: {why}";

        NotThere { file: String }
            "die Datei {file} gibt es nicht; nennen Sie sie so, wie sie von hier aus liegt",
            "there is no file {file}; name it as it lies from here";
        AFolder { file: String }
            "{file} ist ein Ordner; nennen Sie die Dateien darin",
            "{file} is a folder; name the files in it";

        // What the owner confirms.
        NoStatement { account: String }
            "{account} hat noch keinen Auszug, der weitergehen könnte; lesen Sie erst einen ein",
            "{account} has no statement yet that could go on; import one first",
            ["bank", "import", "FILE"];
        Gap { account: String, after: NaiveDate }
            "die Auszüge von {account} haben eine Lücke nach dem {after}; lesen Sie erst ein, was fehlt",
            "the statements of {account} have a gap after {after}; import what is missing first",
            ["bank", "gaps"];
        NotOver { day: NaiveDate, last: NaiveDate }
            "der {day} ist noch nicht vorbei; bestätigen Sie höchstens bis {last}",
            "{day} is not over; confirm at most through {last}";
        Complete { account: String, through: NaiveDate }
            "{account} ist schon vollständig bis {through}",
            "{account} is complete up to {through} already";
        OtherBalance { account: String, day: NaiveDate, closes: Money, stated: Money, inbox: PathBuf }
            "der letzte Auszug von {account}, vom {day}, endet mit {closes}, nicht mit {stated}: seither wurde etwas gebucht. Legen Sie den neuesten Export in {inbox}",
            "the last statement of {account}, of {day}, closes with {closes}, not with {stated}: something was booked since. Drop the newest export into {inbox}";

        // What the owner says of entries that do not add up.
        NoReasonOfDifference {}
            "sagen Sie mit --reason, was der Unterschied ist",
            "say with --reason what the difference is";
        AddsUp { account: String }
            "die Buchungen von {account} gehen auf, oder Sie haben gesagt, warum nicht",
            "the entries of {account} add up, or you have said why they do not";
        OtherDifference { account: String, off: Vec<Money>, named: Money }
            "den Buchungen von {account} fehlen {off}, nicht {named}",
            "the entries of {account} are off by {off}, not by {named}",
            ["bank", "gaps"];
    }
}
