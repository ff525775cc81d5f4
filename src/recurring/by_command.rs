//! What was done with a contract by command: it wins over the file, which stays as its owner wrote it.

use chrono::NaiveDate;

use super::contract::{Contract, End, Pause};
use super::rhythm::Period;

/// What is in force of what was done with a contract by command.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ByCommand {
    /// The last day of service, where it was ended.
    pub last_day: Option<NaiveDate>,
    /// Ranges of days, both ends included, whose periods are skipped; a period that was skipped alone is a range of its first day.
    pub pauses: Vec<Pause>,
}

impl Contract {
    /// Returns the contract as it is in force: what the file says, and what was done by command. Of two ends the earlier one counts.
    pub fn under(&self, by_command: &ByCommand) -> Contract {
        let mut contract = self.clone();
        contract.pauses.extend(by_command.pauses.iter().cloned());
        if let Some(day) = by_command.last_day
            && contract.last_day().is_none_or(|last| last > day)
        {
            contract.end = Some(End::Until(day));
        }
        contract
    }

    /// Finds the period that a day of service belongs to.
    pub fn period_of(&self, day: NaiveDate) -> Option<Period> {
        self.periods().take_while(|period| period.starts_on <= day).last().filter(|period| period.ends_on >= day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn contract(more: &str) -> Contract {
        toml::from_str(&format!(
            "number = \"V-1\"\ncustomer = \"K-1\"\nstart = 2026-01-01\ninterval = \"month\"\n{more}\n\
             [[line]]\nname = \"x\"\nunit_price = \"1\"\n"
        ))
        .unwrap()
    }

    #[test]
    fn what_was_done_by_command_wins_and_of_two_ends_the_earlier_one() {
        let table = [
            // What the file says, the end and the pauses by command, and the first days of the first five periods.
            ("", "", &[][..], "01 02 03 04 05"),
            ("", "2026-03-10", &[], "01 02 03"),
            ("", "2025-12-31", &[], ""),
            ("end = { until = 2026-02-28 }", "2026-03-10", &[], "01 02"),
            ("end = { until = 2026-04-30 }", "2026-03-10", &[], "01 02 03"),
            ("end = { count = 2 }", "2026-03-31", &[], "01 02"),
            ("end = { count = 4 }", "2026-03-31", &[], "01 02 03"),
            ("", "", &[("2026-02-01", "2026-03-31")], "01 04 05 06 07"),
            ("", "2026-05-31", &[("2026-02-01", "2026-02-01")], "01 03 04 05"),
            // A number of invoices goes on behind what is skipped (rule R9), and an end stops that.
            ("end = { count = 3 }", "", &[("2026-02-01", "2026-02-01")], "01 03 04"),
            ("end = { count = 3 }", "2026-03-31", &[("2026-02-01", "2026-02-01")], "01 03"),
            (
                "pauses = [{ from = 2026-01-01, to = 2026-01-31 }]",
                "",
                &[("2026-03-01", "2026-03-31")],
                "02 04 05 06 07",
            ),
        ];
        for (file, end, pauses, expected) in table {
            let pause = |(from, to): &(&str, &str)| Pause { from: day(from), to: day(to) };
            let last_day = (!end.is_empty()).then(|| day(end));
            let by_command = ByCommand { last_day, pauses: pauses.iter().map(pause).collect() };
            let periods = contract(file).under(&by_command);
            let months = periods.periods().take(5).map(|period| period.starts_on.format("%m").to_string());
            assert_eq!(months.collect::<Vec<_>>().join(" "), expected, "{file} {end} {pauses:?}");
        }
    }

    #[test]
    fn a_day_of_service_names_its_period() {
        let contract = contract("end = { until = 2026-03-10 }\npauses = [{ from = 2026-02-01, to = 2026-02-01 }]");
        let table = [
            ("2025-12-31", None),
            ("2026-01-31", Some("2026-01-01")),
            ("2026-02-14", None),
            ("2026-03-10", Some("2026-03-01")),
            ("2026-03-11", None),
        ];
        for (asked, expected) in table {
            let found = contract.period_of(day(asked)).map(|period| period.starts_on);
            assert_eq!(found, expected.map(day), "{asked}");
        }
    }
}
