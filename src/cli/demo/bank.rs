//! A bank that is made up: it books transfers on banking days, and writes statements as camt.053.001.08, the way German banks
//! do.

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;

use chrono::NaiveDate;
use quick_xml::escape::escape;

use crate::calendar::BusinessDays;
use crate::money::{Amount, Currency};
use crate::reference::{CreditorReference, Iban};
use crate::shell::files;

/// The bank's own name and number.
const BIC: &str = "MUSTDEB1XXX";

/// What is on the account when the demo begins.
const OPENING: Amount = Amount::from_minor(1_842_060);

/// The account of the business at its bank.
#[derive(Debug)]
pub struct Bank {
    folder: PathBuf,
    iban: Iban,
    holder: String,
    business_days: BusinessDays,
    /// What was ordered and not booked yet, by the day of booking.
    ordered: BTreeMap<NaiveDate, Vec<Transfer>>,
    balance: Amount,
    /// The last day of the last statement.
    stated_through: NaiveDate,
    statements: u32,
    entries: u32,
}

/// Money that moves.
#[derive(Debug, Clone)]
pub struct Transfer {
    /// How it moves.
    pub kind: Kind,
    /// How much; never negative.
    pub amount: Amount,
    /// The name on the other account.
    pub name: String,
    /// The other account.
    pub iban: Iban,
    /// What the payer's program calls it.
    pub end_to_end: Option<String>,
    /// What the payer wrote, or the code on the invoice.
    pub text: Text,
}

/// How money moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A customer pays.
    In,
    /// The business pays.
    Out,
    /// The business collects from a customer.
    Collected,
    /// A customer's bank gives back what was collected, and charges for it.
    Returned {
        /// What the banks take.
        charges: Amount,
    },
}

/// The purpose of a transfer.
#[derive(Debug, Clone)]
pub enum Text {
    /// Written by a person.
    Free(String),
    /// A creditor reference, as the code on the invoice fills it in.
    Reference(CreditorReference),
}

/// What the standards call a kind of booking.
struct Codes {
    credit: bool,
    family: &'static str,
    subfamily: &'static str,
    /// The German transaction code (GVC).
    proprietary: &'static str,
    words: &'static str,
}

impl Kind {
    const fn codes(self) -> Codes {
        let (credit, family, subfamily, proprietary, words) = match self {
            Kind::In => (true, "RCDT", "ESCT", "NTRF+166+931", "GUTSCHRIFT ÜBERWEISUNG"),
            Kind::Out => (false, "ICDT", "ESCT", "NTRF+116+931", "ÜBERWEISUNG"),
            Kind::Collected => (true, "IDDT", "ESDD", "NDDT+171+931", "LASTSCHRIFTEINZUG"),
            Kind::Returned { .. } => (false, "IDDT", "UPDD", "NRTI+109+931", "RÜCKLASTSCHRIFT"),
        };
        Codes { credit, family, subfamily, proprietary, words }
    }
}

impl Transfer {
    /// What the account loses or gains.
    fn booked(&self) -> Amount {
        match self.kind {
            Kind::In | Kind::Collected => self.amount,
            Kind::Out => -self.amount,
            Kind::Returned { charges } => -(self.amount + charges),
        }
    }
}

impl Bank {
    /// Opens the account; its statements begin after a day.
    pub fn new(folder: PathBuf, iban: Iban, holder: &str, business_days: BusinessDays, after: NaiveDate) -> Bank {
        Bank {
            folder,
            iban,
            holder: holder.to_owned(),
            business_days,
            ordered: BTreeMap::new(),
            balance: OPENING,
            stated_through: after,
            statements: 0,
            entries: 0,
        }
    }

    /// Takes an order; it is booked on its day, or on the next banking day.
    pub fn order(&mut self, day: NaiveDate, transfer: Transfer) {
        self.ordered.entry(self.business_days.next(day)).or_default().push(transfer);
    }

    /// Returns how many banking days up to a day no statement has.
    pub fn unstated(&self, through: NaiveDate) -> usize {
        self.business_days.between(self.stated_through, through)
    }

    /// Writes the statement of all days since the last one, and returns its file.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn statement(&mut self, through: NaiveDate) -> io::Result<PathBuf> {
        let from = self.business_days.after(self.stated_through, 1);
        let later = self.ordered.split_off(&through.succ_opt().expect("there is a day after it"));
        let booked: Vec<(NaiveDate, Transfer)> = std::mem::replace(&mut self.ordered, later)
            .into_iter()
            .flat_map(|(day, transfers)| transfers.into_iter().map(move |transfer| (day, transfer)))
            .collect();
        self.statements += 1;
        let opening = self.balance;
        let mut entries = String::new();
        for (day, transfer) in &booked {
            self.balance += transfer.booked();
            self.entries += 1;
            entries.push_str(&self.entry(*day, transfer));
        }
        let text = self.document(from, through, opening, booked.len(), &entries);
        self.stated_through = through;
        files::make_folder(&self.folder)?;
        let file = self.folder.join(format!("{through}.xml"));
        files::write(&file, text)?;
        Ok(file)
    }

    /// A `Document` with one statement.
    fn document(&self, from: NaiveDate, through: NaiveDate, opening: Amount, count: usize, entries: &str) -> String {
        let (sequence, iban, holder) = (self.statements, self.iban.as_str(), escape(self.holder.as_str()));
        let written = format!("{through}T21:00:00Z");
        let balances = [balance("OPBD", opening, from), balance("CLBD", self.balance, through)].concat();
        format!(
            r#"<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">
<BkToCstmrStmt>
<GrpHdr><MsgId>MUSTER-{through}</MsgId><CreDtTm>{written}</CreDtTm></GrpHdr>
<Stmt>
<Id>MUSTER-{through}-{sequence}</Id>
<ElctrncSeqNb>{sequence}</ElctrncSeqNb>
<CreDtTm>{written}</CreDtTm>
<FrToDt><FrDtTm>{from}T00:00:00</FrDtTm><ToDtTm>{through}T23:59:59</ToDtTm></FrToDt>
<Acct><Id><IBAN>{iban}</IBAN></Id><Ccy>EUR</Ccy><Ownr><Nm>{holder}</Nm></Ownr><Svcr><FinInstnId><BICFI>{BIC}</BICFI></FinInstnId></Svcr></Acct>
{balances}<TxsSummry><TtlNtries><NbOfNtries>{count}</NbOfNtries></TtlNtries></TxsSummry>
{entries}</Stmt>
</BkToCstmrStmt>
</Document>
"#
        )
    }

    /// A booking, `Ntry`.
    fn entry(&self, day: NaiveDate, transfer: &Transfer) -> String {
        let codes = transfer.kind.codes();
        let (amount, direction) = (money(transfer.booked().abs()), direction(codes.credit));
        let details = self.details(transfer, &amount, direction);
        format!(
            "<Ntry>\n{amount}<CdtDbtInd>{direction}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>{day}</Dt></BookgDt><ValDt><Dt>{day}</Dt></ValDt>\n\
             <AcctSvcrRef>{}{:06}</AcctSvcrRef>\n\
             <BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>{}</Cd><SubFmlyCd>{}</SubFmlyCd></Fmly></Domn><Prtry><Cd>{}</Cd><Issr>DK</Issr></Prtry></BkTxCd>\n\
             <NtryDtls><TxDtls>\n{details}</TxDtls></NtryDtls>\n\
             <AddtlNtryInf>{}</AddtlNtryInf>\n</Ntry>\n",
            day.format("%Y%m%d"),
            self.entries,
            codes.family,
            codes.subfamily,
            codes.proprietary,
            codes.words,
        )
    }

    /// What the bank knows of the transfer, `TxDtls`.
    fn details(&self, transfer: &Transfer, amount: &str, direction: &str) -> String {
        let end_to_end = escape(transfer.end_to_end.as_deref().unwrap_or("NOTPROVIDED"));
        let party = |role: &str, name: &str, iban: &Iban| {
            let (name, iban) = (escape(name), iban.as_str());
            format!(
                "<{role}><Pty><Nm>{name}</Nm></Pty></{role}><{role}Acct><Id><IBAN>{iban}</IBAN></Id></{role}Acct>\n"
            )
        };
        let (other, own) = ((transfer.name.as_str(), &transfer.iban), (self.holder.as_str(), &self.iban));
        let (debtor, creditor) = if transfer.kind == Kind::Out { (own, other) } else { (other, own) };
        let parties = [party("Dbtr", debtor.0, debtor.1), party("Cdtr", creditor.0, creditor.1)].concat();
        let text = match &transfer.text {
            Text::Free(text) => format!("<Ustrd>{}</Ustrd>", escape(text.as_str())),
            Text::Reference(reference) => format!(
                "<Strd><CdtrRefInf><Tp><CdOrPrtry><Cd>SCOR</Cd></CdOrPrtry><Issr>ISO</Issr></Tp><Ref>{reference}</Ref></CdtrRefInf></Strd>"
            ),
        };
        // What was collected first, what the banks take, and why it came back: too little on the account.
        let (charges, reason) = match transfer.kind {
            Kind::Returned { charges } => (
                format!(
                    "<AmtDtls><InstdAmt>{}</InstdAmt></AmtDtls>\n<Chrgs><Rcrd>{}<CdtDbtInd>DBIT</CdtDbtInd></Rcrd></Chrgs>\n",
                    money(transfer.amount),
                    money(charges)
                ),
                "<RtrInf><Rsn><Cd>AM04</Cd></Rsn></RtrInf>\n",
            ),
            Kind::In | Kind::Out | Kind::Collected => (String::new(), ""),
        };
        format!(
            "<Refs><EndToEndId>{end_to_end}</EndToEndId></Refs>\n{amount}<CdtDbtInd>{direction}</CdtDbtInd>\n\
             {charges}<RltdPties>\n{parties}</RltdPties>\n<RmtInf>{text}</RmtInf>\n{reason}"
        )
    }
}

fn money(amount: Amount) -> String {
    format!("<Amt Ccy=\"EUR\">{}</Amt>", amount.plain(Currency::EUR))
}

const fn direction(credit: bool) -> &'static str {
    if credit { "CRDT" } else { "DBIT" }
}

fn balance(code: &str, amount: Amount, day: NaiveDate) -> String {
    let (money, direction) = (money(amount.abs()), direction(!amount.is_negative()));
    format!(
        "<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>{money}<CdtDbtInd>{direction}</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jobs::bank::file::read_file;
    use crate::statement::proof::Proof;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 1, day).unwrap()
    }

    #[test]
    fn statements_add_up_and_follow_each_other() {
        let folder = tempfile::tempdir().unwrap();
        let iban: Iban = "DE02120300000000202051".parse().unwrap();
        let mut bank =
            Bank::new(folder.path().to_owned(), iban.clone(), "Muster & Co", BusinessDays::default(), day(1));
        let kinds = [Kind::In, Kind::Out, Kind::Collected, Kind::Returned { charges: Amount::from_minor(300) }];
        for (kind, on) in kinds.into_iter().zip([2, 3, 7, 8]) {
            let text = Text::Free("Rechnung <1>".to_owned());
            let amount = Amount::from_minor(11_900);
            let transfer =
                Transfer { kind, amount, name: "A & B".to_owned(), iban: iban.clone(), end_to_end: None, text };
            bank.order(day(on), transfer);
        }
        assert_eq!(bank.unstated(day(5)), 2);
        let proofs = [5, 7, 9].map(|through| {
            let documents = read_file(&bank.statement(day(through)).unwrap()).unwrap().documents;
            let proof = &documents[0].proved[0].proof;
            let Proof::Fits { opening, closing } = proof else { panic!("{proof:?}") };
            (opening.minor(), closing.minor())
        });
        // In and out, the latter on a Saturday; a debit; the same debit back, with charges.
        assert_eq!(proofs, [(1_842_060, 1_842_060), (1_842_060, 1_853_960), (1_853_960, 1_841_760)]);
    }
}
