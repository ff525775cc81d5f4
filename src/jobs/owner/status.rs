//! How things stand: how far the bank's data reach, what is open, what waits, and what needs the owner. The one source of `settled status`, of
//! alarms and of the weekly summary.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate, Utc};
use serde::Serialize;

use super::questions::questions;
use crate::calendar::EARLIEST;
use crate::customer::Delivery;
use crate::dunning::HoldReason;
use crate::fact::{DecisionFact, Paused};
use crate::jobs::bank::coverage::coverage;
use crate::jobs::billing::coming::coming_invoices;
use crate::jobs::collections::held::held_now;
use crate::jobs::office::alive::Service;
use crate::jobs::office::{JobError, Office, pause};
use crate::jobs::records::account::{accounts, covered_through};
use crate::jobs::records::decision::Standing;
use crate::money::{Amount, Currency};
use crate::outbox::OutboxState;
use crate::question::{Leaving, Question};
use crate::shell::store::Tx;
use crate::summary::{BankReach, HeldGroup, MoneyByCurrency};

/// How things stand.
#[derive(Debug, Clone)]
pub struct Status {
    /// The civil day.
    pub today: NaiveDate,
    /// When anything was last written.
    pub books_of: Option<DateTime<Utc>>,
    /// Whether the daemon is at work.
    pub service: Service,
    /// The day from which the daemon acts; nothing: it only watches.
    pub live_since: Option<NaiveDate>,
    /// How far the bank's data reach.
    pub bank: Vec<BankReach>,
    /// What is open, by currency: amount, invoices, and what of it is overdue.
    pub open: BTreeMap<Currency, OpenMoney>,
    /// Letters that are held, by reason.
    pub held: Vec<HeldGroup>,
    /// What the owner paused, and through which day.
    pub paused: Vec<(Paused, Option<NaiveDate>)>,
    /// Mail: what left today, and what waits.
    pub mail: MailState,
    /// The next day on which invoices are issued: how many, over how much.
    pub next_issue: Option<(NaiveDate, usize, MoneyByCurrency)>,
    /// What needs the owner.
    pub questions: Vec<Question>,
}

/// What is open in a currency.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OpenMoney {
    /// Everything, less open credit notes.
    pub amount: Amount,
    /// Of how many documents.
    pub documents: usize,
    /// What of it is overdue.
    pub overdue: Amount,
    /// Of how many documents.
    pub overdue_documents: usize,
}

/// What left and what waits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct MailState {
    /// Accepted by the server today.
    pub sent_today: i64,
    /// Queued, not tried yet.
    pub queued: usize,
    /// Tried, and to be tried again.
    pub deferred: usize,
    /// Nobody knows whether they left.
    pub unclear: usize,
    /// To be printed and posted, or put into a portal, by a person.
    pub by_hand: usize,
}

/// Finds out how things stand.
pub async fn status(office: &Office, tx: &mut Tx) -> Result<Status, JobError> {
    let today = office.day(office.clock.now());
    let held_letters = held_now(office, tx, today).await?;
    let bank = bank(office, tx, today).await?;
    let questions = questions(office, tx, &bank, &held_letters).await?;
    Ok(Status {
        today,
        books_of: office.store.last_written().await?,
        service: office.service().await?,
        live_since: office.live_since().await?,
        bank,
        open: open(tx, today).await?,
        held: groups(&held_letters),
        paused: paused(tx, today).await?,
        mail: mail(office, tx, today).await?,
        next_issue: next_issue(office, tx, today).await?,
        questions,
    })
}

/// How far the statements of each account reach, and how many business days are missing.
///
/// # Errors
/// When the books fail.
pub async fn bank(office: &Office, tx: &mut Tx, today: NaiveDate) -> Result<Vec<BankReach>, JobError> {
    let business_days = office.business_days();
    let needed = business_days.before(today, office.freshness());
    let mut reach = Vec::new();
    for (account, _) in accounts(tx).await? {
        if account.closed_on.is_some_and(|day| day <= today) || !account.gates_dunning {
            continue;
        }
        let settings = office.config.bank_accounts.iter().find(|settings| settings.name == account.name);
        let through = covered_through(&account);
        let behind = match through {
            Some(day) if day >= needed => 0,
            Some(day) => business_days.between(day, business_days.before(today, 1)),
            None => 0,
        };
        let chain = coverage(tx, account.id).await?;
        let balance = chain.balance.filter(|_| behind > 0 && chain.gaps.is_empty());
        reach.push(BankReach {
            balance: balance.map(|balance| (balance, account.currency)),
            name: account.name.clone(),
            iban: settings.map(|settings| settings.iban.short()).unwrap_or_default(),
            through,
            behind,
        });
    }
    Ok(reach)
}

async fn open(tx: &mut Tx, today: NaiveDate) -> Result<BTreeMap<Currency, OpenMoney>, JobError> {
    let mut open: BTreeMap<Currency, OpenMoney> = BTreeMap::new();
    let undelivered = tx.undelivered().await?;
    for row in tx.open_invoices().await? {
        let money = open.entry(row.currency).or_default();
        let amount = row.open_principal;
        money.amount += amount;
        money.documents += 1;
        if amount.is_positive() && row.due_on < today && !undelivered.contains(&row.id) {
            money.overdue += amount;
            money.overdue_documents += 1;
        }
    }
    Ok(open)
}

async fn paused(tx: &mut Tx, today: NaiveDate) -> Result<Vec<(Paused, Option<NaiveDate>)>, JobError> {
    let mut paused = Vec::new();
    for what in Paused::ALL {
        paused.extend(pause::in_force(tx, what, today).await?.map(|until| (what, until)));
    }
    Ok(paused)
}

/// Groups held letters by their reason, in the order of precedence. Where no letter is written any more, none is held back: of an invoice that
/// was handed over, or of an insolvent customer.
pub fn groups(held: &[Standing]) -> Vec<HeldGroup> {
    let mut groups: BTreeMap<HoldReason, HeldGroup> = BTreeMap::new();
    for Standing { row, fact } in held {
        let Some(reason) = HoldReason::by_rule(&row.rule).filter(|reason| !reason.is_for_good()) else { continue };
        let group = groups.entry(reason);
        let group = group.or_insert_with(|| HeldGroup { reason, numbers: Vec::new(), leaves: Vec::new() });
        group.numbers.push(row.number.clone());
        if let DecisionFact::Held { leaves_on: Some(on), .. } = fact {
            group.leaves.push(Leaving { number: row.number.clone(), on: *on });
        }
    }
    for group in groups.values_mut() {
        group.leaves.sort_by(|a, b| (a.on, &a.number).cmp(&(b.on, &b.number)));
    }
    groups.into_values().collect()
}

async fn mail(office: &Office, tx: &mut Tx, today: NaiveDate) -> Result<MailState, JobError> {
    let zone = office.config.business.timezone;
    let midnight = |day: NaiveDate| zone.instant(day.and_time(chrono::NaiveTime::MIN));
    let sent = tx.letters_sent(midnight(today), midnight(today + Days::new(1))).await?;
    let mut state = MailState { sent_today: sent.iter().map(|(_, count)| count).sum(), ..MailState::default() };
    for letter in tx.all_waiting_letters().await? {
        match (letter.state, letter.delivery) {
            (OutboxState::Queued, Delivery::Mail) => state.queued += 1,
            (OutboxState::Queued, Delivery::Post | Delivery::Portal) => state.by_hand += 1,
            (OutboxState::Unclear, _) => state.unclear += 1,
            (OutboxState::Deferred | OutboxState::Sending, _) => state.deferred += 1,
            // Nothing waits of them.
            (OutboxState::Accepted | OutboxState::Refused | OutboxState::Withdrawn, _) => {}
        }
    }
    Ok(state)
}

/// How far `status` looks ahead.
const AHEAD: Days = Days::new(62);

async fn next_issue(
    office: &Office,
    tx: &mut Tx,
    today: NaiveDate,
) -> Result<Option<(NaiveDate, usize, MoneyByCurrency)>, JobError> {
    let coming = coming_invoices(office, tx, EARLIEST, today + AHEAD).await?;
    let Some(first) = coming.first().map(|invoice| invoice.on) else { return Ok(None) };
    let mut money = MoneyByCurrency::new();
    let of_day: Vec<_> = coming.into_iter().filter(|invoice| invoice.on == first).collect();
    for invoice in &of_day {
        *money.entry(invoice.currency).or_default() += invoice.amount;
    }
    Ok(Some((first, of_day.len(), money)))
}
