//! Rounding: to the cent, half away from zero ("kaufmännisch"), once, at the place that a rule names.

use rust_decimal::{Decimal, RoundingStrategy};

/// Rounds half away from zero to `decimals` places, and writes exactly that many.
pub fn round_to(value: Decimal, decimals: u32) -> Decimal {
    let mut rounded = value.round_dp_with_strategy(decimals, RoundingStrategy::MidpointAwayFromZero);
    rounded.rescale(decimals);
    rounded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_go_away_from_zero() {
        for (value, expected) in [("1.005", "1.01"), ("-1.005", "-1.01"), ("1.0049", "1.00"), ("2", "2.00")] {
            assert_eq!(round_to(value.parse().unwrap(), 2).to_string(), expected);
        }
    }
}
