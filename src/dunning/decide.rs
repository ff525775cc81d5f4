//! The decision: which letter a customer gets today, or why not, and when to look again (rules D1 to D10).

use chrono::{Days, NaiveDate};

use super::case::{CustomerCase, HoldReason, Item, SentStage, Surroundings};
use super::interest::{Accrual, accrue, default_start};
use super::policy::Policy;
use crate::calendar::BusinessDays;
use crate::customer::CustomerKind;
use crate::id::DocumentId;
use crate::money::{Amount, Currency};

/// What is decided for a customer on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The letter, if one leaves.
    pub letter: Option<DunningLetter>,
    /// What was found for each invoice, in the order of due date and number.
    pub findings: Vec<Finding>,
}

/// What was found for an invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which.
    pub document: DocumentId,
    /// The stage that is next, from 1.
    pub stage: usize,
    /// What follows.
    pub outcome: Outcome,
    /// When something can happen next; nothing: never by itself.
    pub next_on: Option<NaiveDate>,
}

/// What follows for an invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing is open.
    Settled,
    /// The next letter is not earned yet.
    Waiting,
    /// The last stage was sent; the owner's turn.
    LastStage,
    /// A letter is due and held.
    Held {
        /// Why.
        reason: HoldReason,
        /// About whom or what: a payment, an account, a day.
        about: String,
    },
    /// It is in today's letter.
    InLetter,
}

/// A letter with all its amounts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DunningLetter {
    /// The highest stage of its items (rule D4).
    pub stage: usize,
    /// The name of that stage.
    pub stage_name: String,
    /// The latest deadline of its items (rule D3).
    pub deadline_on: NaiveDate,
    /// The currency of all its items.
    pub currency: Currency,
    /// The day up to which payments are considered; nothing without bank data.
    pub covered_through: Option<NaiveDate>,
    /// The items, by due date and number.
    pub items: Vec<LetterItem>,
}

impl DunningLetter {
    /// Returns what the customer is asked to pay.
    pub fn total(&self) -> Amount {
        self.items.iter().map(LetterItem::total).sum()
    }
}

/// An invoice in a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LetterItem {
    /// Which.
    pub document: DocumentId,
    /// Its own stage.
    pub stage: usize,
    /// The open principal.
    pub principal: Amount,
    /// The interest claimed up to today, less what was paid of it.
    pub interest: Amount,
    /// The costs claimed up to today, less what was paid of them.
    pub costs: Amount,
    /// All interest up to today.
    pub interest_total: Amount,
    /// All costs up to today.
    pub costs_total: Amount,
    /// The fee of this letter alone.
    pub fee: Amount,
    /// What the interest is made of.
    pub accrual: Accrual,
    /// Interest is left out because a base rate is not known (N15): the first day without one.
    pub rate_unknown_on: Option<NaiveDate>,
}

impl LetterItem {
    /// Returns principal, interest and costs (rule D10).
    pub fn total(&self) -> Amount {
        self.principal + self.interest + self.costs
    }
}

/// Returns the day from which an invoice counts as overdue (rule D1): its due date, or the full term after a new delivery,
/// rolled to a business day.
pub fn effective_due(
    issued_on: NaiveDate,
    due_on: NaiveDate,
    redelivered_on: Option<NaiveDate>,
    business_days: &BusinessDays,
) -> NaiveDate {
    let due = redelivered_on.map_or(due_on, |day| due_on.max(day + (due_on - issued_on)));
    business_days.next(due)
}

/// Decides for one customer on one day.
pub fn decide(case: &CustomerCase, around: Surroundings<'_>) -> Plan {
    let mut items: Vec<&Item> = case.items.iter().collect();
    items.sort_by(|a, b| (a.due_on, &a.number).cmp(&(b.due_on, &b.number)));
    let mut findings: Vec<Finding> = items.iter().map(|item| find(case, item, around)).collect();

    // One letter has one currency; the others wait for their day.
    let due: Vec<&Item> = items.iter().copied().filter(|i| in_letter(&findings, i.document)).collect();
    let Some(currency) = due.iter().map(|item| item.currency).min() else {
        return Plan { letter: None, findings };
    };
    let in_currency: Vec<&Item> = due.iter().copied().filter(|item| item.currency == currency).collect();
    for finding in &mut findings {
        if due.iter().any(|item| item.document == finding.document && item.currency != currency) {
            finding.outcome = Outcome::Waiting;
            finding.next_on = around.today.succ_opt();
        }
    }
    let letter = write(case, &in_currency, around);
    for finding in findings.iter_mut().filter(|finding| finding.outcome == Outcome::InLetter) {
        let item = in_currency.iter().find(|item| item.document == finding.document).expect("it is in the letter");
        let after = item.policy.stages.get(finding.stage).map(|next| letter.deadline_on + days(next.after_days));
        finding.next_on = after.and_then(|day| item.policy.next_sending_day(day, around.business_days));
    }
    Plan { letter: Some(letter), findings }
}

fn in_letter(findings: &[Finding], document: DocumentId) -> bool {
    findings.iter().any(|finding| finding.document == document && finding.outcome == Outcome::InLetter)
}

/// Judges one invoice.
fn find(case: &CustomerCase, item: &Item, around: Surroundings<'_>) -> Finding {
    let sent = item.sent.last();
    let stage = sent.map_or(0, |letter| letter.stage) + 1;
    let found = |outcome, next_on| Finding { document: item.document, stage, outcome, next_on };
    if !item.open.is_positive() {
        return found(Outcome::Settled, None);
    }
    let Some(policy_stage) = item.policy.stages.get(stage - 1) else {
        // When the last deadline is over, it is the owner's turn.
        let over = sent.map(|letter| letter.deadline_on + days(1)).filter(|day| *day > around.today);
        return over.map_or(found(Outcome::LastStage, None), |day| found(Outcome::Waiting, Some(day)));
    };
    let from = match sent {
        None => effective_due(item.issued_on, item.due_on, item.redelivered_on, around.business_days),
        Some(letter) => letter.deadline_on,
    };
    let earned = from + days(policy_stage.after_days);
    let rested = item.returned_on.map_or(earned, |day| earned.max(day + days(item.policy.return_wait_days)));
    let sending_day = item.policy.next_sending_day(rested.max(around.today), around.business_days);
    if sending_day != Some(around.today) {
        return found(Outcome::Waiting, sending_day);
    }
    match hold(case, item, around) {
        None => found(Outcome::InLetter, None),
        Some((reason, about)) => {
            let tomorrow = around.today + Days::new(1);
            found(Outcome::Held { reason, about }, item.policy.next_sending_day(tomorrow, around.business_days))
        }
    }
}

/// The first reason that holds a letter which is due (rule D5), and what it is about.
fn hold(case: &CustomerCase, item: &Item, around: Surroundings<'_>) -> Option<(HoldReason, String)> {
    let today = around.today;
    let until = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let still = |hold: &Option<NaiveDate>| hold.is_none_or(|last| last >= today);
    if item.disputed {
        return Some((HoldReason::Disputed, String::new()));
    }
    if item.undelivered {
        return Some((HoldReason::Undelivered, String::new()));
    }
    if let Some(last) = [&item.blocked, &case.blocked].into_iter().flatten().find(|last| still(last)) {
        return Some((HoldReason::Blocked, until(*last)));
    }
    if item.promised_until.is_some_and(|last| last >= today) {
        return Some((HoldReason::Promise, until(item.promised_until)));
    }
    if let Some(payment) = &case.unallocated_credit {
        return Some((HoldReason::UnallocatedCredit, payment.clone()));
    }
    // The credit covers the oldest invoices first.
    let up_to_here = case
        .items
        .iter()
        .filter(|i| i.currency == item.currency && (i.due_on, &i.number) <= (item.due_on, &item.number));
    let open: Amount = up_to_here.map(|i| i.open.max(Amount::ZERO)).sum();
    let credit =
        case.credit.iter().find(|(currency, _)| *currency == item.currency).map_or(Amount::ZERO, |(_, credit)| *credit);
    if credit.is_positive() && credit >= open {
        return Some((HoldReason::CustomerCredit, credit.plain(item.currency)));
    }
    if item.open < item.policy.min_amount.of(item.currency) {
        return Some((HoldReason::BelowMinimum, item.open.plain(item.currency)));
    }
    let needed = around.business_days.before(today, item.policy.bank_max_age_business_days);
    if item.bank.covered_through.is_none_or(|day| day < needed) {
        return Some((HoldReason::BankStale, item.bank.weakest.clone()));
    }
    None
}

/// Writes the letter for the invoices that are due (rules D3, D4, D6, D8, D10).
fn write(case: &CustomerCase, items: &[&Item], around: Surroundings<'_>) -> DunningLetter {
    let mut letter = DunningLetter {
        stage: 0,
        stage_name: String::new(),
        deadline_on: around.today,
        currency: items[0].currency,
        covered_through: items.iter().filter_map(|item| item.bank.covered_through).min(),
        items: Vec::with_capacity(items.len()),
    };
    for item in items {
        let stage = item.sent.last().map_or(0, |sent| sent.stage) + 1;
        let policy_stage = &item.policy.stages[stage - 1];
        let deadline = around.business_days.next(around.today + days(policy_stage.deadline_days));
        letter.deadline_on = letter.deadline_on.max(deadline);
        if stage > letter.stage {
            letter.stage = stage;
            letter.stage_name.clone_from(&policy_stage.name);
        }
        letter.items.push(write_item(case, item, stage, around));
    }
    letter
}

fn write_item(case: &CustomerCase, item: &Item, stage: usize, around: Surroundings<'_>) -> LetterItem {
    let policy_stage = &item.policy.stages[stage - 1];
    let fee = policy_stage.fee.of(item.currency);
    let today = SentStage { stage, sent_on: around.today, deadline_on: around.today, fee };
    let sent: Vec<SentStage> = item.sent.iter().copied().chain([today]).collect();
    let costs_total = costs(&item.policy, case.kind, &sent, item.currency);

    let (mut accrual, mut rate_unknown_on) = (Accrual::default(), None);
    if let Some(rule) = item.policy.interest.as_ref().filter(|_| policy_stage.interest) {
        let due = effective_due(item.issued_on, item.due_on, item.redelivered_on, around.business_days);
        let start = default_start(item, due, around.today, around.business_days);
        match accrue(&item.movements, rule, around.rates, start, around.today) {
            Ok(sum) => accrual = sum,
            Err(unknown) => rate_unknown_on = Some(unknown.day),
        }
    }
    LetterItem {
        document: item.document,
        stage,
        principal: item.open,
        interest: (accrual.amount - item.interest_paid).max(Amount::ZERO),
        costs: (costs_total - item.costs_paid).max(Amount::ZERO),
        interest_total: accrual.amount,
        costs_total,
        fee,
        accrual,
        rate_unknown_on,
    }
}

/// Returns all costs of an invoice after the letters sent (rule D8): their fees, or the lump sum where it is larger.
pub fn costs(policy: &Policy, kind: CustomerKind, sent: &[SentStage], currency: Currency) -> Amount {
    let fees: Amount = sent.iter().map(|letter| letter.fee).sum();
    let stage = sent.iter().map(|letter| letter.stage).max().unwrap_or(0);
    // § 288 (5) sentence 3 BGB: the lump sum is set off against such costs, so the larger of both is claimed.
    let lump_sum = policy.lump_sum.as_ref().filter(|l| kind == CustomerKind::Business && stage >= l.from_stage);
    lump_sum.map_or(fees, |lump_sum| fees.max(lump_sum.amount.of(currency)))
}

fn days(n: u32) -> Days {
    Days::new(u64::from(n))
}
