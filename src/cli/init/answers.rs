//! What must be known before anything can be written: given as options, or asked for in a terminal.

use std::io::{IsTerminal as _, stdin};
use std::path::PathBuf;
use std::str::FromStr;

use chrono::NaiveDate;
use clap::Args;
use rust_decimal::Decimal;

use crate::cli::outcome::Failure;
use crate::cli::terminal::confirm;
use crate::invoice::turnover_year;
use crate::items::small_business_law;
use crate::language::Language;
use crate::money::{Amount, Currency};
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
    /// The language of summaries: de or en.
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
    pub language: Language,
    pub iban: Iban,
    pub number_format: Series,
    pub next_number: Option<i64>,
    pub mail_host: Option<String>,
    pub mail_user: Option<String>,
}

impl Answers {
    /// Takes the options, and asks for the rest where somebody can answer.
    pub fn of(options: &InitOptions, today: NaiveDate) -> Result<Answers, Failure> {
        let desk = Desk { asks: !options.yes && stdin().is_terminal() };
        let name = desk.need("--name", &options.name, "Name of the business, as it stands on invoices", line)?;
        let street = desk.need("--street", &options.street, "Street and number", line)?;
        let postcode = desk.need("--postcode", &options.postcode, "Postcode", line)?;
        let city = desk.need("--city", &options.city, "City", line)?;
        let country = desk.offer("--country", &options.country, "Country, two letters", "DE", country)?;
        let law = small_business_law(country);
        let small_business = options.small_business
            || desk.asks && confirm(&format!("Small business without VAT ({law})?"), Language::En)?;
        let vat_id = desk.may("--vat-id", &options.vat_id, "VAT id (empty: none)", |text| vat_id(text, country))?;
        let tax_number = match &vat_id {
            Some(_) if options.tax_number.is_none() => None,
            _ => desk.may("--tax-number", &options.tax_number, "Tax number", line)?,
        };
        let needs_number = !small_business || country == Country::DE;
        if needs_number && vat_id.is_none() && tax_number.is_none() {
            return Err(Failure::Usage(
                "An invoice needs a VAT id or a tax number (§ 14 (4) no. 2 UStG): say --vat-id DE123456788 or --tax-number 30/123/45678."
                    .to_owned(),
            ));
        }
        let year = turnover_year(today);
        let asked =
            format!("Turnover in {year} in euro; up to 800,000 e-invoices are a duty later (empty: say it later)");
        let turnover = match (country == Country::DE && !small_business, &options.turnover) {
            (true, given) => desk.may("--turnover", given, &asked, turnover)?,
            (false, None) => None,
            (false, Some(_)) => {
                return Err(Failure::Usage(
                    "--turnover decides nothing here: only businesses in Germany that charge VAT must issue e-invoices."
                        .to_owned(),
                ));
            }
        };
        let email = desk.need("--email", &options.email, "E-mail address on invoices, where customers ask", parsed)?;
        let email: Email = email;
        let owner_email = desk.offer(
            "--owner-email",
            &options.owner_email,
            "Your own address, for summaries",
            email.as_str(),
            parsed,
        )?;
        let iban = desk.need("--iban", &options.iban, "IBAN that customers pay to", parsed)?;
        let number_format = desk.offer(
            "--number-format",
            &options.number_format,
            "How invoice numbers look",
            "RE-{year}-{seq:04}",
            parsed,
        )?;
        let next_number = match options.next_number {
            Some(next) => Some(positive(next)?),
            None => desk.may("--next-number", &None, "Next invoice number of this year (empty: 1)", number)?,
        };
        let mail_host =
            desk.may("--mail-host", &options.mail_host, "Mail server (empty: mails become files for now)", line)?;
        let mail_user = match &mail_host {
            None => None,
            Some(_) => desk.may("--mail-user", &options.mail_user, "User at the mail server (empty: none)", line)?,
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
            language: options
                .language
                .as_deref()
                .map(language)
                .transpose()
                .map_err(wrong("--language"))?
                .unwrap_or_default(),
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
}

impl Desk {
    /// What must be known.
    fn need<T>(
        &self,
        option: &'static str,
        given: &Option<String>,
        question: &str,
        check: impl Fn(&str) -> Result<T, String>,
    ) -> Result<T, Failure> {
        match given {
            Some(text) => check(text).map_err(wrong(option)),
            None if self.asks => ask(question, None, false, &check),
            None => Err(Failure::Usage(format!("{option} is missing ({question}); nobody can be asked here."))),
        }
    }

    /// What has a good default.
    fn offer<T>(
        &self,
        option: &'static str,
        given: &Option<String>,
        question: &str,
        default: &str,
        check: impl Fn(&str) -> Result<T, String>,
    ) -> Result<T, Failure> {
        match given {
            None if self.asks => ask(question, Some(default), false, &check),
            given => check(given.as_deref().unwrap_or(default)).map_err(wrong(option)),
        }
    }

    /// What may stay out.
    fn may<T>(
        &self,
        option: &'static str,
        given: &Option<String>,
        question: &str,
        check: impl Fn(&str) -> Result<T, String>,
    ) -> Result<Option<T>, Failure> {
        let check = |text: &str| if text.trim().is_empty() { Ok(None) } else { check(text).map(Some) };
        match given {
            Some(text) => check(text).map_err(wrong(option)),
            None if self.asks => ask(question, None, true, &check),
            None => Ok(None),
        }
    }
}

/// Asks until the answer is right.
fn ask<T>(
    question: &str,
    default: Option<&str>,
    may_be_empty: bool,
    check: &impl Fn(&str) -> Result<T, String>,
) -> Result<T, Failure> {
    let mut input = dialoguer::Input::<String>::new().with_prompt(question).allow_empty(may_be_empty);
    if let Some(default) = default {
        input = input.default(default.to_owned());
    }
    let input = input.validate_with(|text: &String| check(text).map(|_| ()));
    let text = input.interact_text().map_err(|error| Failure::World(error.to_string()))?;
    check(&text).map_err(Failure::Usage)
}

fn wrong(option: &'static str) -> impl FnOnce(String) -> Failure {
    move |words| Failure::Usage(format!("{option}: {words}."))
}

/// A line of text that says something.
fn line(text: &str) -> Result<String, String> {
    let line = one_line(text);
    if line.is_empty() { Err("it is empty".to_owned()) } else { Ok(line) }
}

fn country(text: &str) -> Result<Country, String> {
    parsed(&text.trim().to_uppercase())
}

/// A VAT id of a state whose ids are known; others are taken as they are.
fn vat_id(text: &str, country: Country) -> Result<String, String> {
    let text = line(text)?;
    match text.parse::<VatId>() {
        Err(error) if country.is_in_eu() || country == Country::CH => Err(error.to_string()),
        _ => Ok(text),
    }
}

fn language(text: &str) -> Result<Language, String> {
    Language::by_tag(text).ok_or_else(|| format!("`{text}` is none of {}", Language::ALL.map(Language::tag).join(", ")))
}

fn number(text: &str) -> Result<i64, String> {
    let wrong = || format!("`{text}` is not a number such as 184");
    text.trim().parse().ok().filter(|number| *number > 0).ok_or_else(wrong)
}

fn turnover(text: &str) -> Result<Decimal, String> {
    let amount = Amount::typed(text, Currency::EUR).map_err(|error| error.to_string())?;
    if amount.is_negative() { Err(format!("`{text}` is less than nothing")) } else { Ok(amount.decimal(Currency::EUR)) }
}

fn positive(next: i64) -> Result<i64, Failure> {
    number(&next.to_string()).map_err(wrong("--next-number"))
}

fn parsed<T: FromStr<Err: ToString>>(text: &str) -> Result<T, String> {
    text.trim().parse().map_err(|error: T::Err| error.to_string())
}
