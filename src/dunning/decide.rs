//! The decision: which letter a customer gets today, or why not, and when to look again (rules D1 to D10).

use chrono::{Days, NaiveDate};

use super::case::{CustomerCase, Item, SentStage, Surroundings};
use super::costs::costs;
use super::due::days;
use super::gate::{Gate, gates, held_for_good, held_through};
use super::gates::HoldReason;
use super::interest::{Accrual, accrue, default_start};
use super::notice::{self, Notice, NoticeFinding, NoticeOutcome};
use super::policy::Enclosure;
use crate::customer::Tone;
use crate::id::DocumentId;
use crate::money::{Amount, Currency};

/// What is decided for a customer on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The letter, if one leaves.
    pub letter: Option<DunningLetter>,
    /// The friendly notice before the due date, if one leaves.
    pub notice: Option<Notice>,
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
    /// When the letter was earned or will be, and from which day that counts (rule D2); nothing when there is none.
    pub earned: Option<Earned>,
    /// The gates that let the letter pass, in order; of a letter that is held, those before the one that holds it.
    pub passed: Vec<Gate>,
    /// The notice before the due date; nothing when there is none, or no more.
    pub notice: Option<NoticeFinding>,
    /// When something can happen next; nothing: never by itself.
    pub next_on: Option<NaiveDate>,
}

/// When a letter is earned (rule D2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Earned {
    /// The effective due date, or the deadline of the letter before.
    pub since: NaiveDate,
    /// The days that the policy waits after it.
    pub after_days: u32,
    /// The day; a returned payment may have moved it.
    pub on: NaiveDate,
}

/// What follows for an invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing is open.
    Settled,
    /// The invoice has not reached the customer yet, so it is not due (rule D1).
    Undelivered,
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
        /// The day on which it leaves all the same, because the hold ends by itself; nothing where it waits for somebody.
        leaves_on: Option<NaiveDate>,
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
    /// How the policy has the letter of that stage speak.
    pub tone: Option<Tone>,
    /// What the letter of that stage brings along.
    pub attach: Vec<Enclosure>,
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
    /// The name of that stage.
    pub stage_name: String,
    /// How many letters on it count that left before.
    pub letters_before: usize,
    /// The open principal.
    pub principal: Amount,
    /// The interest claimed up to today, less what was paid of it.
    pub interest: Amount,
    /// The costs claimed up to today, less what was paid of them.
    pub costs: Amount,
    /// Whether the costs are the lump sum, not the fees of letters (rule D8).
    pub is_lump_sum: bool,
    /// All interest up to today.
    pub interest_total: Amount,
    /// All costs up to today.
    pub costs_total: Amount,
    /// The fee of this letter alone.
    pub fee: Amount,
    /// What the interest is made of.
    pub accrual: Accrual,
    /// The first day whose base rate is not known (N15): interest runs through the day before.
    pub rate_unknown_on: Option<NaiveDate>,
}

impl LetterItem {
    /// Returns principal, interest and costs (rule D10).
    pub fn total(&self) -> Amount {
        self.principal + self.interest + self.costs
    }
}

/// Decides for one customer on one day.
pub fn decide(case: &CustomerCase, around: Surroundings<'_>) -> Plan {
    let mut items: Vec<&Item> = case.items.iter().collect();
    items.sort_by(|a, b| (a.due_on, &a.number).cmp(&(b.due_on, &b.number)));
    let mut findings: Vec<Finding> = items.iter().map(|item| find(case, item, around)).collect();

    // One letter has one currency; the others wait for their day.
    let due: Vec<&Item> = items.iter().copied().filter(|i| in_letter(&findings, i.document)).collect();
    let Some(currency) = due.iter().map(|item| item.currency).min() else {
        let notice = notify(&items, &mut findings, around);
        return Plan { letter: None, notice, findings };
    };
    // Who gets a letter today gets no notice beside it.
    postpone(&items, &mut findings, around, |_| true);
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
    Plan { letter: Some(letter), notice: None, findings }
}

/// Writes today's notice. It has one currency; the others wait for their day.
fn notify(items: &[&Item], findings: &mut [Finding], around: Surroundings<'_>) -> Option<Notice> {
    let in_notice = |item: &&&Item| {
        let of = findings.iter().find(|finding| finding.document == item.document);
        of.and_then(|f| f.notice.as_ref()).is_some_and(|n| matches!(n.outcome, NoticeOutcome::InNotice(_)))
    };
    let due: Vec<&Item> = items.iter().filter(in_notice).copied().collect();
    let currency = due.iter().map(|item| item.currency).min()?;
    let own: Vec<&Item> = due.into_iter().filter(|item| item.currency == currency).collect();
    postpone(items, findings, around, |item| item.currency != currency);
    Some(notice::write(&own, currency, around))
}

/// Has notices of today wait for the next day.
fn postpone(items: &[&Item], findings: &mut [Finding], around: Surroundings<'_>, which: impl Fn(&Item) -> bool) {
    for finding in findings {
        let is_of = |item: &&&Item| item.document == finding.document && which(item);
        let Some(notice) = finding.notice.as_mut().filter(|_| items.iter().any(|item| is_of(&item))) else { continue };
        if matches!(notice.outcome, NoticeOutcome::InNotice(_)) {
            notice.outcome = NoticeOutcome::Waiting;
            notice.next_on = around.today + Days::new(1);
            finding.next_on = Some(notice.next_on);
        }
    }
}

fn in_letter(findings: &[Finding], document: DocumentId) -> bool {
    findings.iter().any(|finding| finding.document == document && finding.outcome == Outcome::InLetter)
}

/// Judges one invoice.
fn find(case: &CustomerCase, item: &Item, around: Surroundings<'_>) -> Finding {
    let sent = item.sent.last();
    let stage = sent.map_or(0, |letter| letter.stage) + 1;
    let mut finding = Finding {
        document: item.document,
        stage,
        outcome: Outcome::Settled,
        earned: None,
        passed: Vec::new(),
        notice: None,
        next_on: None,
    };
    if !item.open.is_positive() {
        return finding;
    }
    if let Some(Gate { reason, saw: about, .. }) = held_for_good(case, item, around) {
        finding.outcome = Outcome::Held { reason, about, leaves_on: None };
        return finding;
    }
    let Some(policy_stage) = item.policy.stages.get(stage - 1) else {
        // When the last deadline is over, it is the owner's turn.
        let over = sent.map(|letter| letter.deadline_on + days(1)).filter(|day| *day > around.today);
        finding.outcome = if over.is_some() { Outcome::Waiting } else { Outcome::LastStage };
        finding.next_on = over;
        return finding;
    };
    if item.is_on_its_way() {
        finding.outcome = Outcome::Undelivered;
        finding.next_on = item.policy.next_sending_day(around.today + Days::new(1), around.business_days);
        return finding;
    }
    let since = item.payable_by(around.business_days);
    let after = since + days(policy_stage.after_days);
    let on = item.returned_on.map_or(after, |day| after.max(day + days(item.policy.return_wait_days)));
    finding.earned = Some(Earned { since, after_days: policy_stage.after_days, on });
    let sending_day = item.policy.next_sending_day(on.max(around.today), around.business_days);
    if sending_day != Some(around.today) {
        finding.outcome = Outcome::Waiting;
        finding.notice = sent.is_none().then(|| notice::find(case, item, around)).flatten();
        let notice_on = finding.notice.as_ref().filter(|n| !matches!(n.outcome, NoticeOutcome::InNotice(_)));
        finding.next_on = notice_on.map(|notice| notice.next_on).or(sending_day);
        return finding;
    }
    let mut gates = gates(case, item, around);
    match gates.iter().position(|gate| gate.holds) {
        None => finding.outcome = Outcome::InLetter,
        Some(place) => {
            let after = |day: NaiveDate| item.policy.next_sending_day(day + Days::new(1), around.business_days);
            let leaves_on = held_through(&gates).and_then(after);
            let Gate { reason, saw: about, .. } = gates.swap_remove(place);
            gates.truncate(place);
            finding.outcome = Outcome::Held { reason, about, leaves_on };
            finding.next_on = after(around.today);
        }
    }
    finding.passed = gates;
    finding
}

/// Writes the letter for the invoices that are due (rules D3, D4, D6, D8, D10).
fn write(case: &CustomerCase, items: &[&Item], around: Surroundings<'_>) -> DunningLetter {
    let mut letter = DunningLetter {
        stage: 0,
        stage_name: String::new(),
        tone: None,
        attach: Vec::new(),
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
            letter.tone = policy_stage.tone.or(item.policy.tone);
            letter.attach.clone_from(&policy_stage.attach);
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
        let due = item.effective_due(around.business_days);
        let start = default_start(item, due, around.today, around.business_days);
        (accrual, rate_unknown_on) = accrue(&item.movements, rule, around.rates, start, around.today);
    }
    LetterItem {
        document: item.document,
        stage,
        stage_name: policy_stage.name.clone(),
        letters_before: item.sent.len(),
        principal: item.open,
        interest: (accrual.amount - item.interest_paid).max(Amount::ZERO),
        costs: (costs_total - item.costs_paid).max(Amount::ZERO),
        is_lump_sum: costs_total > sent.iter().map(|letter| letter.fee).sum(),
        interest_total: accrual.amount,
        costs_total,
        fee,
        accrual,
        rate_unknown_on,
    }
}
