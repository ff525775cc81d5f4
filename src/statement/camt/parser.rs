//! The place of each text in a statement.
//!
//! A stack of elements says where we are; when an element closes, its text goes to the field that its place names. Of several
//! elements at one place the first with a text counts, but for the lists (`Ustrd`, `Bal`, `TxDtls`, …).

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "the standard has hundreds of elements; those that mean nothing at a place are passed over there"
)]

use std::mem;
use std::ops::ControlFlow;

use chrono::NaiveDate;
use quick_xml::events::BytesStart;
use rust_decimal::Decimal;

use super::super::foreign::what_xml_is;
use super::super::model::{
    AmountDetail, Balance, BatchInfo, ChargeInfo, CreditorRef, Kind, MOST_BALANCES, MOST_STATEMENTS, Message,
    ReadError, ReferredDocument, Sink, Statement, TransactionCode,
};
use super::assemble::{Direction, RawDetail, RawEntry, Written, warn};
use super::element::El;
use crate::calendar::day_meant;
use crate::money::Currency;
use crate::statement::Illegible;

/// Where texts go while a document is read.
pub(super) struct Parser<'s> {
    sink: &'s mut dyn Sink,
    /// The open elements, outermost first.
    path: Vec<El>,
    /// The text of the innermost open element.
    text: String,
    /// `@Ccy` of the last element that had one.
    currency: Option<Currency>,
    /// The last namespace seen above or on the message that names a camt.
    namespace: Option<String>,
    /// The name of the outermost elements, to say what a document is that is no statement.
    outermost: Vec<String>,
    message: Option<Message>,
    /// The depth of the message's element.
    message_depth: usize,
    statement: Statement,
    /// The currencies of the statement's entries.
    entry_currencies: Vec<Currency>,
    /// How many entries and statements went to the sink.
    handed_out: u64,
    /// How much of the entry is kept so far, by [`weight`].
    kept: usize,
    balance: Balance,
    balance_direction: Option<Direction>,
    entry: RawEntry,
    detail: RawDetail,
    batch: BatchInfo,
    charge: ChargeInfo,
    charge_direction: Option<Direction>,
    amount_detail: AmountDetail,
    creditor_ref: (Option<String>, Option<String>),
    referred: ReferredDocument,
}

type Step = Result<(), ReadError>;

impl<'s> Parser<'s> {
    pub(super) fn new(sink: &'s mut dyn Sink) -> Self {
        Parser {
            sink,
            path: Vec::with_capacity(24),
            text: String::new(),
            currency: None,
            namespace: None,
            outermost: Vec::new(),
            message: None,
            message_depth: 0,
            statement: Statement::default(),
            entry_currencies: Vec::new(),
            handed_out: 0,
            kept: 0,
            balance: Balance::default(),
            balance_direction: None,
            entry: RawEntry::default(),
            detail: RawDetail::default(),
            batch: BatchInfo::default(),
            charge: ChargeInfo::default(),
            charge_direction: None,
            amount_detail: AmountDetail::default(),
            creditor_ref: (None, None),
            referred: ReferredDocument::default(),
        }
    }

    /// Returns how deep the innermost open element lies.
    pub(super) fn depth(&self) -> usize {
        self.path.len()
    }

    /// Returns how many entries and statements were handed out.
    pub(super) fn handed_out(&self) -> u64 {
        self.handed_out
    }

    /// An element opens.
    pub(super) fn open(&mut self, element: El, start: &BytesStart<'_>) {
        self.text.clear();
        self.path.push(element);
        if self.message.is_none() {
            self.before_message(element, start);
            return;
        }
        match element {
            El::Amt | El::TtlAmt | El::TtlChrgsAndTaxAmt => self.currency = currency_of(start),
            El::Stmt | El::Rpt | El::Ntfctn if self.path.len() == self.message_depth + 1 => {
                self.statement = Statement::default();
                self.entry_currencies.clear();
            }
            El::Bal => {
                self.balance = Balance::default();
                self.balance_direction = None;
            }
            El::Ntry => {
                self.entry = RawEntry::default();
                self.kept = 0;
                self.entry.entry.index = self.statement.entry_count;
            }
            El::TxDtls => self.detail = RawDetail::default(),
            El::Btch => self.batch = BatchInfo::default(),
            El::Chrgs | El::Rcrd => {
                self.charge = ChargeInfo::default();
                self.charge_direction = None;
            }
            El::InstdAmt | El::TxAmt | El::CntrValAmt | El::AnncdPstngAmt => {
                self.amount_detail = AmountDetail::default()
            }
            El::CdtrRefInf => self.creditor_ref = (None, None),
            El::RfrdDocInf => self.referred = ReferredDocument::default(),
            El::Dbtr | El::Cdtr if self.parent() == El::RltdPties => {
                let transaction = &mut self.detail.transaction;
                let party = if element == El::Dbtr { &mut transaction.debtor } else { &mut transaction.creditor };
                party.get_or_insert_default();
            }
            _ => {}
        }
    }

    /// Returns the element around the innermost open one.
    fn parent(&self) -> El {
        self.path.len().checked_sub(2).map_or(El::Other, |at| self.path[at])
    }

    /// Looks for the message while we are above it.
    fn before_message(&mut self, element: El, start: &BytesStart<'_>) {
        for attribute in start.attributes().with_checks(false).flatten() {
            let key = attribute.key.as_ref();
            if key == "xmlns" || key.starts_with("xmlns:") {
                let value = attribute.value.trim();
                if value.contains("camt.05") || self.namespace.is_none() {
                    self.namespace = Some(value.to_owned());
                }
            }
        }
        if self.outermost.len() < 3 {
            let name = start.local_name();
            self.outermost.push(name.as_ref().chars().take(60).collect());
        }
        let kind = match element {
            El::BkToCstmrStmt => Kind::Camt053,
            El::BkToCstmrAcctRpt => Kind::Camt052,
            El::BkToCstmrDbtCdtNtfctn => Kind::Camt054,
            _ => return,
        };
        self.message_depth = self.path.len();
        let version = self.namespace.as_deref().and_then(version_of);
        let mut warnings = Vec::new();
        match &version {
            None => {
                let namespace = self.namespace.as_deref().unwrap_or("(none)");
                warnings.push(format!("no ISO 20022 camt namespace: {namespace}"));
            }
            Some(version) if !version.starts_with(kind.name()) => {
                warnings.push(format!("namespace says {}, message element says {kind}", &version[..8]));
            }
            Some(_) => {}
        }
        self.message = Some(Message { version, namespace: self.namespace.take(), warnings, ..Message::new(kind) });
    }

    /// Text of the innermost open element; entity references come between its pieces.
    pub(super) fn text(&mut self, piece: &str) {
        // XML forbids control characters, and databases some of them; files have them all the same.
        let is_odd = |byte: u8| byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r');
        if piece.bytes().any(is_odd) {
            self.text.extend(piece.chars().map(|c| if c.is_ascii() && is_odd(c as u8) { ' ' } else { c }));
        } else {
            self.text.push_str(piece);
        }
    }

    /// The innermost open element closes.
    pub(super) fn close(&mut self) -> Step {
        let Some(element) = self.path.pop() else { return Ok(()) };
        if self.message.is_some() {
            self.kept += weight(element);
            if self.kept > MOST_KEPT {
                return Err(ReadError::TooMany(MOST_KEPT / weight(El::TxDtls), "details in an entry"));
            }
            self.field(element);
            self.whole(element)?;
        }
        self.text.clear();
        Ok(())
    }

    /// The document ended.
    pub(super) fn finish(mut self) -> Result<Message, ReadError> {
        let mut message = self.message.take().ok_or_else(|| what_xml_is(&self.outermost, self.namespace.as_deref()))?;
        if message.statement_count == 0 {
            message.warnings.push("no statement element".to_owned());
        }
        Ok(message)
    }

    /// Stores the text of an element that closes, by its place.
    fn field(&mut self, element: El) {
        let value = self.text.trim();
        if value.is_empty() {
            return;
        }
        let path = self.path.as_slice();
        let (parent, above) = match path {
            [.., above, parent] => (*parent, *above),
            [parent] => (*parent, El::Other),
            [] => return,
        };
        let third = path.len().checked_sub(3).map_or(El::Other, |at| path[at]);
        let statement = &mut self.statement;
        let entry = &mut self.entry.entry;
        let transaction = &mut self.detail.transaction;
        match element {
            El::Amt => self.amount(parent, above),
            El::TtlAmt => {
                self.batch.total = number(value);
                self.batch.currency = self.currency;
            }
            El::TtlChrgsAndTaxAmt => {
                self.charge.amount = number(value);
                self.charge.currency = self.currency;
                self.charge.kind = Some("total".to_owned());
            }
            El::CdtDbtInd => {
                let direction = match value {
                    "CRDT" => Direction::Credit,
                    "DBIT" => Direction::Debit,
                    other => {
                        if parent == El::Ntry {
                            entry.unreadable = Some(Illegible::Direction(cut(other)));
                        }
                        warn(&mut statement.warnings, format!("bad CdtDbtInd {other:?} in {parent:?}"));
                        return;
                    }
                };
                match parent {
                    El::Bal => self.balance_direction = Some(direction),
                    El::Ntry => self.entry.direction = Some(direction),
                    El::TxDtls => self.detail.direction = Some(direction),
                    El::Chrgs | El::Rcrd => self.charge_direction = Some(direction),
                    _ => {}
                }
            }
            El::Dt | El::DtTm => self.date(parent, above),
            // A bare date, which no schema allows.
            El::BookgDt | El::ValDt | El::RltdDt => self.date(element, parent),
            El::Ustrd if parent == El::RmtInf => transaction.ustrd.push(value.to_owned()),
            El::AddtlRmtInf => transaction.additional_remittance.push(value.to_owned()),
            El::AddtlInf if parent == El::RtrInf => transaction.return_info.push(value.to_owned()),
            El::AddtlRtrRsnInf => transaction.return_info.push(value.to_owned()),
            El::AddtlInf if parent == El::GrpHdr => {
                first(&mut self.message.as_mut().expect("inside").additional_info, value)
            }
            El::MsgId if parent == El::GrpHdr => first(&mut self.message.as_mut().expect("inside").message_id, value),
            El::MsgId if parent == El::Btch => first(&mut self.batch.message_id, value),
            El::CreDtTm if parent == El::GrpHdr => first(&mut self.message.as_mut().expect("inside").created, value),
            El::CreDtTm => first(&mut statement.created, value),
            El::PgNb if parent == El::MsgPgntn => first(&mut self.message.as_mut().expect("inside").page, value),
            El::PgNb => first(&mut statement.page, value),
            El::LastPgInd if parent == El::MsgPgntn => {
                first(&mut self.message.as_mut().expect("inside").last_page, value)
            }
            El::LastPgInd => first(&mut statement.last_page, value),
            El::Id => self.id(parent, above, third),
            El::IBAN | El::BBAN | El::UPIC => self.account(element, above),
            El::ElctrncSeqNb => first(&mut statement.electronic_seq, value),
            El::LglSeqNb => first(&mut statement.legal_seq, value),
            El::FrDtTm | El::FrDt => first(&mut statement.from, value),
            El::ToDtTm | El::ToDt => first(&mut statement.to, value),
            El::CpyDplctInd => first(&mut statement.copy_duplicate, value),
            El::Ccy if parent == El::Acct => statement.currency = value.parse().ok(),
            El::BICFI | El::BIC if parent == El::FinInstnId && above == El::Svcr && third == El::Acct => {
                first(&mut statement.servicer_bic, value);
            }
            El::Nm => self.name(parent, above, third),
            El::NbOfNtries | El::Sum => {
                let declared = &mut statement.declared;
                let to = match (parent, element) {
                    (El::TtlNtries, El::NbOfNtries) => &mut declared.entries,
                    (El::TtlNtries, _) => &mut declared.sum,
                    (El::TtlCdtNtries, El::NbOfNtries) => &mut declared.credit_entries,
                    (El::TtlCdtNtries, _) => &mut declared.credit_sum,
                    (El::TtlDbtNtries, El::NbOfNtries) => &mut declared.debit_entries,
                    (El::TtlDbtNtries, _) => &mut declared.debit_sum,
                    _ => return,
                };
                first(to, value);
            }
            El::NtryRef => first(&mut entry.entry_ref, value),
            El::RvslInd if parent == El::Ntry => entry.reversal = matches!(value, "true" | "1" | "TRUE" | "True"),
            El::Sts if parent == El::Ntry => first(&mut entry.status, value),
            El::AcctSvcrRef if parent == El::Refs => first(&mut transaction.acct_svcr_ref, value),
            El::AcctSvcrRef if parent == El::Ntry => first(&mut entry.acct_svcr_ref, value),
            El::AddtlNtryInf => first(&mut entry.additional_entry_info, value),
            El::EndToEndId => first(&mut transaction.end_to_end_id, value),
            El::MndtId => first(&mut transaction.mandate_id, value),
            El::InstrId => first(&mut transaction.instruction_id, value),
            El::TxId => first(&mut transaction.tx_id, value),
            El::UETR if parent == El::Refs => first(&mut transaction.uetr, value),
            El::PmtInfId if parent == El::Refs => first(&mut transaction.payment_info_id, value),
            El::PmtInfId if parent == El::Btch => first(&mut self.batch.payment_info_id, value),
            El::NbOfTxs if parent == El::Btch => first(&mut self.batch.number_of_txs, value),
            El::ChrgInclInd => first(&mut self.charge.included, value),
            El::SrcCcy | El::TrgtCcy | El::UnitCcy | El::XchgRate => {
                let exchange = self.amount_detail.exchange.get_or_insert_default();
                let to = match element {
                    El::SrcCcy => &mut exchange.source,
                    El::TrgtCcy => &mut exchange.target,
                    El::UnitCcy => &mut exchange.unit,
                    _ => &mut exchange.rate,
                };
                first(to, value);
            }
            El::Ref | El::CdtrRef if parent == El::CdtrRefInf => first(&mut self.creditor_ref.1, value),
            El::Nb | El::RfrdDocNb if parent == El::RfrdDocInf && self.referred.number.is_empty() => {
                self.referred.number.push_str(value);
            }
            El::AddtlTxInf => first(&mut transaction.additional_tx_info, value),
            El::Cd | El::Prtry | El::SubFmlyCd | El::Issr => self.code(element, parent, above, third),
            _ => {}
        }
    }

    /// `Amt`, wherever it stands.
    fn amount(&mut self, parent: El, above: El) {
        let value = self.text.trim();
        let amount = number(value);
        if amount.is_none() {
            if parent == El::Ntry && !value.is_empty() {
                self.entry.entry.unreadable = Some(Illegible::Amount(cut(value)));
            }
            warn(&mut self.statement.warnings, format!("bad decimal {value:?} in {parent:?}"));
        }
        let written = Written { amount, currency: self.currency };
        match parent {
            El::Ntry => self.entry.amount = written,
            El::TxDtls => self.detail.amounts[0] = Some(written),
            El::Bal => {
                self.balance.amount = amount;
                self.balance.currency = written.currency;
            }
            El::Chrgs | El::Rcrd => {
                // An amount of its own counts instead of the total.
                self.charge = ChargeInfo { amount, currency: written.currency, ..ChargeInfo::default() };
            }
            El::TxAmt | El::CntrValAmt | El::InstdAmt | El::AnncdPstngAmt if above == El::AmtDtls => {
                self.amount_detail.amount = amount;
                self.amount_detail.currency = written.currency;
            }
            _ => {}
        }
    }

    /// `Dt` or `DtTm` below the element that the date is of.
    fn date(&mut self, parent: El, above: El) {
        let value = self.text.trim();
        let day = value.get(..10).and_then(day);
        if day.is_none() {
            warn(&mut self.statement.warnings, format!("bad date {value:?} in {parent:?}"));
        }
        match (parent, above) {
            (El::BookgDt, El::Ntry) => self.entry.entry.booking_date = self.entry.entry.booking_date.or(day),
            (El::ValDt, El::Ntry) => self.entry.entry.value_date = self.entry.entry.value_date.or(day),
            (El::Dt, El::Bal) | (El::Bal, _) => self.balance.date = self.balance.date.or(day),
            (El::RltdDt, El::RfrdDocInf) => self.referred.date = self.referred.date.or(day),
            _ => {}
        }
    }

    /// `Id` of a statement or of an account.
    fn id(&mut self, parent: El, above: El, third: El) {
        match (parent, above) {
            (El::Stmt | El::Rpt | El::Ntfctn, _) => first(&mut self.statement.id, self.text.trim()),
            (El::Othr | El::PrtryAcct, El::Id) => self.account(El::Other, third),
            (El::Prtry, El::Tp) if matches!(third, El::Chrgs | El::Rcrd) => {
                first(&mut self.charge.kind, self.text.trim())
            }
            _ => {}
        }
    }

    /// The number of an account, `above` its `Id`.
    fn account(&mut self, element: El, above: El) {
        let value = self.text.trim();
        let (iban, other) = match above {
            El::Acct if !self.path.contains(&El::Ntry) => {
                (&mut self.statement.account.iban, &mut self.statement.account.other)
            }
            El::DbtrAcct | El::CdtrAcct if self.path.contains(&El::RltdPties) => {
                let transaction = &mut self.detail.transaction;
                let party = if above == El::DbtrAcct { &mut transaction.debtor } else { &mut transaction.creditor };
                let party = party.get_or_insert_default();
                (&mut party.iban, &mut party.other_account)
            }
            _ => return,
        };
        if element == El::IBAN {
            let squeezed: String = value.split_whitespace().collect();
            first(iban, &squeezed);
        } else {
            first(other, value);
        }
        if above == El::Acct {
            self.sink.begun(&self.statement.account);
        }
    }

    /// `Nm` of the account's owner or of a party.
    fn name(&mut self, parent: El, above: El, third: El) {
        let value = self.text.trim();
        let transaction = &mut self.detail.transaction;
        // Names stand in the party, in its `Pty`, or in the bank that is the party.
        let fourth = self.path.len().checked_sub(4).map_or(El::Other, |at| self.path[at]);
        let role = match (parent, above, third) {
            (El::Acct, ..) => return first(&mut self.statement.owner, value),
            (El::Ownr, El::Acct, _) => {
                self.statement.owner = Some(value.to_owned());
                return;
            }
            (El::Pty, role, El::RltdPties) => role,
            (El::FinInstnId, El::Agt, role) => role,
            (El::NmAndAdr, El::FinInstnId, El::Agt) => fourth,
            (role, El::RltdPties, _) => role,
            _ => return,
        };
        match role {
            El::Dbtr => first(&mut transaction.debtor.get_or_insert_default().name, value),
            El::Cdtr => first(&mut transaction.creditor.get_or_insert_default().name, value),
            El::UltmtDbtr => first(&mut transaction.ultimate_debtor, value),
            El::UltmtCdtr => first(&mut transaction.ultimate_creditor, value),
            _ => {}
        }
    }

    /// `Cd`, `Prtry` and their like.
    fn code(&mut self, element: El, parent: El, above: El, third: El) {
        let value = self.text.trim();
        let transaction = &mut self.detail.transaction;
        match (parent, above) {
            (El::Sts, El::Ntry) => first(&mut self.entry.entry.status, value),
            (El::CdOrPrtry, El::Tp) if third == El::Bal => first(&mut self.balance.kind, value),
            (El::Tp, El::Bal) => first(&mut self.balance.kind, value),
            (El::SubTp, _) => first(&mut self.balance.subtype, value),
            (El::CdOrPrtry, El::Tp) if third == El::CdtrRefInf => first(&mut self.creditor_ref.0, value),
            (El::Tp | El::CdtrRefTp, El::CdtrRefInf) => first(&mut self.creditor_ref.0, value),
            (El::CdOrPrtry, El::Tp) if third == El::RfrdDocInf => first(&mut self.referred.kind, value),
            (El::RfrdDocTp, El::RfrdDocInf) => first(&mut self.referred.kind, value),
            (El::Rsn | El::RtrRsn, El::RtrInf) => first(&mut transaction.return_reason, value),
            (El::Purp, El::TxDtls) => first(&mut transaction.purpose, value),
            (El::Tp, El::Chrgs | El::Rcrd) => first(&mut self.charge.kind, value),
            _ => self.transaction_code(element, parent, above),
        }
    }

    /// A part of `BkTxCd`, of the entry or of a detail.
    fn transaction_code(&mut self, element: El, parent: El, above: El) {
        let value = self.text.trim();
        let part: fn(&mut TransactionCode) -> &mut Option<String> = match (element, parent, above) {
            (El::Cd, El::Domn, El::BkTxCd) => |code| &mut code.domain,
            (El::Cd, El::Fmly, El::Domn) => |code| &mut code.family,
            (El::SubFmlyCd, El::Fmly, El::Domn) => |code| &mut code.subfamily,
            (El::Cd, El::Prtry, El::BkTxCd) => |code| &mut code.proprietary,
            (El::Issr, El::Prtry, El::BkTxCd) => |code| &mut code.issuer,
            _ => return,
        };
        let in_detail = self.path.contains(&El::TxDtls);
        let transaction = &mut self.detail.transaction;
        let code = if in_detail { &mut transaction.bank_tx_code } else { &mut self.entry.entry.bank_tx_code };
        first(part(code.get_or_insert_default()), value);
    }

    /// Stores a whole that an element completes.
    fn whole(&mut self, element: El) -> Step {
        let parent = self.path.last().copied().unwrap_or(El::Other);
        match element {
            El::Ntry if matches!(parent, El::Stmt | El::Rpt | El::Ntfctn) => return self.whole_entry(),
            El::TxDtls => self.entry.details.push(mem::take(&mut self.detail)),
            El::Bal => return self.whole_balance(),
            El::Btch => self.entry.entry.batches.push(mem::take(&mut self.batch)),
            El::Rcrd | El::Chrgs => self.whole_charge(element),
            El::TxAmt | El::CntrValAmt | El::InstdAmt | El::AnncdPstngAmt if parent == El::AmtDtls => {
                self.whole_amount_detail(element)
            }
            El::CdtrRefInf => {
                if let (kind, Some(reference)) = mem::take(&mut self.creditor_ref) {
                    self.detail.transaction.creditor_references.push(CreditorRef { kind, reference });
                }
            }
            El::RfrdDocInf if !self.referred.number.is_empty() => {
                self.detail.transaction.referred_documents.push(mem::take(&mut self.referred));
            }
            El::Stmt | El::Rpt | El::Ntfctn if self.path.len() == self.message_depth => return self.whole_statement(),
            _ => {}
        }
        Ok(())
    }

    fn whole_entry(&mut self) -> Step {
        let entry = mem::take(&mut self.entry).assemble(self.statement.currency, &mut self.statement.warnings);
        let statement = &mut self.statement;
        if let Some(currency) = entry.currency.filter(|currency| !self.entry_currencies.contains(currency)) {
            self.entry_currencies.push(currency);
        }
        statement.entry_count += 1;
        statement.tx_detail_count += entry.tx_details;
        if entry.is_booked() {
            statement.booked_count += 1;
            match entry.amount {
                Some(amount) if amount.is_sign_negative() => statement.sum_booked_debits += amount,
                Some(amount) => statement.sum_booked_credits += amount,
                None => {}
            }
        }
        self.handed_out += 1;
        go_on(self.sink.entry(entry))
    }

    fn whole_balance(&mut self) -> Step {
        let mut balance = mem::take(&mut self.balance);
        balance.amount = balance.amount.map(|amount| match self.balance_direction {
            Some(Direction::Debit) if !amount.is_zero() => -amount,
            _ => amount,
        });
        self.statement.balances.push(balance);
        if self.statement.balances.len() > MOST_BALANCES {
            return Err(ReadError::TooMany(MOST_BALANCES, "balances in a statement"));
        }
        Ok(())
    }

    fn whole_charge(&mut self, element: El) {
        // A `Chrgs` with records is only their frame; its total says nothing more.
        let is_frame = element == El::Chrgs && self.charge == ChargeInfo::default();
        let mut charge = mem::take(&mut self.charge);
        if is_frame || (charge.amount.is_none() && charge.kind.is_none()) {
            return;
        }
        charge.signed = self.charge_direction.is_some();
        if self.charge_direction.take() == Some(Direction::Debit) {
            charge.amount = charge.amount.map(|amount| -amount);
        }
        let charges = if self.path.contains(&El::TxDtls) {
            &mut self.detail.transaction.charges
        } else {
            &mut self.entry.entry.charges
        };
        charges.push(charge);
    }

    fn whole_amount_detail(&mut self, element: El) {
        let (name, place) = match element {
            El::TxAmt => ("TxAmt", Some(1)),
            El::CntrValAmt => ("CntrValAmt", Some(2)),
            El::InstdAmt => ("InstdAmt", Some(3)),
            _ => ("AnncdPstngAmt", None),
        };
        let detail = mem::take(&mut self.amount_detail);
        let written = Written { amount: detail.amount, currency: detail.currency };
        if self.path.contains(&El::TxDtls) {
            if let Some(place) = place {
                self.detail.amounts[place] = Some(written);
            }
            self.detail.transaction.amount_details.insert(name.to_owned(), detail);
        } else if self.path.contains(&El::Ntry) {
            self.entry.entry.amount_details.insert(name.to_owned(), detail);
        }
    }

    fn whole_statement(&mut self) -> Step {
        let message = self.message.as_mut().expect("a statement stands in a message");
        message.statement_count += 1;
        if message.statement_count > MOST_STATEMENTS {
            return Err(ReadError::TooMany(MOST_STATEMENTS, "statements"));
        }
        self.handed_out += 1;
        let mut statement = mem::take(&mut self.statement);
        if statement.currency.is_none() {
            let mut seen: Vec<Currency> = statement.balances.iter().filter_map(|balance| balance.currency).collect();
            seen.append(&mut self.entry_currencies);
            seen.sort_unstable();
            seen.dedup();
            statement.currency = if let [only] = seen[..] { Some(only) } else { None };
        }
        go_on(self.sink.statement(statement))
    }
}

/// The most of an entry that is kept: fifty thousand details with a dozen texts each, more than any bank delivers.
const MOST_KEPT: usize = 1_000_000;

/// How much an element that files may repeat without end adds to what is kept of an entry: a text 1, what has many fields more. A few
/// bytes in a file must not become a kilobyte in memory a million times.
const fn weight(element: El) -> usize {
    match element {
        El::TxDtls | El::Btch | El::Chrgs | El::Rcrd => 8,
        El::Ustrd | El::AddtlRmtInf | El::AddtlInf | El::AddtlRtrRsnInf | El::CdtrRefInf | El::RfrdDocInf => 1,
        _ => 0,
    }
}

fn go_on(flow: ControlFlow<()>) -> Step {
    match flow {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(ReadError::Stopped),
    }
}

/// Stores a text where there is none yet.
fn first(to: &mut Option<String>, value: &str) {
    if to.is_none() && !value.is_empty() {
        *to = Some(value.to_owned());
    }
}

/// Reads a number: digits with at most one point, perhaps a sign; leading zeros and any number of decimals are in circulation.
fn number(value: &str) -> Option<Decimal> {
    /// The least amount that is no amount of money.
    const LARGEST: Decimal = Decimal::from_parts(0xA4C6_8000, 0x0003_8D7E, 0, false, 0);

    let digits = value.strip_prefix(['+', '-']).unwrap_or(value);
    let plain = !digits.is_empty() && digits != "." && digits.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    // No account holds a quadrillion; whatever is added up below it cannot overflow.
    let number: Decimal = value.parse().ok().filter(|n: &Decimal| plain && n.abs() < LARGEST)?;
    let number = number.round_dp(13);
    Some(if number.is_zero() { number.abs() } else { number })
}

/// Reads a day: `2026-03-02`, `2026-02-30` for the last day of February.
fn day(text: &str) -> Option<NaiveDate> {
    let parse = |part: &str| part.parse::<u32>().ok();
    let (year, month, day) = (text.get(..4)?, text.get(5..7)?, text.get(8..)?);
    let exact = || text.parse().ok();
    let meant = || day_meant(i32::try_from(parse(year)?).ok()?, parse(month)?, parse(day)?);
    exact().or_else(|| meant().filter(|_| text.get(4..5) == Some("-") && text.get(7..8) == Some("-")))
}

/// What is shown of a value, which may be as long as the file.
fn cut(text: &str) -> String {
    text.chars().take(80).collect()
}

fn currency_of(start: &BytesStart<'_>) -> Option<Currency> {
    start
        .attributes()
        .with_checks(false)
        .flatten()
        .find(|a| a.key.as_ref() == "Ccy")
        .and_then(|a| a.value.trim().parse().ok())
}

/// Returns `camt.053.001.08` from a namespace.
fn version_of(namespace: &str) -> Option<String> {
    let at = namespace.find("camt.05")?;
    let version = namespace.get(at..at + 15)?;
    let shape = version.bytes().zip("camt.05x.ddd.dd".bytes()).all(|(byte, like)| match like {
        b'x' => matches!(byte, b'2'..=b'4'),
        b'd' => byte.is_ascii_digit(),
        exact => byte == exact,
    });
    shape.then(|| version.to_owned())
}
