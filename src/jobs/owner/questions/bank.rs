//! Questions about bank data: old, with gaps, refused.

use super::asking::{Ask, Asking};
use crate::fact::DecisionFact;
use crate::jobs::bank::confirm::contradicted;
use crate::jobs::office;
use crate::jobs::office::Office;
use crate::jobs::office::error::JobError;
use crate::jobs::records::decision::Standing;
use crate::language::Language;
use crate::money::{Amount, Currency};
use crate::shell::dropfolder::DropFolder;
use crate::shell::store::{AccountRow, Tx};
use crate::statement::chain::Gap;
use crate::summary::BankReach;

/// Statements are missing in the middle of an account's chain: letters wait until they are there.
pub(crate) async fn gaps(office: &Office, tx: &mut Tx, broken: &[(AccountRow, Gap)]) -> Result<Vec<Ask>, JobError> {
    let mut asks = Vec::new();
    for (account, gap) in broken {
        let confirmed = contradicted(tx, account).await?;
        let void = confirmed.iter().filter(|c| c.by.is_some() && c.through > gap.after).map(|c| c.through).max();
        let currency: Currency = office::currency(&account.currency)?;
        let money = |amount: Amount, language| amount.with_currency(currency, language);
        let (name, inbox) = (&account.name, office.config.paths.inbox.display());
        let (de, en) = (Language::De, Language::En);
        asks.push(Ask {
            german: format!(
                "Konto {name}: zwischen dem {} ({}) und dem Auszug vom {} (beginnt mit {}) fehlen Auszüge; bis dahin wird nicht \
                 gemahnt. Legen Sie sie in {inbox}.{}",
                de.day(gap.after),
                money(gap.expected, de),
                de.day(gap.before),
                money(gap.found, de),
                void.map_or_else(String::new, |day| format!(
                    " Dass bis {} nichts gebucht wurde, wie Sie bestätigt haben, widerlegt die Bank.",
                    de.day(day)
                ))
            ),
            english: format!(
                "Account {name}: statements are missing between {} ({}) and the one of {} (it begins with {}); until then no \
                 letters leave. Drop them into {inbox}.{}",
                en.day(gap.after),
                money(gap.expected, en),
                en.day(gap.before),
                money(gap.found, en),
                void.map_or_else(String::new, |day| format!(
                    " You confirmed that nothing was booked through {}; the bank says otherwise.",
                    en.day(day)
                ))
            ),
            commands: vec!["settled bank list".to_owned(), "settled bank import FILE".to_owned()],
        });
    }
    Ok(asks)
}

impl Asking<'_> {
    pub(super) fn bank<'b>(&mut self, bank: impl Iterator<Item = &'b BankReach>, held: &[Standing]) {
        for account in bank {
            let about = |held: &&Standing| {
                held.row.rule == "D5 bank_stale"
                    && matches!(&held.fact, DecisionFact::Held { about, .. } if *about == account.name)
            };
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

    pub(super) fn files(&mut self) -> Result<(), JobError> {
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
}
