//! A customer's account: all that is open on a day, on paper.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::context::money;
use crate::document::{Sheet, SheetBlock};
use crate::dunning::DunningDocument;
use crate::language::Language;

/// A document of which something is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountLine {
    /// Its number.
    pub number: String,
    /// The day of issue.
    pub issued_on: NaiveDate,
    /// The day on which it was due.
    pub due_on: NaiveDate,
    /// What it was over; negative for a credit note.
    pub amount: Decimal,
    /// What is open of it.
    pub open: Decimal,
    /// Costs and interest that are claimed and unpaid.
    pub costs: Decimal,
}

/// Sets the account of the customer of a letter, in the letter's currency. Returns the file's name and the paper.
///
/// `credit` is what the customer has in credit, without sign.
pub fn account_sheet(letter: &DunningDocument, lines: &[AccountLine], credit: Decimal) -> (String, Sheet) {
    let language = letter.language;
    let customer = &letter.buyer.number;
    let say = |german: &str, english: &str| match language {
        Language::De(_) => german.to_owned(),
        Language::En => english.to_owned(),
    };
    let number = |amount: Decimal| language.number(amount);
    let total: Decimal = lines.iter().map(|line| line.open + line.costs).sum::<Decimal>() - credit;
    let mut rows: Vec<Vec<String>> = lines
        .iter()
        .map(|line| {
            vec![
                line.number.clone(),
                language.day(line.issued_on),
                language.day(line.due_on),
                number(line.amount),
                number(line.amount - line.open),
                number(line.costs),
                number(line.open + line.costs),
            ]
        })
        .collect();
    let mut open = Decimal::ZERO;
    let mut carried: Vec<String> = Vec::new();
    for line in lines {
        open += line.open + line.costs;
        carried.push(money(open, letter.currency, language));
    }
    if !credit.is_zero() {
        carried.push(money(total, letter.currency, language));
        let mut row = vec![String::new(); 7];
        row[0] = say("Guthaben", "Credit");
        row[6] = number(-credit);
        rows.push(row);
    }
    let head = match language {
        Language::De(_) => ["Beleg", "Datum", "Fällig", "Betrag", "Bezahlt", "Kosten, Zinsen", "Offen"],
        Language::En => ["Document", "Date", "Due", "Amount", "Paid", "Costs, interest", "Open"],
    };
    let mut sum = vec![String::new(); 7];
    sum[0] = say("Summe", "Total");
    sum[6] = number(total);
    let day = language.day(letter.issued_on);
    let considered = letter.covered_through.map(|day| language.day(day)).map(|day| match language {
        Language::De(_) => language.spelled(format!(" Berücksichtigt sind Zahlungen bis einschließlich {day}.")),
        Language::En => format!(" Payments up to and including {day} are considered."),
    });
    let amount = money(total, letter.currency, language);
    let opening = match language {
        Language::De(_) => format!("Am {day} sind auf Ihrem Kundenkonto {amount} offen."),
        Language::En => format!("On {day}, {amount} are open on your account."),
    };
    let sheet = Sheet {
        name: format!("{customer} {}", letter.issued_on),
        language,
        dated_on: letter.issued_on,
        seller: letter.seller.clone(),
        buyer: letter.buyer.clone(),
        pay_to: Some(letter.pay_to.clone()),
        info: vec![[say("Datum", "Date"), day], [say("Kundennummer", "Customer number"), customer.clone()]],
        heading: say("Offene Posten", "Open items"),
        subject: None,
        blocks: vec![
            SheetBlock::Paragraph { lines: vec![opening + &considered.unwrap_or_default()] },
            SheetBlock::Table {
                head: head.map(str::to_owned).to_vec(),
                right: [false, false, false, true, true, true, true].to_vec(),
                wide: [true, false, false, false, false, false, false].to_vec(),
                rows,
                sum,
                carried,
            },
        ],
        code: None,
    };
    (format!("{}-{}.pdf", say("Offene-Posten", "Open-items"), customer.replace('/', "-")), sheet)
}
