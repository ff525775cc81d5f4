//! The mail that tells the owner at once what cannot wait for the summary.

use super::status::status;
use crate::dunning::HoldReason;
use crate::jobs::office::Office;
use crate::jobs::office::error::JobError;
use crate::language::Language;
use crate::letter::{Block, Page, Text};
use crate::shell::store::Tx;

/// Writes the mail that tells the owner at once what an alarm is about.
///
/// # Errors
/// When the books fail.
pub async fn alarm_text(office: &Office, tx: &mut Tx, about: &str) -> Result<Text, JobError> {
    let status = status(office, tx).await?;
    let language = office.config.owner.language;
    let name = about.split(' ').next().unwrap_or_default();
    let by_gate = HoldReason::by_name(name).and_then(|reason| Some((reason, reason.told_at_once()?)));
    let (subject, opening) = match by_gate {
        Some((reason, told)) => {
            let held = status.held.iter().filter(|group| group.reason == reason).map(|group| group.numbers.len()).sum();
            (told.subject(held, language), told.opening(language))
        }
        None => of_no_gate(name, language),
    };
    let hello = match language {
        Language::De => "Guten Tag,",
        Language::En => "Hello,",
    };
    let mut blocks = vec![Block::Paragraph(hello.to_owned()), Block::Paragraph(opening.to_owned())];
    blocks.extend(status.questions.iter().map(|question| Block::todo(question, language)));
    Ok(Text { subject, page: Page { blocks } })
}

/// Says what the other alarms are about: the subject, and how the mail begins.
fn of_no_gate(name: &str, language: Language) -> (String, &'static str) {
    match (name, language) {
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
    }
}
