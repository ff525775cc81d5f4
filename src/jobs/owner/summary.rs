//! The owner's week: queued on its day, written when it leaves.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate, NaiveTime};

use super::status::status;
use crate::jobs::billing::coming::{Coming, coming_invoices};
use crate::jobs::office::{JobError, Office};
use crate::jobs::records::alarm::to_owner;
use crate::language::Language;
use crate::letter::{LetterKind, Text, summary_page};
use crate::money::{Amount, Currency};
use crate::shell::store::{PaymentLine, Run, Tx};
use crate::summary::{Debtor, MoneyByCurrency, OpenItem, Summary, ages, iso_week, mean_days_late};

/// How many debtors are named.
const DEBTORS: usize = 5;

/// Queues the summary of the week, once.
pub async fn weekly_summary(office: &Office, run: &Run) -> Result<(), JobError> {
    let week = iso_week(run.today);
    let mut writing = office.store.write(run, office.clock.now()).await?;
    if !writing.tx.letters_about(LetterKind::Summary, &week).await?.is_empty() {
        return Ok(());
    }
    to_owner(&mut writing, LetterKind::Summary, week).await?;
    Ok(writing.commit().await?)
}

/// Writes the summary as of now.
pub async fn text(office: &Office, tx: &mut Tx, today: NaiveDate) -> Result<Text, JobError> {
    Ok(summary_page(&summary(office, tx, today).await?))
}

async fn summary(office: &Office, tx: &mut Tx, today: NaiveDate) -> Result<Summary, JobError> {
    let standing = status(office, tx).await?;
    let (week, fortnight, ahead) = (today - Days::new(7), today - Days::new(14), today + Days::new(7));
    let mut issued = MoneyByCurrency::new();
    let documents = tx.issued(week, today).await?;
    for document in &documents {
        *issued.entry(document.currency).or_default() += Amount::from_minor(document.gross);
    }
    let mut open = Vec::new();
    let undelivered = tx.undelivered().await?;
    for row in tx.open_invoices().await? {
        let due_on = Some(row.due_on).filter(|_| !undelivered.contains(&row.id));
        let currency = row.currency;
        open.push(OpenItem { due_on, currency, open: Amount::from_minor(row.open_principal) });
    }
    let mut falling_due = MoneyByCurrency::new();
    let falls_due = |item: &&OpenItem| item.due_on.is_some_and(|day| day > today && day <= ahead);
    for item in open.iter().filter(falls_due).filter(|item| item.open.is_positive()) {
        *falling_due.entry(item.currency).or_default() += item.open;
    }
    let mut coming = (0, MoneyByCurrency::new());
    for Coming { currency, amount, .. } in coming_invoices(office, tx, today, today + Days::new(6)).await? {
        coming.0 += 1;
        *coming.1.entry(currency).or_default() += amount;
    }
    let zone = office.config.business.timezone;
    let midnight = |day: NaiveDate| zone.instant(day.and_time(NaiveTime::MIN));
    let letters = tx.letters_sent(midnight(week), midnight(today)).await?;
    let language = office.config.owner.language;
    let counted = |(kind, count): (LetterKind, i64)| {
        let count = usize::try_from(count).unwrap_or(0);
        kind.is_collecting().then(|| format!("{count} {}", kind.words(count, language)))
    };
    let waived = tx.waived(week, today).await?;
    let recalled = tx.letters_recalled(midnight(week), midnight(today)).await?;
    let (seq, hash) = office.store.journal_head().await?;
    let next = office.config.schedule.summary.next(office.clock.now(), zone);
    Ok(Summary {
        language,
        today,
        came_in: came_in(&tx.payments_recorded(week, today).await?)?,
        came_in_before: came_in(&tx.payments_recorded(fortnight, week).await?)?,
        issued: (documents.len(), issued),
        questions: standing.questions,
        ages: ages(&open, today),
        debtors: debtors(tx, today).await?,
        letters: letters.into_iter().filter_map(counted).collect(),
        recalled: usize::try_from(recalled).unwrap_or(0),
        waived: waived.into_iter().map(|(currency, amount)| (currency, Amount::from_minor(amount))).collect(),
        held: standing.held,
        paused: standing.paused.iter().map(|(what, until)| what.in_force(*until, language)).collect(),
        bank: standing.bank,
        coming,
        falling_due,
        journal: (seq, hash.chars().take(16).collect()),
        next_on: next.map(|instant| zone.day(instant)),
    })
}

/// Adds up the money that came in.
fn came_in(payments: &[PaymentLine]) -> Result<MoneyByCurrency, JobError> {
    let mut money = MoneyByCurrency::new();
    for payment in payments.iter().filter(|payment| payment.amount > 0) {
        *money.entry(payment.currency).or_default() += Amount::from_minor(payment.amount);
    }
    Ok(money)
}

/// Returns who owes most, with how late they pay.
async fn debtors(tx: &mut Tx, today: NaiveDate) -> Result<Vec<Debtor>, JobError> {
    let mut owing: Vec<_> = tx.balances(today).await?.into_iter().filter(|row| row.open_principal > 0).collect();
    owing.sort_by(|a, b| b.open_principal.cmp(&a.open_principal).then_with(|| a.number.cmp(&b.number)));
    let mut debtors = Vec::new();
    for row in owing.into_iter().take(DEBTORS) {
        let paid: Vec<(NaiveDate, NaiveDate)> =
            tx.settled(Some(row.id)).await?.into_iter().map(|(_, _, due_on, paid_on)| (due_on, paid_on)).collect();
        debtors.push(Debtor {
            name: row.name,
            open: Amount::from_minor(row.open_principal),
            currency: row.currency,
            mean_days_late: mean_days_late(&paid),
        });
    }
    Ok(debtors)
}

/// Amounts by currency, as text.
pub fn money(amounts: &BTreeMap<Currency, Amount>, language: Language) -> String {
    let parts: Vec<String> =
        amounts.iter().map(|(currency, amount)| amount.with_currency(*currency, language)).collect();
    parts.join(" + ")
}
