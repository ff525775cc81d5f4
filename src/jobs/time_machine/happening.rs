//! What happens in a simulation on a day: the owner's acts, told by a file.

use std::path::Path;

use chrono::NaiveDate;
use serde::Deserialize;

use crate::dunning::InstalmentPlace;
use crate::fact::{LateDiscount, Paused, Rest};
use crate::id::PaymentId;
use crate::jobs::bank::confirm;
use crate::jobs::bank::discard::discard;
use crate::jobs::bank::settle::settle;
use crate::jobs::collections::costs_left;
use crate::jobs::collections::handover::{Ripe, hand_over};
use crate::jobs::collections::holds::Act;
use crate::jobs::collections::{holds, insolvency, late_discount, plan};
use crate::jobs::mailroom::{by_hand, returned};
use crate::jobs::office::event::Event;
use crate::jobs::office::{JobError, Office, doubt, pause};
use crate::jobs::receipts::assign::{Learn, assign, wanted};
use crate::jobs::receipts::ignore::ignore;
use crate::jobs::receipts::learned::forget_iban;
use crate::jobs::receipts::record::{PaidBy, Recorded, record};
use crate::jobs::receipts::refund;
use crate::jobs::receipts::unassign::unassign;
use crate::reference::Iban;
use crate::refusal::NameRefusal;

/// Something that happens on a day of a simulation.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Dated {
    /// The day.
    pub date: NaiveDate,
    /// What happens.
    #[serde(flatten)]
    pub what: Happening,
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
    /// The owner draws a refund over a customer's credit.
    Refund {
        /// The customer's number.
        customer: String,
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
    let what = match &event.what {
        Happening::Statement { .. } => return Ok(()),
        Happening::Down { until } => format!("the daemon does not run through {until}"),
        Happening::Dispute { invoice } => {
            holds::act(office, &run, Act::Dispute, invoice, None, "disputed").await?;
            format!("{invoice} is disputed")
        }
        Happening::DisputeEnd { invoice } => {
            holds::release(office, &run, invoice, None, "the dispute is settled").await?;
            format!("the dispute on {invoice} is settled")
        }
        Happening::Bounce { invoice } => {
            returned::came_back(office, &run, invoice, false, "5.1.1 no such mailbox").await?;
            format!("the mail with {invoice} came back")
        }
        Happening::DunBounce { invoice } => {
            returned::came_back(office, &run, invoice, true, "5.1.1 no such mailbox").await?;
            format!("the last letter on {invoice} came back")
        }
        Happening::Redelivered { invoice } => {
            returned::resend(office, &run, invoice).await?;
            by_hand::delivered(office, &run, invoice).await?;
            format!("{invoice} was delivered anew")
        }
        Happening::AddressFixed { invoice } => {
            returned::address_fixed(office, &run, invoice).await?;
            format!("the address for {invoice} is right now")
        }
        Happening::Promise { invoice, until } => {
            holds::act(office, &run, Act::Promise, invoice, Some(*until), "promised").await?;
            format!("{invoice} will be paid by {until}")
        }
        Happening::Instalments { invoice, instalments } => {
            let each = instalments.iter().enumerate();
            let lines: Vec<_> = each.map(|(n, text)| (InstalmentPlace::Nth(n + 1), text.clone())).collect();
            plan::agree_plan(office, &run, invoice, &lines).await?;
            format!("{invoice} is paid in instalments: {}", instalments.join(", "))
        }
        Happening::Hold { name, until } => {
            holds::act(office, &run, Act::Hold, name, *until, "held").await?;
            format!("no letters about {name}{}", until.map(|day| format!(" through {day}")).unwrap_or_default())
        }
        Happening::Release { name } => {
            holds::release(office, &run, name, None, "released").await?;
            format!("letters about {name} again")
        }
        Happening::Handover { invoice, now } => {
            let ripe = if *now { Ripe::Now } else { Ripe::AfterLastLetter };
            let folder = out.map(|out| out.join("handover"));
            let done = hand_over(office, &run, invoice, ripe, "", folder.as_deref()).await?;
            let total = done.total.plain(done.currency);
            format!("{invoice} is handed over: {total} {}", done.currency)
        }
        Happening::Pause { what, until } => {
            pause::pause(office, &run, *what, *until, "holidays").await?;
            format!("{} is paused through {until}", what.name())
        }
        Happening::Resume { what } => {
            pause::resume(office, &run, *what).await?;
            format!("{} goes on", what.name())
        }
        Happening::ClockConfirmed {} => {
            doubt::confirm_clock(office, &run).await?;
            "the clock is right".to_owned()
        }
        Happening::Insolvent { customer } => {
            insolvency::insolvent(office, &run, customer, event.date).await?;
            format!("{customer} is insolvent")
        }
        Happening::Posted { about } => {
            by_hand::posted(office, &run, about).await?;
            format!("the letter about {about} is posted")
        }
        Happening::Assign { payment, documents, rest, learn } => {
            assign(office, &run, payment_id(payment)?, &wanted(documents), *rest, *learn).await?;
            format!("{payment} is assigned to {}", documents.join(", "))
        }
        Happening::Unassign { payment } => {
            let numbers = unassign(office, &run, payment_id(payment)?, "a mistake").await?;
            let from = if numbers.is_empty() { String::new() } else { format!("; open again: {}", numbers.join(", ")) };
            format!("{payment} waits again{from}")
        }
        Happening::Ignore { payment } => {
            ignore(office, &run, payment_id(payment)?, "no invoice").await?;
            format!("{payment} concerns no invoice")
        }
        Happening::PaidInCash { amount, documents } => {
            let currency = office.config.business.currency;
            let (by, on, amount) = (PaidBy::Cash, event.date, amount.clone());
            let recorded = Recorded { by, on, amount, currency, payer: None, note: None, key: None };
            let recorded = record(office, &run, &recorded, &wanted(documents), Rest::Open).await?;
            format!("{} in cash for {}", recorded.payment, documents.join(", "))
        }
        Happening::Waive { invoice } => {
            let left = costs_left::waive(office, &run, invoice).await?;
            format!("{} of costs and interest of {invoice} are given up", left.amount.plain(left.currency))
        }
        Happening::Pursue { invoice } => {
            let left = costs_left::pursue(office, &run, invoice, "").await?;
            format!("{} of costs and interest of {invoice} are pursued", left.amount.plain(left.currency))
        }
        Happening::DiscountAccepted { invoice } => {
            let rest = late_discount::accept(office, &run, invoice).await?;
            format!("{} of discount of {invoice} are accepted", rest.rest.plain(rest.currency))
        }
        Happening::DiscountClaimed { invoice } => {
            let rest = late_discount::claim(office, &run, invoice, "").await?;
            format!("{} of discount of {invoice} are claimed", rest.rest.plain(rest.currency))
        }
        Happening::LateDiscounts { customer, answer } => {
            let answered = late_discount::always(office, &run, customer, *answer, "").await?;
            let numbers: Vec<String> = answered.into_iter().map(|one| one.number).collect();
            let at_once = if numbers.is_empty() { String::new() } else { format!("; at once: {}", numbers.join(", ")) };
            format!("late discounts of {customer}: {}{at_once}", answer.name())
        }
        Happening::Refund { customer } => {
            let drawn = refund::draw(office, &run, customer, None).await?;
            format!("{} over {} is drawn for {customer}", drawn.number, drawn.amount.plain(drawn.currency))
        }
        Happening::BankConfirmed { account, through, balance } => {
            confirm::confirm(office, &run, account, *through, balance).await?;
            format!("nothing was booked on {account} through {through}")
        }
        Happening::BankDiscarded { file } => {
            let names = discard(office, &run, file, "nothing of it is missing").await?;
            format!("{} is discarded", names.join(", "))
        }
        Happening::BankSettled { account, difference } => {
            settle(office, &run, account, difference, "looked into").await?;
            format!("that {account} is off by {difference} is settled")
        }
        Happening::IbanForgotten { customer, iban } => {
            forget_iban(office, &run, customer, iban, "somebody else's").await?;
            format!("{} is {customer}'s no more", iban.short())
        }
        Happening::Block { customer } => {
            holds::act(office, &run, Act::Hold, customer, None, "blocked").await?;
            format!("no letters to {customer}")
        }
        Happening::Unblock { customer } => {
            holds::release(office, &run, customer, None, "unblocked").await?;
            format!("letters to {customer} again")
        }
    };
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
/// In words, with the line.
pub fn read_events(text: &str) -> Result<Vec<Dated>, String> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let events = lines.map(|(place, line)| {
        serde_json::from_str::<Dated>(line).map_err(|error| format!("line {}: {error}", place + 1))
    });
    events.collect()
}
