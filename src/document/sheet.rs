//! A letter on paper: what it says, block by block, and what the template `letter.typ` prints of it.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::paper::{Style, address, contact_lines, footer, meta, return_line};
use super::words::words;
use crate::invoice::{Buyer, PayTo, Seller};
use crate::language::Language;

/// A letter on paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    /// Its number, or another name of its own.
    pub name: String,
    /// The language that it is written in.
    pub language: Language,
    /// The day of the letter.
    pub dated_on: NaiveDate,
    /// Who writes.
    pub seller: Seller,
    /// To whom.
    pub buyer: Buyer,
    /// Where to pay, for the footer.
    pub pay_to: Option<PayTo>,
    /// The information block: labels and values.
    pub info: Vec<[String; 2]>,
    /// What it is.
    pub heading: String,
    /// What it is about.
    pub subject: Option<String>,
    /// The content from top to bottom.
    pub blocks: Vec<SheetBlock>,
    /// The text of the payment code; nothing: none.
    pub code: Option<String>,
}

/// A block of a letter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum SheetBlock {
    /// A heading.
    Heading {
        /// The words.
        text: String,
    },
    /// Running text; line ends are kept.
    Paragraph {
        /// Its lines.
        lines: Vec<String>,
    },
    /// Labels and amounts, the sum last.
    Rows {
        /// The rows.
        rows: Vec<[String; 2]>,
    },
    /// Labels and values that add up to nothing.
    Facts {
        /// The rows.
        rows: Vec<[String; 2]>,
    },
    /// Columns under a head.
    Table {
        /// The head.
        head: Vec<String>,
        /// Which columns stand right: amounts.
        right: Vec<bool>,
        /// Which columns take the room that is left.
        wide: Vec<bool>,
        /// The rows.
        rows: Vec<Vec<String>>,
        /// The sum; empty: none.
        sum: Vec<String>,
        /// What the rows up to each come to, for the foot of a page and the head of the next; empty: nothing is added up.
        carried: Vec<String>,
    },
    /// Where to pay, beside the code.
    Payment {
        /// Labels and values.
        rows: Vec<[String; 2]>,
    },
}

impl Sheet {
    /// Makes the data of the template for a cover sheet: nobody's address stands in its window.
    pub(super) fn cover(&self, style: &Style) -> Value {
        let mut data = self.data(style);
        data["address"] = json!([]);
        data["return_line"] = json!("");
        data
    }

    /// Makes the data of the template.
    pub(super) fn data(&self, style: &Style) -> Value {
        let words = words(self.language, self.seller.address.country);
        json!({
            "language": self.language.code(),
            "region": self.language.region().unwrap_or(self.seller.address.country.code()),
            "accent": style.accent,
            "meta": meta(&self.heading, &self.seller, self.dated_on, &[&self.name, &self.buyer.number]),
            "letterhead": { "name": self.seller.name, "lines": contact_lines(&self.seller, words) },
            "return_line": return_line(&self.seller),
            "address": address(&self.buyer, &self.seller),
            "info": self.info,
            "heading": self.heading,
            "subject": self.subject,
            "blocks": self.blocks,
            "carried_over": words.carried,
            "qr_bill": null,
            "scan": words.scan,
            "footer": footer(&self.seller, self.pay_to.as_ref(), words),
            "page": words.page,
            "of": words.of,
        })
    }
}
