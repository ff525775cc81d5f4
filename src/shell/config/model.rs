//! All settings together, and what other modules ask of them.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::bank::{AccountSettings, Bank, BankRule, Matching};
use super::business::{Business, Numbering, Owner, SeriesSettings, beside_shipped, shipped_series};
use super::dunning::{BaseRateLines, DunningSettings};
use super::mail::MailSettings;
use super::schedule::Schedules;
use crate::book::{CheckContext, PolicyClaims};
use crate::calendar::{BusinessDays, date};
use crate::dunning::{BaseRates, Policy};
use crate::invoice::{AccountOfDay, Document, OwnAccount, PayTo, QrAccount, Terms, VatExchangeRate};
use crate::language::Language;
use crate::matching::Rule;
use crate::money::{Amount, Currency};
use crate::reference::Series;

/// The whole configuration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The last day of a demo: commands look at its books as of that evening, and no daemon works on them.
    #[serde(default, with = "date::option", skip_serializing_if = "Option::is_none")]
    pub demo_ends_on: Option<NaiveDate>,
    /// Who invoices.
    pub business: Business,
    /// Who is told.
    pub owner: Owner,
    /// The bank accounts.
    #[serde(rename = "bank_account")]
    pub bank_accounts: Vec<AccountSettings>,
    /// Bookings that concern no invoice.
    #[serde(default)]
    pub bank: Bank,
    /// How mail leaves.
    #[serde(default)]
    pub mail: MailSettings,
    /// When what is done.
    #[serde(default)]
    pub schedule: Schedules,
    /// The series of numbers, by kind of document: `invoice`, `dunning`, `refund`.
    #[serde(default = "shipped_series", deserialize_with = "beside_shipped")]
    pub numbering: Numbering,
    /// Matching of payments.
    #[serde(default)]
    pub matching: Matching,
    /// Dunning policies.
    #[serde(default)]
    pub dunning: DunningSettings,
    /// Base rates beyond the shipped ones.
    #[serde(default)]
    pub base_rates: BaseRateLines,
    /// What VAT is converted at, where invoices are not in the currency of the tax office.
    #[serde(default, rename = "vat_exchange_rate", skip_serializing_if = "Vec::is_empty")]
    pub vat_exchange_rates: Vec<VatExchangeRate>,
    /// Where things lie.
    #[serde(default)]
    pub paths: Paths,
}

/// Where things lie; relative paths begin at the configuration's folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Paths {
    /// The books: `sqlite:///var/lib/settled/settled.db`, `postgres://…`, or a file.
    pub store: String,
    /// The book: customers, contracts, one-off invoices.
    pub book: PathBuf,
    /// The owner's own templates.
    pub templates: PathBuf,
    /// Where bank files are dropped; `work`, `done` and `rejected` lie beside it.
    pub inbox: PathBuf,
    /// Where the daemon lays letters for post and portal; it takes away what was posted or withdrawn.
    pub print: PathBuf,
    /// The journal of issued numbers, outside the database's folder.
    pub issue_journal: PathBuf,
}

impl Default for Paths {
    fn default() -> Self {
        Paths {
            store: "data/settled.db".to_owned(),
            book: "book".into(),
            templates: "templates".into(),
            inbox: "inbox".into(),
            print: "print".into(),
            issue_journal: "journal/issue-journal.ndjson".into(),
        }
    }
}

impl Config {
    /// Returns the business's calendar.
    pub fn business_days(&self) -> BusinessDays {
        BusinessDays::new(self.business.holidays, self.business.extra_holidays.iter().map(|day| day.0))
    }

    /// Returns what the business says for all invoices of a day.
    pub fn terms(&self, today: NaiveDate) -> Terms {
        let printed = self.bank_accounts.iter().filter(|account| account.printed && account.is_open_on(today));
        Terms {
            seller: self.business.seller(&self.owner),
            term_days: self.business.term_days,
            currency: self.business.currency,
            small_business: self.business.small_business,
            accounts: printed.map(|account| self.own_account(account)).collect(),
            e_invoicing: self.business.e_invoicing(),
            exchange_rates: self.vat_exchange_rates.clone(),
        }
    }

    /// Returns where an invoice is to be paid on a day: into the account that it prints while that is open, else into the business's
    /// account for its currency that is open then. Where there is none, the one that it prints remains.
    pub fn pay_into(&self, printed: &PayTo, currency: Currency, day: NaiveDate) -> PayTo {
        let is_printed = |account: &&AccountSettings| account.names().iter().any(|name| name == printed.iban.as_str());
        let mut open = self.bank_accounts.iter().filter(|account| account.is_open_on(day));
        if open.clone().any(|account| is_printed(&account)) {
            return printed.clone();
        }
        let own = open.find(|account| account.printed && account.currency == currency);
        own.map_or_else(
            || printed.clone(),
            |account| PayTo { reference: printed.reference.clone(), ..self.own_account(account).pay_to() },
        )
    }

    pub(super) fn own_account(&self, account: &AccountSettings) -> OwnAccount {
        let qr = account.qr_iban.as_ref().map(|iban| QrAccount {
            iban: iban.clone(),
            prefix: account.qr_prefix.clone().unwrap_or_default(),
            series: self.numbering["invoice"].qr_code,
        });
        OwnAccount {
            currency: account.currency,
            holder: account.holder.clone().unwrap_or_else(|| self.business.name.clone()),
            iban: account.iban.clone(),
            bic: account.bic.clone(),
            qr,
        }
    }

    /// Returns where invoices of one currency are to be paid together on a day; nothing where there are none.
    pub fn account_of_day<'d>(
        &self,
        invoices: impl IntoIterator<Item = &'d Document>,
        day: NaiveDate,
    ) -> Option<AccountOfDay> {
        let now = |invoice: &Document| self.pay_into(&invoice.pay_to, invoice.currency, day);
        let mut invoices = invoices.into_iter();
        let first = invoices.next()?;
        let pay_to = now(first);
        let changed = pay_to != first.pay_to || invoices.any(|invoice| now(invoice) != invoice.pay_to);
        Some(AccountOfDay { pay_to, changed })
    }

    /// Returns the base rates: shipped ones and the owner's.
    pub fn base_rates(&self) -> BaseRates {
        BaseRates::shipped().extended(&self.base_rates.germany, &self.base_rates.austria)
    }

    /// Returns a dunning policy by name.
    pub fn policy(&self, name: &str) -> Option<&Policy> {
        self.dunning.policy.get(name)
    }

    /// Returns the series of a kind of document.
    ///
    /// # Panics
    /// When there is no such series.
    pub fn series(&self, kind: &str) -> &SeriesSettings {
        self.numbering.get(kind).expect("every series is shipped")
    }

    /// Returns the rules for bookings that concern no invoice.
    pub fn rules(&self) -> Vec<Rule> {
        self.bank.rules.iter().map(BankRule::rule).collect()
    }

    /// Returns the amount below which costs and interest are given up when the principal is paid.
    pub fn waive_below(&self) -> Amount {
        Amount::rounded(self.matching.waive_below, self.business.currency).expect("it was checked when it was read")
    }

    /// Returns how the matcher decides.
    pub fn matching(&self) -> crate::matching::Config {
        let amount = |value| Amount::rounded(value, self.business.currency).expect("it was checked when it was read");
        let series = self.numbering.values().map(|settings| &settings.series);
        let mut prefixes: Vec<String> = series.map(Series::prefix).filter(|prefix| !prefix.is_empty()).collect();
        prefixes.sort_unstable();
        prefixes.dedup();
        crate::matching::Config {
            rounding_tolerance: amount(self.matching.rounding_tolerance),
            discount_grace_days: self.matching.discount_grace_days,
            bank_fee_tolerance: amount(self.matching.bank_fee_tolerance),
            writeoff_below: amount(self.matching.writeoff_below),
            waive_below: self.waive_below(),
            series_prefixes: prefixes,
        }
    }

    /// Returns what of the configuration the book refers to.
    pub fn check_context(&self) -> CheckContext<'_> {
        let mut currencies: Vec<Currency> =
            self.bank_accounts.iter().filter(|a| a.printed).map(|a| a.currency).collect();
        currencies.sort_unstable();
        currencies.dedup();
        CheckContext {
            language: self.owner.language,
            ibans: self.bank_accounts.iter().map(|account| &account.iban).collect(),
            policies: self.dunning.policy.iter().map(|(name, policy)| claims(name, policy)).collect(),
            default_policies: [&self.dunning.business, &self.dunning.consumer],
            currencies,
            currency: self.business.currency,
            address: self.business.address.clone(),
            small_business: self.business.small_business,
            has_vat_id: self.business.vat_id.is_some(),
        }
    }

    /// Makes all paths absolute.
    pub(super) fn settle_paths(&mut self, folder: &Path) {
        let settle = |path: &mut PathBuf| *path = folder.join(&*path);
        settle(&mut self.paths.book);
        settle(&mut self.paths.templates);
        settle(&mut self.paths.inbox);
        settle(&mut self.paths.print);
        settle(&mut self.paths.issue_journal);
        settle(&mut self.mail.folder);
        self.mail.password_file.iter_mut().for_each(settle);
        self.mail.ca_file.iter_mut().for_each(settle);
        self.business.logo.iter_mut().for_each(settle);
        if !self.paths.store.contains("://") {
            self.paths.store = format!("sqlite://{}", folder.join(&self.paths.store).display());
        }
    }
}

/// Says what the book is checked against of a policy.
fn claims<'p>(name: &'p str, policy: &Policy) -> PolicyClaims<'p> {
    let fee_from = policy.stages.iter().position(|stage| !stage.fee.is_zero());
    let law = policy.interest_claimed().map(|rule| rule.regime).filter(|regime| regime.is_between_businesses());
    PolicyClaims {
        name,
        business_interest: law.and_then(|regime| regime.legal_basis(Language::En)),
        fee_from: fee_from.map(|place| place + 1),
        lump_sum_from: policy.lump_sum.as_ref().filter(|sum| !sum.amount.is_zero()).map(|sum| sum.from_stage),
        first_after_days: policy.stages.first().map_or(0, |stage| stage.after_days),
    }
}
