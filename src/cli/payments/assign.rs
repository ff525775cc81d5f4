//! Assigning a payment to documents.

use std::path::Path;

use clap::{Args, ValueEnum};

use crate::cli::opening::{meant, office};
use crate::cli::outcome::{Failure, Outcome};
use crate::cli::terminal::say;
use crate::command::line;
use crate::fact::Rest;
use crate::id::{NotAPayment, PaymentId};
use crate::jobs::office::Office;
use crate::jobs::receipts::assign;
use crate::jobs::receipts::assign::{Assigned, Learn, PayersAccount};
use crate::money::Amount;
use crate::refusal::NameRefusal;

/// Finds the payment that somebody typed: P-12, p12.
///
/// # Errors
/// When there is none, or it is no payment.
pub async fn payment_meant(office: &Office, text: &str) -> Result<PaymentId, Failure> {
    meant(office, text)
        .await?
        .parse()
        .map_err(|_: NotAPayment| Failure::refused(NameRefusal::NoPayment { name: text.to_owned() }))
}

/// Finds the documents that somebody typed, each with the amount that may stand behind it.
///
/// # Errors
/// When there is none of that name.
pub async fn documents_meant(office: &Office, documents: &[String]) -> Result<Vec<(String, Option<String>)>, Failure> {
    let mut wanted = assign::wanted(documents);
    for (number, _) in &mut wanted {
        *number = meant(office, number).await?;
    }
    Ok(wanted)
}

/// Assign a payment to documents, or to a customer: then it pays what he owes, the longest due first, and the rest is his credit.
#[derive(Debug, Args)]
pub struct AssignOptions {
    /// The payment: P-12.
    payment: String,
    /// The documents: RE-2026-0001, or RE-2026-0001=50.00 for a part; or one customer: K-1017.
    #[arg(required = true, value_name = "DOCUMENT[=AMOUNT]|CUSTOMER")]
    documents: Vec<String>,
    /// What happens to what is left of the payment or of the documents.
    #[arg(long, value_enum, default_value = "open")]
    rest: RestOption,
    /// Remember the payer's account as the customer's, although its name is another: a spouse, a parent company. Not for payment
    /// services, which pay for many.
    #[arg(long)]
    learn: bool,
}

/// What happens to what is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RestOption {
    /// It stays open: of the payment it waits for you, of the invoice it is asked for.
    Open,
    /// The bank kept it: the invoice counts as paid.
    BankFee,
    /// It was a Skonto: the invoice counts as paid.
    Discount,
    /// It is given up: the invoice counts as paid.
    Writeoff,
    /// It goes to the customer's credit.
    Credit,
}

impl From<RestOption> for Rest {
    fn from(option: RestOption) -> Rest {
        match option {
            RestOption::Open => Rest::Open,
            RestOption::BankFee => Rest::BankFee,
            RestOption::Discount => Rest::Discount,
            RestOption::Writeoff => Rest::Writeoff,
            RestOption::Credit => Rest::Credit,
        }
    }
}

/// Assigns a payment.
pub async fn assign(file: &Path, options: &AssignOptions) -> Result<Outcome, Failure> {
    let AssignOptions { payment, documents, rest, learn } = options;
    let learn = if *learn { Learn::Always } else { Learn::IfNamedAlike };
    let office = office(file).await?;
    let payment = payment_meant(&office, payment).await?;
    let wanted = documents_meant(&office, documents).await?;
    let run = office.run(&format!("assign {payment} {}", documents.join(" ")));
    let assigned = assign::assign(&office, &run, payment, &wanted, (*rest).into(), learn).await?;
    say_assigned(payment, &assigned, &office);
    Ok(Outcome::Fine)
}

/// Says what an assignment came to.
pub fn say_assigned(payment: PaymentId, assigned: &Assigned, office: &Office) {
    let language = office.config.owner.language;
    let money = |amount: Amount| amount.with_currency(assigned.currency, language);
    for (number, got, open) in &assigned.documents {
        let then = if open.is_zero() {
            language.say("bezahlt", "paid").to_owned()
        } else {
            format!("{} {}", money(*open), language.say("bleiben offen", "stay open"))
        };
        println!("{payment} -> {number}: {}; {then}", money(*got));
    }
    for (number, used) in &assigned.settled {
        let used = money(*used);
        let words = language.say(
            format!("{used} vom Guthaben des Kunden bezahlen {number}."),
            format!("{used} of the customer's credit pay {number}."),
        );
        println!("{words}");
    }
    let left = assigned.credit - assigned.settled.iter().map(|(_, used)| *used).sum();
    if let (true, Some(customer)) = (left.is_positive(), &assigned.credited) {
        let (left, refund) = (money(left), line(["refund", customer]));
        let words = language.say(
            format!("{left} sind Guthaben von {customer}; es bezahlt die nächste Rechnung. Auszahlen: {refund}"),
            format!("{left} are credit of {customer}; it pays the next invoice. To pay it out: {refund}"),
        );
        say(&office.program, &words);
    }
    if !assigned.undecided.is_zero() {
        let undecided = money(assigned.undecided);
        let words = language.say(
            format!("{undecided} von {payment} warten noch auf Sie."),
            format!("{undecided} of {payment} still wait for you."),
        );
        println!("{words}");
    }
    let words = match &assigned.account {
        PayersAccount::OfOthers(others) => {
            let others: Vec<String> = others.iter().map(|(number, name)| format!("{number} {name}")).collect();
            let others = others.join(", ");
            let back = line(["unassign", &payment.to_string()]);
            let words = language.say(
                format!(
                    "Vorsicht: das Konto des Zahlers ist als das von {others} bekannt; was dort offen ist, wird weiter gemahnt. War es ein \
                     Versehen: {back} --reason \"…\""
                ),
                format!(
                    "Careful: the payer's account is known as that of {others}; what is open there is still dunned. If that was a mistake: {back} \
                     --reason \"…\""
                ),
            );
            return say(&office.program, &words);
        }
        PayersAccount::Learned => language.say(
            "Das Konto des Zahlers ist nun als das des Kunden bekannt.",
            "The payer's account is now known as the customer's.",
        ),
        PayersAccount::OfAnotherName => language.say(
            "Das Konto des Zahlers wird nicht gemerkt: es lautet nicht auf den Namen des Kunden (--learn merkt es).",
            "The payer's account is not remembered: its name is not the customer's (--learn remembers it).",
        ),
        PayersAccount::Unchanged => return,
    };
    println!("{words}");
}
