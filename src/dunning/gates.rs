//! The gates in front of a letter that is due (rule D5): one entry for each, with all that there is to it. A new gate is a reason, its
//! entry, and what it looks at.
//!
//! Words stand in German and English. What a sentence is about is put in between braces: `{number}` and `{customer}` are the invoice's
//! and the customer's, `{on_hold}` whichever of both the owner holds; `{saw}` is what the gate saw as the books remember it, `{day}` and
//! `{money}` the same as one writes it, `{letters}` how many letters it holds.

use chrono::NaiveDate;

use super::policy::Policy;
use crate::calendar::BusinessDays;
use crate::money::{Amount, Currency};

/// What may stand in the way of every letter to a customer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CustomerObstacles {
    /// The first day of the customer's insolvency.
    pub insolvent_since: Option<NaiveDate>,
    /// The owner's hold on the customer, and until when.
    pub blocked: Option<Until>,
    /// The owner's pause of all dunning, and until when.
    pub paused: Option<Until>,
    /// An undecided payment that concerns the customer (open-credit guard).
    pub unallocated_credit: Option<UndecidedPayment>,
    /// The customer's credit balance plus open credit notes, by currency.
    pub credit: Vec<(Currency, Amount)>,
}

/// What may stand in the way of a letter on an invoice.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ItemObstacles {
    /// The day on which the owner handed it over to a lawyer or a collection agency.
    pub handed_over_on: Option<NaiveDate>,
    /// The customer disputes it.
    pub disputed: bool,
    /// The invoice, or the last letter, has not reached the customer.
    pub undelivered: bool,
    /// The owner's hold on the invoice, and until when.
    pub blocked: Option<Until>,
    /// The customer promised to pay by this day, or the next instalment of the payment plan is watched until then.
    pub promised_until: Option<NaiveDate>,
    /// A Skonto was taken too late and nobody has said what becomes of the rest: how much.
    pub discount_late: Option<Amount>,
    /// Something was received and not booked in which its payment may be, by name.
    pub bank_file_waiting: Option<String>,
    /// An account whose entries do not add up, so that its payment may be missing, by name.
    pub bank_unproved: Option<String>,
    /// The owner wants to hear of the next letter a day before it leaves, and has not heard of it.
    pub unannounced: bool,
}

/// The last day of a hold; absent: until the owner ends it.
pub type Until = Option<NaiveDate>;

/// A payment that nobody has decided, and that holds a customer's letters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UndecidedPayment {
    /// Its name: `P-90`.
    pub name: String,
    /// How long it holds them; that may be over.
    pub until: Until,
}

impl UndecidedPayment {
    /// Tells whether it holds letters on a day.
    pub fn holds(&self, today: NaiveDate) -> bool {
        self.until.is_none_or(|day| day >= today)
    }
}

/// How far the bank's data reach for an invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BankState {
    /// The last day that all accounts are covered through; absent: not all are.
    pub covered_through: Option<NaiveDate>,
    /// The account that reaches least far, by name.
    pub weakest: String,
}

/// All that a gate looks at.
pub(super) struct Sight<'a> {
    /// The civil day.
    pub(super) today: NaiveDate,
    /// The business's calendar.
    pub(super) business_days: &'a BusinessDays,
    /// What may stand in the way of every letter to the customer.
    pub(super) customer: &'a CustomerObstacles,
    /// What may stand in the way of a letter on the invoice.
    pub(super) item: &'a ItemObstacles,
    /// The policy that applies.
    pub(super) policy: &'a Policy,
    /// The invoice's currency.
    pub(super) currency: Currency,
    /// What is open of the invoice.
    pub(super) open: Amount,
    /// What is open of it and of all that was due before it, in its currency.
    pub(super) open_so_far: &'a dyn Fn() -> Amount,
    /// How far the bank's data reach.
    pub(super) bank: &'a BankState,
    /// The last day on which a payment was in time: the effective due date, or the deadline of the last letter.
    pub(super) payable_by: NaiveDate,
}

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
    /// A Skonto was taken too late, and the owner has not said what becomes of the rest.
    DiscountLate,
    /// An undecided payment could be the customer's.
    UnallocatedCredit,
    /// The customer's credit covers the invoice.
    CustomerCredit,
    /// Too little is open.
    BelowMinimum,
    /// Something that may be a statement was received and is not booked.
    BankFileWaiting,
    /// The entries of an account do not add up.
    BankUnproved,
    /// The bank's data do not reach far enough.
    BankStale,
    /// The owner has not heard of it a day before; always the last.
    Unannounced,
}

impl HoldReason {
    /// How many there are.
    pub(super) const COUNT: usize = HoldReason::Unannounced as usize + 1;
}

/// Whether a gate holds, and what it saw, for the record: a payment, an account, a day, an amount.
pub(super) struct Look {
    pub(super) holds: bool,
    pub(super) saw: String,
    /// The last day on which it holds, where it ends by itself.
    pub(super) through: Option<NaiveDate>,
}

/// Something said in German and in English.
pub(super) type Words = (&'static str, &'static str);

/// How that which a gate saw is said after its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Saw {
    /// Not at all.
    Nothing,
    /// As the day since which it holds.
    Since,
    /// As the day through which it holds; nothing while that is open.
    Until,
    /// After a colon: an account, an amount.
    Named,
    /// After a colon: a payment, in the words of whoever can look it up. It is decided by commands of its own.
    Payment,
}

/// How the owner is told at once that letters wait, and how the books remember that he was.
#[derive(Debug)]
pub struct ToldAtOnce {
    /// The rule under which the books remember it.
    pub rule: &'static str,
    pub(super) subject: Words,
    pub(super) opening: Words,
}

/// What speaks against handing an invoice over, and what to do first.
#[derive(Debug)]
pub(super) struct AgainstHandover {
    pub(super) words: Words,
    pub(super) command: &'static str,
}

/// All that there is to a gate.
pub(super) struct Entry {
    /// Why it holds a letter.
    pub(super) reason: HoldReason,
    /// The word in the books: `bank_stale`.
    pub(super) name: &'static str,
    /// Whether it holds, and what it saw.
    pub(super) look: fn(&Sight<'_>) -> Look,
    /// What is said of it in brackets: "bank data do not reach far enough".
    pub(super) words: Words,
    /// How that which it saw is said after the words.
    pub(super) saw: Saw,
    /// What is said when it let a letter pass; nothing when that is not worth a word.
    pub(super) passed: Option<Words>,
    /// The commands that end it; none where only time does.
    pub(super) commands: &'static [&'static str],
    /// When the letter leaves, unless that is a day that it saw.
    pub(super) leaves: Words,
    /// What speaks against handing the invoice over. What only keeps settled from writing does not.
    pub(super) against_handover: Option<AgainstHandover>,
    /// Whether it holds a notice before the due date too.
    pub(super) holds_notice: bool,
    /// Whether the invoice gets no letter any more, whatever its next stage is.
    pub(super) for_good: bool,
    /// Whether it holds today for what is another thing tomorrow: it does not keep a letter that another hold lets go by then.
    pub(super) is_of_the_day: bool,
    /// How the owner is told at once; nothing: the summary is soon enough.
    pub(super) told_at_once: Option<ToldAtOnce>,
}

/// The gates, each in the place of its reason: the first that holds gives the reason.
pub(super) static GATES: [Entry; HoldReason::COUNT] = [
    Entry {
        reason: HoldReason::HandedOver,
        name: "handed_over",
        look: |sight| Look::since(sight.item.handed_over_on),
        words: ("zur Einziehung übergeben", "handed over for collection"),
        saw: Saw::Since,
        // What is handed over comes to no letter at all.
        passed: None,
        commands: &["settled release {number}"],
        leaves: (
            "nichts von selbst; Zahlungen werden weiter zugeordnet",
            "nothing by itself; payments are matched as before",
        ),
        against_handover: None,
        holds_notice: true,
        for_good: true,
        is_of_the_day: false,
        told_at_once: None,
    },
    Entry {
        reason: HoldReason::Insolvent,
        name: "insolvent",
        look: |sight| Look::since(sight.customer.insolvent_since.filter(|day| *day <= sight.today)),
        words: ("Kunde insolvent", "customer insolvent"),
        saw: Saw::Since,
        passed: Some(("nicht insolvent", "not insolvent")),
        commands: &["settled customer claims {customer}", "settled customer insolvent {customer} --ended"],
        leaves: ("nichts, solange der Kunde insolvent ist", "nothing, as long as the customer is insolvent"),
        against_handover: None,
        holds_notice: true,
        for_good: false,
        is_of_the_day: false,
        told_at_once: None,
    },
    Entry {
        reason: HoldReason::Disputed,
        name: "disputed",
        look: |sight| Look::plain(sight.item.disputed),
        words: ("bestritten", "disputed"),
        saw: Saw::Nothing,
        passed: Some(("nicht bestritten", "not disputed")),
        commands: &["settled release {number}"],
        leaves: ("sobald Sie es freigeben", "as soon as you release it"),
        against_handover: Some(AgainstHandover {
            words: (
                "{number} ist bestritten; klären Sie das zuerst, und heben Sie es auf",
                "{number} is disputed; settle that first, and release it",
            ),
            command: "settled release {number}",
        }),
        holds_notice: true,
        for_good: false,
        is_of_the_day: false,
        told_at_once: None,
    },
    Entry {
        reason: HoldReason::Undelivered,
        name: "undelivered",
        look: |sight| Look::plain(sight.item.undelivered),
        words: ("nicht angekommen", "not delivered"),
        saw: Saw::Nothing,
        passed: Some(("angekommen", "delivered")),
        commands: &["settled apply", "settled letter resend {number}"],
        leaves: ("sobald es ankommt", "as soon as it is delivered"),
        against_handover: Some(AgainstHandover {
            words: (
                "{number}, oder das letzte Schreiben dazu, hat den Kunden nicht erreicht",
                "{number}, or the last letter on it, has not reached the customer",
            ),
            command: "settled why {number}",
        }),
        holds_notice: true,
        for_good: false,
        is_of_the_day: false,
        told_at_once: None,
    },
    Entry {
        reason: HoldReason::Blocked,
        name: "blocked",
        look: |sight| {
            let holds =
                [sight.item.blocked, sight.customer.blocked].into_iter().filter_map(|hold| sight.in_force(hold));
            Look::until(holds.max_by_key(|until| until.unwrap_or(NaiveDate::MAX)))
        },
        words: ("von Ihnen angehalten", "on hold by you"),
        saw: Saw::Until,
        passed: Some(("nicht angehalten", "no hold")),
        commands: &["settled release {on_hold}"],
        leaves: ("sobald Sie es freigeben", "as soon as you release it"),
        against_handover: None,
        holds_notice: true,
        for_good: false,
        is_of_the_day: false,
        told_at_once: None,
    },
    Entry {
        reason: HoldReason::Paused,
        name: "paused",
        look: |sight| Look::until(sight.in_force(sight.customer.paused)),
        words: ("Mahnen von Ihnen unterbrochen", "dunning paused by you"),
        saw: Saw::Until,
        passed: Some(("keine Pause", "no pause")),
        commands: &["settled resume dunning"],
        leaves: ("sobald Sie es freigeben", "as soon as you release it"),
        against_handover: None,
        holds_notice: true,
        for_good: false,
        is_of_the_day: false,
        told_at_once: None,
    },
    Entry {
        reason: HoldReason::Promise,
        name: "promise",
        look: |sight| Look::until(sight.in_force(sight.item.promised_until.map(Some))),
        words: ("Zahlung zugesagt", "payment promised"),
        saw: Saw::Until,
        passed: Some(("keine Zusage", "no promise")),
        commands: &["settled release {number}"],
        leaves: ("sobald Sie es freigeben", "as soon as you release it"),
        against_handover: Some(AgainstHandover {
            words: (
                "{number} ist bis {day} versprochen; wenn das nicht mehr gilt, heben Sie es auf",
                "{number} is promised until {day}; if that does not hold any more, release it",
            ),
            command: "settled release {number}",
        }),
        holds_notice: true,
        for_good: false,
        is_of_the_day: false,
        told_at_once: None,
    },
    Entry {
        reason: HoldReason::DiscountLate,
        name: "discount_late",
        look: |sight| {
            let rest = sight.item.discount_late;
            Look::at(rest.is_some(), rest.map(|rest| rest.plain(sight.currency)).unwrap_or_default())
        },
        words: ("Skonto zu spät genommen", "discount taken too late"),
        saw: Saw::Named,
        // Nearly always there is none.
        passed: None,
        commands: &[
            "settled invoice accept-discount {number}",
            "settled invoice claim-discount {number}",
            "settled customer late-discount {customer} accept",
            "settled customer late-discount {customer} claim",
        ],
        leaves: ("sobald Sie den Rest fordern", "as soon as you claim the rest"),
        against_handover: Some(AgainstHandover {
            words: (
                "{money} von {number} sind ein Skonto, das zu spät abgezogen wurde; gewähren oder fordern Sie es zuerst",
                "{money} of {number} are a discount that was taken too late; accept or claim it first",
            ),
            command: "settled why {number}",
        }),
        holds_notice: true,
        for_good: false,
        is_of_the_day: false,
        told_at_once: None,
    },
    Entry {
        reason: HoldReason::UnallocatedCredit,
        name: "unallocated_credit",
        look: |sight| {
            let Some(payment) = &sight.customer.unallocated_credit else { return Look::plain(false) };
            Look { through: payment.until, ..Look::at(payment.holds(sight.today), payment.name.clone()) }
        },
        words: ("eine Zahlung ist nicht zugeordnet", "a payment is not assigned"),
        saw: Saw::Payment,
        passed: Some(("keine offene Zahlung", "no undecided payment")),
        commands: &[],
        leaves: ("sobald {saw} entschieden ist", "as soon as {saw} is decided"),
        against_handover: Some(AgainstHandover {
            words: (
                "{saw} kann die Zahlung von {number} sein; entscheiden Sie sie zuerst",
                "{saw} may be the payment of {number}; decide it first",
            ),
            command: "settled why {saw}",
        }),
        holds_notice: true,
        for_good: false,
        is_of_the_day: false,
        told_at_once: None,
    },
    Entry {
        reason: HoldReason::CustomerCredit,
        name: "customer_credit",
        // The credit covers the oldest invoices first.
        look: |sight| {
            let credit = sight.customer.credit.iter().find(|(currency, _)| *currency == sight.currency);
            let credit = credit.map_or(Amount::ZERO, |(_, credit)| *credit);
            Look::at(credit.is_positive() && credit >= (sight.open_so_far)(), credit.plain(sight.currency))
        },
        words: ("Guthaben deckt die Rechnung", "credit covers the invoice"),
        saw: Saw::Named,
        passed: Some(("Guthaben {money}", "credit {money}")),
        commands: &[],
        leaves: ("sobald das Guthaben verrechnet ist", "as soon as the credit is used"),
        against_handover: Some(AgainstHandover {
            words: ("ein Guthaben von {money} deckt {number}", "a credit of {money} covers {number}"),
            command: "settled customer show {customer}",
        }),
        holds_notice: true,
        for_good: false,
        is_of_the_day: false,
        told_at_once: None,
    },
    Entry {
        reason: HoldReason::BelowMinimum,
        name: "below_minimum",
        look: |sight| {
            Look::at(sight.open < sight.policy.min_amount.of(sight.currency), sight.open.plain(sight.currency))
        },
        words: ("Betrag zu klein", "too little is open"),
        saw: Saw::Named,
        passed: Some(("offen {money}", "open {money}")),
        commands: &[],
        leaves: ("nichts, solange so wenig offen ist", "nothing, as long as so little is open"),
        against_handover: None,
        holds_notice: true,
        for_good: false,
        is_of_the_day: false,
        told_at_once: None,
    },
    Entry {
        reason: HoldReason::BankFileWaiting,
        name: "bank_file_waiting",
        look: |sight| {
            let file = &sight.item.bank_file_waiting;
            Look::at(file.is_some(), file.clone().unwrap_or_default())
        },
        words: ("eine Bankdatei ist nicht gebucht", "a bank file is not booked"),
        saw: Saw::Named,
        // Nearly always there is none.
        passed: None,
        commands: &["settled bank list", "settled bank discard {saw} --reason \"…\""],
        leaves: (
            "sobald Auszüge die Tage von {saw} abdecken, oder Sie die Datei verwerfen",
            "as soon as statements cover the days of {saw}, or you discard the file",
        ),
        against_handover: Some(AgainstHandover {
            words: (
                "die Bankdatei {saw} ist nicht gebucht: {number} kann bezahlt sein; legen Sie eine gute ab, oder verwerfen Sie sie",
                "the bank file {saw} is not booked: {number} may be paid; drop a good one, or discard it",
            ),
            command: "settled bank list",
        }),
        holds_notice: true,
        for_good: false,
        is_of_the_day: false,
        told_at_once: Some(ToldAtOnce {
            rule: "bank_file",
            subject: (
                "Eine Bankdatei ist nicht gebucht: {letters} Schreiben warten",
                "A bank file is not booked: {letters} letters wait",
            ),
            opening: (
                "in einer Datei der Bank, die nicht gebucht ist, kann eine Zahlung stehen. Solange geht an niemanden, dessen Zahlung \
                 darin sein kann, eine Erinnerung oder Mahnung hinaus. Decken Auszüge ihre Tage ab, geht alles von selbst weiter.",
                "a file of the bank that is not booked may hold a payment. Meanwhile no reminder and no dunning letter leaves to anybody \
                 whose payment may be in it. As soon as statements cover its days, everything goes on by itself.",
            ),
        }),
    },
    Entry {
        reason: HoldReason::BankUnproved,
        name: "bank_unproved",
        look: |sight| {
            let account = &sight.item.bank_unproved;
            Look::at(account.is_some(), account.clone().unwrap_or_default())
        },
        words: ("die Buchungen des Kontos gehen nicht auf", "the entries of the account do not add up"),
        saw: Saw::Named,
        // Nearly always they do.
        passed: None,
        commands: &["settled bank gaps"],
        leaves: (
            "sobald die Buchungen von {saw} zu den Salden passen, oder Sie die Abweichung geklärt haben",
            "as soon as the entries of {saw} go with its balances, or you have settled the difference",
        ),
        against_handover: Some(AgainstHandover {
            words: (
                "die Buchungen von {saw} gehen nicht auf: {number} kann bezahlt sein; klären Sie das zuerst",
                "the entries of {saw} do not add up: {number} may be paid; settle that first",
            ),
            command: "settled bank gaps",
        }),
        holds_notice: true,
        for_good: false,
        is_of_the_day: false,
        told_at_once: Some(ToldAtOnce {
            rule: "bank_proof",
            subject: (
                "Die Buchungen eines Kontos gehen nicht auf: {letters} Schreiben warten",
                "The entries of an account do not add up: {letters} letters wait",
            ),
            opening: (
                "die Buchungen eines Kontos ergeben nicht, was seine Salden sagen: eine Zahlung kann fehlen oder doppelt sein. \
                 Solange geht an niemanden, der auf dieses Konto zahlt, eine Erinnerung oder Mahnung hinaus. Sehen Sie nach, \
                 und sagen Sie, was es war.",
                "the entries of an account do not come to what its balances say: a payment may be missing, or be there twice. \
                 Meanwhile no reminder and no dunning letter leaves to anybody who pays into this account. Look into it, and \
                 say what it was.",
            ),
        }),
    },
    Entry {
        reason: HoldReason::BankStale,
        name: "bank_stale",
        look: |sight| {
            let recent = sight.business_days.before(sight.today, sight.policy.bank_max_age_business_days);
            // Money that came in time could still be unseen; of a day to come nobody can ask that.
            let needed = if sight.payable_by < sight.today { recent.max(sight.payable_by) } else { recent };
            match sight.bank.covered_through {
                Some(day) if day >= needed => Look::at(false, day.to_string()),
                _ => Look::at(true, sight.bank.weakest.clone()),
            }
        },
        words: ("Bankdaten reichen nicht aus", "bank data do not reach far enough"),
        saw: Saw::Named,
        passed: Some(("Bank bis {day}", "bank up to {day}")),
        commands: &["settled bank import FILE"],
        leaves: (
            "sobald die Auszüge von {saw} weit genug reichen",
            "as soon as the statements of {saw} reach far enough",
        ),
        against_handover: Some(AgainstHandover {
            words: (
                "die Auszüge von {saw} reichen nicht weit genug: {number} kann bezahlt sein; legen Sie erst den neuesten ab",
                "the statements of {saw} do not reach far enough: {number} may be paid; drop the newest first",
            ),
            command: "settled bank list",
        }),
        holds_notice: true,
        for_good: false,
        is_of_the_day: true,
        told_at_once: Some(ToldAtOnce {
            rule: "bank",
            subject: ("Bankdaten fehlen: {letters} Schreiben warten", "Bank data are missing: {letters} letters wait"),
            opening: (
                "solange die Kontoauszüge nicht weit genug reichen, geht keine Erinnerung und keine Mahnung hinaus. Sobald sie da \
                 sind, geht alles von selbst weiter.",
                "while the statements do not reach far enough, no reminder and no dunning letter leaves. As soon as they are there, \
                 everything goes on by itself.",
            ),
        }),
    },
    Entry {
        reason: HoldReason::Unannounced,
        name: "unannounced",
        look: |sight| Look::plain(sight.item.unannounced),
        words: ("erst angekündigt", "just announced"),
        saw: Saw::Nothing,
        passed: Some(("angekündigt", "announced")),
        commands: &["settled hold {number}"],
        leaves: ("am nächsten Versandtag", "on the next sending day"),
        against_handover: None,
        // What threatens nobody is not announced.
        holds_notice: false,
        for_good: false,
        is_of_the_day: true,
        told_at_once: None,
    },
];

impl Sight<'_> {
    /// Returns a hold that has not run out.
    fn in_force(&self, hold: Option<Until>) -> Option<Until> {
        hold.filter(|last| last.is_none_or(|day| day >= self.today))
    }
}

impl Look {
    fn plain(holds: bool) -> Look {
        Look::at(holds, String::new())
    }

    fn at(holds: bool, saw: String) -> Look {
        Look { holds, saw, through: None }
    }

    fn since(day: Option<NaiveDate>) -> Look {
        Look::at(day.is_some(), day.map(|day| day.to_string()).unwrap_or_default())
    }

    fn until(hold: Option<Until>) -> Look {
        let through = hold.flatten();
        Look { through, ..Look::at(hold.is_some(), through.map(|day| day.to_string()).unwrap_or_default()) }
    }
}
