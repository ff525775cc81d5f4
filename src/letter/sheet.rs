//! Letters on paper: the text of the mail, set as a business letter, with the code where the mail names the account.

use super::context::{Medium, code, dunning, money};
use super::page::Block;
use super::templates::Text;
use crate::customer::Customer;
use crate::document::{Sheet, SheetBlock};
use crate::dunning::{DunningDocument, WithdrawalDocument};
use crate::language::Language;

/// Sets a reminder or dunning letter.
pub fn dunning_sheet(letter: &DunningDocument, customer: &Customer, text: &Text) -> Sheet {
    let language = letter.language;
    let words = match language {
        Language::De(_) => ["Nummer", "Datum", "Kundennummer", "Zahlbar bis"],
        Language::En => ["Number", "Date", "Customer number", "Payable by"],
    };
    let values = [
        letter.number.clone(),
        language.day(letter.issued_on),
        letter.buyer.number.clone(),
        language.day(letter.deadline_on),
    ];
    let pay = dunning(letter, customer, Medium::Paper).pay;
    let mut blocks = blocks(&text.page.blocks);
    // Where the mail names the account, the paper has the code beside it.
    let names_account = |block: &SheetBlock| matches!(block, SheetBlock::Rows { rows } if *rows == pay);
    let amount = match language {
        Language::De(_) => "Betrag",
        Language::En => "Amount",
    };
    let mut rows = pay.clone();
    rows.insert(rows.len() - 1, [amount.to_owned(), money(letter.total, letter.currency, language)]);
    let payment = SheetBlock::Payment { rows };
    match blocks.iter().position(names_account) {
        Some(place) => blocks[place] = payment,
        None => blocks.push(payment),
    }
    let (heading, subject) = headed(&text.subject);
    Sheet {
        name: letter.number.clone(),
        language,
        dated_on: letter.issued_on,
        seller: letter.seller.clone(),
        buyer: letter.buyer.clone(),
        pay_to: Some(letter.pay_to.clone()),
        info: words.map(str::to_owned).into_iter().zip(values).map(|(word, value)| [word, value]).collect(),
        heading,
        subject,
        blocks,
        code: code(letter).map(|code| code.payload()),
    }
}

/// Sets a letter that takes letters back.
pub fn withdrawal_sheet(letter: &WithdrawalDocument, text: &Text) -> Sheet {
    let language = letter.language;
    let words = match language {
        Language::De(_) => ["Nummer", "Datum", "Kundennummer"],
        Language::En => ["Number", "Date", "Customer number"],
    };
    let values = [letter.number.clone(), language.day(letter.issued_on), letter.buyer.number.clone()];
    // No row is a sum here.
    let set = blocks(&text.page.blocks).into_iter().map(|block| match block {
        SheetBlock::Rows { rows } => SheetBlock::Facts { rows },
        block @ (SheetBlock::Heading { .. }
        | SheetBlock::Paragraph { .. }
        | SheetBlock::Facts { .. }
        | SheetBlock::Table { .. }
        | SheetBlock::Payment { .. }) => block,
    });
    let (heading, subject) = headed(&text.subject);
    Sheet {
        name: letter.number.clone(),
        language,
        dated_on: letter.issued_on,
        seller: letter.seller.clone(),
        buyer: letter.buyer.clone(),
        pay_to: Some(letter.pay_to.clone()),
        info: words.map(str::to_owned).into_iter().zip(values).map(|(word, value)| [word, value]).collect(),
        heading,
        subject,
        blocks: set.collect(),
        code: None,
    }
}

/// Parts a mail's subject at its first dash: what the letter is, and what it is about.
fn headed(subject: &str) -> (String, Option<String>) {
    match subject.split_once(" – ") {
        Some((heading, about)) => (heading.to_owned(), Some(about.to_owned())),
        None => (subject.to_owned(), None),
    }
}

/// Sets the content of a mail.
fn blocks(blocks: &[Block]) -> Vec<SheetBlock> {
    let rows = |rows: &[Vec<String>]| -> Vec<[String; 2]> {
        rows.iter()
            .map(|row| [row.first().cloned().unwrap_or_default(), row.get(1..).unwrap_or_default().join("  ")])
            .collect()
    };
    let set = |block: &Block| match block {
        Block::Paragraph(words) | Block::Small(words) => {
            SheetBlock::Paragraph { lines: words.lines().map(str::to_owned).collect() }
        }
        Block::Heading(words) => SheetBlock::Heading { text: words.clone() },
        Block::Rows(lines) | Block::Table(lines) => SheetBlock::Rows { rows: rows(lines) },
        Block::Todo { text, commands } => {
            SheetBlock::Paragraph { lines: std::iter::once(text.clone()).chain(commands.iter().cloned()).collect() }
        }
        Block::Bars(bars) => {
            SheetBlock::Rows { rows: bars.iter().map(|bar| [bar.label.clone(), bar.value.clone()]).collect() }
        }
    };
    blocks.iter().map(set).collect()
}
