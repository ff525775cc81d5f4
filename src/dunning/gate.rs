//! What the gates say of an invoice, and everything that is said of a gate: in words, as commands, in the books.

use chrono::NaiveDate;

use super::case::{CustomerCase, Item, Surroundings};
use super::gates::{Entry, GATES, HoldReason, Saw, Sight, ToldAtOnce, Words};
use crate::command::word;
use crate::language::Language;
use crate::money::{Amount, Currency};

/// A gate in front of a letter that is due, and what it saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gate {
    /// Why it would hold the letter.
    pub reason: HoldReason,
    /// Whether it does.
    pub holds: bool,
    /// What it looked at, for the record: a payment, an account, a day, amounts.
    pub saw: String,
    /// The last day on which it holds, where that ends by itself.
    pub through: Option<NaiveDate>,
}

/// A letter that a gate holds: what its commands are made of.
#[derive(Debug, Clone, Copy)]
pub struct HeldLetter<'a> {
    /// The invoice's number.
    pub number: &'a str,
    /// The customer's number.
    pub customer: &'a str,
    /// The one of both that the owner holds.
    pub on_hold: &'a str,
    /// What the gate saw.
    pub saw: &'a str,
    /// The commands that decide the payment that it saw; none when it is decided, or it saw none.
    pub deciding: &'a [String],
}

/// The gates in front of a letter that is due (rule D5), in order of precedence: the first that holds gives the reason.
pub(super) fn gates(case: &CustomerCase, item: &Item, around: Surroundings<'_>) -> Vec<Gate> {
    look(case, item, around, |_| true)
}

/// Returns the gate that holds all letters on an invoice for good, whatever the next one is.
pub(super) fn held_for_good(case: &CustomerCase, item: &Item, around: Surroundings<'_>) -> Option<Gate> {
    look(case, item, around, |entry| entry.for_good).into_iter().find(|gate| gate.holds)
}

/// Returns the last day on which gates hold a letter, all of them by themselves; nothing where one of them waits for somebody, or none
/// lasts longer than the day.
pub(super) fn held_through(gates: &[Gate]) -> Option<NaiveDate> {
    let lasting = gates.iter().filter(|gate| gate.holds && !gate.reason.entry().is_of_the_day);
    lasting.map(|gate| gate.through).collect::<Option<Vec<NaiveDate>>>()?.into_iter().max()
}

/// A gate that speaks against handing an invoice over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Against {
    /// The gate.
    pub reason: HoldReason,
    /// What it saw.
    pub saw: String,
    /// The invoice's number.
    pub number: String,
    /// The customer's number.
    pub customer: String,
    /// What the invoice is in.
    pub currency: Currency,
}

impl Against {
    /// Says what speaks against it.
    pub fn words(&self, language: Language) -> String {
        let entry = self.reason.entry();
        // A gate without words of its own holds letters, and nothing else.
        let words = entry.against_handover.as_ref().map_or(entry.words, |against| against.words);
        let words = self.letter().fill(said(words, language), str::to_owned);
        words.replace("{day}", &day(&self.saw, language)).replace("{money}", &money(&self.saw, self.currency, language))
    }

    /// Returns the command to go on with.
    pub fn commands(&self) -> Vec<String> {
        let against = self.reason.entry().against_handover.as_ref();
        against.map(|against| self.letter().fill(against.command, word)).into_iter().collect()
    }

    fn letter(&self) -> HeldLetter<'_> {
        let Against { number, customer, saw, .. } = self;
        HeldLetter { number, customer, on_hold: number, saw, deciding: &[] }
    }
}

/// Returns what speaks against handing an invoice over: the customer may have paid it, disputes it, was promised time, or never got it.
/// What only keeps settled from writing does not.
pub fn against_handover(case: &CustomerCase, item: &Item, customer: &str, around: Surroundings<'_>) -> Option<Against> {
    let gate = gates(case, item, around).into_iter().find(|gate| gate.holds && gate.reason.is_against_handover())?;
    let (number, customer) = (item.number.clone(), customer.to_owned());
    Some(Against { reason: gate.reason, saw: gate.saw, number, customer, currency: item.currency })
}

/// Lets some of the gates look.
fn look(case: &CustomerCase, item: &Item, around: Surroundings<'_>, which: impl Fn(&Entry) -> bool) -> Vec<Gate> {
    let is_before = |i: &&Item| i.currency == item.currency && (i.due_on, &i.number) <= (item.due_on, &item.number);
    let sight = Sight {
        today: around.today,
        business_days: around.business_days,
        customer: &case.obstacles,
        item: &item.obstacles,
        policy: &item.policy,
        currency: item.currency,
        open: item.open,
        open_so_far: &|| case.items.iter().filter(is_before).map(|i| i.open.max(Amount::ZERO)).sum(),
        bank: &item.bank,
        payable_by: item.payable_by(around.business_days),
    };
    let look = |entry: &Entry| {
        let look = (entry.look)(&sight);
        Gate { reason: entry.reason, holds: look.holds, saw: look.saw, through: look.through }
    };
    GATES.iter().filter(|entry| which(entry)).map(look).collect()
}

impl HoldReason {
    fn entry(self) -> &'static Entry {
        &GATES[self as usize]
    }

    /// Returns all reasons, in order of precedence.
    pub fn all() -> impl Iterator<Item = HoldReason> {
        GATES.iter().map(|entry| entry.reason)
    }

    /// Returns the word in the books: `bank_stale`.
    pub fn name(self) -> &'static str {
        self.entry().name
    }

    /// Finds a reason by its word.
    pub fn by_name(name: &str) -> Option<HoldReason> {
        HoldReason::all().find(|reason| reason.name() == name)
    }

    /// Returns the rule under which a letter that is held stands in the books: `D5 bank_stale`.
    pub fn rule(self) -> String {
        format!("{RULE} {}", self.name())
    }

    /// Finds a reason by its rule.
    pub fn by_rule(rule: &str) -> Option<HoldReason> {
        rule.strip_prefix(RULE)?.strip_prefix(' ').and_then(HoldReason::by_name)
    }

    /// Says it in words that go into brackets: "bank data do not reach far enough".
    pub fn words(self, language: Language) -> &'static str {
        said(self.entry().words, language)
    }

    /// Returns how that which the gate saw is said. A payment is to be looked up, and said in words.
    pub fn saw(self) -> Saw {
        self.entry().saw
    }

    /// Says that the gate holds a letter, and what it saw: "payment promised until 3 Feb 2026".
    pub fn held(self, saw: &str, language: Language) -> String {
        let words = self.words(language);
        if saw.is_empty() {
            return words.to_owned();
        }
        let about = match self.saw() {
            Saw::Nothing => "",
            Saw::Since => language.say(" seit {day}", " since {day}"),
            Saw::Until => language.say(" bis {day}", " until {day}"),
            Saw::Named | Saw::Payment => ": {saw}",
        };
        format!("{words}{}", about.replace("{day}", &day(saw, language)).replace("{saw}", saw))
    }

    /// Says that the gate let a letter pass, and what it saw: "bank up to 3 Feb 2026".
    pub fn passed(self, saw: &str, currency: Currency, language: Language) -> Option<String> {
        let words = match self.saw() {
            Saw::Payment if !saw.is_empty() => {
                language.say("{saw} ist nicht entschieden und hält nicht mehr", "{saw} is undecided and holds no more")
            }
            Saw::Payment | Saw::Nothing | Saw::Since | Saw::Until | Saw::Named => said(self.entry().passed?, language),
        };
        let words = words.replace("{saw}", saw);
        Some(words.replace("{day}", &day(saw, language)).replace("{money}", &money(saw, currency, language)))
    }

    /// Tells whether the invoice gets no letter any more, whatever its next stage is.
    pub fn is_for_good(self) -> bool {
        self.entry().for_good
    }

    /// Tells whether a notice before the due date is held as well.
    pub fn holds_notices(self) -> bool {
        self.entry().holds_notice
    }

    /// Returns how the owner is told at once that letters wait; nothing: the summary is soon enough.
    pub fn told_at_once(self) -> Option<&'static ToldAtOnce> {
        self.entry().told_at_once.as_ref()
    }

    /// Returns the commands that end it; none where only time does, or where it is solved already.
    pub fn commands(self, letter: &HeldLetter<'_>) -> Vec<String> {
        let own = self.entry().commands.iter().map(|command| letter.fill(command, word));
        letter.deciding.iter().cloned().chain(own).collect()
    }

    /// Says when a letter can leave: as soon as something happens, or by itself. `waits` is whether the payment that the gate saw still
    /// waits to be decided, `leaves_on` the day on which the letter leaves where the hold ends by itself.
    pub fn leaves(self, saw: &str, waits: bool, leaves_on: Option<NaiveDate>, language: Language) -> String {
        if self.saw() == Saw::Payment && !waits {
            return language.say("der nächste Lauf entscheidet neu", "the next run decides anew").to_owned();
        }
        let leaves = said(self.entry().leaves, language).replace("{saw}", saw);
        let Some(day) = leaves_on.map(|day| language.day(day)) else { return leaves };
        let unless = self.unless(language);
        match language {
            Language::De(_) => format!("{leaves}; {unless}, geht das Schreiben am {day} hinaus"),
            Language::En => format!("{leaves}; {unless}, the letter leaves on {day}"),
        }
    }

    /// Says what keeps a letter from leaving when the hold ends by itself: "unless you decide".
    pub fn unless(self, language: Language) -> &'static str {
        match self.saw() {
            Saw::Payment => language.say("wenn Sie nichts entscheiden", "unless you decide"),
            Saw::Nothing | Saw::Since | Saw::Until | Saw::Named => {
                language.say("wenn bis dahin nichts eingeht", "unless it is paid by then")
            }
        }
    }

    fn is_against_handover(self) -> bool {
        self.entry().against_handover.is_some()
    }
}

impl HeldLetter<'_> {
    /// Puts names into their places, each written as it stands there: in a sentence, or as a word of a command.
    fn fill(&self, words: &str, written: fn(&str) -> String) -> String {
        let names = [
            ("{number}", self.number),
            ("{customer}", self.customer),
            ("{on_hold}", self.on_hold),
            ("{saw}", self.saw),
        ];
        names.into_iter().fold(words.to_owned(), |words, (place, name)| words.replace(place, &written(name)))
    }
}

impl ToldAtOnce {
    /// Returns the subject of the mail, with the number of letters that wait.
    pub fn subject(&self, letters: usize, language: Language) -> String {
        said(self.subject, language).replace("{letters}", &letters.to_string())
    }

    /// Returns what the mail begins with.
    pub fn opening(&self, language: Language) -> &'static str {
        said(self.opening, language)
    }
}

/// The rule of all gates.
const RULE: &str = "D5";

fn said((german, english): Words, language: Language) -> &'static str {
    language.say(german, english)
}

/// Writes a day that the books remember as one writes it.
fn day(saw: &str, language: Language) -> String {
    saw.parse().map_or_else(|_| saw.to_owned(), |day| language.day(day))
}

/// Writes an amount that the books remember as one writes it.
fn money(saw: &str, currency: Currency, language: Language) -> String {
    Amount::parse(saw, currency).map_or_else(|_| saw.to_owned(), |amount| amount.with_currency(currency, language))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const LETTER: HeldLetter<'static> =
        HeldLetter { number: "RE-1", customer: "K-1", on_hold: "K-1", saw: "2026-02-03", deciding: &[] };

    fn day_of(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_hold_ends_by_itself_when_the_last_of_all_that_last_does() {
        let gate = |reason, through: Option<&str>| Gate {
            reason,
            holds: true,
            saw: String::new(),
            through: through.map(day_of),
        };
        let (promise, credit) = (HoldReason::Promise, HoldReason::UnallocatedCredit);
        let table = [
            ("nothing holds", vec![Gate { holds: false, ..gate(HoldReason::Disputed, None) }], None),
            ("one that ends", vec![gate(promise, Some("2026-02-03"))], Some("2026-02-03")),
            (
                "the last of two",
                vec![gate(promise, Some("2026-02-03")), gate(credit, Some("2026-02-09"))],
                Some("2026-02-09"),
            ),
            ("one waits for somebody", vec![gate(promise, Some("2026-02-03")), gate(credit, None)], None),
            (
                "the bank's data of today",
                vec![gate(promise, Some("2026-02-03")), gate(HoldReason::BankStale, None)],
                Some("2026-02-03"),
            ),
            ("only the bank's data of today", vec![gate(HoldReason::BankStale, None)], None),
        ];
        for (what, gates, expected) in table {
            assert_eq!(held_through(&gates), expected.map(day_of), "{what}");
        }
    }

    /// `BankStale` as the books write it: `bank_stale`.
    fn snake(reason: HoldReason) -> String {
        let mut name = String::new();
        for c in format!("{reason:?}").chars() {
            if c.is_uppercase() && !name.is_empty() {
                name.push('_');
            }
            name.push(c.to_ascii_lowercase());
        }
        name
    }

    #[test]
    fn every_entry_stands_in_the_place_of_its_reason() {
        assert_eq!(HoldReason::all().count(), HoldReason::COUNT);
        let names: BTreeSet<&str> = HoldReason::all().map(HoldReason::name).collect();
        assert_eq!(names.len(), HoldReason::COUNT, "names are unique");
        for (place, reason) in HoldReason::all().enumerate() {
            assert_eq!(reason as usize, place, "{reason:?}");
            assert_eq!(reason.name(), snake(reason));
            assert_eq!(HoldReason::by_name(reason.name()), Some(reason));
            assert_eq!(HoldReason::by_rule(&reason.rule()), Some(reason));
        }
        for none in ["D5", "D5bank_stale", "D2 bank_stale", "D5 nothing", "paper"] {
            assert_eq!(HoldReason::by_rule(none), None, "{none}");
        }
    }

    #[test]
    fn every_gate_speaks_both_languages_and_leaves_no_gap_in_its_sentences() {
        let deciding = ["settled assign P-1 RE-1".to_owned()];
        let letters = [LETTER, HeldLetter { saw: "", ..LETTER }, HeldLetter { deciding: &deciding, ..LETTER }];
        for reason in HoldReason::all() {
            let mut pairs = Vec::new();
            let mut both = |say: &dyn Fn(Language) -> String| pairs.push([say(Language::GERMAN), say(Language::En)]);
            both(&|language| reason.words(language).to_owned());
            both(&|language| reason.held("2026-02-03", language));
            for letter in &letters {
                for leaves_on in [None, Some(day_of("2026-02-04"))] {
                    both(&|language| reason.leaves(letter.saw, !letter.deciding.is_empty(), leaves_on, language));
                }
            }
            if reason.passed("1.00", Currency::EUR, Language::GERMAN).is_some() {
                both(&|language| reason.passed("1.00", Currency::EUR, language).unwrap_or_default());
            }
            if let Some(told) = reason.told_at_once() {
                both(&|language| told.subject(2, language));
                both(&|language| told.opening(language).to_owned());
            }
            let against = Against {
                reason,
                saw: "2026-02-03".to_owned(),
                number: "RE-1".to_owned(),
                customer: "K-1".to_owned(),
                currency: Currency::EUR,
            };
            pairs.push([against.words(Language::GERMAN), against.words(Language::En)]);
            for [german, english] in &pairs {
                assert_ne!(german, english, "{reason:?}");
            }
            let commands = letters.iter().flat_map(|letter| reason.commands(letter)).chain(against.commands());
            for text in pairs.concat().into_iter().chain(commands) {
                assert!(!text.is_empty() && !text.contains(['{', '}']), "{reason:?}: {text}");
            }
        }
    }

    #[test]
    fn what_a_gate_saw_is_said_as_one_writes_it() {
        let en = Language::En;
        let table = [
            (HoldReason::Promise.held("2026-02-03", en), "payment promised until 3 Feb 2026"),
            (HoldReason::Blocked.held("", en), "on hold by you"),
            (HoldReason::BankStale.held("main", Language::GERMAN), "Bankdaten reichen nicht aus: main"),
            (HoldReason::BankStale.passed("2026-02-03", Currency::EUR, en).unwrap(), "bank up to 3 Feb 2026"),
            (HoldReason::CustomerCredit.passed("1190.00", Currency::EUR, en).unwrap(), "credit 1,190.00 EUR"),
            (HoldReason::UnallocatedCredit.passed("", Currency::EUR, en).unwrap(), "no undecided payment"),
            (
                HoldReason::UnallocatedCredit.passed("P-1", Currency::EUR, en).unwrap(),
                "P-1 is undecided and holds no more",
            ),
            (
                HoldReason::Promise.leaves("2026-02-03", false, Some(day_of("2026-02-04")), en),
                "as soon as you release it; unless it is paid by then, the letter leaves on 4 Feb 2026",
            ),
            (HoldReason::Blocked.leaves("", false, None, en), "as soon as you release it"),
            (HoldReason::UnallocatedCredit.leaves("P-1", false, None, en), "the next run decides anew"),
            (
                HoldReason::UnallocatedCredit.leaves("P-1", true, Some(day_of("2026-07-03")), en),
                "as soon as P-1 is decided; unless you decide, the letter leaves on 3 Jul 2026",
            ),
            (HoldReason::Blocked.commands(&LETTER).concat(), "settled release K-1"),
        ];
        for (said, expected) in table {
            assert_eq!(said, expected);
        }
    }
}
