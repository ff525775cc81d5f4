//! Who invoices, and who is told.

use std::collections::BTreeMap;
use std::path::PathBuf;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use crate::calendar::{Region, Zone, date};
use crate::customer::EInvoice;
use crate::invoice::{EInvoicing, Seller, SellerContact, Turnover};
use crate::language::Language;
use crate::money::{Currency, decimal};
use crate::party::{Address, Country, ElectronicAddress, Email};
use crate::reference::Series;

/// The business.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Business {
    /// The name on invoices, and the holder of the accounts.
    pub name: String,
    /// The address on invoices.
    pub address: Address,
    /// The VAT id.
    #[serde(default)]
    pub vat_id: Option<String>,
    /// The tax number.
    #[serde(default)]
    pub tax_number: Option<String>,
    /// Legal form, seat, register and managers, a line each, for the footer.
    #[serde(default)]
    pub legal: Vec<String>,
    /// The telephone number on invoices.
    #[serde(default)]
    pub phone: Option<String>,
    /// The e-mail address on invoices, where customers ask.
    pub email: Email,
    /// The web site on invoices.
    #[serde(default)]
    pub web: Option<String>,
    /// Whom customers ask.
    #[serde(default)]
    pub contact: Option<String>,
    /// A logo for the paper: svg, png or jpg.
    #[serde(default)]
    pub logo: Option<PathBuf>,
    /// The colour of rules and headings on paper, `#1f4e5f`.
    #[serde(default)]
    pub accent: Option<String>,
    /// The currency of prices.
    #[serde(default = "euro")]
    pub currency: Currency,
    /// Days to pay where nothing else is agreed.
    #[serde(default = "two_weeks")]
    pub term_days: u32,
    /// A small business (§ 19 UStG): no VAT on anything.
    #[serde(default)]
    pub small_business: bool,
    /// What businesses in Germany get where their file says nothing: `zugferd`, `auto`, `none`.
    #[serde(default)]
    pub e_invoice: Option<EInvoice>,
    /// The turnover of the previous calendar year in euro: up to 800,000 in 2026 e-invoices are a duty from 2028 on, else from 2027.
    #[serde(default, with = "decimal::option")]
    pub turnover_previous_year: Option<Decimal>,
    /// The year that it is of.
    #[serde(default)]
    pub turnover_year: Option<i32>,
    /// The creditor identifier for direct debits.
    #[serde(default)]
    pub creditor_id: Option<String>,
    /// The number in the trade register, `HRB 12345`.
    #[serde(default)]
    pub register: Option<String>,
    /// Where e-invoices are received, where that is not the e-mail address.
    #[serde(default)]
    pub electronic_address: Option<ElectronicAddress>,
    /// The time zone that civil days are of.
    #[serde(default = "berlin")]
    pub timezone: Zone,
    /// Whose public holidays count.
    #[serde(default)]
    pub holidays: Option<Region>,
    /// Further days off.
    #[serde(default)]
    pub extra_holidays: Vec<DayOff>,
}

/// A day off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayOff(#[serde(with = "date")] pub NaiveDate);

const fn euro() -> Currency {
    Currency::EUR
}

const fn two_weeks() -> u32 {
    14
}

const fn berlin() -> Zone {
    Zone::BERLIN
}

impl Business {
    /// Returns what is said of e-invoices.
    pub fn e_invoicing(&self) -> EInvoicing {
        EInvoicing {
            by_default: self.e_invoice,
            turnover: self.turnover_previous_year.map(|amount| Turnover { amount, year: self.turnover_year }),
            creditor_id: self.creditor_id.clone(),
        }
    }

    /// Tells whether the law asks for e-invoices at all: not of small businesses (§ 34a UStDV), nor of those elsewhere.
    pub fn owes_e_invoices(&self) -> bool {
        !self.small_business && self.address.country == Country::DE
    }

    /// Returns who invoices, for the documents.
    pub fn seller(&self, owner: &Owner) -> Seller {
        Seller {
            name: self.name.clone(),
            address: self.address.clone(),
            vat_id: self.vat_id.clone(),
            tax_number: self.tax_number.clone(),
            legal: self.legal.clone(),
            contact: SellerContact {
                name: self.contact.clone().or_else(|| owner.name.clone()),
                phone: self.phone.clone(),
                email: self.email.clone(),
                web: self.web.clone(),
            },
            register: self.register.clone(),
            electronic_address: self.electronic_address.clone(),
        }
    }
}

/// Who is told: the weekly summary and alarms go here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Owner {
    /// The name.
    #[serde(default)]
    pub name: Option<String>,
    /// The e-mail address.
    pub email: Email,
    /// The language of summaries, status and why.
    #[serde(default)]
    pub language: Language,
}

/// A series of numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SeriesSettings {
    /// The pattern.
    pub series: Series,
    /// The first sequence that settled gives, for those who move in during a year.
    pub next: Option<i64>,
    /// The two digits that stand for the series in QR references.
    pub qr_code: u8,
}

/// The series of numbers by kind of document.
pub type Numbering = BTreeMap<String, SeriesSettings>;

/// A series as the owner writes it: without a pattern it keeps the shipped one.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenSeries {
    series: Option<Series>,
    next: Option<i64>,
    qr_code: Option<u8>,
}

/// Returns what a configuration that was once in force says of the next number of a series; nothing where it says nothing.
pub fn next_of_series(text: &str, series: &str) -> Option<i64> {
    toml::from_str::<toml::Table>(text).ok()?.get("numbering")?.get(series)?.get("next")?.as_integer()
}

/// Returns the shipped series: invoices, letters that remind and dun, refunds, what takes invoices back, quotes and confirmations of orders.
pub(super) fn shipped_series() -> Numbering {
    let series = |pattern: &str, qr_code| SeriesSettings {
        series: pattern.parse().expect("the shipped patterns are series"),
        next: None,
        qr_code,
    };
    let shipped = [
        ("invoice", "RE-{year}-{seq:04}", 1),
        ("dunning", "MA-{year}-{seq:04}", 2),
        ("refund", "ER-{year}-{seq:04}", 3),
        ("correction", "RK-{year}-{seq:04}", 4),
        ("quote", "AN-{year}-{seq:04}", 5),
        ("confirmation", "AB-{year}-{seq:04}", 6),
    ];
    shipped.map(|(kind, pattern, qr_code)| (kind.to_owned(), series(pattern, qr_code))).into()
}

/// Reads the owner's series beside the shipped ones.
pub(super) fn beside_shipped<'de, D: Deserializer<'de>>(from: D) -> Result<Numbering, D::Error> {
    let mut numbering = shipped_series();
    for (kind, written) in BTreeMap::<String, WrittenSeries>::deserialize(from)? {
        let Some(settings) = numbering.get_mut(&kind) else {
            let known: Vec<&str> = numbering.keys().map(String::as_str).collect();
            return Err(D::Error::custom(format!("unknown series `{kind}`, expected one of {}", known.join(", "))));
        };
        settings.next = written.next;
        settings.qr_code = match written.qr_code {
            None => settings.qr_code,
            Some(code) if kind == "invoice" && code < 100 => code,
            Some(_) if kind == "invoice" => {
                return Err(D::Error::custom("`qr_code` has two digits: it is between 0 and 99"));
            }
            Some(_) => {
                return Err(D::Error::custom("only `numbering.invoice` has a `qr_code`: letters have no QR reference"));
            }
        };
        if let Some(series) = written.series {
            settings.series = series;
        }
    }
    Ok(numbering)
}
