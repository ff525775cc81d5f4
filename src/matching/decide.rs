//! The decision on money in (rules M1.3, M4, M6 and M6b).

use std::collections::BTreeSet;

use super::alternatives::{Readings, readings};
use super::case::Case;
use super::contract::quoted;
use super::customer::{owners_of, pointers};
use super::debit::give_back;
use super::evidence::{bad_references, places, references};
use super::flag::Flag;
use super::model::{Config, Found, Payment};
use super::text::Texts;
use super::verdict::{Because, Decision, Verdict};
use crate::id::DocumentId;

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
            Decision::Auto | Decision::Suggest | Decision::Hold | Decision::Ignore => {
                decide_held(payment, found, config, Flag::ReturnUnmatched)
            }
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
        bad: bad_references(payment, &texts, &referred, &places.all, config),
        owners: owners_of(payment, &found.customers),
        payers: pointers(payment, &texts, &found.customers).into_iter().map(|(customer, _)| customer).collect(),
        quoted: quoted(&texts, &found.contracts),
        texts: &texts,
        places: &places,
    };
    let mut verdict = match readings(&referred, &places.all) {
        Readings::Union(union) => case.union(&union),
        Readings::OneOf(list) => case.named(&list),
        Readings::None => case.by_contract().unwrap_or_else(|| case.unnamed()),
    };
    let named = referred.into_iter().chain(places.all.iter().map(|place| place.evidence(&texts)));
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
