//! A booking on an invoice: what it came to, and its words.

use chrono::NaiveDate;
use serde_json::json;

use super::page::{Line, Teller};
use crate::id::{DocumentId, PaymentId, RunId};
use crate::ledger::BatchKind;
use crate::money::{Amount, Currency};

/// A booking on a document. Parts have the sign of what is paid: a claim of costs, and what undoes a payment, are negative.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Booking {
    /// The civil day.
    pub on: NaiveDate,
    /// The run.
    pub run: RunId,
    /// What it came to.
    pub what: Booked,
    /// What for, in the ledger.
    pub kind: BatchKind,
    /// By which payment.
    pub payment: Option<PaymentId>,
    /// The document that it was set against, or that was set against it.
    pub other: Option<DocumentId>,
    /// The rule by which the payment was decided; empty where nothing was decided.
    pub rule: String,
    /// Its value date.
    pub value_on: NaiveDate,
    /// The document's currency.
    pub currency: Currency,
    /// Paid of the principal.
    pub principal: Amount,
    /// Taken off as a discount.
    pub discount: Amount,
    /// Of the costs: paid or given up.
    pub fee: Amount,
    /// Of the interest: paid or given up.
    pub interest: Amount,
    /// What of costs and interest was given up.
    pub waived: Amount,
    /// What of the principal nobody paid: it was written off, as far as the booking is for this document alone.
    pub written_off: Amount,
    /// What of the principal banks kept, as far as the booking is for this document alone.
    pub kept_by_banks: Amount,
}

/// What a booking came to for a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Booked {
    /// A payment paid it.
    Paid,
    /// The customer's credit paid it.
    SetOff,
    /// The owner gives up costs and interest that are left of it.
    GivenUp,
    /// A letter claims costs and interest.
    Claimed,
    /// It is a refund: the customer's credit is paid out.
    PaidOut,
    /// The refund was taken back.
    RefundWithdrawn,
    /// A payment was given back.
    GivenBack,
    /// Credit is gone from it, because its payment was given back.
    CreditGivenBack,
    /// Credit is gone from it.
    CreditTakenBack,
    /// The assignment of a payment was taken back.
    Unassigned,
    /// Costs and interest are claimed no more.
    ClaimTakenBack,
    /// A cancellation or a credit note was set against it; or it is one, and was set against what it is for.
    Corrected,
    /// What was open of it is given up, in part or all.
    WrittenOff,
    /// That is undone.
    WriteoffUndone,
}

impl Booked {
    /// Tells what a batch came to; `is_refund`: the document is one.
    pub fn of(kind: BatchKind, by_payment: bool, principal: Amount, waived: Amount, is_refund: bool) -> Booked {
        match kind {
            BatchKind::Allocation => Booked::Paid,
            BatchKind::Claim => Booked::Claimed,
            BatchKind::Return if by_payment => Booked::GivenBack,
            BatchKind::Return => Booked::CreditGivenBack,
            BatchKind::Issue | BatchKind::Opening | BatchKind::Receipt | BatchKind::Correction if by_payment => {
                Booked::Unassigned
            }
            // A claim that is taken back takes back what was given up of it.
            BatchKind::Correction if waived.is_positive() => Booked::GivenUp,
            BatchKind::Credit => Booked::SetOff,
            BatchKind::SetOff => Booked::Corrected,
            BatchKind::Writeoff if principal.is_negative() => Booked::WriteoffUndone,
            BatchKind::Writeoff => Booked::WrittenOff,
            BatchKind::Refund => Booked::PaidOut,
            BatchKind::Issue | BatchKind::Opening | BatchKind::Receipt | BatchKind::Correction if is_refund => {
                Booked::RefundWithdrawn
            }
            BatchKind::Issue | BatchKind::Opening | BatchKind::Receipt | BatchKind::Correction
                if !principal.is_zero() =>
            {
                Booked::CreditTakenBack
            }
            BatchKind::Issue | BatchKind::Opening | BatchKind::Receipt | BatchKind::Correction => {
                Booked::ClaimTakenBack
            }
        }
    }
}

impl Booking {
    /// Returns what was paid of costs and interest.
    pub fn costs(&self) -> Amount {
        self.fee + self.interest - self.waived
    }

    /// Returns what was paid of all.
    pub fn paid(&self) -> Amount {
        self.principal + self.costs() - self.written_off - self.kept_by_banks
    }
}

impl Teller<'_> {
    /// Tells a booking.
    pub(super) fn booking(&self, booking: &Booking) -> Line {
        let currency = booking.currency;
        let money = |amount: Amount| self.money(amount, currency);
        let payment = booking.payment.map(|id| id.to_string()).unwrap_or_default();
        let is_discount_alone = booking.paid().is_zero() && !booking.discount.is_zero();
        let (what, title, text) = match booking.what {
            Booked::Paid if is_discount_alone => {
                let discount = money(booking.discount);
                let text = self.say(
                    format!("{discount} Skonto nach der Frist gewährt ({payment})"),
                    format!("{discount} of discount accepted after its time ({payment})"),
                );
                ("discount", self.say("Skonto", "discount"), self.of_costs(text, booking))
            }
            Booked::GivenBack | Booked::Unassigned if is_discount_alone => {
                let discount = money(-booking.discount);
                let text = self.say(
                    format!("{discount} Skonto zurückgenommen, mit {payment}"),
                    format!("{discount} of discount taken back, with {payment}"),
                );
                ("corrected", self.say("berichtigt", "corrected"), text)
            }
            Booked::Paid => ("paid", self.say("bezahlt", "paid"), self.paid(booking)),
            Booked::Claimed => {
                let parts =
                    [(self.say("Kosten", "costs"), -booking.fee), (self.say("Zinsen", "interest"), -booking.interest)];
                let parts = parts.into_iter().filter(|(_, amount)| !amount.is_zero());
                let parts: Vec<String> = parts.map(|(name, amount)| format!("{} {name}", money(amount))).collect();
                ("claimed", self.say("gefordert", "claimed"), parts.join(", "))
            }
            Booked::SetOff => {
                let used = money(booking.paid());
                let text = self.say(format!("{used} aus dem Guthaben"), format!("{used} out of the customer's credit"));
                ("paid", self.say("verrechnet", "set off"), self.of_costs(text, booking))
            }
            Booked::GivenUp => {
                let costs = money(booking.waived);
                let text = self.say(
                    format!("{costs} Kosten und Zinsen sind erlassen"),
                    format!("{costs} of costs and interest are given up"),
                );
                ("waived", self.say("erlassen", "waived"), text)
            }
            Booked::PaidOut => {
                let text = self.say("das Guthaben wird ausgezahlt", "the customer's credit is paid out").to_owned();
                ("refund", self.say("Erstattung", "refund"), text)
            }
            Booked::RefundWithdrawn => {
                let text = self.say("die Erstattung ist zurückgenommen", "the refund is taken back").to_owned();
                ("corrected", self.say("berichtigt", "corrected"), text)
            }
            Booked::CreditTakenBack => {
                let back = money(-booking.principal);
                let text =
                    self.say(format!("{back} Guthaben zurückgenommen"), format!("{back} of credit were taken back"));
                ("corrected", self.say("berichtigt", "corrected"), text)
            }
            Booked::CreditGivenBack => {
                let back = money(-booking.paid());
                let text = self.say(
                    format!("{back} Guthaben zurückgenommen: seine Zahlung ging zurück"),
                    format!("{back} of credit were taken back: its payment was given back"),
                );
                ("returned", self.say("Rückgabe", "returned"), text)
            }
            Booked::GivenBack => {
                let back = money(-booking.paid());
                let text = self
                    .say(format!("{back} gingen zurück ({payment})"), format!("{back} were given back ({payment})"));
                ("returned", self.say("Rückgabe", "returned"), text)
            }
            Booked::Unassigned => {
                let back = money(-booking.paid());
                let text = self.say(
                    format!("die Zuordnung von {payment} über {back} ist aufgehoben"),
                    format!("the assignment of {payment} over {back} was taken back"),
                );
                ("unassigned", self.say("aufgehoben", "unassigned"), text)
            }
            Booked::ClaimTakenBack => {
                let costs = money(booking.fee + booking.interest);
                let text =
                    self.say(format!("{costs} werden nicht mehr gefordert"), format!("{costs} are claimed no more"));
                ("correction", self.say("berichtigt", "corrected"), text)
            }
            Booked::Corrected => {
                let by = booking.other.map(|id| self.names.number(id).to_owned()).unwrap_or_default();
                let amount =
                    money(if booking.principal.is_negative() { -booking.principal } else { booking.principal });
                let text = self.say(format!("{amount} verrechnet mit {by}"), format!("{amount} set against {by}"));
                ("corrected", self.say("berichtigt", "corrected"), text)
            }
            Booked::WrittenOff => {
                let amount = money(booking.principal);
                let text = self.say(format!("{amount} aufgegeben"), format!("{amount} given up"));
                ("written_off", self.say("abgeschrieben", "written off"), text)
            }
            Booked::WriteoffUndone => {
                let amount = money(-booking.principal);
                let text = self.say(
                    format!("{amount} sind nicht mehr abgeschrieben"),
                    format!("{amount} are written off no more"),
                );
                ("corrected", self.say("berichtigt", "corrected"), text)
            }
        };
        let mut line = Line::new(booking.on, what, title, text);
        line.facts = json!({
            "payment": booking.payment.map(|id| id.to_string()), "value_on": booking.value_on,
            "principal": booking.principal.plain(currency), "discount": booking.discount.plain(currency),
            "fee": booking.fee.plain(currency), "interest": booking.interest.plain(currency),
            "waived": booking.waived.plain(currency), "written_off": booking.written_off.plain(currency),
            "kept_by_banks": booking.kept_by_banks.plain(currency),
        });
        line.rule.clone_from(&booking.rule);
        line
    }

    fn paid(&self, booking: &Booking) -> String {
        let money = |amount: Amount| self.money(amount, booking.currency);
        let mut text = money(booking.paid());
        if let Some(payment) = booking.payment {
            let payer = self.names.payments.get(&payment).and_then(|payment| payment.payer.as_ref());
            let payer = payer.map(|payer| format!(" ({payer})")).unwrap_or_default();
            let value_on = self.day(booking.value_on);
            text = self.say(
                format!("{text} mit {payment}{payer}, Wertstellung {value_on}"),
                format!("{text} by {payment}{payer}, value date {value_on}"),
            );
        }
        for (amount, german, english) in [
            (booking.discount, "Skonto", "discount"),
            (booking.written_off, "abgeschrieben", "written off"),
            (booking.kept_by_banks, "von Banken einbehalten", "kept by banks"),
        ] {
            if !amount.is_zero() {
                text = format!("{text}; {} {}", money(amount), self.say(german, english));
            }
        }
        self.of_costs(text, booking)
    }

    /// Adds what of a booking was for costs and interest, and what of them was given up.
    fn of_costs(&self, mut text: String, booking: &Booking) -> String {
        for (amount, german, english) in [
            (booking.costs(), "davon für Kosten und Zinsen", "of it for costs and interest"),
            (booking.waived, "an Kosten und Zinsen erlassen", "of costs and interest given up"),
        ] {
            if !amount.is_zero() {
                text = format!("{text}; {} {}", self.money(amount, booking.currency), self.say(german, english));
            }
        }
        text
    }

    /// Tells that a cancellation or a credit note took an invoice back: what it took off, what of that became credit, in which currency.
    pub(super) fn taken_back(
        &self,
        on: NaiveDate,
        is_cancellation: bool,
        by: &str,
        (amount, credit, currency): (Amount, Amount, Currency),
    ) -> Line {
        let money = |amount: Amount| self.money(amount, currency);
        let mut text = self.say(format!("{} mit {by}", money(amount)), format!("{} by {by}", money(amount)));
        if credit.is_positive() {
            text += &self.say(
                format!("; {} waren bezahlt und wurden Guthaben", money(credit)),
                format!("; {} were paid and became credit", money(credit)),
            );
        }
        let (what, title) = if is_cancellation {
            ("cancelled", self.say("storniert", "cancelled"))
        } else {
            ("credited", self.say("berichtigt", "credited"))
        };
        let mut line = Line::new(on, what, title, text);
        line.facts = json!({ "by": by, "amount": amount.plain(currency), "credit": credit.plain(currency) });
        line
    }

    /// Tells that a payment was given back.
    pub(super) fn given_back(&self, on: NaiveDate, by: PaymentId, amount: Amount) -> Line {
        let money = self.currency.map(|currency| self.money(amount, currency)).unwrap_or_default();
        let text = self.say(format!("{money} gingen mit {by} zurück"), format!("{money} were given back by {by}"));
        Line::new(on, "returned", self.say("Rückgabe", "returned"), text)
    }
}
