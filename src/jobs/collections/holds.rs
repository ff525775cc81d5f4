//! What the owner does by command: going live, holds, releases, promises and payment plans, disputes, insolvencies, and letters that a
//! person delivers.

use chrono::NaiveDate;

use crate::fact::{ActFact, ActKind, Subject, SubjectKind};
use crate::id::ActId;
use crate::jobs::billing::release::{Released, release_contract};
use crate::jobs::office::acts::{acts_of, new_act};
use crate::jobs::office::{JobError, Office};
use crate::jobs::records::act::{ending, look_again};
use crate::jobs::records::name::{Named, find};
use crate::refusal::{DocumentRefusal, NameRefusal};
use crate::shell::store::{NewAct, Run};

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
    const fn fact(self) -> ActFact {
        match self {
            Act::Hold => ActFact::Hold,
            Act::Dispute => ActFact::Dispute,
            Act::Promise => ActFact::Promise,
        }
    }
}

/// Tells whether a release ends acts of a kind.
const fn is_released(kind: ActKind) -> bool {
    match kind {
        ActKind::Hold | ActKind::Dispute | ActKind::Promise | ActKind::Handover => true,
        ActKind::Golive
        | ActKind::Release
        | ActKind::Insolvent
        | ActKind::Send
        | ActKind::Extend
        | ActKind::Accept
        | ActKind::Decline
        | ActKind::Pause
        | ActKind::Resume
        | ActKind::LearnIban
        | ActKind::ForgetIban
        | ActKind::Ignore
        | ActKind::Discard
        | ActKind::Pursue
        | ActKind::LateDiscount
        | ActKind::Settle
        | ActKind::Writeoff
        | ActKind::Note
        | ActKind::Agree
        | ActKind::End
        | ActKind::Skip => false,
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
    match (what, named.subject.kind()) {
        (_, SubjectKind::Document) | (Act::Hold, SubjectKind::Customer) => {}
        (Act::Hold, SubjectKind::Contract) => {
            return Err(JobError::refused(DocumentRefusal::HoldContract { name: name.to_owned() }));
        }
        (_, SubjectKind::Customer | SubjectKind::Contract)
        | (_, SubjectKind::Payment | SubjectKind::BankFile | SubjectKind::BankAccount | SubjectKind::Books) => {
            return Err(JobError::refused(NameRefusal::NoInvoice { name: name.to_owned() }));
        }
    }
    if let Some(day) = until_on.filter(|day| *day < run.today) {
        return Err(JobError::refused(DocumentRefusal::DayOver { day }));
    }
    let act = new_act(&what.fact(), named.subject, run.today);
    let act = NewAct { until_on, reason: reason.to_owned(), ..act };
    writing.add_act(act).await?;
    look_again(&mut writing, &named).await?;
    writing.commit().await?;
    Ok(named)
}

/// Ends all holds, disputes, promises and the handover of an invoice or a customer, or lets a contract's waiting periods be issued; periods that begin
/// before `skip_until` are skipped for good.
pub async fn release(
    office: &Office,
    run: &Run,
    name: &str,
    skip_until: Option<NaiveDate>,
    reason: &str,
) -> Result<Released, JobError> {
    let mut writing = office.store.write(run, office.clock.now()).await?;
    let named = find(&mut writing.tx, name).await?;
    let released = match named.subject {
        Subject::Contract(id) => release_contract(office, &mut writing, &named, id, skip_until, reason).await?,
        Subject::Payment(_) => {
            return Err(JobError::refused(DocumentRefusal::ReleasePayment { name: name.to_owned() }));
        }
        Subject::Document(_)
        | Subject::Customer(_)
        | Subject::BankFile(_)
        | Subject::BankAccount(_)
        | Subject::Books
            if skip_until.is_some() =>
        {
            return Err(JobError::refused(DocumentRefusal::OnlyContractsSkip {}));
        }
        Subject::Document(_)
        | Subject::Customer(_)
        | Subject::BankFile(_)
        | Subject::BankAccount(_)
        | Subject::Books => {
            let acts = acts_of(&mut writing.tx, named.subject).await?;
            let live = acts.iter().filter(|act| is_released(act.fact.kind()) && act.holds_on(run.today, &acts));
            let live: Vec<ActId> = live.map(|act| act.id).collect();
            for id in &live {
                writing.add_act(ending(&named, run.today, reason, Some(*id))).await?;
            }
            // A letter that came back is sent again although the address is the same.
            if live.is_empty() && named.subject.kind() == SubjectKind::Document {
                writing.add_act(ending(&named, run.today, reason, None)).await?;
            }
            look_again(&mut writing, &named).await?;
            if live.is_empty() { Released::Nothing } else { Released::Holds(live.len()) }
        }
    };
    writing.commit().await?;
    Ok(released)
}
