//! The next numbers of a series. Counters move only in the transaction that stores the documents.

use chrono::NaiveDate;

use crate::jobs::office::{JobError, Office};
use crate::reference::Series;
use crate::shell::config::next_of_series;
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
    let next = match (counter, settings.next) {
        (Some(last), _) => last + 1,
        (None, Some(next)) if !tx.counters().await?.iter().any(|(name, ..)| name == series) => {
            let since = in_force_since(office, series, next, today).await?;
            if settings.series.period(since) == settings.series.period(today) { next } else { 1 }
        }
        (None, _) => 1,
    };
    Ok((next, counter))
}

/// Returns the day on which the `next` of a series came into force. It is for those who move in during a year: it counts for the very first
/// number only, and not for that of a year that begins later.
async fn in_force_since(office: &Office, series: &str, next: i64, today: NaiveDate) -> Result<NaiveDate, JobError> {
    let says_so = |text: &[u8]| next_of_series(&String::from_utf8_lossy(text), series) == Some(next);
    let all = office.store.configurations().await?;
    let since = all.iter().take_while(|(_, text)| says_so(text)).last();
    Ok(since.map_or(today, |(recorded_at, _)| office.day(*recorded_at)))
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
