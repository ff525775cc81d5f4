//! The commands that answer a question, or lines for the configuration.

use super::facts::{Confirmation, Proposal};
use super::kind::Question;
use crate::command::line;
use crate::dunning::MissingRate;
use crate::outbox::{RefusedRecipient, Remedy};
use crate::statement::NotBooked;

/// How many commands of one sort are shown.
const SHOWN: usize = 3;

impl Question {
    /// Returns the commands that answer it, or the lines to add to the configuration; none where it takes more than a command.
    pub fn commands(&self) -> Vec<String> {
        match self {
            Question::SafeMode { .. } | Question::WorkFails { .. } => Vec::new(),
            Question::ServiceSilent { .. } => {
                vec!["sudo systemctl start settled".to_owned(), "journalctl --unit settled --lines 50".to_owned()]
            }
            Question::NoSummary { .. }
            | Question::MailRefused { .. }
            | Question::FilesOnly { .. }
            | Question::LetterStuck { .. } => vec![line(["mail", "test"])],
            Question::ByHand { letters } => {
                let posted = letters.iter().take(SHOWN).map(|letter| line(["letter", "posted", letter]));
                std::iter::once(line(["letter", "print"])).chain(posted).collect()
            }
            Question::UndecidedPayment { proposal, .. } => proposal.commands(),
            Question::BankBehind { account, confirm, .. } => {
                let import = line(["bank", "import", "FILE"]);
                std::iter::once(import).chain(confirm.map(|confirm| confirm.command(account))).collect()
            }
            Question::BankUnproved { account, difference, .. } => {
                let difference = difference.amount.abs().plain(difference.currency);
                let settle = ["bank", "settle", account, "--difference", &difference, "--reason", "…"];
                vec![line(["bank", "gaps"]), line(["payments"]), line(["payments", "ignore", "--help"]), line(settle)]
            }
            Question::BankFileRefused { file, path } => {
                vec![line(["bank", "show", path]), line(["bank", "discard", file, "--reason", "…"])]
            }
            Question::BankFileStuck { path, .. } => vec![line(["bank", "show", path])],
            Question::BankFileWaiting { file, path, why, .. } => {
                let show = (*why == NotBooked::Refused).then(|| line(["bank", "show", path]));
                show.into_iter().chain([line(["bank", "discard", file, "--reason", "…"])]).collect()
            }
            Question::ContractHeld { contract, hold, since, .. } => hold.commands(contract, *since),
            Question::InvoicedAfterEnd { number, .. } => vec![line(["hold", number, "--reason", "…"])],
            Question::QuoteExpires { quote, extended, over, .. } => {
                let extend = line(["quote", "extend", quote, "--until", &extended.to_string()]);
                let accept = (!over).then(|| line(["quote", "accept", quote]));
                accept.into_iter().chain([extend]).chain((!over).then(|| line(["quote", "decline", quote]))).collect()
            }
            Question::LetterUnclear { letter, .. } => {
                vec![line(["letter", "posted", letter]), line(["letter", "resend", letter])]
            }
            Question::LetterCameBack { letter, remedy, .. } => {
                let first = match remedy {
                    Remedy::Address | Remedy::Unwritten => Some(line(["apply"])),
                    Remedy::Sender => Some(line(["mail", "test"])),
                    Remedy::MailboxFull | Remedy::Content | Remedy::TooLarge | Remedy::Unknown => None,
                };
                first.into_iter().chain([line(["letter", "resend", letter])]).collect()
            }
            Question::RecipientRefused { recipients, .. } => {
                let is_ours = |refused: &RefusedRecipient| refused.remedy == Remedy::Sender;
                vec![line(if recipients.iter().all(is_ours) { vec!["mail", "test"] } else { vec!["apply"] })]
            }
            Question::LetterUnwritten { number, .. } => vec![line(["why", number])],
            Question::LetterUnreadable { .. } => vec![line(["verify"])],
            Question::CustomerUnreadable { .. } => vec![line(["check"]), line(["apply"])],
            Question::LastStage { number, .. } => {
                vec![line(["handover", number]), line(["hold", number, "--reason", "…"])]
            }
            Question::ClockInDoubt { .. } => vec![line(["resume", "clock"])],
            Question::StatementsMissing { .. } => {
                vec![line(["bank", "list"]), line(["bank", "import", "FILE"])]
            }
            Question::InstalmentMissed { number, .. } => {
                vec![line(["release", number]), line(["hold", number, "--reason", "…"])]
            }
            Question::CostsLeft { number, .. } => {
                vec![line(["invoice", "waive", number]), line(["invoice", "pursue", number])]
            }
            Question::DiscountsLate { customer, rests, .. } => {
                let one = rests.iter().take(SHOWN).flat_map(|late| {
                    [
                        line(["invoice", "accept-discount", &late.number]),
                        line(["invoice", "claim-discount", &late.number]),
                    ]
                });
                let always = ["accept", "claim"].map(|answer| line(["customer", "late-discount", customer, answer]));
                one.chain(always).collect()
            }
            Question::RefundOpen { number, .. } => vec![line(["refund", number, "--withdraw"])],
            Question::CreditOwed { customer, .. } => vec![line(["why", customer])],
            Question::RatesMissing { rates } => rates.iter().flat_map(MissingRate::lines).collect(),
            Question::TurnoverAsked { year } => {
                vec!["turnover_previous_year = \"…\"".to_owned(), format!("turnover_year = {year}")]
            }
            Question::EInvoicesDue { from, .. } => vec![line(["check", "--as-of", &from.to_string()])],
            Question::ClaimsExpire { claims, .. } => {
                claims.iter().take(SHOWN).map(|claim| line(["why", &claim.number])).collect()
            }
            Question::NotLive {} => vec![line(["golive"])],
        }
    }
}

impl Proposal {
    /// Returns the commands that decide the payment: what is proposed, else whose credit it becomes, else where to look for what it pays.
    pub fn commands(&self) -> Vec<String> {
        let payment = self.payment.to_string();
        if !self.assign.is_empty() {
            let assign = |numbers: &Vec<String>| {
                line(["assign", &payment].into_iter().chain(numbers.iter().map(String::as_str)))
            };
            return self.assign.iter().map(assign).collect();
        }
        let mut commands: Vec<String> =
            self.customers.iter().map(|customer| line(["assign", &payment, customer])).collect();
        if self.incoming && commands.is_empty() {
            commands.push(line(["invoice", "list", "--open"]));
        }
        commands.push(line(["payments", "ignore", &payment]));
        commands
    }
}

impl Confirmation {
    fn command(self, account: &str) -> String {
        let (through, balance) = (self.through.to_string(), self.balance.plain());
        line(["bank", "confirm", account, "--through", &through, "--balance", &balance])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::PaymentId;

    #[test]
    fn a_payment_is_decided_by_commands_that_name_what_there_is() {
        let names = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
        let commands = |incoming, assign: &[&[&str]], customers: &[&str]| {
            let (assign, customers) = (assign.iter().map(|set| names(set)).collect(), names(customers));
            Proposal { payment: PaymentId::from(3), incoming, assign, customers }.commands()
        };
        let ignore = "settled payments ignore P-3";
        let table: [(&str, Vec<String>, &[&str]); 5] = [
            ("a set", commands(true, &[&["RE-1", "RE-2"]], &[]), &["settled assign P-3 RE-1 RE-2"]),
            (
                "two sets",
                commands(true, &[&["RE-1"], &["RE-2"]], &[]),
                &["settled assign P-3 RE-1", "settled assign P-3 RE-2"],
            ),
            (
                "nothing is owed",
                commands(true, &[], &["K-1", "K-2"]),
                &["settled assign P-3 K-1", "settled assign P-3 K-2", ignore],
            ),
            ("nobody is known", commands(true, &[], &[]), &["settled invoice list --open", ignore]),
            ("money out", commands(false, &[], &[]), &[ignore]),
        ];
        for (what, commands, expected) in table {
            assert_eq!(commands, expected, "{what}");
        }
    }
}
