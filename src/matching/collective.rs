//! A collective entry and its details (rule M1.3).

use crate::money::Amount;

/// Returns what the bank kept of a collective entry whose details are payments of their own: nothing where they add up to it, the charges
/// that the file states where these explain the difference exactly. `None`: it is no sum of its details, and a person must look at it.
///
/// All amounts have their sign; `stated` are the charges of the entry, and those of its details.
pub fn kept_of_collective(entry: Amount, details: &[Amount], stated: [Amount; 2]) -> Option<Amount> {
    let sum: i128 = details.iter().map(|detail| i128::from(detail.minor())).sum();
    let kept = sum - i128::from(entry.minor());
    if kept == 0 {
        return Some(Amount::ZERO);
    }
    stated.into_iter().find(|charges| charges.is_positive() && i128::from(charges.minor()) == kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn details_add_up_or_differ_by_the_charges_that_are_stated() {
        let cents = Amount::from_minor;
        for (entry, details, stated, kept) in [
            (16_900, vec![11_900, 5_000], [0, 0], Some(0)),
            (16_780, vec![11_900, 5_000], [0, 120], Some(120)),
            (16_780, vec![11_900, 5_000], [120, 0], Some(120)),
            (16_000, vec![11_900, 5_000], [0, 60], None),
            (17_020, vec![11_900, 5_000], [0, 120], None),
            // Money out is more by the charges.
            (-10_120, vec![-10_000], [120, 0], Some(120)),
            (-9_880, vec![-10_000], [120, 0], None),
        ] {
            let details: Vec<Amount> = details.into_iter().map(cents).collect();
            assert_eq!(kept_of_collective(cents(entry), &details, stated.map(cents)), kept.map(cents), "{entry}");
        }
    }
}
