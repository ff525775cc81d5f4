//! For which accounts letters wait: what the configuration says of a second one, whose statements never come.

use std::fs;
use std::path::Path;

use settled::jobs::collections::case::load_all;
use settled::jobs::collections::dossier::dossier;

use crate::house::{Engine, House, customer, live, monthly};

fn scene() -> String {
    let days = "An invoice that nobody pays.\nfrom 2026-01-01 until 2026-01-27\n";
    [days, &customer("K-1001", "Becker GmbH", ""), &monthly("V-1", "K-1001", "100.00", 1)].concat()
}

#[tokio::test]
async fn letters_wait_for_the_accounts_that_customers_pay_into() {
    let table = [
        ("customers may pay into it", "", false),
        ("nobody pays into it", "gates_dunning = false", true),
        ("it is closed", "closed_on = 2026-01-05", true),
        ("it will be closed", "closed_on = 2026-02-28", false),
        ("it is not opened yet", "opened_on = 2026-02-02", true),
        ("it was opened meanwhile", "opened_on = 2026-01-05", false),
        ("nobody knows it yet", "receives_from = 2026-02-02", true),
        ("customers know it since", "receives_from = 2026-01-05", false),
        ("invoices are in another currency", "currency = \"CHF\"", true),
    ];
    for (title, lines, leaves) in table {
        let house = House::of(&scene());
        house.change_configuration(&format!(
            "[[bank_account]]\nname = \"savings\"\niban = \"DE89 3704 0044 0532 0130 00\"\n{lines}\n"
        ));
        let lived = live(&house, Engine::Sqlite).await;
        let diary = lived.lines.lock().unwrap().join("\n");
        let left = diary.contains("\"kind\":\"reminder\"");
        let held = diary.contains("\"about\":\"savings\"") && diary.contains("bank_stale");
        assert_eq!((left, held), (leaves, !leaves), "{title}:\n{diary}");
        lived.office.store.close().await;
    }
}

#[tokio::test]
async fn the_dossier_names_the_account_that_is_open() {
    let diary = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/office/account-closed.office");
    let lived = live(&House::of(&fs::read_to_string(diary).unwrap()), Engine::Sqlite).await;
    let office = &lived.office;
    let mut tx = office.store.read().await.unwrap();
    let invoice = tx.document_by_number("RE-2026-0001").await.unwrap().unwrap();
    let customer = tx.receivable(invoice.id).await.unwrap().customer_id;
    let today = office.day(office.clock.now());
    let loaded = load_all(office, &mut tx, customer, today).await.unwrap();
    let item = loaded.case.items.iter().find(|item| item.document == invoice.id).unwrap();
    let dossier = dossier(office, &mut tx, &loaded, item, today).await.unwrap();
    let printed = dossier.invoice.pay_to.iban.as_str().to_owned();
    let footer = dossier.sheet().pay_to.unwrap().iban;
    assert_eq!((printed.as_str(), footer.as_str()), ("DE89370400440532013000", "DE02120300000000202051"));
}
