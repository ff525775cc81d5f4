//! What a bank says, as read: nothing is judged here, nothing is corrected.
//!
//! Amounts are exact decimals with the sign of the booking (credit positive); days are civil days as written. `amount` is the
//! share of the booking that a transaction has; `tx_amount` what its details say for themselves.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::ControlFlow;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::money::{Currency, decimal};
use crate::reference::squeeze;
use crate::statement::Illegible;

/// The kind of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Kind {
    /// A statement of booked entries: the one that counts.
    #[serde(rename = "camt.053")]
    Camt053,
    /// A report within the day.
    #[serde(rename = "camt.052")]
    Camt052,
    /// A notification of single bookings, often the details of a batch.
    #[serde(rename = "camt.054")]
    Camt054,
    /// A SWIFT statement of booked entries, the older form.
    #[serde(rename = "mt940")]
    Mt940,
}

impl Kind {
    /// Returns the word in the books: `camt.053`.
    pub const fn name(self) -> &'static str {
        match self {
            Kind::Camt053 => "camt.053",
            Kind::Camt052 => "camt.052",
            Kind::Camt054 => "camt.054",
            Kind::Mt940 => "mt940",
        }
    }

    /// Finds a kind by its word.
    pub fn by_name(name: &str) -> Option<Kind> {
        [Kind::Camt053, Kind::Camt052, Kind::Camt054, Kind::Mt940].into_iter().find(|kind| kind.name() == name)
    }

    /// Tells whether it states what was booked in a time, once and for all; a report is of the moment, a notification of one entry.
    pub const fn is_statement(self) -> bool {
        match self {
            Kind::Camt053 | Kind::Mt940 => true,
            Kind::Camt052 | Kind::Camt054 => false,
        }
    }

    /// Tells whether it is of a moment within the day: it need not add up, and may begin with the balance of any hour.
    pub const fn is_report(self) -> bool {
        match self {
            Kind::Camt052 => true,
            Kind::Camt053 | Kind::Camt054 | Kind::Mt940 => false,
        }
    }

    /// Tells whether it is of single bookings: what balances it has prove nothing.
    pub const fn is_notification(self) -> bool {
        match self {
            Kind::Camt054 => true,
            Kind::Camt053 | Kind::Camt052 | Kind::Mt940 => false,
        }
    }

    /// Tells whether its texts come in the fields of camt; MT940 joins and cuts them.
    pub const fn words_as_camt(self) -> bool {
        match self {
            Kind::Camt053 | Kind::Camt052 | Kind::Camt054 => true,
            Kind::Mt940 => false,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The kinds of statements in the books. Words of the table `statement_kind`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatementKind {
    /// Of the bank, in a message.
    OfBank(Kind),
    /// The owner's word that there were no entries on some days.
    Confirmed,
}

impl StatementKind {
    /// Returns the word in the books.
    pub const fn name(self) -> &'static str {
        match self {
            StatementKind::OfBank(kind) => kind.name(),
            StatementKind::Confirmed => "confirmed",
        }
    }

    /// Finds a kind by its word.
    pub fn by_name(name: &str) -> Option<StatementKind> {
        let confirmed = StatementKind::Confirmed;
        Kind::by_name(name).map(StatementKind::OfBank).or((name == confirmed.name()).then_some(confirmed))
    }

    /// Returns the bank's message.
    pub const fn of_bank(self) -> Option<Kind> {
        match self {
            StatementKind::OfBank(kind) => Some(kind),
            StatementKind::Confirmed => None,
        }
    }

    /// Tells whether it is a report of the bank, within the day.
    pub fn is_report(self) -> bool {
        self.of_bank().is_some_and(Kind::is_report)
    }

    /// Tells whether it is a notification of the bank, of single bookings.
    pub fn is_notification(self) -> bool {
        self.of_bank().is_some_and(Kind::is_notification)
    }
}

/// A message: the envelope of its statements.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Message {
    /// What it is, by the name of its element.
    pub kind: Kind,
    /// The version, from its namespace: `camt.053.001.08`.
    pub version: Option<String>,
    /// The namespace.
    pub namespace: Option<String>,
    /// The encoding that the bytes were read in although the file does not say so.
    pub recovered_encoding: Option<&'static str>,
    /// `GrpHdr/MsgId`.
    pub message_id: Option<String>,
    /// `GrpHdr/CreDtTm`, as written.
    pub created: Option<String>,
    /// `GrpHdr/MsgPgntn/PgNb`.
    pub page: Option<String>,
    /// `GrpHdr/MsgPgntn/LastPgInd`.
    pub last_page: Option<String>,
    /// `GrpHdr/AddtlInf`.
    pub additional_info: Option<String>,
    /// How many statements it holds.
    pub statement_count: usize,
    /// What is odd about it.
    pub warnings: Vec<String>,
}

impl Message {
    /// Begins a message of which only the kind is known.
    pub(super) fn new(kind: Kind) -> Message {
        Message {
            kind,
            version: None,
            namespace: None,
            recovered_encoding: None,
            message_id: None,
            created: None,
            page: None,
            last_page: None,
            additional_info: None,
            statement_count: 0,
            warnings: Vec::new(),
        }
    }
}

/// A statement (`Stmt`, `Rpt`, `Ntfctn`), without its entries, which were handed out one by one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Statement {
    /// `Id`.
    pub id: Option<String>,
    /// `ElctrncSeqNb`.
    pub electronic_seq: Option<String>,
    /// `LglSeqNb`.
    pub legal_seq: Option<String>,
    /// `CreDtTm`, as written.
    pub created: Option<String>,
    /// `FrToDt`, as written.
    pub from: Option<String>,
    /// `FrToDt`, as written.
    pub to: Option<String>,
    /// `CpyDplctInd`.
    pub copy_duplicate: Option<String>,
    /// `StmtPgntn/PgNb`.
    pub page: Option<String>,
    /// `StmtPgntn/LastPgInd`.
    pub last_page: Option<String>,
    /// `Acct/Id`.
    pub account: AccountName,
    /// `Acct/Ccy`, or the one currency of all balances and entries.
    pub currency: Option<Currency>,
    /// `Acct/Ownr/Nm` or `Acct/Nm`.
    pub owner: Option<String>,
    /// `Acct/Svcr/FinInstnId/BICFI`.
    pub servicer_bic: Option<String>,
    /// All balances, in the order of the file.
    pub balances: Vec<Balance>,
    /// What `TxsSummry` says.
    pub declared: Declared,
    /// The number of entries.
    pub entry_count: usize,
    /// The number of transaction details.
    pub tx_detail_count: usize,
    /// The number of booked entries.
    pub booked_count: usize,
    /// The sum of booked credits.
    #[serde(with = "decimal")]
    pub sum_booked_credits: Decimal,
    /// The sum of booked debits, negative.
    #[serde(with = "decimal")]
    pub sum_booked_debits: Decimal,
    /// What is odd about it.
    pub warnings: Vec<String>,
}

/// How an account is named: by IBAN, or by a number of the bank.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct AccountName {
    /// The IBAN as written, without blanks; it may fail its check digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iban: Option<String>,
    /// Another number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other: Option<String>,
}

impl AccountName {
    /// Tells whether the account is called by one of some names. Blanks, signs and small letters do not count: files write them as they like.
    pub fn is_one_of(&self, names: &[String]) -> bool {
        let own: Vec<String> = [&self.iban, &self.other].into_iter().flatten().map(|name| squeeze(name)).collect();
        names.iter().map(|name| squeeze(name)).any(|name| !name.is_empty() && own.contains(&name))
    }
}

/// A balance (`Bal`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Balance {
    /// `Tp`: `OPBD`, `PRCD`, `CLBD`, …
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// `Tp/SubTp`.
    pub subtype: Option<String>,
    /// The amount, with its sign.
    #[serde(with = "decimal::option")]
    pub amount: Option<Decimal>,
    /// `Amt/@Ccy`.
    pub currency: Option<Currency>,
    /// `Dt`.
    pub date: Option<NaiveDate>,
}

/// What `TxsSummry` says, as written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Declared {
    /// `TtlNtries/NbOfNtries`.
    pub entries: Option<String>,
    /// `TtlNtries/Sum`.
    pub sum: Option<String>,
    /// `TtlCdtNtries/NbOfNtries`.
    pub credit_entries: Option<String>,
    /// `TtlCdtNtries/Sum`.
    pub credit_sum: Option<String>,
    /// `TtlDbtNtries/NbOfNtries`.
    pub debit_entries: Option<String>,
    /// `TtlDbtNtries/Sum`.
    pub debit_sum: Option<String>,
}

/// An entry (`Ntry`): a line of the account.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its place in the statement, from 0.
    pub index: usize,
    /// `NtryRef`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry_ref: Option<String>,
    /// `AcctSvcrRef`: the bank's reference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acct_svcr_ref: Option<String>,
    /// The amount, with its sign; nothing where the file has no number or no direction.
    #[serde(with = "decimal::option")]
    pub amount: Option<Decimal>,
    /// Why it has no amount.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unreadable: Option<Illegible>,
    /// `Amt/@Ccy`, or the account's.
    pub currency: Option<Currency>,
    /// `Sts`: `BOOK`, `PDNG`, `INFO`; nothing counts as booked.
    pub status: Option<String>,
    /// `RvslInd`. It never changes the sign.
    #[serde(default)]
    pub reversal: bool,
    /// `BookgDt`.
    pub booking_date: Option<NaiveDate>,
    /// `ValDt`.
    pub value_date: Option<NaiveDate>,
    /// `BkTxCd`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bank_tx_code: Option<TransactionCode>,
    /// `AddtlNtryInf`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub additional_entry_info: Option<String>,
    /// `NtryDtls/Btch`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub batches: Vec<BatchInfo>,
    /// `Chrgs`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub charges: Vec<ChargeInfo>,
    /// `AmtDtls`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub amount_details: BTreeMap<String, AmountDetail>,
    /// Entry amount less the details' own amounts in its currency; nothing where a detail has none.
    #[serde(default, with = "decimal::option", skip_serializing_if = "Option::is_none")]
    pub entry_residual: Option<Decimal>,
    /// How many `TxDtls` the file has; 0 when the one transaction below was made of the entry itself.
    pub tx_details: usize,
    /// Its transactions: each `TxDtls`, or the entry itself.
    pub transactions: Vec<Transaction>,
}

impl Entry {
    /// Returns the booking day, else the value date.
    pub fn booked_on(&self) -> Option<NaiveDate> {
        self.booking_date.or(self.value_date)
    }

    /// Tells whether the entry is booked; an absent status counts as such.
    pub fn is_booked(&self) -> bool {
        self.status.as_deref().is_none_or(|status| status == "BOOK")
    }
}

/// A transaction detail (`TxDtls`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transaction {
    /// Its share of the booking, with its sign; nothing where it cannot be told in the entry's currency.
    #[serde(with = "decimal::option")]
    pub amount: Option<Decimal>,
    /// The currency of `amount`.
    pub currency: Option<Currency>,
    /// Where `amount` was found: `entry`, `tx`, `TxAmt`, `CntrValAmt`, `InstdAmt`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount_source: Option<String>,
    /// What the details say for themselves: gross before charges, the returned original amount, a foreign amount.
    #[serde(default, with = "decimal::option", skip_serializing_if = "Option::is_none")]
    pub tx_amount: Option<Decimal>,
    /// The currency of `tx_amount`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tx_currency: Option<Currency>,
    /// `Refs/EndToEndId`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_to_end_id: Option<String>,
    /// `Refs/MndtId`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mandate_id: Option<String>,
    /// `Refs/InstrId`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instruction_id: Option<String>,
    /// `Refs/TxId`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tx_id: Option<String>,
    /// `Refs/PmtInfId`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_info_id: Option<String>,
    /// `Refs/UETR`: the payment's number from the first bank to the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uetr: Option<String>,
    /// `Refs/AcctSvcrRef`, where the detail has one of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acct_svcr_ref: Option<String>,
    /// `RmtInf/Strd/CdtrRefInf`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub creditor_references: Vec<CreditorRef>,
    /// `RmtInf/Strd/RfrdDocInf`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub referred_documents: Vec<ReferredDocument>,
    /// `RmtInf/Strd/AddtlRmtInf`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub additional_remittance: Vec<String>,
    /// `RmtInf/Ustrd`: the remittance lines.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ustrd: Vec<String>,
    /// `RltdPties/Dbtr` and `DbtrAcct`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub debtor: Option<Party>,
    /// `RltdPties/Cdtr` and `CdtrAcct`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub creditor: Option<Party>,
    /// `RltdPties/UltmtDbtr`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ultimate_debtor: Option<String>,
    /// `RltdPties/UltmtCdtr`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ultimate_creditor: Option<String>,
    /// `BkTxCd`, where the detail has one of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bank_tx_code: Option<TransactionCode>,
    /// `RtrInf/Rsn`: why money was returned. Where a file has no reason and the bank says all the same that it was: its code, or its words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub return_reason: Option<String>,
    /// `RtrInf/AddtlInf`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub return_info: Vec<String>,
    /// `AmtDtls`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub amount_details: BTreeMap<String, AmountDetail>,
    /// `Chrgs`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub charges: Vec<ChargeInfo>,
    /// `Purp`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    /// `AddtlTxInf`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub additional_tx_info: Option<String>,
}

/// A creditor reference (`CdtrRefInf`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreditorRef {
    /// `SCOR`, `QRR`, …
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// The reference as written.
    #[serde(rename = "ref")]
    pub reference: String,
}

/// A document that the payer refers to (`RfrdDocInf`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReferredDocument {
    /// `CINV`, …
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Its number.
    pub number: String,
    /// Its day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<NaiveDate>,
}

/// Who pays, or is paid.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// The name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The IBAN as written, without blanks; it may fail its check digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iban: Option<String>,
    /// Another account number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other_account: Option<String>,
}

/// The bank's code for what a booking is (`BkTxCd`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransactionCode {
    /// `Domn/Cd`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain: Option<String>,
    /// `Domn/Fmly/Cd`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub family: Option<String>,
    /// `Domn/Fmly/SubFmlyCd`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subfamily: Option<String>,
    /// `Prtry/Cd`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proprietary: Option<String>,
    /// `Prtry/Issr`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
}

/// What a batch says of itself (`Btch`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchInfo {
    /// `MsgId`.
    pub message_id: Option<String>,
    /// `PmtInfId`.
    pub payment_info_id: Option<String>,
    /// `NbOfTxs`.
    pub number_of_txs: Option<String>,
    /// `TtlAmt`.
    #[serde(with = "decimal::option")]
    pub total: Option<Decimal>,
    /// `TtlAmt/@Ccy`.
    pub currency: Option<Currency>,
}

/// A charge (`Chrgs`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChargeInfo {
    /// The amount; with its sign where the file has one.
    #[serde(with = "decimal::option")]
    pub amount: Option<Decimal>,
    /// Its currency.
    pub currency: Option<Currency>,
    /// Whether the file gives it a sign.
    pub signed: bool,
    /// `ChrgInclInd`.
    pub included: Option<String>,
    /// `Tp`.
    #[serde(rename = "type")]
    pub kind: Option<String>,
}

/// An amount in `AmtDtls`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AmountDetail {
    /// The amount, without sign.
    #[serde(with = "decimal::option")]
    pub amount: Option<Decimal>,
    /// Its currency.
    pub currency: Option<Currency>,
    /// `CcyXchg`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exchange: Option<Exchange>,
}

/// A currency exchange (`CcyXchg`), as written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchange {
    /// `SrcCcy`.
    pub source: Option<String>,
    /// `TrgtCcy`.
    pub target: Option<String>,
    /// `UnitCcy`.
    pub unit: Option<String>,
    /// `XchgRate`.
    pub rate: Option<String>,
}

/// The most statements of a file.
pub(super) const MOST_STATEMENTS: usize = 10_000;

/// The most balances of a statement.
pub(super) const MOST_BALANCES: usize = 1000;

/// The most oddities of a statement that are told; a file may have one in each entry.
pub(super) const MOST_WARNINGS: usize = 100;

/// Takes what is read, as it is read.
pub trait Sink {
    /// Hears of which account the statement is that is being read, as soon as that is known.
    fn begun(&mut self, _account: &AccountName) {}

    /// Takes an entry of the statement that is being read. [`ControlFlow::Break`] ends the reading.
    fn entry(&mut self, entry: Entry) -> ControlFlow<()>;

    /// Takes the statement after its last entry.
    fn statement(&mut self, statement: Statement) -> ControlFlow<()>;
}

/// What a file is that is no statement, or none that is read; in German and in English.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Form {
    /// One that is known, and where statements come from instead.
    Known(&'static str, &'static str),
    /// A report within the day.
    WithinDay,
    /// An XML document with this outermost element, and no message of an account below.
    Below(String),
    /// No XML.
    NoXml,
}

/// Why bytes could not be read as statements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadError {
    /// There is nothing.
    Empty,
    /// It ends before it is complete: still being written, or cut off.
    Unfinished(String),
    /// It is not well-formed.
    Malformed {
        /// Where.
        at: u64,
        /// Why.
        why: String,
    },
    /// The bytes are not text in the encoding that the file declares, or in UTF-8.
    Encoding {
        /// Where.
        at: u64,
    },
    /// A document type declaration: entities and external files are not followed.
    Doctype,
    /// Deeper than any statement.
    TooDeep(usize),
    /// A single text, tag or entry larger than any in a statement.
    TooLong(usize),
    /// More of something than any bank delivers.
    TooMany(usize, &'static str),
    /// Well-formed, but something else.
    NotAStatement(Form),
    /// It may be a statement, but in a form that is not read: packed, a table, for people.
    OtherForm(Form),
    /// What an entry is over is not said, or is no amount.
    Amount {
        /// Which, from 1.
        entry: usize,
        /// Why.
        why: Illegible,
    },
    /// The reader of what was read did not want more.
    Stopped,
    /// The bytes could not be read at all.
    Io(String),
}
