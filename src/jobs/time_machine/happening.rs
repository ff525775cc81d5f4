//! What happens in a simulation on a day: the owner's acts, told by a file.

use std::path::Path;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::Deserialize;

use crate::dunning::InstalmentPlace;
use crate::fact::{LateDiscount, Paused, Rest, WriteoffReason};
use crate::id::PaymentId;
use crate::invoice::Extent;
use crate::jobs::bank::confirm;
use crate::jobs::bank::discard::discard;
use crate::jobs::bank::settle::settle;
use crate::jobs::billing::by_command;
use crate::jobs::billing::release::Released;
use crate::jobs::collections::costs_left;
use crate::jobs::collections::handover::{Ripe, hand_over};
use crate::jobs::collections::holds::Act;
use crate::jobs::collections::{holds, insolvency, late_discount, plan};
use crate::jobs::corrections::{take_back, write_off};
use crate::jobs::mailroom::{by_hand, returned};
use crate::jobs::office::event::Event;
use crate::jobs::office::{JobError, Office, doubt, pause};
use crate::jobs::quotes::invoice::{Part, invoice};
use crate::jobs::quotes::{answer, paper};
use crate::jobs::receipts::agree::{self, Agreement};
use crate::jobs::receipts::assign::{Learn, assign, wanted};
use crate::jobs::receipts::ignore::ignore;
use crate::jobs::receipts::learned::forget_iban;
use crate::jobs::receipts::record::{PaidBy, Recorded, record};
use crate::jobs::receipts::refund;
use crate::jobs::receipts::unassign::unassign;
use crate::money::{Amount, decimal};
use crate::question::Money;
use crate::reference::Iban;
use crate::refusal::{NameRefusal, PaymentRefusal};
use crate::told::{Deed, NoEvent};

/// Something that happens on a day of a simulation.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Dated {
    /// The day.
    pub date: NaiveDate,
    /// What happens.
    #[serde(flatten)]
    pub what: Happening,
}

/// What is credited of a line.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreditedLine {
    /// Its place, from 1.
    pub line: usize,
    /// How much of it; nothing: all that is left.
    #[serde(default, with = "decimal::option")]
    pub quantity: Option<Decimal>,
}

/// What can happen beside the bank.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Happening {
    /// A file of the bank folder arrives on this day, and not on the day after its newest closing balance.
    Statement {
        /// Its name.
        file: String,
    },
    /// A customer disputes an invoice.
    Dispute {
        /// Which.
        invoice: String,
    },
    /// The dispute is settled.
    DisputeEnd {
        /// Which invoice.
        invoice: String,
    },
    /// The mail with an invoice came back.
    Bounce {
        /// Which.
        invoice: String,
    },
    /// An invoice that came back was delivered anew.
    Redelivered {
        /// Which.
        invoice: String,
    },
    /// The last dunning letter on an invoice came back.
    DunBounce {
        /// Which.
        invoice: String,
    },
    /// The address is right now.
    AddressFixed {
        /// The invoice whose letter came back.
        invoice: String,
    },
    /// A Skonto of an issued invoice is agreed on.
    Agree {
        /// The invoice.
        invoice: String,
        /// Percent of the gross amount.
        #[serde(with = "crate::money::decimal")]
        percent: Decimal,
        /// The last day.
        until: NaiveDate,
        /// With whom.
        with: String,
    },
    /// That is taken back.
    AgreementWithdrawn {
        /// The invoice.
        invoice: String,
    },
    /// The owner ends a contract.
    ContractEnd {
        /// The contract.
        contract: String,
        /// The last day of service.
        on: NaiveDate,
    },
    /// The owner pauses a contract.
    ContractPause {
        /// The contract.
        contract: String,
        /// The first day.
        from: NaiveDate,
        /// The last day; nothing: until it is released.
        #[serde(default)]
        until: Option<NaiveDate>,
    },
    /// The owner skips a period of a contract.
    ContractSkip {
        /// The contract.
        contract: String,
        /// A day in it; nothing: the next one.
        #[serde(default)]
        day: Option<NaiveDate>,
    },
    /// A customer promises to pay.
    Promise {
        /// Which invoice.
        invoice: String,
        /// By which day.
        until: NaiveDate,
    },
    /// No letters to a customer.
    Block {
        /// The customer's number.
        customer: String,
    },
    /// Letters to the customer again.
    Unblock {
        /// The customer's number.
        customer: String,
    },
    /// A customer agrees to pay in instalments.
    Instalments {
        /// Which invoice.
        invoice: String,
        /// The instalments: `2026-05-01=400.00`.
        instalments: Vec<String>,
    },
    /// No letters about an invoice or to a customer.
    Hold {
        /// The invoice or the customer.
        name: String,
        /// Through which day.
        until: Option<NaiveDate>,
    },
    /// Letters again.
    Release {
        /// The invoice or the customer.
        name: String,
    },
    /// The owner hands an invoice over to a lawyer or a collection agency.
    Handover {
        /// The invoice.
        invoice: String,
        /// Before the last letter.
        #[serde(default)]
        now: bool,
    },
    /// The owner pauses `dunning` or `issuing`.
    Pause {
        /// What.
        what: Paused,
        /// Through which day.
        until: NaiveDate,
    },
    /// The owner ends a pause.
    Resume {
        /// Of what.
        what: Paused,
    },
    /// The owner confirms the date after a long silence.
    ClockConfirmed {},
    /// A customer is insolvent from this day on.
    Insolvent {
        /// The customer's number.
        customer: String,
    },
    /// The owner delivers a letter.
    Posted {
        /// What it is about.
        about: String,
    },
    /// The owner assigns a payment.
    Assign {
        /// The payment: `P-3`.
        payment: String,
        /// The documents: `RE-2026-0001`, or `RE-2026-0001=50.00`.
        documents: Vec<String>,
        /// What happens to what is left.
        #[serde(default)]
        rest: Rest,
        /// Whether the payer's account is remembered.
        #[serde(default)]
        learn: Learn,
    },
    /// The owner takes the assignments of a payment back.
    Unassign {
        /// The payment.
        payment: String,
    },
    /// The owner says that a payment concerns no invoice.
    Ignore {
        /// The payment.
        payment: String,
    },
    /// A customer pays in cash.
    PaidInCash {
        /// How much.
        amount: String,
        /// What it pays.
        documents: Vec<String>,
    },
    /// The owner gives up what is left of the costs of a paid invoice.
    Waive {
        /// Which.
        invoice: String,
    },
    /// The owner asks for it.
    Pursue {
        /// Which.
        invoice: String,
    },
    /// The owner lets a Skonto count that was taken too late.
    DiscountAccepted {
        /// The invoice.
        invoice: String,
    },
    /// The owner claims what such a Skonto left.
    DiscountClaimed {
        /// The invoice.
        invoice: String,
    },
    /// The owner says what becomes of all late discounts of a customer.
    LateDiscounts {
        /// The customer's number.
        customer: String,
        /// What.
        answer: LateDiscount,
    },
    /// The owner sends a quote.
    QuoteSent {
        /// Its number in the book.
        quote: String,
    },
    /// The customer accepts it.
    QuoteAccepted {
        /// Its number in the book.
        quote: String,
        /// What he chooses of it.
        #[serde(default)]
        choose: Vec<String>,
    },
    /// The customer declines it.
    QuoteDeclined {
        /// Its number in the book.
        quote: String,
    },
    /// The owner lets it be accepted for longer.
    QuoteExtended {
        /// Its number in the book.
        quote: String,
        /// The last day now.
        until: NaiveDate,
    },
    /// The owner confirms the order.
    OrderConfirmed {
        /// The number of the quote in the book.
        quote: String,
    },
    /// The owner invoices an order, or a part of it.
    OrderInvoiced {
        /// The number of the quote in the book.
        quote: String,
        /// What of it.
        part: Part,
    },
    /// The owner draws a refund over a customer's credit.
    Refund {
        /// The customer's number.
        customer: String,
    },
    /// The owner cancels an invoice.
    Cancel {
        /// The invoice.
        invoice: String,
    },
    /// The owner credits a part of an invoice: lines, percent, an amount with VAT, or all that is left.
    Credit {
        /// The invoice.
        invoice: String,
        /// Its lines, by their places, and how much of each: all that is left of it where nothing is said.
        #[serde(default)]
        lines: Vec<CreditedLine>,
        /// Percent of it.
        #[serde(default, with = "decimal::option")]
        percent: Option<Decimal>,
        /// An amount with VAT.
        #[serde(default)]
        amount: Option<String>,
    },
    /// The owner gives up what is open of an invoice.
    Writeoff {
        /// The invoice.
        invoice: String,
        /// How much; nothing: all that is open.
        #[serde(default)]
        amount: Option<String>,
        /// Why.
        reason: WriteoffReason,
    },
    /// The owner confirms that nothing was booked on an account.
    BankConfirmed {
        /// The account.
        account: String,
        /// The last day.
        through: NaiveDate,
        /// The balance.
        balance: String,
    },
    /// The owner discards a bank file that was not booked.
    BankDiscarded {
        /// Its name.
        file: String,
    },
    /// The owner says why the entries of an account do not add up.
    BankSettled {
        /// The account.
        account: String,
        /// By how much they are off.
        difference: String,
    },
    /// The owner forgets an account that was learned.
    IbanForgotten {
        /// The customer's number.
        customer: String,
        /// The account.
        iban: Iban,
    },
    /// The daemon does not run from this day through another.
    Down {
        /// The last day.
        until: NaiveDate,
    },
}

/// Lets something happen.
pub(super) async fn happen(office: &Office, event: &Dated, out: Option<&Path>) -> Result<(), JobError> {
    let run = office.run("event");
    let deed = match &event.what {
        Happening::Statement { .. } => return Ok(()),
        Happening::Down { until } => Deed::Down { until: *until },
        Happening::Dispute { invoice } => {
            holds::act(office, &run, Act::Dispute, invoice, None, "disputed").await?;
            Deed::Disputed { invoice: invoice.clone() }
        }
        Happening::DisputeEnd { invoice } => {
            holds::release(office, &run, invoice, None, "the dispute is settled").await?;
            Deed::DisputeSettled { invoice: invoice.clone() }
        }
        Happening::Bounce { invoice } => {
            returned::came_back(office, &run, invoice, false, "5.1.1 no such mailbox").await?;
            Deed::MailCameBack { invoice: invoice.clone() }
        }
        Happening::DunBounce { invoice } => {
            returned::came_back(office, &run, invoice, true, "5.1.1 no such mailbox").await?;
            Deed::LetterCameBack { invoice: invoice.clone() }
        }
        Happening::Redelivered { invoice } => {
            returned::resend(office, &run, invoice).await?;
            by_hand::delivered(office, &run, invoice).await?;
            Deed::Redelivered { invoice: invoice.clone() }
        }
        Happening::AddressFixed { invoice } => {
            returned::address_fixed(office, &run, invoice).await?;
            Deed::AddressRight { invoice: invoice.clone() }
        }
        Happening::Agree { invoice, percent, until, with } => {
            let agreement = Agreement { percent: *percent, until: *until, with: with.clone(), reason: String::new() };
            agree::agree(office, &run, invoice, &agreement).await?;
            let percent = office.config.owner.language.number(*percent);
            Deed::Agreed { invoice: invoice.clone(), percent, with: with.clone(), until: *until }
        }
        Happening::AgreementWithdrawn { invoice } => {
            agree::withdraw(office, &run, invoice, "").await?;
            Deed::AgreementWithdrawn { invoice: invoice.clone() }
        }
        Happening::ContractEnd { contract, on } => {
            by_command::end(office, &run, contract, *on, "").await?;
            Deed::ContractEnded { contract: contract.clone(), last_day: *on }
        }
        Happening::ContractPause { contract, from, until } => {
            by_command::pause(office, &run, contract, (*from, *until), "").await?;
            let (contract, from) = (contract.clone(), *from);
            match *until {
                Some(until) => Deed::ContractPausedUntil { contract, from, until },
                None => Deed::ContractPaused { contract, from },
            }
        }
        Happening::ContractSkip { contract, day } => {
            let (_, skipped) = by_command::skip(office, &run, contract, *day, "").await?;
            Deed::PeriodSkipped { contract: contract.clone(), from: skipped.starts_on }
        }
        Happening::Promise { invoice, until } => {
            holds::act(office, &run, Act::Promise, invoice, Some(*until), "promised").await?;
            Deed::Promised { invoice: invoice.clone(), until: *until }
        }
        Happening::Instalments { invoice, instalments } => {
            let each = instalments.iter().enumerate();
            let lines: Vec<_> = each.map(|(n, text)| (InstalmentPlace::Nth(n + 1), text.clone())).collect();
            plan::agree_plan(office, &run, invoice, &lines).await?;
            Deed::Instalments { invoice: invoice.clone(), instalments: instalments.clone() }
        }
        Happening::Hold { name, until } => {
            holds::act(office, &run, Act::Hold, name, *until, "held").await?;
            match *until {
                Some(until) => Deed::HeldUntil { name: name.clone(), until },
                None => Deed::Held { name: name.clone() },
            }
        }
        Happening::Release { name } => match holds::release(office, &run, name, None, "released").await? {
            Released::Undone { .. } => Deed::ContractGoesOn { contract: name.clone() },
            Released::Holds(_) | Released::Periods { .. } | Released::Nothing => Deed::Released { name: name.clone() },
        },
        Happening::Handover { invoice, now } => {
            let ripe = if *now { Ripe::Now } else { Ripe::AfterLastLetter };
            let folder = out.map(|out| out.join("handover"));
            let done = hand_over(office, &run, invoice, ripe, "", folder.as_deref()).await?;
            let total = Money { amount: done.total, currency: done.currency };
            Deed::HandedOver { invoice: invoice.clone(), total }
        }
        Happening::Pause { what, until } => {
            pause::pause(office, &run, *what, *until, "holidays").await?;
            Deed::Paused { what: what.name(), until: *until }
        }
        Happening::Resume { what } => {
            pause::resume(office, &run, *what).await?;
            Deed::Resumed { what: what.name() }
        }
        Happening::ClockConfirmed {} => {
            doubt::confirm_clock(office, &run).await?;
            Deed::ClockConfirmed {}
        }
        Happening::Insolvent { customer } => {
            insolvency::insolvent(office, &run, customer, event.date).await?;
            Deed::Insolvent { customer: customer.clone() }
        }
        Happening::Posted { about } => {
            by_hand::posted(office, &run, about).await?;
            Deed::Posted { about: about.clone() }
        }
        Happening::Assign { payment, documents, rest, learn } => {
            assign(office, &run, payment_id(payment)?, &wanted(documents), *rest, *learn).await?;
            Deed::Assigned { payment: payment.clone(), documents: documents.clone() }
        }
        Happening::Unassign { payment } => {
            let numbers = unassign(office, &run, payment_id(payment)?, "a mistake").await?;
            let payment = payment.clone();
            if numbers.is_empty() { Deed::Unassigned { payment } } else { Deed::Reopened { payment, numbers } }
        }
        Happening::Ignore { payment } => {
            ignore(office, &run, payment_id(payment)?, "no invoice").await?;
            Deed::Ignored { payment: payment.clone() }
        }
        Happening::PaidInCash { amount, documents } => {
            let currency = office.config.business.currency;
            let (by, on, amount) = (PaidBy::Cash, event.date, amount.clone());
            let recorded = Recorded { by, on, amount, currency, payer: None, note: None, key: None };
            let recorded = record(office, &run, &recorded, &wanted(documents), Rest::Open).await?;
            Deed::PaidInCash { payment: recorded.payment.to_string(), documents: documents.clone() }
        }
        Happening::Waive { invoice } => {
            let left = costs_left::waive(office, &run, invoice).await?;
            let costs = Money { amount: left.amount, currency: left.currency };
            Deed::Waived { invoice: invoice.clone(), costs }
        }
        Happening::Pursue { invoice } => {
            let left = costs_left::pursue(office, &run, invoice, "").await?;
            let costs = Money { amount: left.amount, currency: left.currency };
            Deed::Pursued { invoice: invoice.clone(), costs }
        }
        Happening::DiscountAccepted { invoice } => {
            let rest = late_discount::accept(office, &run, invoice).await?;
            let rest = Money { amount: rest.rest, currency: rest.currency };
            Deed::DiscountAccepted { invoice: invoice.clone(), rest }
        }
        Happening::DiscountClaimed { invoice } => {
            let rest = late_discount::claim(office, &run, invoice, "").await?;
            let rest = Money { amount: rest.rest, currency: rest.currency };
            Deed::DiscountClaimed { invoice: invoice.clone(), rest }
        }
        Happening::LateDiscounts { customer, answer } => {
            let answered = late_discount::always(office, &run, customer, *answer, "").await?;
            let numbers: Vec<String> = answered.into_iter().map(|one| one.number).collect();
            let (customer, answer) = (customer.clone(), answer.name());
            if numbers.is_empty() {
                Deed::LateDiscounts { customer, answer }
            } else {
                Deed::LateDiscountsAtOnce { customer, answer, numbers }
            }
        }
        Happening::QuoteSent { quote } => {
            paper::send(office, &run, quote).await?;
            return Ok(());
        }
        Happening::QuoteAccepted { quote, choose } => {
            answer::accept(office, &run, quote, choose).await?;
            Deed::QuoteAccepted { quote: quote.clone() }
        }
        Happening::QuoteDeclined { quote } => {
            answer::decline(office, &run, quote, "").await?;
            Deed::QuoteDeclined { quote: quote.clone() }
        }
        Happening::QuoteExtended { quote, until } => {
            answer::extend(office, &run, quote, *until).await?;
            Deed::QuoteExtended { quote: quote.clone(), until: *until }
        }
        Happening::OrderConfirmed { quote } => {
            paper::confirm(office, &run, quote).await?;
            return Ok(());
        }
        Happening::OrderInvoiced { quote, part } => {
            invoice(office, &run, quote, part).await?;
            return Ok(());
        }
        Happening::Refund { customer } => {
            let drawn = refund::draw(office, &run, customer, None).await?;
            let refund = Money { amount: drawn.amount, currency: drawn.currency };
            Deed::RefundDrawn { number: drawn.number, refund, customer: customer.clone() }
        }
        Happening::Cancel { invoice } => {
            let cancelled = take_back::cancel(office, &run, invoice, "").await?;
            Deed::Cancelled { invoice: invoice.clone(), by: cancelled.number }
        }
        Happening::Credit { invoice, lines, percent, amount } => {
            let extent = match (percent, amount) {
                (Some(percent), _) => Extent::Percent(*percent),
                (None, Some(amount)) => {
                    let currency = office.config.business.currency;
                    let amount = Amount::typed(amount, currency);
                    Extent::Amount(amount.map_err(|why| JobError::refused(PaymentRefusal::Amount { why }))?)
                }
                (None, None) if lines.is_empty() => Extent::Rest,
                (None, None) => Extent::Lines(lines.iter().map(|line| (line.line, line.quantity)).collect()),
            };
            let credited = take_back::credit(office, &run, invoice, &extent, "").await?;
            Deed::Credited { invoice: invoice.clone(), by: credited.number }
        }
        Happening::Writeoff { invoice, amount, reason } => {
            let amount = amount.as_deref();
            let given_up = write_off::write_off(office, &run, invoice, amount, (*reason, true)).await?;
            Deed::WrittenOff {
                invoice: invoice.clone(),
                amount: Money { amount: given_up.amount, currency: given_up.currency },
            }
        }
        Happening::BankConfirmed { account, through, balance } => {
            confirm::confirm(office, &run, account, *through, balance).await?;
            Deed::NothingBooked { account: account.clone(), through: *through }
        }
        Happening::BankDiscarded { file } => {
            let names = discard(office, &run, file, "nothing of it is missing").await?;
            Deed::Discarded { files: names }
        }
        Happening::BankSettled { account, difference } => {
            settle(office, &run, account, difference, "looked into").await?;
            Deed::Settled { account: account.clone(), difference: difference.clone() }
        }
        Happening::IbanForgotten { customer, iban } => {
            forget_iban(office, &run, customer, iban, "somebody else's").await?;
            Deed::Forgotten { iban: iban.short(), customer: customer.clone() }
        }
        Happening::Block { customer } => {
            holds::act(office, &run, Act::Hold, customer, None, "blocked").await?;
            Deed::Held { name: customer.clone() }
        }
        Happening::Unblock { customer } => {
            holds::release(office, &run, customer, None, "unblocked").await?;
            Deed::Released { name: customer.clone() }
        }
    };
    let what = deed.words(office.config.owner.language);
    office.tell(event.date, &Event::Happened { what });
    Ok(())
}

fn payment_id(text: &str) -> Result<PaymentId, JobError> {
    text.parse()
        .map_err(|_: crate::id::NotAPayment| JobError::refused(NameRefusal::NoPayment { name: text.to_owned() }))
}

/// Reads events, one JSON object a line.
///
/// # Errors
/// When a line is no event: which, and what its reader says.
pub fn read_events(text: &str) -> Result<Vec<Dated>, NoEvent> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let events = lines.map(|(place, line)| {
        serde_json::from_str::<Dated>(line).map_err(|error| NoEvent::Line { line: place + 1, said: error.to_string() })
    });
    events.collect()
}
