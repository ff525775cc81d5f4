//! What somebody does in a simulation, beside the bank: a line of its diary each.

use chrono::NaiveDate;

use crate::question::Money;
use crate::refusal::table::sentences;

sentences! {
    /// What happened in a simulation because its events say so.
    Deed {
        Down { until: NaiveDate }
            "der Dienst läuft bis einschließlich {until} nicht",
            "the daemon does not run through {until}";
        Disputed { invoice: String }
            "{invoice} wird bestritten",
            "{invoice} is disputed";
        DisputeSettled { invoice: String }
            "der Streit über {invoice} ist beigelegt",
            "the dispute on {invoice} is settled";
        MailCameBack { invoice: String }
            "die Mail mit {invoice} kam zurück",
            "the mail with {invoice} came back";
        LetterCameBack { invoice: String }
            "das letzte Schreiben zu {invoice} kam zurück",
            "the last letter on {invoice} came back";
        Redelivered { invoice: String }
            "{invoice} wurde noch einmal zugestellt",
            "{invoice} was delivered anew";
        AddressRight { invoice: String }
            "die Adresse zu {invoice} stimmt jetzt",
            "the address for {invoice} is right now";
        Promised { invoice: String, until: NaiveDate }
            "{invoice} wird bis {until} bezahlt, sagt der Kunde",
            "{invoice} will be paid by {until}";
        Agreed { invoice: String, percent: String, with: String, until: NaiveDate }
            "mit {with} sind {percent} % Nachlass auf {invoice} bis {until} vereinbart",
            "{percent} % off {invoice} by {until} are agreed with {with}";
        AgreementWithdrawn { invoice: String }
            "der Nachlass auf {invoice} ist zurückgenommen",
            "what was agreed to be taken off {invoice} is taken back";
        ContractEnded { contract: String, last_day: NaiveDate }
            "{contract} ist beendet, letzter Leistungstag {last_day}",
            "{contract} is ended, last day of service {last_day}";
        ContractPaused { contract: String, from: NaiveDate }
            "{contract} pausiert ab {from}",
            "{contract} is paused from {from} on";
        ContractPausedUntil { contract: String, from: NaiveDate, until: NaiveDate }
            "{contract} pausiert von {from} bis {until}",
            "{contract} is paused from {from} through {until}";
        PeriodSkipped { contract: String, from: NaiveDate }
            "{contract}: der Zeitraum ab {from} wird ausgelassen",
            "{contract}: the period from {from} is skipped";
        ContractGoesOn { contract: String }
            "{contract} geht weiter, wie es im Buch steht",
            "{contract} goes on as the book says";
        Instalments { invoice: String, instalments: Vec<String> }
            "{invoice} wird in Raten bezahlt: {instalments}",
            "{invoice} is paid in instalments: {instalments}";
        Held { name: String }
            "keine Schreiben zu {name}",
            "no letters about {name}";
        HeldUntil { name: String, until: NaiveDate }
            "bis einschließlich {until} keine Schreiben zu {name}",
            "no letters about {name} through {until}";
        Released { name: String }
            "wieder Schreiben zu {name}",
            "letters about {name} again";
        HandedOver { invoice: String, total: Money }
            "{invoice} ist übergeben: {total}",
            "{invoice} is handed over: {total}";
        Paused { what: &'static str, until: NaiveDate }
            "`{what}` ruht bis einschließlich {until}",
            "`{what}` is paused through {until}";
        Resumed { what: &'static str }
            "`{what}` geht weiter",
            "`{what}` goes on";
        ClockConfirmed {}
            "das Datum stimmt",
            "the clock is right";
        Insolvent { customer: String }
            "{customer} ist insolvent",
            "{customer} is insolvent";
        Posted { about: String }
            "das Schreiben {about} ist aufgegeben",
            "the letter about {about} is posted";
        Assigned { payment: String, documents: Vec<String> }
            "{payment} ist {documents} zugeordnet",
            "{payment} is assigned to {documents}";
        Unassigned { payment: String }
            "{payment} wartet wieder",
            "{payment} waits again";
        Reopened { payment: String, numbers: Vec<String> }
            "{payment} wartet wieder; wieder offen: {numbers}",
            "{payment} waits again; open again: {numbers}";
        Ignored { payment: String }
            "{payment} betrifft keine Rechnung",
            "{payment} concerns no invoice";
        PaidInCash { payment: String, documents: Vec<String> }
            "{payment} in bar für {documents}",
            "{payment} in cash for {documents}";
        Waived { invoice: String, costs: Money }
            "auf {costs} Kosten und Zinsen von {invoice} wird verzichtet",
            "{costs} of costs and interest of {invoice} are given up";
        Pursued { invoice: String, costs: Money }
            "{costs} Kosten und Zinsen von {invoice} werden weiter gefordert",
            "{costs} of costs and interest of {invoice} are pursued";
        QuoteAccepted { quote: String }
            "{quote} ist angenommen",
            "{quote} is accepted";
        QuoteDeclined { quote: String }
            "{quote} ist abgelehnt",
            "{quote} is declined";
        QuoteExtended { quote: String, until: NaiveDate }
            "{quote} gilt bis {until}",
            "{quote} is valid until {until}";
        DiscountAccepted { invoice: String, rest: Money }
            "{rest} Skonto von {invoice} gelten",
            "{rest} of discount of {invoice} are accepted";
        DiscountClaimed { invoice: String, rest: Money }
            "{rest} Skonto von {invoice} werden gefordert",
            "{rest} of discount of {invoice} are claimed";
        LateDiscounts { customer: String, answer: &'static str }
            "verspätete Skonti von {customer}: `{answer}`",
            "late discounts of {customer}: `{answer}`";
        LateDiscountsAtOnce { customer: String, answer: &'static str, numbers: Vec<String> }
            "verspätete Skonti von {customer}: `{answer}`; sofort: {numbers}",
            "late discounts of {customer}: `{answer}`; at once: {numbers}";
        Cancelled { invoice: String, by: String }
            "{invoice} ist storniert, mit {by}",
            "{invoice} is cancelled, by {by}";
        Credited { invoice: String, by: String }
            "{invoice} ist berichtigt, mit {by}",
            "{invoice} is credited, by {by}";
        WrittenOff { invoice: String, amount: Money }
            "von {invoice} sind {amount} abgeschrieben",
            "{amount} of {invoice} are written off";
        RefundDrawn { number: String, refund: Money, customer: String }
            "{number} über {refund} ist für {customer} angewiesen",
            "{number} over {refund} is drawn for {customer}";
        NothingBooked { account: String, through: NaiveDate }
            "auf {account} wurde bis {through} nichts gebucht",
            "nothing was booked on {account} through {through}";
        Discarded { files: Vec<String> }
            "{files} ist verworfen",
            "{files} is discarded";
        Settled { account: String, difference: String }
            "die Abweichung von {account} um {difference} ist geklärt",
            "that {account} is off by {difference} is settled";
        Forgotten { iban: String, customer: String }
            "{iban} gehört {customer} nicht mehr",
            "{iban} is {customer}'s no more";
    }
}

sentences! {
    /// Why a text is no list of events.
    NoEvent {
        Line { line: usize, said: String }
            "die Zeile {line} ist kein Ereignis; der Leser meldet: {said}",
            "line {line} is no event; its reader says: {said}";
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_deed_is_told_in_both_languages() {
        for (kind, german, english) in Deed::SENTENCES.iter().chain(NoEvent::SENTENCES) {
            let own: String = german.split('}').filter_map(|part| part.split('{').next()).collect();
            assert!(german != english && own.contains(char::is_alphabetic), "{kind} is not translated");
            let mut words = german.split(|c: char| !c.is_alphanumeric());
            assert!(!words.any(|word| ["the", "is", "are", "of", "on", "for"].contains(&word)), "{kind}: {german}");
        }
    }
}
