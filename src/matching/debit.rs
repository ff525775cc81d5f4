//! The decision on money out: returned payments, refunds, and all the rest (rule M7).

use super::evidence::{Hit, places, references};
use super::model::{Booked, CandidateKind, Config, Found, Payment};
use super::text::Texts;
use super::verdict::{Allocation, Decision, Flag, Rung, Verdict};
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
fn give_back(payment: &Payment, found: &Found, config: &Config) -> Verdict {
    let amount = payment.amount - payment.charges;
    let charges = payment.charges.is_positive().then_some(Flag::ReturnCharges);
    let mut verdict = match original(payment, amount, found, config) {
        Some(booked) => {
            let negated = booked.allocations.iter().map(|allocation| Allocation {
                document: allocation.document,
                principal: -allocation.principal,
                discount: -allocation.discount,
                fees: -allocation.fees,
                interest: -allocation.interest,
            });
            let mut verdict = Verdict::new(Decision::Return, None);
            verdict.allocations = negated.collect();
            verdict.returned = booked.payment;
            verdict
        }
        None => Verdict::new(Decision::Hold, None).flag(Flag::ReturnUnmatched),
    };
    verdict.flags.extend(charges);
    verdict
}

/// The payment that is given back: by the bank's reference, else by end-to-end id and amount, else by number and amount.
fn original<'f>(payment: &Payment, amount: Amount, found: &'f Found, config: &Config) -> Option<&'f Booked> {
    // What is more than the original the bank kept; what is less gives something else back.
    let by_reference = payment.original_bank_ref.as_ref().and_then(|reference| {
        found.booked.iter().find(|booked| booked.bank_ref.as_ref() == Some(reference) && booked.amount <= amount)
    });
    let by_end_to_end = || {
        let id = payment.end_to_end_id.as_deref().filter(|id| *id != "NOTPROVIDED")?;
        found.booked.iter().find(|booked| booked.end_to_end_id.as_deref() == Some(id) && booked.amount == amount)
    };
    let by_number = || {
        let texts = Texts::of(payment);
        let named = places(&texts, found, config);
        found.booked.iter().find(|booked| {
            booked.amount == amount
                && booked
                    .allocations
                    .iter()
                    .any(|a| named.iter().any(|place| place.is_full() && place.document == a.document))
        })
    };
    by_reference.or_else(by_end_to_end).or_else(by_number)
}

/// A credit note that is paid out, or credit that was to be refunded.
fn refund(payment: &Payment, found: &Found, config: &Config) -> Verdict {
    let texts = Texts::of(payment);
    let numbers = places(&texts, found, config).into_iter().filter(|place| place.hit == Hit::E1);
    let referred = references(payment, &texts, found);
    let mut named: Vec<_> =
        numbers.map(|place| place.document).chain(referred.iter().map(|evidence| evidence.document)).collect();
    named.sort_unstable();
    named.dedup();
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
        _ => Verdict::new(Decision::Ignore, None).flag(Flag::Outgoing),
    }
}
