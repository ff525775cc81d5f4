//! An unpaid invoice leaves settled's hands: a dossier for the lawyer or the collection agency is written, and no letter about the
//! invoice any more. Payments that still come are matched as before.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use serde_json::json;

use super::acts::find;
use super::compose::papers;
use super::customer_case::{Loaded, load_all};
use super::history::moves::{Posted, bookings, letters};
use super::office::{JobError, Office};
use super::send_mail::write_file;
use crate::document::{Enclosed, Paper};
use crate::dunning::{
    HoldReason, Item, MissingRate, NOTICE_STAGE, Surroundings, against_handover, claim, effective_due,
};
use crate::id::{DocumentId, PaymentId};
use crate::journal::canonical;
use crate::language::Language;
use crate::letter::{Dossier, Entry, Step};
use crate::money::{Amount, Currency};
use crate::shell::store::{NewAct, NewDecision, ReceivableRow, Run, Tx};

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
    let row = match named.subject.kind {
        "document" => tx.receivable(named.subject.id).await?,
        _ => return Err(JobError::Refused(format!("{name} is no invoice"))),
    };
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
        return Err(JobError::Refused(format!("something was just booked on {name}; say it again")));
    }
    let is_news = item.handed_over_on.is_none();
    if is_news {
        let act = NewAct {
            kind: "handover",
            subject: named.subject,
            from_on: run.today,
            until_on: None,
            reason: reason.to_owned(),
            model: Some(canonical(
                &json!({ "total": dossier.total().plain(item.currency), "currency": item.currency }),
            )),
            ends: None,
            once_key: None,
        };
        writing.add_act(act).await?;
        // Nobody is asked about it until the next run has decided.
        let stage = item.sent.last().map_or(0, |sent| sent.stage) + 1;
        let no_gates: [&str; 0] = [];
        let decision = NewDecision {
            subject: named.subject,
            rule: format!("D5 {}", HoldReason::HandedOver.name()),
            verdict: "held".to_owned(),
            facts: canonical(&json!({ "stage": stage, "about": run.today.to_string(), "passed": no_gates })),
            next_on: None,
        };
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
    let no = |words: String| Err(JobError::Refused(words));
    let number = &row.number;
    let document = DocumentId::from(row.document_id);
    let Some(item) = loaded.case.items.iter().find(|item| item.document == document) else {
        return no(match row.state.as_str() {
            "cancelled" => format!("{number} is cancelled; there is nothing to hand over"),
            _ => format!("nothing is open of {number}; there is nothing to hand over"),
        });
    };
    let (business_days, rates) = (office.business_days(), office.base_rates());
    let around = Surroundings { today, business_days: &business_days, rates: &rates };
    if let Some(gate) = against_handover(&loaded.case, item, around) {
        let (about, customer) = (&gate.saw, &loaded.customer.number);
        return no(match gate.reason {
            HoldReason::Disputed => {
                format!("{number} is disputed; settle that first, and say: settled release {number}")
            }
            HoldReason::Undelivered => {
                format!("{number}, or the last letter on it, has not reached the customer; see: settled why {number}")
            }
            HoldReason::Promise => {
                format!(
                    "{number} is promised until {about}; if that does not hold any more, say: settled release {number}"
                )
            }
            HoldReason::UnallocatedCredit => {
                format!("{about} may be the payment of {number}; decide it first, see: settled why {about}")
            }
            HoldReason::CustomerCredit => {
                format!("a credit of {about} {} covers {number}; see: settled customer show {customer}", item.currency)
            }
            _ => format!(
                "the statements of {about} do not reach far enough: {number} may be paid; drop the newest first"
            ),
        });
    }
    if item.handed_over_on.is_some() || ripe == Ripe::Now {
        return Ok(item);
    }
    let early = format!("to hand it over all the same: settled handover {number} --now");
    match item.sent.last() {
        None => no(format!("no letter was sent on {number} yet; {early}")),
        Some(sent) if sent.stage < item.policy.stages.len() => {
            no(format!("the last letter on {number} is still to come; {early}"))
        }
        Some(sent) if sent.deadline_on >= today => {
            no(format!("the deadline of the last letter on {number} ends on {}; {early}", sent.deadline_on))
        }
        Some(_) => Ok(item),
    }
}

/// Gathers what the dossier says.
async fn dossier(
    office: &Office,
    tx: &mut Tx,
    loaded: &Loaded,
    item: &Item,
    as_of: NaiveDate,
) -> Result<Dossier, JobError> {
    let invoice = loaded.documents.get(&item.document).cloned();
    let invoice = invoice.ok_or_else(|| JobError::damaged("an open invoice without a document"))?;
    let (id, language) = (item.document.get(), office.config.owner.language);
    let (business_days, rates) = (office.business_days(), office.base_rates());
    let around = Surroundings { today: as_of, business_days: &business_days, rates: &rates };
    let letters = letters(tx, id, &invoice.number).await?;
    let in_words = Words { language };
    let mut steps = vec![Step {
        on: invoice.issued_on,
        what: in_words.issued(&invoice.number, invoice.due_on),
        amount: Some(invoice.payable()),
    }];
    let mut enclosed = Vec::new();
    enclose(tx, id, &mut enclosed).await?;
    for posted in &letters {
        let number = match posted.letter.document_id.filter(|_| posted.item.is_some()) {
            Some(document) => Some(tx.document(document).await?.number),
            None => None,
        };
        steps.extend(in_words.letter(posted, number.as_deref()));
        let document = posted.letter.document_id.filter(|_| posted.item.is_some() && posted.left().is_some());
        if let Some(document) = document.filter(|_| posted.undone().is_none()) {
            enclose(tx, document, &mut enclosed).await?;
        }
    }
    steps.extend(bookings(tx, id).await?.iter().filter(|booking| !booking.paid().is_zero()).filter_map(|booking| {
        match booking.payment {
            Some(payment) => Some(in_words.payment(payment, booking.value_on, booking.paid())),
            // Set off, or taken back from there; what letters claim and recalls is told with them.
            None => (!booking.principal.is_zero()).then(|| in_words.credit(booking.value_on, booking.paid())),
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
            account: leg.account.clone(),
            payment: leg.payment_id.map(|payment| PaymentId::from(payment).to_string()),
            amount: Amount::from_minor(leg.amount),
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
        claim.interest = claim.interest.max(Amount::from_minor(receivable.open_interest));
    }
    Ok(Dossier {
        language,
        as_of,
        due_on: effective_due(item.issued_on, item.due_on, item.redelivered_on, &business_days),
        claim,
        legal_basis: item.policy.interest.as_ref().and_then(|rule| rule.regime.legal_basis()).map(str::to_owned),
        costs: Amount::from_minor(receivable.open_fee),
        stage: last.and_then(|posted| posted.stage(language)),
        covered_through: item.bank.covered_through,
        debtor: loaded.customer.clone(),
        steps,
        postings,
        papers: enclosed,
        invoice,
    })
}

async fn enclose(tx: &mut Tx, document: i64, enclosed: &mut Vec<Enclosed>) -> Result<(), JobError> {
    let number = tx.document(document).await?.number;
    for paper in papers(tx, document).await? {
        enclosed.push(Enclosed { name: number.clone(), bytes: paper.bytes });
    }
    Ok(())
}

/// Says in the owner's language what happened.
struct Words {
    language: Language,
}

impl Words {
    fn say(&self, german: String, english: String) -> String {
        match self.language {
            Language::De => german,
            Language::En => english,
        }
    }

    fn issued(&self, number: &str, due_on: NaiveDate) -> String {
        let due_on = self.language.day(due_on);
        self.say(
            format!("Rechnung {number} ausgestellt, zahlbar bis {due_on}"),
            format!("invoice {number} issued, payable by {due_on}"),
        )
    }

    /// Tells a letter that left, and what undid it.
    fn letter(&self, posted: &Posted, number: Option<&str>) -> Vec<Step> {
        let Some(left) = posted.left() else { return Vec::new() };
        let name = posted.stage(self.language);
        let name = name.unwrap_or_else(|| self.say("Rechnung".to_owned(), "invoice".to_owned()));
        let name = number.map_or_else(|| name.clone(), |number| format!("{name} {number}"));
        let to = &posted.recipients;
        let way = match (left.kind.as_str(), posted.letter.delivery.as_str()) {
            ("posted", "portal") => self.say("im Portal eingestellt".to_owned(), "put into the portal".to_owned()),
            ("posted", _) => self.say("per Post versandt".to_owned(), "sent by post".to_owned()),
            _ => self.say(format!("per E-Mail an {to} zugestellt"), format!("delivered by e-mail to {to}")),
        };
        let mut what = format!("{name}: {way}");
        let mut amount = None;
        if let Some(item) = posted.item.as_ref().filter(|item| item.stage != NOTICE_STAGE) {
            let deadline = self.language.day(item.deadline_on);
            what = self.say(format!("{what}, Frist {deadline}"), format!("{what}, deadline {deadline}"));
            amount = Some(Amount::from_minor(item.principal + item.interest));
        }
        let mut steps = vec![Step { on: left.today, what, amount }];
        if let Some(undone) = posted.undone() {
            let what = match undone.kind.as_str() {
                "recalled" => self.say(format!("{name}: zurückgenommen"), format!("{name}: taken back")),
                _ => self.say(format!("{name}: kam zurück"), format!("{name}: came back")),
            };
            steps.push(Step { on: undone.today, what, amount: None });
        }
        steps
    }

    /// Tells a payment, or that it was given back.
    fn payment(&self, payment: PaymentId, value_on: NaiveDate, paid: Amount) -> Step {
        let what = match paid.is_positive() {
            true => self.say(format!("Zahlung {payment}"), format!("payment {payment}")),
            false => self.say(format!("Zahlung zurückgegeben ({payment})"), format!("payment given back ({payment})")),
        };
        Step { on: value_on, what, amount: Some(-paid) }
    }

    /// Tells that credit was set off, or taken back.
    fn credit(&self, on: NaiveDate, paid: Amount) -> Step {
        let what = match paid.is_positive() {
            true => self.say("Guthaben verrechnet".to_owned(), "credit set off".to_owned()),
            false => self.say("Verrechnung zurückgenommen".to_owned(), "set-off taken back".to_owned()),
        };
        Step { on, what, amount: Some(-paid) }
    }
}

/// Writes the dossier's files: the PDF, where papers are typeset at all, and the table.
async fn write(office: &Office, dossier: &Dossier, folder: &Path) -> Result<Vec<PathBuf>, JobError> {
    let paper = Paper::Bundle(Box::new(dossier.sheet()), dossier.papers.clone());
    let rendered = office.renderer.render(&[paper], &office.stationery).await;
    let rendered = rendered.map_err(JobError::io("starting a worker to typeset the dossier"))?;
    let pdf = rendered.into_iter().next().transpose().map_err(|error| JobError::Refused(error.to_string()))?.flatten();
    let mut files = Vec::new();
    for (ending, bytes) in [("pdf", pdf), ("csv", Some(dossier.csv()))] {
        let Some(bytes) = bytes else { continue };
        let path = folder.join(format!("{}.{ending}", dossier.name()));
        write_file(&path, &bytes).map_err(JobError::io(format!("writing {}", path.display())))?;
        files.push(path);
    }
    Ok(files)
}
