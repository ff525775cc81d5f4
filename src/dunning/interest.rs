//! Default interest, day by day (rule D6).

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate};
use rust_decimal::Decimal;

use super::case::{Item, Movement};
use super::policy::{DayCount, InterestRule};
use super::rates::BaseRates;
use crate::calendar::BusinessDays;
use crate::customer::DefaultBasis;
use crate::money::{Amount, round_to};

/// Days at one rate on one principal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InterestSpan {
    /// The first day.
    pub from: NaiveDate,
    /// The last day, included.
    pub through: NaiveDate,
    /// The open principal on these days.
    pub principal: Amount,
    /// Percent a year.
    pub rate: Decimal,
    /// The interest of these days: all that ran through them, rounded, less that of the spans before. So the spans add up to the sum.
    pub amount: Amount,
}

/// The interest of an invoice up to a letter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Accrual {
    /// The sum, rounded once.
    pub amount: Amount,
    /// What it is made of.
    pub spans: Vec<InterestSpan>,
}

/// Returns the first day that bears interest, by the basis of default.
pub fn default_start(
    item: &Item,
    effective_due: NaiveDate,
    today: NaiveDate,
    business_days: &BusinessDays,
) -> NaiveDate {
    let after_first_letter = item.sent.first().map_or(today, |letter| letter.sent_on) + Days::new(1);
    match item.default_basis {
        DefaultBasis::AgreedTerm => effective_due + Days::new(1),
        DefaultBasis::Reminder => after_first_letter,
        DefaultBasis::ThirtyDays => {
            let delivered_on = item.redelivered_on.or(item.delivered_on).unwrap_or(item.issued_on);
            // § 286 (3) BGB: thirty days after due date and receipt; the last day rolls by § 193 BGB.
            let thirtieth = business_days.next(item.due_on.max(delivered_on) + Days::new(30));
            (thirtieth + Days::new(1)).min(after_first_letter)
        }
    }
}

/// Adds up the interest from `start` through `through`, both included, on what was open at the end of each day by value date.
/// So the day of a payment bears no interest on the paid part. No interest on fees, none on interest (§ 289 BGB).
/// Interest runs through the last day whose rate is known: what is known stays claimed. Returns the first day without a rate, too.
pub fn accrue(
    movements: &[Movement],
    rule: &InterestRule,
    rates: &BaseRates,
    start: NaiveDate,
    through: NaiveDate,
) -> (Accrual, Option<NaiveDate>) {
    let mut changes: BTreeMap<NaiveDate, Amount> = BTreeMap::new();
    for movement in movements {
        *changes.entry(movement.value_on).or_default() += movement.amount;
    }
    let mut principal: Amount = changes.range(..start).map(|(_, change)| *change).sum();
    let mut spans: Vec<InterestSpan> = Vec::new();
    let (mut common_days, mut leap_days, mut unknown_on) = (Decimal::ZERO, Decimal::ZERO, None);
    // What the spans before the last one come to.
    let mut before = Amount::ZERO;
    for day in start.iter_days().take_while(|day| *day <= through) {
        if let Some(change) = changes.get(&day) {
            principal += *change;
        }
        if !principal.is_positive() {
            continue;
        }
        let rate = match rates.on(rule, day) {
            Ok(rate) => rate,
            Err(unknown) => {
                unknown_on = Some(unknown.day);
                break;
            }
        };
        let product = Decimal::from(principal.minor()) * rate;
        if rule.day_count == DayCount::ActAct && is_leap(day.year()) {
            leap_days += product;
        } else {
            common_days += product;
        }
        let so_far = rounded(common_days, leap_days);
        match spans.last_mut() {
            Some(span) if span.through.succ_opt() == Some(day) && span.principal == principal && span.rate == rate => {
                (span.through, span.amount) = (day, so_far - before);
            }
            last => {
                before = last.map_or(Amount::ZERO, |span| before + span.amount);
                spans.push(InterestSpan { from: day, through: day, principal, rate, amount: so_far - before });
            }
        }
    }
    (Accrual { amount: rounded(common_days, leap_days), spans }, unknown_on)
}

/// Rounds what ran up in common and in leap years: sums of principal times percent, a day each.
fn rounded(common_days: Decimal, leap_days: Decimal) -> Amount {
    let exact = common_days / Decimal::from(36_500) + leap_days / Decimal::from(36_600);
    let minor = round_to(exact, 0);
    Amount::from_minor(i64::try_from(minor.mantissa()).expect("less than the principal"))
}

fn is_leap(year: i32) -> bool {
    NaiveDate::from_ymd_opt(year, 2, 29).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dunning::Regime;

    /// Each span rounded by itself would be a cent short or over here.
    #[test]
    fn the_spans_add_up_to_the_sum_and_end_with_the_last_known_day() {
        let day = |text: &str| -> NaiveDate { text.parse().unwrap() };
        let movement = |on: &str, minor: i64| Movement { value_on: day(on), amount: Amount::from_minor(minor) };
        let movements = [
            movement("2026-05-18", 1_190_000),
            movement("2026-06-10", -500_000),
            movement("2026-06-11", -123_456),
            movement("2026-06-12", -7),
        ];
        let rule = InterestRule { regime: Regime::DeB2b, percent: None, day_count: DayCount::ActAct };
        let (start, through) = (day("2026-06-02"), day("2026-07-02"));
        let (accrual, unknown_on) = accrue(&movements, &rule, &BaseRates::shipped(), start, through);
        assert_eq!(unknown_on, Some(day("2026-07-01")));
        assert_eq!(accrual.spans.len(), 4);
        assert_eq!(accrual.spans.iter().map(|span| span.amount).sum::<Amount>(), accrual.amount);
        assert_eq!(accrual.spans.last().map(|span| span.through), Some(day("2026-06-30")));
        // The finding: 29 days on 11,900.00 at 10.27 %.
        let (whole, _) = accrue(&movements[..1], &rule, &BaseRates::shipped(), start, through);
        assert_eq!(whole.amount, Amount::from_minor(9710));
    }
}
