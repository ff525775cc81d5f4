//! What is not done with an invoice: issued, shown, held, promised, handed over, given up.

use std::path::PathBuf;

use chrono::NaiveDate;

use super::table::refusals;
use crate::dunning::NoPlan;
use crate::invoice::NotCorrected;
use crate::question::{Money, Obstacle};

refusals! {
    /// An invoice, or what is to become of it.
    DocumentRefusal {
        // Issuing.
        NotInBook { id: String }
            "{id} steht nicht im übernommenen Buch; schreiben Sie book/invoices/{id}.toml und übernehmen Sie es",
            "{id} is not in the applied book; write book/invoices/{id}.toml and apply it",
            ["apply"];
        Recurring { id: String }
            "{id} ist ein laufender Vertrag; seine Rechnungen werden von selbst gestellt",
            "{id} is a recurring contract; its invoices are issued by themselves",
            ["why", id];
        NotIssued { id: String }
            "{id} wurde nicht gestellt; warum, sagt:",
            "{id} was not issued; this says why:",
            ["why", id];
        IssuedBefore { id: String, number: String }
            "{id} wurde schon gestellt, als {number}",
            "{id} was issued before, as {number}",
            ["invoice", "show", number];
        NotReleased { contract: String, why: Box<Obstacle> }
            "{contract} wartet nicht auf eine Freigabe: {why}. Berichtigen Sie das Buch; wo, sagt:",
            "{contract} does not wait for a release: {why}. Correct the book; this names the place:",
            ["check"];

        // Showing.
        NoPdf { number: String }
            "die Bücher haben kein PDF von {number}: sie wurde woanders gestellt, oder simuliert",
            "the books hold no PDF of {number}; it was issued elsewhere, or simulated";
        NoXml { number: String }
            "{number} ging als einfaches PDF hinaus, ohne XML",
            "{number} left as a plain PDF, without XML";
        NoEInvoice { file: PathBuf }
            "{file} trägt keine E-Rechnung: es ist ein einfaches PDF. Nichts wurde geprüft",
            "{file} carries no e-invoice: it is a plain PDF. Nothing was judged";
        FileThere { file: PathBuf }
            "{file} gibt es schon; nichts wurde überschrieben",
            "{file} is there already; nothing was overwritten";

        // Holding and promising.
        HoldContract { name: String }
            "{name} ist ein Vertrag; unterbrechen oder beenden Sie ihn:",
            "{name} is a contract; pause or end it:",
            ["contract", "pause", name], ["contract", "end", name];
        ReleasePayment { name: String }
            "{name} ist eine Zahlung; ordnen Sie sie zu",
            "{name} is a payment; assign it",
            ["why", name];
        OnlyContractsSkip {}
            "nur ein Vertrag hat Zeiträume, die entfallen können",
            "only a contract has periods to skip";
        DayOver { day: NaiveDate }
            "der {day} ist vorbei; nennen Sie heute oder einen späteren Tag",
            "{day} is over; name today or a later day";
        AgreedTooLate { number: String, paid: Money }
            "von {number} sind schon {paid} bezahlt oder gutgeschrieben; ein vereinbarter Nachlass zählt nur, wo noch nichts bezahlt ist. Heben Sie zuerst die Zuordnung auf; welche, sagt:",
            "{paid} of {number} are paid or credited already; what is agreed to be taken off counts only where nothing is paid yet. Take the assignment back first; this names it:",
            ["why", number];
        AgreedPercent { percent: String }
            "{percent} % kann niemand nachlassen; nennen Sie mehr als 0 und weniger als 100",
            "nobody can take {percent} % off; name more than 0 and less than 100";
        AgreedWithNobody {}
            "nennen Sie, mit wem es vereinbart ist",
            "name with whom it was agreed";
        NotAgreed { number: String }
            "zu {number} ist kein Nachlass vereinbart",
            "nothing is agreed to be taken off {number}",
            ["why", number];

        // Contracts.
        NoContract { name: String }
            "{name} ist kein laufender Vertrag; welche es gibt, sagt:",
            "{name} is no recurring contract; this says which there are:",
            ["contract", "list"];
        ContractGone { contract: String }
            "{contract} steht nicht mehr im Buch; von ihm wird ohnehin nichts gestellt",
            "{contract} is gone from the book; nothing of it is issued anyway",
            ["why", contract];
        EndsBefore { contract: String, last_day: NaiveDate }
            "{contract} endet schon am {last_day}, so steht es im Buch",
            "{contract} ends on {last_day} already, says the book",
            ["contract", "show", contract];
        PauseTurned { from: NaiveDate, until: NaiveDate }
            "eine Pause vom {from} bis {until} hat keinen Tag; nennen Sie zuerst den früheren",
            "a pause from {from} through {until} has no day; name the earlier one first";
        NoPeriod { contract: String, day: NaiveDate }
            "{contract} hat keinen Zeitraum, in dem der {day} liegt; er beginnt später, ist beendet oder pausiert",
            "{contract} has no period with {day} in it; it begins later, is ended or paused",
            ["contract", "show", contract];
        NoPeriodLeft { contract: String }
            "{contract} hat keinen Zeitraum mehr, der auszulassen wäre",
            "{contract} has no period left to skip",
            ["contract", "show", contract];
        PeriodDone { contract: String, starts_on: NaiveDate }
            "der Zeitraum von {contract} ab {starts_on} ist schon berechnet oder ausgelassen; wer die Rechnung zurücknehmen will, storniert sie",
            "the period of {contract} from {starts_on} is invoiced or skipped already; to take the invoice back, cancel it",
            ["contract", "show", contract];
        Plan { why: NoPlan }
            "{why}",
            "{why}";

        // What is left of it.
        NothingOpen { number: String }
            "von {number} ist nichts offen",
            "nothing is open of {number}",
            ["why", number];
        PrincipalOpen { number: String, open: Money }
            "von {number} sind noch {open} offen; über die Kosten wird entschieden, wenn das bezahlt ist",
            "{open} is still open of {number}; its costs are decided when it is paid";
        NoCosts { number: String }
            "von {number} sind weder Kosten noch Zinsen offen",
            "no costs and no interest are open of {number}",
            ["why", number];
        NoLateDiscount { number: String }
            "von {number} ist nichts offen, was ein verspätetes Skonto übrig ließ",
            "nothing is open of {number} that a discount left which was taken too late",
            ["why", number];

        // Taking it back.
        NotCorrectable { number: String }
            "{number} ist keine Rechnung; stornieren und berichtigen lassen sich nur Rechnungen",
            "{number} is no invoice; only invoices are cancelled and credited";
        CancelledBefore { number: String, by: String }
            "{number} ist schon storniert, mit {by}",
            "{number} is cancelled already, by {by}",
            ["invoice", "show", by];
        FinalStands { number: String, by: String }
            "auf {number} steht die Schlussrechnung {by}; stornieren oder berichtigen Sie diese zuerst",
            "the final invoice {by} stands on {number}; cancel or credit that one first",
            ["invoice", "show", by];
        CreditedBefore { number: String }
            "{number} hat schon eine Rechnungskorrektur; berichtigen Sie, was von ihr übrig ist:",
            "{number} has a credit note already; credit what is left of it:",
            ["invoice", "credit", number, "--rest", "--reason", "…"];
        NotCredited { number: String, why: NotCorrected }
            "{number}: {why}",
            "{number}: {why}";
        NotCorrectedOnPaper { invoice: String, why: Box<Obstacle> }
            "{invoice} wurde nicht berichtigt, das Papier lässt sich nicht schreiben: {why}",
            "{invoice} was not corrected, its paper cannot be written: {why}";
        WriteoffExceedsOpen { number: String, open: Money, asked: Money }
            "von {number} sind {open} offen; {asked} lassen sich davon nicht abschreiben",
            "{open} are open of {number}; {asked} of it cannot be written off";

        // Handing over.
        Cancelled { number: String }
            "{number} ist storniert; es gibt nichts zu übergeben",
            "{number} is cancelled; there is nothing to hand over";
        NothingToHandOver { number: String }
            "von {number} ist nichts offen; es gibt nichts zu übergeben",
            "nothing is open of {number}; there is nothing to hand over";
        NoLetterYet { number: String }
            "zu {number} ging noch kein Schreiben hinaus; trotzdem übergeben:",
            "no letter was sent on {number} yet; to hand it over all the same:",
            ["handover", number, "--now"];
        LetterToCome { number: String }
            "zu {number} steht die letzte Mahnung noch aus; trotzdem übergeben:",
            "the last letter on {number} is still to come; to hand it over all the same:",
            ["handover", number, "--now"];
        DeadlineRuns { number: String, ends_on: NaiveDate }
            "die Frist der letzten Mahnung zu {number} endet am {ends_on}; trotzdem übergeben:",
            "the deadline of the last letter on {number} ends on {ends_on}; to hand it over all the same:",
            ["handover", number, "--now"];
        JustBooked { number: String }
            "auf {number} wurde gerade etwas gebucht; sagen Sie es noch einmal",
            "something was just booked on {number}; say it again";
        NotTypeset { name: String, why: Box<Obstacle> }
            "{name} wurde nicht geschrieben: {why}",
            "{name} was not written: {why}";
    }
}
