//! The commands that answer a question, or lines for the configuration.

use super::facts::{Confirmation, Proposal};
use super::kind::Question;
use crate::dunning::MissingRate;
use crate::statement::NotBooked;

/// How many commands of one sort are shown.
const SHOWN: usize = 3;

impl Question {
    /// Returns the commands that answer it, or the lines to add to the configuration; none where it takes more than a command.
    pub fn commands(&self) -> Vec<String> {
        match self {
            Question::SafeMode { .. } | Question::WorkFails { .. } => Vec::new(),
            Question::NoSummary { .. }
            | Question::MailRefused { .. }
            | Question::FilesOnly { .. }
            | Question::LetterStuck { .. } => vec!["settled mail test".to_owned()],
            Question::ByHand { letters } => {
                letters.iter().take(SHOWN).map(|letter| format!("settled letter posted \"{letter}\"")).collect()
            }
            Question::UndecidedPayment { proposal, .. } => proposal.commands(),
            Question::BankBehind { account, confirm, .. } => {
                let import = "settled bank import FILE".to_owned();
                std::iter::once(import).chain(confirm.map(|confirm| confirm.command(account))).collect()
            }
            Question::BankFileRefused { file } => vec![format!("settled bank show rejected/{file}")],
            Question::BankFileWaiting { file, why, .. } => {
                let show = (*why == NotBooked::Refused).then(|| format!("settled bank show \"rejected/{file}\""));
                show.into_iter().chain([format!("settled bank discard \"{file}\" --reason \"…\"")]).collect()
            }
            Question::BankFileStuck { file } => vec![format!("settled bank show {file}")],
            Question::ContractHeld { contract, hold, since, .. } => hold.commands(contract, *since),
            Question::LetterUnclear { letter, .. } => {
                vec![format!("settled letter posted \"{letter}\""), format!("settled letter resend \"{letter}\"")]
            }
            Question::LetterCameBack { letter, .. } => {
                vec!["settled apply".to_owned(), format!("settled letter resend \"{letter}\"")]
            }
            Question::LetterUnwritten { number, .. } => vec![format!("settled why {number}")],
            Question::CustomerUnreadable { .. } => vec!["settled check".to_owned(), "settled apply".to_owned()],
            Question::LastStage { number, .. } => {
                vec![format!("settled handover {number}"), format!("settled hold {number} --reason \"…\"")]
            }
            Question::ClockInDoubt { .. } => vec!["settled resume clock".to_owned()],
            Question::StatementsMissing { .. } => {
                vec!["settled bank list".to_owned(), "settled bank import FILE".to_owned()]
            }
            Question::InstalmentMissed { number, .. } => {
                vec![format!("settled release {number}"), format!("settled hold {number} --reason \"…\"")]
            }
            Question::RefundOpen { number, .. } => vec![format!("settled refund {number} --withdraw")],
            Question::CreditOwed { customer, .. } => vec![format!("settled why {customer}")],
            Question::RatesMissing { rates } => rates.iter().flat_map(MissingRate::lines).collect(),
            Question::ClaimsExpire { claims, .. } => {
                claims.iter().take(SHOWN).map(|claim| format!("settled why {}", claim.number)).collect()
            }
            Question::NotLive {} => vec!["settled golive".to_owned()],
        }
    }
}

impl Proposal {
    /// Returns the commands that decide the payment: what is proposed, else what one would look for.
    pub fn commands(&self) -> Vec<String> {
        let payment = self.payment;
        if !self.assign.is_empty() {
            return self
                .assign
                .iter()
                .map(|numbers| format!("settled assign {payment} {}", numbers.join(" ")))
                .collect();
        }
        let assign = self.incoming.then(|| format!("settled assign {payment} NUMBER"));
        assign.into_iter().chain([format!("settled payments ignore {payment}")]).collect()
    }
}

impl Confirmation {
    fn command(self, account: &str) -> String {
        let account = if account.contains(' ') { format!("\"{account}\"") } else { account.to_owned() };
        format!("settled bank confirm {account} --through {} --balance {}", self.through, self.balance.plain())
    }
}
