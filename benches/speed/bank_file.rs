//! Bank files of any size: four of ten payments by structured reference, two by reference in the text, three by number, one
//! that says nothing.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use crate::books::{BALANCE, IBAN, Invoice};

/// Writes a camt.053 with payments of so many of the open invoices, spread over all of them.
pub fn write(open: u64, payments: u64) -> String {
    let mut entries = String::new();
    let mut sum = 0;
    for place in 0..payments {
        let invoice = Invoice::spread(place, open);
        let (reference, number) = (invoice.reference(), invoice.number());
        let structured = format!(
            "<Strd><CdtrRefInf><Tp><CdOrPrtry><Cd>SCOR</Cd></CdOrPrtry><Issr>ISO</Issr></Tp><Ref>{reference}</Ref></CdtrRefInf></Strd>"
        );
        let says_nothing = place % 10 == 9;
        let text = match place % 10 {
            0..4 => structured,
            4 | 5 => format!("<Ustrd>Zahlung {reference} vielen Dank</Ustrd>"),
            6..9 => format!("<Ustrd>Rechnung {number} vom 03.02.2026, Kd-Nr. {}</Ustrd>", invoice.customer().number()),
            _ => "<Ustrd>Ueberweisung, danke</Ustrd>".to_owned(),
        };
        let (name, iban, cents) = if says_nothing {
            (format!("Unbekannt {place}"), crate::books::iban(90_000_000 + place), invoice.gross() + 7_000_000)
        } else {
            (invoice.customer().name(), invoice.customer().iban(), invoice.gross())
        };
        sum += cents;
        let amount = format!("{}.{:02}", cents / 100, cents % 100);
        write!(
            entries,
            "<Ntry><Amt Ccy=\"EUR\">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-03-02</Dt></BookgDt>\
             <ValDt><Dt>2026-03-02</Dt></ValDt><AcctSvcrRef>20260302{place:010}</AcctSvcrRef><BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd>\
             <SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn><Prtry><Cd>NTRF+166+931</Cd><Issr>DK</Issr></Prtry></BkTxCd><NtryDtls><TxDtls><Refs>\
             <EndToEndId>NOTPROVIDED</EndToEndId></Refs><Amt Ccy=\"EUR\">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><RltdPties><Dbtr><Pty>\
             <Nm>{name}</Nm></Pty></Dbtr><DbtrAcct><Id><IBAN>{iban}</IBAN></Id></DbtrAcct><Cdtr><Pty><Nm>Beispiel Software GmbH</Nm></Pty>\
             </Cdtr><CdtrAcct><Id><IBAN>{IBAN}</IBAN></Id></CdtrAcct></RltdPties><RltdAgts><DbtrAgt><FinInstnId><BICFI>COBADEFFXXX</BICFI>\
             </FinInstnId></DbtrAgt></RltdAgts><RmtInf>{text}</RmtInf></TxDtls></NtryDtls><AddtlNtryInf>GUTSCHRIFT UEBERWEISUNG</AddtlNtryInf></Ntry>"
        )
        .unwrap();
    }
    let balance = |kind: &str, cents: u64| {
        format!(
            "<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp><Amt Ccy=\"EUR\">{}.{:02}</Amt><CdtDbtInd>CRDT</CdtDbtInd>\
             <Dt><Dt>2026-03-02</Dt></Dt></Bal>",
            cents / 100,
            cents % 100
        )
    };
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"><BkToCstmrStmt>\
         <GrpHdr><MsgId>M</MsgId><CreDtTm>2026-03-02T20:00:00</CreDtTm></GrpHdr><Stmt><Id>42</Id><ElctrncSeqNb>42</ElctrncSeqNb>\
         <CreDtTm>2026-03-02T20:00:00</CreDtTm><Acct><Id><IBAN>{IBAN}</IBAN></Id><Ccy>EUR</Ccy></Acct>{}{}{entries}</Stmt></BkToCstmrStmt></Document>",
        balance("OPBD", BALANCE),
        balance("CLBD", BALANCE + sum)
    )
}

/// Writes such a file to the disk, once.
pub fn on_disk(open: u64, payments: u64) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("speed-{payments}-of-{open}.xml"));
    fs::write(&path, write(open, payments)).unwrap();
    path
}
