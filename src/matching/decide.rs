//! The decision on money in (rules M1.3, M4, M6 and M6b).

use std::collections::BTreeSet;

use super::alternatives::{Alternative, Readings, readings};
use super::amount::{Relation, Scale, Settlement, principal};
use super::contract::{Quoted, quoted};
use super::customer::{Payer, name_fits, namesakes, owners_of, payer, pointers};
use super::debit::give_back;
use super::evidence::{Evidence, bad_references, places, references};
use super::flag::Flag;
use super::model::{Candidate, CandidateKind, CandidateState, Config, Found, Payment};
use super::text::Texts;
use super::verdict::{Because, Decision, Reading, Rung, Verdict};
use crate::id::{CustomerId, DocumentId};
use crate::money::Amount;
use crate::reference::digits_of;

/// Decides on a payment that came in, with what was found in the books for it.
pub fn decide(payment: &Payment, found: &Found, config: &Config) -> Verdict {
    if payment.batch_without_details {
        return Verdict::new(Decision::Hold, None).flag(Flag::BatchWithoutDetails);
    }
    if payment.is_return {
        // Money of ours that could not be delivered; never a customer's payment.
        let verdict = give_back(payment, found, config);
        return match verdict.decision {
            Decision::Return => verdict,
            _ => decide_held(payment, found, config, Flag::ReturnUnmatched),
        };
    }
    climb(payment, found, config)
}

/// Climbs the ladder.
fn climb(payment: &Payment, found: &Found, config: &Config) -> Verdict {
    let texts = Texts::of(payment);
    let referred = references(payment, &texts, found);
    let places = places(&texts, found, config);
    let case = Case {
        payment,
        found,
        config,
        bad: bad_references(payment, &texts, &referred, &places, config),
        owners: owners_of(payment, &found.customers),
        quoted: quoted(&texts, &found.contracts),
        texts: &texts,
    };
    let mut verdict = match readings(&referred, &places) {
        Readings::Union(union) => case.union(&union),
        Readings::OneOf(list) => case.named(&list),
        Readings::None => case.by_contract().unwrap_or_else(|| case.unnamed()),
    };
    let named = referred.into_iter().chain(places.iter().map(|place| place.evidence(&texts)));
    verdict.evidence = named.chain(std::mem::take(&mut verdict.evidence)).collect();
    case.finish(verdict)
}

/// Judges a payment that a person must look at first, whatever it says: nothing is booked, but whom it concerns is known, so that
/// no letter leaves meanwhile.
pub fn decide_held(payment: &Payment, found: &Found, config: &Config, because: Flag) -> Verdict {
    let judged = climb(payment, found, config);
    let all = found.named.iter().chain(&found.of_customers).chain(&found.same_amount);
    let paid: BTreeSet<DocumentId> = judged.allocations.iter().map(|allocation| allocation.document).collect();
    let owners = all.filter(|c| paid.contains(&c.id)).map(|c| (c.customer, Because::Candidate));
    let mut verdict =
        Verdict::new(Decision::Hold, None).flag(because).among(judged.candidates.into_iter().chain(paid.clone()));
    verdict.concerns = judged.concerns.into_iter().chain(owners).collect();
    verdict.concerns.extend(pointers(payment, &Texts::of(payment), &found.customers));
    verdict.evidence = judged.evidence;
    verdict.candidates.sort_unstable();
    verdict.candidates.dedup();
    verdict.concerns.sort_unstable();
    verdict.concerns.dedup_by_key(|(customer, _)| *customer);
    verdict
}

/// All that a decision looks at.
struct Case<'a> {
    payment: &'a Payment,
    found: &'a Found,
    config: &'a Config,
    texts: &'a Texts,
    /// Bad references in the text.
    bad: Vec<Flag>,
    /// The customers that the payer's account is known for.
    owners: Vec<CustomerId>,
    /// The contracts that the text quotes.
    quoted: Vec<Quoted<'a>>,
}

impl<'a> Case<'a> {
    /// The scale for documents that are named: differences that are agreed do not matter.
    fn scale(&self) -> Scale<'a> {
        Scale {
            tolerance: self.config.rounding_tolerance,
            bank_fee_tolerance: self.config.bank_fee_tolerance,
            writeoff_below: self.config.writeoff_below,
            ..self.scale_to_the_cent()
        }
    }

    /// The scale for documents that only the amount speaks for.
    fn scale_to_the_cent(&self) -> Scale<'a> {
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
    fn documents(&self, ids: &BTreeSet<DocumentId>) -> Vec<&'a Candidate> {
        self.found.named.iter().filter(|candidate| ids.contains(&candidate.id)).collect()
    }

    /// All open documents of the customers concerned.
    fn others(&self) -> Vec<&'a Candidate> {
        self.found.of_customers.iter().filter(|candidate| candidate.is_open()).collect()
    }

    // --- with a reference (M4, M6) ---

    /// A reference, and numbers that name further documents.
    fn union(&self, union: &Alternative) -> Verdict {
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
    fn named(&self, list: &[Alternative]) -> Verdict {
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
    fn with_reference(&self, rung: Rung, documents: &[&Candidate], settlement: Settlement, closed: bool) -> Verdict {
        let customers: BTreeSet<CustomerId> = documents.iter().map(|document| document.customer).collect();
        let third_party = !self.owners.is_empty() && !self.owners.iter().any(|owner| customers.contains(owner));
        let several = customers.len() > 1;
        let bad = !self.bad.is_empty();
        let soft = third_party || several || closed || bad;
        let auto = match (settlement.relation, rung) {
            (Relation::Fits, Rung::R4) => !third_party && !bad,
            (Relation::Fits, _) => true,
            (_, Rung::R4) => false,
            (Relation::Late | Relation::Short, _) => !soft,
            (Relation::Partial, _) => !soft && documents.len() == 1,
            (Relation::Over, _) => !soft,
        };
        let mut verdict = self.settle(if auto { Decision::Auto } else { Decision::Suggest }, rung, settlement);
        let flags =
            [(third_party, Flag::ThirdPartyPayer), (several, Flag::MultipleCustomers), (closed, Flag::ClosedReference)];
        verdict.flags.extend(flags.into_iter().filter(|(set, _)| *set).map(|(_, flag)| flag));
        let name_is_right = || {
            let customer = self.found.customers.iter().find(|c| customers.contains(&c.id));
            self.payment
                .payer_name
                .as_deref()
                .zip(customer)
                .is_some_and(|(payer, customer)| name_fits(payer, &customer.name))
        };
        let fits =
            matches!(verdict.decision, Decision::Auto) && rung != Rung::R4 && !verdict.flags.contains(&Flag::Partial);
        let unclear = [Flag::Overpayment, Flag::DiscountLate, Flag::BankFee, Flag::WrittenOff]
            .iter()
            .any(|flag| verdict.flags.contains(flag));
        if fits
            && !unclear
            && !third_party
            && !several
            && self.owners.is_empty()
            && self.payment.payer_iban.is_some()
            && name_is_right()
        {
            verdict.learn = customers.first().copied();
        }
        self.add_bad(verdict)
    }

    /// All named documents are paid or cancelled.
    fn all_closed(&self, rung: Rung, named: &[&Candidate]) -> Verdict {
        let customers: BTreeSet<CustomerId> = named.iter().map(|document| document.customer).collect();
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

    // --- by contract ---

    /// Returns the place that quotes a document's contract.
    fn quote_of(&self, candidate: &Candidate) -> Option<&Quoted<'a>> {
        self.quoted.iter().find(|quoted| {
            quoted.contract.customer == candidate.customer
                && candidate.contract.as_deref() == Some(quoted.contract.number.as_str())
        })
    }

    /// The text quotes contracts, and an open invoice of theirs has exactly this amount: booked if the payer's account is the
    /// customer's, else proposed.
    fn by_contract(&self) -> Option<Verdict> {
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

    // --- without a reference (M6b) ---

    fn unnamed(&self) -> Verdict {
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
        let sure = self.bad.is_empty() && conflict.is_none() && unclear.is_empty() && !other_contract;
        let mut verdict = self.settle(if sure { Decision::Auto } else { Decision::Suggest }, Rung::R5, settlement);
        verdict.flags.extend(flags);
        verdict.flags.extend(conflict);
        verdict.flags.extend(other_contract.then_some(Flag::ContractQuoted));
        if !unclear.is_empty() {
            verdict.flags.push(Flag::ReferenceUnclear);
            verdict
                .candidates
                .extend(unclear.iter().filter(|candidate| candidate.is_open()).map(|candidate| candidate.id));
        }
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

    /// The shadow check: documents whose digits stand in a text although they are not chosen.
    fn digits_of_others(&self, chosen: &[&Candidate]) -> Vec<&'a Candidate> {
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

    // --- common ---

    fn foreign(&self, documents: &[&Candidate]) -> bool {
        documents.iter().any(|document| Some(document.currency) != self.payment.currency)
    }

    /// Turns a settlement into a verdict; a proposal lists its documents as candidates.
    fn settle(&self, decision: Decision, rung: Rung, settlement: Settlement) -> Verdict {
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

    fn add_bad(&self, mut verdict: Verdict) -> Verdict {
        verdict.flags.extend(&self.bad);
        verdict
    }

    /// Orders what is a set, and adds whom an undecided payment concerns.
    fn finish(&self, mut verdict: Verdict) -> Verdict {
        verdict.flags.sort_unstable();
        verdict.flags.dedup();
        verdict.candidates.sort_unstable();
        verdict.candidates.dedup();
        if matches!(verdict.decision, Decision::Suggest | Decision::Hold) {
            let all = self.found.named.iter().chain(&self.found.of_customers).chain(&self.found.same_amount);
            // On R0 the candidates are a guess by amount alone: rule (c) of the guard, which has its own time limit.
            let by_amount = matches!(verdict.rung, Some(Rung::R0 | Rung::R7));
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

fn ids(documents: &[&Candidate]) -> BTreeSet<DocumentId> {
    documents.iter().map(|document| document.id).collect()
}
