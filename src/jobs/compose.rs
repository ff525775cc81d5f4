//! What a letter says when it leaves: text, recipients and attachments, out of the books as they are then.

use chrono::{DateTime, NaiveDate, Utc};

use super::alarm_text::alarm_text;
use super::credit::used_on;
use super::customer_case::Loaded;
use super::office::{JobError, Office};
use super::{announce, weekly_summary};
use crate::customer::Customer;
use crate::dunning::{DunningDocument, Enclosure, Notice, WithdrawalDocument};
use crate::invoice::Document;
use crate::language::Language;
use crate::letter::{self, Attachment, Mail, NoticeLine, Text};
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
    /// Who sends it; nothing: the sender of all letters.
    pub from: Option<Email>,
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
    /// Its number; nothing for a mail that has none of its own.
    pub number: Option<String>,
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
            from: (
                office.config.business.name.clone(),
                self.from.clone().unwrap_or_else(|| office.mail_from().clone()),
            ),
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
        "withdrawal" => return withdrawal(office, tx, letter).await,
        "summary" => weekly_summary::text(office, tx, today).await?,
        "announcement" => announce::text(office, tx, &letter.about).await?,
        _ => alarm_text(office, tx, &letter.about).await?,
    };
    let owner = &office.config.owner;
    Ok(Ok(Composed {
        text,
        language: owner.language,
        from: None,
        name: owner.name.clone().unwrap_or_default(),
        to: vec![owner.email.clone()],
        cc: Vec::new(),
        to_customer: false,
        customer: (String::new(), String::new()),
        in_reply_to: None,
        attachments: Vec::new(),
        number: None,
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
    let credit = used_on(tx, document).await?;
    let document = model(tx, document).await?;
    let context = letter::invoice(&document, &customer, credit);
    let text = match office.templates.write("invoice", document.language, &context) {
        Ok(text) => text,
        Err(error) => return Ok(Err(error.to_string())),
    };
    Ok(Ok(Composed {
        text,
        language: document.language,
        from: None,
        name: addressee(&customer),
        to: customer.email.invoice.0.clone(),
        cc: customer.email.cc.0.clone(),
        to_customer: true,
        customer: (customer.number, customer.name),
        in_reply_to: None,
        attachments,
        number: None,
        stage: 0,
        deadline_on: Some(document.due_on),
        total: (document.currency, document.payable()),
        items: vec![(document.number.clone(), 0, [document.payable(), Amount::ZERO, Amount::ZERO])],
    }))
}

async fn withdrawal(office: &Office, tx: &mut Tx, letter: &WaitingLetter) -> Result<Attempted, JobError> {
    let (Some(document), Some(customer)) = (letter.document_id, letter.customer_id) else {
        return Err(JobError::damaged(format!("the withdrawal {}", letter.about)));
    };
    let customer = agreed(tx, customer).await?;
    let attachments = papers(tx, document).await?;
    let row = tx.document(document).await?;
    let written: WithdrawalDocument =
        serde_json::from_str(&row.model).map_err(JobError::model(format!("the letter {}", row.number)))?;
    let context = letter::withdrawal(&written, &customer);
    let text = match office.templates.write("withdrawal", written.language, &context) {
        Ok(text) => text,
        Err(error) => return Ok(Err(error.to_string())),
    };
    let zero = [Amount::ZERO; 3];
    Ok(Ok(Composed {
        text,
        language: written.language,
        from: None,
        name: addressee(&customer),
        to: customer.email.for_dunning().to_vec(),
        cc: customer.email.cc.0.clone(),
        to_customer: true,
        customer: (customer.number, customer.name),
        in_reply_to: None,
        attachments,
        number: Some(written.number.clone()),
        stage: 0,
        deadline_on: None,
        total: (written.currency, written.total()),
        items: written.items.iter().map(|item| (item.invoice.clone(), item.stage, zero)).collect(),
    }))
}

/// Composes a reminder or dunning letter as it was written down, to the customer's address of now.
///
/// # Errors
/// When the books fail.
pub async fn dunning(
    office: &Office,
    tx: &mut Tx,
    letter: &WaitingLetter,
    loaded: &Loaded,
) -> Result<Attempted, JobError> {
    let customer = &loaded.customer;
    let id = letter.document_id.ok_or_else(|| JobError::damaged(format!("the letter {}", letter.about)))?;
    let row = tx.document(id).await?;
    let written: DunningDocument =
        serde_json::from_str(&row.model).map_err(JobError::model(format!("the letter {}", row.number)))?;
    let (mut attachments, mut parts) = (papers(tx, id).await?, Vec::new());
    for item in &written.items {
        let invoice = loaded.documents.iter().find(|(_, invoice)| invoice.number == item.number).map(|(id, _)| *id);
        let invoice = invoice.ok_or_else(|| JobError::damaged("a letter on an invoice that is not open"))?;
        if written.attach.contains(&Enclosure::Invoice) {
            attachments.extend(papers(tx, invoice.get()).await?);
        }
        let amounts = [item.principal, item.interest, item.costs].map(|amount| written.amount(amount));
        parts.push((item.number.clone(), item.stage, amounts));
    }
    let context = letter::dunning(&written, customer);
    let text = match office.templates.write(&written.stage_name, written.language, &context) {
        Ok(text) => text,
        Err(error) => return Ok(Err(error.to_string())),
    };
    let first = written.items.first().ok_or_else(|| JobError::damaged("a letter on nothing"))?;
    let in_reply_to = invoice_mail(tx, &first.number).await?;
    let stages =
        loaded.case.items.iter().find(|case| case.number == first_at(&written)).map(|case| &case.policy.stages);
    let from = stages.and_then(|stages| stages.get(written.stage - 1)?.from.clone());
    Ok(Ok(Composed {
        text,
        language: written.language,
        from,
        name: addressee(customer),
        to: customer.email.for_dunning().to_vec(),
        cc: customer.email.cc.0.clone(),
        to_customer: true,
        customer: (customer.number.clone(), customer.name.clone()),
        in_reply_to,
        attachments,
        number: Some(written.number.clone()),
        stage: written.stage,
        deadline_on: Some(written.deadline_on),
        total: (written.currency, written.total()),
        items: parts,
    }))
}

/// Composes a notice before the due date, of what is open now.
///
/// # Errors
/// When the books fail.
pub async fn notice(office: &Office, tx: &mut Tx, loaded: &Loaded, notice: &Notice) -> Result<Attempted, JobError> {
    let customer = &loaded.customer;
    let (mut attachments, mut lines) = (Vec::new(), Vec::new());
    for item in &notice.items {
        let invoice = loaded.documents.get(&item.document);
        let invoice = invoice.ok_or_else(|| JobError::damaged("a notice on an invoice that is not open"))?;
        if notice.with_invoice {
            attachments.extend(papers(tx, item.document.get()).await?);
        }
        lines.push(NoticeLine { invoice, open: item.open, due_on: item.due_on });
    }
    let context = letter::notice(&lines, customer, notice.covered_through, !attachments.is_empty());
    let text = match office.templates.write("notice", customer.language, &context) {
        Ok(text) => text,
        Err(error) => return Ok(Err(error.to_string())),
    };
    let first = lines.first().ok_or_else(|| JobError::damaged("a notice on nothing"))?;
    let in_reply_to = invoice_mail(tx, &first.invoice.number).await?;
    Ok(Ok(Composed {
        text,
        language: customer.language,
        from: None,
        name: addressee(customer),
        to: customer.email.invoice.0.clone(),
        cc: customer.email.cc.0.clone(),
        to_customer: true,
        customer: (customer.number.clone(), customer.name.clone()),
        in_reply_to,
        attachments,
        number: None,
        stage: 0,
        deadline_on: lines.iter().map(|line| line.due_on).min(),
        total: (notice.currency, lines.iter().map(|line| line.open).sum()),
        items: lines
            .iter()
            .map(|line| (line.invoice.number.clone(), 0, [line.open, Amount::ZERO, Amount::ZERO]))
            .collect(),
    }))
}

/// Returns the first invoice that has reached a letter's stage: its policy says who sends the letter.
fn first_at(letter: &DunningDocument) -> &str {
    letter.items.iter().find(|item| item.stage == letter.stage).map_or("", |item| &item.number)
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
