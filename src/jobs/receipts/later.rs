//! What is decided anew when the payment comes that it gives back: returns that wait, and money out that was passed over (rule M1 Order).

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;

use super::booked_before::referred;
use super::case::Case;
use crate::fact::Subject;
use crate::id::PaymentId;
use crate::jobs::office::JobError;
use crate::matching::{HeldBecause, Shapes};
use crate::money::Amount;
use crate::shell::store::{MoneyOutRow, PaymentRow, Tx, UntriedRow};

/// What may be decided anew, read when it is asked for first: most days have no return.
#[derive(Default)]
pub(super) struct Later {
    returns: Option<Vec<Waiting>>,
    passed_over: Option<PassedOver>,
}

/// A return that waits for its original.
struct Waiting {
    case: Case,
    /// The payments that it refers to by the bank's reference or by end-to-end id, whether they are decided or not.
    originals: BTreeSet<PaymentId>,
}

/// Money out that is decided.
struct PassedOver {
    /// From which booking day on.
    since: NaiveDate,
    by_amount: HashMap<Amount, Vec<MoneyOutRow>>,
}

impl Later {
    /// Returns the waiting returns that may give a payment back.
    pub(super) async fn returns_of(
        &mut self,
        tx: &mut Tx,
        original: &Case,
        shapes: &Shapes,
    ) -> Result<Vec<Case>, JobError> {
        if self.returns.is_none() {
            let ids = tx.payments_held(HeldBecause::ReturnUnmatched).await?;
            self.returns = Some(Vec::with_capacity(ids.len()));
            for row in tx.undecided_payments(&ids).await? {
                self.wait(tx, Case::of(row, shapes)?).await?;
            }
        }
        let is_amount = |case: &Case| {
            let kept = if case.amount().is_negative() { case.payment.charges } else { -case.payment.charges };
            -(case.amount() + kept) == original.row.payment.amount
        };
        let may_return = |waiting: &&Waiting| {
            let by_name = is_amount(&waiting.case) && !waiting.case.keys.documents.is_empty();
            by_name || waiting.originals.contains(&original.id())
        };
        Ok(self.returns.iter().flatten().filter(may_return).map(|waiting| waiting.case.clone()).collect())
    }

    /// Takes up a return that waits.
    pub(super) async fn wait(&mut self, tx: &mut Tx, case: Case) -> Result<(), JobError> {
        // Who is not read yet is read from the books.
        let Some(returns) = &mut self.returns else { return Ok(()) };
        let referred = referred(tx, &case.payment, case.amount().is_positive()).await?;
        let originals = referred.into_iter().map(|(id, _)| id).collect();
        returns.retain(|waiting| waiting.case.id() != case.id());
        returns.push(Waiting { case, originals });
        Ok(())
    }

    /// Returns the money out of a payment's booking day or later that was passed over and may give the payment back.
    pub(super) async fn passed_over(
        &mut self,
        tx: &mut Tx,
        original: &Case,
        shapes: &Shapes,
    ) -> Result<Vec<Case>, JobError> {
        let PaymentRow { amount, booked_on, end_to_end_id, .. } = &original.row.payment;
        if amount.is_negative() {
            return Ok(Vec::new());
        }
        if self.passed_over.as_ref().is_none_or(|known| *booked_on < known.since) {
            let mut by_amount: HashMap<Amount, Vec<MoneyOutRow>> = HashMap::new();
            for row in tx.money_out_since(*booked_on).await? {
                by_amount.entry(row.amount).or_default().push(row);
            }
            self.passed_over = Some(PassedOver { since: *booked_on, by_amount });
        }
        let opposite = -*amount;
        let equal = self.passed_over.iter_mut().find_map(|known| known.by_amount.get_mut(&opposite));
        let (mut cases, mut nameless) = (Vec::new(), BTreeSet::new());
        for row in equal.iter().flat_map(|equal| equal.iter()).filter(|row| row.booked_on >= *booked_on) {
            let Some(case) = passed_over_case(tx, row.id, shapes).await? else {
                nameless.insert(row.id);
                continue;
            };
            let is_of_id = row.end_to_end_id.is_some() && row.end_to_end_id == *end_to_end_id;
            let is_nameless = case.keys.documents.is_empty();
            if is_of_id || !is_nameless {
                cases.push(case);
            } else if row.end_to_end_id.is_none() {
                nameless.insert(row.id);
            }
        }
        // It names nothing, whatever else comes.
        if let Some(equal) = equal {
            equal.retain(|row| !nameless.contains(&row.id));
        }
        Ok(cases)
    }

    /// Forgets what is decided now.
    pub(super) fn forget(&mut self, payment: PaymentId) {
        self.returns.iter_mut().for_each(|returns| returns.retain(|waiting| waiting.case.id() != payment));
        let lists = self.passed_over.iter_mut().flat_map(|known| known.by_amount.values_mut());
        lists.for_each(|list| list.retain(|row| row.id != payment));
    }
}

/// Reads money out, if the matcher or a rule has passed it over; not if the owner has.
async fn passed_over_case(tx: &mut Tx, payment: PaymentId, shapes: &Shapes) -> Result<Option<Case>, JobError> {
    let last = tx.latest_decision(Subject::Payment(payment)).await?;
    if !last.is_some_and(|last| last.verdict.passes_over()) {
        return Ok(None);
    }
    let Some(payment) = tx.payment(payment).await? else { return Ok(None) };
    let open_amount = payment.amount;
    Case::of(UntriedRow { payment, open_amount, tried_run_id: None, held_because: None }, shapes).map(Some)
}
