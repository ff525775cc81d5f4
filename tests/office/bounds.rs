//! Settings that no owner means, each with the words that it must be told with; and beside them those that are just fine.

use std::collections::BTreeMap;
use std::path::Path;

use settled::book::{EntryKind, SourceFile, check, read};
use settled::language::Language;
use settled::shell::config::{ConfigError, load_with};

const SETTINGS: &str = r#"
[business]
name = "Muster IT GmbH"
tax_number = "30/123/45678"
email = "rechnung@muster.example"
[business.address]
street = "Musterstraße 1"
postcode = "10115"
city = "Berlin"
[owner]
email = "jana@muster.example"
language = "en"
[[bank_account]]
name = "main"
iban = "DE02 1203 0000 0000 2020 51"
"#;

/// Returns the settings with some lines in a section, which is begun where it is not there.
fn with(section: &str, lines: &str) -> String {
    let header = format!("[{section}]\n");
    // A block of a list is always a further one.
    match SETTINGS.contains(&header) && !section.starts_with('[') {
        true => SETTINGS.replacen(&header, &format!("{header}{lines}\n"), 1),
        false => format!("{SETTINGS}{header}{lines}\n"),
    }
}

/// Returns the mistakes of settings, in words.
fn told(text: &str) -> Vec<String> {
    match load_with(Path::new("settled.toml"), text, &BTreeMap::new()) {
        Ok(_) => Vec::new(),
        Err(ConfigError::Mistakes(mistakes)) => mistakes.iter().map(ToString::to_string).collect(),
        Err(other) => panic!("{other}"),
    }
}

/// Compares what is told with what must be: one mistake with these words and a place, or none.
fn expect(name: &str, told: &[String], words: &str) {
    if words.is_empty() {
        assert!(told.is_empty(), "{name} is fine: {told:#?}");
        return;
    }
    assert_eq!(told.len(), 1, "{name} is one mistake: {told:#?}");
    assert!(told[0].contains(words), "{name} says `{words}`: {}", told[0]);
    assert!(told[0].contains("    | ") || told[0].contains(" | "), "{name} has a place: {}", told[0]);
    assert!(
        told[0].trim_end().lines().last().is_some_and(|advice| !advice.contains('^')),
        "{name} has advice: {}",
        told[0]
    );
}

#[test]
fn settings_that_nobody_means_are_mistakes() {
    let policy = "stages = [{ name = \"reminder\", after_days = 5, deadline_days = 7 }]";
    let interest = "stages = [{ name = \"reminder\", after_days = 5, deadline_days = 7, interest = true }]";
    let table: &[(&str, &str, &str)] = &[
        ("business", "term_days = 0", ""),
        ("business", "term_days = 365", ""),
        ("business", "term_days = 4000", "`term_days` is 4000; it can be 0 to 365"),
        ("business", "extra_holidays = [1026-12-24]", "between 1990 and 2099"),
        ("business", "legal = [\"\"]", "is empty"),
        ("business", "currency = \"CHF\"", "no bank account in CHF"),
        // Accounts.
        ("business.address", "additional = \"Hof\"\n", ""),
        ("[bank_account]", "name = \"second\"\niban = \"DE75 5121 0800 1245 1261 99\"", ""),
        (
            "[bank_account]",
            "name = \"main\"\niban = \"DE75 5121 0800 1245 1261 99\"",
            "two bank accounts are named `main`",
        ),
        (
            "[bank_account]",
            "name = \"second\"\niban = \"DE02120300000000202051\"",
            "has `DE02120300000000202051` already",
        ),
        ("[bank_account]", "name = \"dollar\"\niban = \"DE02120300000000202051\"\ncurrency = \"USD\"", ""),
        (
            "[bank_account]",
            "name = \"second\"\niban = \"DE75 5121 0800 1245 1261 99\"\nidentifiers = [\"DE02 1203 0000 0000 2020 51\"]",
            "has `DE02120300000000202051` already",
        ),
        ("[bank_account]", "name = \"s\"\niban = \"DE75 5121 0800 1245 1261 99\"\nbic = \"BYLADEM\"", "is not a BIC"),
        ("[bank_account]", "name = \"s\"\niban = \"DE75 5121 0800 1245 1261 99\"\nbic = \"BYLADEM1001\"", ""),
        (
            "[bank_account]",
            "name = \"s\"\niban = \"DE75 5121 0800 1245 1261 99\"\nidentifiers = [\"CH44 3199 9123 0008 8901 3\"]",
            "check digits do not fit",
        ),
        (
            "[bank_account]",
            "name = \"s\"\niban = \"DE75 5121 0800 1245 1261 99\"\nopened_on = 2026-05-01\nclosed_on = 2026-01-01",
            "the account ends",
        ),
        (
            "[bank_account]",
            "name = \"s\"\niban = \"DE75 5121 0800 1245 1261 99\"\nopened_on = 2026-05-01\nreceives_from = 2026-01-01",
            "before the account is opened",
        ),
        (
            "[bank_account]",
            "name = \"s\"\niban = \"DE75 5121 0800 1245 1261 99\"\ngates_dunning = false\ncurrency = \"CHF\"",
            "who has paid would be reminded",
        ),
        ("[bank_account]", "name = \"s\"\niban = \"DE75 5121 0800 1245 1261 99\"\ngates_dunning = false", ""),
        // Rules.
        ("[bank.rule]", "name = \"tax\"\nparty = \"Finanzamt\"\nthen = \"ignore\"", ""),
        ("[bank.rule]", "name = \"all\"\nthen = \"ignore\"", "would catch every payment"),
        ("[bank.rule]", "name = \"all\"\ntext = \"a\"\nthen = \"ignore\"", "in many payments by chance"),
        (
            "[bank.rule]",
            "name = \"tax\"\nparty = \"Finanzamt\"\nthen = \"ignore\"\n[[bank.rule]]\nname = \"t\"\nparty = \"Finanzamt\"\nthen = \"own_transfer\"",
            "`t` has no effect",
        ),
        // Mail.
        ("mail", "per_minute = 0", "nothing would ever leave"),
        ("mail", "per_minute = 6001", "blocked by the provider"),
        ("mail", "port = 0", "there is no port 0"),
        ("mail", "host = \"smtp.muster.example\"", "`host` has no effect"),
        ("mail", "host = \"smtp.muster.example\"\ntransport = \"folder\"", ""),
        ("mail", "host = \"smtp.muster.example\"\ntransport = \"smtp\"", ""),
        ("mail", "host = \"smtp://muster.example\"\ntransport = \"smtp\"", "is not the name of a server"),
        ("mail", "host = \"muster.example:465\"\ntransport = \"smtp\"", "is not the name of a server"),
        ("mail", "password_file = \"secret\"", "without `user` nobody logs in"),
        ("mail", "user = \"jana\"", "has no password"),
        (
            "mail",
            "user = \"jana\"\npassword_file = \"secret\"\npassword_credential = \"x\"",
            "comes from `password_file`",
        ),
        // Schedules.
        ("schedule", "issue = \"0 6 1 * *\"", ""),
        ("schedule", "issue = \"0 6 31 * *\"", "lie up to 61 days"),
        ("schedule", "dunning = \"0 6 29 2 *\"", "days; what is due"),
        ("schedule", "summary = \"0 7 1 * Mon\"", "days; what is due"),
        ("schedule", "poll_seconds = 0", "`poll_seconds` is 0"),
        ("schedule", "send_from = \"17:00\"\nsend_until = \"09:00\"", "ends before it begins"),
        ("schedule", "send_days = [\"Sat\"]\ndunning = \"0 6 * * Mon-Fri\"", "no letter leaves on any day"),
        // Numbers.
        ("numbering.invoice", "next = 184", ""),
        ("numbering.invoice", "next = -5", "gives RE-2026--005"),
        ("numbering.invoice", "next = 0", "it can be 1 to"),
        ("numbering.invoice", "next = 999999999999999", "it can be 1 to"),
        ("numbering.dunning", "series = \"RE{year}{seq:04}\"", "give the same number"),
        ("numbering.dunning", "series = \"re-{year}-{seq:05}\"", "give the same number"),
        ("numbering.dunning", "series = \"RE-2026-{seq:04}\"", "give the same number"),
        ("numbering.dunning", "series = \"REM-{year}-{seq:04}\"", ""),
        ("numbering.invoice", "series = \"{year}-{month}-{seq:02}\"", "read as a day"),
        ("numbering.invoice", "series = \"RE-{year}-{month}-{seq:02}\"", "read as a day"),
        ("numbering.invoice", "series = \"RE-{year}-{month}-{seq:03}\"", ""),
        // Matching.
        ("matching", "rounding_tolerance = \"500\"", "`rounding_tolerance` is 500; it can be 0 to 1"),
        ("matching", "rounding_tolerance = \"-0.05\"", "it can be 0 to 1"),
        ("matching", "rounding_tolerance = \"1.00\"", ""),
        ("matching", "bank_fee_tolerance = \"50.01\"", "a part of the invoice that would be lost"),
        ("matching", "writeoff_below = \"-1\"", "it can be 0 to 50"),
        ("matching", "discount_grace_days = 60", "it can be 0 to 14"),
        // Policies.
        ("dunning.policy.business", "stages = []", "has no stage"),
        ("dunning.policy.own", "stages = []", "has no stage"),
        ("dunning.policy.own", policy, ""),
        (
            "dunning.policy.own",
            "stages = [{ name = \"reminder\", after_days = 0, deadline_days = 7 }]",
            "can still be paid",
        ),
        (
            "dunning.policy.own",
            "stages = [{ name = \"reminder\", after_days = 5, deadline_days = 0 }]",
            "`deadline_days` is 0",
        ),
        (
            "dunning.policy.own",
            "stages = [{ name = \"../x\", after_days = 5, deadline_days = 7 }]",
            "name of a template",
        ),
        (
            "dunning.policy.own",
            "stages = [{ name = \"a\", after_days = 5, deadline_days = 7, fee = \"-5.00\" }]",
            "`fee` is -5.00",
        ),
        (
            "dunning.policy.own",
            "stages = [{ name = \"a\", after_days = 5, deadline_days = 7, fee = \"500\" }]",
            "no court grants more",
        ),
        (
            "dunning.policy.own",
            "stages = [{ name = \"a\", after_days = 5, deadline_days = 7, fee = { CHF = \"20\" } }]",
            "an amount in CHF has no effect",
        ),
        (
            "dunning.policy.own",
            "stages = [{ name = \"a\", after_days = 5, deadline_days = 7, fee = { EUR = \"5\" } }]",
            "",
        ),
        ("dunning.policy.own", interest, "claims interest, but"),
        (
            "dunning.policy.own",
            &format!("{interest}\ninterest = {{ regime = \"FIXED\" }}"),
            "a rate that was agreed, but it is not said",
        ),
        ("dunning.policy.own", &format!("{interest}\ninterest = {{ regime = \"FIXED\", percent = \"6\" }}"), ""),
        ("dunning.policy.own", &format!("{interest}\ninterest = {{ regime = \"FIXED\", percent = \"60\" }}"), "usury"),
        (
            "dunning.policy.own",
            &format!("{interest}\ninterest = {{ regime = \"FIXED\", percent = \"0\" }}"),
            "no interest",
        ),
        (
            "dunning.policy.own",
            &format!("{interest}\ninterest = {{ regime = \"DE_B2B\", percent = \"6\" }}"),
            "the law gives the rate",
        ),
        ("dunning.policy.own", &format!("{policy}\nmin_amount = \"-1\""), "`min_amount` is -1"),
        ("dunning.policy.own", &format!("{policy}\nmin_amount = \"5000\""), "what is open would stay so"),
        ("dunning.policy.own", &format!("{policy}\nlump_sum = {{ amount = \"40\", from_stage = 1 }}"), ""),
        (
            "dunning.policy.own",
            &format!("{policy}\nlump_sum = {{ amount = \"40\", from_stage = 2 }}"),
            "the policy has no other stage",
        ),
        (
            "dunning.policy.own",
            &format!("{policy}\nlump_sum = {{ amount = \"0\", from_stage = 1 }}"),
            "0 is no lump sum",
        ),
        (
            "dunning.policy.own",
            &format!("{policy}\nlump_sum = {{ amount = \"400\", from_stage = 1 }}"),
            "the law knows 40 EUR",
        ),
        (
            "dunning.policy.own",
            &format!("{policy}\nblackout = [{{ from = 2026-12-21, to = 2026-01-06 }}]"),
            "ends on 6 Jan 2026, before it begins",
        ),
        (
            "dunning.policy.own",
            &format!("{policy}\nblackout = [{{ from = 2026-12-21, to = 2028-01-06 }}]"),
            "more than half a year",
        ),
        ("dunning.policy.own", &format!("{policy}\nblackout = [{{ from = 2026-12-21, to = 2027-01-06 }}]"), ""),
        ("dunning.policy.own", &format!("{policy}\nnotice_days_before = 0"), "comes too late"),
        ("dunning.policy.own", &format!("{policy}\nnotice_with_invoice = false"), "there is no notice"),
        ("dunning.policy.own", &format!("{policy}\nreturn_wait_days = 900"), "it can be 0 to 90"),
        ("dunning.policy.own", &format!("{policy}\nbank_max_age_business_days = 0"), "no statement is ever new enough"),
        ("dunning.policy.own", &format!("{policy}\nsend_weekdays = [8]"), "numbers from 1 (Monday)"),
        ("dunning.policy.own", &format!("{policy}\nsend_weekdays = [6, 7]"), "no letter leaves on any day"),
        ("dunning", "business = \"nobody\"", "there is no dunning policy `nobody`"),
        // Base rates.
        ("[base_rates.germany]", "from = 2026-07-01\npercent = \"1.52\"", ""),
        ("[base_rates.germany]", "from = 2026-07-01\npercent = \"152\"", "differs by 150.73 points"),
        (
            "[base_rates.germany]",
            "from = 2026-01-01\npercent = \"1.52\"",
            "knows the base rate of 2026-01-01 already: 1.27 %",
        ),
        ("[base_rates.germany]", "from = 2026-02-01\npercent = \"1.27\"", "changes on 1 January and 1 July"),
        ("[base_rates.germany]", "from = 2026-01-01\npercent = \"1.27\"", ""),
        ("[base_rates.austria]", "from = 2025-02-01\npercent = \"1.52\"", "knows the base rate"),
        ("[base_rates.germany]", "from = 2026-09-01\npercent = \"1.52\"", "changes on 1 January and 1 July"),
        (
            "[base_rates.germany]",
            "from = 2026-07-01\npercent = \"1.52\"\n[[base_rates.germany]]\nfrom = 2026-07-01\npercent = \"1.53\"",
            "two base rates",
        ),
        ("[base_rates.austria]", "from = 2025-09-11\npercent = \"1.53\"", ""),
        // Rates that VAT is converted at.
        ("[vat_exchange_rate]", "currency = \"CHF\"\nfrom = 2026-01-01\nrate = \"1.07\"\nsource = \"BMF\"", ""),
        (
            "[vat_exchange_rate]",
            "currency = \"EUR\"\nfrom = 2026-01-01\nrate = \"1\"\nsource = \"BMF\"",
            "has no effect",
        ),
        (
            "[vat_exchange_rate]",
            "currency = \"CHF\"\nfrom = 2026-01-01\nrate = \"0\"\nsource = \"BMF\"",
            "0 is no rate",
        ),
        ("[vat_exchange_rate]", "currency = \"CHF\"\nfrom = 2026-01-01\nrate = \"1\"\nsource = \"\"", "is empty"),
        (
            "[vat_exchange_rate]",
            "currency = \"CHF\"\nfrom = 2026-01-31\nthrough = 2026-01-01\nrate = \"1.07\"\nsource = \"BMF\"",
            "before it begins",
        ),
        (
            "[vat_exchange_rate]",
            "currency = \"CHF\"\nfrom = 2026-01-01\nrate = \"1.07\"\nsource = \"BMF\"\n[[vat_exchange_rate]]\ncurrency = \"CHF\"\nfrom = 2026-01-31\nrate = \"1.08\"\nsource = \"BMF\"",
            "two rates of CHF",
        ),
        // Places.
        ("paths", "inbox = \"book\"", "taken away as a bank file"),
        ("paths", "inbox = \".\"", "taken away as a bank file"),
        ("paths", "issue_journal = \"data/journal.ndjson\"", "numbers would be given twice"),
    ];
    for (section, lines, words) in table {
        expect(&format!("[{section}] {lines}"), &told(&with(section, lines)), words);
    }
}

/// Two series that collide, formats that read as a day and much else is told at once: every mistake of the file, each once.
#[test]
fn all_mistakes_of_the_settings_are_told_at_once() {
    let text = with("mail", "per_minute = 0\nprot = 465").replace("city = \"Berlin\"", "city = 7")
        + "[dunning.policy.own]\nstages = []\nmin_amount = \"-1\"\n[matching]\nrounding_tolerance = \"500\"\nwriteof_below = \"1\"\n";
    let told = told(&text);
    let words = ["per_minute", "prot", "city = 7", "has no stage", "min_amount", "rounding_tolerance", "writeof_below"];
    assert_eq!(told.len(), words.len(), "{told:#?}");
    for word in words {
        assert!(told.iter().any(|mistake| mistake.contains(word)), "{word}: {told:#?}");
    }
}

const CUSTOMER: &str = "number = \"K-1\"\nname = \"Becker GmbH\"\n#\n[address]\nstreet = \"Weg 1\"\npostcode = \"50667\"\ncity = \"Köln\"\n\
     [email]\ninvoice = \"a@becker.example\"\n";
const CONTRACT: &str =
    "number = \"V-1\"\ncustomer = \"K-1\"\nstart = 2026-01-15\ninterval = \"month\"\n#\n[[line]]\nname = \"Wartung\"\n";
const PRICED: &str = "number = \"V-1\"\ncustomer = \"K-1\"\nstart = 2026-01-15\ninterval = \"month\"\n#\n[[line]]\nname = \"Wartung\"\nunit_price = \"100.00\"\n";
const INVOICE: &str = "number = \"A-1\"\ncustomer = \"K-1\"\nservice_from = 2026-03-02\n#\n[[line]]\nname = \"Umzug\"\nunit_price = \"100.00\"\n";

/// Returns the mistakes of a book of a customer, a contract and an invoice, in words.
fn told_of_book(files: &[(EntryKind, String)]) -> Vec<String> {
    let config = load_with(Path::new("settled.toml"), SETTINGS, &BTreeMap::new()).unwrap().config;
    let files = files.iter().enumerate().map(|(place, (kind, text))| {
        (*kind, SourceFile { path: format!("book/{}/{place}.toml", kind.folder()), text: text.clone() })
    });
    let (book, mut mistakes) = read(files.collect(), Language::En);
    mistakes.extend(check(&book, &config.check_context(), "2026-06-30".parse().unwrap()));
    mistakes.iter().map(ToString::to_string).collect()
}

#[test]
fn agreements_that_nobody_means_are_mistakes() {
    use EntryKind::{Customer, OneOff, Recurring};
    let table: &[(EntryKind, &str, &str)] = &[
        (Customer, "term_days = 3000", "it can be 0 to 365"),
        (Customer, "writeoff_below = \"-1\"", "it can be 0 to 50"),
        (Customer, "bank_fee_tolerance = \"500\"", "a part of the invoice"),
        (Customer, "bank_fee_tolerance = \"5.00\"", ""),
        (Customer, "ibans = [\"DE02 1203 0000 0000 2020 51\"]", "is your own account"),
        (Customer, "renamed_from = \"K-1\"", "has no effect"),
        (Customer, "dunning_policy = \"nobody\"", "there is no dunning policy"),
        (Customer, "contact = { name = \"Petra\", greeting = \"Guten Tag,\" }", "punctuation"),
        (Customer, "discount = [{ days = 10, percent = \"2\" }, { days = 20, percent = \"1\" }]", ""),
        (
            Customer,
            "discount = [{ days = 10, percent = \"2\" }, { days = 20, percent = \"3\" }]",
            "who pays earlier gets more",
        ),
        (Customer, "discount = [{ days = 10, percent = \"200\" }]", "a discount of 200 %"),
        (Customer, "discount = [{ days = 0, percent = \"2\" }]", "`days` is 0"),
        (Customer, "term_days = 14\ndiscount = [{ days = 20, percent = \"2\" }]", "longer than the 14 days to pay"),
        (Recurring, "max_catch_up = 4000", "it can be 0 to 100"),
        (Recurring, "issue_offset_days = -400", "cannot be moved by more than a year"),
        (Recurring, "end = { count = 0 }", "`count` is 0"),
        (Recurring, "end = { until = 2025-12-31 }", "before it starts"),
        (Recurring, "end = { notice = { received = 2025-01-10, period = \"quarter\" } }", "before it starts"),
        (Recurring, "end = { notice = { received = 2026-01-10, period = \"quarter\" } }", ""),
        (Recurring, "pauses = [{ from = 2026-08-01, to = 2026-08-31 }]", ""),
        (Recurring, "pauses = [{ from = 2026-08-31, to = 2026-08-01 }]", "before it begins"),
        (Recurring, "pauses = [{ from = 2026-08-01, to = 2026-08-10 }]", "no period begins in this pause"),
        (Recurring, "billed_through = 1026-03-14", "between 1990 and 2099"),
        (Recurring, "renamed_from = \"V-1\"", "has no effect"),
        (OneOff, "service_through = 2026-03-01", "before it begins"),
        (OneOff, "service_through = 2062-03-01", "more than ten years"),
        (OneOff, "issue_on = 2062-03-16", "a year is mistyped"),
        (OneOff, "issue_on = 2026-03-16", ""),
        (OneOff, "term_days = 700", "it can be 0 to 365"),
        (OneOff, "currency = \"USD\"", "nobody could pay"),
        // What is taken off and added.
        (OneOff, "allowance = [{ percent = \"5\", reason = \"Rahmenvertrag\", reason_code = \"95\" }]", ""),
        (OneOff, "allowance = [{ amount = \"20.00\" }]\ncharge = [{ amount = \"6.90\", reason_code = \"FC\" }]", ""),
        (Recurring, "charge = [{ percent = \"3\", reason = \"Energie\" }]", ""),
        (Recurring, "charge = [{ amount = \"6.90\", vat = \"reduced\" }]", ""),
        (OneOff, "allowance = [{ reason = \"Rahmenvertrag\" }]", "it lacks how much"),
        (OneOff, "allowance = [{ percent = \"5\", amount = \"5.00\" }]", "both `percent` and `amount`"),
        (OneOff, "allowance = [{ percent = \"120\" }]", "nobody can take off more than all"),
        (OneOff, "allowance = [{ percent = \"0\" }]", "0 changes no amount"),
        (OneOff, "allowance = [{ amount = \"-5\" }]", "an allowance below zero is a charge"),
        (OneOff, "charge = [{ amount = \"-5\" }]", "a charge below zero is an allowance"),
        (OneOff, "charge = [{ amount = \"5.001\" }]", "has more than 2 decimals"),
        (OneOff, "charge = [{ percent = \"5\", vat = \"standard\" }]", "percentages follow the VAT of the lines"),
        (OneOff, "allowance = [{ amount = \"5\", vat = \"standard\" }]", "spread over the VAT of the lines"),
        (OneOff, "allowance = [{ amount = \"5\", reason = \"\" }]", "is empty"),
        (OneOff, "allowance = [{ amount = \"5\", reason_code = \"FC\" }]", "not in the list UNCL 5189"),
        (OneOff, "charge = [{ amount = \"5\", reason_code = \"95\" }]", "not in the list UNCL 7161"),
        (OneOff, "charge = [{ amount = \"5\", vat = \"export\" }]", "the charge is an export"),
    ];
    for (kind, lines, words) in table {
        let text =
            |of: EntryKind, text: &str| (of, if of == *kind { text.replace('#', lines) } else { text.to_owned() });
        let files = [text(Customer, CUSTOMER), text(Recurring, PRICED), text(OneOff, INVOICE)];
        expect(lines, &told_of_book(&files), words);
    }
    let lines: &[(&str, &str)] = &[
        ("unit_price = \"100.00\"", ""),
        ("unit_price = \"0.00\"", ""),
        ("unit_price = \"100.0000001\"", "more than six decimals"),
        ("unit_price = \"99999999999\"", "costs so much"),
        ("unit_price = \"1\"\nquantity = \"0\"", "charges 0"),
        ("unit_price = \"1\"\nquantity = \"99999999\"", "so much in one line"),
        ("unit_price = \"1\"\ndiscount_percent = \"-5\"", "`charges` names a surcharge"),
        ("unit_price = \"1\"\ndiscount_percent = \"120\"", "more than all"),
        ("unit_price = \"1\"\nallowances = [{ percent = \"5\" }]\ncharges = [{ amount = \"2\" }]", ""),
        ("unit_price = \"1\"\nallowances = [{ amount = \"1\", vat = \"reduced\" }]", "the VAT of the line counts"),
        ("unit_price = \"1\"\ncharges = [{ percent = \"2000\" }]", "ten times as much"),
        ("unit_price = \"1\"\norder_number = \"B-1\"\norder_line = \"10\"", ""),
        ("unit_price = \"1\"\norder_line = \"10\"", "nobody names the order"),
        (
            "unit_price = \"1\"\n[[line]]\nname = \"Buch\"\nunit_price = \"1\"\nvat = \"reduced\"\n[[charge]]\namount = \"5\"",
            "does not say which one",
        ),
        ("description = \"x\"", "has no price"),
        (
            "prices = [{ from = 2026-01-01, unit_price = \"1\" }, { from = 2026-01-01, unit_price = \"2\" }]",
            "two prices from the same day",
        ),
        ("prices = [{ from = 1026-01-01, unit_price = \"1\" }]", "between 1990 and 2099"),
    ];
    for (lines, words) in lines {
        let files = [(Customer, CUSTOMER.to_owned()), (Recurring, format!("{CONTRACT}{lines}\n"))];
        expect(lines, &told_of_book(&files), words);
    }
    let interval = PRICED.replace("\"month\"", "{ n = 1200, unit = \"year\" }");
    expect(
        "interval",
        &told_of_book(&[(Customer, CUSTOMER.to_owned()), (Recurring, interval)]),
        "longer than ten years",
    );
    let two = [
        (Customer, CUSTOMER.to_owned()),
        (Customer, CUSTOMER.replace("K-1", "K-2").replace('#', "renamed_from = \"K-1\"")),
    ];
    expect("renamed", &told_of_book(&two), "two entries cannot be the same");
}

/// One broken customer is one mistake, not one for each of its contracts; and every file says all that is wrong in it.
#[test]
fn a_broken_customer_is_not_echoed() {
    use EntryKind::{Customer, OneOff, Recurring};
    let reverse = format!("{PRICED}vat = \"reverse_charge\"\n");
    let with_vat_id = |customer: &str| customer.replace('#', "vat_id = 7");
    let table: &[(&str, String, &[&str])] = &[
        ("a key that is not known", CUSTOMER.replace('#', "trem_days = 14"), &["Did you mean `term_days`?"]),
        ("no TOML", CUSTOMER.replace("name = \"Becker GmbH\"", "name = \"Becker GmbH"), &["second quote is missing"]),
        ("a number that is none", CUSTOMER.replace("number = \"K-1\"", "number = K-1"), &["a text stands in quotes"]),
        ("no number", CUSTOMER.replace("number = \"K-1\"\n", ""), &["the key `number` is missing"]),
        (
            "several",
            with_vat_id(CUSTOMER).replace("[email]", "[[email]]").replace("name =", "nmae ="),
            &["`vat_id = 7`", "Write `[email]`", "Did you mean `name`?", "the key `name` is missing"],
        ),
    ];
    for (name, customer, words) in table {
        let files = [
            (Customer, customer.clone()),
            (Recurring, PRICED.to_owned()),
            (Recurring, reverse.replace("V-1", "V-2")),
            (OneOff, INVOICE.to_owned()),
        ];
        let mut told = told_of_book(&files);
        // The line without VAT says of itself that the business has no VAT id.
        told.retain(|mistake| !mistake.contains("your own VAT id"));
        assert_eq!(told.len(), words.len(), "{name}: {told:#?}");
        for word in *words {
            assert!(told.iter().any(|mistake| mistake.contains(word)), "{name} says `{word}`: {told:#?}");
        }
    }
}

/// The variable is named where it is the variable that is wrong, and paths begin at the folder of the configuration.
#[test]
fn what_lies_over_the_file_is_told_of_it_and_paths_begin_at_its_folder() {
    let variables = BTreeMap::from([("SETTLED__MAIL__PER_MINUTE".to_owned(), "0".to_owned())]);
    let text = with("mail", "per_minute = 30");
    let told = load_with(Path::new("settled.toml"), &text, &variables).unwrap_err().to_string();
    assert!(told.starts_with("SETTLED__MAIL__PER_MINUTE: `per_minute` is 0"), "{told}");

    let text = with("mail", "ca_file = \"ca.pem\"\npassword_file = \"secret\"\nuser = \"jana\"");
    let text = text.replace("[business]\n", "[business]\nlogo = \"logo.svg\"\n");
    let config = load_with(Path::new("/etc/settled/settled.toml"), &text, &BTreeMap::new()).unwrap().config;
    let paths = &config.paths;
    let all = [
        config.mail.ca_file.as_ref().unwrap(),
        config.mail.password_file.as_ref().unwrap(),
        config.business.logo.as_ref().unwrap(),
        &config.mail.folder,
        &paths.book,
        &paths.templates,
        &paths.inbox,
        &paths.issue_journal,
        &paths.store.strip_prefix("sqlite://").unwrap().into(),
    ];
    for path in all {
        assert!(path.starts_with("/etc/settled"), "{}", path.display());
    }
}
