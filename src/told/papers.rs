//! The documents of an order, a row each.

use chrono::NaiveDate;

use super::page::{Seen, Teller};
use crate::invoice::Document;
use crate::money::Amount;

/// A document of an order, and how it stands.
#[derive(Debug, Clone, Copy)]
pub struct OrderPaper<'a> {
    /// What it says.
    pub document: &'a Document,
    /// What is open of it; nothing where nothing is owed by it.
    pub open: Option<Amount>,
    /// The number of what cancelled it.
    pub cancelled_by: Option<&'a str>,
    /// The day on which the last of it was paid.
    pub paid_on: Option<NaiveDate>,
}

impl Teller<'_> {
    /// Tells the documents of an order: number, what it is, day, amount, how it stands.
    pub fn papers<'p>(&self, papers: impl IntoIterator<Item = OrderPaper<'p>>) -> Option<Seen> {
        let rows = papers.into_iter().map(|paper| {
            let OrderPaper { document, open, cancelled_by, paid_on } = paper;
            let stands = match (cancelled_by, open, paid_on) {
                (Some(by), ..) => self.say(format!("storniert mit {by}"), format!("cancelled by {by}")),
                (None, Some(open), _) if open.is_positive() => {
                    let open = self.money(open, document.currency);
                    self.say(format!("offen {open}"), format!("open {open}"))
                }
                (None, Some(_), Some(on)) => {
                    let on = self.day(on);
                    self.say(format!("bezahlt am {on}"), format!("paid on {on}"))
                }
                (None, Some(_), None) => self.say("nichts ist offen", "nothing is open").to_owned(),
                (None, None, _) => String::new(),
            };
            let amount = self.money(document.payable(), document.currency);
            let (number, called) = (document.number.clone(), document.called(self.language).to_owned());
            vec![number, called, self.day(document.issued_on), amount, stands]
        });
        Seen::of("order", self.say("Auftrag", "order"), rows.collect())
    }
}
