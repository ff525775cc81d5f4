//! What is not done with a quote and what was ordered by it (rule K12).

use chrono::NaiveDate;

use super::table::refusals;
use crate::invoice::DraftError;
use crate::question::{Money, Obstacle};

refusals! {
    /// About a quote, or what was ordered by it.
    QuoteRefusal {
        // The quote.
        QuoteAlreadySent { quote: String, number: String }
            "{quote} ging schon hinaus, als {number}",
            "{quote} was sent before, as {number}",
            ["quote", "show", quote];
        QuoteNotSent { quote: String }
            "{quote} ging noch nicht hinaus; zuerst:",
            "{quote} was not sent yet; first:",
            ["quote", "send", quote];
        QuoteDraft { quote: String }
            "{quote} ging noch nicht hinaus; ändern Sie `valid_until` in book/quotes/, und übernehmen Sie es",
            "{quote} was not sent yet; change `valid_until` in book/quotes/ and apply it",
            ["apply"];
        QuoteOver { quote: String, valid_until: NaiveDate }
            "{quote} gilt nur bis zum {valid_until}, und der ist vorbei; ändern Sie `valid_until` in book/quotes/, und übernehmen Sie es",
            "{quote} is valid until {valid_until} only, which is over; change `valid_until` in book/quotes/ and apply it",
            ["apply"];
        QuoteAlreadyAccepted { quote: String, on: NaiveDate }
            "{quote} ist seit dem {on} angenommen",
            "{quote} was accepted on {on}",
            ["quote", "show", quote];
        QuoteAccepted { quote: String, on: NaiveDate }
            "{quote} ist seit dem {on} angenommen; es gilt ohne Frist",
            "{quote} was accepted on {on}; it holds without a last day",
            ["quote", "show", quote];
        QuoteExpired { quote: String, valid_until: NaiveDate, until: NaiveDate }
            "{quote} galt bis zum {valid_until}; eine spätere Zusage ist ein neuer Antrag (§ 150 Abs. 1 BGB). Wenn Sie ihn annehmen wollen, verlängern Sie zuerst:",
            "{quote} was valid until {valid_until}; a later yes is a new offer (§ 150 (1) BGB). To take it, extend the quote first:",
            ["quote", "extend", quote, "--until", until];
        QuoteDeclined { quote: String, on: NaiveDate }
            "{quote} wurde am {on} abgelehnt; ein neues daraus:",
            "{quote} was declined on {on}; a new one of it:",
            ["quote", "new", "--from", quote];
        QuoteNotAccepted { quote: String }
            "{quote} ist noch nicht angenommen; wenn doch:",
            "{quote} is not accepted yet; if it is:",
            ["quote", "accept", quote];
        DayNotLater { quote: String, valid_until: NaiveDate }
            "{quote} gilt schon bis zum {valid_until}; nennen Sie einen späteren Tag, heute oder danach",
            "{quote} is valid until {valid_until} already; name a later day, today or after";

        // What is chosen of it.
        AlternativeConflict { quote: String, position: String, chosen: Vec<String> }
            "{chosen} treten alle an die Stelle von {position}; wählen Sie eine davon",
            "{chosen} all take the place of {position}; choose one of them",
            ["quote", "show", quote];
        NotToChoose { quote: String, position: String }
            "{position} ist keine Position von {quote}, die sich wählen lässt",
            "{position} is no position of {quote} that can be chosen",
            ["quote", "show", quote];
        NoPosition { quote: String, position: String }
            "eine Position {position} wurde mit {quote} nicht bestellt",
            "no position {position} was ordered by {quote}",
            ["quote", "show", quote];

        // What was ordered.
        AlreadyInvoiced { quote: String, number: String }
            "{quote} ist abgerechnet, mit {number}",
            "{quote} is invoiced, by {number}",
            ["quote", "show", quote];
        AlreadyConfirmed { quote: String, number: String }
            "{quote} ist bestätigt, mit {number}",
            "{quote} is confirmed, by {number}",
            ["quote", "show", quote];
        AmountNotPositive {}
            "das wäre eine Rechnung über nichts; nennen Sie mehr als null",
            "that would be an invoice over nothing; name more than zero";
        DepositExceedsWhole { quote: String, left: Money }
            "mit dem, was schon berechnet ist, wäre es mehr als der ganze Auftrag {quote}; ohne USt. sind noch {left} übrig",
            "with what is invoiced already it would be more than all of {quote}; {left} without VAT are left",
            ["quote", "show", quote];
        QuantityExceedsOrder { quote: String, position: String, left: String }
            "von {position} sind nur noch {left} bestellt und nicht berechnet; wurde mehr geliefert, sagt es die Schlussrechnung",
            "only {left} of {position} are ordered and not invoiced; where more was delivered, the final invoice says so",
            ["quote", "show", quote];
        UseFinal { quote: String }
            "zu {quote} gibt es schon Anzahlungen oder Teilrechnungen; die Schlussrechnung zieht sie ab:",
            "deposits or partial invoices of {quote} stand already; the final invoice deducts them:",
            ["quote", "final", quote];
        DepositOpen { quote: String, deposits: Vec<String> }
            "noch nicht ganz bezahlt: {deposits}. Zahlt der Kunde das noch, so bleibt es offen und wird ganz abgezogen (keep); sonst wird zurückgenommen, was offen ist, und abgezogen, was bezahlt wurde (credit):",
            "not paid in full yet: {deposits}. If the customer still pays that, it stays open and is deducted in full (keep); else what is open is taken back, and what was paid is deducted (credit):",
            ["quote", "final", quote, "--open-deposits", "keep"],
            ["quote", "final", quote, "--open-deposits", "credit"];
        FinalNegative { quote: String, less: Money }
            "die Schlussrechnung käme auf {less}; eine Rechnung unter null versteht niemand. Mindern Sie zuerst eine Anzahlung",
            "the final invoice would come to {less}; nobody understands an invoice below zero. Credit a deposit first",
            ["quote", "show", quote];
        NotReckoned { quote: String, why: DraftError }
            "{quote} lässt sich nicht berechnen: {why}",
            "{quote} cannot be reckoned: {why}",
            ["check"];

        // Which quote.
        NoQuote { name: String }
            "kein übernommenes Angebot heißt {name}; welche es gibt:",
            "no quote in the applied book is named {name}; which there are:",
            ["quote", "list"];
        Vanished { quote: String }
            "{quote} steht nicht mehr im Buch; legen Sie die Datei zurück, und übernehmen Sie es",
            "{quote} is not in the book any more; put its file back and apply it",
            ["apply"];
        NotWritten { quote: String, why: Box<Obstacle> }
            "das Papier zu {quote} lässt sich nicht schreiben: {why}",
            "the paper of {quote} cannot be written: {why}";
        FileThere { file: String }
            "{file} gibt es schon; nichts wurde überschrieben",
            "{file} is there already; nothing was overwritten";
    }
}

impl QuoteRefusal {
    /// Returns the reason code of rule K12; nothing for what the rule does not name.
    pub const fn code(&self) -> Option<&'static str> {
        Some(match self {
            QuoteRefusal::QuoteAlreadySent { .. } => "quote_already_sent",
            QuoteRefusal::QuoteNotSent { .. } => "quote_not_sent",
            QuoteRefusal::QuoteDraft { .. } => "quote_draft",
            QuoteRefusal::QuoteAlreadyAccepted { .. } => "quote_already_accepted",
            QuoteRefusal::QuoteAccepted { .. } => "quote_accepted",
            QuoteRefusal::QuoteExpired { .. } => "quote_expired",
            QuoteRefusal::QuoteDeclined { .. } => "quote_declined",
            QuoteRefusal::QuoteNotAccepted { .. } => "quote_not_accepted",
            QuoteRefusal::AlternativeConflict { .. } => "alternative_conflict",
            QuoteRefusal::AlreadyInvoiced { .. } => "already_invoiced",
            QuoteRefusal::AlreadyConfirmed { .. } => "already_confirmed",
            QuoteRefusal::AmountNotPositive {} => "amount_not_positive",
            QuoteRefusal::DepositExceedsWhole { .. } => "deposit_exceeds_whole",
            QuoteRefusal::QuantityExceedsOrder { .. } => "quantity_exceeds_order",
            QuoteRefusal::UseFinal { .. } => "use_final",
            QuoteRefusal::DepositOpen { .. } => "deposit_open",
            QuoteRefusal::FinalNegative { .. } => "final_negative",
            QuoteRefusal::QuoteOver { .. }
            | QuoteRefusal::DayNotLater { .. }
            | QuoteRefusal::NotToChoose { .. }
            | QuoteRefusal::NoPosition { .. }
            | QuoteRefusal::NotReckoned { .. }
            | QuoteRefusal::NoQuote { .. }
            | QuoteRefusal::Vanished { .. }
            | QuoteRefusal::NotWritten { .. }
            | QuoteRefusal::FileThere { .. } => return None,
        })
    }
}
