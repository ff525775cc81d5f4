//! Commands that act: they say what they did, and what follows.

use std::path::Path;

use chrono::NaiveDate;

use super::args::{RestOption, ResumeOption};
use super::opening::{office, office_at_any_date};
use super::outcome::{Failure, Outcome};
use super::status;
use super::terminal::{confirm, count};
use crate::book::{Change, EntryKind, Plan};
use crate::dunning::MissingRate;
use crate::id::PaymentId;
use crate::jobs::acts::{self, Act, Released};
use crate::jobs::apply_book::{self, plan_of, read_book};
use crate::jobs::assign::{self, Assigned};
use crate::jobs::customer_keys;
use crate::jobs::event::{Event, Observer};
use crate::jobs::handover::{Ripe, hand_over};
use crate::jobs::issue_invoices::issue_now;
use crate::jobs::outlook::{Outlook, outlook};
use crate::jobs::pause::{self, Paused};
use crate::language::Language;
use crate::money::{Amount, Currency};
use crate::reference::Iban;

/// Takes the book into force.
pub async fn apply(file: &Path, yes: bool) -> Result<Outcome, Failure> {
    let office = office(file).await?;
    let read = read_book(&office.config)?;
    let plan = plan_of(&office, &read.book).await?;
    if status::mistakes(read.mistakes.iter().chain(&plan.mistakes)) {
        eprintln!("Nothing was changed; the book applied before stays in force.");
        return Err(Failure::Usage(String::new()));
    }
    if plan.is_empty() {
        println!("The book is in force as it is; there is nothing to apply.");
        return Ok(Outcome::Fine);
    }
    show(&plan);
    if !yes && !confirm("Apply this?")? {
        println!("Nothing was changed.");
        return Ok(Outcome::No);
    }
    let applied = apply_book::apply(&office, &office.run("apply"), &read, &plan).await?;
    println!("Applied as version {}.", applied.version);
    if applied.redelivered > 0 {
        println!("{} that came back go out again.", count(applied.redelivered, "invoice", "invoices"));
    }
    if office.live_since().await?.is_none() {
        println!("Nothing leaves yet: look at it with `settled simulate`, then say `settled golive`.");
    }
    Ok(Outcome::Fine)
}

/// Prints what applying would change.
fn show(plan: &Plan) {
    for change in &plan.changes {
        println!("{}", line(change));
    }
    for gone in &plan.vanished {
        println!("  gone     {:<12} its file is not in {}/ any more; it is held", gone.number, gone.kind.folder());
    }
}

fn line(change: &Change) -> String {
    let word = if change.is_new { "new" } else { "changed" };
    let money = |next: &Option<(NaiveDate, Amount, Currency)>| {
        next.as_ref().map(|(day, amount, currency)| {
            format!("{} {}", Language::En.day(*day), amount.with_currency(*currency, Language::En))
        })
    };
    let next = match (change.kind, money(&change.next.before), money(&change.next.after)) {
        (EntryKind::Customer, ..) => String::new(),
        (_, Some(before), Some(after)) if before != after => format!("  next invoice {before} -> {after}"),
        (_, _, Some(after)) => format!("  next invoice {after}"),
        (EntryKind::OneOff, _, None) => format!("  issued by: settled invoice issue {}", change.number),
        (_, _, None) => "  no further invoice".to_owned(),
    };
    let due = match change.next.due_now {
        0 => String::new(),
        n => format!("; {} due at once", count(n, "is", "are")),
    };
    let former = change.former.as_ref().map(|former| format!(" (was {former})")).unwrap_or_default();
    format!("  {word:<8} {:<12} {}{former}{next}{due}", change.number, change.name)
}

/// Lets the daemon act.
pub async fn golive(file: &Path, yes: bool) -> Result<Outcome, Failure> {
    let office = office(file).await?;
    if apply_book::is_changed(&office).await? {
        return Err(Failure::Refused("the book has changes that are not applied; say: settled apply".to_owned()));
    }
    if office.live_since().await?.is_none() {
        show_outlook(&outlook(&office).await?);
    }
    if !yes && !confirm("From now on invoices and letters leave by themselves. Go live?")? {
        println!("Nothing leaves.");
        return Ok(Outcome::No);
    }
    if acts::golive(&office, &office.run("golive")).await? {
        println!("settled is live. The daemon (`settled run`) issues, reminds and reports from today on.");
    } else {
        println!("settled was live already.");
    }
    Ok(Outcome::Fine)
}

/// Prints what going live would set in motion.
fn show_outlook(outlook: &Outlook) {
    /// How many of a kind are named.
    const NAMED: usize = 8;
    println!("The next number is {}.", outlook.next_number);
    let (invoices, ends) = (&outlook.invoices, |n: usize| if n == 0 { "." } else { ":" });
    let due = count(invoices.len(), "invoice is", "invoices are");
    println!("In the next five weeks {due} due{}", ends(invoices.len()));
    for (day, currency, amount) in invoices.iter().take(NAMED) {
        let day = if *day <= outlook.today { "at once".to_owned() } else { Language::En.day(*day) };
        println!("  {day:<12} {:>16}", amount.with_currency(*currency, Language::En));
    }
    let addresses = count(outlook.recipients.len(), "address", "addresses");
    println!("Mail would go to {addresses}{}", ends(outlook.recipients.len()));
    for recipient in outlook.recipients.iter().take(NAMED) {
        println!("  {recipient}");
    }
    let letters = count(outlook.letters.len(), "reminder or dunning letter is", "reminders and dunning letters are");
    println!("Today {letters} due{}", ends(outlook.letters.len()));
    for (customer, stage, currency, amount) in outlook.letters.iter().take(NAMED) {
        println!("  {stage:<14} {:>16}  {customer}", amount.with_currency(*currency, Language::En));
    }
}

pub fn payment_id(text: &str) -> Result<PaymentId, Failure> {
    text.parse().map_err(|error: crate::id::NotAPayment| Failure::Usage(error.to_string()))
}

/// Assigns a payment.
pub async fn assign(file: &Path, payment: &str, documents: &[String], rest: RestOption) -> Result<Outcome, Failure> {
    let payment = payment_id(payment)?;
    let office = office(file).await?;
    let wanted = assign::wanted(documents);
    let run = office.run(&format!("assign {payment} {}", documents.join(" ")));
    let assigned = assign::assign(&office, &run, payment, &wanted, rest.into()).await?;
    say_assigned(payment, &assigned);
    Ok(Outcome::Fine)
}

/// Says what an assignment came to.
pub fn say_assigned(payment: PaymentId, assigned: &Assigned) {
    let money = |amount: Amount| amount.with_currency(assigned.currency, Language::En);
    for (number, got, open) in &assigned.documents {
        let then = if open.is_zero() { "paid".to_owned() } else { format!("{} stay open", money(*open)) };
        println!("{payment} -> {number}: {}; {then}", money(*got));
    }
    for (number, used) in &assigned.settled {
        println!("{} of the customer's credit pay {number}.", money(*used));
    }
    let left = assigned.credit - assigned.settled.iter().map(|(_, used)| *used).sum();
    if left.is_positive() {
        println!("{} are the customer's credit; it pays the next invoice (or: settled refund).", money(left));
    }
    if !assigned.undecided.is_zero() {
        println!("{} of {payment} still wait for you.", money(assigned.undecided));
    }
    if assigned.learned {
        println!("The payer's account is now known as the customer's.");
    }
}

/// Takes assignments back.
pub async fn unassign(file: &Path, payment: &str, reason: &str) -> Result<Outcome, Failure> {
    let payment = payment_id(payment)?;
    let mut office = office(file).await?;
    office.observer = Observer::new(|_, event| {
        if let Event::RefundWithdrawn { number, amount, currency, .. } = event {
            println!("The refund {number} of {amount} {currency} is taken back with it: do not transfer it.");
        }
    });
    let numbers = assign::unassign(&office, &office.run(&format!("unassign {payment}")), payment, reason).await?;
    let reopened = if numbers.is_empty() { String::new() } else { format!("; open again: {}", numbers.join(", ")) };
    println!("{payment} waits for you again{reopened}.");
    Ok(Outcome::Fine)
}

/// Forgets an account that was learned.
pub async fn forget_iban(file: &Path, customer: &str, iban: &Iban, reason: &str) -> Result<Outcome, Failure> {
    let office = office(file).await?;
    let run = office.run(&format!("customer forget-iban {customer}"));
    customer_keys::forget_iban(&office, &run, customer, iban, reason).await?;
    println!("{} is {customer}'s no more, and is not learned again by itself.", iban.grouped());
    Ok(Outcome::Fine)
}

/// Says that a payment concerns no invoice.
pub async fn ignore(file: &Path, payment: &str, reason: &str) -> Result<Outcome, Failure> {
    let payment = payment_id(payment)?;
    let office = office(file).await?;
    assign::ignore(&office, &office.run(&format!("payments ignore {payment}")), payment, reason).await?;
    println!("{payment} is asked about no more (settled unassign {payment} changes that).");
    Ok(Outcome::Fine)
}

/// Issues a one-off invoice.
pub async fn issue(file: &Path, id: &str) -> Result<Outcome, Failure> {
    let office = office(file).await?;
    if let Some(why) = office.safe_mode().await? {
        return Err(Failure::Refused(format!("safe mode: {why}")));
    }
    if office.live_since().await?.is_none() {
        return Err(Failure::Refused("settled is not live yet; say: settled golive".to_owned()));
    }
    let contract = office.store.read().await?.contract_by_number(id).await?;
    let contract = contract.ok_or_else(|| {
        Failure::Refused(format!(
            "{id} is not in the applied book; write book/invoices/{id}.toml and say: settled apply"
        ))
    })?;
    if contract.kind != "once" {
        return Err(Failure::Refused(format!("{id} is a recurring contract; its invoices are issued by themselves")));
    }
    let issued = issue_now(&office, &office.run(&format!("invoice issue {id}")), contract.id).await?;
    let periods = office.store.read().await?.periods_of(contract.id).await?;
    let document = periods.first().and_then(|period| period.document_id);
    let Some(document) = document else {
        return Err(Failure::Refused(format!("{id} was not issued; `settled why {id}` says why")));
    };
    let number = office.store.read().await?.document(document).await?.number;
    if issued == 0 {
        return Err(Failure::Refused(format!("{id} was issued before, as {number}")));
    }
    println!("{id} is issued as {number}; it leaves in the next sending window.");
    Ok(Outcome::Fine)
}

/// Releases holds or a contract.
pub async fn release(file: &Path, name: &str, skip_until: Option<NaiveDate>, reason: &str) -> Result<Outcome, Failure> {
    let office = office(file).await?;
    match acts::release(&office, &office.run(&format!("release {name}")), name, skip_until, reason).await? {
        Released::Holds(n) => println!("{} on {name} ended; letters are decided anew.", count(n, "hold", "holds")),
        Released::Periods { issued, skipped } => {
            let contract = office.store.read().await?.contract_by_number(name).await?;
            let now = match contract.filter(|_| issued > 0) {
                Some(contract) if office.live_since().await?.is_some() && office.safe_mode().await?.is_none() => {
                    issue_now(&office, &office.run(&format!("release {name}")), contract.id).await?
                }
                _ => 0,
            };
            if now < issued {
                println!("{name}: {} issued at the next run.", count(issued - now, "invoice is", "invoices are"));
            }
            if now > 0 {
                println!(
                    "{name}: {} issued; they leave in the next sending window.",
                    count(now, "invoice is", "invoices are")
                );
            }
            if skipped > 0 {
                println!("{} skipped for good.", count(skipped, "period is", "periods are"));
            }
        }
        Released::Nothing => println!("There was nothing to release on {name}; a letter that came back is sent again."),
    }
    Ok(Outcome::Fine)
}

/// Holds letters.
pub async fn hold(file: &Path, name: &str, until: Option<NaiveDate>, reason: &str) -> Result<Outcome, Failure> {
    let office = office(file).await?;
    acts::act(&office, &office.run(&format!("hold {name}")), Act::Hold, name, until, reason).await?;
    let end = until.map_or_else(|| format!("until you say `settled release {name}`"), |day| format!("through {day}"));
    println!("No letters about {name} {end}.");
    Ok(Outcome::Fine)
}

/// Records a dispute.
pub async fn dispute(file: &Path, invoice: &str, reason: &str) -> Result<Outcome, Failure> {
    let office = office(file).await?;
    acts::act(&office, &office.run(&format!("dispute {invoice}")), Act::Dispute, invoice, None, reason).await?;
    println!("{invoice} is disputed: no letters until you say `settled release {invoice}`.");
    Ok(Outcome::Fine)
}

/// Hands an invoice over.
pub async fn handover(file: &Path, invoice: &str, to: &Path, now: bool, reason: &str) -> Result<Outcome, Failure> {
    let office = office(file).await?;
    let ripe = if now { Ripe::Now } else { Ripe::AfterLastLetter };
    let run = office.run(&format!("handover {invoice}"));
    let done = hand_over(&office, &run, invoice, ripe, reason, Some(to)).await?;
    let (number, total) = (&done.number, done.total.with_currency(done.currency, Language::En));
    println!("{number} of {}: {total} as of {}, in", done.customer, Language::En.day(done.as_of));
    done.files.iter().for_each(|file| println!("  {}", file.display()));
    if let Some(day) = done.interest_through {
        println!("Interest is reckoned through {}: the base rate behind that is not known.", Language::En.day(day));
        println!("Add it to settled.toml and say `settled handover {number}` again:");
        done.missing.iter().flat_map(MissingRate::lines).for_each(|line| println!("  {line}"));
    }
    if done.is_news {
        println!("settled writes no more letters about it; payments are matched and reported as before.");
        println!("To take that back: settled release {number}");
    } else {
        println!("It was handed over before; the files have the figures of today.");
    }
    Ok(Outcome::Fine)
}

/// Records a promise.
pub async fn promise(file: &Path, invoice: &str, until: NaiveDate) -> Result<Outcome, Failure> {
    let office = office(file).await?;
    acts::act(&office, &office.run(&format!("promise {invoice}")), Act::Promise, invoice, Some(until), "").await?;
    println!("{invoice} is promised by {until}: no letters through that day.");
    Ok(Outcome::Fine)
}

/// Records a payment plan.
pub async fn agree_plan(
    file: &Path,
    invoice: &str,
    instalments: &[String],
    plan: Option<&Path>,
) -> Result<Outcome, Failure> {
    let lines: Vec<(String, String)> = match plan {
        None => {
            instalments.iter().enumerate().map(|(n, text)| (format!("instalment {}", n + 1), text.clone())).collect()
        }
        Some(path) => {
            let text = std::fs::read_to_string(path)
                .map_err(|cause| Failure::Usage(format!("{}: {cause}", path.display())))?;
            let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'));
            lines.map(|(n, line)| (format!("{}:{}", path.display(), n + 1), line.to_owned())).collect()
        }
    };
    let office = office(file).await?;
    let plan = acts::agree_plan(&office, &office.run(&format!("promise {invoice}")), invoice, &lines).await?;
    println!("{invoice} is paid in {}:", count(plan.instalments.len(), "instalment", "instalments"));
    for instalment in &plan.instalments {
        let amount = instalment.amount().with_currency(plan.currency, Language::En);
        println!("  {:<12} {amount:>16}", Language::En.day(instalment.due_on));
    }
    println!("No letters as long as each is paid in time; one that is missed ends the plan, and you hear of it.");
    Ok(Outcome::Fine)
}

/// Pauses dunning or issuing.
pub async fn pause(file: &Path, what: Paused, until: NaiveDate, reason: &str) -> Result<Outcome, Failure> {
    let office = office(file).await?;
    let name = what.name();
    pause::pause(&office, &office.run(&format!("pause {name}")), what, until, reason).await?;
    match what {
        Paused::Dunning => println!("No reminder and no dunning letter leaves through {until}."),
        Paused::Issuing => println!(
            "No invoice is issued through {until}; what falls due until then is issued after it, with the date of that day."
        ),
    }
    println!("To end that before: settled resume {name}");
    Ok(Outcome::Fine)
}

/// Ends a pause, or confirms the clock.
pub async fn resume(file: &Path, what: ResumeOption) -> Result<Outcome, Failure> {
    let what = match what {
        ResumeOption::Dunning => Paused::Dunning,
        ResumeOption::Issuing => Paused::Issuing,
        ResumeOption::Clock => return confirm_clock(file).await,
    };
    let (office, name) = (office(file).await?, what.name());
    if pause::resume(&office, &office.run(&format!("resume {name}")), what).await? == 0 {
        return Err(Failure::Refused(format!("{name} is not paused")));
    }
    println!("The pause of {name} is over; the next run goes on.");
    Ok(Outcome::Fine)
}

async fn confirm_clock(file: &Path) -> Result<Outcome, Failure> {
    let office = office_at_any_date(file).await?;
    if pause::doubt(&office).await?.is_none() {
        return Err(Failure::Refused("nobody doubts the clock".to_owned()));
    }
    pause::confirm_clock(&office, &office.run("resume clock")).await?;
    let today = office.day(office.clock.now());
    println!("It is {today}; the next run goes on: bank files first, then invoices and letters.");
    Ok(Outcome::Fine)
}

/// Records that a customer is insolvent from a day on; without a day, that it is no more.
pub async fn insolvent(file: &Path, number: &str, since: Option<NaiveDate>) -> Result<Outcome, Failure> {
    let office = office(file).await?;
    let run = office.run(&format!("customer insolvent {number}"));
    match since {
        Some(since) => {
            acts::insolvent(&office, &run, number, since).await?;
            println!("{number} is insolvent since {since}: no letters and no invoices.");
            println!("The claims up to the day before: settled customer claims {number}");
        }
        None => {
            acts::solvent(&office, &run, number).await?;
            println!("{number} is not insolvent any more; letters and invoices are decided anew.");
        }
    }
    Ok(Outcome::Fine)
}

/// Records that a person delivered a letter.
pub async fn posted(file: &Path, about: &str) -> Result<Outcome, Failure> {
    let office = office(file).await?;
    acts::posted(&office, &office.run(&format!("letter posted {about}")), about).await?;
    println!("The letter about {about} counts as delivered today.");
    Ok(Outcome::Fine)
}

/// Sends a letter again.
pub async fn resend(file: &Path, about: &str) -> Result<Outcome, Failure> {
    let office = office(file).await?;
    acts::resend(&office, &office.run(&format!("letter resend {about}")), about).await?;
    println!("The letter about {about} is sent again, if it is still due then.");
    Ok(Outcome::Fine)
}
