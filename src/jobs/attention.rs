//! What else needs the owner, beside mail, payments and the bank: a doubtful clock, a missing base rate, a gap between statements, instalments
//! that were missed, refunds to be transferred, claims that expire.

use chrono::{Datelike, NaiveDate};
use serde_json::Value;

use super::compose::model;
use super::confirm_bank::contradicted;
use super::coverage::coverage;
use super::customer_case::accounts;
use super::office::{self, JobError, Office};
use super::pause;
use crate::dunning::MissingRate;
use crate::language::Language;
use crate::money::{Amount, Currency};
use crate::party::Country;
use crate::shell::config::Config;
use crate::shell::store::{AccountRow, Tx};
use crate::statement::chain::Gap;

/// How many names stand in a line.
const NAMED: usize = 8;

/// The month from which claims that expire at the end of the year are listed.
const OCTOBER: u32 = 10;

/// Something that needs the owner, in German and English, with what solves it.
pub struct Ask {
    /// In German.
    pub german: String,
    /// In English.
    pub english: String,
    /// The commands, or lines for the configuration.
    pub commands: Vec<String>,
}

/// Gathers it, the most urgent first.
///
/// # Errors
/// When the books fail.
pub async fn asks(
    office: &Office,
    tx: &mut Tx,
    today: NaiveDate,
    broken: &[(AccountRow, Gap)],
) -> Result<Vec<Ask>, JobError> {
    let mut asks = Vec::new();
    asks.extend(clock(office).await?);
    asks.extend(gaps(office, tx, broken).await?);
    asks.extend(missed(tx).await?);
    asks.extend(refunds(tx).await?);
    asks.extend(owed_credit(tx).await?);
    asks.extend(rates(&office.config, today));
    asks.extend(limitation(office, tx, today).await?);
    Ok(asks)
}

async fn clock(office: &Office) -> Result<Option<Ask>, JobError> {
    Ok(pause::doubt(office).await?.map(|why| Ask {
        german: format!("Nichts geht hinaus, bis Sie das Datum bestätigen: {why}"),
        english: format!("Nothing leaves until you confirm the date: {why}"),
        commands: vec!["settled resume clock".to_owned()],
    }))
}

/// Returns the accounts whose chain of statements has a gap, with the first one.
///
/// # Errors
/// When the books fail.
pub async fn broken(tx: &mut Tx) -> Result<Vec<(AccountRow, Gap)>, JobError> {
    let mut broken = Vec::new();
    for (account, _) in accounts(tx).await?.into_iter().filter(|(account, _)| account.gates_dunning) {
        let gaps = coverage(tx, account.id).await?.gaps;
        broken.extend(gaps.first().map(|gap| (account, *gap)));
    }
    Ok(broken)
}

/// Statements are missing in the middle of an account's chain: letters wait until they are there.
async fn gaps(office: &Office, tx: &mut Tx, broken: &[(AccountRow, Gap)]) -> Result<Vec<Ask>, JobError> {
    let mut asks = Vec::new();
    for (account, gap) in broken {
        let confirmed = contradicted(tx, account).await?;
        let void = confirmed.iter().filter(|c| c.by.is_some() && c.through > gap.after).map(|c| c.through).max();
        let currency: Currency = office::currency(&account.currency)?;
        let money = |amount: Amount, language| amount.with_currency(currency, language);
        let (name, inbox) = (&account.name, office.config.paths.inbox.display());
        let (de, en) = (Language::De, Language::En);
        asks.push(Ask {
            german: format!(
                "Konto {name}: zwischen dem {} ({}) und dem Auszug vom {} (beginnt mit {}) fehlen Auszüge; bis dahin wird nicht \
                 gemahnt. Legen Sie sie in {inbox}.{}",
                de.day(gap.after),
                money(gap.expected, de),
                de.day(gap.before),
                money(gap.found, de),
                void.map_or_else(String::new, |day| format!(
                    " Dass bis {} nichts gebucht wurde, wie Sie bestätigt haben, widerlegt die Bank.",
                    de.day(day)
                ))
            ),
            english: format!(
                "Account {name}: statements are missing between {} ({}) and the one of {} (it begins with {}); until then no \
                 letters leave. Drop them into {inbox}.{}",
                en.day(gap.after),
                money(gap.expected, en),
                en.day(gap.before),
                money(gap.found, en),
                void.map_or_else(String::new, |day| format!(
                    " You confirmed that nothing was booked through {}; the bank says otherwise.",
                    en.day(day)
                ))
            ),
            commands: vec!["settled bank list".to_owned(), "settled bank import FILE".to_owned()],
        });
    }
    Ok(asks)
}

/// Payment plans that a missed instalment has ended, until the owner has answered.
async fn missed(tx: &mut Tx) -> Result<Vec<Ask>, JobError> {
    let mut asks = Vec::new();
    for (number, name, facts) in tx.missed_plans().await? {
        let facts: Value = serde_json::from_str(&facts).map_err(JobError::model(format!("the plan of {number}")))?;
        let missed = &facts["missed"];
        let text = |key: &str| missed[key].as_str().unwrap_or_default();
        let currency: Currency = office::currency(text("currency"))?;
        let amount = Amount::parse(text("amount"), currency).unwrap_or_default();
        let day: NaiveDate = text("due_on").parse().map_err(|_| JobError::damaged(format!("the plan of {number}")))?;
        let (de, en) = (Language::De, Language::En);
        asks.push(Ask {
            german: format!(
                "{name} hat die Rate von {} zum {} nicht bezahlt ({number}): der Ratenplan ist beendet, es wird wieder gemahnt.",
                amount.with_currency(currency, de),
                de.day(day)
            ),
            english: format!(
                "{name} has not paid the instalment of {} by {} ({number}): the plan is over, letters go out again.",
                amount.with_currency(currency, en),
                en.day(day)
            ),
            commands: vec![format!("settled release {number}"), format!("settled hold {number} --reason \"…\"")],
        });
    }
    Ok(asks)
}

/// Refunds that the owner drew and the bank has not shown yet.
async fn refunds(tx: &mut Tx) -> Result<Vec<Ask>, JobError> {
    let mut asks = Vec::new();
    for row in tx.open_refunds().await? {
        let (currency, amount) = (office::currency(&row.currency)?, Amount::from_minor(-row.open_principal));
        asks.push(Ask {
            german: format!(
                "Die Erstattung {} über {} an {} ist noch nicht überwiesen; geben Sie ihre Nummer als Verwendungszweck an.",
                row.number,
                amount.with_currency(currency, Language::De),
                row.customer_name
            ),
            english: format!(
                "The refund {} of {} to {} has not been transferred yet; quote its number in the transfer.",
                row.number,
                amount.with_currency(currency, Language::En),
                row.customer_name
            ),
            commands: vec![format!("settled refund {} --withdraw", row.number)],
        });
    }
    Ok(asks)
}

/// Customers who owe what was credited to them: the payment that it came from is gone, the credit was paid out.
async fn owed_credit(tx: &mut Tx) -> Result<Vec<Ask>, JobError> {
    let mut asks = Vec::new();
    for (number, name, currency, credit) in tx.all_credit().await? {
        let (currency, owed) = (office::currency(&currency)?, -Amount::from_minor(credit));
        if owed.is_positive() {
            asks.push(Ask {
                german: format!(
                    "{name} ({number}) wurden {} zu viel erstattet: die Zahlung, aus der das Guthaben kam, ist zurückgenommen. \
                     Das nächste Guthaben gleicht es aus; gemahnt wird dafür nicht.",
                    owed.with_currency(currency, Language::De)
                ),
                english: format!(
                    "{name} ({number}) was paid out {} too much: the payment that the credit came from was taken back. The next \
                     credit makes up for it; no letter asks for it.",
                    owed.with_currency(currency, Language::En)
                ),
                commands: vec![format!("settled why {number}")],
            });
        }
    }
    Ok(asks)
}

/// A base rate is missing that a policy in use needs: letters carry no interest (N15).
fn rates(config: &Config, today: NaiveDate) -> Option<Ask> {
    let missing = missing_rates(config, today);
    let first = missing.first()?.from;
    let (de, en) = (Language::De.day(first), Language::En.day(first));
    Some(Ask {
        german: format!(
            "Der Basiszinssatz ab {de} ist nicht bekannt: Mahnungen enthalten keine Zinsen. Tragen Sie ihn in settled.toml ein:"
        ),
        english: format!("The base rate from {en} on is not known: letters carry no interest. Add it to settled.toml:"),
        commands: missing.iter().flat_map(MissingRate::lines).collect(),
    })
}

/// Returns the half-years whose base rate a policy in use needs and that are not known.
pub fn missing_rates(config: &Config, today: NaiveDate) -> Vec<MissingRate> {
    let rates = config.base_rates();
    let rules = config.dunning.in_use().filter(|policy| policy.stages.iter().any(|stage| stage.interest));
    let mut missing: Vec<MissingRate> =
        rules.filter_map(|policy| policy.interest.as_ref()).flat_map(|rule| rates.missing(rule, today)).collect();
    missing.sort_unstable();
    missing.dedup();
    missing
}

/// Claims that expire at the end of the year, from October on: three years after the end of the year in which they arose (§§ 195, 199
/// BGB). A claim may arise with the service, before the invoice: the earlier of both counts here.
async fn limitation(office: &Office, tx: &mut Tx, today: NaiveDate) -> Result<Option<Ask>, JobError> {
    if today.month() < OCTOBER || office.config.business.address.country != Country::DE {
        return Ok(None);
    }
    let arose = today.year() - 3;
    let mut expiring = Vec::new();
    for row in tx.open_invoices().await? {
        if row.open_principal <= 0 || !(arose..=arose + 1).contains(&row.issued_on.year()) {
            continue;
        }
        let service_through = model(tx, row.id).await?.service_through;
        if service_through.min(row.issued_on).year() == arose {
            let open = Amount::from_minor(row.open_principal);
            let currency: Currency = office::currency(&row.currency)?;
            expiring.push(format!("{} ({} {})", row.number, open.plain(currency), currency));
        }
    }
    if expiring.is_empty() {
        return Ok(None);
    }
    let (year, n, names) = (today.year(), expiring.len(), named(&expiring));
    Ok(Some(Ask {
        german: format!(
            "Mit dem 31.12.{year} {} verjähren (§§ 195, 199 BGB): {names}. Eine Mahnung hält das nicht auf; ein \
             Mahnbescheid oder ein Anerkenntnis schon.",
            if n == 1 { "kann 1 Forderung".to_owned() } else { format!("können {n} Forderungen") }
        ),
        english: format!(
            "{} may expire at the end of 31 Dec {year} (§§ 195, 199 BGB): {names}. A dunning letter does not stop that; a court \
             order for payment or an acknowledgement does.",
            if n == 1 { "1 claim".to_owned() } else { format!("{n} claims") }
        ),
        commands: expiring
            .iter()
            .take(3)
            .filter_map(|text| Some(format!("settled why {}", text.split(' ').next()?)))
            .collect(),
    }))
}

/// The first of some names, and how many more there are.
fn named(names: &[String]) -> String {
    let shown = names.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
    if names.len() > NAMED { format!("{shown}, … +{}", names.len() - NAMED) } else { shown }
}
