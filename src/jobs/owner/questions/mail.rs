//! Questions about letters that do not leave or do not arrive.

use chrono::Days;

use super::asking::Asking;
use crate::fact::DecisionFact;
use crate::jobs::office::Transport;
use crate::jobs::office::error::JobError;
use crate::jobs::records::decision::{MAIL_RULE, Standing, latest_by_rule};
use crate::jobs::records::letter::file_name;
use crate::shell::store::{Subject, Tx, WaitingLetter};

/// How long a letter may be tried again before the owner is asked.
const PATIENCE: Days = Days::new(3);

impl Asking<'_> {
    pub(super) async fn mail(&mut self, tx: &mut Tx) -> Result<(), JobError> {
        let last = latest_by_rule(tx, Subject::BOOKS, MAIL_RULE).await?;
        if let Some(DecisionFact::MailMisconfigured { words }) = last.map(|last| last.fact) {
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

    pub(super) async fn letters(&mut self, tx: &mut Tx) -> Result<(), JobError> {
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
    pub(super) fn unwritten(&mut self, held: &[Standing]) {
        for Standing { row, fact } in held {
            let DecisionFact::Unwritten { reason: why, .. } = fact else { continue };
            let number = &row.number;
            self.ask(
                format!("Das Schreiben zu {number} kann nicht verfasst werden: {why}. Berichtigen Sie die Vorlage; es geht dann von selbst hinaus."),
                format!("The letter on {number} cannot be written: {why}. Correct the template; it then leaves by itself."),
                vec![format!("settled why {number}")],
            );
        }
    }

    /// Customers that cannot be read.
    pub(super) fn unreadable(&mut self, held: &[Standing]) {
        for Standing { row, fact } in held {
            let DecisionFact::Unreadable { reason: why } = fact else { continue };
            let number = &row.number;
            self.ask(
                format!("Zu {number} geht kein Schreiben hinaus: {why}. Prüfen Sie die Datei des Kunden und übernehmen Sie sie neu."),
                format!("No letter on {number} leaves: {why}. Look at the customer's file and apply it anew."),
                vec!["settled check".to_owned(), "settled apply".to_owned()],
            );
        }
    }

    /// Letters that are tried again and again.
    pub(super) async fn stuck(&mut self, tx: &mut Tx) -> Result<(), JobError> {
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
}
