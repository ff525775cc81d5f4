//! A contract and a one-off invoice: that their days can be, and that each of them does something.

use chrono::NaiveDate;

use super::Checker;
use crate::calendar::last_of_month;
use crate::invoice::OneOff;
use crate::language::Language;
use crate::recurring::{Align, Contract, End, Interval, MOST_PERIODS, Pause, TimeUnit};

/// The longest interval: ten years.
const LONGEST_MONTHS: u32 = 120;

impl Checker<'_> {
    pub(super) fn contract(&mut self, contract: &Contract) {
        let customer = self.customer_of(&contract.customer);
        self.items(&contract.lines);
        self.changing(&contract.lines, Some(contract.billing));
        self.vat(&contract.lines, customer);
        self.adjustments((&contract.allowances, &contract.charges), &contract.lines, customer, contract.currency);
        self.orders(contract.order_number.as_deref(), &contract.lines, customer);
        self.attachments(&contract.attachments, customer);
        self.policy(contract.dunning_policy.as_deref());
        self.payer_text(contract.payer_text.as_deref());
        self.currency(contract.currency);
        self.term(contract.term_days);
        self.renamed(&contract.number, contract.renamed_from.as_deref(), &self.book.contracts);
        self.texts(contract.title.as_deref(), contract.order_number.as_deref(), contract.note.as_deref());
        self.complaints.day(&["start"], contract.start);
        if is_too_long(contract.interval) {
            self.complaints.wrong(
                &["interval"],
                (
                    format!("ein Abstand von {} ist länger als zehn Jahre.", contract.interval),
                    format!("an interval of {} is longer than ten years.", contract.interval),
                ),
                ("Berichtigen Sie die Zahl oder die Einheit.", "Correct the number or the unit."),
            );
            // Its periods would leave the calendar.
            return;
        }
        self.alignment(contract);
        self.billed_through(contract);
        self.end(contract);
        for (place, pause) in contract.pauses.iter().enumerate() {
            self.pause(&place.to_string(), pause, contract);
        }
        self.complaints.whole(
            &["issue_offset_days"],
            contract.issue_offset_days,
            -366..=366,
            ("um mehr als ein Jahr verschiebt sich keine Rechnung", "an invoice cannot be moved by more than a year"),
            0,
        );
        self.complaints.whole(
            &["max_catch_up"],
            contract.max_catch_up,
            0..=100,
            (
                "so viele versäumte Rechnungen gehen ohne Rückfrage hinaus",
                "so many missed invoices leave without a question",
            ),
            3,
        );
    }

    fn alignment(&mut self, contract: &Contract) {
        if contract.align == Align::Calendar && contract.rhythm().grid_months().is_none() {
            self.complaints.wrong(
                &["align"],
                (
                    format!("Zeiträume von {} können dem Kalender nicht folgen.", contract.interval),
                    format!("periods of {} cannot follow the calendar.", contract.interval),
                ),
                (
                    "Das können nur Monate, deren Zahl ein Jahr teilt; lassen Sie `align` weg, oder wählen Sie einen anderen Abstand.",
                    "Only months whose number divides a year can; leave out `align`, or choose another interval.",
                ),
            );
        }
        if contract.anchor_day.is_some() {
            if contract.align == Align::Calendar || contract.interval.months().is_none() {
                self.complaints.wrong(
                    &["anchor_day"],
                    (
                        "`anchor_day` braucht Zeiträume aus Monaten, die vom Beginn an zählen.",
                        "`anchor_day` needs periods of months, counted from the start.",
                    ),
                    ("Lassen Sie es weg.", "Leave it out."),
                );
            } else if last_of_month(contract.start) != contract.start {
                self.complaints.wrong(
                    &["start"],
                    (
                        format!(
                            "der {} ist nicht der letzte Tag seines Monats, wie `anchor_day = \"last\"` sagt.",
                            Language::GERMAN.day(contract.start)
                        ),
                        format!(
                            "{} is not the last day of its month, as `anchor_day = \"last\"` says.",
                            contract.start
                        ),
                    ),
                    (
                        "Berichtigen Sie den Beginn, oder lassen Sie `anchor_day` weg.",
                        "Correct the start, or leave out `anchor_day`.",
                    ),
                );
            }
        }
    }

    fn end(&mut self, contract: &Contract) {
        match &contract.end {
            Some(End::Until(day)) => {
                self.complaints.day(&["end"], *day);
                if *day < contract.start {
                    self.ends_before_it_starts(*day);
                }
            }
            Some(End::Count(count)) => self.complaints.whole(
                &["end", "count"],
                *count,
                1..=1200,
                ("so viele Rechnungen hat der Vertrag", "so many invoices the contract has"),
                12,
            ),
            Some(End::Notice(notice)) => {
                self.complaints.day(&["end"], notice.received);
                if is_too_long(notice.period) {
                    self.complaints.wrong(
                        &["end"],
                        (
                            format!("eine Kündigungsfrist von {} ist länger als zehn Jahre.", notice.period),
                            format!("a period of notice of {} is longer than ten years.", notice.period),
                        ),
                        ("Berichtigen Sie die Zahl oder die Einheit.", "Correct the number or the unit."),
                    );
                } else if notice.period.after(notice.received, 1) < contract.start {
                    self.ends_before_it_starts(notice.period.after(notice.received, 1));
                }
            }
            None => {}
        }
    }

    fn ends_before_it_starts(&mut self, day: NaiveDate) {
        self.complaints.wrong(
            &["end"],
            (
                format!("der Vertrag endet am {}, bevor er beginnt.", Language::GERMAN.day(day)),
                format!("the contract ends on {day}, before it starts."),
            ),
            ("Berichtigen Sie Beginn oder Ende.", "Correct start or end."),
        );
    }

    /// A pause skips the periods that begin in it; where none does, it skips nothing.
    fn pause(&mut self, place: &str, pause: &Pause, contract: &Contract) {
        let path = ["pauses", place];
        self.complaints.day(&path, pause.from);
        self.complaints.day(&path, pause.to);
        if pause.to < pause.from {
            self.complaints.in_order(&path, (pause.from, pause.to), ("die Pause", "the pause"));
            return;
        }
        let whole = Contract { end: None, pauses: Vec::new(), ..contract.clone() };
        let mut before = None;
        for period in whole.periods().take(MOST_PERIODS) {
            if period.starts_on > pause.to {
                let near: Vec<NaiveDate> = before.into_iter().chain([period.starts_on]).collect();
                let days = |language: Language| {
                    let days: Vec<String> = near.iter().map(|day| language.day(*day)).collect();
                    days.join(language.say(" und ", " and "))
                };
                self.complaints.wrong(
                    &path,
                    (
                        format!("in dieser Pause beginnt kein Zeitraum, also fällt keine Rechnung aus. Zeiträume beginnen am {}.", days(Language::GERMAN)),
                        format!("no period begins in this pause, so no invoice is left out. Periods begin on {}.", days(Language::En)),
                    ),
                    (
                        "Fassen Sie die Pause um den ersten Tag der Zeiträume, die ausfallen sollen, oder lassen Sie sie weg.",
                        "Let the pause hold the first day of each period to be left out, or remove it.",
                    ),
                );
                return;
            }
            if period.starts_on >= pause.from {
                return;
            }
            before = Some(period.starts_on);
        }
    }

    pub(super) fn one_off(&mut self, one_off: &OneOff) {
        let customer = self.customer_of(&one_off.customer);
        self.items(&one_off.lines);
        self.changing(&one_off.lines, None);
        self.vat(&one_off.lines, customer);
        self.adjustments((&one_off.allowances, &one_off.charges), &one_off.lines, customer, one_off.currency);
        self.orders(one_off.order_number.as_deref(), &one_off.lines, customer);
        self.attachments(&one_off.attachments, customer);
        self.policy(one_off.dunning_policy.as_deref());
        self.payer_text(one_off.payer_text.as_deref());
        self.currency(one_off.currency);
        self.term(one_off.term_days);
        self.texts(one_off.title.as_deref(), one_off.order_number.as_deref(), one_off.note.as_deref());
        self.complaints.day(&["service_from"], one_off.service_from);
        self.complaints.in_order(
            &["service_through"],
            (one_off.service_from, one_off.service_through()),
            ("die Leistung", "the service"),
        );
        if let Some(issue_on) = one_off.issue_on {
            let years = (issue_on - one_off.service_from).num_days() / 365;
            if !(-3..=3).contains(&years) {
                self.complaints.wrong(
                    &["issue_on"],
                    (
                        format!("zwischen dem Rechnungstag {} und der Leistung am {} liegen mehr als drei Jahre; da ist ein Jahr vertippt.", Language::GERMAN.day(issue_on), Language::GERMAN.day(one_off.service_from)),
                        format!("between the day of the invoice, {issue_on}, and the service on {} lie more than three years; a year is mistyped.", one_off.service_from),
                    ),
                    ("Berichtigen Sie einen der beiden Tage.", "Correct one of both days."),
                );
            }
        }
        if (one_off.service_through() - one_off.service_from).num_days() > 3660 {
            self.complaints.wrong(
                &["service_through"],
                (
                    "die Leistung dauert länger als zehn Jahre; da ist ein Jahr vertippt.",
                    "the service takes more than ten years; a year is mistyped.",
                ),
                ("Berichtigen Sie einen der beiden Tage.", "Correct one of both days."),
            );
        }
    }

    pub(super) fn texts(&mut self, title: Option<&str>, order_number: Option<&str>, note: Option<&str>) {
        self.complaints.line_if_any(&["title"], title);
        self.complaints.line_if_any(&["order_number"], order_number);
        self.complaints.text_if_any(&["note"], note);
    }

    /// What was invoiced elsewhere ends with a period: the days after it would be billed twice, or never.
    fn billed_through(&mut self, contract: &Contract) {
        let Some(day) = contract.billed_through else { return };
        self.complaints.day(&["billed_through"], day);
        if day < contract.start {
            return;
        }
        let whole = Contract { end: None, pauses: Vec::new(), ..contract.clone() };
        let mut before = None;
        for period in whole.periods().take(MOST_PERIODS) {
            if period.ends_on == day {
                return;
            }
            if period.ends_on > day {
                let ends = before.map(|day| format!("{day} or ")).unwrap_or_default();
                let enden = before.map(|day| format!("{day} oder ")).unwrap_or_default();
                self.complaints.wrong(
                    &["billed_through"],
                    (
                        format!(
                            "der {} liegt mitten in einem Zeitraum; einige Tage würden doppelt berechnet.",
                            Language::GERMAN.day(day)
                        ),
                        format!("{day} lies in the midst of a period, so some days would be billed twice."),
                    ),
                    (
                        format!("Nennen Sie den letzten Tag eines Zeitraums: {enden}{}.", period.ends_on),
                        format!("Name the last day of a period: {ends}{}.", period.ends_on),
                    ),
                );
                return;
            }
            before = Some(period.ends_on);
        }
    }

    /// A text that is too short stands in other texts by chance. (The matcher looks for no shorter one.)
    fn payer_text(&mut self, text: Option<&str>) {
        const SHORTEST: usize = 4;
        let is_short = |text: &&str| text.chars().filter(|c| c.is_alphanumeric()).count() < SHORTEST;
        self.complaints.line_if_any(&["payer_text"], text);
        if let Some(text) = text.filter(is_short) {
            self.complaints.wrong(
                &["payer_text"],
                (
                    format!("`{text}` ist zu kurz, um Zahlungen zu unterscheiden."),
                    format!("`{text}` is too short to tell one payment from another."),
                ),
                (
                    format!("Schreiben Sie mindestens {SHORTEST} Buchstaben oder Ziffern aus dem Text des Dauerauftrags, oder lassen Sie es weg."),
                    format!("Write at least {SHORTEST} letters or digits of what the standing order says, or leave it out."),
                ),
            );
        }
    }
}

/// Tells whether an interval is longer than ten years.
fn is_too_long(interval: Interval) -> bool {
    match interval.months() {
        Some(months) => months > LONGEST_MONTHS,
        None => interval.n > if interval.unit == TimeUnit::Week { 522 } else { 3660 },
    }
}
