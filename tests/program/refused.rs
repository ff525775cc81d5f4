//! A server that does not take every mail, or not for every address: the owner is told which, and what helps.

use std::fs;

use settled::jobs::agreements::apply::{apply, plan_of};
use settled::jobs::agreements::read::read_book;
use settled::jobs::day::wake;
use settled::jobs::office::{Office, Transport};
use settled::jobs::owner::status::status;
use settled::jobs::owner::why::history;
use settled::language::Language;
use settled::outbox::Remedy;
use settled::question::Question;
use settled::shell::dropfolder::DropFolder;

use crate::business::Business;
use crate::mailbox::Mailbox;

/// Gives a customer of the business other addresses, and has an invoice of today due.
fn write(business: &Business, who: &str, number: &str, addresses: &str) {
    fs::write(
        business.path(&format!("book/customers/{who}.toml")),
        format!(
            "number = \"{number}\"\nname = \"Firma {who}\"\n[address]\nstreet = \"Weg 1\"\npostcode = \"10115\"\ncity = \"Berlin\"\n\
             [email]\n{addresses}\n"
        ),
    )
    .unwrap();
    fs::write(
        business.path(&format!("book/invoices/{who}-today.toml")),
        format!(
            "number = \"T-{number}\"\ncustomer = \"{number}\"\nissue_on = {0}\nservice_from = {0}\n[[line]]\nname = \"Beratung\"\n\
             unit_price = \"100.00\"\n",
            business.today
        ),
    )
    .unwrap();
}

/// Takes the book into force and does the work of the day. Returns what is asked then.
async fn work(office: &mut Office) -> Vec<Question> {
    let read = read_book(&office.config, office.today()).unwrap();
    let plan = plan_of(office, &read.book).await.unwrap();
    assert!(read.mistakes.is_empty() && plan.mistakes.is_empty(), "{:?}", read.mistakes);
    office.version = apply(office, &office.run("apply"), &read, &plan).await.unwrap().version;
    wake(office, &mut DropFolder::new(&office.config.paths.inbox)).await.unwrap();
    let mut tx = office.store.read().await.unwrap();
    status(office, &mut tx).await.unwrap().questions
}

#[tokio::test]
async fn what_a_server_refuses_is_told_by_address_and_with_what_helps() {
    let Some(mailbox) = Mailbox::start() else { return };
    let business = Business::new(&mailbox, "refused").await;
    write(&business, "late", "K-1", "invoice = \"nobody@data-554.fault.test\"");
    write(&business, "paid", "K-2", "invoice = \"gone@rcpt-550.fault.test\"");
    let addresses = "invoice = [\"good@kunde.test\", \"gone@rcpt-550.fault.test\"]\ncc = \"copy@rcpt-550.fault.test\"";
    write(&business, "new", "K-3", addresses);
    let mut office = business.office(business.today, "23:58:00", Transport::Smtp, false).await;
    let questions = work(&mut office).await;

    let refused: Vec<(&str, Remedy)> = questions
        .iter()
        .filter_map(|question| {
            let Question::LetterCameBack { name, remedy, .. } = question else { return None };
            Some((name.as_str(), *remedy))
        })
        .collect();
    assert_eq!(refused, [("Firma late", Remedy::Content), ("Firma paid", Remedy::Address)], "{questions:#?}");
    let words = |name: &str| {
        let own = questions.iter().map(|question| question.words(Language::GERMAN)).find(|words| words.contains(name));
        own.unwrap_or_else(|| panic!("nothing of {name} in {questions:#?}"))
    };
    assert!(words("Firma late").contains("Spamfilter") && !words("Firma late").contains("Berichtigen Sie die Adresse"));
    assert!(words("Firma paid").contains("Berichtigen Sie die Adresse"));

    let partly: Vec<&Question> =
        questions.iter().filter(|question| matches!(question, Question::RecipientRefused { .. })).collect();
    // The contract's invoice and the one of today both left; the last of them speaks.
    let [Question::RecipientRefused { letter, name, recipients }] = partly[..] else { panic!("{questions:#?}") };
    let recipients: Vec<(&str, Remedy)> = recipients.iter().map(|one| (one.address.as_str(), one.remedy)).collect();
    let gone = [("gone@rcpt-550.fault.test", Remedy::Address), ("copy@rcpt-550.fault.test", Remedy::Address)];
    assert_eq!((name.as_str(), &recipients[..]), ("Firma new", &gone[..]));
    assert!(words("Firma new").contains("nicht an jede Adresse: gone@rcpt-550.fault.test ("));

    // It counts as delivered, `why` names what was refused, and no next step that is none.
    let mut tx = office.store.read().await.unwrap();
    let told = history(&office, &mut tx, letter).await.unwrap();
    let told = told.lines.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join("\n");
    assert!(told.contains("copy@rcpt-550.fault.test"), "{told}");
    let late = tx.invoices("K-1", true).await.unwrap().pop().unwrap().number;
    let next = history(&office, &mut tx, &late).await.unwrap().next.unwrap();
    assert!(next.contains("nothing until it reaches the customer"), "{next}");
    drop(tx);

    // Another address, and nobody is asked any more.
    write(&business, "new", "K-3", "invoice = \"good@kunde.test\"");
    let questions = work(&mut office).await;
    assert!(!questions.iter().any(|question| matches!(question, Question::RecipientRefused { .. })), "{questions:#?}");
}
