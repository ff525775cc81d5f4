//! Repairs of working tables: each makes one of them say what follows from the facts.

use chrono::NaiveDate;

use crate::id::{BankAccountId, ContractId, CustomerId, DocumentId, EntryId, LetterId, PaymentId};
use crate::jobs::office::JobError;
use crate::jobs::receipts::keys::CustomerKeys;
use crate::matching::{Because, KeyKind};
use crate::money::{Amount, Currency};
use crate::outbox::OutboxState;
use crate::shell::store::{ReceivableRow, Writing};

/// A repair.
#[derive(Debug, Clone)]
pub(super) enum Repair {
    /// A counter stands at the last number of its series.
    Counter { series: String, period: String, last: i64 },
    /// So much of a payment is undecided.
    OpenPayment { payment: PaymentId, open: Amount, currency: Currency },
    /// An undecided payment holds the letters of these customers.
    Concerns { payment: PaymentId, customers: Vec<(CustomerId, Because)> },
    /// What is open of a document.
    Receivable(Box<ReceivableRow>),
    /// A document that is missing among what is open.
    AddReceivable(Box<ReceivableRow>),
    /// A document that does not belong there.
    NoReceivable { document: DocumentId },
    /// How far an account's chain reaches.
    Covered { account: BankAccountId, through: Option<NaiveDate> },
    /// Whether an entry is found by a UETR.
    Uetr { entry: EntryId, uetr: String, is_said: bool },
    /// Through which day an account's entries do not add up.
    Unproved { account: BankAccountId, through: Option<NaiveDate> },
    /// Where a letter stands.
    Outbox { letter: LetterId, state: OutboxState },
    /// When a contract is looked at.
    NextOn { contract: ContractId, next_on: Option<NaiveDate> },
    /// What a document is found by.
    DocumentKeys { document: DocumentId, shape: String, keys: Vec<(KeyKind, String)> },
    /// What a customer is found by.
    CustomerKeys { customer: CustomerId, due: Box<CustomerKeys> },
    /// What texts are searched for.
    Shape { kind: KeyKind, shape: String },
}

impl Repair {
    /// Makes it.
    pub(super) async fn make(&self, writing: &mut Writing<'_>) -> Result<(), JobError> {
        match self {
            Repair::Counter { series, period, last } => writing.raise_counter(series, period, *last).await?,
            Repair::OpenPayment { payment, open, currency } => {
                if writing.tx.open_payment(*payment).await?.is_none() && !open.is_zero() {
                    writing.reopen_payment(*payment, *open, *currency, None).await?;
                }
                writing.set_open_payment(*payment, *open).await?;
            }
            Repair::Concerns { payment, customers } => {
                writing.wait_for_owner(&[(*payment, customers.clone())]).await?;
            }
            Repair::Receivable(row) => {
                writing.set_open(std::slice::from_ref(row)).await?;
                writing.set_stage(row.document_id, row.stage).await?;
                writing.set_owner(row.document_id, row.customer_id).await?;
            }
            Repair::AddReceivable(row) => writing.add_receivable(row).await?,
            Repair::NoReceivable { document } => writing.drop_receivable(*document).await?,
            Repair::Covered { account, through } => writing.set_covered(*account, *through).await?,
            Repair::Uetr { entry, uetr, is_said: true } => {
                writing.add_uetrs(&serde_json::json!([[entry, uetr]]).to_string()).await?;
            }
            Repair::Uetr { entry, uetr, is_said: false } => writing.drop_uetr(*entry, uetr).await?,
            Repair::Unproved { account, through } => writing.set_unproved(*account, *through).await?,
            Repair::Outbox { letter, state } => writing.put_outbox(*letter, *state, writing.now()).await?,
            Repair::NextOn { contract, next_on } => writing.set_next_on(*contract, *next_on).await?,
            Repair::DocumentKeys { document, shape, keys } => {
                writing.drop_document_keys(*document).await?;
                writing.add_document_keys(*document, shape, keys).await?;
            }
            Repair::CustomerKeys { customer, due } => {
                writing.set_customer_keys(*customer, &due.shapes, &due.keys).await?
            }
            Repair::Shape { kind, shape } => writing.count_shape(*kind, shape).await?,
        }
        Ok(())
    }
}
