//! The dossier of a handover: what is claimed, and the papers as they were issued.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;

use super::case::Loaded;
use crate::document::{Enclosed, Paper};
use crate::dunning::{Item, NOTICE_STAGE, Surroundings, claim};
use crate::id::{DocumentId, PaymentId};
use crate::jobs::office::{JobError, Office};
use crate::jobs::records::document::papers;
use crate::jobs::records::told::{bookings, letters};
use crate::language::Language;
use crate::letter::{Dossier, Entry, Happened, Step};
use crate::money::Amount;
use crate::refusal::DocumentRefusal;
use crate::shell::files;
use crate::shell::store::Tx;
use crate::told::Posted;

/// Gathers what the dossier says.
///
/// # Errors
/// When the books fail, or hold no document of the invoice.
pub async fn dossier(
    office: &Office,
    tx: &mut Tx,
    loaded: &Loaded,
    item: &Item,
    as_of: NaiveDate,
) -> Result<Dossier, JobError> {
    let invoice = loaded.documents.get(&item.document).cloned();
    let invoice = invoice.ok_or_else(|| JobError::damaged("an open invoice without a document"))?;
    let (id, language) = (item.document, office.config.owner.language);
    let (business_days, rates) = (office.business_days(), office.base_rates());
    let around = Surroundings { today: as_of, business_days: &business_days, rates: &rates };
    let letters = letters(tx, id, &invoice.number).await?;
    let mut steps = vec![Step {
        on: invoice.issued_on,
        what: Happened::Issued { number: invoice.number.clone(), due_on: invoice.due_on },
        amount: Some(invoice.payable()),
    }];
    let mut enclosed = Vec::new();
    enclose(tx, id, &mut enclosed).await?;
    for posted in &letters {
        let number = match posted.document.filter(|_| posted.item.is_some()) {
            Some(document) => Some(tx.document(document).await?.number),
            None => None,
        };
        steps.extend(letter(posted, number, language));
        let document = posted.document.filter(|_| posted.item.is_some() && posted.left().is_some());
        if let Some(document) = document.filter(|_| posted.undone().is_none()) {
            enclose(tx, document, &mut enclosed).await?;
        }
    }
    steps.extend(bookings(tx, id).await?.iter().filter(|booking| !booking.paid().is_zero()).filter_map(|booking| {
        match booking.payment {
            Some(id) => Some(payment(id, booking.value_on, booking.paid())),
            // Set off, or taken back from there; what letters claim and recalls is told with them.
            None => (!booking.principal.is_zero()).then(|| credit(booking.value_on, booking.paid())),
        }
    }));
    steps.sort_by_key(|step| step.on);
    let mut postings = Vec::new();
    for leg in tx.legs_of_document(id).await?.iter().filter(|leg| leg.customer_id.is_some()) {
        let batch = tx.batch(leg.batch_id).await?;
        postings.push(Entry {
            booked_on: batch.booked_on,
            value_on: leg.value_on,
            kind: batch.kind,
            account: leg.account,
            payment: leg.payment_id.map(|payment| payment.to_string()),
            amount: leg.amount,
        });
    }
    let last = letters.iter().rfind(|posted| {
        posted.left().is_some()
            && posted.undone().is_none()
            && posted.item.as_ref().is_some_and(|item| item.stage != NOTICE_STAGE)
    });
    let receivable = tx.receivable(id).await?;
    let mut claim = claim(item, as_of, around);
    if claim.rate_unknown_on.is_some() {
        // What the letters claimed was reckoned with rates that were known then.
        claim.interest = claim.interest.max(receivable.open_interest);
    }
    Ok(Dossier {
        language,
        as_of,
        due_on: item.effective_due(&business_days),
        claim,
        legal_basis: item
            .policy
            .interest
            .as_ref()
            .and_then(|rule| rule.regime.legal_basis(language))
            .map(str::to_owned),
        costs: receivable.open_fee,
        stage: last.and_then(|posted| posted.stage(language)),
        covered_through: item.bank.covered_through,
        // The account that the invoice prints may be closed by now.
        pay_to: office.config.pay_into(&invoice.pay_to, invoice.currency, as_of),
        debtor: loaded.customer.clone(),
        steps,
        postings,
        papers: enclosed,
        invoice,
    })
}

async fn enclose(tx: &mut Tx, document: DocumentId, enclosed: &mut Vec<Enclosed>) -> Result<(), JobError> {
    let number = tx.document(document).await?.number;
    for paper in papers(tx, document).await? {
        enclosed.push(Enclosed { name: number.clone(), bytes: paper.bytes });
    }
    Ok(())
}

/// Tells a letter that left, and what undid it.
fn letter(posted: &Posted, number: Option<String>, language: Language) -> Vec<Step> {
    let Some(left) = posted.left() else { return Vec::new() };
    let stage = posted.stage(language);
    let item = posted.item.as_ref().filter(|item| item.stage != NOTICE_STAGE);
    let delivered = Happened::Delivered {
        stage: stage.clone(),
        number: number.clone(),
        by: posted.reached_by(left),
        to: posted.recipients.clone(),
        deadline_on: item.map(|item| item.deadline_on),
    };
    let amount = item.map(|item| item.principal + item.interest);
    let mut steps = vec![Step { on: left.on, what: delivered, amount }];
    if let Some(undone) = posted.undone() {
        let what = if undone.is_recall() {
            Happened::TakenBack { stage, number }
        } else {
            Happened::CameBack { stage, number }
        };
        steps.push(Step { on: undone.on, what, amount: None });
    }
    steps
}

/// Tells a payment, or that it was given back.
fn payment(payment: PaymentId, value_on: NaiveDate, paid: Amount) -> Step {
    let what = if paid.is_positive() { Happened::Paid(payment) } else { Happened::GivenBack(payment) };
    Step { on: value_on, what, amount: Some(-paid) }
}

/// Tells that credit was set off, or taken back.
fn credit(on: NaiveDate, paid: Amount) -> Step {
    let what = if paid.is_positive() { Happened::SetOff } else { Happened::SetOffTakenBack };
    Step { on, what, amount: Some(-paid) }
}

/// Writes the dossier's files: the PDF, where papers are typeset at all, and the table.
pub(super) async fn write(office: &Office, dossier: &Dossier, folder: &Path) -> Result<Vec<PathBuf>, JobError> {
    let paper = Paper::Bundle(Box::new(dossier.sheet()), dossier.papers.clone());
    let rendered = office.renderer.render(&[paper], &office.stationery).await;
    let rendered = rendered.map_err(JobError::io("starting a worker to typeset the dossier"))?;
    let pdf = rendered
        .into_iter()
        .next()
        .transpose()
        .map_err(|error| {
            JobError::refused(DocumentRefusal::NotTypeset { name: dossier.name(), why: Box::new(error.into()) })
        })?
        .flatten();
    let mut files = Vec::new();
    for (ending, bytes) in [("pdf", pdf), ("csv", Some(dossier.csv()))] {
        let Some(bytes) = bytes else { continue };
        let path = folder.join(format!("{}.{ending}", dossier.name()));
        files::put(&path, &bytes).map_err(JobError::File)?;
        files.push(path);
    }
    Ok(files)
}
