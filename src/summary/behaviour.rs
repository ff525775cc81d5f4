//! How a customer pays: how late, how evenly, and whether that changes.

use chrono::NaiveDate;

use super::figures::mean_days_late;

/// How many of the last paid invoices are held against those before.
const LAST: usize = 3;

/// How a customer has paid so far, in days after the due date; early payments count as early. `docs/figures.md` defines each figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PayBehaviour {
    /// How many invoices were paid.
    pub paid: usize,
    /// The mean, rounded.
    pub mean: i64,
    /// The mean distance from the mean, rounded.
    pub spread: i64,
    /// By how many days the last three were later (or earlier) on average than those before, rounded; nothing before the fourth.
    pub trend: Option<i64>,
}

impl PayBehaviour {
    /// Looks at paid invoices: due date and value date of the last payment, the first paid first. Nothing where none was paid.
    pub fn of(paid: &[(NaiveDate, NaiveDate)]) -> Option<PayBehaviour> {
        let mean = mean_days_late(paid)?;
        let late: Vec<i64> = paid.iter().map(|(due_on, paid_on)| (*paid_on - *due_on).num_days()).collect();
        let (count, sum) = (length(&late), late.iter().sum::<i64>());
        // Σ |x − Σ/n| / n, without a fraction on the way.
        let distances: i64 = late.iter().map(|days| (count * days - sum).abs()).sum();
        let trend = late.len().checked_sub(LAST).filter(|before| *before > 0).map(|before| {
            let (before, last) = late.split_at(before);
            let (of_before, of_last) = (length(before), length(last));
            let difference = last.iter().sum::<i64>() * of_before - before.iter().sum::<i64>() * of_last;
            rounded(difference, of_before * of_last)
        });
        Some(PayBehaviour { paid: late.len(), mean, spread: rounded(distances, count * count), trend })
    }
}

fn length(days: &[i64]) -> i64 {
    i64::try_from(days.len()).unwrap_or(i64::MAX)
}

/// Divides and rounds, halves away from zero.
const fn rounded(dividend: i64, divisor: i64) -> i64 {
    (dividend * 2 + divisor * dividend.signum()) / (divisor * 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn behaviour_is_mean_spread_and_trend() {
        let due: NaiveDate = "2026-03-01".parse().unwrap();
        for (days, expected) in [
            (&[][..], None),
            (&[7], Some((7, 0, None))),
            // Evenly late, and now and then: the mean is the same.
            (&[4, 4, 4], Some((4, 0, None))),
            (&[0, 0, 12], Some((4, 5, None))),
            (&[-2, 2], Some((0, 2, None))),
            // Three against one, then against more.
            (&[0, 6, 6, 6], Some((5, 2, Some(6)))),
            (&[10, 10, 10, 10, 3, 2, 1], Some((7, 4, Some(-8)))),
            (&[1, 2, 3, 3, 3], Some((2, 1, Some(2)))),
            (&[-5, -5, -5, -6], Some((-5, 0, Some(0)))),
        ] {
            let paid: Vec<_> = days.iter().map(|d| (due, due + chrono::TimeDelta::days(*d))).collect();
            let found = PayBehaviour::of(&paid).map(|found| (found.mean, found.spread, found.trend));
            assert_eq!(found, expected, "{days:?}");
            assert_eq!(PayBehaviour::of(&paid).map_or(0, |found| found.paid), days.len());
        }
    }
}
