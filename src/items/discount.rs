//! Skonto: a discount for paying early.

use chrono::{Days, NaiveDate};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::money::{Amount, percent_of, round_to};

/// A Skonto: so many percent off when paid within so many days of the invoice date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Discount {
    /// Days from the invoice date.
    pub days: u32,
    /// Percent of the payable amount.
    pub percent: Decimal,
}

/// A Skonto on a document of known amount and date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DiscountTerm {
    /// The last day on which it may be taken.
    pub until: NaiveDate,
    /// What is taken off: round(payable × percent / 100).
    pub discount: Amount,
    /// What is then to be paid.
    pub pay: Amount,
}

impl Discount {
    /// Returns what the discount means for a document (rule T6).
    pub fn term(self, payable: Amount, issued_on: NaiveDate) -> DiscountTerm {
        let discount = percent_of(payable, self.percent);
        DiscountTerm { until: issued_on + Days::new(u64::from(self.days)), discount, pay: payable - discount }
    }

    /// Writes the line of BT-20 that machines read (XRechnung BR-DE-18); each such line is closed by a line feed.
    pub fn bt_20(self) -> String {
        format!("#SKONTO#TAGE={}#PROZENT={}#", self.days, round_to(self.percent, 2))
    }
}

/// A Skonto as the terms of an e-invoice grant it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GrantedDiscount {
    /// What is granted.
    pub discount: Discount,
    /// The amount that the percents are of (`BASISBETRAG`), where it is not what is payable.
    pub base: Option<Decimal>,
}

/// A Skonto of more days than a year is mistyped.
const MOST_DAYS: u32 = 366;

/// Reads what the terms (BT-20) grant in the form that machines read, also where their line feeds are lost. What is not of that form, or
/// grants what nobody grants, is passed over: a payment that takes it is asked about.
pub fn granted_discounts(terms: &str) -> Vec<GrantedDiscount> {
    let granted = |said: &str| {
        let line = said.lines().next()?;
        let fields: Vec<(&str, &str)> = line.split('#').map_while(|field| field.split_once('=')).collect();
        let value = |name: &str| fields.iter().find(|(key, _)| key.trim() == name).map(|(_, value)| value.trim());
        let number = |name: &str| value(name)?.parse::<Decimal>().ok();
        let discount = Discount { days: value("TAGE")?.parse().ok()?, percent: number("PROZENT")? };
        let base = match value("BASISBETRAG") {
            Some(text) => Some(text.parse().ok().filter(|base: &Decimal| base.is_sign_positive())?),
            None => None,
        };
        let is_sane =
            discount.days <= MOST_DAYS && discount.percent > Decimal::ZERO && discount.percent < Decimal::ONE_HUNDRED;
        is_sane.then_some(GrantedDiscount { discount, base })
    };
    terms.split("#SKONTO#").skip(1).filter_map(granted).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_terms_of_an_e_invoice_grant_is_read_back() {
        let own = [(14, "2"), (7, "3.25")].map(|(days, percent)| Discount { days, percent: percent.parse().unwrap() });
        let written: String = own.iter().map(|discount| format!("{}\n", discount.bt_20())).collect();
        // Terms; then days, percents and base of each.
        let table: [(&str, &[&str]); 8] = [
            (&written, &["14 2", "7 3.25"]),
            ("Zahlbar in 30 Tagen.\r\n#SKONTO#TAGE=10#PROZENT=2.00#\r\n", &["10 2"]),
            ("#SKONTO#TAGE=10#PROZENT=2.00# #SKONTO#TAGE=5#PROZENT=3.00#", &["10 2", "5 3"]),
            ("#SKONTO#TAGE=14#PROZENT=2.25#BASISBETRAG=100.50#\n", &["14 2.25 100.50"]),
            ("#SKONTO#TAGE=14#PROZENT=2,00#\n#SKONTO#TAGE=x#PROZENT=2.00#\n#SKONTO#\n", &[]),
            ("#SKONTO#TAGE=14#PROZENT=0.00#\n#SKONTO#TAGE=14#PROZENT=100.00#\n#SKONTO#TAGE=4000#PROZENT=2.00#", &[]),
            ("#SKONTO#TAGE=14#PROZENT=2.00#BASISBETRAG=-1.00#\n#VERZUG#TAGE=14#PROZENT=2.00#\n", &[]),
            ("2 % Skonto in 14 Tagen", &[]),
        ];
        for (terms, expected) in table {
            let said = |granted: GrantedDiscount| {
                let base = granted.base.map_or_else(String::new, |base| format!(" {base}"));
                format!("{} {}{base}", granted.discount.days, granted.discount.percent.normalize())
            };
            assert_eq!(granted_discounts(terms).into_iter().map(said).collect::<Vec<_>>(), expected, "{terms}");
        }
    }
}
