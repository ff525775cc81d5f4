//! A bank: it writes a camt.053 a day from lines such as `2026-01-20 | Becker GmbH | DE… | 119.00 | RE-2026-0001`, with another value
//! date behind the text where it is not that of the booking.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use chrono::{Datelike, NaiveDate, Weekday};
use rust_decimal::Decimal;

/// Money that comes in, or goes out when it is negative.
pub struct Movement {
    pub booked_on: NaiveDate,
    pub value_on: NaiveDate,
    pub payer: String,
    pub iban: String,
    pub amount: Decimal,
    pub text: String,
    /// It gives an earlier payment back.
    pub is_return: bool,
}

impl Movement {
    /// Reads `day | payer | IBAN | amount | text`, and ` | value date`.
    pub fn read(line: &str) -> Movement {
        let parts: Vec<&str> = line.split('|').map(str::trim).collect();
        let [day, payer, iban, amount, text, ref value_on @ ..] = parts[..] else { panic!("five parts: {line}") };
        Movement {
            booked_on: day.parse().unwrap(),
            value_on: value_on.first().unwrap_or(&day).parse().unwrap(),
            payer: payer.to_owned(),
            iban: iban.to_owned(),
            amount: amount.parse().unwrap(),
            text: text.to_owned(),
            is_return: false,
        }
    }

    /// Reads the return of a payment, written as the payment was.
    pub fn read_return(line: &str) -> Movement {
        let payment = Movement::read(line);
        Movement { amount: -payment.amount, is_return: true, ..payment }
    }
}

/// Writes a statement for each bank day of a range, an unbroken chain from a balance of 1,000.00.
pub fn write_statements(
    folder: &Path,
    account: (&str, &str),
    from: NaiveDate,
    until: NaiveDate,
    movements: &[Movement],
) {
    fs::create_dir_all(folder).unwrap();
    let mut by_day: BTreeMap<NaiveDate, Vec<&Movement>> = BTreeMap::new();
    for movement in movements {
        by_day.entry(movement.booked_on).or_default().push(movement);
    }
    let mut balance = Decimal::new(100_000, 2);
    let mut sequence = 0;
    for day in from.iter_days().take_while(|day| *day <= until) {
        let own = by_day.remove(&day).unwrap_or_default();
        if matches!(day.weekday(), Weekday::Sat | Weekday::Sun) {
            assert!(own.is_empty(), "{day} is no bank day");
            continue;
        }
        sequence += 1;
        let text = statement(account, day, sequence, balance, &own);
        balance += own.iter().map(|movement| movement.amount).sum::<Decimal>();
        fs::write(folder.join(format!("{day}.xml")), text).unwrap();
    }
    assert!(by_day.is_empty(), "movements outside {from} to {until}");
}

/// Writes one statement of an account, IBAN and currency.
pub fn statement(
    (iban, currency): (&str, &str),
    day: NaiveDate,
    sequence: u32,
    opening: Decimal,
    movements: &[&Movement],
) -> String {
    let closing = opening + movements.iter().map(|movement| movement.amount).sum::<Decimal>();
    let balance = |kind: &str, amount: Decimal| {
        let direction = if amount.is_sign_negative() { "DBIT" } else { "CRDT" };
        format!(
            "<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp><Amt Ccy=\"{currency}\">{}</Amt>\
             <CdtDbtInd>{direction}</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>\n",
            amount.abs()
        )
    };
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"><BkToCstmrStmt>\n\
         <GrpHdr><MsgId>{day}</MsgId><CreDtTm>{day}T20:00:00</CreDtTm></GrpHdr>\n\
         <Stmt><Id>{day}</Id><ElctrncSeqNb>{sequence}</ElctrncSeqNb><CreDtTm>{day}T20:00:00</CreDtTm>\n\
         <Acct><Id><IBAN>{iban}</IBAN></Id><Ccy>{currency}</Ccy></Acct>\n"
    );
    xml.push_str(&balance("OPBD", opening));
    xml.push_str(&balance("CLBD", closing));
    for (place, movement) in movements.iter().enumerate() {
        let incoming = movement.amount.is_sign_positive();
        let direction = if incoming { "CRDT" } else { "DBIT" };
        let party = if incoming { "Dbtr" } else { "Cdtr" };
        writeln!(
            xml,
            "<Ntry><Amt Ccy=\"{currency}\">{amount}</Amt><CdtDbtInd>{direction}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>\
             <BookgDt><Dt>{day}</Dt></BookgDt><ValDt><Dt>{value_on}</Dt></ValDt><AcctSvcrRef>{sequence}-{place}</AcctSvcrRef>\
             <BkTxCd/><NtryDtls><TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs><Amt Ccy=\"{currency}\">{amount}</Amt>\
             <CdtDbtInd>{direction}</CdtDbtInd><RltdPties><{party}><Pty><Nm>{payer}</Nm></Pty></{party}>\
             <{party}Acct><Id><IBAN>{iban}</IBAN></Id></{party}Acct></RltdPties>\
             <RmtInf><Ustrd>{text}</Ustrd></RmtInf>{returned}</TxDtls></NtryDtls></Ntry>",
            returned = if movement.is_return { "<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>" } else { "" },
            amount = movement.amount.abs(),
            value_on = movement.value_on,
            payer = escaped(&movement.payer),
            iban = movement.iban,
            text = escaped(&movement.text),
        )
        .unwrap();
    }
    xml.push_str("</Stmt></BkToCstmrStmt></Document>\n");
    xml
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}
