//! The open-credit guard for an undecided payment of which nothing but the amount speaks for a customer (rule D5 `unallocated_credit`).

use chrono::NaiveDate;

use super::gates::Until;
use crate::calendar::BusinessDays;
use crate::matching::shares_a_word;
use crate::money::Amount;

/// Business days for which the amount alone holds a customer's letters.
const AMOUNT_HOLDS: u32 = 10;

/// Of how many of the customer's last payments as many as [`HABIT`] make the amount his.
pub const LAST_PAYMENTS: i64 = 6;

/// How many of them have this amount by more than chance.
const HABIT: usize = 2;

/// An undecided payment of exactly what is open of a customer's invoice.
#[derive(Debug, Clone, Copy)]
pub struct SameAmount<'a> {
    /// How much is undecided of it.
    pub amount: Amount,
    /// The day on which it began to wait.
    pub since: NaiveDate,
    /// Who paid, where the bank says so.
    pub payer: Option<&'a str>,
    /// The customer's name.
    pub customer: &'a str,
    /// What the customer paid last, [`LAST_PAYMENTS`] at most.
    pub paid_last: &'a [Amount],
}

impl SameAmount<'_> {
    /// Returns how long it holds the customer's letters: until it is decided where the payer bears a name like the customer's, or the
    /// customer is used to pay this amount; else for ten business days. (A contract that the text quotes points to the customer whatever
    /// the amount is.)
    pub fn holds_until(&self, business_days: &BusinessDays) -> Until {
        let is_similar = self.payer.is_some_and(|payer| shares_a_word(payer, self.customer));
        let is_habit = self.paid_last.iter().filter(|paid| **paid == self.amount).count() >= HABIT;
        // The last day whose tenth business day before is not later than the day on which it began to wait.
        let ends = || business_days.after(business_days.previous(self.since), AMOUNT_HOLDS);
        (!is_similar && !is_habit).then(ends)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Region;

    #[test]
    fn the_payers_own_invoice_never_leaves_the_guard() {
        let business_days = BusinessDays::new(Some(Region::GERMANY), []);
        let own = [11_900, 100, 11_900, 5].map(Amount::from_minor);
        type Row<'a> = (&'a str, &'a str, Option<&'a str>, &'a [Amount], Option<&'a str>);
        let table: [Row<'_>; 7] = [
            ("a stranger", "2026-01-15", Some("Petra Huber"), &[], Some("2026-01-29")),
            ("nobody knows who", "2026-01-15", None, &own[..2], Some("2026-01-29")),
            ("it came on a Saturday", "2026-01-17", None, &[], Some("2026-01-30")),
            ("over Easter", "2026-04-02", None, &[], Some("2026-04-20")),
            ("a name like his", "2026-01-15", Some("Heinz Becker"), &[], None),
            ("his habit", "2026-01-15", Some("Petra Huber"), &own, None),
            ("once is no habit", "2026-01-15", None, &own[1..], Some("2026-01-29")),
        ];
        for (what, since, payer, paid_last, expected) in table {
            let (amount, since) = (Amount::from_minor(11_900), since.parse().unwrap());
            let payment = SameAmount { amount, since, payer, customer: "Becker GmbH", paid_last };
            let until = payment.holds_until(&business_days);
            assert_eq!(until, expected.map(|day| day.parse().unwrap()), "{what}");
            if let Some(day) = until {
                assert!(business_days.before(day, AMOUNT_HOLDS) <= since, "{what}");
                assert!(business_days.before(day.succ_opt().unwrap(), AMOUNT_HOLDS) <= day, "{what}");
            }
        }
    }
}
