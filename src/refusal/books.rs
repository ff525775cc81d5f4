//! What is not done with the books as a whole: opened, brought into force, paused, run.

use std::path::PathBuf;

use chrono::NaiveDate;

use super::table::{Said, refusals};
use crate::book::Mistake;
use crate::language::Language;
use crate::question::Halt;

refusals! {
    /// The books, their book of agreements, or the daemon on them.
    BooksRefusal {
        NoBooks {}
            "hier sind keine Bücher. Gab es schon welche, spielen Sie die Sicherung zurück: neue begännen ihre Nummern von vorn. Gab es noch keine, legt dieser Befehl sie an, in einem neuen Ordner:",
            "there are no books here. If there were any, restore the backup: new ones would begin their numbers anew. If there were none yet, this command makes them, in a new folder:",
            ["init"];
        NoBooksIn { path: String }
            "in {path} sind keine Bücher. Gab es schon welche, legen Sie die Sicherung der Datenbank dorthin zurück: neue begännen ihre Nummern von vorn. Gab es noch keine, legt dieser Befehl sie an, in einem neuen Ordner:",
            "there are no books in {path}. If there were any, put the backup of the database back there: new ones would begin their numbers anew. If there were none yet, this command makes them, in a new folder:",
            ["init"];
        SetUpBefore { file: PathBuf }
            "{file} gibt es schon; nichts wurde geändert. Bearbeiten Sie sie, oder nennen Sie einen anderen Ordner:",
            "{file} exists already; nothing was changed. Edit it, or name another folder:",
            ["init", "DIR"];
        NotLive {}
            "settled ist noch nicht in Betrieb",
            "settled is not live yet",
            ["golive"];
        Demo { ended_on: NaiveDate }
            "das sind die Bücher einer Demo, die am {ended_on} endete (demo_ends_on); kein Dienst arbeitet daran",
            "these are the books of a demo that ended on {ended_on} (demo_ends_on); no daemon works on them";
        Running { lock: PathBuf }
            "auf diesen Büchern läuft schon ein settled ({lock} ist vergeben); es tut die Arbeit, Befehle gehen daneben wie sonst. Soll statt seiner dieses laufen, beenden Sie erst jenes: Strg+C in seinem Fenster, als Dienst `sudo systemctl stop settled`",
            "another settled is running on these books ({lock} is taken); it does the work, and commands go beside it as ever. For this one to run instead, end that one first: Ctrl+C in its window, as a service `sudo systemctl stop settled`";
        OtherStore {}
            "paths.store ist ein anderer; das braucht einen Neustart",
            "paths.store has changed; that needs a restart";

        Rule { sentence: &'static str }
            "die Bücher nehmen das nicht an ({sentence})",
            "the books refused: {sentence}";
        SafeMode { why: Halt }
            "abgesicherter Betrieb: {why}",
            "safe mode: {why}";
        ClockInDoubt { why: Halt }
            "{why}",
            "{why}";

        // The book.
        BookWrong {}
            "das Buch hat Fehler; nichts wurde geändert",
            "the book has mistakes; nothing was changed",
            ["check"];
        FileChanged { file: String }
            "book/{file} hat sich geändert, während das Buch übernommen wurde; nichts wurde geändert. Noch einmal:",
            "book/{file} changed while the book was applied; nothing was changed. Once more:",
            ["apply"];
        Mistakes { mistakes: Vec<Mistake> }
            "{mistakes}",
            "{mistakes}";
        NotApplied {}
            "das Buch hat Änderungen, die nicht übernommen sind",
            "the book has changes that are not applied",
            ["apply"];

        // Pauses.
        DayOver { day: NaiveDate }
            "der {day} ist vorbei; nennen Sie heute oder einen späteren Tag",
            "{day} is over; name today or a later day";
        DunningNotPaused {}
            "das Mahnen ist nicht angehalten",
            "dunning is not paused";
        IssuingNotPaused {}
            "das Stellen von Rechnungen ist nicht angehalten",
            "issuing is not paused";
        NobodyDoubts {}
            "niemand zweifelt an der Uhr",
            "nobody doubts the clock";

        // Simulations.
        EventWithoutFile { file: String, folder: PathBuf }
            "die Ereignisse nennen {file}, das nicht in {folder} liegt",
            "the events name {file}, which is not in {folder}";
    }
}

/// Mistakes are told in the language in which they were found: the owner's.
impl Said for Vec<Mistake> {
    fn said(&self, _: Language) -> String {
        self.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    }
}
