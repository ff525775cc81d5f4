//! The decision where no document is named: by contract, customer, name or amount (rule M6b).

use super::amount::{Scale, Settlement, principal};
use super::case::{Case, ids};
use super::contract::Quoted;
use super::customer::{Payer, namesakes, payer};
use super::evidence::Evidence;
use super::flag::Flag;
use super::foreign::names_foreign_invoice;
use super::model::{Candidate, CandidateKind};
use super::verdict::{Decision, Rung, Verdict};
use crate::id::CustomerId;
use crate::money::Amount;
use crate::reference::digits_of;

impl<'a> Case<'a> {
    /// Returns the place that quotes a document's contract.
    fn quote_of(&self, candidate: &Candidate) -> Option<&Quoted<'a>> {
        self.quoted.iter().find(|quoted| {
            quoted.contract.customer == candidate.customer
                && candidate.contract.as_deref() == Some(quoted.contract.number.as_str())
        })
    }

    /// The text quotes contracts, and an open invoice of theirs has exactly this amount: booked if the payer's account is the
    /// customer's, else proposed.
    pub(super) fn by_contract(&self) -> Option<Verdict> {
        let mut fitting: Vec<(&Candidate, &Quoted<'_>)> = self
            .found
            .of_customers
            .iter()
            .filter(|c| c.is_open_invoice() && !c.disputed && Some(c.currency) == self.payment.currency)
            .filter(|c| c.open == self.payment.amount)
            .filter_map(|c| Some((c, self.quote_of(c)?)))
            .collect();
        fitting.sort_by(|(a, _), (b, _)| a.age().cmp(&b.age()));
        let (oldest, quoted) = *fitting.first()?;
        let evidence = Evidence { hit: quoted.hit, document: oldest.id, quote: quoted.quote.clone(), strong: true };
        if fitting.iter().any(|(_, other)| other.contract != quoted.contract) {
            let candidates = fitting.iter().map(|(candidate, _)| candidate.id);
            let verdict = Verdict::new(Decision::Suggest, Some(Rung::R5)).flag(Flag::Ambiguous).among(candidates);
            return Some(Verdict { evidence: vec![evidence], ..verdict });
        }
        let is_payers = self.owners.contains(&oldest.customer);
        let conflict = payer(self.payment, self.texts, &self.found.customers)
            .is_some_and(|payer| payer.conflict || payer.customer != oldest.customer);
        let unclear = self.digits_of_others(&[oldest]).into_iter().filter(|other| other.is_open()).count() > 0;
        let sure = is_payers && !conflict && !unclear && !self.bad.contains(&Flag::ReferenceInvalid);
        let settlement = self.scale_to_the_cent().exact(&[oldest])?;
        let mut verdict = self.settle(if sure { Decision::Auto } else { Decision::Suggest }, Rung::R5, settlement);
        verdict.flags.push(Flag::ContractQuoted);
        let third_party = !self.owners.is_empty() && !is_payers;
        let more = [
            (fitting.len() > 1, Flag::OldestFirst),
            (third_party, Flag::ThirdPartyPayer),
            (conflict && !third_party, Flag::CustomerConflict),
            (unclear, Flag::ReferenceUnclear),
        ];
        verdict.flags.extend(more.into_iter().filter(|(so, _)| *so).map(|(_, flag)| flag));
        verdict.evidence = vec![evidence];
        Some(self.add_bad(verdict))
    }

    pub(super) fn unnamed(&self) -> Verdict {
        if let Some(payer) = payer(self.payment, self.texts, &self.found.customers) {
            return self.of_customer(&payer);
        }
        let fitting: Vec<&Candidate> = self
            .found
            .same_amount
            .iter()
            .filter(|c| c.is_open_invoice() && Some(c.currency) == self.payment.currency)
            .collect();
        let by_name: Vec<CustomerId> =
            namesakes(self.payment, &self.found.customers).into_iter().map(|c| c.id).collect();
        let of_name: Vec<&&Candidate> =
            fitting.iter().filter(|candidate| by_name.contains(&candidate.customer)).collect();
        let propose = |candidate: &Candidate, rung: Rung, flag: Option<Flag>| {
            let settlement = self.scale_to_the_cent().weigh(&[candidate], &[]);
            let mut verdict = self.settle(Decision::Suggest, rung, settlement);
            verdict.flags.extend(flag);
            verdict
        };
        let verdict = match (&of_name[..], &fitting[..]) {
            ([one], _) => propose(one, Rung::R6, None),
            (_, [one]) => propose(one, Rung::R7, Some(Flag::AmountOnly)),
            _ => Verdict::new(Decision::Hold, Some(Rung::R0)).among(fitting.iter().map(|candidate| candidate.id)),
        };
        self.add_bad(verdict)
    }

    /// R5: the customer is known; the amount must say which invoices.
    fn of_customer(&self, payer: &Payer) -> Verdict {
        let mine = |candidate: &&Candidate| {
            candidate.customer == payer.customer
                && candidate.is_open()
                && Some(candidate.currency) == self.payment.currency
        };
        let mut open: Vec<&Candidate> = self
            .found
            .of_customers
            .iter()
            .filter(mine)
            .filter(|c| c.kind == CandidateKind::Invoice && !c.disputed)
            .collect();
        open.sort_by(|a, b| a.age().cmp(&b.age()));
        let conflict = payer.conflict.then_some(Flag::CustomerConflict);
        if open.is_empty() {
            let mut verdict = Verdict::new(Decision::Hold, Some(Rung::R5)).flag(Flag::NoOpenInvoice);
            verdict.flags.extend(conflict);
            return self.add_bad(verdict);
        }
        let notes: Vec<&Candidate> =
            self.found.of_customers.iter().filter(mine).filter(|c| c.kind == CandidateKind::CreditNote).collect();
        let scale = self.scale_to_the_cent();
        let (chosen, settlement, flags) = match self.clear_choice(&scale, &open, &notes) {
            Choice::Clear { chosen, settlement, flags } => (chosen, settlement, flags),
            Choice::Several(candidates) => {
                let mut verdict =
                    Verdict::new(Decision::Suggest, Some(Rung::R5)).flag(Flag::Ambiguous).among(ids(&candidates));
                verdict.flags.extend(conflict);
                return self.add_bad(verdict);
            }
            Choice::None => {
                let mut verdict = self.settle(Decision::Suggest, Rung::R5, guess(&scale, &open));
                verdict.flags.extend(conflict);
                return self.add_bad(verdict);
            }
        };
        let unclear = self.digits_of_others(&chosen);
        // A quoted contract says which invoice is meant; it was none of these.
        let other_contract = !self.quoted.is_empty() && !chosen.iter().all(|c| self.quote_of(c).is_some());
        let is_foreign = self.bad.is_empty() && self.names_foreign_invoice(&chosen);
        let is_unclear = !unclear.is_empty() || is_foreign;
        let sure = self.bad.is_empty() && conflict.is_none() && !is_unclear && !other_contract;
        let mut verdict = self.settle(if sure { Decision::Auto } else { Decision::Suggest }, Rung::R5, settlement);
        verdict.flags.extend(flags);
        verdict.flags.extend(conflict);
        verdict.flags.extend(other_contract.then_some(Flag::ContractQuoted));
        verdict.flags.extend(is_unclear.then_some(Flag::ReferenceUnclear));
        verdict.candidates.extend(unclear.iter().filter(|candidate| candidate.is_open()).map(|candidate| candidate.id));
        self.add_bad(verdict)
    }

    /// M6b.1 and M6b.2: what fits to the cent.
    fn clear_choice(&self, scale: &Scale<'_>, open: &[&'a Candidate], notes: &[&'a Candidate]) -> Choice<'a> {
        let fits: Vec<(&Candidate, Settlement)> =
            open.iter().filter_map(|c| scale.fit(&[*c]).map(|s| (*c, s))).collect();
        let exact: Vec<&&Candidate> = open.iter().filter(|c| c.open == self.payment.amount).collect();
        match &fits[..] {
            [(one, settlement)] => {
                return Choice::Clear { chosen: vec![*one], settlement: settlement.clone(), flags: Vec::new() };
            }
            [] => {}
            _ if exact.len() == fits.len() => {
                let oldest = *exact[0];
                let settlement = scale.exact(&[oldest]).expect("it is exact");
                // § 366 (2) BGB: of equal debts the older one.
                return Choice::Clear { chosen: vec![oldest], settlement, flags: vec![Flag::OldestFirst] };
            }
            _ => return Choice::Several(fits.iter().map(|(candidate, _)| *candidate).collect()),
        }
        let due: Vec<&Candidate> = open.iter().copied().filter(|c| c.due_on <= self.payment.value_on).collect();
        let with_notes: Vec<&Candidate> = open.iter().chain(notes).copied().collect();
        let all = [(open.to_vec(), open.len() >= 2, false), (with_notes, !notes.is_empty(), true), (due, true, false)];
        for (set, counts, netted) in all {
            if counts && !set.is_empty() && principal(&set) == self.payment.amount {
                let settlement = scale.exact(&set).expect("it adds up");
                let mut flags = vec![Flag::AccountSettlement];
                flags.extend(netted.then_some(Flag::CreditNoteNetted));
                return Choice::Clear { chosen: set, settlement, flags };
            }
        }
        Choice::None
    }

    /// A word for invoice stands before a number that is none of the chosen invoices'.
    fn names_foreign_invoice(&self, chosen: &[&Candidate]) -> bool {
        let digits: Vec<(String, String)> = chosen.iter().filter_map(|document| digits_of(&document.number)).collect();
        self.texts.plain.iter().any(|text| names_foreign_invoice(text, &digits))
    }
}

enum Choice<'a> {
    Clear { chosen: Vec<&'a Candidate>, settlement: Settlement, flags: Vec<Flag> },
    Several(Vec<&'a Candidate>),
    None,
}

/// M6b.4: the only subset of two to four invoices that adds up, else the oldest first.
fn guess(scale: &Scale<'_>, open: &[&Candidate]) -> Settlement {
    let mut subsets = if open.len() <= 12 { subsets_adding_up(open, scale.amount) } else { Vec::new() };
    match (subsets.pop(), subsets.is_empty()) {
        (Some(only), true) => scale.exact(&only).expect("it adds up"),
        _ => scale.rest(open),
    }
}

/// Returns the subsets of two to four that add up to an amount; two are enough to know that there is not only one.
fn subsets_adding_up<'c>(open: &[&'c Candidate], amount: Amount) -> Vec<Vec<&'c Candidate>> {
    let mut found = Vec::new();
    for bits in 0_u32..1 << open.len() {
        if (2..=4).contains(&bits.count_ones()) {
            let subset: Vec<&Candidate> = (0..open.len()).filter(|i| bits >> i & 1 == 1).map(|i| open[i]).collect();
            if principal(&subset) == amount {
                found.push(subset);
            }
        }
    }
    found
}
