//! The decision on money out: returned payments, refunds, and all the rest (rule M7).

use std::collections::BTreeSet;

use super::allocation::Allocation;
use super::evidence::{Hit, Place, places, references};
use super::flag::Flag;
use super::model::{Booked, CandidateKind, Config, Found, Payment};
use super::text::Texts;
use super::verdict::{Decision, Rung, Verdict};
use crate::id::DocumentId;
use crate::money::Amount;

/// Decides on money that went out.
pub fn decide_debit(payment: &Payment, found: &Found, config: &Config) -> Verdict {
    if payment.batch_without_details {
        return Verdict::new(Decision::Hold, None).flag(Flag::BatchWithoutDetails);
    }
    let mut verdict =
        if payment.is_return { give_back(payment, found, config) } else { refund(payment, found, config) };
    verdict.flags.sort_unstable();
    verdict.flags.dedup();
    verdict
}

/// An earlier payment is given back: its booking is undone, costs and all.
pub(super) fn give_back(payment: &Payment, found: &Found, config: &Config) -> Verdict {
    let charges = payment.charges.is_positive().then_some(Flag::ReturnCharges);
    let originals = originals(payment, &found.booked, found, config);
    let mut verdict = if originals.is_empty() {
        Verdict::new(Decision::Hold, None).flag(Flag::ReturnUnmatched)
    } else {
        let negated = originals.iter().flat_map(|booked| &booked.allocations).map(|allocation| Allocation {
            document: allocation.document,
            principal: -allocation.principal,
            discount: -allocation.discount,
            fees: -allocation.fees,
            interest: -allocation.interest,
        });
        let mut verdict = Verdict::new(Decision::Return, None);
        verdict.allocations = negated.collect();
        verdict.returned = originals.iter().filter_map(|booked| booked.payment).collect();
        verdict
    };
    verdict.flags.extend(charges);
    verdict
}

/// What banks may keep of a returned payment without saying so, in minor units; more than that is no charge.
const MOST_KEPT: Amount = Amount::from_minor(2500);

/// The payments that are given back: by the bank's reference, else by end-to-end id and amount, else by number or reference and amount.
/// Of several that fit equally the newest, for it is the last one that comes back.
fn originals<'f>(payment: &Payment, booked: &'f [Booked], found: &Found, config: &Config) -> Vec<&'f Booked> {
    let amount = payment.amount - payment.charges;
    let named = named_in_full(payment, found, config);
    let is_named = |booked: &&Booked| booked.documents.iter().any(|document| named.contains(document));
    let id = payment.end_to_end_id.as_deref().filter(|id| *id != "NOTPROVIDED");
    let is_of_id = |booked: &&Booked| id.is_some() && booked.end_to_end_id.as_deref() == id;
    let equal = || booked.iter().filter(|booked| booked.amount == amount);
    let by_reference = payment.original_bank_ref.as_ref().and_then(|reference| {
        let same: Vec<&Booked> = booked.iter().filter(|booked| booked.bank_ref.as_ref() == Some(reference)).collect();
        by_bank_reference(&same, amount, &is_of_id, &is_named)
    });
    by_reference
        .or_else(|| equal().find(is_of_id).map(|booked| vec![booked]))
        .or_else(|| equal().find(is_named).map(|booked| vec![booked]))
        .unwrap_or_default()
}

/// The documents that a text names by their number in full (E1, E2), by RF or QRR.
fn named_in_full(payment: &Payment, found: &Found, config: &Config) -> BTreeSet<DocumentId> {
    let texts = Texts::of(payment);
    let numbers = places(&texts, found, config).all.into_iter().filter(Place::is_full).map(|place| place.document);
    numbers.chain(references(payment, &texts, found).into_iter().map(|evidence| evidence.document)).collect()
}

/// Chooses among payments with one reference of the bank, such as the details of a collective entry: the one of this amount, all of
/// them when they add up to it, or the only one when the bank kept a little.
fn by_bank_reference<'f>(
    same: &[&'f Booked],
    amount: Amount,
    is_of_id: &dyn Fn(&&Booked) -> bool,
    is_named: &dyn Fn(&&Booked) -> bool,
) -> Option<Vec<&'f Booked>> {
    let equal: Vec<&Booked> = same.iter().copied().filter(|booked| booked.amount == amount).collect();
    let only = |which: &dyn Fn(&&Booked) -> bool| {
        let mut fitting = equal.iter().copied().filter(|booked| which(booked));
        fitting.next().filter(|_| fitting.next().is_none())
    };
    match (&equal[..], same) {
        ([one], _) => Some(vec![*one]),
        ([_, ..], _) => only(is_of_id).or_else(|| only(is_named)).map(|booked| vec![booked]),
        ([], [one]) => (one.amount < amount && amount - one.amount <= MOST_KEPT).then(|| vec![*one]),
        ([], all) => (all.iter().map(|booked| booked.amount).sum::<Amount>() == amount).then(|| all.to_vec()),
    }
}

/// A credit note that is paid out, or credit that was to be refunded.
fn refund(payment: &Payment, found: &Found, config: &Config) -> Verdict {
    let texts = Texts::of(payment);
    let numbers = places(&texts, found, config).all.into_iter().filter(|place| place.hit == Hit::E1);
    let referred = references(payment, &texts, found);
    let mut named: Vec<_> =
        numbers.map(|place| place.document).chain(referred.iter().map(|evidence| evidence.document)).collect();
    named.sort_unstable();
    named.dedup();
    let refunds = found.named.iter().filter(|c| named.contains(&c.id) && c.kind == CandidateKind::Refund);
    let notes: Vec<_> = found
        .named
        .iter()
        .filter(|c| {
            named.contains(&c.id)
                && c.kind != CandidateKind::Invoice
                && c.is_open()
                && c.open == -payment.amount
                && Some(c.currency) == payment.currency
        })
        .collect();
    match &notes[..] {
        [note] => {
            let mut verdict = Verdict::new(Decision::Auto, Some(Rung::R3));
            verdict.allocations = vec![Allocation {
                document: note.id,
                principal: note.open,
                discount: Amount::ZERO,
                fees: Amount::ZERO,
                interest: Amount::ZERO,
            }];
            verdict
        }
        // Whoever transferred a refund with another amount, or twice, must hear of it.
        _ if refunds.clone().next().is_some() => {
            let open = refunds.filter(|c| c.is_open()).map(|c| c.id);
            Verdict::new(Decision::Hold, Some(Rung::R3)).flag(Flag::RefundUnfit).among(open)
        }
        _ => possible_return(payment, found, config),
    }
}

/// Money out without a code for it that would give an earlier payment back: a person must say, for an invoice that is not paid looks paid.
fn possible_return(payment: &Payment, found: &Found, config: &Config) -> Verdict {
    let before: Vec<Booked> = found.booked.iter().filter(|b| b.booked_on <= payment.booked_on).cloned().collect();
    let originals = originals(payment, &before, found, config);
    if originals.is_empty() {
        return Verdict::new(Decision::Ignore, None).flag(Flag::Outgoing);
    }
    let documents: BTreeSet<DocumentId> = originals.iter().flat_map(|booked| booked.documents.clone()).collect();
    Verdict::new(Decision::Hold, None).flag(Flag::PossibleReturn).among(documents)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{CustomerId, PaymentId};
    use crate::matching::{Candidate, CandidateState};
    use crate::money::Currency;

    fn config() -> Config {
        Config {
            rounding_tolerance: Amount::ZERO,
            discount_grace_days: 0,
            bank_fee_tolerance: Amount::ZERO,
            writeoff_below: Amount::ZERO,
            waive_below: Amount::ZERO,
            series_prefixes: ["ER", "GS", "RE"].map(str::to_owned).to_vec(),
        }
    }

    fn booked(payment: i64, amount: i64, bank_ref: Option<&str>, id: Option<&str>, document: i64) -> Booked {
        let amount = Amount::from_minor(amount);
        let zero = Amount::ZERO;
        let document = DocumentId::from(document);
        let allocation = Allocation { document, principal: amount, discount: zero, fees: zero, interest: zero };
        Booked {
            payment: Some(PaymentId::from(payment)),
            booked_on: "2026-02-03".parse().unwrap(),
            bank_ref: bank_ref.map(str::to_owned),
            end_to_end_id: id.map(str::to_owned),
            amount,
            allocations: vec![allocation],
            documents: vec![document],
        }
    }

    fn document(id: i64, number: &str, kind: CandidateKind, open: i64) -> Candidate {
        let day = "2026-02-01".parse().unwrap();
        Candidate {
            id: DocumentId::from(id),
            number: number.to_owned(),
            kind,
            customer: CustomerId::from(1),
            contract: None,
            currency: Currency::EUR,
            due_on: day,
            gross: Amount::from_minor(open),
            open: Amount::from_minor(open),
            state: if open == 0 { CandidateState::Paid } else { CandidateState::Open },
            rf: None,
            qrr: None,
            discounts: Vec::new(),
            fees_open: Amount::ZERO,
            interest_open: Amount::ZERO,
            disputed: false,
        }
    }

    fn money(amount: i64, text: &str) -> Payment {
        Payment {
            amount: Amount::from_minor(amount),
            currency: Some(Currency::EUR),
            booked_on: "2026-02-03".parse().unwrap(),
            remittance: vec![text.to_owned()],
            ..Payment::default()
        }
    }

    /// A collective entry BB1 with three details, its payments P-1 to P-3 for the invoices 1 to 3; a standing order P-4 to P-6 with one
    /// end-to-end id; and P-7 alone under BB7. The newest first, as the books list them.
    #[test]
    fn a_return_undoes_what_it_gives_back_and_nothing_else() {
        let one = Some("BB1");
        let all = vec![
            booked(7, 11_900, Some("BB7"), None, 7),
            booked(6, 5_831, None, Some("DAUER77"), 6),
            booked(5, 5_831, None, Some("DAUER77"), 5),
            booked(4, 5_831, None, Some("DAUER77"), 4),
            booked(3, 5_831, one, None, 3),
            booked(2, 30_940, one, None, 2),
            booked(1, 5_831, one, None, 1),
        ];
        let named =
            (1..=7).map(|id| document(id, &format!("RE-2026-{id:04}"), CandidateKind::Invoice, 0)).collect::<Vec<_>>();
        let found = Found { named, booked: all, ..Found::default() };
        type Row<'a> = (&'a str, i64, Option<&'a str>, Option<&'a str>, &'a str, &'a [i64]);
        let table: [Row<'_>; 12] = [
            ("the detail of this amount", 30_940, one, None, "", &[2]),
            ("two of this amount, one named", 5_831, one, None, "RE-2026-0001", &[1]),
            ("two of this amount, none named", 5_831, one, None, "", &[]),
            ("the whole entry", 42_602, one, None, "", &[3, 2, 1]),
            ("the whole entry and more", 43_000, one, None, "", &[]),
            ("a part of the entry that is none", 1_000, one, None, "", &[]),
            ("the bank kept a little", 12_200, Some("BB7"), None, "", &[7]),
            ("the bank cannot have kept so much", 20_000, Some("BB7"), None, "", &[]),
            ("less than was paid", 11_000, Some("BB7"), None, "", &[]),
            ("the newest of a standing order", 5_831, None, Some("DAUER77"), "", &[6]),
            ("by number and amount", 11_900, None, None, "Rückgabe RE-2026-0007", &[7]),
            ("by number with another amount", 11_800, None, None, "Rückgabe RE-2026-0007", &[]),
        ];
        for (name, amount, bank_ref, id, text, expected) in table {
            let payment = Payment {
                is_return: true,
                original_bank_ref: bank_ref.map(str::to_owned),
                end_to_end_id: id.map(str::to_owned),
                ..money(amount, text)
            };
            let verdict = decide_debit(&payment, &found, &config());
            let returned: Vec<i64> = verdict.returned.iter().map(|payment| payment.get()).collect();
            assert_eq!(returned, expected, "{name}");
            let decision = if expected.is_empty() { Decision::Hold } else { Decision::Return };
            assert_eq!(verdict.decision, decision, "{name}");
        }
    }

    #[test]
    fn money_out_without_a_code_may_be_a_return() {
        let waiting = Booked { allocations: Vec::new(), ..booked(2, 8_000, None, Some("E-2"), 2) };
        let found = Found {
            named: vec![document(1, "RE-2026-0001", CandidateKind::Invoice, 0)],
            booked: vec![waiting, booked(1, 11_900, None, Some("E-1"), 1)],
            ..Found::default()
        };
        for (amount, id, text, day, is_held) in [
            (11_900, Some("E-1"), "Rueckruf", "2026-02-04", true),
            (11_900, None, "Retoure RE-2026-0001", "2026-02-03", true),
            (8_000, Some("E-2"), "", "2026-02-04", true),
            (11_900, Some("E-1"), "Rueckruf", "2026-02-02", false),
            (11_900, Some("NOTPROVIDED"), "Miete", "2026-02-04", false),
            (11_800, Some("E-1"), "", "2026-02-04", false),
        ] {
            let end_to_end_id = id.map(str::to_owned);
            let payment = Payment { end_to_end_id, booked_on: day.parse().unwrap(), ..money(amount, text) };
            let verdict = decide_debit(&payment, &found, &config());
            assert_eq!(verdict.flags.contains(&Flag::PossibleReturn), is_held, "{amount} {text} {day}");
            assert_eq!(verdict.goes_before_rules(), is_held);
        }
    }

    #[test]
    fn money_out_that_names_a_refund_settles_it_or_is_asked_about() {
        let named = vec![
            document(1, "ER-2026-0001", CandidateKind::Refund, -10_000),
            document(2, "ER-2026-0002", CandidateKind::Refund, 0),
            document(3, "GS-2026-0001", CandidateKind::CreditNote, -5_000),
        ];
        let found = Found { named, ..Found::default() };
        for (amount, text, decision) in [
            (10_000, "ER-2026-0001", Decision::Auto),
            (9_000, "ER-2026-0001", Decision::Hold),
            (5_000, "ER-2026-0002", Decision::Hold),
            (5_000, "GS-2026-0001", Decision::Auto),
            (4_000, "GS-2026-0001", Decision::Ignore),
            (10_000, "Miete", Decision::Ignore),
        ] {
            assert_eq!(decide_debit(&money(amount, text), &found, &config()).decision, decision, "{amount} {text}");
        }
    }
}
