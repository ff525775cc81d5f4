//! What applying the book would change (`settled apply`).

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::bounds::Words;
use super::mistake::Mistake;
use super::read::{Book, EntryKind, SourceFile};
use crate::calendar::BusinessDays;
use crate::customer::Customer;
use crate::invoice::{Draft, DraftError, OneOff, Quote, Terms};
use crate::language::Language;
use crate::money::{Amount, Currency};
use crate::recurring::{AfterEnd, ByCommand, Contract, Due, Invoiced, MOST_PERIODS, Period, after_end, due};

/// What the books hold of an entry that was applied before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownEntry {
    /// What was applied.
    pub state: AgreementState,
    /// What was done with it by command.
    pub by_command: ByCommand,
    /// The first days of the periods that are invoiced or skipped.
    pub done: BTreeSet<NaiveDate>,
    /// The periods that are invoiced.
    pub invoiced: Vec<Invoiced>,
    /// Whether a document was issued for it; of a quote, whether it was sent.
    pub issued: bool,
}

/// What was applied of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AgreementState {
    /// A customer.
    Customer(Box<Customer>),
    /// A recurring contract.
    Recurring(Contract),
    /// A one-off invoice.
    OneOff(OneOff),
    /// A quote.
    Quote(Quote),
    /// It had vanished from the files.
    Vanished,
}

impl AgreementState {
    /// Tells whether a one-off invoice says the same, whatever lies in the files that go with it.
    fn is_but_for_files(&self, one_off: &OneOff) -> bool {
        let unhashed = |one_off: &OneOff| {
            let mut one_off = one_off.clone();
            one_off.attachments.iter_mut().for_each(|attached| attached.sha256 = None);
            one_off
        };
        if let AgreementState::OneOff(before) = self { unhashed(before) == unhashed(one_off) } else { false }
    }
}

/// What the plan looks at.
#[derive(Debug, Clone)]
pub struct PlanContext<'a> {
    /// The civil day.
    pub today: NaiveDate,
    /// What was applied before, by kind and number.
    pub known: BTreeMap<(EntryKind, String), KnownEntry>,
    /// What the business says for all invoices.
    pub terms: &'a Terms,
    /// The business's calendar.
    pub business_days: &'a BusinessDays,
    /// The owner's language.
    pub language: Language,
}

/// What applying the book would change.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// New and changed entries.
    pub changes: Vec<Change>,
    /// Entries whose file is gone: their contracts are held until the owner says what is meant.
    pub vanished: Vec<Vanished>,
    /// What forbids applying.
    pub mistakes: Vec<Mistake>,
}

/// A new or changed entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Where it stands in the book.
    pub kind: EntryKind,
    /// Its number.
    pub number: String,
    /// The number that the books know it by, when it was renamed.
    pub former: Option<String>,
    /// Whose it is, or the customer's name.
    pub name: String,
    /// Whether it is new.
    pub is_new: bool,
    /// The next invoice: day and amount, before and after.
    pub next: NextInvoice,
    /// What is invoiced after the end that the contract now has.
    pub after_end: Vec<AfterEnd>,
}

/// The next invoice of an entry, as it was and as it would be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NextInvoice {
    /// Before.
    pub before: Option<(NaiveDate, Amount, Currency)>,
    /// After.
    pub after: Option<(NaiveDate, Amount, Currency)>,
    /// How many invoices are due at once.
    pub due_now: usize,
}

/// An entry whose file is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vanished {
    /// Where it stood.
    pub kind: EntryKind,
    /// Its number.
    pub number: String,
}

impl Plan {
    /// Tells whether there is nothing to apply.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.vanished.is_empty()
    }
}

/// Compares the book with what was applied.
pub fn plan(book: &Book, context: &PlanContext<'_>) -> Plan {
    let mut planner = Planner { book, context, plan: Plan::default(), met: BTreeSet::new() };
    // What was mended to be read says nothing that could be applied; its own mistakes forbid that already.
    for (number, entry) in &book.customers {
        match entry.mended.is_empty() {
            true => planner.customer(number, &entry.value),
            false => planner.meet(EntryKind::Customer, number, entry.value.renamed_from.as_deref()),
        }
    }
    for (number, entry) in &book.contracts {
        match entry.mended.is_empty() {
            true => planner.contract(number, &entry.value, &entry.source),
            false => planner.meet(EntryKind::Recurring, number, entry.value.renamed_from.as_deref()),
        }
    }
    for (number, entry) in &book.one_offs {
        match entry.mended.is_empty() {
            true => planner.one_off(number, &entry.value, &entry.source),
            false => planner.meet(EntryKind::OneOff, number, None),
        }
    }
    for (number, entry) in &book.quotes {
        match entry.mended.is_empty() {
            true => planner.quote(number, &entry.value, &entry.source),
            false => planner.meet(EntryKind::Quote, number, None),
        }
    }
    planner.gone();
    planner.plan
}

struct Planner<'a> {
    book: &'a Book,
    context: &'a PlanContext<'a>,
    plan: Plan,
    /// The known entries that the book still has.
    met: BTreeSet<(EntryKind, String)>,
}

impl Planner<'_> {
    /// Finds what is known of an entry by its number, else by its former one.
    fn known(
        &mut self,
        kind: EntryKind,
        number: &str,
        renamed_from: Option<&str>,
    ) -> (Option<KnownEntry>, Option<String>) {
        for name in [Some(number), renamed_from].into_iter().flatten() {
            let key = (kind, name.to_owned());
            if let Some(entry) = self.context.known.get(&key) {
                self.met.insert(key);
                return (Some(entry.clone()), (name != number).then(|| name.to_owned()));
            }
        }
        (None, None)
    }

    /// Notes that an entry is still in the book, whatever it says.
    fn meet(&mut self, kind: EntryKind, number: &str, renamed_from: Option<&str>) {
        self.known(kind, number, renamed_from);
    }

    fn wrong(&mut self, source: &SourceFile, key: &[&str], what: Words<String>, advice: Words<&str>) {
        let language = self.context.language;
        let mistake = Mistake::in_file(language, &source.path, language.say(what.0, what.1));
        self.plan.mistakes.push(mistake.at_key(&source.text, key).advice(language.say(advice.0, advice.1)));
    }

    fn change(
        &mut self,
        kind: EntryKind,
        number: &str,
        former: Option<String>,
        name: &str,
        is_new: bool,
        next: NextInvoice,
    ) {
        let (number, name) = (number.to_owned(), name.to_owned());
        self.plan.changes.push(Change { kind, number, former, name, is_new, next, after_end: Vec::new() });
    }

    fn customer(&mut self, number: &str, customer: &Customer) {
        let (known, former) = self.known(EntryKind::Customer, number, customer.renamed_from.as_deref());
        if known.as_ref().is_none_or(|k| k.state != AgreementState::Customer(Box::new(customer.clone()))) {
            self.change(EntryKind::Customer, number, former, &customer.name, known.is_none(), NextInvoice::default());
        }
    }

    fn contract(&mut self, number: &str, contract: &Contract, source: &SourceFile) {
        let (known, former) = self.known(EntryKind::Recurring, number, contract.renamed_from.as_deref());
        let (done, before) = match &known {
            Some(KnownEntry { state: AgreementState::Recurring(before), done, .. }) => (done.clone(), Some(before)),
            Some(known) => (known.done.clone(), None),
            None => (BTreeSet::new(), None),
        };
        if before == Some(contract) {
            // What is in force is looked at as well: what it needs may have gone meanwhile.
            self.writable(contract, &done, source);
            return;
        }
        if let Some(before) = before.filter(|before| !done.is_empty() && before.rhythm() != contract.rhythm()) {
            let what = (
                format!(
                    "der Vertrag {number} hat berechnete Zeiträume, also kann sich sein Takt (start, interval, billing, align, anchor_day, Verschiebung) nicht ändern."
                ),
                format!(
                    "the contract {number} has issued periods, so its rhythm (start, interval, billing, align, anchor_day, offset) cannot change."
                ),
            );
            let advice = (
                "Beenden Sie ihn (`end = { until = … }`), und schreiben Sie einen neuen Vertrag, der am Tag danach beginnt.",
                "End it (`end = { until = … }`) and write a new contract that begins the day after.",
            );
            self.wrong(source, &[changed_key(before, contract)], what, advice);
            return;
        }
        if known.is_none() && contract.start < self.context.today && contract.billed_through.is_none() {
            let what = (
                format!(
                    "der Vertrag begann am {}, bevor er zum ersten Mal übernommen wird.",
                    Language::GERMAN.day(contract.start)
                ),
                format!("the contract started on {}, before it is applied for the first time.", contract.start),
            );
            let advice = (
                "Sagen Sie, was schon berechnet ist: `billed_through = 2026-01-31`, der letzte Leistungstag auf der letzten Rechnung; oder der Tag vor `start`, wenn noch nichts berechnet ist.",
                "Say what was invoiced already: `billed_through = 2026-01-31`, the last day of service on the last invoice; or the day before `start` if nothing was.",
            );
            self.wrong(source, &["start"], what, advice);
            return;
        }
        if let Some(last) = self.billed_too_far(contract) {
            let billed = contract.billed_through.unwrap_or_default();
            let what = (
                format!(
                    "bis zum {} sei alles berechnet; so weit voraus berechnet niemand, und bis dahin ginge keine Rechnung hinaus.",
                    Language::GERMAN.day(billed)
                ),
                format!(
                    "all was invoiced through {billed}, it says; nobody invoices so far ahead, and no invoice would leave until then."
                ),
            );
            let advice = (
                format!("Nennen Sie den letzten Leistungstag auf der letzten Rechnung, höchstens den {last}."),
                format!("Name the last day of service on the last invoice, {last} at most."),
            );
            self.wrong(source, &["billed_through"], what, (&advice.0, &advice.1));
            return;
        }
        if !self.writable(contract, &done, source) {
            return;
        }
        let by_command = known.as_ref().map(|known| known.by_command.clone()).unwrap_or_default();
        let in_force = contract.under(&by_command);
        let after = self.next_of(&in_force, &done);
        let next = NextInvoice {
            before: before.and_then(|before| self.next_of(&before.under(&by_command), &done)).map(|(next, _)| next),
            after: after.map(|(next, _)| next),
            due_now: after.map_or(0, |(_, due)| due),
        };
        let name = self.name_of(&contract.customer);
        self.change(EntryKind::Recurring, number, former, &name, known.is_none(), next);
        if let (Some(known), Some(change)) = (&known, self.plan.changes.last_mut()) {
            change.after_end = after_end(&in_force, &known.invoiced);
        }
    }

    /// Finds out whether the invoices of a contract can be written: the next one, and the first one at each price to come.
    fn writable(&mut self, contract: &Contract, done: &BTreeSet<NaiveDate>, source: &SourceFile) -> bool {
        let mut from = vec![NaiveDate::MIN];
        from.extend(contract.lines.iter().flat_map(|line| &line.prices).map(|step| step.from));
        from.sort_unstable();
        from.dedup();
        for day in from {
            let Some((period, _, Err(error))) = self.draft_from(contract, done, day) else { continue };
            let service = |language: Language| language.period(period.starts_on, period.ends_on);
            let number = &contract.number;
            let what = (
                format!(
                    "die Rechnung von {number} für {} lässt sich nicht schreiben: {}.",
                    service(Language::GERMAN),
                    error.words(Language::GERMAN)
                ),
                format!("the invoice of {number} for {} cannot be written: {error}.", service(Language::En)),
            );
            let advice = ("Berichtigen Sie die Zeilen und ihre Preise.", "Correct the lines and their prices.");
            self.wrong(source, &["line", "0"], what, advice);
            return false;
        }
        true
    }

    fn one_off(&mut self, number: &str, one_off: &OneOff, source: &SourceFile) {
        let (known, former) = self.known(EntryKind::OneOff, number, None);
        let before = known.as_ref().map(|k| &k.state);
        if before == Some(&AgreementState::OneOff(one_off.clone())) {
            return;
        }
        // What left carries the files as they were; they may change.
        if known.as_ref().is_some_and(|known| known.issued && known.state.is_but_for_files(one_off)) {
            return;
        }
        if known.as_ref().is_some_and(|k| k.issued) {
            let what = (
                format!("{number} ist ausgestellt; eine ausgestellte Rechnung ändert sich nicht."),
                format!("{number} is issued; an issued invoice does not change."),
            );
            let advice = (
                "Stellen Sie die Datei wieder her, wie sie war. Diese Version kann noch nicht stornieren oder gutschreiben; sprechen Sie die Berichtigung mit dem Kunden ab, und halten Sie seine Briefe so lange an: `settled hold NUMMER`.",
                "Put the file back as it was. This release cannot cancel or credit an invoice yet; agree the correction with the customer, and hold its letters meanwhile: `settled hold NUMBER`.",
            );
            self.wrong(source, &["number"], what, advice);
            return;
        }
        let draft = |one_off: &OneOff| {
            let customer = &self.book.customers.get(&one_off.customer)?.value;
            let day = one_off.issue_on.unwrap_or(self.context.today);
            Some(Draft::of(&one_off.charge(), customer, self.context.terms, day))
        };
        if let Some(Err(error)) = draft(one_off) {
            let what = (
                format!("die Rechnung {number} lässt sich nicht schreiben: {}.", error.words(Language::GERMAN)),
                format!("the invoice {number} cannot be written: {error}."),
            );
            let advice = ("Berichtigen Sie die Zeilen und ihre Preise.", "Correct the lines and their prices.");
            self.wrong(source, &["line", "0"], what, advice);
            return;
        }
        let amount = |one_off: &OneOff| {
            let draft = draft(one_off)?.ok()?;
            Some((one_off.issue_on?, draft.payable(), draft.currency()))
        };
        let next = NextInvoice {
            before: match before {
                Some(AgreementState::OneOff(before)) => amount(before),
                _ => None,
            },
            after: amount(one_off),
            due_now: usize::from(one_off.issue_on.is_some_and(|day| day <= self.context.today)),
        };
        let name = self.name_of(&one_off.customer);
        self.change(EntryKind::OneOff, number, former, &name, known.is_none(), next);
    }

    fn quote(&mut self, number: &str, quote: &Quote, source: &SourceFile) {
        let (known, former) = self.known(EntryKind::Quote, number, None);
        if known.as_ref().is_some_and(|known| known.state == AgreementState::Quote(quote.clone())) {
            return;
        }
        if known.as_ref().is_some_and(|known| known.issued) {
            let what = (
                format!("{number} ist beim Kunden; ein Angebot, das hinausging, ändert sich nicht."),
                format!("the customer has {number}; a quote that was sent does not change."),
            );
            let advice = (
                format!(
                    "Stellen Sie die Datei wieder her, wie sie war. Länger gilt es mit `settled quote extend {number}`, ein neues macht `settled quote new --from {number}`."
                ),
                format!(
                    "Put the file back as it was. `settled quote extend {number}` lets it hold longer, `settled quote new --from {number}` makes another of it."
                ),
            );
            self.wrong(source, &["number"], what, (&advice.0, &advice.1));
            return;
        }
        if quote.valid_until < self.context.today {
            let day = quote.valid_until;
            let what = (
                format!("das Angebot galt nur bis zum {}, und der ist vorbei.", Language::GERMAN.day(day)),
                format!("the quote is valid until {day} only, which is over."),
            );
            let advice = ("Nennen Sie einen späteren Tag.", "Name a later day.");
            self.wrong(source, &["valid_until"], what, advice);
            return;
        }
        let name = self.name_of(&quote.customer);
        self.change(EntryKind::Quote, number, former, &name, known.is_none(), NextInvoice::default());
    }

    /// Tells when a contract says that more was invoiced elsewhere than anybody invoices ahead: the last day that can be. One period more
    /// than the present one is invoiced before it begins.
    fn billed_too_far(&self, contract: &Contract) -> Option<NaiveDate> {
        let billed = contract.billed_through.filter(|day| *day > self.context.today)?;
        let whole = Contract { end: None, pauses: Vec::new(), ..contract.clone() };
        let mut ahead = whole.periods().take(MOST_PERIODS).filter(|period| period.ends_on >= self.context.today);
        let last = ahead.nth(1)?.ends_on;
        (billed > last).then_some(last)
    }

    /// Drafts a contract's next invoice for a period that begins on a day or later: the period, the day, and what would be charged.
    /// Periods that cost nothing are skipped.
    fn draft_from(
        &self,
        contract: &Contract,
        done: &BTreeSet<NaiveDate>,
        from: NaiveDate,
    ) -> Option<(Period, NaiveDate, Result<Draft, DraftError>)> {
        let customer = &self.book.customers.get(&contract.customer)?.value;
        let billed_through = contract.billed_through.unwrap_or(NaiveDate::MIN);
        let is_next = |p: &Period| {
            p.starts_on >= from && p.ends_on > billed_through && !done.contains(&p.starts_on) && !contract.is_free(p)
        };
        let draft = |period: Period| {
            let day = contract.rhythm().scheduled_on(&period, self.context.business_days).max(self.context.today);
            (period, day, Draft::of(&contract.charge(&period), customer, self.context.terms, day))
        };
        contract
            .periods()
            .take(MOST_PERIODS)
            .filter(is_next)
            .map(draft)
            .find(|(.., draft)| *draft != Err(DraftError::Free))
    }

    /// Returns day and amount of a contract's next invoice, and how many are due now.
    fn next_of(
        &self,
        contract: &Contract,
        done: &BTreeSet<NaiveDate>,
    ) -> Option<((NaiveDate, Amount, Currency), usize)> {
        let (_, day, draft) = self.draft_from(contract, done, NaiveDate::MIN)?;
        let draft = draft.ok()?;
        let today = self.context.today;
        let waiting = match due(contract, done, None, today, self.context.business_days) {
            Due::Issue { periods, .. } | Due::Held { missed: periods } => periods.len(),
            Due::Nothing { .. } => 0,
        };
        Some(((day, draft.payable(), draft.currency()), waiting))
    }

    fn name_of(&self, customer: &str) -> String {
        self.book.customers.get(customer).map_or_else(|| customer.to_owned(), |entry| entry.value.name.clone())
    }

    /// Entries whose file is gone. A one-off that is issued, or a quote that was sent, has done its work and may go.
    fn gone(&mut self) {
        for ((kind, number), known) in &self.context.known {
            let done_with = matches!(kind, EntryKind::OneOff | EntryKind::Quote) && known.issued;
            let key = (*kind, number.clone());
            let is_there = self.met.contains(&key) || self.book.may_be_illegible(*kind, number);
            if !is_there && known.state != AgreementState::Vanished && !done_with {
                self.plan.vanished.push(Vanished { kind: *kind, number: number.clone() });
            }
        }
        let (gone, all) = (self.plan.vanished.len(), self.context.known.len());
        if gone > 2 && gone * 10 > all {
            let language = self.context.language;
            let what = language.say(
                format!("{gone} von {all} Einträgen sind aus dem Buch verschwunden."),
                format!("{gone} of {all} entries have vanished from the book."),
            );
            let advice = language.say(
                "Das sieht nach einem falschen Ordner oder einer unfertigen Kopie aus; nichts wird übernommen. Wer Verträge beenden will, gibt ihnen ein `end`.",
                "That looks like a wrong folder or an unfinished copy; nothing is applied. To end contracts, give them an `end`.",
            );
            self.plan.mistakes.push(Mistake::in_file(language, "book/", what).advice(advice));
        }
    }
}

/// Returns the first key of the rhythm that differs.
fn changed_key(before: &Contract, after: &Contract) -> &'static str {
    let (b, a) = (before.rhythm(), after.rhythm());
    let differing = [
        ("start", b.start != a.start),
        ("interval", b.interval != a.interval),
        ("billing", b.billing != a.billing),
        ("align", b.align != a.align),
        ("anchor_day", b.anchor_day != a.anchor_day),
        ("issue_offset_days", b.issue_offset_days != a.issue_offset_days),
    ];
    differing.into_iter().find(|(_, differs)| *differs).map_or("issue_day_adjust", |(key, _)| key)
}
