//! Numbers when several ask for one at the same time: nobody gets another's, and none is left out.

use settled::jobs::receipts::refund::draw;
use settled::jobs::safety::verify::verify;

use crate::house::{Engine, House, SETTLED_TOML, customer, live, monthly};

/// The first number that an invoice gets, by when `next = 184` came into force and when the first invoice is due.
#[tokio::test]
async fn next_is_for_the_year_in_which_it_came_into_force() {
    let table = [
        ("in that year", "RE-{year}-{seq:04}", "2026-12-01", "2026-12-10", "RE-2026-0184"),
        ("in the next one", "RE-{year}-{seq:04}", "2026-12-01", "2027-01-01", "RE-2027-0001"),
        ("in the next month, by months", "RE{year}{month}-{seq:04}", "2026-11-10", "2026-12-10", "RE202612-0001"),
        ("in the next one, without years", "RE{seq:05}", "2026-12-01", "2027-01-01", "RE00184"),
    ];
    for (what, series, from, due, expected) in table {
        for engine in [Some(Engine::Sqlite), Engine::postgres()].into_iter().flatten() {
            let scene = [
                &format!("The first number.\n\nfrom {from} until 2027-01-04\n"),
                "file settled.toml\n",
                &SETTLED_TOML.lines().map(|line| format!("    {line}\n")).collect::<String>(),
                &format!("    [numbering.invoice]\n    series = \"{series}\"\n    next = 184\n"),
                &customer("K-1001", "Becker GmbH", ""),
                &monthly("V-1", "K-1001", "100.00", 1).replace("2026-01-01", due),
            ]
            .concat();
            let lived = live(&House::of(&scene), engine).await;
            let mut tx = lived.office.store.read().await.unwrap();
            let numbers: Vec<String> =
                tx.invoices("", false).await.unwrap().into_iter().map(|row| row.number).collect();
            assert_eq!(numbers, [expected], "{what}");
        }
    }
}

/// Two customers who paid too much, so both have credit.
fn scene() -> String {
    [
        "Two refunds at once.\n\nfrom 2026-01-01 until 2026-01-20\n",
        &customer("K-1001", "Becker GmbH", ""),
        &customer("K-1002", "Wolf & Söhne KG", ""),
        &monthly("V-1", "K-1001", "100.00", 1),
        &monthly("V-2", "K-1002", "200.00", 1),
        "pays 2026-01-12 | Becker GmbH | DE44500105175407324931 | 150.00 | RE-2026-0001\n",
        "pays 2026-01-12 | Wolf & Söhne KG | DE75512108001245126199 | 300.00 | RE-2026-0002\n",
    ]
    .concat()
}

/// Both read the counter before either has moved it; the second begins anew.
#[tokio::test]
async fn two_refunds_at_once_have_two_numbers() {
    for engine in [Some(Engine::Sqlite), Engine::postgres()].into_iter().flatten() {
        let lived = live(&House::of(&scene()), engine).await;
        let office = &lived.office;
        let run = office.run("refund");
        let (first, second) =
            tokio::join!(draw(office, &run, "K-1001", Some("10.00")), draw(office, &run, "K-1002", Some("20.00")));
        let mut drawn = [first.unwrap(), second.unwrap()].map(|drawn| (drawn.number, drawn.name));
        drawn.sort();
        assert_eq!(drawn.each_ref().map(|(number, _)| number.as_str()), ["ER-2026-0001", "ER-2026-0002"]);
        assert_ne!(drawn[0].1, drawn[1].1);
        let proof = verify(office, &mut office.store.read().await.unwrap(), None).await.unwrap();
        assert!(proof.holds(), "{:?}", proof.wrong().map(|wrong| &wrong.flaw).collect::<Vec<_>>());
    }
}
