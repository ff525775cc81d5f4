//! The configuration: `settled.toml`, read strictly, layered defaults < file < environment.
//!
//! The file is parsed once by `toml`, which knows line and column of a mistake, and then layered by `config` with variables such
//! as `SETTLED__MAIL__PORT=587`. Secrets are never in it: they come from a credential of systemd or a file of their own.

mod bank;
mod business;
mod dunning;
mod mail;
mod schedule;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

pub use self::bank::{AccountSettings, BalanceCheck, Bank, BankRule, Matching};
pub use self::business::{Business, Numbering, Owner, SeriesSettings};
use self::business::{beside_shipped, shipped_series};
pub use self::dunning::{BaseRateLines, DunningSettings};
pub use self::mail::{Encryption, MailSettings, Transport};
pub use self::schedule::{Schedules, SendWindow};
use crate::book::{CheckContext, Mistake, PolicyClaims, from_toml, text_of};
use crate::calendar::{BusinessDays, date};
use crate::dunning::{BaseRates, Policy};
use crate::invoice::{AccountOfDay, Document, OwnAccount, PayTo, QrAccount, Terms};
use crate::language::Language;
use crate::matching::Rule;
use crate::money::{Amount, Currency};
use crate::party::Country;
use crate::reference::{Series, VatId};

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

/// The most business days that bank data may be behind: about sixty days, after which a clock is doubted (fault 9).
const MOST_STALE: u32 = 40;

/// A configuration, with where it comes from.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The settings, all paths absolute.
    pub config: Config,
    /// The file, absolute.
    pub file: PathBuf,
    /// The text in force: the file's, and what the environment changes.
    pub text: String,
}

/// Why there is no configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error(
        "the configuration {} cannot be read: {cause}\nName it with --config FILE or SETTLED_CONFIG=FILE, or make one: settled init DIR",
        file.display()
    )]
    Unreadable {
        /// Which file.
        file: PathBuf,
        /// Why.
        cause: std::io::Error,
    },
    /// The file has mistakes.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Mistakes(Vec<Mistake>),
    /// A variable of the environment does not fit.
    #[error(
        "the environment does not fit the configuration: {0}\nVariables are named like the keys: SETTLED__MAIL__PORT=587."
    )]
    Environment(String),
}

/// Loads a configuration.
///
/// # Errors
/// When the file cannot be read or has mistakes, or a variable does not fit.
pub fn load(file: &Path) -> Result<Loaded, ConfigError> {
    let bytes = fs::read(file).map_err(|cause| ConfigError::Unreadable { file: file.to_owned(), cause })?;
    let text = text_of(&file.display().to_string(), bytes).map_err(|mistake| ConfigError::Mistakes(vec![*mistake]))?;
    let variables: BTreeMap<String, String> =
        std::env::vars().filter(|(name, _)| name.starts_with("SETTLED__")).collect();
    load_with(file, &text, &variables)
}

/// Loads a configuration from its text and variables.
///
/// # Errors
/// When the text has mistakes, or a variable does not fit.
pub fn load_with(file: &Path, text: &str, variables: &BTreeMap<String, String>) -> Result<Loaded, ConfigError> {
    let name = file.display().to_string();
    let strict: Config =
        toml::from_str(text).map_err(|error| ConfigError::Mistakes(vec![from_toml(&name, text, &error)]))?;
    let mut config = if variables.is_empty() { strict } else { layered(text, variables)? };
    let mistakes = config.check(&name, text);
    if !mistakes.is_empty() {
        return Err(ConfigError::Mistakes(mistakes));
    }
    let file = std::path::absolute(file).map_err(|cause| ConfigError::Unreadable { file: file.to_owned(), cause })?;
    config.settle_paths(file.parent().unwrap_or(&file));
    let mut in_force = text.to_owned();
    for (name, value) in variables {
        in_force.push_str(&format!("\n# {name}={value}"));
    }
    Ok(Loaded { config, file, text: in_force })
}

/// Lays the environment over the file.
fn layered(text: &str, variables: &BTreeMap<String, String>) -> Result<Config, ConfigError> {
    let environment = config::Environment::with_prefix("SETTLED")
        .prefix_separator("__")
        .separator("__")
        // Guessing would turn "00123" into 123.
        .try_parsing(false)
        .source(Some(variables.iter().map(|(name, value)| (name.clone(), value.clone())).collect()));
    config::Config::builder()
        .add_source(config::File::from_str(text, config::FileFormat::Toml))
        .add_source(environment)
        .build()
        .and_then(config::Config::try_deserialize)
        .map_err(|error| ConfigError::Environment(error.to_string()))
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

    fn own_account(&self, account: &AccountSettings) -> OwnAccount {
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
            policies: self.dunning.policy.iter().map(|(name, policy)| claims(name, policy)).collect(),
            default_policies: [&self.dunning.business, &self.dunning.consumer],
            currencies,
            currency: self.business.currency,
            address: self.business.address.clone(),
            small_business: self.business.small_business,
            has_vat_id: self.business.vat_id.is_some(),
        }
    }

    /// Checks what the types cannot say.
    fn check(&self, file: &str, text: &str) -> Vec<Mistake> {
        let mut found = Vec::new();
        let mut wrong = |path: &[&str], what: String, advice: &str| {
            found.push(Mistake::in_file(file, what).at_key(text, path).advice(advice));
        };
        if self.bank_accounts.is_empty() {
            wrong(
                &["business"],
                "there is no bank account.".to_owned(),
                "Add `[[bank_account]]` with `name` and `iban`.",
            );
        }
        let country = self.business.address.country;
        // In Austria and Switzerland who bears no VAT has no such number to show (§ 11 (1) no. 3 UStG 1994, Art. 26 (2) MWSTG).
        let needs_number = !self.business.small_business || country == Country::DE;
        if needs_number && self.business.vat_id.is_none() && self.business.tax_number.is_none() {
            wrong(&["business", "name"], "the business has neither `vat_id` nor `tax_number`; an invoice needs one of both (§ 14 (4) no. 2 UStG).".to_owned(), "Add one.");
        }
        if let Some(error) = self.business.vat_id.as_ref().and_then(|id| id.parse::<VatId>().err())
            && (country.is_in_eu() || country == Country::CH)
        {
            wrong(
                &["business", "vat_id"],
                format!("{error}."),
                "Write it as the tax office did; a number that is none is `tax_number`.",
            );
        }
        for (place, account) in self.bank_accounts.iter().enumerate() {
            let place = place.to_string();
            if self.bank_accounts.iter().filter(|other| other.name == account.name).count() > 1 {
                wrong(
                    &["bank_account", &place, "name"],
                    format!("two bank accounts are named `{}`.", account.name),
                    "Give each a name of its own.",
                );
            }
            if account.holder.as_ref().is_some_and(|holder| holder.trim().is_empty() || holder.chars().count() > 70) {
                wrong(
                    &["bank_account", &place, "holder"],
                    "`holder` is empty or has more than 70 characters.".to_owned(),
                    "Write the account's holder to the letter as the bank has it, or leave it out where it is the business's name.",
                );
            }
            if let Some(iban) = account.qr_iban.as_ref().filter(|iban| !iban.is_qr()) {
                wrong(
                    &["bank_account", &place, "qr_iban"],
                    format!("`{}` is no QR-IBAN: its bank number is not between 30000 and 31999.", iban.grouped()),
                    "Take the QR-IBAN from your bank's QR-bill data; without one leave it out, invoices have a creditor reference then.",
                );
            }
            let digits = |prefix: &&String| prefix.len() <= 12 && prefix.bytes().all(|b| b.is_ascii_digit());
            if let Some(prefix) = &account.qr_prefix {
                if account.qr_iban.is_none() {
                    wrong(
                        &["bank_account", &place, "qr_prefix"],
                        "`qr_prefix` has no effect without `qr_iban`.".to_owned(),
                        "Add the account's `qr_iban`, or leave it out.",
                    );
                } else if !digits(&prefix) {
                    wrong(
                        &["bank_account", &place, "qr_prefix"],
                        format!("`{prefix}` is not a number of at most 12 digits."),
                        "Write the digits that your bank wants each QR reference to begin with.",
                    );
                }
            }
            let of_qr =
                self.own_account(account).qr.map(|qr| qr.reference(&self.numbering["invoice"].series.largest()));
            if of_qr == Some(None) && account.qr_prefix.as_ref().is_none_or(|prefix| digits(&prefix)) {
                wrong(
                    &["bank_account", &place, "qr_iban"],
                    format!(
                        "the numbers of invoices, `{}`, do not fit into a QR reference beside the bank's digits.",
                        self.numbering["invoice"].series.pattern()
                    ),
                    "Choose a shorter `numbering.invoice.series`, with at least one digit.",
                );
            }
        }
        for (place, rule) in self.bank.rules.iter().enumerate() {
            let place = place.to_string();
            if self.bank.rules.iter().filter(|other| other.name == rule.name).count() > 1 {
                wrong(
                    &["bank", "rule", &place, "name"],
                    format!("two bank rules are named `{}`.", rule.name),
                    "Give each a name of its own.",
                );
            }
            let says =
                |words: &Option<String>| words.as_ref().is_some_and(|words| words.chars().any(char::is_alphanumeric));
            let empty = [&rule.party, &rule.text, &rule.code].into_iter().any(|words| words.is_some() && !says(words));
            if empty || rule.iban.is_none() && ![&rule.party, &rule.text, &rule.code].into_iter().any(says) {
                wrong(
                    &["bank", "rule", &place, "name"],
                    format!("the bank rule `{}` would catch every payment.", rule.name),
                    "Say what it is about: `iban`, `party`, `text` or `code`, none of them empty.",
                );
            }
        }
        for (key, value) in [
            ("rounding_tolerance", self.matching.rounding_tolerance),
            ("bank_fee_tolerance", self.matching.bank_fee_tolerance),
            ("writeoff_below", self.matching.writeoff_below),
            ("waive_below", self.matching.waive_below),
        ] {
            if Amount::rounded(value, self.business.currency).is_err() {
                wrong(&["matching", key], format!("`{key}` is too large."), "Write a few units, such as \"0.02\".");
            }
            if value.is_sign_negative() && !value.is_zero() {
                wrong(&["matching", key], format!("`{key}` is less than nothing."), "Write \"0\" or more.");
            }
        }
        let here = |currency| self.bank_accounts.iter().any(|account| account.currency == currency && account.printed);
        if !self.bank_accounts.is_empty() && !here(self.business.currency) {
            wrong(
                &["business", "name"],
                format!("no bank account in {} is printed on invoices.", self.business.currency),
                "Add one, or change `business.currency`.",
            );
        }
        for (name, policy) in &self.dunning.policy {
            for (place, stage) in policy.stages.iter().enumerate() {
                let place = place.to_string();
                if stage.interest && policy.interest.is_none() {
                    wrong(
                        &["dunning", "policy", name, "stages", &place],
                        format!(
                            "the stage `{}` claims interest, but the policy `{name}` has no `interest`.",
                            stage.name
                        ),
                        "Add `interest = { regime = \"DE_B2B\" }`, or leave out `interest = true`.",
                    );
                }
            }
            if policy.bank_max_age_business_days > MOST_STALE {
                wrong(
                    &["dunning", "policy", name, "bank_max_age_business_days"],
                    format!(
                        "letters would leave although the statements are more than {MOST_STALE} business days old."
                    ),
                    "Write `bank_max_age_business_days = 2`, or a little more where your bank is slow.",
                );
            }
            if policy.notice_days_before == Some(0) {
                wrong(
                    &["dunning", "policy", name, "notice_days_before"],
                    "a notice on the due date itself comes too late.".to_owned(),
                    "Write `notice_days_before = 3`, or leave it out: then no notice leaves.",
                );
            }
            if policy.send_weekdays.is_empty() || policy.send_weekdays.iter().any(|day| !(1..=7).contains(day)) {
                wrong(
                    &["dunning", "policy", name, "send_weekdays"],
                    "`send_weekdays` are numbers from 1 (Monday) to 7 (Sunday), one at least.".to_owned(),
                    "Write `send_weekdays = [1, 2, 3, 4, 5]`.",
                );
            }
        }
        for (key, name) in [("business", &self.dunning.business), ("consumer", &self.dunning.consumer)] {
            if !self.dunning.policy.contains_key(name) {
                wrong(
                    &["dunning", key],
                    format!("there is no dunning policy `{name}`."),
                    "Add it as a table `[dunning.policy.NAME]`.",
                );
            }
        }
        if self.schedule.send_from >= self.schedule.send_until {
            wrong(
                &["schedule", "send_from"],
                "the sending window ends before it begins.".to_owned(),
                "Write `send_from = \"09:00\"` and `send_until = \"17:00\"`.",
            );
        }
        if self.mail.transport == Transport::Smtp {
            if self.mail.host.is_none() {
                wrong(
                    &["mail", "transport"],
                    "mail by SMTP needs a server.".to_owned(),
                    "Add `host = \"smtp.example.com\"`.",
                );
            }
            if self.mail.user.is_some() && self.mail.password_file.is_none() && self.mail.password_credential.is_none()
            {
                wrong(
                    &["mail", "user"],
                    "the mail user has no password.".to_owned(),
                    "Add `password_file`, or `password_credential` with the name of a credential of systemd.",
                );
            }
        }
        let mut prefixes: Vec<String> =
            self.numbering.values().map(|series| series.series.pattern().to_owned()).collect();
        prefixes.sort_unstable();
        if prefixes.windows(2).any(|pair| pair[0] == pair[1]) {
            wrong(
                &["numbering"],
                "two series have the same pattern, so their numbers would collide.".to_owned(),
                "Give each a prefix of its own.",
            );
        }
        found
    }

    /// Makes all paths absolute.
    fn settle_paths(&mut self, folder: &Path) {
        let settle = |path: &mut PathBuf| *path = folder.join(&*path);
        settle(&mut self.paths.book);
        settle(&mut self.paths.templates);
        settle(&mut self.paths.inbox);
        settle(&mut self.paths.print);
        settle(&mut self.paths.issue_journal);
        settle(&mut self.mail.folder);
        self.mail.password_file.iter_mut().for_each(settle);
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
