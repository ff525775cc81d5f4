//! Reading MT940, the older statement of SWIFT, which many German banks still deliver: fields of two digits (`:61:`), one or more
//! messages in a file, each a statement or a page of one.
//!
//! Source: SWIFT MT940; DFÜ-Abkommen der Deutschen Kreditwirtschaft, Anlage 3, chapter 8, for what stands in `:86:`. No crate is used:
//! those that exist read the whole file into memory, refuse it whole for one odd line, and know nothing of the German subfields.

mod details;
mod line;

use std::io::{BufRead, Read as _};
use std::ops::ControlFlow;

use encoding_rs::WINDOWS_1252;
use rust_decimal::Decimal;

use self::details::Details;
use self::line::Line;
use super::model::{
    AccountName, Balance, BatchInfo, Entry, Form, Kind, MOST_BALANCES, MOST_STATEMENTS, MOST_WARNINGS, Message,
    ReadError, Sink, Statement, Transaction, TransactionCode,
};
use super::returned;
use crate::money::Currency;
use crate::reference::{Iban, german_iban};
use crate::statement::Illegible;

/// The longest field with all its lines; `:86:` has 390 characters by the rules, and a few thousand where banks stretch them.
const LONGEST: usize = 1 << 20;

/// The fields of a statement, and of the interim report MT942, which is told apart by them.
const TAGS: [&str; 20] = [
    "20", "21", "25", "25P", "28", "28C", "60F", "60M", "61", "86", "62F", "62M", "64", "65", "13", "13D", "34F",
    "90C", "90D", "NS",
];

/// Tells whether a file that begins so is an MT940: one of its first lines is the field `:20:`, or a header of SWIFT.
pub(super) fn is_mt940(first_bytes: &[u8]) -> bool {
    let start = String::from_utf8_lossy(&first_bytes[..first_bytes.len().min(512)]);
    let start = start.trim_start_matches('\u{feff}').trim_start();
    start.starts_with("{1:") || !start.starts_with('<') && start.lines().take(8).any(|line| line.starts_with(":20:"))
}

/// Reads all messages of a file, handing entries and statements to `sink` as they come.
///
/// # Errors
/// When it is an interim report, cut off, or hostile.
pub(super) fn read(bytes: impl BufRead, sink: &mut dyn Sink) -> Result<Message, ReadError> {
    let mut fields = Fields { bytes, next: None, line: Vec::new() };
    let mut pages = Pages { sink, open: None, count: 0 };
    while let Some(field) = fields.read()? {
        pages.field(&field)?;
    }
    let statement_count = pages.finish()?;
    Ok(Message { statement_count, ..Message::new(Kind::Mt940) })
}

/// A field: its tag, and its lines.
struct Field {
    tag: String,
    text: String,
}

/// Cuts a file into fields. A line that begins no field goes on with the one before.
struct Fields<R> {
    bytes: R,
    next: Option<Field>,
    line: Vec<u8>,
}

impl<R: BufRead> Fields<R> {
    fn read(&mut self) -> Result<Option<Field>, ReadError> {
        while let Some(line) = self.line()? {
            if let Some(field) = begin(&line) {
                if let Some(whole) = self.next.replace(field) {
                    return Ok(Some(whole));
                }
            } else if self.ends_message(&line) {
                if let Some(whole) = self.next.take() {
                    return Ok(Some(whole));
                }
            } else if let Some(field) = &mut self.next {
                if field.text.len() + line.len() > LONGEST {
                    return Err(ReadError::TooLong(LONGEST));
                }
                field.text.push('\n');
                field.text.push_str(&line);
            }
        }
        Ok(self.next.take())
    }

    /// Tells whether a line is a header of SWIFT, or the end of a message. What is said of an entry may have such a line as well: it ends
    /// where the next field begins, for the closing balance comes after it.
    fn ends_message(&self, line: &str) -> bool {
        let is_text = self.next.as_ref().is_some_and(|field| field.tag == "86");
        let is_header = line.starts_with('{') && line.get(2..3) == Some(":");
        is_header || line.starts_with("-}") || !is_text && (line.starts_with(['{', '}']) || line.trim() == "-")
    }

    /// Reads a line without its end. MT940 does not say its encoding: what is not UTF-8 is windows-1252.
    fn line(&mut self) -> Result<Option<String>, ReadError> {
        self.line.clear();
        let limit = u64::try_from(LONGEST).unwrap_or(u64::MAX);
        let read = (&mut self.bytes)
            .take(limit)
            .read_until(b'\n', &mut self.line)
            .map_err(|cause| ReadError::Io(cause.to_string()))?;
        if read == LONGEST {
            return Err(ReadError::TooLong(LONGEST));
        }
        let bytes = self.line.strip_suffix(b"\n").unwrap_or(&self.line);
        let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(),
        };
        let text = text.trim_start_matches('\u{feff}').replace(|c: char| c.is_control() && c != '\t', " ");
        Ok((read > 0).then_some(text))
    }
}

/// Begins a field, where a line does: `:61:…`, perhaps behind a header `{4:`.
fn begin(line: &str) -> Option<Field> {
    let rest = line.rsplit_once("{4:").map_or(line, |(_, rest)| rest).strip_prefix(':')?;
    let (tag, text) = rest.split_once(':')?;
    TAGS.contains(&tag).then(|| Field { tag: tag.to_owned(), text: text.to_owned() })
}

/// Puts messages together: the pages of a statement are one.
struct Pages<'s> {
    sink: &'s mut dyn Sink,
    open: Option<Page>,
    count: usize,
}

/// A statement while its fields come in.
#[derive(Default)]
struct Page {
    statement: Statement,
    /// The entry in hand, and what is said of it so far.
    entry: Option<(Line, Option<String>)>,
    /// Its closing balance was there: intermediate (`:62M:`), then a further page may follow.
    closing: Option<Closing>,
    /// What the next message says of itself, until it is known whether it is a further page.
    following: Option<Statement>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Closing {
    Final,
    Intermediate,
}

impl Pages<'_> {
    fn field(&mut self, field: &Field) -> Result<(), ReadError> {
        let text = field.text.trim();
        if field.tag == "20" {
            return self.begin(text);
        }
        let Some(page) = &mut self.open else { return Ok(()) };
        if let "13" | "13D" | "34F" | "90C" | "90D" = field.tag.as_str() {
            return Err(ReadError::OtherForm(Form::WithinDay));
        }
        let heading = page.following.as_mut().unwrap_or(&mut page.statement);
        match field.tag.as_str() {
            "25" | "25P" => {
                heading.account = account(text, &mut heading.currency);
                self.sink.begun(&heading.account);
            }
            "28" | "28C" => heading.electronic_seq = Some(number(text)),
            "60F" | "60M" => self.opening(text, field.tag == "60M")?,
            "61" => {
                self.whole_entry()?;
                let page = self.open.as_mut().expect("a statement is open");
                match Line::read(&field.text) {
                    Ok(line) => page.entry = Some((line, None)),
                    Err(why) => {
                        warn(&mut page.statement, format!(":61: cannot be read: {}", cut(text)));
                        // Without it nothing can be proved.
                        let unreadable = Some(Illegible::Line(Box::new(why), cut(text)));
                        self.hand_out(Entry { status: Some("BOOK".to_owned()), unreadable, ..Entry::default() })?;
                    }
                }
            }
            // Behind the closing balance `:86:` is about the statement.
            "86" => {
                if let Some((_, details)) = &mut page.entry {
                    match details {
                        Some(details) => details.extend(["\n", &field.text]),
                        None => *details = Some(field.text.clone()),
                    }
                }
            }
            "62F" | "62M" => {
                self.whole_entry()?;
                let page = self.open.as_mut().expect("a statement is open");
                let is_final = field.tag == "62F";
                page.closing = Some(if is_final { Closing::Final } else { Closing::Intermediate });
                page.balance(if is_final { "CLBD" } else { "ITBD" }, text)?;
            }
            "64" => page.balance("CLAV", text)?,
            "65" => page.balance("FWAV", text)?,
            _ => {}
        }
        Ok(())
    }

    /// A message begins: the next statement, or a further page of the one before.
    fn begin(&mut self, reference: &str) -> Result<(), ReadError> {
        let new = Statement { id: Some(reference.to_owned()), ..Statement::default() };
        match &mut self.open {
            Some(page) if page.closing == Some(Closing::Intermediate) => page.following = Some(new),
            _ => {
                self.whole_statement()?;
                self.open = Some(Page { statement: new, ..Page::default() });
            }
        }
        Ok(())
    }

    /// An opening balance; an intermediate one of the same account goes on with the page before.
    fn opening(&mut self, text: &str, is_intermediate: bool) -> Result<(), ReadError> {
        let Some(page) = &mut self.open else { return Ok(()) };
        if let Some(following) = page.following.take() {
            let goes_on = is_intermediate && following.account == page.statement.account;
            if goes_on {
                page.closing = None;
                page.statement.balances.retain(|balance| balance.kind.as_deref() != Some("ITBD"));
                return Ok(());
            }
            self.whole_statement()?;
            self.open = Some(Page { statement: following, ..Page::default() });
        }
        let page = self.open.as_mut().expect("a statement is open");
        page.balance("OPBD", text)
    }

    /// The entry in hand is whole, with what `:86:` says of it.
    fn whole_entry(&mut self) -> Result<(), ReadError> {
        let Some(page) = &mut self.open else { return Ok(()) };
        let Some((line, details)) = page.entry.take() else { return Ok(()) };
        let entry = entry(&line, details.as_deref().map(Details::read).as_ref(), page.statement.currency);
        self.hand_out(entry)
    }

    fn hand_out(&mut self, mut entry: Entry) -> Result<(), ReadError> {
        let Some(page) = &mut self.open else { return Ok(()) };
        let statement = &mut page.statement;
        entry.index = statement.entry_count;
        statement.entry_count += 1;
        statement.booked_count += 1;
        statement.tx_detail_count += entry.tx_details;
        match entry.amount {
            Some(amount) if amount.is_sign_negative() => statement.sum_booked_debits += amount,
            Some(amount) => statement.sum_booked_credits += amount,
            None => {}
        }
        go_on(self.sink.entry(entry))
    }

    fn whole_statement(&mut self) -> Result<(), ReadError> {
        let Some(page) = self.open.take() else { return Ok(()) };
        if page.closing.is_none() {
            return Err(ReadError::Unfinished("a statement has no closing balance, :62F:".to_owned()));
        }
        self.count += 1;
        if self.count > MOST_STATEMENTS {
            return Err(ReadError::TooMany(MOST_STATEMENTS, "statements"));
        }
        let mut statement = page.statement;
        if page.closing == Some(Closing::Intermediate) {
            statement.last_page = Some("false".to_owned());
        }
        go_on(self.sink.statement(statement))
    }

    fn finish(mut self) -> Result<usize, ReadError> {
        self.whole_statement()?;
        match self.count {
            0 => Err(ReadError::Unfinished("there is no whole statement in it".to_owned())),
            count => Ok(count),
        }
    }
}

impl Page {
    /// A balance: `C260302EUR1000,00`.
    fn balance(&mut self, kind: &str, text: &str) -> Result<(), ReadError> {
        let read = || {
            let (is_debit, rest) = match text.split_at_checked(1)? {
                ("C", rest) => (false, rest),
                ("D", rest) => (true, rest),
                _ => return None,
            };
            let (day, rest) = rest.split_at_checked(6)?;
            let (currency, amount) = rest.split_at_checked(3)?;
            let amount = line::amount(amount)?;
            Some((line::day(day)?, currency.parse::<Currency>().ok()?, if is_debit { -amount } else { amount }))
        };
        let Some((date, currency, amount)) = read() else {
            warn(&mut self.statement, format!("the balance {kind} cannot be read: {}", cut(text)));
            return Ok(());
        };
        self.statement.currency = self.statement.currency.or(Some(currency));
        self.statement.balances.push(Balance {
            kind: Some(kind.to_owned()),
            subtype: None,
            amount: Some(amount),
            currency: Some(currency),
            date: Some(date),
        });
        if self.statement.balances.len() > MOST_BALANCES {
            return Err(ReadError::TooMany(MOST_BALANCES, "balances in a statement"));
        }
        Ok(())
    }
}

/// An account: an IBAN, a German bank code and number (`50010517/5407324931`), or whatever else, each perhaps with its currency.
fn account(text: &str, currency: &mut Option<Currency>) -> AccountName {
    let mut name: String = text.split_whitespace().collect();
    let digits = name.trim_end_matches(|c: char| c.is_ascii_uppercase());
    if let Ok(own) = name[digits.len()..].parse::<Currency>()
        && !digits.is_empty()
    {
        *currency = Some(own);
        name.truncate(digits.len());
    }
    if name.parse::<Iban>().is_ok() {
        return AccountName { iban: Some(name), other: None };
    }
    let iban = name.split_once('/').and_then(|(bank, number)| german_iban(bank, number));
    AccountName { iban: iban.map(|iban| iban.as_str().to_owned()), other: Some(name) }
}

/// The number of a statement: `00012/001` is 12.
fn number(text: &str) -> String {
    let number = text.split('/').next().unwrap_or_default().trim();
    let short = number.trim_start_matches('0');
    if short.is_empty() { number.to_owned() } else { short.to_owned() }
}

/// Puts an entry together.
fn entry(line: &Line, said: Option<&Details>, currency: Option<Currency>) -> Entry {
    let nothing = Details::default();
    let details = said.unwrap_or(&nothing);
    let is_credit = line.amount.is_sign_positive();
    // Codes 191 to 199 are collective bookings (DFÜ-Abkommen, Anlage 3, chapter 9): what is in them stands in another file.
    let is_collective = is_credit && details.code.as_deref().is_some_and(|code| code.starts_with("19"));
    let code = TransactionCode {
        proprietary: Some(match &details.code {
            Some(code) => format!("{}+{code}", line.kind),
            None => line.kind.clone(),
        }),
        issuer: details.code.as_ref().map(|_| "DK".to_owned()),
        ..TransactionCode::default()
    };
    let (original, charges) = (line.original.or(details.original), line.charges.or(details.charges));
    let signed = |amount: Decimal| if is_credit { amount } else { -amount };
    let party = details.party();
    let transaction = Transaction {
        amount: Some(line.amount),
        currency,
        amount_source: Some("entry".to_owned()),
        tx_amount: Some(original.map_or(line.amount, signed)),
        tx_currency: currency,
        end_to_end_id: details.end_to_end_id.clone(),
        mandate_id: details.mandate_id.clone(),
        instruction_id: line.customer_reference.clone(),
        ustrd: details.lines.clone(),
        debtor: party.clone().filter(|_| is_credit),
        creditor: party.filter(|_| !is_credit),
        ultimate_debtor: details.ultimate_debtor.clone(),
        ultimate_creditor: details.ultimate_creditor.clone(),
        charges: charges.map(|amount| line::charge(amount, currency)).into_iter().collect(),
        purpose: details.purpose.clone(),
        additional_tx_info: details.others.clone(),
        ..Transaction::default()
    };
    let mut entry = Entry {
        acct_svcr_ref: line.bank_reference.clone(),
        amount: Some(line.amount),
        currency,
        status: Some("BOOK".to_owned()),
        reversal: line.is_reversal,
        booking_date: Some(line.booked_on),
        value_date: Some(line.value_on),
        bank_tx_code: Some(code),
        additional_entry_info: details.booking_text.clone().or_else(|| line.words.clone()),
        batches: is_collective.then(BatchInfo::default).into_iter().collect(),
        tx_details: usize::from(said.is_some() && !is_collective),
        transactions: vec![transaction],
        ..Entry::default()
    };
    returned::tell(&mut entry);
    // Of a returned item the customer's reference is that of the payment that comes back.
    let transaction = &mut entry.transactions[0];
    if transaction.return_reason.is_some() && transaction.end_to_end_id.is_none() {
        transaction.end_to_end_id = transaction.instruction_id.clone();
    }
    entry
}

fn warn(statement: &mut Statement, what: String) {
    if statement.warnings.len() < MOST_WARNINGS {
        statement.warnings.push(what);
    }
}

fn cut(text: &str) -> String {
    text.chars().take(80).collect()
}

fn go_on(flow: ControlFlow<()>) -> Result<(), ReadError> {
    match flow {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(ReadError::Stopped),
    }
}
