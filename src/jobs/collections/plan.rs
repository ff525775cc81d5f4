//! Payment plans: agreed, and ended by a missed instalment.

use super::case::Loaded;
use crate::dunning::InstalmentPlace;
use crate::dunning::PaymentPlan;
use crate::fact::{ActFact, Subject};
use crate::jobs::office::acts::new_act;
use crate::jobs::office::event::Event;
use crate::jobs::office::{JobError, Office};
use crate::jobs::records::act::look_again;
use crate::jobs::records::alarm::alarm;
use crate::jobs::records::name::find;
use crate::letter::Alarm;
use crate::refusal::{DocumentRefusal, NameRefusal};
use crate::shell::store::{NewAct, Run, Writing};

/// Agrees on a payment plan for an invoice: instalments, each `DATE=AMOUNT`, with the place where it was read.
///
/// # Errors
/// When it is no plan, does not fit the invoice, or the books fail.
pub async fn agree_plan(
    office: &Office,
    run: &Run,
    name: &str,
    lines: &[(InstalmentPlace, String)],
) -> Result<PaymentPlan, JobError> {
    let mut writing = office.store.write(run, office.clock.now()).await?;
    let named = find(&mut writing.tx, name).await?;
    let Subject::Document(invoice) = named.subject else {
        return Err(JobError::refused(NameRefusal::NoInvoice { name: name.to_owned() }));
    };
    let row = writing.tx.receivable(invoice).await?;
    let open = row.open_principal;
    if !open.is_positive() {
        return Err(JobError::refused(DocumentRefusal::NothingOpen { number: name.to_owned() }));
    }
    let lines = lines.iter().map(|(place, text)| (place.clone(), text.as_str()));
    let plan = PaymentPlan::read(lines, open, row.currency, run.today);
    let plan = plan.map_err(|why| JobError::refused(DocumentRefusal::Plan { why }))?;
    let act = new_act(&ActFact::PaymentPlan(plan.clone()), named.subject, run.today);
    writing.add_act(act).await?;
    look_again(&mut writing, &named).await?;
    writing.commit().await?;
    Ok(plan)
}

/// Ends payment plans of which an instalment was missed: letters are decided as if there were none. Returns what is news.
pub async fn end_missed_plans(writing: &mut Writing<'_>, loaded: &Loaded) -> Result<Vec<Event>, JobError> {
    let mut events = Vec::new();
    for missed in &loaded.missed {
        let number = loaded.documents.get(&missed.document).map(|document| document.number.clone()).unwrap_or_default();
        let (due_on, amount) = (missed.instalment.due_on, missed.instalment.amount());
        let currency = missed.currency;
        let fact = ActFact::InstalmentMissed { due_on, amount: amount.decimal(currency), currency };
        let act = new_act(&fact, Subject::Document(missed.document), writing.today());
        writing.add_act(NewAct { ends: Some(missed.act), ..act }).await?;
        let (customer, name) = (loaded.customer.number.clone(), loaded.customer.name.clone());
        let amount = amount.plain(currency);
        events.push(Event::InstalmentMissed { number, customer, name, due_on, amount, currency });
    }
    if !events.is_empty() {
        alarm(writing, Alarm::InstalmentMissed).await?;
    }
    Ok(events)
}
