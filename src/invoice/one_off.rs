//! A one-off invoice as the owner writes it in `book/invoices/`.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::attached::AttachedFile;
use super::draft::Charge;
use crate::calendar::date;
use crate::items::{Adjustment, Item};
use crate::money::Currency;

/// An invoice that is issued once: on its day, or by command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OneOff {
    /// Its name in the book, such as `A-2026-17`. The invoice gets its own number when it is issued.
    pub number: String,
    /// The number of the customer.
    pub customer: String,
    /// What it is about: the subject of the invoice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The day on which it is issued; nothing: when the owner says so.
    #[serde(default, with = "date::option", skip_serializing_if = "Option::is_none")]
    pub issue_on: Option<NaiveDate>,
    /// The first day of service, or the day of delivery.
    #[serde(with = "date")]
    pub service_from: NaiveDate,
    /// The last day of service; nothing: the first.
    #[serde(default, with = "date::option", skip_serializing_if = "Option::is_none")]
    pub service_through: Option<NaiveDate>,
    /// Days to pay, where they differ from the customer's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub term_days: Option<u32>,
    /// The currency, where it differs from the customer's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// The customer's order number, where it differs (BT-13).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order_number: Option<String>,
    /// What the payer may quote instead of the invoice's number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payer_text: Option<String>,
    /// The dunning policy, where it differs from the customer's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dunning_policy: Option<String>,
    /// A note on the invoice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// What is charged.
    #[serde(rename = "line")]
    pub lines: Vec<Item>,
    /// What is taken off all of it (BG-20).
    #[serde(default, rename = "allowance", skip_serializing_if = "Vec::is_empty")]
    pub allowances: Vec<Adjustment>,
    /// What is charged on all of it (BG-21).
    #[serde(default, rename = "charge", skip_serializing_if = "Vec::is_empty")]
    pub charges: Vec<Adjustment>,
    /// The files that go with it (BG-24).
    #[serde(default, rename = "attachment", skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<AttachedFile>,
}

impl OneOff {
    /// Returns the last day of service.
    pub fn service_through(&self) -> NaiveDate {
        self.service_through.unwrap_or(self.service_from)
    }

    /// Returns what is charged.
    pub fn charge(&self) -> Charge<'_> {
        Charge {
            contract: &self.number,
            title: self.title.as_deref(),
            note: self.note.as_deref(),
            order_number: self.order_number.as_deref(),
            items: &self.lines,
            allowances: &self.allowances,
            charges: &self.charges,
            attachments: &self.attachments,
            priced_on: self.service_from,
            service_from: self.service_from,
            service_through: self.service_through(),
            share: None,
            term_days: self.term_days,
            currency: self.currency,
        }
    }
}
