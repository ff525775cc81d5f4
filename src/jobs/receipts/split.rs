//! A collective entry that the bank does not break down, broken down by its owner: a table of the single payments, which add up to it.

use std::collections::BTreeMap;

use super::decided::{decided, undecided};
use crate::fact::{DecisionFact, Fact as _, PaymentFact};
use crate::id::PaymentId;
use crate::jobs::office::{JobError, Office};
use crate::jobs::records::payment::entry as entry_of;
use crate::jobs::records::receipt::book_back;
use crate::journal::sha256;
use crate::ledger::Account;
use crate::money::{Amount, Currency};
use crate::question::Money;
use crate::reference::Iban;
use crate::refusal::{PaymentRefusal, TableRefusal};
use crate::shell::store::{NewPayment, Run};
use crate::statement::{Entry, Party, Transaction};

/// The columns of a table of payments.
const COLUMNS: [&str; 5] = ["amount", "payer", "iban", "text", "end_to_end_id"];

/// A line of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// How much.
    pub amount: Amount,
    /// Who paid.
    pub payer: Option<String>,
    /// From which account.
    pub iban: Option<String>,
    /// What the payer wrote.
    pub text: Option<String>,
    /// The payer's own reference.
    pub end_to_end_id: Option<String>,
}

/// Splits a payment into the parts of a table. Returns the new payments; the matcher decides them like any other.
///
/// # Errors
/// In words, with the lines, when the table cannot be read or does not add up to the payment; or when the payment is no collective
/// entry that waits.
pub async fn split(
    office: &Office,
    run: &Run,
    payment: PaymentId,
    table: &[u8],
    file: &str,
) -> Result<Vec<PaymentId>, JobError> {
    let mut writing = office.store.write(run, office.clock.now()).await?;
    let (row, open) = undecided(&mut writing, payment).await?;
    let currency: Currency = row.currency;
    let (Some(entry), Some(0), true) = (row.entry_id, row.detail, open.open_amount == row.amount) else {
        return Err(JobError::refused(PaymentRefusal::NotWhole { payment }));
    };
    let whole = entry_of(&row)?;
    let parts = read(table, currency, row.amount.is_negative())
        .map_err(|mistakes| JobError::refused(PaymentRefusal::Table { file: file.to_owned(), mistakes }))?;
    let sum: Amount = parts.iter().map(|part| part.amount).sum();
    let amount = row.amount;
    if sum != amount {
        let money = |amount| Money { amount, currency };
        let (file, off) = (file.to_owned(), money((amount - sum).abs()));
        let (is_little, sum, amount) = (sum.abs() < amount.abs(), money(sum), money(amount));
        return Err(JobError::refused(if is_little {
            PaymentRefusal::TooLittle { file, sum, payment, amount, off }
        } else {
            PaymentRefusal::TooMuch { file, sum, payment, amount, off }
        }));
    }
    book_back(&mut writing, &row).await?;
    writing.set_open_payment(payment, Amount::ZERO).await?;
    let new = parts.iter().zip(1..).map(|(part, detail)| NewPayment {
        paid_into: Account::Bank,
        entry: Some((entry, detail)),
        amount: part.amount,
        currency: row.currency,
        booked_on: row.booked_on,
        value_on: row.value_on,
        payer_iban: part.iban.clone(),
        end_to_end_id: part.end_to_end_id.clone(),
        external_key: None,
        model: Some(PaymentFact::Split(as_entry(&whole, part, currency)).write()),
        held_because: None,
    });
    let ids = writing.add_payments(new.collect()).await?;
    let ids: Vec<PaymentId> = ids.into_iter().collect();
    let names = ids.iter().map(ToString::to_string);
    let fact = DecisionFact::Split { file: file.to_owned(), sha256: sha256(table), payments: names.collect() };
    decided(&mut writing, payment, &fact).await?;
    writing.commit().await?;
    Ok(ids)
}

/// Says a part in the form of a bank's entry.
fn as_entry(whole: &Entry, part: &Part, currency: Currency) -> Entry {
    let party = Party { name: part.payer.clone(), iban: part.iban.clone(), other_account: None };
    let (debtor, creditor) = if part.amount.is_negative() { (None, Some(party)) } else { (Some(party), None) };
    let transaction = Transaction {
        amount: Some(part.amount.decimal(currency)),
        currency: Some(currency),
        end_to_end_id: part.end_to_end_id.clone(),
        debtor,
        creditor,
        ustrd: part.text.iter().cloned().collect(),
        ..Transaction::default()
    };
    Entry {
        amount: Some(part.amount.decimal(currency)),
        batches: Vec::new(),
        tx_details: 1,
        transactions: vec![transaction],
        ..whole.clone()
    }
}

/// Reads a table: a header, then a payment a line. Columns may stand in any order, `;` or `,` between them; amounts are positive and
/// written with a point, or with a comma where `;` stands between columns.
fn read(table: &[u8], currency: Currency, money_out: bool) -> Result<Vec<Part>, Vec<TableRefusal>> {
    let text = std::str::from_utf8(table).map_err(|_| vec![TableRefusal::NotText {}])?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let header = text.lines().next().unwrap_or_default();
    let delimiter = if header.contains(';') { b';' } else { b',' };
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter).trim(csv::Trim::All).flexible(true).from_reader(text.as_bytes());
    let known: Vec<String> = COLUMNS.map(str::to_owned).to_vec();
    let unreadable = |error: csv::Error| TableRefusal::Unreadable { words: error.to_string() };
    let columns = reader.headers().map_err(|error| vec![unreadable(error)])?;
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for (place, column) in columns.iter().enumerate() {
        let column = column.to_lowercase();
        if !COLUMNS.contains(&column.as_str()) {
            return Err(vec![TableRefusal::NoColumn { column, known }]);
        }
        places.insert(column, place);
    }
    if !places.contains_key("amount") {
        return Err(vec![TableRefusal::ColumnMissing { known }]);
    }
    let (mut parts, mut wrong) = (Vec::new(), Vec::new());
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                wrong.push(unreadable(error));
                continue;
            }
        };
        let line = record.position().map_or(0, csv::Position::line);
        let cell = |column: &str| {
            let cell = places.get(column).and_then(|place| record.get(*place)).unwrap_or_default();
            (!cell.is_empty()).then(|| cell.to_owned())
        };
        match part(line, &cell, currency, delimiter == b';', money_out) {
            Ok(part) => parts.push(part),
            Err(mistake) => wrong.push(mistake),
        }
    }
    if parts.is_empty() && wrong.is_empty() {
        wrong.push(TableRefusal::Empty {});
    }
    if wrong.is_empty() { Ok(parts) } else { Err(wrong) }
}

fn part(
    line: u64,
    cell: &dyn Fn(&str) -> Option<String>,
    currency: Currency,
    comma: bool,
    money_out: bool,
) -> Result<Part, TableRefusal> {
    let written = cell("amount").ok_or(TableRefusal::AmountMissing { line })?;
    let plain = if comma && written.contains(',') { written.replace('.', "").replace(',', ".") } else { written };
    let amount = Amount::parse(&plain, currency).map_err(|why| TableRefusal::Amount { line, why })?;
    if !amount.is_positive() {
        return Err(TableRefusal::NotPositive { line, amount: plain });
    }
    let checked = |written: String| written.parse::<Iban>().map_err(|_| TableRefusal::Iban { line, written });
    let iban = cell("iban").map(checked).transpose()?;
    Ok(Part {
        amount: if money_out { -amount } else { amount },
        payer: cell("payer"),
        iban: iban.map(|iban| iban.as_str().to_owned()),
        text: cell("text"),
        end_to_end_id: cell("end_to_end_id"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;

    fn amounts(table: &str) -> Result<Vec<i64>, String> {
        let read = read(table.as_bytes(), Currency::EUR, false);
        read.map(|parts| parts.iter().map(|part| part.amount.minor()).collect())
            .map_err(|wrong| wrong.iter().map(|mistake| mistake.words(Language::En)).collect::<Vec<_>>().join("; "))
    }

    #[test]
    fn a_table_is_read_in_both_ways_of_writing_numbers() {
        let table = [
            ("amount;payer;text\n1.190,00;Becker;RE-2026-0001\n5;Wolf;\n", vec![119_000, 500]),
            ("text,amount\n\"Rechnung 1, danke\",1190.00\n", vec![119_000]),
            ("\u{feff}Amount;IBAN\n2,50;DE02 1203 0000 0000 2020 51\n", vec![250]),
        ];
        for (text, expected) in table {
            assert_eq!(amounts(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn every_mistake_names_its_line() {
        let table = [
            ("", "line 1: the column `amount` is missing"),
            ("amount;wer\n1;x\n", "line 1: `wer` is no column"),
            ("amount\n", "there is no payment in it"),
            ("amount;text\nx;a\n1,005;b\n-5;c\n;d\n", "line 2: `x` is not an amount"),
            ("amount;text\nx;a\n1,005;b\n-5;c\n;d\n", "line 3: `1.005` has more decimals"),
            ("amount;text\nx;a\n1,005;b\n-5;c\n;d\n", "line 4: -5 is not more than nothing"),
            ("amount;text\nx;a\n1,005;b\n-5;c\n;d\n", "line 5: the amount is missing"),
            ("amount;iban\n1;DE03120300000000202051\n", "line 2: "),
        ];
        for (text, expected) in table {
            let wrong = amounts(text).unwrap_err();
            assert!(wrong.contains(expected), "{text:?}: {wrong}");
        }
    }
}
