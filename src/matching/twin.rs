//! One booking that two files tell under two booking days (rule M1.2).

use chrono::TimeDelta;

use super::model::Payment;
use super::text::Texts;

/// How many days apart the booking days may be: a long weekend (choice).
pub const MOST_DAYS_APART: i64 = 5;

/// Tells whether two payments of one account and direction may be one booking under two days: all that they say is equal, and so is the
/// bank's reference or the end-to-end id. Whether their statements prove them to be two is for others to say.
pub fn is_twin(one: (&Payment, Option<&str>), other: (&Payment, Option<&str>)) -> bool {
    let ((one, one_reference), (other, other_reference)) = (one, other);
    let apart = (one.booked_on - other.booked_on).abs();
    let party = |payment: &'_ Payment| payment.payer_iban.clone().or_else(|| payment.payer_name.clone());
    let id = |payment: &'_ Payment| payment.end_to_end_id.clone().filter(|id| !id.is_empty() && id != "NOTPROVIDED");
    let equal = |a: Option<&str>, b: Option<&str>| a.is_some_and(|a| !a.is_empty()) && a == b;
    (TimeDelta::days(1)..=TimeDelta::days(MOST_DAYS_APART)).contains(&apart)
        && one.amount == other.amount
        && one.currency == other.currency
        && (equal(one_reference, other_reference) || equal(id(one).as_deref(), id(other).as_deref()))
        && party(one) == party(other)
        && Texts::of(one).squeezed_remittance() == Texts::of(other).squeezed_remittance()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Amount;

    #[test]
    fn equal_words_and_a_reference_on_two_days_may_be_one_booking() {
        let payment = |day: &str, text: &[&str], id: Option<&str>, iban: &str| Payment {
            amount: Amount::from_minor(11_900),
            booked_on: day.parse().unwrap(),
            payer_iban: Some(iban.to_owned()),
            end_to_end_id: id.map(str::to_owned),
            remittance: text.iter().map(|line| (*line).to_owned()).collect(),
            ..Payment::default()
        };
        let first = payment("2026-02-14", &["Wartung"], Some("E1"), "DE1");
        for (other, reference, expected) in [
            (payment("2026-02-16", &["War", "tung"], Some("E1"), "DE1"), None, true),
            (payment("2026-02-16", &["Wartung"], None, "DE1"), Some("BK77"), true),
            (payment("2026-02-16", &["Wartung"], None, "DE1"), None, false),
            (payment("2026-02-14", &["Wartung"], Some("E1"), "DE1"), None, false),
            (payment("2026-02-19", &["Wartung"], Some("E1"), "DE1"), None, true),
            (payment("2026-02-20", &["Wartung"], Some("E1"), "DE1"), None, false),
            (payment("2026-02-16", &["Miete"], Some("E1"), "DE1"), Some("BK77"), false),
            (payment("2026-02-16", &["Wartung"], Some("E1"), "DE2"), Some("BK77"), false),
        ] {
            assert_eq!(is_twin((&first, Some("BK77")), (&other, reference)), expected, "{other:?}");
        }
    }
}
