//! The decision where documents are named: which reading of the text holds, and who may pay them (rules M4 and M6).

use std::collections::BTreeSet;

use super::alternatives::Alternative;
use super::amount::{Relation, Settlement, principal};
use super::case::{Case, ids};
use super::customer::name_fits;
use super::evidence::Hit;
use super::flag::Flag;
use super::model::{Candidate, CandidateState};
use super::verdict::{Because, Decision, Reading, Rung, Verdict};
use crate::id::{CustomerId, DocumentId};

/// How many of a customer's other invoices, the oldest, may explain what is too much.
const MOST_OTHERS: usize = 30;

/// How many of them at once, unless it is all.
const MOST_ADDED: usize = 3;

impl<'a> Case<'a> {
    /// A reference, and numbers that name further documents.
    pub(super) fn union(&self, union: &Alternative) -> Verdict {
        let documents = self.documents(&union.documents);
        let all = union.documents.iter().copied();
        if self.foreign(&documents) {
            return Verdict::new(Decision::Suggest, Some(union.rung)).flag(Flag::CurrencyMismatch).among(all);
        }
        if documents.iter().all(|document| document.is_open()) {
            let settlement = self.scale().weigh(&documents, &self.others());
            if settlement.relation == Relation::Fits {
                return self.with_reference(union.rung, &documents, settlement, false);
            }
        }
        self.add_bad(Verdict::new(Decision::Suggest, Some(union.rung)).flag(Flag::ReferenceConflict).among(all))
    }

    /// One of several readings.
    pub(super) fn named(&self, list: &[Alternative]) -> Verdict {
        let named: BTreeSet<DocumentId> =
            list.iter().flat_map(|alternative| alternative.documents.iter().copied()).collect();
        let all = self.documents(&named);
        let rung = list[0].rung;
        if self.foreign(&all) {
            return self.add_bad(Verdict::new(Decision::Suggest, Some(rung)).flag(Flag::CurrencyMismatch).among(named));
        }
        if all.iter().all(|document| !document.is_open()) {
            return self.all_closed(rung, &all);
        }
        let closed = all.iter().any(|document| !document.is_open());
        let scale = self.scale();
        let others = self.others();
        // Each reading by the documents that are open in it; equal ones are one, and the first gives the rung.
        let mut open: Vec<(Rung, Vec<&Candidate>, Settlement)> = Vec::new();
        for alternative in list {
            let documents: Vec<&Candidate> =
                self.documents(&alternative.documents).into_iter().filter(|d| d.is_open()).collect();
            let known = open.iter().any(|(_, set, _)| ids(set) == ids(&documents));
            if !documents.is_empty() && !known {
                let settlement = scale.weigh(&documents, &others);
                open.push((alternative.rung, documents, settlement));
            }
        }
        let readings = open.iter().map(|(rung, documents, settlement)| Reading {
            rung: *rung,
            documents: documents.iter().map(|document| document.id).collect(),
            open: principal(documents),
            fits: settlement.relation == Relation::Fits,
        });
        let readings: Vec<Reading> = if open.len() > 1 { readings.collect() } else { Vec::new() };
        let mut fitting: Vec<_> =
            open.iter().filter(|(.., settlement)| settlement.relation == Relation::Fits).collect();
        let chosen = match (&fitting[..], &open[..]) {
            ([_], _) => fitting.pop(),
            ([], [only]) => Some(only),
            _ => None,
        };
        let verdict = match chosen {
            Some((rung, documents, settlement)) => self.with_reference(*rung, documents, settlement.clone(), closed),
            None => {
                let candidates = open.iter().flat_map(|(_, set, _)| ids(set)).collect::<BTreeSet<_>>();
                let verdict = Verdict::new(Decision::Suggest, Some(Rung::R4)).flag(Flag::Ambiguous).among(candidates);
                self.add_bad(if closed { verdict.flag(Flag::ClosedReference) } else { verdict })
            }
        };
        Verdict { readings, ..verdict }
    }

    /// M6: the table.
    fn with_reference(&self, rung: Rung, documents: &[&'a Candidate], settlement: Settlement, closed: bool) -> Verdict {
        let customers: BTreeSet<CustomerId> = documents.iter().map(|document| document.customer).collect();
        let relation = settlement.relation;
        let fits = relation == Relation::Fits;
        // (ii): digits without a prefix and end-to-end ids carry no amount that does not fit.
        let rung = if rung == Rung::R3 && !fits && !self.are_written_out(documents) { Rung::R4 } else { rung };
        let by_number = matches!(rung, Rung::R3 | Rung::R4);
        let third_party = !self.owners.is_empty() && !self.owners.iter().any(|owner| customers.contains(owner));
        let several = customers.len() > 1;
        let soft = third_party || several || closed || !self.bad.is_empty();
        let is_payers = self.payers.iter().any(|payer| customers.contains(payer));
        let own = if by_number && fits && !is_payers { self.own_invoices() } else { Vec::new() };
        let by_date = by_number && documents.iter().any(|document| self.places.only_by_date(document.id));
        let is_unknown = !is_payers
            && !third_party
            && match (relation, rung) {
                (Relation::Fits, _) => by_date,
                (Relation::Partial | Relation::Late, Rung::R3) => !soft && documents.len() == 1,
                (_, Rung::R3) => !soft,
                _ => false,
            };
        let may = match (relation, rung) {
            (Relation::Fits, Rung::R4) => !third_party && self.bad.is_empty(),
            (Relation::Fits, _) => true,
            (_, Rung::R4) => false,
            (Relation::Partial | Relation::Late, _) => !soft && documents.len() == 1,
            (Relation::Short | Relation::Over, _) => !soft,
        };
        let guess = if relation == Relation::Over && !several { self.explained(documents) } else { None };
        let is_named_alone = guess.as_ref().is_none_or(Vec::is_empty);
        let mut verdict = match guess.as_deref() {
            Some([more]) => {
                let all: Vec<&Candidate> = documents.iter().chain(more).copied().collect();
                self.settle(Decision::Suggest, rung, self.scale().weigh(&all, &self.others()))
            }
            Some(several @ [_, _, ..]) => {
                let all = documents.iter().chain(several.iter().flatten()).map(|document| document.id);
                Verdict::new(Decision::Suggest, Some(rung)).flag(Flag::Ambiguous).among(all)
            }
            guess => {
                let auto = may && !is_unknown && own.is_empty() && guess.is_none();
                self.settle(if auto { Decision::Auto } else { Decision::Suggest }, rung, settlement)
            }
        };
        let flags = [
            (third_party || !own.is_empty(), Flag::ThirdPartyPayer),
            (several, Flag::MultipleCustomers),
            (closed, Flag::ClosedReference),
            (is_unknown && is_named_alone, Flag::UnknownPayer),
            (guess.is_some(), Flag::ListGuess),
        ];
        verdict.flags.extend(flags.into_iter().filter(|(set, _)| *set).map(|(_, flag)| flag));
        verdict.candidates.extend(own.iter().map(|document| document.id));
        verdict.is_of_payer = is_payers || !by_number;
        let booked = verdict.decision == Decision::Auto && fits && rung != Rung::R4;
        if booked && !third_party && !several && self.owners.is_empty() {
            verdict.learn = customers.first().copied().filter(|customer| self.is_named_like(*customer));
        }
        self.add_bad(verdict)
    }

    /// Tells whether each document is written out in the remittance, with its prefix: only so a stranger's number is none of his own.
    fn are_written_out(&self, documents: &[&Candidate]) -> bool {
        let is_written = |document: &&Candidate| {
            self.places.all.iter().any(|place| {
                place.document == document.id
                    && place.hit == Hit::E1
                    && place.strong
                    && self.texts.is_remittance(place.text)
            })
        };
        documents.iter().all(is_written)
    }

    /// (i): the open invoices of whoever pays that are over exactly this amount; he may have mistyped.
    fn own_invoices(&self) -> Vec<&'a Candidate> {
        let is_own = |document: &&Candidate| {
            self.payers.contains(&document.customer)
                && document.is_open_invoice()
                && document.open == self.payment.amount
                && Some(document.currency) == self.payment.currency
        };
        self.found.of_customers.iter().filter(is_own).collect()
    }

    /// Tells whether the payer's account may be learned of a customer: his name is the customer's.
    fn is_named_like(&self, customer: CustomerId) -> bool {
        let name = self.payment.payer_name.as_deref().filter(|_| self.payment.payer_iban.is_some());
        let customer = self.found.customers.iter().find(|known| known.id == customer);
        name.zip(customer).is_some_and(|(payer, customer)| name_fits(payer, &customer.name))
    }

    /// (iii): the other open invoices of the customer that explain what is too much, one choice each; nothing where it is credit. An empty
    /// list: something explains it, and nobody knows what.
    fn explained(&self, documents: &[&'a Candidate]) -> Option<Vec<Vec<&'a Candidate>>> {
        let first = documents.first()?;
        let is_other = |other: &&Candidate| {
            other.customer == first.customer
                && other.is_open_invoice()
                && !other.disputed
                && Some(other.currency) == self.payment.currency
                && !documents.iter().any(|document| document.id == other.id)
        };
        let mut others: Vec<&Candidate> = self.found.of_customers.iter().filter(is_other).collect();
        others.sort_by(|a, b| a.age().cmp(&b.age()));
        let (scale, all) = (self.scale(), self.others());
        let fits = |more: &Vec<&'a Candidate>| {
            let set: Vec<&Candidate> = documents.iter().chain(more).copied().collect();
            scale.may_fit(&set, &all) && scale.weigh(&set, &all).relation == Relation::Fits
        };
        let mut fitting: Vec<Vec<&Candidate>> =
            choices(&others[..others.len().min(MOST_OTHERS)]).into_iter().filter(fits).collect();
        if others.len() > MOST_ADDED && fits(&others) {
            fitting.push(others.clone());
        }
        // Somebody who pays two and deducts a little (choice).
        let smallest = others.iter().map(|other| other.open).min();
        let is_near = smallest.is_some_and(|smallest| {
            let both = i128::from((principal(documents) + smallest).minor());
            i128::from(self.payment.amount.minor()) * 100 >= both * 95
        });
        (!fitting.is_empty() || self.places.has_broken_list || is_near).then_some(fitting)
    }

    /// Money for costs that were left of paid invoices: no more than they are.
    fn costs_of(&self, rung: Rung, named: &[&'a Candidate]) -> Option<Verdict> {
        let owing: Vec<&Candidate> = named.iter().copied().filter(|document| document.owes_costs()).collect();
        if owing.is_empty() {
            return None;
        }
        let settlement = self.scale().costs_alone(&owing)?;
        Some(self.with_reference(rung, &owing, settlement, owing.len() < named.len()))
    }

    /// All named documents are paid or cancelled.
    fn all_closed(&self, rung: Rung, named: &[&'a Candidate]) -> Verdict {
        let customers: BTreeSet<CustomerId> = named.iter().map(|document| document.customer).collect();
        if let Some(verdict) = self.costs_of(rung, named) {
            return verdict;
        }
        // A standing order that repeats the number of an old invoice quotes its contract too.
        if let Some(mut verdict) = self.by_contract() {
            verdict.flags.push(Flag::AlreadyPaid);
            return verdict;
        }
        let of_same = self.found.of_customers.iter().filter(|candidate| {
            customers.contains(&candidate.customer)
                && candidate.is_open_invoice()
                && Some(candidate.currency) == self.payment.currency
                && candidate.open == self.payment.amount
        });
        let mut verdict = match &of_same.collect::<Vec<_>>()[..] {
            [one] => {
                let settlement = self.scale_to_the_cent().weigh(&[*one], &[]);
                self.settle(Decision::Suggest, Rung::R5, settlement)
            }
            _ => Verdict::new(Decision::Hold, Some(rung)),
        };
        if named.iter().any(|document| document.state == CandidateState::Cancelled) {
            verdict.flags.push(Flag::CancelledInvoice);
        }
        if named.iter().any(|document| document.state != CandidateState::Cancelled) {
            verdict.flags.push(Flag::AlreadyPaid);
        }
        verdict.concerns.extend(customers.into_iter().map(|customer| (customer, Because::Candidate)));
        self.add_bad(verdict)
    }
}

/// All choices of one to three of some documents.
fn choices<'c>(documents: &[&'c Candidate]) -> Vec<Vec<&'c Candidate>> {
    let mut choices = Vec::new();
    for (place, first) in documents.iter().enumerate() {
        choices.push(vec![*first]);
        for (second_place, second) in documents.iter().enumerate().skip(place + 1) {
            choices.push(vec![*first, *second]);
            choices.extend(documents[second_place + 1..].iter().map(|third| vec![*first, *second, *third]));
        }
    }
    choices
}
