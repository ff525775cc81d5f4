//! Shares of an amount, to the minor unit and without losing any.

use rust_decimal::Decimal;

use super::amount::Amount;
use super::round::round_to;

/// Returns `percent` per cent of an amount, rounded to the minor unit.
pub fn percent_of(amount: Amount, percent: Decimal) -> Amount {
    let exact = Decimal::from(amount.minor()) * percent / Decimal::ONE_HUNDRED;
    let whole = round_to(exact, 0);
    Amount::from_minor(i64::try_from(whole.mantissa()).expect("a share of a bounded amount"))
}

/// Splits `total` in proportion to `weights`, to the minor unit and without losing any: each share is cut off, and the
/// units left over go to the largest remainders, the earlier first where they are equal.
///
/// Weights all of one sign; where they sum to nothing, the first share takes all.
pub fn largest_remainder(total: Amount, weights: &[Amount]) -> Vec<Amount> {
    let sum: i128 = weights.iter().map(|w| i128::from(w.minor())).sum();
    let total = i128::from(total.minor());
    if weights.is_empty() {
        return Vec::new();
    }
    if sum == 0 {
        let mut shares = vec![Amount::ZERO; weights.len()];
        shares[0] = Amount::from_minor(i64::try_from(total).expect("it was an i64"));
        return shares;
    }
    let exact: Vec<i128> = weights.iter().map(|w| total * i128::from(w.minor())).collect();
    let mut shares: Vec<i128> = exact.iter().map(|e| e / sum).collect();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by_key(|&i| (-(exact[i] % sum).abs(), i));
    let left = total - shares.iter().sum::<i128>();
    for &i in order.iter().take(usize::try_from(left.abs()).expect("fewer than shares")) {
        shares[i] += left.signum();
    }
    shares.into_iter().map(|s| Amount::from_minor(i64::try_from(s).expect("a share of an i64"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentage_is_rounded_half_away_from_zero() {
        assert_eq!(percent_of(Amount::from_minor(123_457), Decimal::from(3)), Amount::from_minor(3704));
    }

    #[test]
    fn shares_add_up_to_the_total() {
        let amounts = |minor: &[i64]| minor.iter().map(|m| Amount::from_minor(*m)).collect::<Vec<_>>();
        for (total, weights, expected) in [
            (1000, vec![19_999, 5001], vec![800, 200]),
            (100, vec![1, 1, 1], vec![34, 33, 33]),
            (-100, vec![1, 1, 1], vec![-34, -33, -33]),
            (2, vec![1, 1, 1], vec![1, 1, 0]),
            (7, vec![0, 0], vec![7, 0]),
        ] {
            assert_eq!(largest_remainder(Amount::from_minor(total), &amounts(&weights)), amounts(&expected));
        }
    }
}
