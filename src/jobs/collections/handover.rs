//! An unpaid invoice leaves settled's hands: a dossier for the lawyer or the collection agency is written, and no letter about the
//! invoice any more. Payments that still come are matched as before.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;

use super::case::{Loaded, load_all};
use super::dossier::{dossier, write};
use crate::dunning::{HoldReason, Item, MissingRate, Surroundings, against_handover};
use crate::fact::{ActFact, DecisionFact, Subject};
use crate::jobs::office::acts::new_act;
use crate::jobs::office::{JobError, Office};
use crate::jobs::records::decision::new_decision;
use crate::jobs::records::name::find;
use crate::ledger::ReceivableState;
use crate::money::{Amount, Currency};
use crate::refusal::{DocumentRefusal, NameRefusal};
use crate::shell::store::{NewAct, ReceivableRow, Run};

/// When an invoice may be handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ripe {
    /// After the deadline of the last letter.
    AfterLastLetter,
    /// Now, whatever letters are still to come.
    Now,
}

/// An invoice that was handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandedOver {
    /// Its number.
    pub number: String,
    /// The customer's name.
    pub customer: String,
    /// The day through which the claim is reckoned.
    pub as_of: NaiveDate,
    /// All that is claimed.
    pub total: Amount,
    /// The currency.
    pub currency: Currency,
    /// The files that were written.
    pub files: Vec<PathBuf>,
    /// Whether it was handed over just now, and not before.
    pub is_news: bool,
    /// The last day that interest is reckoned for, where a base rate is missing for those behind.
    pub interest_through: Option<NaiveDate>,
    /// The base rates that are missing.
    pub missing: Vec<MissingRate>,
}

/// Hands an invoice over: writes its dossier into a folder, and records that settled writes no more. Said again it writes the same
/// files, with the figures of the day.
///
/// # Errors
/// When nothing is open of it, something speaks against it, the files cannot be written, or the books fail.
pub async fn hand_over(
    office: &Office,
    run: &Run,
    name: &str,
    ripe: Ripe,
    reason: &str,
    folder: Option<&Path>,
) -> Result<HandedOver, JobError> {
    let mut tx = office.store.read().await?;
    let named = find(&mut tx, name).await?;
    let Subject::Document(invoice) = named.subject else {
        return Err(JobError::refused(NameRefusal::NoInvoice { name: name.to_owned() }));
    };
    let row = tx.receivable(invoice).await?;
    let loaded = load_all(office, &mut tx, row.customer_id, run.today).await?;
    let item = to_hand_over(office, &loaded, &row, run.today, ripe)?;
    let dossier = dossier(office, &mut tx, &loaded, item, run.today).await?;
    drop(tx);
    let files = match folder {
        Some(folder) => write(office, &dossier, folder).await?,
        None => Vec::new(),
    };

    let mut writing = office.store.write(run, office.clock.now()).await?;
    if writing.tx.receivable(row.document_id).await?.open_principal != row.open_principal {
        return Err(JobError::refused(DocumentRefusal::JustBooked { number: name.to_owned() }));
    }
    let is_news = item.obstacles.handed_over_on.is_none();
    if is_news {
        let (total, currency) = (dossier.total().decimal(item.currency), item.currency);
        let act = new_act(&ActFact::Handover { total, currency }, named.subject, run.today);
        let act = NewAct { reason: reason.to_owned(), ..act };
        writing.add_act(act).await?;
        // Nobody is asked about it until the next run has decided.
        let stage = item.sent.last().map_or(0, |sent| sent.stage) + 1;
        let held = DecisionFact::Held { stage, about: run.today.to_string(), passed: Vec::new(), leaves_on: None };
        let decision = new_decision(named.subject, HoldReason::HandedOver.rule(), &held, None);
        writing.decide(decision).await?;
        writing.look_at_customer(row.customer_id, run.today).await?;
        writing.commit().await?;
    }
    Ok(HandedOver {
        number: row.number,
        customer: loaded.customer.name.clone(),
        as_of: run.today,
        total: dossier.total(),
        currency: item.currency,
        files,
        is_news,
        interest_through: dossier.claim.rate_unknown_on.map(|_| dossier.claim.interest_through),
        missing: item
            .policy
            .interest
            .as_ref()
            .map(|rule| office.base_rates().missing(rule, run.today))
            .unwrap_or_default(),
    })
}

/// Returns the item of an invoice that may be handed over; says in words why it may not.
fn to_hand_over<'l>(
    office: &Office,
    loaded: &'l Loaded,
    row: &ReceivableRow,
    today: NaiveDate,
    ripe: Ripe,
) -> Result<&'l Item, JobError> {
    let no = |refusal: DocumentRefusal| Err(JobError::refused(refusal));
    let number = row.number.clone();
    let document = row.document_id;
    let Some(item) = loaded.case.items.iter().find(|item| item.document == document) else {
        return no(match row.state {
            ReceivableState::Cancelled => DocumentRefusal::Cancelled { number },
            ReceivableState::Open
            | ReceivableState::PartiallyPaid
            | ReceivableState::Paid
            | ReceivableState::WrittenOff
            | ReceivableState::Credited => DocumentRefusal::NothingToHandOver { number },
        });
    };
    let (business_days, rates) = (office.business_days(), office.base_rates());
    let around = Surroundings { today, business_days: &business_days, rates: &rates };
    if let Some(against) = against_handover(&loaded.case, item, &loaded.customer.number, around) {
        return Err(JobError::refused(against));
    }
    if item.obstacles.handed_over_on.is_some() || ripe == Ripe::Now {
        return Ok(item);
    }
    match item.sent.last() {
        None => no(DocumentRefusal::NoLetterYet { number }),
        Some(sent) if sent.stage < item.policy.stages.len() => no(DocumentRefusal::LetterToCome { number }),
        Some(sent) if sent.deadline_on >= today => {
            no(DocumentRefusal::DeadlineRuns { number, ends_on: sent.deadline_on })
        }
        Some(_) => Ok(item),
    }
}
