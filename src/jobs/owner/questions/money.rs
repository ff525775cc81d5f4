//! Questions about money: undecided payments, the last stage, refunds, credit, limitation.

use chrono::{Datelike as _, NaiveDate};

use super::asking::{Ask, Asking, NAMED, OCTOBER};
use crate::fact::{ActFact, Fact as _};
use crate::jobs::office;
use crate::jobs::office::Office;
use crate::jobs::office::error::JobError;
use crate::jobs::owner::undecided::{described, proposals};
use crate::jobs::records::document::model;
use crate::jobs::records::payment::verdict_of;
use crate::language::Language;
use crate::money::{Amount, Currency};
use crate::party::Country;
use crate::shell::store::Tx;

/// Payment plans that a missed instalment has ended, until the owner has answered.
pub(super) async fn missed(tx: &mut Tx) -> Result<Vec<Ask>, JobError> {
    let mut asks = Vec::new();
    for (number, name, act) in tx.missed_plans().await? {
        let act = ActFact::read(&act).map_err(JobError::model(format!("the plan of {number}")))?;
        let ActFact::InstalmentMissed { due_on: day, amount, currency } = act else { continue };
        let amount = Amount::exact(amount, currency);
        let amount = amount.map_err(|error| JobError::damaged(format!("the plan of {number}: {error}")))?;
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
pub(super) async fn refunds(tx: &mut Tx) -> Result<Vec<Ask>, JobError> {
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
pub(super) async fn owed_credit(tx: &mut Tx) -> Result<Vec<Ask>, JobError> {
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

/// Claims that expire at the end of the year, from October on: three years after the end of the year in which they arose (§§ 195, 199
/// BGB). A claim may arise with the service, before the invoice: the earlier of both counts here.
pub(super) async fn limitation(office: &Office, tx: &mut Tx, today: NaiveDate) -> Result<Option<Ask>, JobError> {
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

impl Asking<'_> {
    /// Undecided payments; those that hold nobody's letters first, for nothing else reminds of them.
    pub(super) async fn payments(&mut self, tx: &mut Tx) -> Result<(), JobError> {
        let mut payments = Vec::new();
        for line in tx.payment_lines(true).await? {
            let verdict = verdict_of(tx, line.id).await?;
            let holds = verdict.as_ref().is_some_and(|verdict| !verdict.concerns.is_empty());
            payments.push((holds, line, verdict));
        }
        payments.sort_by_key(|(holds, line, _)| (*holds, line.id));
        for (_, line, verdict) in payments {
            let commands = proposals(tx, &line, verdict.as_ref()).await?;
            let (german, english) = described(&line, verdict.as_ref())?;
            self.ask(german, english, commands);
        }
        Ok(())
    }

    pub(super) async fn last_stage(&mut self, tx: &mut Tx) -> Result<(), JobError> {
        for row in tx.standing("last_stage").await? {
            let currency: Currency =
                row.currency.parse().map_err(|_| JobError::damaged(format!("the currency of {}", row.number)))?;
            let open = Amount::from_minor(row.open_principal);
            let (number, name) = (&row.number, &row.customer_name);
            self.ask(
                format!("{name} hat nach der letzten Mahnung nicht bezahlt: {number}, offen {}. Mehr schreibt settled nicht; jetzt sind Sie dran.", open.with_currency(currency, Language::De)),
                format!("{name} has not paid after the last letter: {number}, open {}. settled writes no more; it is your turn.", open.with_currency(currency, Language::En)),
                vec![format!("settled handover {number}"), format!("settled hold {number} --reason \"…\"")],
            );
        }
        Ok(())
    }
}
