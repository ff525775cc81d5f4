//! Events in a line, for lists that show many of them.

use chrono::NaiveDate;
use serde_json::json;

use super::Told;
use super::booking::{Booked, Booking};
use super::letter::Posted;
use super::page::{Line, Teller};
use crate::dunning::stage_name;
use crate::language::Language;
use crate::ledger::ReceivableState;
use crate::money::{Amount, Currency};
use crate::outbox::LetterEvent;

impl Told {
    /// Tells it in a line with its day, as lists do: money and letters, and no decisions.
    pub fn short(&self, language: Language) -> Option<(NaiveDate, String)> {
        match self {
            Told::Issued { on, gross, currency, .. } => Some((*on, issued(*gross, *currency, language))),
            Told::Booked(booking) => Some((booking.on, booking.short(language))),
            Told::Letter(posted) => Some((posted.on(), posted.short(language))),
            Told::Undone(posted, fate) => {
                let name = posted.name(language);
                let what = if fate.is_recall() {
                    let day = fate.words.parse().map_or_else(|_| fate.words.clone(), |day| language.day(day));
                    language
                        .say(format!("zurückgenommen, bezahlt am {day}"), format!("taken back, it was paid on {day}"))
                } else {
                    language.say(format!("kam zurück: {}", fate.words), format!("came back: {}", fate.words))
                };
                Some((fate.on, format!("{name} {what}")))
            }
            Told::TakenBack { on, is_cancellation, by, amount, currency, .. } => {
                let amount = amount.with_currency(*currency, language);
                let words = if *is_cancellation {
                    language.say(format!("storniert mit {by}"), format!("cancelled by {by}"))
                } else {
                    language.say(format!("um {amount} berichtigt mit {by}"), format!("credited {amount} by {by}"))
                };
                Some((*on, words))
            }
            Told::Revised(_) | Told::Act(_) | Told::OfCustomer(_) | Told::Decided(_) | Told::GivenBack { .. } => None,
        }
    }
}

impl Teller<'_> {
    /// Tells that a document was issued.
    pub(super) fn issued(&self, on: NaiveDate, gross: Amount, currency: Currency) -> Line {
        let (amount, gross) = (gross.plain(currency), self.money(gross, currency));
        let text = self.say(format!("über {gross}"), format!("over {gross}"));
        let mut line = Line::new(on, "issued", self.say("ausgestellt", "issued"), text);
        line.facts = json!({ "gross": amount, "currency": currency });
        line
    }

    /// Tells something in one line with its day, as lists do; nothing of decisions.
    pub fn brief(&self, told: &Told) -> Option<(NaiveDate, String)> {
        told.short(self.language).or_else(|| {
            let line = match told {
                Told::Revised(_) | Told::Act(_) | Told::OfCustomer(_) | Told::GivenBack { .. } => told.line(self)?,
                Told::Issued { .. }
                | Told::Booked(_)
                | Told::Decided(_)
                | Told::Letter(_)
                | Told::Undone(..)
                | Told::TakenBack { .. } => return None,
            };
            let words = if line.text.is_empty() { line.title } else { format!("{}: {}", line.title, line.text) };
            Some((line.on, words))
        })
    }
}

/// Tells in a line that an invoice was issued.
pub fn issued(gross: Amount, currency: Currency, language: Language) -> String {
    let gross = gross.with_currency(currency, language);
    language.say(format!("ausgestellt über {gross}"), format!("issued over {gross}"))
}

impl Booking {
    fn short(&self, language: Language) -> String {
        let money = |amount: Amount| amount.with_currency(self.currency, language);
        let by = self.payment.map(|id| language.say(format!(" mit {id}"), format!(" by {id}"))).unwrap_or_default();
        let (paid, back, costs) = (money(self.paid()), money(-self.paid()), self.fee + self.interest);
        match self.what {
            Booked::Paid => {
                let parts = [
                    (language.say("Skonto", "discount"), self.discount),
                    (language.say("abgeschrieben", "written off"), self.written_off),
                    (language.say("von Banken einbehalten", "kept by banks"), self.kept_by_banks),
                ];
                let parts = parts.into_iter().filter(|(_, amount)| !amount.is_zero());
                let parts: String = parts.map(|(name, amount)| format!(", {name} {}", money(amount))).collect();
                language.say(format!("{paid} bezahlt{by}{parts}"), format!("paid {paid}{by}{parts}"))
            }
            Booked::Claimed => {
                let costs = money(-costs);
                language.say(
                    format!("Kosten und Zinsen gefordert: {costs}"),
                    format!("costs and interest claimed: {costs}"),
                )
            }
            Booked::GivenBack => {
                let by = self.payment.map(|id| format!(" ({id})")).unwrap_or_default();
                language.say(format!("{back} gingen zurück{by}"), format!("{back} given back{by}"))
            }
            Booked::Unassigned => {
                language.say(format!("Zuordnung von {back}{by} aufgehoben"), format!("{back}{by} unassigned"))
            }
            Booked::SetOff => {
                language.say(format!("{paid} aus dem Guthaben"), format!("{paid} set off from the customer's credit"))
            }
            Booked::GivenUp => {
                let costs = money(self.waived);
                language.say(
                    format!("Kosten und Zinsen erlassen: {costs}"),
                    format!("costs and interest given up: {costs}"),
                )
            }
            Booked::PaidOut => {
                language.say("das Guthaben wird ausgezahlt", "the customer's credit is to be paid out").to_owned()
            }
            Booked::RefundWithdrawn | Booked::CreditGivenBack | Booked::CreditTakenBack => {
                language.say(format!("{back} Guthaben zurückgenommen"), format!("{back} of credit taken back"))
            }
            Booked::Corrected => {
                let amount = money(self.principal + self.discount);
                language.say(format!("berichtigt um {amount}"), format!("corrected by {amount}"))
            }
            Booked::WrittenOff => {
                let amount = money(self.principal);
                language.say(format!("{amount} abgeschrieben"), format!("{amount} written off"))
            }
            Booked::WriteoffUndone => {
                let amount = money(-self.principal);
                language.say(format!("{amount} nicht mehr abgeschrieben"), format!("{amount} written off no more"))
            }
            Booked::ClaimTakenBack => {
                let costs = money(costs);
                language.say(
                    format!("Kosten und Zinsen zurückgenommen: {costs}"),
                    format!("costs and interest taken back: {costs}"),
                )
            }
        }
    }
}

impl Posted {
    fn name(&self, language: Language) -> String {
        self.stage(language).unwrap_or_else(|| self.kind.words(1, language).to_owned())
    }

    fn short(&self, language: Language) -> String {
        let (name, to) = (self.name(language), &self.recipients);
        let deadline = self.item.map(|item| language.day(item.deadline_on));
        let deadline = deadline.map(|day| language.say(format!(", Frist {day}"), format!(", deadline {day}")));
        let deadline = deadline.unwrap_or_default();
        match self.left() {
            Some(left) if left.event == LetterEvent::Posted => language
                .say(format!("{name} von Hand zugestellt{deadline}"), format!("{name} delivered by hand{deadline}")),
            Some(_) => language.say(format!("{name} an {to}{deadline}"), format!("{name} sent to {to}{deadline}")),
            None => format!("{name}: {}", self.standing(language)),
        }
    }
}

/// Where an invoice stands: `paid`, `overdue, reminder`.
#[derive(Debug, Clone)]
pub struct Standing {
    /// Its state in the books.
    pub state: ReceivableState,
    /// Whether it takes an invoice back: it is closed by being set off.
    pub is_correction: bool,
    /// Whether it should have been paid.
    pub is_overdue: bool,
    /// The last letter that counts, and what its policy called it; nothing before the first one, or when nothing is open.
    pub stage: Option<(i64, Option<String>)>,
}

impl Standing {
    /// Says it.
    pub fn words(&self, language: Language) -> String {
        let state = match self.state {
            ReceivableState::Open => language.say("offen", "open"),
            ReceivableState::PartiallyPaid => language.say("teilweise bezahlt", "partially paid"),
            ReceivableState::Paid if self.is_correction => language.say("verrechnet", "set off"),
            ReceivableState::Paid => language.say("bezahlt", "paid"),
            ReceivableState::Cancelled => language.say("storniert", "cancelled"),
            ReceivableState::WrittenOff => language.say("abgeschrieben", "written off"),
            ReceivableState::Credited => language.say("berichtigt", "credited"),
        };
        let is_plain = self.is_overdue && self.state == ReceivableState::Open;
        let overdue = language.say("überfällig", "overdue").to_owned();
        let stage = self.stage.as_ref().map(|(stage, name)| stage_name(*stage, name.as_deref(), language));
        let words = [Some(state.to_owned()).filter(|_| !is_plain), self.is_overdue.then_some(overdue), stage];
        words.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}
