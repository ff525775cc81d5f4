//! The questions there are, with what each is about.

use chrono::{NaiveDate, NaiveDateTime};
use serde::Serialize;

use super::contract::ContractHold;
use super::facts::{Confirmation, ExpiringClaim, LateRest, Leaving, Money, Proposal};
use super::halt::Halt;
use super::obstacle::Obstacle;
use crate::dunning::MissingRate;
use crate::invoice::Concerned;
use crate::matching::Flag;
use crate::outbox::{MailFault, RefusedRecipient, Remedy};
use crate::statement::NotBooked;

/// Something that needs the owner. For programs it is its `kind` and its `facts`; kinds keep their names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", content = "facts", rename_all = "snake_case")]
pub enum Question {
    /// Safe mode: nothing leaves.
    SafeMode {
        /// Why.
        why: Halt,
    },
    /// The service does not run: nothing happens.
    ServiceSilent {
        /// When it was last at work, on the clock of the business; nothing: never.
        since: Option<NaiveDateTime>,
        /// How many invoices are due and not issued.
        invoices: usize,
        /// How many mails wait.
        letters: usize,
    },
    /// The day's work fails, again and again.
    WorkFails {
        /// What fails.
        words: String,
    },
    /// No weekly summary has reached the owner for longer than a week.
    NoSummary {
        /// Since when.
        since: NaiveDate,
    },
    /// The mail server takes nothing.
    MailRefused {
        /// What is wrong, as far as it is known.
        fault: MailFault,
        /// Its answer.
        words: String,
    },
    /// Mails are files only, because no server is configured.
    FilesOnly {
        /// How many.
        letters: usize,
    },
    /// Letters are to be sent by hand.
    ByHand {
        /// What they are about.
        letters: Vec<String>,
    },
    /// A payment is not decided.
    UndecidedPayment {
        /// Which, and what it could pay.
        #[serde(flatten)]
        proposal: Proposal,
        /// What is undecided of it.
        money: Money,
        /// Who paid, where the bank says so.
        payer: Option<String>,
        /// The beginning of its text.
        text: String,
        /// Why it waits; nothing: no reference is known.
        because: Option<Flag>,
        /// The letters that leave although it is undecided, the first of them first.
        leaves: Vec<Leaving>,
    },
    /// The statements of an account are old, or none is there yet.
    BankBehind {
        /// The account's name.
        account: String,
        /// Its shortened IBAN.
        iban: String,
        /// The last day covered.
        through: Option<NaiveDate>,
        /// How many letters wait for it.
        letters: usize,
        /// The folder that statements are dropped into.
        inbox: String,
        /// What the owner may confirm where nothing was booked since.
        confirm: Option<Confirmation>,
    },
    /// The entries of an account do not add up, and nobody has said why.
    BankUnproved {
        /// The account's name.
        account: String,
        /// The first day of the stretch of its statements.
        from: NaiveDate,
        /// Its last day.
        through: NaiveDate,
        /// The last closing day up to which they do add up; nothing where they never do.
        proved_through: Option<NaiveDate>,
        /// By how much: what the balances say less what the entries come to.
        difference: Money,
        /// How many of the entries stand in no statement of these days.
        in_no_statement: i64,
        /// How many letters wait for it.
        letters: usize,
    },
    /// A bank file was not booked, or not as a whole.
    BankFileRefused {
        /// Its name.
        file: String,
        /// Where it lies.
        path: String,
    },
    /// Something that may be a statement was received and is not booked; letters wait for it.
    BankFileWaiting {
        /// Its name.
        file: String,
        /// Where it lies.
        path: String,
        /// Why it is not booked.
        why: NotBooked,
        /// The day on which it was received.
        received_on: NaiveDate,
    },
    /// A bank file cannot be read.
    BankFileStuck {
        /// Its name.
        file: String,
        /// Where it lies.
        path: String,
    },
    /// A contract is not invoiced.
    ContractHeld {
        /// Its number.
        contract: String,
        /// What holds it.
        hold: ContractHold,
        /// The same with what it saw.
        reason: Obstacle,
        /// Since when.
        since: NaiveDate,
    },
    /// A contract ended before what was invoiced of it, and nobody has decided what becomes of the rest.
    InvoicedAfterEnd {
        /// The contract's number.
        contract: String,
        /// The contract's last day of service.
        last_day: NaiveDate,
        /// The invoice.
        number: String,
        /// How many of its days come after the end.
        days: i64,
        /// How many days it has.
        of_days: i64,
        /// What these days cost.
        money: Money,
    },
    /// The last day of a quote is near, or over, and the customer has not answered.
    QuoteExpires {
        /// Its number in the book.
        quote: String,
        /// The number of its paper.
        number: String,
        /// The customer's name.
        name: String,
        /// All of it with VAT.
        money: Money,
        /// Its last day.
        valid_until: NaiveDate,
        /// The last day that is proposed instead.
        extended: NaiveDate,
        /// Whether that is over.
        over: bool,
    },
    /// Nobody knows whether a letter left.
    LetterUnclear {
        /// What it is about.
        letter: String,
        /// To whom it went.
        name: String,
        /// What is known.
        words: String,
    },
    /// A letter came back.
    LetterCameBack {
        /// What it is about.
        letter: String,
        /// To whom it went.
        name: String,
        /// Why.
        words: String,
        /// What helps.
        remedy: Remedy,
    },
    /// A letter left, but the server refused some of its addresses.
    RecipientRefused {
        /// What it is about.
        letter: String,
        /// To whom it went.
        name: String,
        /// The addresses that it did not reach.
        recipients: Vec<RefusedRecipient>,
    },
    /// A letter is tried again and again.
    LetterStuck {
        /// What it is about.
        letter: String,
        /// How often it was tried.
        attempts: usize,
        /// The last answer.
        words: String,
    },
    /// A letter cannot be put together, for something about it in the books cannot be read.
    LetterUnreadable {
        /// What it is about.
        letter: String,
        /// Why.
        why: String,
    },
    /// A letter cannot be written.
    LetterUnwritten {
        /// The invoice.
        number: String,
        /// Why.
        why: Obstacle,
    },
    /// A customer cannot be read, so that no letter leaves.
    CustomerUnreadable {
        /// The invoice.
        number: String,
        /// Why.
        why: Obstacle,
    },
    /// The last letter was sent and the deadline is over.
    LastStage {
        /// The invoice.
        number: String,
        /// The customer.
        name: String,
        /// What is open.
        open: Money,
    },
    /// The clock may be wrong: nothing leaves.
    ClockInDoubt {
        /// Why.
        why: Halt,
    },
    /// Statements are missing in the middle of an account's chain.
    StatementsMissing {
        /// The account's name.
        account: String,
        /// The last day before the gap.
        after: NaiveDate,
        /// The balance on that day.
        expected: Money,
        /// The day of the first statement behind it.
        before: NaiveDate,
        /// What that one begins with.
        found: Money,
        /// The owner confirmed that nothing was booked through this day, and the bank says otherwise.
        belied_through: Option<NaiveDate>,
        /// The folder that statements are dropped into.
        inbox: String,
    },
    /// An instalment was not paid: the plan is over.
    InstalmentMissed {
        /// The invoice.
        number: String,
        /// The customer.
        name: String,
        /// The instalment.
        instalment: Money,
        /// The day by which it was to be paid.
        due_on: NaiveDate,
    },
    /// Costs and interest are left of an invoice that is paid otherwise.
    CostsLeft {
        /// The invoice.
        number: String,
        /// The customer.
        name: String,
        /// How much.
        costs: Money,
    },
    /// A customer took Skonto too late: the rests are not dunned before the owner has said what becomes of them.
    DiscountsLate {
        /// The customer's number.
        customer: String,
        /// The customer's name.
        name: String,
        /// What is open of which invoices.
        rests: Vec<LateRest>,
    },
    /// A refund was drawn and the bank has not shown it yet.
    RefundOpen {
        /// Its number.
        number: String,
        /// The customer.
        name: String,
        /// How much.
        money: Money,
    },
    /// A customer owes what was credited: the credit was paid out, the payment that it came from is gone.
    CreditOwed {
        /// The customer's number.
        customer: String,
        /// The customer's name.
        name: String,
        /// How much.
        owed: Money,
    },
    /// Base rates are missing that a policy in use needs: letters carry no interest.
    RatesMissing {
        /// The half-years, the earliest first.
        rates: Vec<MissingRate>,
    },
    /// The turnover of a year decides from when e-invoices are a duty, and nobody has said it.
    TurnoverAsked {
        /// The year.
        year: i32,
    },
    /// The duty to issue e-invoices begins, and the book lacks something for it.
    EInvoicesDue {
        /// The first day of supplies that it concerns.
        from: NaiveDate,
        /// Whom it concerns, who lacks something first.
        customers: Vec<Concerned>,
    },
    /// Claims may expire at the end of the year.
    ClaimsExpire {
        /// The year.
        year: i32,
        /// Which.
        claims: Vec<ExpiringClaim>,
    },
    /// The owner has not gone live yet.
    NotLive {},
}

#[cfg(test)]
pub(crate) mod tests {
    use std::collections::BTreeSet;

    use serde_json::{Value, json};

    use super::*;
    use crate::id::PaymentId;
    use crate::invoice::Lack;
    use crate::language::Language;
    use crate::money::{Amount, Currency};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn euros(minor: i64) -> Money {
        Money { amount: Amount::from_minor(minor), currency: Currency::EUR }
    }

    /// One question of each kind, and how it is put to programs.
    #[expect(clippy::too_many_lines, reason = "a table: the kinds and facts that programs rely on")]
    fn each() -> Vec<(Question, &'static str, Value)> {
        let text = |text: &str| text.to_owned();
        let eur = |amount: &str| json!({ "amount": amount, "currency": "EUR" });
        let letter = json!({ "letter": "RE-1", "name": "Nord", "words": "w" });
        vec![
            (Question::SafeMode { why: Halt::OtherBooks {} }, "safe_mode", json!({ "why": { "other_books": {} } })),
            (
                Question::ServiceSilent {
                    since: Some(day("2026-01-05").and_hms_opt(14, 3, 7).unwrap()),
                    invoices: 6,
                    letters: 1,
                },
                "service_silent",
                json!({ "since": "2026-01-05T14:03:07", "invoices": 6, "letters": 1 }),
            ),
            (Question::WorkFails { words: text("w") }, "work_fails", json!({ "words": "w" })),
            (Question::NoSummary { since: day("2026-01-05") }, "no_summary", json!({ "since": "2026-01-05" })),
            (
                Question::MailRefused { fault: MailFault::BeginsInClear, words: text("w") },
                "mail_refused",
                json!({ "fault": "begins_in_clear", "words": "w" }),
            ),
            (Question::FilesOnly { letters: 2 }, "files_only", json!({ "letters": 2 })),
            (Question::ByHand { letters: vec![text("RE-1")] }, "by_hand", json!({ "letters": ["RE-1"] })),
            (
                Question::UndecidedPayment {
                    proposal: Proposal {
                        payment: PaymentId::from(17),
                        incoming: true,
                        assign: vec![vec![text("RE-1"), text("RE-2")]],
                        customers: Vec::new(),
                    },
                    money: euros(119_000),
                    payer: None,
                    text: text("RE-1"),
                    because: Some(Flag::AlreadyPaid),
                    leaves: vec![Leaving { number: text("RE-1"), on: day("2026-07-03") }],
                },
                "undecided_payment",
                json!({
                    "payment": "P-17", "incoming": true, "assign": [["RE-1", "RE-2"]], "customers": [], "money": eur("1190.00"),
                    "payer": null, "text": "RE-1", "because": "already_paid",
                    "leaves": [{ "number": "RE-1", "on": "2026-07-03" }],
                }),
            ),
            (
                Question::BankBehind {
                    account: text("main"),
                    iban: text("DE…1"),
                    through: Some(day("2026-01-05")),
                    letters: 3,
                    inbox: text("inbox"),
                    confirm: Some(Confirmation { through: day("2026-01-07"), balance: euros(500) }),
                },
                "bank_behind",
                json!({
                    "account": "main", "iban": "DE…1", "through": "2026-01-05", "letters": 3, "inbox": "inbox",
                    "confirm": { "through": "2026-01-07", "balance": eur("5.00") },
                }),
            ),
            (
                Question::BankUnproved {
                    account: text("main"),
                    from: day("2026-01-05"),
                    through: day("2026-01-08"),
                    proved_through: Some(day("2026-01-06")),
                    difference: euros(-3_300),
                    in_no_statement: 1,
                    letters: 2,
                },
                "bank_unproved",
                json!({
                    "account": "main", "from": "2026-01-05", "through": "2026-01-08", "proved_through": "2026-01-06",
                    "difference": eur("-33.00"), "in_no_statement": 1, "letters": 2,
                }),
            ),
            (
                Question::BankFileRefused { file: text("a.xml"), path: text("/b/a.xml") },
                "bank_file_refused",
                json!({ "file": "a.xml", "path": "/b/a.xml" }),
            ),
            (
                Question::BankFileWaiting {
                    file: text("a.xml"),
                    path: text("/b/a.xml"),
                    why: NotBooked::SubFolder,
                    received_on: day("2026-01-05"),
                },
                "bank_file_waiting",
                json!({ "file": "a.xml", "path": "/b/a.xml", "why": "sub_folder", "received_on": "2026-01-05" }),
            ),
            (
                Question::BankFileStuck { file: text("a.xml"), path: text("/b/a.xml") },
                "bank_file_stuck",
                json!({ "file": "a.xml", "path": "/b/a.xml" }),
            ),
            (
                Question::ContractHeld {
                    contract: text("V-1"),
                    hold: ContractHold::ManyPeriods,
                    reason: Obstacle::Vanished {},
                    since: day("2026-01-05"),
                },
                "contract_held",
                json!({ "contract": "V-1", "hold": "many_periods", "reason": { "vanished": {} }, "since": "2026-01-05" }),
            ),
            (
                Question::InvoicedAfterEnd {
                    contract: text("V-1"),
                    last_day: day("2026-06-30"),
                    number: text("RE-1"),
                    days: 184,
                    of_days: 365,
                    money: euros(71_987),
                },
                "invoiced_after_end",
                json!({
                    "contract": "V-1", "last_day": "2026-06-30", "number": "RE-1", "days": 184, "of_days": 365,
                    "money": eur("719.87"),
                }),
            ),
            (
                Question::QuoteExpires {
                    quote: text("A-1"),
                    number: text("AN-1"),
                    name: text("Nord"),
                    money: euros(119_000),
                    valid_until: day("2026-02-28"),
                    extended: day("2026-03-14"),
                    over: false,
                },
                "quote_expires",
                json!({
                    "quote": "A-1", "number": "AN-1", "name": "Nord", "money": eur("1190.00"), "valid_until": "2026-02-28",
                    "extended": "2026-03-14", "over": false,
                }),
            ),
            (
                Question::LetterUnclear { letter: text("RE-1"), name: text("Nord"), words: text("w") },
                "letter_unclear",
                letter,
            ),
            (
                Question::LetterCameBack {
                    letter: text("RE-1"),
                    name: text("Nord"),
                    words: text("w"),
                    remedy: Remedy::Content,
                },
                "letter_came_back",
                json!({ "letter": "RE-1", "name": "Nord", "words": "w", "remedy": "content" }),
            ),
            (
                Question::RecipientRefused {
                    letter: text("RE-1"),
                    name: text("Nord"),
                    recipients: vec![RefusedRecipient::new("a@b.example", "550 5.1.1 unknown")],
                },
                "recipient_refused",
                json!({ "letter": "RE-1", "name": "Nord", "recipients": [
                    { "address": "a@b.example", "answer": "550 5.1.1 unknown", "remedy": "address" },
                ] }),
            ),
            (
                Question::LetterStuck { letter: text("RE-1"), attempts: 4, words: text("w") },
                "letter_stuck",
                json!({ "letter": "RE-1", "attempts": 4, "words": "w" }),
            ),
            (
                Question::LetterUnreadable { letter: text("RE-1"), why: text("w") },
                "letter_unreadable",
                json!({ "letter": "RE-1", "why": "w" }),
            ),
            (
                Question::LetterUnwritten { number: text("RE-1"), why: Obstacle::Words(text("w")) },
                "letter_unwritten",
                json!({ "number": "RE-1", "why": "w" }),
            ),
            (
                Question::CustomerUnreadable { number: text("RE-1"), why: Obstacle::Words(text("w")) },
                "customer_unreadable",
                json!({ "number": "RE-1", "why": "w" }),
            ),
            (
                Question::LastStage { number: text("RE-1"), name: text("Nord"), open: euros(100) },
                "last_stage",
                json!({ "number": "RE-1", "name": "Nord", "open": eur("1.00") }),
            ),
            (
                Question::ClockInDoubt { why: Halt::ClockAhead { today: day("2026-02-02"), last: day("2026-02-01") } },
                "clock_in_doubt",
                json!({ "why": { "clock_ahead": { "today": "2026-02-02", "last": "2026-02-01" } } }),
            ),
            (
                Question::StatementsMissing {
                    account: text("main"),
                    after: day("2026-01-05"),
                    expected: euros(100),
                    before: day("2026-01-07"),
                    found: euros(200),
                    belied_through: None,
                    inbox: text("inbox"),
                },
                "statements_missing",
                json!({
                    "account": "main", "after": "2026-01-05", "expected": eur("1.00"), "before": "2026-01-07",
                    "found": eur("2.00"), "belied_through": null, "inbox": "inbox",
                }),
            ),
            (
                Question::InstalmentMissed {
                    number: text("RE-1"),
                    name: text("Nord"),
                    instalment: euros(100),
                    due_on: day("2026-01-05"),
                },
                "instalment_missed",
                json!({ "number": "RE-1", "name": "Nord", "instalment": eur("1.00"), "due_on": "2026-01-05" }),
            ),
            (
                Question::CostsLeft { number: text("RE-1"), name: text("Nord"), costs: euros(37_764) },
                "costs_left",
                json!({ "number": "RE-1", "name": "Nord", "costs": eur("377.64") }),
            ),
            (
                Question::DiscountsLate {
                    customer: text("K-1"),
                    name: text("Nord"),
                    rests: vec![LateRest { number: text("RE-1"), rest: euros(238) }],
                },
                "discounts_late",
                json!({ "customer": "K-1", "name": "Nord", "rests": [{ "number": "RE-1", "rest": eur("2.38") }] }),
            ),
            (
                Question::RefundOpen { number: text("ER-1"), name: text("Nord"), money: euros(100) },
                "refund_open",
                json!({ "number": "ER-1", "name": "Nord", "money": eur("1.00") }),
            ),
            (
                Question::CreditOwed { customer: text("K-1"), name: text("Nord"), owed: euros(100) },
                "credit_owed",
                json!({ "customer": "K-1", "name": "Nord", "owed": eur("1.00") }),
            ),
            (
                Question::RatesMissing { rates: vec![MissingRate { table: "germany", from: day("2026-07-01") }] },
                "rates_missing",
                json!({ "rates": [{ "table": "germany", "from": "2026-07-01" }] }),
            ),
            (Question::TurnoverAsked { year: 2026 }, "turnover_asked", json!({ "year": 2026 })),
            (
                Question::EInvoicesDue {
                    from: day("2027-01-01"),
                    customers: vec![Concerned { number: text("K-1"), name: text("Nord"), lacks: vec![Lack::VatId] }],
                },
                "e_invoices_due",
                json!({
                    "from": "2027-01-01", "customers": [{ "number": "K-1", "name": "Nord", "lacks": ["vat_id"] }],
                }),
            ),
            (
                Question::ClaimsExpire {
                    year: 2026,
                    claims: vec![ExpiringClaim { number: text("RE-1"), open: euros(100) }],
                },
                "claims_expire",
                json!({ "year": 2026, "claims": [{ "number": "RE-1", "open": eur("1.00") }] }),
            ),
            (Question::NotLive {}, "not_live", json!({})),
        ]
    }

    /// Returns one question of each kind.
    pub(crate) fn questions() -> Vec<Question> {
        each().into_iter().map(|(question, ..)| question).collect()
    }

    #[test]
    fn for_programs_a_question_is_its_kind_and_its_facts() {
        let mut kinds = BTreeSet::new();
        for (question, kind, facts) in each() {
            assert_eq!(serde_json::to_value(&question).unwrap(), json!({ "kind": kind, "facts": facts }));
            assert!(kinds.insert(kind), "{kind}");
        }
    }

    #[test]
    fn for_people_it_is_a_sentence_in_their_language_with_commands() {
        for (question, kind, _) in each() {
            let (german, english) = (question.words(Language::GERMAN), question.words(Language::En));
            assert_ne!(german, english, "{kind}");
            for text in question.commands().iter().chain([&german, &english]) {
                assert!(!text.trim().is_empty() && !text.contains(['{', '}']), "{kind}: {text}");
            }
        }
    }
}
