//! The next numbers of a series. Counters move only in the transaction that stores the documents.

use chrono::NaiveDate;

use crate::jobs::office::{JobError, Office};
use crate::reference::Series;
use crate::shell::store::Tx;

/// Returns the next sequence number of a series on a day, and the counter that it follows.
pub async fn next_sequence(
    office: &Office,
    tx: &mut Tx,
    series: &str,
    today: NaiveDate,
) -> Result<(i64, Option<i64>), JobError> {
    let settings = office.config.series(series);
    let counter = tx.counter(series, &settings.series.period(today)).await?;
    let begun = tx.counters().await?.iter().any(|(name, ..)| name == series);
    // `next` is for those who move in during a year: it counts for the very first number only.
    Ok((counter.map_or_else(|| settings.next.filter(|_| !begun).unwrap_or(1), |last| last + 1), counter))
}

/// The numbers that documents of a day would get, one after the other.
#[derive(Debug)]
pub(crate) struct Numbers<'s> {
    series: &'s Series,
    day: NaiveDate,
    sequence: i64,
}

impl<'s> Numbers<'s> {
    /// Begins with a sequence number.
    pub(super) fn new(series: &'s Series, day: NaiveDate, first: i64) -> Numbers<'s> {
        Numbers { series, day, sequence: first }
    }

    /// Takes the next one.
    pub(crate) fn draw(&mut self) -> String {
        let number = self.series.number(self.day, self.sequence);
        self.sequence += 1;
        number
    }
}
