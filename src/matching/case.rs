//! What a decision on money in looks at, and what all its ways have in common.

use std::collections::BTreeSet;

use super::amount::{Scale, Settlement};
use super::contract::Quoted;
use super::customer::pointers;
use super::evidence::Places;
use super::flag::Flag;
use super::model::{Candidate, Config, Found, Payment};
use super::text::Texts;
use super::verdict::{Because, Decision, Rung, Verdict};
use crate::id::{CustomerId, DocumentId};
use crate::money::Amount;
use crate::reference::digits_of;

/// All that a decision looks at.
pub(super) struct Case<'a> {
    pub(super) payment: &'a Payment,
    pub(super) found: &'a Found,
    pub(super) config: &'a Config,
    pub(super) texts: &'a Texts,
    /// Bad references in the text.
    pub(super) bad: Vec<Flag>,
    /// The customers that the payer's account is known for.
    pub(super) owners: Vec<CustomerId>,
    /// The customers that account, number or name of the payer point to.
    pub(super) payers: BTreeSet<CustomerId>,
    /// The contracts that the text quotes.
    pub(super) quoted: Vec<Quoted<'a>>,
    /// Where the text names documents.
    pub(super) places: &'a Places,
}

impl<'a> Case<'a> {
    /// The scale for documents that are named: differences that are agreed do not matter.
    pub(super) fn scale(&self) -> Scale<'a> {
        Scale {
            tolerance: self.config.rounding_tolerance,
            bank_fee_tolerance: self.config.bank_fee_tolerance,
            writeoff_below: self.config.writeoff_below,
            ..self.scale_to_the_cent()
        }
    }

    /// The scale for documents that only the amount speaks for.
    pub(super) fn scale_to_the_cent(&self) -> Scale<'a> {
        Scale {
            amount: self.payment.amount,
            value_on: self.payment.value_on,
            tolerance: Amount::ZERO,
            bank_fee_tolerance: Amount::ZERO,
            writeoff_below: Amount::ZERO,
            config: self.config,
        }
    }

    /// The named documents of a reading.
    pub(super) fn documents(&self, ids: &BTreeSet<DocumentId>) -> Vec<&'a Candidate> {
        self.found.named.iter().filter(|candidate| ids.contains(&candidate.id)).collect()
    }

    /// All open documents of the customers concerned.
    pub(super) fn others(&self) -> Vec<&'a Candidate> {
        self.found.of_customers.iter().filter(|candidate| candidate.is_open()).collect()
    }

    /// The shadow check: documents whose digits stand in a text although they are not chosen.
    pub(super) fn digits_of_others(&self, chosen: &[&Candidate]) -> Vec<&'a Candidate> {
        let stands = |digits: &str| digits.len() >= 6 && self.texts.squeezed.iter().any(|text| text.contains(digits));
        let others = self
            .found
            .named
            .iter()
            .chain(&self.found.of_customers)
            .filter(|c| !chosen.iter().any(|own| own.id == c.id));
        let mut found: Vec<&Candidate> = others
            .filter(|c| digits_of(&c.number).is_some_and(|(full, short)| stands(&full) || stands(&short)))
            .collect();
        found.sort_by_key(|candidate| candidate.id);
        found.dedup_by_key(|candidate| candidate.id);
        found
    }

    pub(super) fn foreign(&self, documents: &[&Candidate]) -> bool {
        documents.iter().any(|document| Some(document.currency) != self.payment.currency)
    }

    /// Turns a settlement into a verdict; a proposal lists its documents as candidates.
    pub(super) fn settle(&self, decision: Decision, rung: Rung, settlement: Settlement) -> Verdict {
        let mut verdict = Verdict::new(decision, Some(rung));
        verdict.flags.extend(settlement.flag);
        verdict.credit = settlement.credit;
        verdict.rounding = settlement.rounding;
        verdict.bank_fee = settlement.bank_fee;
        verdict.written_off = settlement.written_off;
        verdict.waived = settlement.waived;
        if decision == Decision::Suggest {
            verdict.candidates = settlement.allocations.iter().map(|allocation| allocation.document).collect();
        }
        verdict.allocations = settlement.allocations;
        verdict
    }

    pub(super) fn add_bad(&self, mut verdict: Verdict) -> Verdict {
        verdict.flags.extend(&self.bad);
        verdict
    }

    /// Orders what is a set, and adds whom an undecided payment concerns.
    pub(super) fn finish(&self, mut verdict: Verdict) -> Verdict {
        verdict.flags.sort_unstable();
        verdict.flags.dedup();
        verdict.candidates.sort_unstable();
        verdict.candidates.dedup();
        if matches!(verdict.decision, Decision::Suggest | Decision::Hold) {
            let all = self.found.named.iter().chain(&self.found.of_customers).chain(&self.found.same_amount);
            // On R0 the candidates are a guess by amount alone: rule (c) of the guard, which has its own time limit.
            let by_amount = verdict.rung.is_some_and(Rung::is_by_amount);
            let of_candidates = all
                .filter(|c| !by_amount && verdict.candidates.contains(&c.id))
                .map(|c| (c.customer, Because::Candidate));
            verdict.concerns.extend(of_candidates);
            // What a text names in full may be meant, even where the money does not reach that far.
            let named = verdict.evidence.iter().filter(|evidence| evidence.strong).filter_map(|evidence| {
                let named = self.found.named.iter().find(|c| c.id == evidence.document && c.is_open());
                named.map(|candidate| (candidate.customer, Because::Candidate))
            });
            let named: Vec<_> = named.collect();
            verdict.concerns.extend(named);
            verdict.concerns.extend(pointers(self.payment, self.texts, &self.found.customers));
            verdict.concerns.extend(self.quoted.iter().map(|quoted| (quoted.contract.customer, Because::Contract)));
            verdict.concerns.sort_unstable();
            verdict.concerns.dedup_by_key(|(customer, _)| *customer);
        } else {
            verdict.concerns.clear();
        }
        verdict
    }
}

/// Returns the ids of documents.
pub(super) fn ids(documents: &[&Candidate]) -> BTreeSet<DocumentId> {
    documents.iter().map(|document| document.id).collect()
}
