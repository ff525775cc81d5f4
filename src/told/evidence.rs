//! What the matcher saw of a payment, and what it made of it.

use serde_json::{Value, json};

use super::names::{NamedDocument, Names};
use super::page::{Seen, Teller};
use crate::id::CustomerId;
use crate::ledger::ReceivableState;
use crate::matching::{Allocation, Because, Decision, Evidence, Flag, Hit, Payment, Reading, Rung, Verdict};
use crate::money::{Amount, Currency};

impl Teller<'_> {
    /// What the bank told of a payment: its text, and its references.
    pub fn text(&self, payment: &Payment) -> Seen {
        let structured = payment.structured.iter().map(|reference| &reference.value);
        let mut rows: Vec<Vec<String>> =
            payment.remittance.iter().chain(structured).map(|line| vec![format!("\"{line}\"")]).collect();
        rows.extend(payment.end_to_end_id.iter().map(|id| vec![format!("\"{id}\" (end-to-end id)")]));
        if rows.is_empty() {
            rows.push(vec![self.say("keiner", "none").to_owned()]);
        }
        Seen { label: "text", title: self.say("Text", "text"), rows }
    }

    /// What in the text names a document; what else leads to one.
    pub fn evidence(&self, verdict: &Verdict, is_open: bool) -> Option<Seen> {
        let mut rows: Vec<Vec<String>> = Vec::new();
        for evidence in &verdict.evidence {
            let strength = if evidence.strong { self.say("sicher", "strong") } else { self.say("schwach", "weak") };
            let mut words = format!("{}; {strength}", self.hit(evidence));
            if is_open && let Some(document) = self.names.documents.get(&evidence.document) {
                words = format!("{words}; {}", self.state(document));
            }
            let (rung, quote) = (format!("{:?}", rung_of(evidence)), evidence.quote.trim());
            let number = self.names.number(evidence.document);
            // A number in full holds the one without its prefix.
            let is_known = rows.iter().any(|row| row[0] == rung && row[2] == number && row[1].contains(quote));
            if !is_known {
                rows.push(vec![rung, format!("\"{quote}\""), number.to_owned(), words]);
            }
        }
        let without_place = matches!(verdict.rung, Some(Rung::R5 | Rung::R6 | Rung::R7));
        if let Some(rung) = verdict.rung.filter(|_| without_place) {
            let numbers: Vec<&str> = verdict.allocations.iter().map(|a| self.names.number(a.document)).collect();
            let what = self.say("Betrag", "amount").to_owned();
            rows.push(vec![format!("{rung:?}"), what, numbers.join(" "), self.rung(rung).to_owned()]);
        }
        Seen::of("evidence", self.say("Spuren", "evidence"), rows)
    }

    /// The ways to read the text, where there are several, each with what its documents ask for.
    pub fn readings(&self, verdict: &Verdict, amount: Amount, currency: Currency) -> Option<Seen> {
        let row = |reading: &Reading| {
            let numbers: Vec<&str> = reading.documents.iter().map(|id| self.names.number(*id)).collect();
            let money = |amount: Amount| self.money(amount, currency);
            let open = money(reading.open);
            let difference = money((amount - reading.open).abs());
            let words = if reading.fits {
                self.say(format!("offen {open}: passt"), format!("open {open}: fits"))
            } else if amount > reading.open {
                self.say(format!("offen {open}: {difference} zu viel"), format!("open {open}: {difference} too much"))
            } else {
                self.say(
                    format!("offen {open}: {difference} zu wenig"),
                    format!("open {open}: {difference} too little"),
                )
            };
            vec![format!("{:?}", reading.rung), numbers.join(" + "), words]
        };
        Seen::of("readings", self.say("Lesarten", "readings"), verdict.readings.iter().map(row).collect())
    }

    /// What the owner assigned: the amount that each document got.
    pub fn assigned(&self, shares: &[(String, Amount)], currency: Currency) -> Option<Seen> {
        let rows = shares.iter().map(|(number, amount)| vec![self.money(*amount, currency), number.clone()]);
        Seen::of("amounts", self.say("Beträge", "amounts"), rows.collect())
    }

    /// What each document gets, or would get.
    pub fn amounts(&self, verdict: &Verdict, currency: Currency) -> Option<Seen> {
        let mut rows: Vec<Vec<String>> = verdict.allocations.iter().map(|a| self.share(a, currency)).collect();
        for (amount, german, english) in [
            (verdict.credit, "ins Guthaben des Kunden", "to the customer's credit"),
            (verdict.rounding, "Rundung", "rounding"),
            (verdict.bank_fee, "Bankgebühren", "bank fees"),
            (verdict.written_off, "ausgebucht", "written off"),
            (verdict.waived, "Kosten erlassen", "costs given up"),
        ] {
            if !amount.is_zero() {
                rows.push(vec![self.money(amount, currency), self.say(german, english).to_owned()]);
            }
        }
        Seen::of("amounts", self.say("Beträge", "amounts"), rows)
    }

    fn share(&self, share: &Allocation, currency: Currency) -> Vec<String> {
        let mut words = vec![self.names.number(share.document).to_owned()];
        let costs = share.fees + share.interest;
        for (amount, german, english) in [
            (share.discount, "dazu Skonto", "and discount"),
            (costs, "dazu Kosten und Zinsen", "and costs and interest"),
        ] {
            if !amount.is_zero() {
                words.push(format!("{} {}", self.say(german, english), self.money(amount, currency)));
            }
        }
        vec![self.money(share.principal, currency), words.join("; ")]
    }

    /// Whose letters wait meanwhile, and why.
    pub fn concerns(&self, verdict: &Verdict) -> Option<Seen> {
        let row = |(customer, because): &(CustomerId, Because)| {
            let because =
                match because {
                    Because::Candidate => self
                        .say("eine Rechnung des Kunden kommt infrage", "an invoice of the customer's could be meant"),
                    Because::Iban => {
                        self.say("das Konto des Zahlers ist das des Kunden", "the payer's account is the customer's")
                    }
                    Because::Number => {
                        self.say("die Kundennummer steht im Text", "the customer's number stands in the text")
                    }
                    Because::Contract => self
                        .say("ein Vertrag des Kunden steht im Text", "a contract of the customer's stands in the text"),
                    Because::Name => {
                        self.say("der Name des Zahlers ist der des Kunden", "the payer's name is the customer's")
                    }
                };
            let name = self.names.customers.get(customer).map(|(number, name)| format!("{name} ({number})"));
            vec![name.unwrap_or_default(), because.to_owned()]
        };
        let rows: Vec<Vec<String>> = verdict.concerns.iter().map(row).collect();
        Seen::of("holds_letters_to", self.say("hält an", "holds"), rows)
    }

    /// Says what the matcher decided, and why.
    pub(super) fn verdict(&self, verdict: &Verdict) -> (&'static str, String) {
        let flags = |of: &[Flag]| of.iter().map(|flag| flag.words(self.language)).collect::<Vec<_>>().join("; ");
        let numbers: Vec<&str> = verdict.allocations.iter().map(|a| self.names.number(a.document)).collect();
        let numbers = numbers.join(", ");
        let because = match verdict.rung {
            _ if !verdict.flags.is_empty() => flags(&verdict.flags),
            Some(rung) => self.rung(rung).to_owned(),
            None => String::new(),
        };
        match verdict.decision {
            Decision::Auto => {
                let why = verdict.rung.map(|rung| self.rung(rung)).unwrap_or_default();
                let more =
                    if verdict.flags.is_empty() { String::new() } else { format!("; {}", flags(&verdict.flags)) };
                (self.say("gebucht", "booked"), format!("{numbers}: {why}{more}"))
            }
            Decision::Suggest if numbers.is_empty() => (self.say("nicht gebucht", "not booked"), because),
            Decision::Suggest => {
                let proposed = self.say("vorgeschlagen", "proposed");
                (self.say("nicht gebucht", "not booked"), format!("{because}; {proposed} {numbers}"))
            }
            Decision::Hold => (self.say("nicht gebucht", "not booked"), because),
            Decision::Return => {
                let returned: Vec<String> = verdict.returned.iter().map(ToString::to_string).collect();
                let returned = returned.join(", ");
                let text = self.say(format!("gibt {returned} zurück"), format!("gives {returned} back"));
                (self.say("Rückgabe", "returned"), text)
            }
            Decision::Ignore => (
                self.say("übergangen", "ignored"),
                self.say("betrifft keine Rechnung: ", "concerns no invoice: ").to_owned() + &because,
            ),
        }
    }

    fn state(&self, document: &NamedDocument) -> String {
        match document.state {
            ReceivableState::Paid => self.say("bezahlt", "paid").to_owned(),
            ReceivableState::Cancelled => self.say("storniert", "cancelled").to_owned(),
            ReceivableState::WrittenOff => self.say("abgeschrieben", "written off").to_owned(),
            ReceivableState::Credited => self.say("berichtigt", "credited").to_owned(),
            ReceivableState::Open | ReceivableState::PartiallyPaid => {
                let open = self.money(document.open, document.currency);
                self.say(format!("offen {open}"), format!("open {open}"))
            }
        }
    }

    fn hit(&self, evidence: &Evidence) -> &'static str {
        match evidence.hit {
            Hit::R1 => self.say("strukturierte Referenz", "structured reference"),
            Hit::R2 => self.say("Referenz im Text", "reference in the text"),
            Hit::E1 => self.say("volle Nummer", "number in full"),
            Hit::E2 => self.say("volle Nummer ohne Präfix", "full number without prefix"),
            Hit::E3 => self.say("Nummer ohne führende Nullen", "number without leading zeros"),
            Hit::E4 => self.say("Nummer mit einer Lücke", "number, broken once"),
            Hit::Contract => self.say("Nummer des Vertrags", "number of the contract"),
            Hit::PayerText => self.say("Text des Dauerauftrags", "text of the standing order"),
            Hit::E5 => self.say("weitere Nummer einer Liste", "further number of a list"),
        }
    }

    fn rung(&self, rung: Rung) -> &'static str {
        match rung {
            Rung::R1 => self.say("eine strukturierte Referenz", "a structured reference"),
            Rung::R2 => self.say("eine Referenz im Text", "a reference in the text"),
            Rung::R3 => self.say("eine volle Nummer im Text", "a number in full in the text"),
            Rung::R4 => self.say("ein Teil einer Nummer im Text", "a part of a number in the text"),
            Rung::R5 => {
                self.say("der Kunde ist bekannt, und der Betrag passt", "the customer is known, and the amount fits")
            }
            Rung::R6 => self.say("Name und Betrag passen", "name and amount fit"),
            Rung::R7 => self.say("nur der Betrag passt", "only the amount fits"),
            Rung::R0 => self.say("nichts führt zu einer Rechnung", "nothing leads to an invoice"),
        }
    }
}

/// A verdict for programs: documents by their numbers, customers by name, amounts as decimal strings.
pub fn verdict_facts(verdict: &Verdict, names: &Names, currency: Currency) -> Value {
    let plain = |amount: Amount| amount.plain(currency);
    let allocations = verdict.allocations.iter().map(|share| {
        json!({
            "number": names.number(share.document), "principal": plain(share.principal), "discount": plain(share.discount),
            "fees": plain(share.fees), "interest": plain(share.interest),
        })
    });
    let evidence = verdict.evidence.iter().map(|evidence| {
        json!({
            "rung": rung_of(evidence), "hit": evidence.hit, "quote": evidence.quote, "strong": evidence.strong,
            "number": names.number(evidence.document),
        })
    });
    let concerns = verdict.concerns.iter().map(|(customer, because)| {
        json!({ "customer": names.customers.get(customer).map(|(number, _)| number), "because": because })
    });
    json!({
        "decision": verdict.decision, "rung": verdict.rung, "flags": verdict.flags,
        "allocations": allocations.collect::<Vec<_>>(), "credit": plain(verdict.credit),
        "rounding": plain(verdict.rounding), "bank_fee": plain(verdict.bank_fee),
        "written_off": plain(verdict.written_off), "waived": plain(verdict.waived),
        "readings": verdict.readings.iter().map(|reading| json!({
            "rung": reading.rung, "open": plain(reading.open), "fits": reading.fits,
            "documents": reading.documents.iter().map(|id| names.number(*id)).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
        "candidates": verdict.candidates.iter().map(|id| names.number(*id)).collect::<Vec<_>>(),
        "evidence": evidence.collect::<Vec<_>>(), "concerns": concerns.collect::<Vec<_>>(),
        "returns": verdict.returned.iter().map(ToString::to_string).collect::<Vec<_>>(),
    })
}

/// Returns the rung of the ladder that a place in the text stands for.
const fn rung_of(evidence: &Evidence) -> Rung {
    match (evidence.hit, evidence.strong) {
        (Hit::R1, _) => Rung::R1,
        (Hit::R2, _) => Rung::R2,
        (Hit::E1 | Hit::E2, true) => Rung::R3,
        (Hit::Contract | Hit::PayerText, _) => Rung::R5,
        (Hit::E1 | Hit::E2, false) | (Hit::E3 | Hit::E4 | Hit::E5, _) => Rung::R4,
    }
}
