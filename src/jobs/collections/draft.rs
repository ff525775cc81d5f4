//! A decided letter becomes a numbered document, or a notice.

use chrono::NaiveDate;

use super::account::account_statement;
use super::case::Loaded;
use super::numbered::Draft;
use crate::customer::Customer;
use crate::dunning::{DunningDocument, DunningLetter, Enclosure, ItemFacts, NOTICE_STAGE, Notice, NoticeItem};
use crate::invoice::Origin;
use crate::jobs::office::{JobError, Office};
use crate::jobs::records::document::has_paper;
use crate::letter::LetterKind;
use crate::money::Amount;
use crate::shell::store::{NewLetter, NewLetterItem, Tx, Writing};

/// Queues a notice before the due date, unless one still waits to leave. It has no number and no paper; its text is written when it leaves.
pub(super) async fn queue_notice(
    office: &Office,
    writing: &mut Writing<'_>,
    loaded: &Loaded,
    notice: &Notice,
) -> Result<(), JobError> {
    if writing.tx.notices_under_way(loaded.id).await? > 0 {
        return Ok(());
    }
    let letter = NewLetter {
        kind: LetterKind::Notice,
        about: about(&loaded.customer, writing.today()),
        customer: Some(loaded.id),
        document: None,
        delivery: loaded.customer.delivery,
        not_before: office.send_window().next(writing.now()),
    };
    writing.add_letter(letter, notice_items(notice)).await?;
    Ok(())
}

/// Makes the draft of a letter that was decided.
pub(super) async fn draft(
    office: &Office,
    tx: &mut Tx,
    loaded: &Loaded,
    letter: &DunningLetter,
    today: NaiveDate,
) -> Result<Draft<DunningDocument>, JobError> {
    let business_days = office.business_days();
    let mut facts = Vec::new();
    for item in &letter.items {
        let document = loaded.documents.get(&item.document);
        let document = document.ok_or_else(|| JobError::damaged("a letter on an unknown invoice"))?;
        let case = loaded.case.items.iter().find(|case| case.document == item.document);
        let case = case.ok_or_else(|| JobError::damaged("a letter on an invoice that is not open"))?;
        let due_on = case.effective_due(&business_days);
        facts.push(ItemFacts { document, item, interest: case.policy.interest.as_ref(), due_on });
    }
    let account = office.config.account_of_day(facts.iter().map(|facts| facts.document), today);
    let account = account.ok_or_else(|| JobError::damaged("a letter on nothing"))?;
    let mut document = DunningDocument::of(letter, &facts, &loaded.customer, account, today);
    if !brings_copies(tx, letter, loaded).await? {
        document.attach.retain(|enclosure| *enclosure != Enclosure::Invoice);
    }
    let papers = if letter.attach.contains(&Enclosure::AccountStatement) {
        vec![account_statement(tx, loaded, &document).await?]
    } else {
        Vec::new()
    };
    Ok(Draft {
        customer: loaded.id,
        agreed: loaded.customer.clone(),
        kind: kind(letter),
        about: about(&loaded.customer, today),
        letter: document,
        items: items(letter),
        papers,
    })
}

/// Tells whether there is a paper to copy of an invoice in a letter. What was taken over as XML alone has none, and no letter may say that
/// it brings one.
async fn brings_copies(tx: &mut Tx, letter: &DunningLetter, loaded: &Loaded) -> Result<bool, JobError> {
    for item in &letter.items {
        let is_own = loaded.documents.get(&item.document).is_some_and(|document| document.origin != Origin::Imported);
        if is_own || has_paper(tx, item.document).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The kind of a letter: a reminder until a stage above the first is in it.
fn kind(letter: &DunningLetter) -> LetterKind {
    if letter.stage == 1 { LetterKind::Reminder } else { LetterKind::Dunning }
}

/// What a dunning letter is about: customer and day, so there is one a day.
pub(super) fn about(customer: &Customer, today: NaiveDate) -> String {
    format!("{} {today}", customer.number)
}

/// Returns the items of a letter as the books are to hold them.
pub fn items(letter: &DunningLetter) -> Vec<NewLetterItem> {
    let rows = letter.items.iter().map(|item| NewLetterItem {
        document: item.document,
        stage: i64::try_from(item.stage).unwrap_or(i64::MAX),
        deadline_on: letter.deadline_on,
        principal: item.principal,
        fee: item.fee,
        interest: item.interest_total,
    });
    rows.collect()
}

/// Returns the items of a notice as the books are to hold them: they claim nothing, and their deadline is the due date.
pub fn notice_items(notice: &Notice) -> Vec<NewLetterItem> {
    let row = |item: &NoticeItem| NewLetterItem {
        document: item.document,
        stage: NOTICE_STAGE,
        deadline_on: item.due_on,
        principal: item.open,
        fee: Amount::ZERO,
        interest: Amount::ZERO,
    };
    notice.items.iter().map(row).collect()
}
