//! A contract as its owner writes it in `book/recurring/`.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::rhythm::{Align, AnchorDay, Billing, DayAdjust, Interval, Period, Proration, Rhythm};
use crate::calendar::{BusinessDays, date};
use crate::invoice::{AttachedFile, Charge};
use crate::items::{Adjustment, Item};
use crate::money::Currency;

/// A recurring contract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contract {
    /// Its number: `V-12`. It appears on invoices and is what a payer's standing order may quote.
    pub number: String,
    /// The number of the customer.
    pub customer: String,
    /// What it is about, in the customer's words: the subject of its invoices.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The first day of service.
    #[serde(with = "date")]
    pub start: NaiveDate,
    /// The length of a period.
    pub interval: Interval,
    /// Before or after the period.
    #[serde(default)]
    pub billing: Billing,
    /// Periods from the start, or by the calendar.
    #[serde(default)]
    pub align: Align,
    /// `"last"` when the start is a month's last day and periods shall always begin on one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anchor_day: Option<AnchorDay>,
    /// Days added to the nominal issue day; negative for earlier.
    #[serde(default)]
    pub issue_offset_days: i32,
    /// What happens to an issue day that is no business day.
    #[serde(default)]
    pub issue_day_adjust: DayAdjust,
    /// What a cut period costs.
    #[serde(default)]
    pub proration: Proration,
    /// How it ends; nothing: it goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<End>,
    /// Ranges of days; a period that begins in one is skipped for good.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pauses: Vec<Pause>,
    /// The last day of service that was invoiced elsewhere, before settled took over.
    #[serde(default, with = "date::option", skip_serializing_if = "Option::is_none")]
    pub billed_through: Option<NaiveDate>,
    /// How many missed periods are issued without asking (rule R5).
    #[serde(default = "default_catch_up")]
    pub max_catch_up: u32,
    /// Days to pay, where this contract differs from the customer's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub term_days: Option<u32>,
    /// The currency, where it differs from the business's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// The customer's order number, where this contract differs from the customer's (BT-13).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order_number: Option<String>,
    /// What the payer's standing order says, such as "Wartung Halle 2".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payer_text: Option<String>,
    /// The dunning policy, where this contract differs from the customer's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dunning_policy: Option<String>,
    /// A note on each invoice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Its former number, when it was given a new one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub renamed_from: Option<String>,
    /// What is charged for each period.
    #[serde(rename = "line")]
    pub lines: Vec<Item>,
    /// What is taken off all of it (BG-20).
    #[serde(default, rename = "allowance", skip_serializing_if = "Vec::is_empty")]
    pub allowances: Vec<Adjustment>,
    /// What is charged on all of it (BG-21).
    #[serde(default, rename = "charge", skip_serializing_if = "Vec::is_empty")]
    pub charges: Vec<Adjustment>,
    /// The files that go with each invoice (BG-24).
    #[serde(default, rename = "attachment", skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<AttachedFile>,
}

/// How many periods of a contract are ever looked at: of days, those of 27 years.
pub const MOST_PERIODS: usize = 10_000;

const fn default_catch_up() -> u32 {
    3
}

/// How a contract ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum End {
    /// The last day of service.
    Until(#[serde(with = "date")] NaiveDate),
    /// The number of invoices.
    Count(u32),
    /// A notice was given.
    Notice(Notice),
}

/// A notice of termination.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notice {
    /// The day it arrived.
    #[serde(with = "date")]
    pub received: NaiveDate,
    /// The period of notice.
    pub period: Interval,
    /// When it takes effect.
    #[serde(default)]
    pub effective: NoticeEffect,
}

/// When a notice takes effect (rule R8).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeEffect {
    /// At the end of the service period that contains the day.
    #[default]
    PeriodEnd,
    /// On the day itself.
    Exact,
}

/// A range of days without service, both ends included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pause {
    /// The first day.
    #[serde(with = "date")]
    pub from: NaiveDate,
    /// The last day.
    #[serde(with = "date")]
    pub to: NaiveDate,
}

impl Contract {
    /// Returns the part that may not change once a period is issued.
    pub fn rhythm(&self) -> Rhythm {
        Rhythm {
            start: self.start,
            interval: self.interval,
            billing: self.billing,
            align: self.align,
            anchor_day: self.anchor_day,
            issue_offset_days: self.issue_offset_days,
            issue_day_adjust: self.issue_day_adjust,
        }
    }

    /// Returns the contract as it would be had settled taken over on a day of the past: what was to be invoiced before that day counts as
    /// invoiced, and what was to be invoiced from then on does not. What it says itself stands where it speaks of days before.
    pub fn taken_over_on(&self, day: NaiveDate, business_days: &BusinessDays) -> Contract {
        if self.billed_through.is_some_and(|through| through < day) {
            return self.clone();
        }
        let rhythm = self.rhythm();
        let before = self.periods().take_while(|period| rhythm.scheduled_on(period, business_days) < day).last();
        Contract { billed_through: before.map(|period| period.ends_on), ..self.clone() }
    }

    /// Returns what is charged for a period.
    pub fn charge(&self, period: &Period) -> Charge<'_> {
        Charge {
            contract: &self.number,
            title: self.title.as_deref(),
            note: self.note.as_deref(),
            order_number: self.order_number.as_deref(),
            items: &self.lines,
            allowances: &self.allowances,
            charges: &self.charges,
            attachments: &self.attachments,
            priced_on: period.starts_on,
            service_from: period.starts_on,
            service_through: period.ends_on,
            share: (self.proration == Proration::Daily && period.is_cut()).then(|| (period.days(), period.full_days())),
            term_days: self.term_days,
            currency: self.currency,
        }
    }

    /// Tells whether a period costs nothing by its prices: it is skipped, without a document (rule R6).
    pub fn is_free(&self, period: &Period) -> bool {
        let lines_are = self.lines.iter().all(|item| item.is_free_in(period.starts_on, period.ends_on));
        let charges_nothing = self.charges.iter().all(|charge| charge.amount.is_none());
        charges_nothing && (lines_are || (self.charges.is_empty() && self.allowances.iter().any(Adjustment::is_all)))
    }

    /// Returns the last day of service, where it is known (rule R8).
    pub fn last_day(&self) -> Option<NaiveDate> {
        match &self.end {
            None => None,
            Some(End::Until(day)) => Some(*day),
            Some(End::Count(_)) => self.periods().take(MOST_PERIODS).last().map(|period| period.ends_on),
            Some(End::Notice(notice)) => Some(notice.last_day(&self.rhythm())),
        }
    }

    /// Walks through the periods that ever come, in order: cut at the end of the contract (rule R8), without those that begin in a
    /// pause (rule R9). Those that cost nothing are among them; a number of invoices does not count them.
    pub fn periods(&self) -> impl Iterator<Item = Period> {
        let rhythm = self.rhythm();
        let (until, count) = match &self.end {
            None => (NaiveDate::MAX, u32::MAX),
            Some(End::Until(day)) => (*day, u32::MAX),
            Some(End::Count(count)) => (NaiveDate::MAX, *count),
            Some(End::Notice(notice)) => (notice.last_day(&rhythm), u32::MAX),
        };
        let (pauses, contract) = (self.pauses.clone(), self.clone());
        let mut invoices = 0;
        (0..)
            .map(move |k| rhythm.period(k))
            .take_while(move |period| period.starts_on <= until)
            .filter(move |period| !pauses.iter().any(|p| p.from <= period.starts_on && period.starts_on <= p.to))
            .take_while(move |period| {
                let goes_on = invoices < count;
                invoices += u32::from(!contract.is_free(period));
                goes_on
            })
            .map(move |period| Period { ends_on: period.ends_on.min(until), ..period })
    }
}

impl Notice {
    /// Returns the last day of service.
    fn last_day(&self, rhythm: &Rhythm) -> NaiveDate {
        let day = self.period.after(self.received, 1);
        match self.effective {
            NoticeEffect::Exact => day,
            NoticeEffect::PeriodEnd => {
                (0..).map(|k| rhythm.period(k)).find(|p| p.ends_on >= day).map_or(day, |p| p.ends_on)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contract_that_is_taken_over_in_the_past_is_invoiced_from_that_day_on() {
        let business_days = BusinessDays::new(None, []);
        let table = [
            // A contract from 2025 on, each month in advance: what its owner wrote, the day, and through when it counts as invoiced.
            ("2026-12-31", "", "2026-03-01", Some("2026-02-28")),
            ("2026-12-31", "", "2026-03-15", Some("2026-03-31")),
            ("2026-02-28", "", "2026-03-01", Some("2026-02-28")),
            ("", "", "2026-03-01", Some("2026-02-28")),
            ("", "", "2024-12-31", None),
            ("2026-12-31", "billing = \"arrears\"", "2026-03-01", Some("2026-01-31")),
        ];
        for (billed, more, day, expected) in table {
            let billed = if billed.is_empty() { String::new() } else { format!("billed_through = {billed}") };
            let text = format!(
                "number = \"V-1\"\ncustomer = \"K-1\"\nstart = 2025-01-01\ninterval = \"month\"\n{billed}\n{more}\n\
                 [[line]]\nname = \"x\"\nunit_price = \"1\"\n"
            );
            let contract: Contract = toml::from_str(&text).unwrap();
            let taken = contract.taken_over_on(day.parse().unwrap(), &business_days);
            assert_eq!(taken.billed_through, expected.map(|day| day.parse().unwrap()), "{billed} {more} {day}");
        }
    }
}
