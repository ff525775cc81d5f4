//! What needs the owner, the most important first, each with the command that solves it.

use chrono::Days;
use serde_json::Value;

use super::attention::{asks, broken};
use super::day::DAY_RULE;
use super::escalate::{MODEL_RULE, PAPER_RULE};
use super::office::{JobError, Office, Transport};
use super::send_mail::{MAIL_RULE, file_name};
use super::undecided::{described, proposals, verdict_of};
use crate::language::Language;
use crate::money::{Amount, Currency};
use crate::shell::dropfolder::DropFolder;
use crate::shell::store::{DecisionRow, StandingRow, Subject, Tx, WaitingLetter};
use crate::summary::{BankReach, Question};

/// How long the owner may hear nothing.
const SILENCE: Days = Days::new(8);

/// How long a letter may be tried again before the owner is asked.
const PATIENCE: Days = Days::new(3);

/// Gathers what needs the owner.
///
/// # Errors
/// When the books fail.
pub async fn questions(
    office: &Office,
    tx: &mut Tx,
    bank: &[BankReach],
    held_letters: &[StandingRow],
) -> Result<Vec<Question>, JobError> {
    let today = office.day(office.clock.now());
    let mut asking = Asking { office, language: office.config.owner.language, questions: Vec::new() };
    asking.safe_mode().await?;
    asking.failure(tx).await?;
    asking.silence(tx).await?;
    asking.mail(tx).await?;
    asking.payments(tx).await?;
    let broken = broken(tx).await?;
    // Of an account with a gap the gap is said, below.
    let whole = bank.iter().filter(|reach| !broken.iter().any(|(account, _)| account.name == reach.name));
    asking.bank(whole, held_letters);
    asking.files()?;
    asking.contracts(tx).await?;
    asking.letters(tx).await?;
    asking.stuck(tx).await?;
    asking.unwritten(held_letters);
    asking.unreadable(held_letters);
    asking.last_stage(tx).await?;
    for ask in asks(office, tx, today, &broken).await? {
        asking.ask(ask.german, ask.english, ask.commands);
    }
    asking.not_live().await?;
    Ok(asking.questions)
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
