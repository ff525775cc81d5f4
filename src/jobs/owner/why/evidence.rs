//! What the matcher saw of a payment, and what it made of it.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use serde_json::{Value, json};

use super::telling::{Seen, Teller};
use crate::id::{CustomerId, DocumentId};
use crate::jobs::office::JobError;
use crate::ledger::ReceivableState;
use crate::matching::{Allocation, Because, Decision, Evidence, Flag, Hit, Payment, Reading, Rung, Verdict};
use crate::money::{Amount, Currency};
use crate::shell::store::{ReceivableRow, Tx};

/// The documents and customers that a verdict names.
pub(super) struct Names {
    documents: BTreeMap<DocumentId, ReceivableRow>,
    customers: BTreeMap<CustomerId, (String, String)>,
}

impl Names {
    pub(super) async fn of(tx: &mut Tx, verdict: Option<&Verdict>) -> Result<Names, JobError> {
        let mut names = Names { documents: BTreeMap::new(), customers: BTreeMap::new() };
        let Some(verdict) = verdict else { return Ok(names) };
        let allocated = verdict.allocations.iter().map(|allocation| allocation.document);
        let quoted = verdict.evidence.iter().map(|evidence| evidence.document);
        let read = verdict.readings.iter().flat_map(|reading| reading.documents.iter().copied());
        for id in allocated.chain(quoted).chain(read).chain(verdict.candidates.iter().copied()) {
            if let Entry::Vacant(unknown) = names.documents.entry(id) {
                unknown.insert(tx.receivable(id).await?);
            }
        }
        for (id, _) in &verdict.concerns {
            let row = tx.customer(*id).await?;
            names.customers.insert(*id, (row.number, row.name));
        }
        Ok(names)
    }

    pub(super) fn number(&self, id: DocumentId) -> &str {
        self.documents.get(&id).map(|row| row.number.as_str()).unwrap_or_default()
    }
}

impl Teller<'_> {
    pub(super) fn text(&self, payment: &Payment) -> Seen {
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
    pub(super) fn evidence(&self, verdict: &Verdict, names: &Names, is_open: bool) -> Option<Seen> {
        let mut rows: Vec<Vec<String>> = Vec::new();
        for evidence in &verdict.evidence {
            let strength = if evidence.strong { self.say("sicher", "strong") } else { self.say("schwach", "weak") };
            let mut words = format!("{}; {strength}", self.hit(evidence));
            if is_open && let Some(row) = names.documents.get(&evidence.document) {
                words = format!("{words}; {}", self.state(row));
            }
            let (rung, quote) = (format!("{:?}", rung_of(evidence)), evidence.quote.trim());
            let number = names.number(evidence.document);
            // A number in full holds the one without its prefix.
            let is_known = rows.iter().any(|row| row[0] == rung && row[2] == number && row[1].contains(quote));
            if !is_known {
                rows.push(vec![rung, format!("\"{quote}\""), number.to_owned(), words]);
            }
        }
        let without_place = matches!(verdict.rung, Some(Rung::R5 | Rung::R6 | Rung::R7));
        if let Some(rung) = verdict.rung.filter(|_| without_place) {
            let numbers: Vec<&str> = verdict.allocations.iter().map(|a| names.number(a.document)).collect();
            let what = self.say("Betrag", "amount").to_owned();
            rows.push(vec![format!("{rung:?}"), what, numbers.join(" "), self.rung(rung).to_owned()]);
        }
        self.rows("evidence", "Spuren", "evidence", rows)
    }

    /// The ways to read the text, where there are several, each with what its documents ask for.
    pub(super) fn readings(
        &self,
        verdict: &Verdict,
        names: &Names,
        amount: Amount,
        currency: Currency,
    ) -> Option<Seen> {
        let row = |reading: &Reading| {
            let numbers: Vec<&str> = reading.documents.iter().map(|id| names.number(*id)).collect();
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
        self.rows("readings", "Lesarten", "readings", verdict.readings.iter().map(row).collect())
    }

    /// What each document gets, or would get.
    pub(super) fn amounts(&self, verdict: &Verdict, names: &Names, currency: Currency) -> Option<Seen> {
        let mut rows: Vec<Vec<String>> = verdict.allocations.iter().map(|a| self.share(a, names, currency)).collect();
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
        self.rows("amounts", "Beträge", "amounts", rows)
    }

    fn share(&self, share: &Allocation, names: &Names, currency: Currency) -> Vec<String> {
        let mut words = vec![names.number(share.document).to_owned()];
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
    pub(super) fn concerns(&self, verdict: &Verdict, names: &Names) -> Option<Seen> {
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
                    Because::Name => self.say("der Zahler heißt wie der Kunde", "the payer's name is the customer's"),
                };
            let name = names.customers.get(customer).map(|(number, name)| format!("{name} ({number})"));
            vec![name.unwrap_or_default(), because.to_owned()]
        };
        let rows: Vec<Vec<String>> = verdict.concerns.iter().map(row).collect();
        self.rows("holds_letters_to", "hält an", "holds", rows)
    }

    /// Says what the matcher decided, and why.
    pub(super) fn verdict(&self, verdict: &Verdict, names: &Names) -> (&'static str, String) {
        let flags = |of: &[Flag]| of.iter().map(|flag| flag.words(self.language)).collect::<Vec<_>>().join("; ");
        let numbers: Vec<&str> = verdict.allocations.iter().map(|a| names.number(a.document)).collect();
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

    fn state(&self, row: &ReceivableRow) -> String {
        match row.state {
            ReceivableState::Paid => self.say("bezahlt", "paid").to_owned(),
            ReceivableState::Cancelled => self.say("storniert", "cancelled").to_owned(),
            ReceivableState::Open | ReceivableState::PartiallyPaid => {
                let open = self.money(Amount::from_minor(row.open_principal), row.currency);
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
pub(super) fn facts(verdict: &Verdict, names: &Names, currency: Currency) -> Value {
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
        _ => Rung::R4,
    }
}
