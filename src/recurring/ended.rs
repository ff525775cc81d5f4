//! What was invoiced of a contract after its end: it ended inside a period, or before one, that was invoiced already.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::contract::Contract;
use super::rhythm::Proration;
use crate::money::{Amount, Currency, round_to};

/// A period that was invoiced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invoiced {
    /// The invoice's number.
    pub number: String,
    /// The first day of service.
    pub starts_on: NaiveDate,
    /// The last day of service.
    pub ends_on: NaiveDate,
    /// What it was over.
    pub gross: Amount,
    /// Its currency.
    pub currency: Currency,
}

/// What of an invoice lies after the end of its contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AfterEnd {
    /// The invoice.
    pub invoice: Invoiced,
    /// The contract's last day of service.
    pub last_day: NaiveDate,
    /// How many days of the period come after it.
    pub days: i64,
    /// Days of the whole period.
    pub of_days: i64,
    /// What these days cost (rule R7): nothing where the contract charges a period that is cut in full.
    pub amount: Amount,
}

/// Finds what of the invoiced periods lies after the end of a contract.
pub fn after_end(contract: &Contract, invoiced: &[Invoiced]) -> Vec<AfterEnd> {
    let Some(last_day) = contract.last_day() else { return Vec::new() };
    let too_long = invoiced.iter().filter(|invoice| invoice.ends_on > last_day);
    let part = |invoice: &Invoiced| {
        let of_days = (invoice.ends_on - invoice.starts_on).num_days() + 1;
        let days = (invoice.ends_on - last_day).num_days().min(of_days);
        let amount = match contract.proration {
            Proration::Daily => share(invoice.gross, days, of_days),
            Proration::None if days == of_days => invoice.gross,
            Proration::None => Amount::ZERO,
        };
        AfterEnd { invoice: invoice.clone(), last_day, days, of_days, amount }
    };
    too_long.map(part).collect()
}

fn share(gross: Amount, days: i64, of_days: i64) -> Amount {
    let part = round_to(Decimal::from(gross.minor()) * Decimal::from(days) / Decimal::from(of_days), 0);
    Amount::from_minor(i64::try_from(part.mantissa()).expect("less than the whole"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// The finding: a year over 1,428.00 that ends in June.
    #[test]
    fn days_after_the_end_are_named_with_what_they_cost() {
        let invoice = Invoiced {
            number: "RE-1".into(),
            starts_on: day("2026-01-01"),
            ends_on: day("2026-12-31"),
            gross: Amount::from_minor(142_800),
            currency: Currency::EUR,
        };
        let table = [
            ("end = { until = 2026-06-30 }\nproration = \"daily\"", Some((184, "719.87"))),
            ("end = { until = 2026-06-30 }", Some((184, "0.00"))),
            ("end = { until = 2025-12-31 }", Some((365, "1428.00"))),
            ("end = { until = 2026-12-31 }\nproration = \"daily\"", None),
            ("end = { until = 2027-06-30 }\nproration = \"daily\"", None),
            ("end = { count = 1 }", None),
            (
                "end = { notice = { received = 2026-05-30, period = \"month\", effective = \"exact\" } }\nproration = \"daily\"",
                Some((184, "719.87")),
            ),
            ("end = { notice = { received = 2026-05-30, period = \"month\" } }", None),
            ("", None),
        ];
        for (end, expected) in table {
            let contract: Contract = toml::from_str(&format!(
                "number = \"V-1\"\ncustomer = \"K-1\"\nstart = 2026-01-01\ninterval = \"year\"\n{end}\n\
                 [[line]]\nname = \"Wartung\"\nunit_price = \"1200.00\"\n"
            ))
            .unwrap();
            let found = after_end(&contract, std::slice::from_ref(&invoice));
            let got = found.first().map(|part| (part.days, part.amount.plain(Currency::EUR)));
            assert_eq!(got, expected.map(|(days, amount)| (days, amount.to_owned())), "{end}");
        }
    }
}
