//! The history of an invoice, a payment, a customer or a contract: what was decided and done, when, and by which rule. It is read from
//! the facts, and nothing is decided anew.

mod contract;
mod customer;
mod evidence;
mod hold;
mod invoice;
mod letter;
mod payment;
pub(crate) mod telling;

use self::telling::{History, Teller};
use crate::fact::Subject;
use crate::jobs::office::{JobError, Office};
use crate::jobs::records::name::find;
use crate::shell::store::Tx;

/// Gathers the history of whatever has a name: an invoice, a payment, a customer or a contract.
///
/// # Errors
/// When nothing has that name, or the books fail.
pub async fn history(office: &Office, tx: &mut Tx, name: &str) -> Result<History, JobError> {
    let named = find(tx, name).await?;
    let teller = Teller { office, language: office.config.owner.language };
    let told = match named.subject {
        Subject::Document(id) => teller.invoice(tx, id).await?,
        Subject::Customer(id) => teller.customer(tx, id).await?,
        Subject::Contract(id) => teller.contract(tx, id).await?,
        Subject::Payment(id) => teller.payment(tx, id).await?,
        Subject::BankFile(_) | Subject::Books => return Err(JobError::Refused(format!("{name} has no history"))),
    };
    Ok(told.spelled(&office.program))
}
