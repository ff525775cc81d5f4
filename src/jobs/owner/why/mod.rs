//! The history of an invoice, a payment, a customer or a contract: what was decided and done, when, and by which rule. It is read from
//! the facts, and nothing is decided anew.

mod contract;
mod customer;
mod held;
mod invoice;
mod payment;
mod quote;
pub mod teller;

use crate::fact::Subject;
use crate::jobs::office::{JobError, Office};
use crate::jobs::records::name::find;
use crate::recurring::ContractKind;
use crate::refusal::NameRefusal;
use crate::shell::store::Tx;
use crate::told::History;

/// Gathers the history of whatever has a name: an invoice, a payment, a customer or a contract.
///
/// # Errors
/// When nothing has that name, or the books fail.
pub async fn history(office: &Office, tx: &mut Tx, name: &str) -> Result<History, JobError> {
    let told = match find(tx, name).await?.subject {
        Subject::Document(id) => invoice::history(office, tx, id).await?,
        Subject::Customer(id) => customer::history(office, tx, id).await?,
        Subject::Contract(id) => {
            let row = tx.contract(id).await?;
            match row.kind {
                ContractKind::Quote => quote::history(office, tx, &row.number).await?,
                ContractKind::Recurring | ContractKind::Once => contract::history(office, tx, id).await?,
            }
        }
        Subject::Payment(id) => payment::history(office, tx, id).await?,
        Subject::BankFile(_) | Subject::BankAccount(_) | Subject::Books => {
            return Err(JobError::refused(NameRefusal::NoHistory { name: name.to_owned() }));
        }
    };
    Ok(told.spelled(&office.program))
}
