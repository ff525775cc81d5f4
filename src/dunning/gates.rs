//! The gates in front of a letter that is due, in order of precedence (rule D5): why it would not leave, and what each one saw.

use chrono::NaiveDate;

use super::case::{CustomerCase, Item, Surroundings, Until};
use crate::language::Language;
use crate::money::Amount;

/// Why a letter that is due does not leave (rule D5), in order of precedence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum HoldReason {
    /// The owner handed the invoice over to a lawyer or a collection agency.
    HandedOver,
    /// The customer is insolvent.
    Insolvent,
    /// The customer disputes the invoice.
    Disputed,
    /// The invoice or the last letter did not arrive.
    Undelivered,
    /// The owner holds the invoice or the customer.
    Blocked,
    /// The owner paused all dunning.
    Paused,
    /// The customer promised to pay.
    Promise,
    /// An undecided payment could be the customer's.
    UnallocatedCredit,
    /// The customer's credit covers the invoice.
    CustomerCredit,
    /// Too little is open.
    BelowMinimum,
    /// The bank's data do not reach far enough.
    BankStale,
    /// The owner has not heard of it a day before.
    Unannounced,
}

impl HoldReason {
    /// All reasons, in order of precedence.
    pub const ALL: [HoldReason; 12] = [
        HoldReason::HandedOver,
        HoldReason::Insolvent,
        HoldReason::Disputed,
        HoldReason::Undelivered,
        HoldReason::Blocked,
        HoldReason::Paused,
        HoldReason::Promise,
        HoldReason::UnallocatedCredit,
        HoldReason::CustomerCredit,
        HoldReason::BelowMinimum,
        HoldReason::BankStale,
        HoldReason::Unannounced,
    ];

    /// Returns the word: `bank_stale`.
    pub const fn name(self) -> &'static str {
        match self {
            HoldReason::HandedOver => "handed_over",
            HoldReason::Insolvent => "insolvent",
            HoldReason::Disputed => "disputed",
            HoldReason::Undelivered => "undelivered",
            HoldReason::Blocked => "blocked",
            HoldReason::Paused => "paused",
            HoldReason::Promise => "promise",
            HoldReason::UnallocatedCredit => "unallocated_credit",
            HoldReason::CustomerCredit => "customer_credit",
            HoldReason::BelowMinimum => "below_minimum",
            HoldReason::BankStale => "bank_stale",
            HoldReason::Unannounced => "unannounced",
        }
    }

    /// Finds a reason by its word.
    pub fn by_name(name: &str) -> Option<HoldReason> {
        HoldReason::ALL.into_iter().find(|reason| reason.name() == name)
    }

    /// Says it in words that go into brackets: "bank data do not reach far enough".
    pub const fn words(self, language: Language) -> &'static str {
        let (german, english) = match self {
            HoldReason::HandedOver => ("zur Einziehung übergeben", "handed over for collection"),
            HoldReason::Insolvent => ("Kunde insolvent", "customer insolvent"),
            HoldReason::Disputed => ("bestritten", "disputed"),
            HoldReason::Undelivered => ("nicht angekommen", "not delivered"),
            HoldReason::Blocked => ("von Ihnen angehalten", "on hold by you"),
            HoldReason::Paused => ("Mahnen von Ihnen unterbrochen", "dunning paused by you"),
            HoldReason::Promise => ("Zahlung zugesagt", "payment promised"),
            HoldReason::UnallocatedCredit => ("eine Zahlung ist nicht zugeordnet", "a payment is not assigned"),
            HoldReason::CustomerCredit => ("Guthaben deckt die Rechnung", "credit covers the invoice"),
            HoldReason::BelowMinimum => ("Betrag zu klein", "too little is open"),
            HoldReason::BankStale => ("Bankdaten reichen nicht aus", "bank data do not reach far enough"),
            HoldReason::Unannounced => ("erst angekündigt", "just announced"),
        };
        match language {
            Language::De => german,
            Language::En => english,
        }
    }
}

/// A gate in front of a letter that is due, and what it saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gate {
    /// Why it would hold the letter.
    pub reason: HoldReason,
    /// Whether it does.
    pub holds: bool,
    /// What it looked at, for the record: a payment, an account, a day, amounts.
    pub saw: String,
}

/// Returns what speaks against handing an invoice over: the customer may have paid it, disputes it, was promised time, or never got it.
/// What only keeps settled from writing does not.
pub fn against_handover(case: &CustomerCase, item: &Item, around: Surroundings<'_>) -> Option<Gate> {
    gates(case, item, around).into_iter().find(|gate| {
        gate.holds
            && matches!(
                gate.reason,
                HoldReason::Disputed
                    | HoldReason::Undelivered
                    | HoldReason::Promise
                    | HoldReason::UnallocatedCredit
                    | HoldReason::CustomerCredit
                    | HoldReason::BankStale
            )
    })
}

/// The gates in front of a letter that is due (rule D5), in order of precedence: the first that holds gives the reason.
pub(super) fn gates(case: &CustomerCase, item: &Item, around: Surroundings<'_>) -> [Gate; HoldReason::ALL.len()] {
    let today = around.today;
    let until = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let in_force = |hold: &Option<Until>| hold.filter(|last| last.is_none_or(|day| day >= today));
    let blocked = in_force(&item.blocked).or(in_force(&case.blocked));
    let paused = in_force(&case.paused);
    let promised = item.promised_until.filter(|last| *last >= today);
    // The credit covers the oldest invoices first.
    let up_to_here = case
        .items
        .iter()
        .filter(|i| i.currency == item.currency && (i.due_on, &i.number) <= (item.due_on, &item.number));
    let open: Amount = up_to_here.map(|i| i.open.max(Amount::ZERO)).sum();
    let credit =
        case.credit.iter().find(|(currency, _)| *currency == item.currency).map_or(Amount::ZERO, |(_, credit)| *credit);
    let minimum = item.policy.min_amount.of(item.currency);
    let needed = around.business_days.before(today, item.policy.bank_max_age_business_days);
    let is_fresh = item.bank.covered_through.is_some_and(|day| day >= needed);
    let bank = match item.bank.covered_through {
        Some(day) if is_fresh => day.to_string(),
        _ => item.bank.weakest.clone(),
    };
    let credit_covers = credit.is_positive() && credit >= open;
    let plain = |amount: Amount| amount.plain(item.currency);
    let insolvent = case.insolvent_since.filter(|day| *day <= today);
    let payment = &case.unallocated_credit;
    HoldReason::ALL.map(|reason| {
        let (holds, saw) = match reason {
            HoldReason::HandedOver => (item.handed_over_on.is_some(), until(item.handed_over_on)),
            HoldReason::Insolvent => (insolvent.is_some(), until(insolvent)),
            HoldReason::Disputed => (item.disputed, String::new()),
            HoldReason::Undelivered => (item.undelivered, String::new()),
            HoldReason::Blocked => (blocked.is_some(), until(blocked.flatten())),
            HoldReason::Paused => (paused.is_some(), until(paused.flatten())),
            HoldReason::Promise => (promised.is_some(), until(promised)),
            HoldReason::UnallocatedCredit => (payment.is_some(), payment.clone().unwrap_or_default()),
            HoldReason::CustomerCredit => (credit_covers, plain(credit)),
            HoldReason::BelowMinimum => (item.open < minimum, plain(item.open)),
            HoldReason::BankStale => (!is_fresh, bank.clone()),
            HoldReason::Unannounced => (item.unannounced, String::new()),
        };
        Gate { reason, holds, saw }
    })
}
