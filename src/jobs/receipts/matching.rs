//! Every payment to the invoice that it pays: undecided payments in their order (rule M1), in batches, each decided on what its text, its
//! account and its amount lead to. One on which the program fails is set aside for the owner, and the others go on.

use super::desk::{Desk, rule, shapes};
use super::later::Later;
use super::snapshot::Snapshot;
use crate::fact::{DecisionFact, Matched, Subject};
use crate::id::{CustomerId, PaymentId};
use crate::jobs::office::error::in_words;
use crate::jobs::office::event::Event;
use crate::jobs::office::{JobError, Office};
use crate::jobs::records::decision::new_decision;
use crate::jobs::records::payment::view;
use crate::jobs::records::posting::post;
use crate::jobs::records::receipt::lies_on;
use crate::ledger::{self, Account, MoneySource};
use crate::matching::{self, Because, Config, Flag, HeldBecause, Verdict, decide_held, name_keys};
use crate::money::Amount;
use crate::shell::crash;
use crate::shell::store::{PaymentRow, Run, Tx};

/// How many payments are decided at once: what they need is looked up together, and what comes of them is written together.
const BATCH: usize = 1000;

/// How many batches are committed at once.
const BATCHES: usize = 8;

/// Decides all payments that were not tried yet, or may fit now. Returns how many were looked at.
///
/// Where a batch fails, its halves are decided apart, until the payment is found on which the program fails; that one is set aside.
///
/// # Errors
/// When the books cannot be read, or not even say that a payment is set aside.
pub async fn match_payments(office: &Office, run: &Run) -> Result<usize, JobError> {
    let order = office.store.read().await?.untried_payments().await?;
    let mut work: Vec<&[PaymentId]> = order.chunks(BATCH * BATCHES).rev().collect();
    let (mut later, mut count) = (Later::default(), 0);
    while let Some(payments) = work.pop().filter(|_| !office.is_stopping()) {
        match decide_together(office, run, payments, Some(&mut later)).await {
            Ok(decided) => count += decided,
            Err(error) => {
                // What was held in mind may not have come into the books.
                later = Later::default();
                match payments {
                    [one] => {
                        // It may be a return that waits for it on which the program fails; that one goes on waiting.
                        if decide_together(office, run, payments, None).await.is_err() {
                            set_aside(office, run, *one, &error).await?;
                        }
                        count += 1;
                    }
                    several => {
                        let (first, second) = several.split_at(several.len() / 2);
                        work.extend([second, first]);
                    }
                }
            }
        }
    }
    Ok(count)
}

/// Decides payments in one transaction; with `later`, what depends on them too.
async fn decide_together(
    office: &Office,
    run: &Run,
    payments: &[PaymentId],
    mut later: Option<&mut Later>,
) -> Result<usize, JobError> {
    let (config, rules) = (office.config.matching(), office.config.rules());
    let mut desk = Desk::new(&config, &rules, office.store.write(run, office.clock.now()).await?);
    let mut count = 0;
    for batch in payments.chunks(BATCH) {
        count += desk.decide_batch(batch, later.as_deref_mut()).await?;
    }
    let Desk { writing, events, .. } = desk;
    crash::point("before matching");
    writing.commit().await?;
    crash::point("after matching");
    events.iter().for_each(|event| office.tell(run.today, event));
    Ok(count)
}

/// Has a payment on which the program failed wait for the owner, with the reason; it is not tried again by itself.
async fn set_aside(office: &Office, run: &Run, payment: PaymentId, error: &JobError) -> Result<(), JobError> {
    let reason = in_words(error);
    let name = payment.to_string();
    tracing::error!(payment = %name, %reason, "a payment could not be decided; it waits for the owner, the others go on");
    let mut tx = office.store.read().await?;
    let Some(row) = tx.undecided_payments(&[payment]).await?.pop() else { return Ok(()) };
    // Whatever fails here must not stop the others too.
    let amount = row.open_amount;
    let concerns = concerned(&mut tx, &office.config.matching(), &row.payment, amount).await.unwrap_or_default();
    drop(tx);
    let mut writing = office.store.write(run, office.clock.now()).await?;
    let (account, currency) = (lies_on(&mut writing, &row.payment).await?, row.payment.currency);
    if account != Account::Payer {
        let source = MoneySource { payment, account, currency, value_on: row.payment.value_on };
        post(&mut writing, &ledger::receive(source, amount, run.today)).await?;
    }
    let verdict = Verdict::held(Flag::Failed);
    let fact = DecisionFact::Matched(Matched { failure: Some(reason), ..Matched::from(&verdict) });
    writing.add_decision(new_decision(Subject::Payment(payment), rule(&verdict), &fact, None)).await?;
    writing.wait_for_owner(&[(payment, concerns)]).await?;
    writing.hold_payment(payment, HeldBecause::Failed).await?;
    writing.commit().await?;
    let seen = view(&row.payment, amount).unwrap_or_default();
    office.tell(
        run.today,
        &Event::PaymentUndecided {
            payment: name,
            payer: seen.payer_name.clone().unwrap_or_default(),
            amount: amount.plain(currency),
            currency,
            text: seen.first_line().to_owned(),
            decision: verdict.decision.name().to_owned(),
            rung: "-".to_owned(),
            flags: verdict.flags.iter().map(|flag| flag.name()).collect(),
            candidates: Vec::new(),
        },
    );
    Ok(())
}

/// Returns the customers that a payment could be from, which get no letters while it waits, and why.
pub async fn concerned(
    tx: &mut Tx,
    config: &Config,
    row: &PaymentRow,
    amount: Amount,
) -> Result<Vec<(CustomerId, Because)>, JobError> {
    let payment = view(row, amount)?;
    if amount.is_negative() {
        return Ok(Vec::new());
    }
    let mut keys = matching::keys(&payment, &shapes(tx).await?);
    keys.customers.extend(payment.payer_name.as_deref().map(name_keys).unwrap_or_default());
    let mut snapshot = Snapshot::default();
    snapshot.look_up(tx, &[(&payment, &keys)]).await?;
    snapshot.complete(tx, &[(&payment, &keys)]).await?;
    let found = snapshot.found(&payment, &keys);
    let verdict = decide_held(&payment, &found, config, Flag::Ambiguous);
    Ok(verdict.concerns)
}
