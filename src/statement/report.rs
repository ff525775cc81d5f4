//! What a file says, for `settled bank show`: as JSON, one object a document, without touching the books.

use std::ops::ControlFlow;

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::model::{Balance, Entry, Message, Sink, Statement, Transaction, TransactionCode};
use crate::reference::{CreditorReference, QrReference};

/// Collects statements with their entries.
#[derive(Debug, Default)]
pub struct Collector {
    /// The statements with their entries, in the order of the file.
    pub statements: Vec<(Statement, Vec<Entry>)>,
    entries: Vec<Entry>,
}

impl Sink for Collector {
    fn entry(&mut self, entry: Entry) -> ControlFlow<()> {
        self.entries.push(entry);
        ControlFlow::Continue(())
    }

    fn statement(&mut self, statement: Statement) -> ControlFlow<()> {
        self.statements.push((statement, std::mem::take(&mut self.entries)));
        ControlFlow::Continue(())
    }
}

/// Reports a document.
pub fn document(message: &Message, statements: &[(Statement, Vec<Entry>)]) -> Value {
    let mut object = json!(message);
    object["statements"] = statements.iter().map(|(statement, entries)| report(statement, entries)).collect();
    object
}

fn report(statement: &Statement, entries: &[Entry]) -> Value {
    let mut object = json!(statement);
    let fields = object.as_object_mut().expect("a struct");
    fields.remove("account");
    fields.insert("account_iban".into(), json!(statement.account.iban));
    fields.insert("account_other".into(), json!(statement.account.other));
    fields.insert("opening_balance".into(), json!(statement.opening_balance()));
    fields.insert("closing_balance".into(), json!(statement.closing_balance()));
    fields.insert("transaction_count".into(), json!(entries.iter().map(|e| e.transactions.len()).sum::<usize>()));
    fields.insert("balance_check".into(), balance_check(statement));
    fields.insert("entries".into(), entries.iter().map(entry).collect());
    object
}

/// Adds up to the last decimal, without rounding: what the file says.
fn balance_check(statement: &Statement) -> Value {
    let amount = |balance: Option<&Balance>| balance.and_then(|b| b.amount);
    match (amount(statement.opening_balance()), amount(statement.closing_balance())) {
        (Some(opening), Some(closing)) => {
            let difference = closing - (opening + statement.sum_booked_credits + statement.sum_booked_debits);
            let result = if difference.is_zero() { "ok" } else { "mismatch" };
            json!({ "result": result, "difference": difference.to_string() })
        }
        _ => json!({ "result": "no-balances", "difference": null }),
    }
}

fn entry(entry: &Entry) -> Value {
    json!({
        "index": entry.index,
        "entry_ref": entry.entry_ref,
        "acct_svcr_ref": entry.acct_svcr_ref,
        "amount": plain(entry.amount),
        "currency": entry.currency,
        "status": entry.status,
        "reversal": entry.reversal,
        "booking_date": entry.booking_date,
        "value_date": entry.value_date,
        "bank_tx_code": entry.bank_tx_code.as_ref().and_then(code),
        "additional_entry_info": entry.additional_entry_info,
        "batches": entry.batches,
        "charges": entry.charges,
        "amount_details": entry.amount_details,
        "entry_residual": plain(entry.entry_residual),
        "tx_details": entry.tx_details,
        "transactions": entry.transactions.iter().map(|t| transaction(entry, t)).collect::<Vec<_>>(),
    })
}

fn transaction(entry: &Entry, transaction: &Transaction) -> Value {
    let level = match (&transaction.acct_svcr_ref, &entry.acct_svcr_ref) {
        (Some(_), _) => Some("tx"),
        (None, Some(_)) => Some("entry"),
        (None, None) => None,
    };
    let references = transaction.creditor_references.iter().map(|reference| {
        let text = &reference.reference;
        let digits = text.chars().filter(|c| !c.is_whitespace()).count();
        json!({
            "type": reference.kind,
            "ref": text,
            "rf_valid": CreditorReference::parse(text).is_some(),
            "qrr_valid": digits == 27 && QrReference::parse(text).is_some(),
        })
    });
    let documents = transaction.referred_documents.iter();
    let party = |party: &Option<super::Party>| {
        party.as_ref().map(|p| json!({ "name": p.name, "iban": p.iban, "other_account": p.other_account }))
    };
    json!({
        "amount": plain(transaction.amount),
        "currency": transaction.currency,
        "amount_source": transaction.amount_source,
        "tx_amount": plain(transaction.tx_amount),
        "tx_currency": transaction.tx_currency,
        "booking_date": entry.booking_date,
        "value_date": entry.value_date,
        "status": entry.status,
        "reversal": entry.reversal,
        "end_to_end_id": transaction.end_to_end_id,
        "mandate_id": transaction.mandate_id,
        "instruction_id": transaction.instruction_id,
        "tx_id": transaction.tx_id,
        "payment_info_id": transaction.payment_info_id,
        "acct_svcr_ref": transaction.acct_svcr_ref.as_ref().or(entry.acct_svcr_ref.as_ref()),
        "acct_svcr_ref_level": level,
        "creditor_references": references.collect::<Vec<_>>(),
        "referred_documents": documents.map(|d| json!({ "type": d.kind, "number": d.number, "date": d.date })).collect::<Vec<_>>(),
        "additional_remittance": transaction.additional_remittance,
        "ustrd": transaction.ustrd,
        "remittance": (!transaction.ustrd.is_empty()).then(|| transaction.ustrd.join(" ")),
        "debtor": party(&transaction.debtor),
        "creditor": party(&transaction.creditor),
        "ultimate_debtor": transaction.ultimate_debtor,
        "ultimate_creditor": transaction.ultimate_creditor,
        "bank_tx_code": transaction.bank_tx_code.as_ref().and_then(code).or_else(|| entry.bank_tx_code.as_ref().and_then(code)),
        "return_reason": transaction.return_reason,
        "return_info": transaction.return_info,
        "amount_details": transaction.amount_details,
        "charges": transaction.charges,
        "purpose": transaction.purpose,
        "additional_tx_info": transaction.additional_tx_info,
    })
}

fn code(code: &TransactionCode) -> Option<Value> {
    (*code != TransactionCode::default()).then(|| {
        json!({
            "domain": code.domain, "family": code.family, "subfamily": code.subfamily,
            "proprietary": code.proprietary, "issuer": code.issuer,
        })
    })
}

fn plain(amount: Option<Decimal>) -> Option<String> {
    amount.map(|a| a.to_string())
}
