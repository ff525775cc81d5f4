//! What would happen on going live: the next number, the first invoices, who would get mail, and which letters are due at once.

use std::collections::BTreeSet;
use std::path::PathBuf;

use chrono::{Days, NaiveDate};

use crate::calendar::EARLIEST;
use crate::dunning::{LetterItem, Surroundings, decide};
use crate::jobs::billing::coming::{Coming, coming_invoices};
use crate::jobs::billing::store::SERIES;
use crate::jobs::collections::case::load;
use crate::jobs::issuing::number::next_sequence;
use crate::jobs::office::{JobError, Office};
use crate::jobs::owner::questions::book::contracts;
use crate::jobs::records::customer::customer_in;
use crate::money::{Amount, Currency};
use crate::question::Question;
use crate::shell::config::Transport;

/// How far the outlook reaches.
const AHEAD: Days = Days::new(35);

/// The most customers whose letters are decided in one step.
const BATCH: i64 = 500;

/// What going live would set in motion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outlook {
    /// The civil day.
    pub today: NaiveDate,
    /// The number of the next invoice.
    pub next_number: String,
    /// The invoices of the coming days, and those that are due already: these it would release.
    pub invoices: Vec<Coming>,
    /// Contracts of which nothing is issued until the owner has decided.
    pub held: Vec<Question>,
    /// Who would get mail.
    pub recipients: Vec<String>,
    /// Reminders and dunning letters that are due today.
    pub letters: Vec<LetterDue>,
    /// The folder that mails are written into, because no server is configured: they reach nobody.
    pub files_only: Option<PathBuf>,
}

/// A reminder or dunning letter that is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LetterDue {
    /// The customer's name.
    pub customer: String,
    /// The stage's name.
    pub stage: String,
    /// The invoices in it.
    pub invoices: Vec<String>,
    /// The currency.
    pub currency: Currency,
    /// What it asks for.
    pub total: Amount,
}

/// Looks at what going live would set in motion.
pub async fn outlook(office: &Office) -> Result<Outlook, JobError> {
    let today = office.day(office.clock.now());
    let mut tx = office.store.read().await?;
    let (sequence, _) = next_sequence(office, &mut tx, SERIES, today).await?;
    let next_number = office.config.series(SERIES).series.number(today, sequence);
    let invoices = coming_invoices(office, &mut tx, EARLIEST, today + AHEAD).await?;
    let held = contracts(office, &mut tx, today).await?;
    let mut recipients = BTreeSet::new();
    for row in tx.customers().await? {
        let Some(model) = &row.model else { continue };
        let customer = customer_in(model, &row.number)?;
        recipients.extend(customer.email.invoice.0.iter().map(ToString::to_string));
    }
    let (business_days, rates) = (office.business_days(), office.base_rates());
    let around = Surroundings { today, business_days: &business_days, rates: &rates };
    let (mut after, mut letters) = (None, Vec::new());
    loop {
        let customers = tx.customers_to_look_at(today, after, BATCH).await?;
        let Some(last) = customers.last() else { break };
        after = Some(*last);
        for customer in customers {
            let loaded = load(office, &mut tx, customer, today).await?;
            if let Some(letter) = decide(&loaded.case, around).letter {
                let number = |item: &LetterItem| loaded.documents.get(&item.document).map(|d| d.number.clone());
                letters.push(LetterDue {
                    customer: loaded.customer.name,
                    stage: letter.stage_name.clone(),
                    invoices: letter.items.iter().filter_map(number).collect(),
                    currency: letter.currency,
                    total: letter.total(),
                });
            }
        }
    }
    let mail = &office.config.mail;
    let files_only = (mail.transport == Transport::Folder).then(|| mail.folder.clone());
    let recipients = recipients.into_iter().collect();
    Ok(Outlook { today, next_number, invoices, held, recipients, letters, files_only })
}
