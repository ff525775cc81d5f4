//! How things stand: how far the bank's data reach, what is open, what waits, and what needs the owner, each with the command that
//! solves it. The one source of `settled status`, of alarms and of the weekly summary.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate, Utc};
use serde::Serialize;
use serde_json::Value;

use super::attention::{asks, broken};
use super::coverage::coverage;
use super::customer_case::{accounts, covered_through};
use super::day::DAY_RULE;
use super::escalate::{MODEL_RULE, PAPER_RULE};
use super::match_payments::view;
use super::office::{JobError, Office, Transport};
use super::pause::{self, Paused};
use super::send_mail::{MAIL_RULE, file_name};
use crate::calendar::EARLIEST;
use crate::dunning::HoldReason;
use crate::id::PaymentId;
use crate::invoice::{Draft, OneOff};
use crate::language::Language;
use crate::letter::{Block, Page, Text};
use crate::matching::{Flag, Payment, Verdict};
use crate::money::{Amount, Currency};
use crate::recurring::Contract;
use crate::shell::dropfolder::DropFolder;
use crate::shell::store::{DecisionRow, DueContract, PaymentLine, PaymentRow, StandingRow, Subject, Tx, WaitingLetter};
use crate::summary::{BankReach, HeldGroup, MoneyByCurrency, Question};

/// How things stand.
#[derive(Debug, Clone)]
pub struct Status {
    /// The civil day.
    pub today: NaiveDate,
    /// When anything was last written.
    pub books_of: Option<DateTime<Utc>>,
    /// The day from which the daemon acts; nothing: it only watches.
    pub live_since: Option<NaiveDate>,
    /// How far the bank's data reach.
    pub bank: Vec<BankReach>,
    /// What is open, by currency: amount, invoices, and what of it is overdue.
    pub open: BTreeMap<Currency, OpenMoney>,
    /// Letters that are held, by reason.
    pub held: Vec<HeldGroup>,
    /// What the owner paused, and through which day.
    pub paused: Vec<(Paused, Option<NaiveDate>)>,
    /// Mail: what left today, and what waits.
    pub mail: MailState,
    /// The next day on which invoices are issued: how many, over how much.
    pub next_issue: Option<(NaiveDate, usize, MoneyByCurrency)>,
    /// What needs the owner.
    pub questions: Vec<Question>,
}

/// What is open in a currency.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OpenMoney {
    /// Everything, less open credit notes.
    pub amount: Amount,
    /// Of how many documents.
    pub documents: usize,
    /// What of it is overdue.
    pub overdue: Amount,
    /// Of how many documents.
    pub overdue_documents: usize,
}

/// What left and what waits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct MailState {
    /// Accepted by the server today.
    pub sent_today: i64,
    /// Queued, not tried yet.
    pub queued: usize,
    /// Tried, and to be tried again.
    pub deferred: usize,
    /// Nobody knows whether they left.
    pub unclear: usize,
    /// To be printed and posted, or put into a portal, by a person.
    pub by_hand: usize,
}

/// Finds out how things stand.
///
/// # Errors
/// When the books fail.
pub async fn status(office: &Office, tx: &mut Tx) -> Result<Status, JobError> {
    let today = office.day(office.clock.now());
    let held_letters = tx.standing("held").await?;
    let bank = bank(office, tx, today).await?;
    let mut asking = Asking { office, language: office.config.owner.language, questions: Vec::new() };
    asking.safe_mode().await?;
    asking.failure(tx).await?;
    asking.silence(tx).await?;
    asking.mail(tx).await?;
    asking.payments(tx).await?;
    let broken = broken(tx).await?;
    // Of an account with a gap the gap is said, below.
    let whole = bank.iter().filter(|reach| !broken.iter().any(|(account, _)| account.name == reach.name));
    asking.bank(whole, &held_letters);
    asking.files()?;
    asking.contracts(tx).await?;
    asking.letters(tx).await?;
    asking.stuck(tx).await?;
    asking.unwritten(&held_letters);
    asking.unreadable(&held_letters);
    asking.last_stage(tx).await?;
    for ask in asks(office, tx, today, &broken).await? {
        asking.ask(ask.german, ask.english, ask.commands);
    }
    asking.not_live().await?;
    let questions = asking.questions;
    Ok(Status {
        today,
        books_of: office.store.last_written().await?,
        live_since: office.live_since().await?,
        bank,
        open: open(tx, today).await?,
        held: groups(&held_letters),
        paused: paused(tx, today).await?,
        mail: mail(office, tx, today).await?,
        next_issue: next_issue(office, tx, today).await?,
        questions,
    })
}

/// Writes the mail that tells the owner at once what an alarm is about.
///
/// # Errors
/// When the books fail.
pub async fn alarm_text(office: &Office, tx: &mut Tx, _today: NaiveDate, about: &str) -> Result<Text, JobError> {
    let status = status(office, tx).await?;
    let language = office.config.owner.language;
    let held: usize = status.held.iter().filter(|g| g.reason == HoldReason::BankStale).map(|g| g.numbers.len()).sum();
    let (subject, opening) = match (about.split(' ').next().unwrap_or_default(), language) {
        ("bank_stale", Language::De) => (
            format!("Bankdaten fehlen: {held} Schreiben warten"),
            "solange die Kontoauszüge nicht weit genug reichen, geht keine Erinnerung und keine Mahnung hinaus. Sobald sie da sind, \
             geht alles von selbst weiter.",
        ),
        ("bank_stale", Language::En) => (
            format!("Bank data are missing: {held} letters wait"),
            "while the statements do not reach far enough, no reminder and no dunning letter leaves. As soon as they are there, \
             everything goes on by itself.",
        ),
        ("failure", Language::De) => (
            "Die Arbeit des Tages schlägt fehl".to_owned(),
            "etwas hindert settled an der Arbeit; es versucht es jede Minute noch einmal. Rechnungen und Mahnungen warten so lange.",
        ),
        ("failure", Language::En) => (
            "The day's work fails".to_owned(),
            "something keeps settled from its work; it tries again each minute. Invoices and letters wait meanwhile.",
        ),
        ("statement_rejected", Language::De) => (
            "Ein Kontoauszug wurde nicht gebucht".to_owned(),
            "eine Datei der Bank konnte nicht gebucht werden; nichts davon ist verloren.",
        ),
        ("statement_rejected", Language::En) => {
            ("A bank file was not booked".to_owned(), "a file of the bank could not be booked; nothing of it is lost.")
        }
        ("instalment_missed", Language::De) => (
            "Eine Rate wurde nicht bezahlt".to_owned(),
            "eine vereinbarte Rate ist nicht eingegangen; der Ratenplan ist damit beendet, und es wird wieder gemahnt.",
        ),
        ("instalment_missed", Language::En) => (
            "An instalment was not paid".to_owned(),
            "an instalment that was agreed on has not come in; so the plan is over, and letters go out again.",
        ),
        ("unreadable", Language::De) => (
            "Ein Kunde kann nicht gelesen werden".to_owned(),
            "was die Bücher über einen Kunden sagen, kann dieses Programm nicht lesen: an ihn geht kein Schreiben; alle anderen gehen hinaus.",
        ),
        ("unreadable", Language::En) => (
            "A customer cannot be read".to_owned(),
            "this program cannot read what the books say of a customer: no letter to that customer leaves; all others do.",
        ),
        ("letters_held", Language::De) => (
            "Ein Schreiben konnte nicht verfasst werden".to_owned(),
            "eine Erinnerung oder Mahnung geht nicht hinaus, weil ihre Vorlage nicht stimmt; die anderen gehen hinaus.",
        ),
        ("letters_held", Language::En) => (
            "A letter could not be written".to_owned(),
            "a reminder or dunning letter does not leave because its template is wrong; the others leave.",
        ),
        (_, Language::De) => (
            "Rechnungen warten auf Sie".to_owned(),
            "für einen Vertrag gehen keine Rechnungen hinaus, bis Sie entschieden haben.",
        ),
        (_, Language::En) => {
            ("Invoices wait for you".to_owned(), "no invoices go out for a contract until you have decided.")
        }
    };
    let hello = match language {
        Language::De => "Guten Tag,",
        Language::En => "Hello,",
    };
    let mut blocks = vec![Block::Paragraph(hello.to_owned()), Block::Paragraph(opening.to_owned())];
    blocks.extend(
        status.questions.into_iter().map(|question| Block::Todo { text: question.text, commands: question.commands }),
    );
    Ok(Text { subject, page: Page { blocks } })
}

/// How far the statements of each account reach, and how many business days are missing.
async fn bank(office: &Office, tx: &mut Tx, today: NaiveDate) -> Result<Vec<BankReach>, JobError> {
    let business_days = office.business_days();
    let needed = business_days.before(today, office.freshness());
    let mut reach = Vec::new();
    for (account, _) in accounts(tx).await? {
        if account.closed_on.is_some_and(|day| day <= today) || !account.gates_dunning {
            continue;
        }
        let settings = office.config.bank_accounts.iter().find(|settings| settings.name == account.name);
        let through = covered_through(&account);
        let behind = match through {
            Some(day) if day >= needed => 0,
            Some(day) => business_days.between(day, business_days.before(today, 1)),
            None => 0,
        };
        let chain = coverage(tx, account.id).await?;
        let balance = chain.balance.filter(|_| behind > 0 && chain.gaps.is_empty());
        reach.push(BankReach {
            balance: balance.zip(account.currency.parse().ok()),
            name: account.name.clone(),
            iban: settings.map(|settings| settings.iban.short()).unwrap_or_default(),
            through,
            behind,
        });
    }
    Ok(reach)
}

async fn open(tx: &mut Tx, today: NaiveDate) -> Result<BTreeMap<Currency, OpenMoney>, JobError> {
    let mut open: BTreeMap<Currency, OpenMoney> = BTreeMap::new();
    for row in tx.open_invoices().await? {
        let currency =
            row.currency.parse().map_err(|_| JobError::damaged(format!("the currency of {}", row.number)))?;
        let money = open.entry(currency).or_default();
        let amount = Amount::from_minor(row.open_principal);
        money.amount += amount;
        money.documents += 1;
        if amount.is_positive() && row.due_on < today {
            money.overdue += amount;
            money.overdue_documents += 1;
        }
    }
    Ok(open)
}

async fn paused(tx: &mut Tx, today: NaiveDate) -> Result<Vec<(Paused, Option<NaiveDate>)>, JobError> {
    let mut paused = Vec::new();
    for what in Paused::ALL {
        paused.extend(pause::in_force(tx, what, today).await?.map(|until| (what, until)));
    }
    Ok(paused)
}

/// Groups held letters by their reason, in the order of precedence.
pub fn groups(held: &[StandingRow]) -> Vec<HeldGroup> {
    let mut groups: BTreeMap<HoldReason, Vec<String>> = BTreeMap::new();
    for row in held {
        if let Some(reason) = row.rule.strip_prefix("D5 ").and_then(HoldReason::by_name) {
            groups.entry(reason).or_default().push(row.number.clone());
        }
    }
    groups.into_iter().map(|(reason, numbers)| HeldGroup { reason, numbers }).collect()
}

async fn mail(office: &Office, tx: &mut Tx, today: NaiveDate) -> Result<MailState, JobError> {
    let zone = office.config.business.timezone;
    let midnight = |day: NaiveDate| zone.instant(day.and_time(chrono::NaiveTime::MIN));
    let sent = tx.letters_sent(midnight(today), midnight(today + Days::new(1))).await?;
    let mut state = MailState { sent_today: sent.iter().map(|(_, count)| count).sum(), ..MailState::default() };
    for letter in tx.all_waiting_letters().await? {
        match (letter.state.as_str(), letter.delivery.as_str()) {
            ("queued", "mail") => state.queued += 1,
            ("queued", _) => state.by_hand += 1,
            ("unclear", _) => state.unclear += 1,
            _ => state.deferred += 1,
        }
    }
    Ok(state)
}

/// The invoices of a range of days: on which day, over how much.
///
/// # Errors
/// When the books fail.
pub async fn coming_invoices(
    office: &Office,
    tx: &mut Tx,
    from: NaiveDate,
    through: NaiveDate,
) -> Result<Vec<(NaiveDate, Currency, Amount)>, JobError> {
    let mut coming = Vec::new();
    for row in tx.coming_contracts(from, through).await? {
        match coming_of(office, tx, &row, through).await {
            // What cannot be read is not issued, and is told of by its contract.
            Err(JobError::Model { .. }) => {}
            invoices => coming.extend(invoices?),
        }
    }
    coming.sort_unstable();
    Ok(coming)
}

async fn coming_of(
    office: &Office,
    tx: &mut Tx,
    row: &DueContract,
    through: NaiveDate,
) -> Result<Vec<(NaiveDate, Currency, Amount)>, JobError> {
    let Some(model) = &row.model else { return Ok(Vec::new()) };
    let (terms, business_days) = (office.terms(), office.business_days());
    let customer = serde_json::from_str(&row.customer_model)
        .map_err(JobError::model(format!("the customer of {}", row.number)))?;
    if row.kind == "once" {
        let one_off: OneOff = serde_json::from_str(model).map_err(JobError::model(row.number.clone()))?;
        let draft = Draft::of(&one_off.charge(), &customer, &terms, row.next_on).ok();
        return Ok(draft.map(|draft| (row.next_on, draft.currency(), draft.payable())).into_iter().collect());
    }
    let contract: Contract = serde_json::from_str(model).map_err(JobError::model(row.number.clone()))?;
    let done: Vec<NaiveDate> = tx.periods_of(row.id).await?.into_iter().map(|period| period.starts_on).collect();
    let (rhythm, billed) = (contract.rhythm(), contract.billed_through.unwrap_or(NaiveDate::MIN));
    let periods = contract.periods().map(|period| (rhythm.scheduled_on(&period, &business_days), period));
    let due: Vec<_> = periods
        .take_while(|(day, _)| *day <= through)
        .filter(|(day, period)| *day >= row.next_on && period.ends_on > billed && !done.contains(&period.starts_on))
        .collect();
    // Too many at once wait for the owner (rule R5).
    let today = office.day(office.clock.now());
    let missed = due.iter().filter(|(day, _)| *day <= today).count();
    if missed > usize::try_from(contract.max_catch_up).unwrap_or(usize::MAX) {
        return Ok(Vec::new());
    }
    let due = due.into_iter();
    let drafts = due.filter_map(|(day, period)| {
        let draft = Draft::of(&contract.charge(&period), &customer, &terms, day).ok()?;
        Some((day, draft.currency(), draft.payable()))
    });
    Ok(drafts.collect())
}

/// How long the owner may hear nothing.
const SILENCE: Days = Days::new(8);

/// How long a letter may be tried again before the owner is asked.
const PATIENCE: Days = Days::new(3);

/// How far `status` looks ahead.
const AHEAD: Days = Days::new(62);

async fn next_issue(
    office: &Office,
    tx: &mut Tx,
    today: NaiveDate,
) -> Result<Option<(NaiveDate, usize, MoneyByCurrency)>, JobError> {
    let mut coming = coming_invoices(office, tx, EARLIEST, today + AHEAD).await?;
    for (day, ..) in &mut coming {
        *day = (*day).max(today);
    }
    let Some((first, ..)) = coming.first().copied() else { return Ok(None) };
    let mut money = MoneyByCurrency::new();
    let of_day: Vec<_> = coming.into_iter().filter(|(day, ..)| *day == first).collect();
    for (_, currency, amount) in &of_day {
        *money.entry(*currency).or_default() += *amount;
    }
    Ok(Some((first, of_day.len(), money)))
}

/// Collects what needs the owner, the most important first.
struct Asking<'o> {
    office: &'o Office,
    language: Language,
    questions: Vec<Question>,
}

impl Asking<'_> {
    fn ask(&mut self, german: String, english: String, commands: Vec<String>) {
        let text = match self.language {
            Language::De => german,
            Language::En => english,
        };
        self.questions.push(Question { text, commands });
    }

    async fn safe_mode(&mut self) -> Result<(), JobError> {
        if let Some(why) = self.office.safe_mode().await? {
            self.ask(
                format!("Abgesicherter Betrieb, nichts geht hinaus: {why}"),
                format!("Safe mode, nothing leaves: {why}"),
                Vec::new(),
            );
        }
        Ok(())
    }

    /// The day's work fails, again and again.
    async fn failure(&mut self, tx: &mut Tx) -> Result<(), JobError> {
        let last = tx.latest_by_rule(Subject::BOOKS, DAY_RULE).await?;
        if let Some(last) = last.filter(|last| last.verdict == "failed") {
            let words = word(&last.facts, "words");
            self.ask(
                format!("Die Arbeit des Tages schlägt fehl, es wird jede Minute neu versucht: {words}"),
                format!("The day's work fails, it is tried again each minute: {words}"),
                Vec::new(),
            );
        }
        Ok(())
    }

    /// No summary has reached the owner for longer than a week (fault 43).
    async fn silence(&mut self, tx: &mut Tx) -> Result<(), JobError> {
        let Some(live_since) = self.office.live_since().await? else { return Ok(()) };
        let today = self.office.day(self.office.clock.now());
        let last = tx.last_accepted("summary").await?.map_or(live_since, |instant| self.office.day(instant));
        if last + SILENCE < today {
            self.ask(
                format!("Seit {} hat Sie keine Wochenübersicht erreicht.", Language::De.day(last)),
                format!("No weekly summary has reached you since {}.", Language::En.day(last)),
                vec!["settled mail test".to_owned()],
            );
        }
        Ok(())
    }

    async fn mail(&mut self, tx: &mut Tx) -> Result<(), JobError> {
        let last = tx.latest_by_rule(Subject::BOOKS, MAIL_RULE).await?;
        if let Some(last) = last.filter(|last| last.verdict == "misconfigured") {
            let words = word(&last.facts, "words");
            self.ask(
                format!("Der Mailserver nimmt nichts an: {words}"),
                format!("The mail server takes nothing: {words}"),
                vec!["settled mail test".to_owned()],
            );
        }
        let waiting = tx.all_waiting_letters().await?;
        let by_mail = match &self.office.transport {
            Transport::Folder { folder: Some(folder), counts: false, .. } => {
                let written = |letter: &&WaitingLetter| folder.join(file_name(letter)).exists();
                waiting.iter().filter(|l| l.delivery == "mail").filter(written).count()
            }
            _ => 0,
        };
        if by_mail == 1 {
            self.ask(
                "Ein Schreiben liegt nur als Datei vor, denn es ist kein Mailserver eingerichtet; es gilt nicht als zugestellt.".to_owned(),
                "One letter is a file only, because no mail server is configured; it does not count as delivered.".to_owned(),
                vec!["settled mail test".to_owned()],
            );
        } else if by_mail > 1 {
            self.ask(
                format!("{by_mail} Schreiben liegen nur als Dateien vor, denn es ist kein Mailserver eingerichtet; nichts davon gilt als zugestellt."),
                format!("{by_mail} letters are files only, because no mail server is configured; none of them counts as delivered."),
                vec!["settled mail test".to_owned()],
            );
        }
        let by_hand: Vec<&str> =
            waiting.iter().filter(|l| l.delivery != "mail").map(|letter| letter.about.as_str()).collect();
        if !by_hand.is_empty() {
            let (count, some) = (by_hand.len(), by_hand[..by_hand.len().min(3)].join(", "));
            self.ask(
                format!("{count} Schreiben sind von Hand zu versenden ({some})."),
                format!("{count} letters are to be sent by hand ({some})."),
                by_hand.iter().take(3).map(|about| format!("settled letter posted \"{about}\"")).collect(),
            );
        }
        Ok(())
    }

    /// Undecided payments; those that hold nobody's letters first, for nothing else reminds of them.
    async fn payments(&mut self, tx: &mut Tx) -> Result<(), JobError> {
        let mut payments = Vec::new();
        for line in tx.payment_lines(true).await? {
            let verdict = verdict_of(tx, line.id).await?;
            let holds = verdict.as_ref().is_some_and(|verdict| !verdict.concerns.is_empty());
            payments.push((holds, line, verdict));
        }
        payments.sort_by_key(|(holds, line, _)| (*holds, line.id));
        for (_, line, verdict) in payments {
            let commands = proposals(tx, &line, verdict.as_ref()).await?;
            let (german, english) = described(&line, verdict.as_ref())?;
            self.ask(german, english, commands);
        }
        Ok(())
    }

    fn bank<'b>(&mut self, bank: impl Iterator<Item = &'b BankReach>, held: &[StandingRow]) {
        for account in bank {
            let about = |row: &&StandingRow| row.rule == "D5 bank_stale" && word(&row.facts, "about") == account.name;
            let waiting = held.iter().filter(about).count();
            if waiting == 0 && (account.behind == 0 || account.through.is_none()) {
                continue;
            }
            let inbox = self.office.config.paths.inbox.display();
            let (german, english) = match account.through {
                Some(day) => (
                    format!(
                        "Das Konto {} ({}) hat seit {} keinen Auszug; {waiting} Schreiben warten. Legen Sie den neuesten in {inbox}; wurde seither nichts gebucht, bestätigen Sie den Saldo.",
                        account.name,
                        account.iban,
                        Language::De.day(day)
                    ),
                    format!(
                        "Account {} ({}) has no statement since {}; {waiting} letters are held. Drop the newest into {inbox}; if nothing was booked since, confirm the balance.",
                        account.name,
                        account.iban,
                        Language::En.day(day)
                    ),
                ),
                None => (
                    format!(
                        "Das Konto {} ({}) hat noch keinen Auszug; {waiting} Schreiben warten. Legen Sie ihn in {inbox}.",
                        account.name, account.iban
                    ),
                    format!(
                        "Account {} ({}) has no statement yet; {waiting} letters are held. Drop one into {inbox}.",
                        account.name, account.iban
                    ),
                ),
            };
            let mut commands = vec!["settled bank import FILE".to_owned()];
            if let (Some(through), Some((balance, currency))) = (account.through, account.balance) {
                let today = self.office.day(self.office.clock.now());
                let last = self.office.business_days().before(today, 1);
                let name =
                    if account.name.contains(' ') { format!("\"{}\"", account.name) } else { account.name.clone() };
                commands.extend((last > through).then(|| {
                    format!("settled bank confirm {name} --through {last} --balance {}", balance.plain(currency))
                }));
            }
            self.ask(german, english, commands);
        }
    }

    fn files(&mut self) -> Result<(), JobError> {
        let folder = DropFolder::new(&self.office.inbox);
        for file in folder.refused().map_err(JobError::io("looking into the rejected files"))? {
            self.ask(
                format!("Die Bankdatei {file} wurde nicht oder nicht ganz gebucht; was und warum, steht daneben in rejected/{file}.txt. Löschen Sie beide, wenn es erledigt ist."),
                format!("The bank file {file} was not booked, or not as a whole; rejected/{file}.txt beside it says what and why. Delete both when that is settled."),
                vec![format!("settled bank show rejected/{file}")],
            );
        }
        let before = self.office.clock.now() - chrono::Duration::hours(1);
        for file in folder.stuck(before).map_err(JobError::io("looking into the inbox"))? {
            self.ask(
                format!("Die Bankdatei {file} wartet seit mehr als einer Stunde und kann nicht gelesen werden; so lange geht keine Erinnerung hinaus. Darf settled sie lesen und verschieben?"),
                format!("The bank file {file} has waited for more than an hour and cannot be read; no reminder leaves meanwhile. May settled read and move it?"),
                vec![format!("settled bank show {file}")],
            );
        }
        Ok(())
    }

    async fn contracts(&mut self, tx: &mut Tx) -> Result<(), JobError> {
        for held in tx.standing_decisions("contract", "held").await? {
            let contract = tx.contract(held.subject_id).await?;
            let reason = word(&held.facts, "reason");
            let number = &contract.number;
            let commands = contract_commands(number, &held);
            self.ask(
                format!("Der Vertrag {number} wird nicht abgerechnet: {reason}."),
                format!("The contract {number} is not invoiced: {reason}."),
                commands,
            );
        }
        Ok(())
    }

    async fn letters(&mut self, tx: &mut Tx) -> Result<(), JobError> {
        for letter in tx.troubled_letters().await? {
            let (about, name) = (&letter.about, &letter.customer_name);
            if letter.state == "unclear" {
                self.ask(
                    format!("Ob das Schreiben {about} an {name} hinausging, ist ungewiss: {}. Sehen Sie im Postausgang nach.", letter.words),
                    format!("Nobody knows whether the letter {about} to {name} left: {}. Look into the sent mail.", letter.words),
                    vec![format!("settled letter posted \"{about}\""), format!("settled letter resend \"{about}\"")],
                );
            } else {
                self.ask(
                    format!("{about} an {name} kam zurück: {}. Berichtigen Sie die Adresse im Buch; nach dem Übernehmen geht es von selbst noch einmal hinaus.", letter.words),
                    format!("{about} to {name} came back: {}. Correct the address in the book; once applied it is sent again by itself.", letter.words),
                    vec!["settled apply".to_owned(), format!("settled letter resend \"{about}\"")],
                );
            }
        }
        Ok(())
    }

    /// Letters that could not be written.
    fn unwritten(&mut self, held: &[StandingRow]) {
        for row in held.iter().filter(|row| row.rule == PAPER_RULE) {
            let (number, why) = (&row.number, word(&row.facts, "reason"));
            self.ask(
                format!("Das Schreiben zu {number} kann nicht verfasst werden: {why}. Berichtigen Sie die Vorlage; es geht dann von selbst hinaus."),
                format!("The letter on {number} cannot be written: {why}. Correct the template; it then leaves by itself."),
                vec![format!("settled why {number}")],
            );
        }
    }

    /// Customers that cannot be read.
    fn unreadable(&mut self, held: &[StandingRow]) {
        for row in held.iter().filter(|row| row.rule == MODEL_RULE) {
            let (number, why) = (&row.number, word(&row.facts, "reason"));
            self.ask(
                format!("Zu {number} geht kein Schreiben hinaus: {why}. Prüfen Sie die Datei des Kunden und übernehmen Sie sie neu."),
                format!("No letter on {number} leaves: {why}. Look at the customer's file and apply it anew."),
                vec!["settled check".to_owned(), "settled apply".to_owned()],
            );
        }
    }

    /// Letters that are tried again and again.
    async fn stuck(&mut self, tx: &mut Tx) -> Result<(), JobError> {
        let since = self.office.clock.now() - PATIENCE;
        for letter in tx.all_waiting_letters().await?.into_iter().filter(|letter| letter.state == "deferred") {
            let attempts = tx.attempts_of(letter.letter_id).await?;
            if attempts.first().is_none_or(|first| first.started_at > since) {
                continue;
            }
            let words = tx.events_of(letter.letter_id).await?.pop().map(|event| event.words).unwrap_or_default();
            let (about, tries) = (&letter.about, attempts.len());
            self.ask(
                format!("{about} geht seit drei Tagen nicht hinaus ({tries} Versuche): {words}. Stimmt die Adresse?"),
                format!("{about} has not left for three days ({tries} attempts): {words}. Is the address right?"),
                vec!["settled mail test".to_owned()],
            );
        }
        Ok(())
    }

    async fn last_stage(&mut self, tx: &mut Tx) -> Result<(), JobError> {
        for row in tx.standing("last_stage").await? {
            let currency: Currency =
                row.currency.parse().map_err(|_| JobError::damaged(format!("the currency of {}", row.number)))?;
            let open = Amount::from_minor(row.open_principal);
            let (number, name) = (&row.number, &row.customer_name);
            self.ask(
                format!("{name} hat nach der letzten Mahnung nicht bezahlt: {number}, offen {}. Mehr schreibt settled nicht; jetzt sind Sie dran.", open.with_currency(currency, Language::De)),
                format!("{name} has not paid after the last letter: {number}, open {}. settled writes no more; it is your turn.", open.with_currency(currency, Language::En)),
                vec![format!("settled handover {number}"), format!("settled hold {number} --reason \"…\"")],
            );
        }
        Ok(())
    }

    async fn not_live(&mut self) -> Result<(), JobError> {
        if self.office.live_since().await?.is_none() {
            self.ask(
                "settled sieht bisher nur zu: keine Rechnung, kein Schreiben geht hinaus, bis Sie es scharf schalten."
                    .to_owned(),
                "settled only watches so far: no invoice and no letter leaves until you go live.".to_owned(),
                vec!["settled golive".to_owned()],
            );
        }
        Ok(())
    }
}

/// Returns a word of a decision's facts.
pub fn word(facts: &str, key: &str) -> String {
    let facts: Value = serde_json::from_str(facts).unwrap_or_default();
    facts[key].as_str().unwrap_or_default().to_owned()
}

/// Sees a line of the overview as the matcher does.
///
/// # Errors
/// When the books hold something that is no payment.
pub fn seen(line: &PaymentLine) -> Result<Payment, JobError> {
    let row = PaymentRow {
        id: line.id,
        paid_into: String::new(),
        entry_id: None,
        detail: line.detail,
        amount: line.amount,
        currency: line.currency.clone(),
        booked_on: line.booked_on,
        value_on: line.value_on,
        payer_iban: line.payer_iban.clone(),
        end_to_end_id: None,
        model: line.model.clone(),
    };
    view(&row, Amount::from_minor(line.amount))
}

/// Says of an undecided payment who, how much, what text, and why it is not decided; in German and English.
fn described(line: &PaymentLine, verdict: Option<&Verdict>) -> Result<(String, String), JobError> {
    let payment = seen(line)?;
    let id = PaymentId::from(line.id);
    let currency = payment.currency.unwrap_or(Currency::EUR);
    let amount = Amount::from_minor(line.open_amount.unwrap_or(line.amount));
    let payer = payment.payer_name.as_deref().unwrap_or("?");
    let text: String = payment.first_line().chars().take(70).collect();
    let text = if text.is_empty() { String::new() } else { format!(", \"{text}\"") };
    let german = format!(
        "Zahlung {id}: {} von \"{payer}\"{text}: {}.",
        amount.with_currency(currency, Language::De),
        waits_because(verdict, Language::De)
    );
    let english = format!(
        "Payment {id}: {} from \"{payer}\"{text}: {}.",
        amount.with_currency(currency, Language::En),
        waits_because(verdict, Language::En)
    );
    Ok((german, english))
}

/// Says why an undecided payment waits.
pub fn waits_because(verdict: Option<&Verdict>, language: Language) -> &'static str {
    let flags = verdict.map(|verdict| verdict.flags.as_slice()).unwrap_or_default();
    // A proposal's amount is the lesser question.
    let telling = flags.iter().find(|flag| !matches!(flag, Flag::Partial | Flag::Overpayment));
    match (telling.or(flags.first()), language) {
        (Some(flag), language) => flag.words(language),
        (None, Language::De) => "keine bekannte Referenz",
        (None, Language::En) => "no known reference",
    }
}

/// Returns what the matcher last said of a payment; nothing when the owner has decided since.
///
/// # Errors
/// When the books fail.
pub async fn verdict_of(tx: &mut Tx, payment: i64) -> Result<Option<Verdict>, JobError> {
    // What the owner did since is no verdict.
    let decisions = tx.decisions_of(Subject::payment(payment)).await?;
    Ok(decisions.iter().rev().find_map(|decision| serde_json::from_str(&decision.facts).ok()))
}

/// The commands that let a contract's invoices go out again.
pub fn contract_commands(number: &str, held: &DecisionRow) -> Vec<String> {
    match held.rule.as_str() {
        "R5" => {
            vec![format!("settled release {number}"), format!("settled release {number} --skip-until {}", held.today)]
        }
        "book" | "insolvent" => vec!["settled apply".to_owned()],
        _ => vec!["settled check".to_owned(), "settled apply".to_owned()],
    }
}

/// The commands that decide a payment: the proposal, else the candidates, else what one would look for.
///
/// # Errors
/// When the books fail.
pub async fn proposals(tx: &mut Tx, line: &PaymentLine, verdict: Option<&Verdict>) -> Result<Vec<String>, JobError> {
    let id = PaymentId::from(line.id);
    let mut commands = Vec::new();
    if let Some(verdict) = verdict {
        let mut numbers = Vec::new();
        for allocation in &verdict.allocations {
            numbers.push(tx.document(allocation.document.get()).await?.number);
        }
        if !numbers.is_empty() {
            commands.push(format!("settled assign {id} {}", numbers.join(" ")));
        } else {
            for candidate in verdict.candidates.iter().take(3) {
                let document = tx.document(candidate.get()).await?;
                // Money of another currency cannot pay it.
                if document.currency == line.currency {
                    commands.push(format!("settled assign {id} {}", document.number));
                }
            }
        }
    }
    if commands.is_empty() {
        if line.amount > 0 {
            commands.push(format!("settled assign {id} NUMBER"));
        }
        commands.push(format!("settled payments ignore {id}"));
    }
    Ok(commands)
}
