//! What a file says, for `settled bank show`: as JSON, one object a document, without touching the books. It is written as it is read, so
//! that memory does not grow with the file.

use std::io::{self, Write};
use std::ops::ControlFlow;

use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use super::model::{Balance, Entry, Message, ReadError, Sink, Statement, Transaction, TransactionCode};
use crate::language::Language;
use crate::reference::{CreditorReference, QrReference};

/// Writes a document: its statements as `read` hands them over, each with its entries, and what else is known of the statement at that
/// place (`more`); then what the file says of itself, and `of_file`.
///
/// # Errors
/// When it cannot be written; or, inside, when the document cannot be read.
pub fn write(
    out: &mut dyn Write,
    more: &[Map<String, Value>],
    of_file: &Map<String, Value>,
    read: impl FnOnce(&mut dyn Sink) -> Result<Message, ReadError>,
) -> io::Result<Result<(), ReadError>> {
    write!(out, "{{\"statements\":[")?;
    let mut writer = Writer { out, more, statements: 0, entries: 0, transactions: 0, written: Ok(()) };
    let read = read(&mut writer);
    let Writer { out, written, .. } = writer;
    written?;
    let message = match read {
        Ok(message) => message,
        Err(error) => return Ok(Err(error)),
    };
    write!(out, "\n],{}", fields(&json!(message), of_file))?;
    Ok(Ok(()))
}

/// The fields of an object and some more, and its end.
fn fields(object: &Value, more: &Map<String, Value>) -> String {
    let mut fields = object.as_object().cloned().unwrap_or_default();
    fields.extend(more.clone());
    Value::Object(fields).to_string().split_off(1)
}

struct Writer<'w> {
    out: &'w mut dyn Write,
    more: &'w [Map<String, Value>],
    /// How many statements are written.
    statements: usize,
    /// How many entries of the statement in hand.
    entries: usize,
    /// How many transactions of the statement in hand.
    transactions: usize,
    written: io::Result<()>,
}

impl Writer<'_> {
    fn begin(&mut self) -> io::Result<()> {
        let comma = if self.statements > 0 { "," } else { "" };
        write!(self.out, "{comma}\n{{\"entries\":[")
    }

    fn entry(&mut self, entry: &Entry) -> io::Result<()> {
        if self.entries == 0 {
            self.begin()?;
        }
        let comma = if self.entries > 0 { "," } else { "" };
        self.entries += 1;
        self.transactions += entry.transactions.len();
        write!(self.out, "{comma}\n{}", self::entry(entry))
    }

    fn end(&mut self, statement: &Statement) -> io::Result<()> {
        if self.entries == 0 {
            self.begin()?;
        }
        let mut object = report(statement);
        object["transaction_count"] = json!(self.transactions);
        let none = Map::new();
        write!(self.out, "],{}", fields(&object, self.more.get(self.statements).unwrap_or(&none)))?;
        (self.statements, self.entries, self.transactions) = (self.statements + 1, 0, 0);
        Ok(())
    }

    /// Notes whether it was written; there is no use in reading on where it was not.
    fn note(&mut self, written: io::Result<()>) -> ControlFlow<()> {
        self.written = written;
        if self.written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    }
}

impl Sink for Writer<'_> {
    fn entry(&mut self, entry: Entry) -> ControlFlow<()> {
        let written = self.entry(&entry);
        self.note(written)
    }

    fn statement(&mut self, statement: Statement) -> ControlFlow<()> {
        let written = self.end(&statement);
        self.note(written)
    }
}

fn report(statement: &Statement) -> Value {
    let mut object = json!(statement);
    let fields = object.as_object_mut().expect("a struct");
    fields.remove("account");
    fields.insert("account_iban".into(), json!(statement.account.iban));
    fields.insert("account_other".into(), json!(statement.account.other));
    fields.insert("opening_balance".into(), json!(statement.opening_balance()));
    fields.insert("closing_balance".into(), json!(statement.closing_balance()));
    fields.insert("balance_check".into(), balance_check(statement));
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
        "unreadable": entry.unreadable.as_ref().map(|why| why.words(Language::En)),
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
        "uetr": transaction.uetr,
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
