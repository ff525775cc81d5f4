//! What was received and not booked: of which account it could be, and of which days, as far as that can be read.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::model::AccountName;
use super::proof::Proved;
use crate::money::Currency;
use crate::reference::Iban;

/// A statement that was not booked, as far as it can be read. It may tell of any payment to the account through its last day.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unbooked {
    /// The account; nothing: it can be of any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountName>,
    /// The account's currency; nothing: of any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// The last day that it tells of; nothing: any day until it was received.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub through_on: Option<NaiveDate>,
}

impl Unbooked {
    /// Names the account of a statement that broke off, or cannot be read otherwise. One that is misspelt is none.
    pub fn of_account(account: Option<AccountName>) -> Unbooked {
        let is_right = |account: &AccountName| {
            let iban = account.iban.as_ref().map(|iban| iban.parse::<Iban>().is_ok());
            iban.unwrap_or(account.other.is_some())
        };
        Unbooked { account: account.filter(is_right), ..Unbooked::default() }
    }

    /// Returns what a whole statement tells of that was refused all the same.
    pub fn of(proved: &Proved) -> Unbooked {
        let statement = &proved.statement;
        let closing = statement.closing_balance().and_then(|balance| balance.date);
        let stated = statement.to.as_deref().and_then(|to| to.get(..10)?.parse().ok());
        let through_on = [closing, stated, proved.booked.map(|(_, last)| last)].into_iter().flatten().max();
        Unbooked { currency: statement.currency, through_on, ..Unbooked::of_account(Some(statement.account.clone())) }
    }

    /// Tells whether it can be of an account with some names and a currency.
    pub fn may_be_of(&self, names: &[String], currency: &str) -> bool {
        self.account.as_ref().is_none_or(|account| account.is_one_of(names))
            && self.currency.is_none_or(|own| own.code() == currency)
    }
}

/// Why something that was received is not booked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NotBooked {
    /// It was refused; a note beside it says why.
    Refused,
    /// It lies in a folder of the inbox.
    SubFolder,
    /// It is a link, and links are not followed.
    Link,
    /// By its name somebody is still writing it, and nobody has for an hour.
    Unfinished,
    /// It is a pipe, a socket or a device.
    NoFile,
    /// It has lain there for an hour, and cannot be taken.
    Stuck,
}
