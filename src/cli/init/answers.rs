//! What must be known before anything can be written: given as options, or asked for in a terminal.

use std::io::{IsTerminal as _, stdin};
use std::path::PathBuf;
use std::str::FromStr;

use chrono::NaiveDate;
use clap::Args;
use rust_decimal::Decimal;

use super::words::{self, Question, Wrong};
use crate::book::{in_german, vat_id_words};
use crate::cli::outcome::Failure;
use crate::cli::terminal::confirm;
use crate::invoice::turnover_year;
use crate::language::Language;
use crate::money::{Amount, Currency, NotAnAmount};
use crate::party::{Country, Email, one_line};
use crate::reference::{Iban, Series, VatId};

/// Make a configuration, a sample book and empty books in a folder.
#[derive(Debug, Args)]
pub struct InitOptions {
    /// The folder.
    #[arg(default_value = ".")]
    pub folder: PathBuf,
    /// The name of the business.
    #[arg(long)]
    name: Option<String>,
    /// Street and number.
    #[arg(long)]
    street: Option<String>,
    /// The postcode.
    #[arg(long)]
    postcode: Option<String>,
    /// The city.
    #[arg(long)]
    city: Option<String>,
    /// The country, two letters: DE, AT, CH.
    #[arg(long)]
    country: Option<String>,
    /// You bear no VAT as a small business (§ 19 UStG; § 6 (1) no. 27 UStG 1994 in Austria; not registered in Switzerland).
    #[arg(long)]
    small_business: bool,
    /// The VAT id, such as DE123456788.
    #[arg(long)]
    vat_id: Option<String>,
    /// The tax number, where there is no VAT id.
    #[arg(long)]
    tax_number: Option<String>,
    /// The turnover of last year in euro, which decides from when e-invoices are a duty in Germany (§ 27 (38) UStG).
    #[arg(long, value_name = "AMOUNT")]
    turnover: Option<String>,
    /// The e-mail address on invoices.
    #[arg(long)]
    email: Option<String>,
    /// Where summaries go; without it the address on invoices.
    #[arg(long)]
    owner_email: Option<String>,
    /// Your language: de or en; without it that of the environment (LC_ALL, LANG).
    #[arg(long)]
    language: Option<String>,
    /// The IBAN that customers pay to.
    #[arg(long)]
    iban: Option<String>,
    /// How invoice numbers look: RE-{year}-{seq:04}.
    #[arg(long, value_name = "PATTERN")]
    number_format: Option<String>,
    /// The first invoice number that settled gives this year, for those who move in during a year.
    #[arg(long, value_name = "NUMBER")]
    next_number: Option<i64>,
    /// Where the books lie, for PostgreSQL: postgres://user@host/database. Without it an SQLite file in the folder.
    #[arg(long, value_name = "ADDRESS")]
    pub store: Option<String>,
    /// The mail server; without it mails become files.
    #[arg(long)]
    mail_host: Option<String>,
    /// The user at the mail server.
    #[arg(long)]
    mail_user: Option<String>,
    /// Ask nothing: what is not given stays out.
    #[arg(long)]
    yes: bool,
}

/// What was answered, checked.
#[derive(Debug)]
pub struct Answers {
    pub name: String,
    pub street: String,
    pub postcode: String,
    pub city: String,
    pub country: Country,
    pub small_business: bool,
    pub vat_id: Option<String>,
    pub tax_number: Option<String>,
    /// The turnover of a calendar year.
    pub turnover: Option<(Decimal, i32)>,
    pub email: Email,
    pub owner_email: Email,
    /// The language of questions, files and summaries.
    pub language: Language,
    pub iban: Iban,
    pub number_format: Series,
    pub next_number: Option<i64>,
    pub mail_host: Option<String>,
    pub mail_user: Option<String>,
}

impl InitOptions {
    /// Returns the language to speak: the one that was named, else that of the environment.
    pub fn spoken(&self) -> Language {
        let named = self.language.as_deref().and_then(Language::by_tag);
        named.unwrap_or_else(|| {
            let variables = ["LC_ALL", "LC_MESSAGES", "LANG"].map(|name| std::env::var(name).unwrap_or_default());
            words::of_locale(variables.iter().map(String::as_str))
        })
    }
}

impl Answers {
    /// Takes the options, and asks for the rest where somebody can answer.
    pub fn of(options: &InitOptions, today: NaiveDate) -> Result<Answers, Failure> {
        let (language, year) = (options.spoken(), turnover_year(today));
        let desk = Desk { asks: !options.yes && stdin().is_terminal(), language, year };
        if let Some(tag) = options.language.as_ref().filter(|tag| Language::by_tag(tag).is_none()) {
            return Err(desk.wrong("--language", &Wrong::NoLanguage(tag.clone())));
        }
        let name = desk.need(words::NAME, &options.name, line)?;
        let street = desk.need(words::STREET, &options.street, line)?;
        let postcode = desk.need(words::POSTCODE, &options.postcode, line)?;
        let city = desk.need(words::CITY, &options.city, line)?;
        let country = desk.offer(words::COUNTRY, &options.country, "DE", country)?;
        let small_business =
            options.small_business || desk.asks && confirm(&words::small_business(country, language), language)?;
        let vat_id = desk.may(words::VAT_ID, &options.vat_id, |text| vat_id(text, country))?;
        let tax_number = match &vat_id {
            Some(_) if options.tax_number.is_none() => None,
            _ => desk.may(words::TAX_NUMBER, &options.tax_number, line)?,
        };
        let needs_number = !small_business || country == Country::DE;
        if needs_number && vat_id.is_none() && tax_number.is_none() {
            return Err(Failure::Usage(words::no_tax_number(language)));
        }
        let turnover = match (country == Country::DE && !small_business, &options.turnover) {
            (true, given) => desk.may(words::TURNOVER, given, turnover)?,
            (false, None) => None,
            (false, Some(_)) => return Err(Failure::Usage(words::idle_turnover(language))),
        };
        let email: Email = desk.need(words::EMAIL, &options.email, parsed)?;
        let owner_email = desk.offer(words::OWNER_EMAIL, &options.owner_email, email.as_str(), parsed)?;
        let iban = desk.need(words::IBAN, &options.iban, parsed)?;
        let number_format = desk.offer(words::NUMBER_FORMAT, &options.number_format, "RE-{year}-{seq:04}", parsed)?;
        let next_number = options.next_number.map(|next| next.to_string());
        let next_number = desk.may(words::NEXT_NUMBER, &next_number, number)?;
        let mail_host = desk.may(words::MAIL_HOST, &options.mail_host, line)?;
        let mail_user = match &mail_host {
            None => None,
            Some(_) => desk.may(words::MAIL_USER, &options.mail_user, line)?,
        };
        Ok(Answers {
            name,
            street,
            postcode,
            city,
            country,
            small_business,
            vat_id,
            tax_number,
            turnover: turnover.map(|amount| (amount, year)),
            email,
            owner_email,
            language,
            iban,
            number_format,
            next_number,
            mail_host,
            mail_user,
        })
    }

    /// Returns the currency of prices and account.
    pub fn currency(&self) -> Currency {
        match self.country.code() {
            "CH" | "LI" => Currency::CHF,
            _ => Currency::EUR,
        }
    }

    /// Returns whose public holidays count.
    pub fn holidays(&self) -> &str {
        match self.country.code() {
            code @ ("AT" | "CH") => code,
            _ => "DE",
        }
    }
}

/// Where questions are put, if somebody is there.
struct Desk {
    asks: bool,
    language: Language,
    /// The year whose turnover counts.
    year: i32,
}

impl Desk {
    /// What must be known.
    fn need<T>(
        &self,
        question: Question,
        given: &Option<String>,
        check: impl Fn(&str) -> Result<T, Wrong>,
    ) -> Result<T, Failure> {
        match given {
            Some(text) => check(text).map_err(|wrong| self.wrong(question.option, &wrong)),
            None if self.asks => self.ask(question, None, false, &check),
            None => Err(Failure::Usage(question.missing(self.language, self.year))),
        }
    }

    /// What has a good default.
    fn offer<T>(
        &self,
        question: Question,
        given: &Option<String>,
        default: &str,
        check: impl Fn(&str) -> Result<T, Wrong>,
    ) -> Result<T, Failure> {
        match given {
            None if self.asks => self.ask(question, Some(default), false, &check),
            given => check(given.as_deref().unwrap_or(default)).map_err(|wrong| self.wrong(question.option, &wrong)),
        }
    }

    /// What may stay out.
    fn may<T>(
        &self,
        question: Question,
        given: &Option<String>,
        check: impl Fn(&str) -> Result<T, Wrong>,
    ) -> Result<Option<T>, Failure> {
        let check = |text: &str| if text.trim().is_empty() { Ok(None) } else { check(text).map(Some) };
        match given {
            Some(text) => check(text).map_err(|wrong| self.wrong(question.option, &wrong)),
            None if self.asks => self.ask(question, None, true, &check),
            None => Ok(None),
        }
    }

    /// Asks until the answer is right.
    fn ask<T>(
        &self,
        question: Question,
        default: Option<&str>,
        may_be_empty: bool,
        check: &impl Fn(&str) -> Result<T, Wrong>,
    ) -> Result<T, Failure> {
        let check = |text: &str| check(text).map_err(|wrong| wrong.words(self.language));
        let prompt = question.words(self.language, self.year);
        let mut input = dialoguer::Input::<String>::new().with_prompt(prompt).allow_empty(may_be_empty);
        if let Some(default) = default {
            input = input.default(default.to_owned());
        }
        let input = input.validate_with(|text: &String| check(text).map(|_| ()));
        let text = input.interact_text().map_err(|error| Failure::World(error.to_string()))?;
        check(&text).map_err(Failure::Usage)
    }

    fn wrong(&self, option: &str, wrong: &Wrong) -> Failure {
        Failure::Usage(format!("{option}: {}.", wrong.words(self.language)))
    }
}

/// A line of text that says something.
fn line(text: &str) -> Result<String, Wrong> {
    let line = one_line(text);
    if line.is_empty() { Err(Wrong::Empty) } else { Ok(line) }
}

fn country(text: &str) -> Result<Country, Wrong> {
    parsed(&text.trim().to_uppercase())
}

/// A VAT id of a state whose ids are known; others are taken as they are.
fn vat_id(text: &str, country: Country) -> Result<String, Wrong> {
    let text = line(text)?;
    match text.parse::<VatId>() {
        Err(error) if country.is_in_eu() || country == Country::CH => {
            let (german, english) = vat_id_words(&text, &error);
            let [german, english] = [german, english].map(|words| words.trim_end_matches('.').to_owned());
            Err(Wrong::Said(german, english))
        }
        _ => Ok(text),
    }
}

fn number(text: &str) -> Result<i64, Wrong> {
    let wrong = || Wrong::NoNumber(text.to_owned());
    text.trim().parse().ok().filter(|number| *number > 0).ok_or_else(wrong)
}

fn turnover(text: &str) -> Result<Decimal, Wrong> {
    let said = |error: NotAnAmount| Wrong::Said(error.words(Language::GERMAN), error.words(Language::En));
    let amount = Amount::typed(text, Currency::EUR).map_err(said)?;
    if amount.is_negative() { Err(Wrong::LessThanNothing(text.to_owned())) } else { Ok(amount.decimal(Currency::EUR)) }
}

fn parsed<T: FromStr<Err: ToString>>(text: &str) -> Result<T, Wrong> {
    text.trim().parse().map_err(|error: T::Err| {
        let english = error.to_string();
        Wrong::Said(in_german(&english).unwrap_or_else(|| english.clone()), english)
    })
}
