//! What a letter says when it leaves: text, recipients and attachments, out of the books as they are then.

use chrono::{DateTime, NaiveDate, Utc};

use super::customer_case::Loaded;
use super::office::{JobError, Office};
use super::{status, weekly_summary};
use crate::customer::Customer;
use crate::dunning::{DunningLetter, effective_due};
use crate::invoice::Document;
use crate::language::Language;
use crate::letter::{self, Attachment, DunningItem, Mail, Text};
use crate::money::{Amount, Currency};
use crate::party::Email;
use crate::shell::store::{Tx, WaitingLetter};

/// A letter, composed but for its id and date.
#[derive(Debug, Clone)]
pub struct Composed {
    /// Subject and content.
    pub text: Text,
    /// In which language.
    pub language: Language,
    /// To whom: the name.
    pub name: String,
    /// To whom.
    pub to: Vec<Email>,
    /// Who gets a copy.
    pub cc: Vec<Email>,
    /// Whether it goes to a customer.
    pub to_customer: bool,
    /// The customer's number and name; empty for the owner.
    pub customer: (String, String),
    /// The Message-ID of the mail that it follows.
    pub in_reply_to: Option<String>,
    /// What is attached.
    pub attachments: Vec<Attachment>,
    /// The highest stage; 0 for everything but reminders and dunning letters.
    pub stage: usize,
    /// The deadline that it sets.
    pub deadline_on: Option<NaiveDate>,
    /// What is to be paid.
    pub total: (Currency, Amount),
    /// The invoices in it: number, stage, and open principal, interest and costs.
    pub items: Vec<(String, usize, [Amount; 3])>,
}

impl Composed {
    /// Returns everybody who gets it.
    pub fn recipients(&self) -> impl Iterator<Item = &Email> {
        self.to.iter().chain(&self.cc)
    }

    /// Gives it id and date.
    pub fn mail(&self, office: &Office, message_id: &str, date: DateTime<Utc>) -> Mail {
        Mail {
            message_id: message_id.to_owned(),
            date,
            from: (office.config.business.name.clone(), office.mail_from().clone()),
            reply_to: office.config.mail.reply_to.clone(),
            to: (self.name.clone(), self.to.clone()),
            cc: self.cc.clone(),
            subject: self.text.subject.clone(),
            page: self.text.page.clone(),
            language: self.language,
            in_reply_to: self.in_reply_to.clone(),
            attachments: self.attachments.clone(),
        }
    }
}

/// A letter, or in words why it cannot be written.
pub type Attempted = Result<Composed, String>;

/// Composes a letter that is no dunning letter.
///
/// # Errors
/// When the books fail.
pub async fn letter(
    office: &Office,
    tx: &mut Tx,
    today: NaiveDate,
    letter: &WaitingLetter,
) -> Result<Attempted, JobError> {
    let text = match letter.kind.as_str() {
        "invoice" => return invoice(office, tx, letter).await,
        "summary" => weekly_summary::text(office, tx, today).await?,
        _ => status::alarm_text(office, tx, today, &letter.about).await?,
    };
    let owner = &office.config.owner;
    Ok(Ok(Composed {
        text,
        language: owner.language,
        name: owner.name.clone().unwrap_or_default(),
        to: vec![owner.email.clone()],
        cc: Vec::new(),
        to_customer: false,
        customer: (String::new(), String::new()),
        in_reply_to: None,
        attachments: Vec::new(),
        stage: 0,
        deadline_on: None,
        total: (office.config.business.currency, Amount::ZERO),
        items: Vec::new(),
    }))
}

async fn invoice(office: &Office, tx: &mut Tx, letter: &WaitingLetter) -> Result<Attempted, JobError> {
    let (Some(document), Some(customer)) = (letter.document_id, letter.customer_id) else {
        return Err(JobError::damaged(format!("the letter with the invoice {}", letter.about)));
    };
    let customer = agreed(tx, customer).await?;
    let attachments = papers(tx, document).await?;
    let document = model(tx, document).await?;
    let context = letter::invoice(&document, &customer);
    let text = match office.templates.write("invoice", document.language, &context) {
        Ok(text) => text,
        Err(error) => return Ok(Err(error.to_string())),
    };
    Ok(Ok(Composed {
        text,
        language: document.language,
        name: addressee(&customer),
        to: customer.email.invoice.0.clone(),
        cc: customer.email.cc.0.clone(),
        to_customer: true,
        customer: (customer.number, customer.name),
        in_reply_to: None,
        attachments,
        stage: 0,
        deadline_on: Some(document.due_on),
        total: (document.currency, document.payable()),
        items: vec![(document.number.clone(), 0, [document.payable(), Amount::ZERO, Amount::ZERO])],
    }))
}

/// Composes a reminder or dunning letter as it was just decided.
///
/// # Errors
/// When the books fail.
pub async fn dunning(
    office: &Office,
    tx: &mut Tx,
    loaded: &Loaded,
    decided: &DunningLetter,
) -> Result<Attempted, JobError> {
    let customer = &loaded.customer;
    let business_days = office.business_days();
    let (mut items, mut attachments, mut parts) = (Vec::new(), Vec::new(), Vec::new());
    for item in &decided.items {
        let document = loaded.documents.get(&item.document);
        let document = document.ok_or_else(|| JobError::damaged("a letter on an unknown invoice"))?;
        let case = loaded.case.items.iter().find(|i| i.document == item.document);
        let case = case.ok_or_else(|| JobError::damaged("a letter on an invoice that is not open"))?;
        attachments.extend(papers(tx, item.document.get()).await?);
        items.push(DunningItem {
            document,
            item,
            interest: case.policy.interest.as_ref(),
            due_on: effective_due(case.issued_on, case.due_on, case.redelivered_on, &business_days),
        });
        parts.push((document.number.clone(), item.stage, [item.principal, item.interest, item.costs]));
    }
    let context = letter::dunning(decided, &items, customer);
    let text = match office.templates.write(&decided.stage_name, customer.language, &context) {
        Ok(text) => text,
        Err(error) => return Ok(Err(error.to_string())),
    };
    let first = &items.first().ok_or_else(|| JobError::damaged("a letter on nothing"))?.document.number;
    let in_reply_to = invoice_mail(tx, first).await?;
    Ok(Ok(Composed {
        text,
        language: customer.language,
        name: addressee(customer),
        to: customer.email.for_dunning().to_vec(),
        cc: customer.email.cc.0.clone(),
        to_customer: true,
        customer: (customer.number.clone(), customer.name.clone()),
        in_reply_to,
        attachments,
        stage: decided.stage,
        deadline_on: Some(decided.deadline_on),
        total: (decided.currency, decided.total()),
        items: parts,
    }))
}

/// Returns the Message-ID of the mail that brought an invoice.
async fn invoice_mail(tx: &mut Tx, number: &str) -> Result<Option<String>, JobError> {
    let Some(round) = tx.letters_about("invoice", number).await?.pop() else { return Ok(None) };
    Ok(tx.attempts_of(round.id).await?.pop().map(|attempt| attempt.message_id))
}

fn addressee(customer: &Customer) -> String {
    customer.contact.as_ref().map_or_else(|| customer.name.clone(), |contact| contact.name.clone())
}

async fn agreed(tx: &mut Tx, customer: i64) -> Result<Customer, JobError> {
    let row = tx.customer(customer).await?;
    serde_json::from_str(&row.model).map_err(JobError::model(format!("the customer {}", row.number)))
}

/// Reads a document's model.
///
/// # Errors
/// When the books fail.
pub async fn model(tx: &mut Tx, document: i64) -> Result<Document, JobError> {
    let row = tx.document(document).await?;
    serde_json::from_str(&row.model).map_err(JobError::model(format!("the document {}", row.number)))
}

/// Returns the files of a document.
///
/// # Errors
/// When the books fail.
pub async fn papers(tx: &mut Tx, document: i64) -> Result<Vec<Attachment>, JobError> {
    let mut papers = Vec::new();
    for file in tx.files_of(document).await? {
        let bytes = tx.blob(&file.sha256).await?;
        // A copy of the books, such as a simulation's, holds no bytes.
        if bytes.is_empty() {
            continue;
        }
        papers.push(Attachment { name: file.name, media_type: "application/pdf".to_owned(), bytes });
    }
    Ok(papers)
}
