//! What the letters on an invoice cost (rule D8).

use super::case::SentStage;
use super::policy::Policy;
use crate::customer::CustomerKind;
use crate::money::{Amount, Currency};

/// Returns all costs of an invoice after the letters sent (rule D8): their fees, or the lump sum where it is larger.
pub fn costs(policy: &Policy, kind: CustomerKind, sent: &[SentStage], currency: Currency) -> Amount {
    let fees: Amount = sent.iter().map(|letter| letter.fee).sum();
    let stage = sent.iter().map(|letter| letter.stage).max().unwrap_or(0);
    // § 288 (5) sentence 3 BGB: the lump sum is set off against such costs, so the larger of both is claimed.
    let lump_sum = policy.lump_sum.as_ref().filter(|l| kind == CustomerKind::Business && stage >= l.from_stage);
    lump_sum.map_or(fees, |lump_sum| fees.max(lump_sum.amount.of(currency)))
}
