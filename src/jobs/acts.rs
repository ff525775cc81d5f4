//! What the owner does by command: going live, holds, releases, promises and payment plans, disputes, insolvencies, and letters that a
//! person delivers.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};
use serde_json::json;

use super::customer_case::Loaded;
use super::event::Event;
use super::letters::alarm;
use super::office::{JobError, Office};
use super::send_mail::counted;
use crate::customer::Customer;
use crate::dunning::PaymentPlan;
use crate::id::PaymentId;
use crate::journal::canonical;
use crate::money::Amount;
use crate::recurring::{Contract, Due, due};
use crate::shell::store::{DocumentRow, NewAct, NewLetter, Run, Subject, Tx, WaitingLetter, Writing};

/// Something that has a name in the books.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// What it is.
    pub subject: Subject,
    /// Its name, as it stands in the books.
    pub name: String,
    /// The customer that it belongs to; nothing for a payment.
    pub customer: Option<i64>,
}

/// Finds what a name means: an invoice, a customer, a contract or a payment.
///
/// # Errors
/// When nothing has that name.
pub async fn find(tx: &mut Tx, name: &str) -> Result<Named, JobError> {
    let named = |subject, customer| Named { subject, name: name.to_owned(), customer };
    if let Some(document) = tx.document_by_number(name).await? {
        if let Some(invoices) = invoices_in(tx, &document).await? {
            let invoices = invoices.join(", ");
            return Err(JobError::Refused(format!("{name} is a letter on {invoices}; name an invoice")));
        }
        return Ok(named(Subject::document(document.id), Some(document.customer_id)));
    }
    if let Some(customer) = tx.customer_by_number(name).await? {
        return Ok(named(Subject::customer(customer.id), Some(customer.id)));
    }
    if let Some(contract) = tx.contract_by_number(name).await? {
        return Ok(named(Subject::contract(contract.id), Some(contract.customer_id)));
    }
    if let Ok(id) = name.parse::<PaymentId>()
        && tx.payment(id.get()).await?.is_some()
    {
        return Ok(named(Subject::payment(id.get()), None));
    }
    Err(JobError::Refused(format!(
        "nothing in the books is named {name}; see `settled invoice list`, `settled customer list` and `settled payments`"
    )))
}

/// Returns the numbers of the invoices in a letter; nothing when the document is no letter.
///
/// # Errors
/// When the books fail.
pub async fn invoices_in(tx: &mut Tx, document: &DocumentRow) -> Result<Option<Vec<String>>, JobError> {
    if tx.maybe_receivable(document.id).await?.is_some() {
        return Ok(None);
    }
    let mut numbers = Vec::new();
    for (.., invoice) in tx.letters_named(&format!("[{}]", document.id)).await? {
        numbers.push(tx.document(invoice).await?.number);
    }
    Ok(Some(numbers))
}

/// Lets the daemon act from today on. Tells whether it did not before.
///
/// # Errors
/// When the books fail.
pub async fn golive(office: &Office, run: &Run) -> Result<bool, JobError> {
    let mut writing = office.store.write(run, office.clock.now()).await?;
    let act = NewAct {
        kind: "golive",
        subject: Subject::BOOKS,
        from_on: run.today,
        until_on: None,
        reason: String::new(),
        model: None,
        ends: None,
        once_key: Some("golive".to_owned()),
    };
    let new = writing.add_act(act).await?.is_some();
    writing.commit().await?;
    Ok(new)
}

/// Something that the owner, or a customer's word, does to an invoice or a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// No letters until a day, or until it is released.
    Hold,
    /// The customer disputes the invoice: no letters until it is released.
    Dispute,
    /// The customer promised to pay by a day: no letters until then.
    Promise,
}

impl Act {
    const fn kind(self) -> &'static str {
        match self {
            Act::Hold => "hold",
            Act::Dispute => "dispute",
            Act::Promise => "promise",
        }
    }
}

/// Writes an act down.
///
/// # Errors
/// When it does not fit what it is about, or the books fail.
pub async fn act(
    office: &Office,
    run: &Run,
    what: Act,
    name: &str,
    until_on: Option<NaiveDate>,
    reason: &str,
) -> Result<Named, JobError> {
    let mut writing = office.store.write(run, office.clock.now()).await?;
    let named = find(&mut writing.tx, name).await?;
    match (what, named.subject.kind) {
        (_, "document") | (Act::Hold, "customer") => {}
        (Act::Hold, "contract") => {
            return Err(JobError::Refused(format!(
                "{name} is a contract; give it an `end` or `pauses` in the book and say `settled apply`"
            )));
        }
        _ => return Err(JobError::Refused(format!("{name} is no invoice"))),
    }
    if until_on.is_some_and(|day| day < run.today) {
        return Err(JobError::Refused("that day is over".to_owned()));
    }
    let act = NewAct {
        kind: what.kind(),
        subject: named.subject,
        from_on: run.today,
        until_on,
        reason: reason.to_owned(),
        model: None,
        ends: None,
        once_key: None,
    };
    writing.add_act(act).await?;
    look_again(&mut writing, &named).await?;
    writing.commit().await?;
    Ok(named)
}

/// Agrees on a payment plan for an invoice: instalments, each `DATE=AMOUNT`, with the place where it was read.
///
/// # Errors
/// When it is no plan, does not fit the invoice, or the books fail.
pub async fn agree_plan(
    office: &Office,
    run: &Run,
    name: &str,
    lines: &[(String, String)],
) -> Result<PaymentPlan, JobError> {
    let mut writing = office.store.write(run, office.clock.now()).await?;
    let named = find(&mut writing.tx, name).await?;
    if named.subject.kind != "document" {
        return Err(JobError::Refused(format!("{name} is no invoice")));
    }
    let row = writing.tx.receivable(named.subject.id).await?;
    let open = Amount::from_minor(row.open_principal);
    if !open.is_positive() {
        return Err(JobError::Refused(format!("nothing is open of {name}")));
    }
    let lines = lines.iter().map(|(place, text)| (place.clone(), text.as_str()));
    let plan = PaymentPlan::read(lines, open, row.currency()?, run.today);
    let plan = plan.map_err(|error| JobError::Refused(error.to_string()))?;
    let act = NewAct {
        kind: Act::Promise.kind(),
        subject: named.subject,
        from_on: run.today,
        until_on: None,
        reason: String::new(),
        model: Some(canonical(&plan)),
        ends: None,
        once_key: None,
    };
    writing.add_act(act).await?;
    look_again(&mut writing, &named).await?;
    writing.commit().await?;
    Ok(plan)
}

/// Ends payment plans of which an instalment was missed: letters are decided as if there were none. Returns what is news.
///
/// # Errors
/// When the books fail.
pub async fn end_missed_plans(writing: &mut Writing<'_>, loaded: &Loaded) -> Result<Vec<Event>, JobError> {
    let mut events = Vec::new();
    for missed in &loaded.missed {
        let number = loaded.documents.get(&missed.document).map(|document| document.number.clone()).unwrap_or_default();
        let (due_on, amount) = (missed.instalment.due_on, missed.instalment.amount().plain(missed.currency));
        let act = NewAct {
            kind: "release",
            subject: Subject::document(missed.document.get()),
            from_on: writing.today(),
            until_on: None,
            reason: String::new(),
            model: Some(canonical(
                &json!({ "missed": { "due_on": due_on, "amount": amount, "currency": missed.currency } }),
            )),
            ends: Some(missed.act),
            once_key: None,
        };
        writing.add_act(act).await?;
        let (customer, name) = (loaded.customer.number.clone(), loaded.customer.name.clone());
        events.push(Event::InstalmentMissed { number, customer, name, due_on, amount, currency: missed.currency });
    }
    if !events.is_empty() {
        alarm(writing, "instalment_missed").await?;
    }
    Ok(events)
}

/// Records that a customer is insolvent from a day on: no letters and no invoices.
///
/// # Errors
/// When there is no such customer, or it is known already.
pub async fn insolvent(office: &Office, run: &Run, number: &str, since: NaiveDate) -> Result<Named, JobError> {
    let mut writing = office.store.write(run, office.clock.now()).await?;
    let (named, known) = customer_for_insolvency(&mut writing.tx, number).await?;
    if let Some((_, since)) = known {
        return Err(JobError::Refused(format!(
            "{number} is insolvent since {since}; to correct that, say first: settled customer insolvent {number} --ended"
        )));
    }
    let act = NewAct {
        kind: "insolvent",
        subject: named.subject,
        from_on: since,
        until_on: None,
        reason: String::new(),
        model: None,
        ends: None,
        once_key: None,
    };
    writing.add_act(act).await?;
    look_again(&mut writing, &named).await?;
    writing.commit().await?;
    Ok(named)
}

/// Records that a customer is insolvent no more, or never was.
///
/// # Errors
/// When the customer is not.
pub async fn solvent(office: &Office, run: &Run, number: &str) -> Result<(), JobError> {
    let mut writing = office.store.write(run, office.clock.now()).await?;
    let (named, known) = customer_for_insolvency(&mut writing.tx, number).await?;
    let Some((act, _)) = known else {
        return Err(JobError::Refused(format!("{number} is not insolvent in the books")));
    };
    writing.add_act(ending(&named, run.today, "insolvency ended", Some(act))).await?;
    look_again(&mut writing, &named).await?;
    Ok(writing.commit().await?)
}

/// Finds a customer, and the act that says that it is insolvent, with its first day.
async fn customer_for_insolvency(tx: &mut Tx, number: &str) -> Result<(Named, Option<(i64, NaiveDate)>), JobError> {
    let named = find(tx, number).await?;
    if named.subject.kind != "customer" {
        return Err(JobError::Refused(format!("{number} is no customer")));
    }
    let acts = tx.acts_of(named.subject).await?;
    let ended = |id: i64| acts.iter().any(|act| act.ends_id == Some(id));
    let known = acts.iter().find(|act| act.kind == "insolvent" && !ended(act.id)).map(|act| (act.id, act.from_on));
    Ok((named, known))
}

/// The decision on the customer's letters is made anew at the next run.
async fn look_again(writing: &mut Writing<'_>, named: &Named) -> Result<(), JobError> {
    if let Some(customer) = named.customer {
        writing.look_at_customer(customer, writing.today()).await?;
    }
    Ok(())
}

/// What a release came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Released {
    /// Holds were ended: how many.
    Holds(usize),
    /// A contract's waiting periods are issued: how many, and how many were skipped for good.
    Periods {
        /// To be issued.
        issued: usize,
        /// Skipped.
        skipped: usize,
    },
    /// There was nothing to release.
    Nothing,
}

/// Ends all holds, disputes, promises and the handover of an invoice or a customer, or lets a contract's waiting periods be issued; periods that begin
/// before `skip_until` are skipped for good.
///
/// # Errors
/// When the books fail.
pub async fn release(
    office: &Office,
    run: &Run,
    name: &str,
    skip_until: Option<NaiveDate>,
    reason: &str,
) -> Result<Released, JobError> {
    let mut writing = office.store.write(run, office.clock.now()).await?;
    let named = find(&mut writing.tx, name).await?;
    let released = match named.subject.kind {
        "contract" => release_contract(office, &mut writing, &named, skip_until, reason).await?,
        "payment" => return Err(JobError::Refused(format!("{name} is a payment; say `settled assign {name} NUMBER`"))),
        _ if skip_until.is_some() => return Err(JobError::Refused("only a contract has periods to skip".to_owned())),
        _ => {
            let acts = writing.tx.acts_of(named.subject).await?;
            let live = acts.iter().filter(|act| {
                matches!(act.kind.as_str(), "hold" | "dispute" | "promise" | "handover")
                    && act.holds_on(run.today, &acts)
            });
            let live: Vec<i64> = live.map(|act| act.id).collect();
            for id in &live {
                writing.add_act(ending(&named, run.today, reason, Some(*id))).await?;
            }
            // A letter that came back is sent again although the address is the same.
            if live.is_empty() && named.subject.kind == "document" {
                writing.add_act(ending(&named, run.today, reason, None)).await?;
            }
            look_again(&mut writing, &named).await?;
            if live.is_empty() { Released::Nothing } else { Released::Holds(live.len()) }
        }
    };
    writing.commit().await?;
    Ok(released)
}

fn ending(named: &Named, today: NaiveDate, reason: &str, ends: Option<i64>) -> NewAct {
    NewAct {
        kind: "release",
        subject: named.subject,
        from_on: today,
        until_on: None,
        reason: reason.to_owned(),
        model: None,
        ends,
        once_key: None,
    }
}

async fn release_contract(
    office: &Office,
    writing: &mut Writing<'_>,
    named: &Named,
    skip_until: Option<NaiveDate>,
    reason: &str,
) -> Result<Released, JobError> {
    let today = writing.today();
    let row = writing.tx.contract_for_issue(named.subject.id, today).await?;
    let Some(model) = row.model.filter(|_| row.kind == "recurring") else { return Ok(Released::Nothing) };
    let contract: Contract = serde_json::from_str(&model).map_err(JobError::model(named.name.clone()))?;
    let done: BTreeSet<NaiveDate> =
        writing.tx.periods_of(named.subject.id).await?.into_iter().map(|period| period.starts_on).collect();
    let missed = match due(&contract, &done, None, today, &office.business_days()) {
        Due::Held { missed } | Due::Issue { periods: missed, .. } => missed,
        Due::Nothing { .. } => return Ok(Released::Nothing),
    };
    let (skipped, kept): (Vec<_>, Vec<_>) =
        missed.into_iter().partition(|period| skip_until.is_some_and(|day| period.starts_on < day));
    for period in &skipped {
        writing.add_period(named.subject.id, period.starts_on, 1, period.ends_on, None).await?;
    }
    let through = kept.iter().chain(&skipped).map(|period| period.starts_on).max();
    let act = NewAct {
        model: Some(json!({ "through": through, "skipped": skipped.len() }).to_string()),
        ..ending(named, today, reason, None)
    };
    writing.add_act(act).await?;
    writing.set_next_on(named.subject.id, Some(today)).await?;
    Ok(Released::Periods { issued: kept.len(), skipped: skipped.len() })
}

/// Finds a letter that has not arrived, by what it is about: an invoice's number, or customer and day.
async fn open_letter(tx: &mut Tx, about: &str) -> Result<WaitingLetter, JobError> {
    let waiting = tx.all_waiting_letters().await?;
    let found = waiting.into_iter().find(|letter| letter.about == about && letter.state != "sending");
    found.ok_or_else(|| JobError::Refused(format!("no letter about \"{about}\" waits; see `settled status`")))
}

/// Records that a person delivered a letter, or found an unclear one among the sent mail.
///
/// # Errors
/// When no such letter waits.
pub async fn posted(office: &Office, run: &Run, about: &str) -> Result<WaitingLetter, JobError> {
    let mut writing = office.store.write(run, office.clock.now()).await?;
    let letter = open_letter(&mut writing.tx, about).await?;
    if letter.delivery == "mail" && letter.state != "unclear" {
        return Err(JobError::Refused(format!("the letter about \"{about}\" leaves by mail, by itself")));
    }
    deliver(office, &mut writing, &letter).await?;
    writing.commit().await?;
    Ok(letter)
}

/// Records that an invoice which was queued again has arrived, by whatever way.
///
/// # Errors
/// When it does not wait.
pub async fn delivered(office: &Office, run: &Run, number: &str) -> Result<(), JobError> {
    let mut writing = office.store.write(run, office.clock.now()).await?;
    let letter = open_letter(&mut writing.tx, number).await?;
    deliver(office, &mut writing, &letter).await?;
    Ok(writing.commit().await?)
}

async fn deliver(office: &Office, writing: &mut Writing<'_>, letter: &WaitingLetter) -> Result<(), JobError> {
    writing.add_event(letter.letter_id, None, "posted", None, "by command").await?;
    writing.set_outbox(letter.letter_id, "accepted", writing.now(), None).await?;
    counted(office, writing, letter.letter_id).await
}

/// Records that the address which a letter on an invoice came back from is right now: it is written again.
///
/// # Errors
/// When there is no such invoice.
pub async fn address_fixed(office: &Office, run: &Run, number: &str) -> Result<(), JobError> {
    let mut writing = office.store.write(run, office.clock.now()).await?;
    let named = find(&mut writing.tx, number).await?;
    writing.add_act(ending(&named, run.today, "the address is right", None)).await?;
    look_again(&mut writing, &named).await?;
    Ok(writing.commit().await?)
}

/// Sends a letter again: an unclear dunning letter is withdrawn and decided anew, an invoice that came back gets its next round.
///
/// # Errors
/// When there is no such letter.
pub async fn resend(office: &Office, run: &Run, about: &str) -> Result<(), JobError> {
    let mut writing = office.store.write(run, office.clock.now()).await?;
    if let Some(document) = writing.tx.document_by_number(about).await? {
        if !redeliver_invoice(office, &mut writing, document.id, about).await? {
            return Err(JobError::Refused(format!("{about} did not come back; it is not sent twice")));
        }
    } else {
        let letter = open_letter(&mut writing.tx, about).await?;
        if letter.state != "unclear" {
            return Err(JobError::Refused(format!("the letter about \"{about}\" still waits, and leaves by itself")));
        }
        writing.add_event(letter.letter_id, None, "withdrawn", None, "by command").await?;
        writing.set_outbox(letter.letter_id, "withdrawn", writing.now(), None).await?;
        if let Some(customer) = letter.customer_id {
            writing.look_at_customer(customer, run.today).await?;
        }
    }
    Ok(writing.commit().await?)
}

/// Queues the next round of every invoice of a customer that came back: the address was mended.
///
/// # Errors
/// When the books fail.
pub async fn redeliver(office: &Office, writing: &mut Writing<'_>, customer: i64) -> Result<usize, JobError> {
    let mut again = 0;
    for row in writing.tx.open_receivables_of(customer).await? {
        again += usize::from(redeliver_invoice(office, writing, row.document_id, &row.number).await?);
    }
    writing.look_at_customer(customer, writing.today()).await?;
    Ok(again)
}

/// Queues the next round of an invoice's own letter, if the last one came back.
async fn redeliver_invoice(
    office: &Office,
    writing: &mut Writing<'_>,
    document: i64,
    number: &str,
) -> Result<bool, JobError> {
    let Some(last) = writing.tx.letters_about("invoice", number).await?.pop() else { return Ok(false) };
    if !writing.tx.events_of(last.id).await?.iter().any(|event| event.undoes) {
        return Ok(false);
    }
    let row = writing.tx.customer(last.customer_id.unwrap_or_default()).await?;
    let customer: Customer =
        serde_json::from_str(&row.model).map_err(JobError::model(format!("the customer {}", row.number)))?;
    let letter = NewLetter {
        kind: "invoice",
        about: number.to_owned(),
        customer: Some(row.id),
        document: Some(document),
        delivery: customer.delivery.name(),
        not_before: office.send_window().next(writing.now()),
    };
    writing.add_letter(letter, Vec::new()).await?;
    Ok(true)
}

/// Records that a letter came back after it had been accepted: the last round on an invoice, its own (`invoice`) or a dunning letter.
/// What it claimed is undone (rule D9).
///
/// # Errors
/// When there is no such letter.
pub async fn came_back(office: &Office, run: &Run, number: &str, dunning: bool, words: &str) -> Result<(), JobError> {
    let mut writing = office.store.write(run, office.clock.now()).await?;
    let document = writing.tx.document_by_number(number).await?;
    let document = document.ok_or_else(|| JobError::Refused(format!("there is no invoice {number}")))?;
    let letter = if dunning {
        writing.tx.items_on(document.id).await?.last().map(|item| item.letter_id)
    } else {
        writing.tx.letters_about("invoice", number).await?.last().map(|letter| letter.id)
    };
    let letter = letter.ok_or_else(|| JobError::Refused(format!("no letter on {number} left")))?;
    writing.add_event(letter, None, "bounced", None, words).await?;
    writing.set_outbox(letter, "refused", writing.now(), None).await?;
    for claim in writing.tx.claims_of(letter).await? {
        let legs = writing.tx.legs_of(claim.id).await?;
        let legs = legs.iter().map(|leg| leg.leg()).collect::<Result<Vec<_>, _>>()?;
        let undone = crate::ledger::mirror(
            claim.id.into(),
            &legs,
            crate::ledger::BatchKind::Correction,
            crate::ledger::Account::Payer,
            None,
            run.today,
        );
        super::posting::post(&mut writing, &undone).await?;
    }
    let tomorrow = run.today + Days::new(1);
    writing.look_at_customer(document.customer_id, tomorrow).await?;
    Ok(writing.commit().await?)
}
