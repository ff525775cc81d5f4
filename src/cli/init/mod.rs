//! The first command: it asks who you are, and lays out a configuration, samples of the book, and empty books in a folder. What
//! is there already is never touched.

mod answers;
mod words;

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use chrono::{Datelike as _, Days, NaiveDate};

use self::answers::Answers;
pub use self::answers::InitOptions;
use super::outcome::{Failure, Outcome};
use super::terminal::say as say_to;
use crate::calendar::{Zone, add_months};
use crate::command::{Program, word};
use crate::jobs::office::Office;
use crate::jobs::office::event::Observer;
use crate::language::Language;
use crate::party::Country;
use crate::refusal::BooksRefusal;
use crate::shell::clock::Clock;
use crate::shell::config;
use crate::shell::files;
use crate::shell::render::Renderer;
use crate::shell::store::Store;
use crate::shell::system::random_key;

/// Where the configuration of the service lies; its data lie elsewhere.
const SYSTEM: &str = "/etc/settled";

/// Where the service keeps its data.
const SYSTEM_DATA: &str = "/var/lib/settled/";

/// What is laid out beside the configuration, in German and English. The samples end so that nobody reads them as the book.
const SAMPLES: [(&str, &str, &str); 3] = [
    ("book/customers/muster.toml.sample", include_str!("customer.de.toml"), include_str!("customer.en.toml")),
    ("book/invoices/muster.toml.sample", include_str!("invoice.de.toml"), include_str!("invoice.en.toml")),
    ("book/recurring/muster.toml.sample", include_str!("contract.de.toml"), include_str!("contract.en.toml")),
];

/// Every setting, explained in English.
const SETTINGS: (&str, &str) = ("settled.toml.sample", include_str!("../../../config/settled.toml"));

/// The name of the file with the mail server's password.
const PASSWORD_FILE: &str = "smtp.password";

/// Lays out configuration, samples and books.
pub async fn init(options: &InitOptions) -> Result<Outcome, Failure> {
    let language = options.spoken();
    let folder = std::path::absolute(&options.folder)
        .map_err(|cause| Failure::World(format!("{}: {cause}", options.folder.display())))?;
    let folder: PathBuf = folder.components().collect();
    let file = folder.join("settled.toml");
    if files::exists(&file) {
        return Err(Failure::refused(BooksRefusal::SetUpBefore { file }));
    }
    let now = Clock::System.now();
    let answers = Answers::of(options, Zone::BERLIN.day(now))?;
    let data = if folder == Path::new(SYSTEM) { SYSTEM_DATA } else { "" };
    let store = options.store.clone().unwrap_or_else(|| format!("{data}data/settled.db"));
    let text = configuration(&answers, data, &store);
    let loaded = config::load_with(&file, &text, &BTreeMap::new())?;
    let paths = &loaded.config.paths;
    let books = paths.store.strip_prefix("sqlite://").map(PathBuf::from);

    let mut said = Vec::new();
    for place in [Some(paths.inbox.as_path()), books.as_deref().and_then(Path::parent), paths.issue_journal.parent()]
        .into_iter()
        .flatten()
    {
        files::make_folder(place).map_err(Failure::world("making"))?;
    }
    let today = loaded.config.business.timezone.day(now);
    said.push(lay(&folder.join(SETTINGS.0), SETTINGS.1)?);
    for (name, german, english) in SAMPLES {
        let sample = answers.language.spelled(dated(language.say(german, english), today));
        said.push(lay(&folder.join(name), &sample)?);
    }
    let store = Store::open(&paths.store).await?;
    let known = store.books_key().await?.is_some();
    let key = random_key().map_err(|cause| Failure::World(cause.to_string()))?;
    store.create_books(&key, now).await?;
    // Takes the configuration into force, so that the books know the account.
    let transport = crate::daemon::transport(&loaded.config);
    let office = Office::open(store, &loaded, Clock::System, Renderer::Nothing, transport, Observer::nobody()).await?;
    office.store.close().await;
    let on_server = || language.say("die Bücher auf PostgreSQL", "the books on PostgreSQL").into();
    said.push((books.unwrap_or_else(on_server), if known { Laid::Kept } else { Laid::New }));
    // Last, so that an attempt that failed half-way can be made again.
    said.insert(0, lay(&file, &text)?);

    let place = folder.display();
    println!(
        "{}\n",
        language.say(format!("settled ist in {place} eingerichtet."), format!("settled is set up in {place}."))
    );
    for (path, laid) in &said {
        let word = match laid {
            Laid::New => language.say("neu", "new"),
            Laid::Kept => language.say("bleibt", "kept"),
        };
        println!("  {word:<8}{}", path.display());
    }
    print_next_steps(&folder, &file, &answers, &paths.inbox, today);
    Ok(Outcome::Fine)
}

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Laid {
    New,
    /// It was there, and is as it was.
    Kept,
}

/// Writes a file, unless there is one.
fn lay(path: &Path, text: &str) -> Result<(PathBuf, Laid), Failure> {
    if let Some(folder) = path.parent() {
        files::make_folder(folder).map_err(Failure::world("making"))?;
    }
    let laid = match files::write_new(path, text) {
        Ok(()) => Laid::New,
        Err(cause) if cause.kind() == ErrorKind::AlreadyExists => Laid::Kept,
        Err(cause) => return Err(Failure::world("writing")(cause)),
    };
    Ok((path.to_owned(), laid))
}

/// Has a sample begin in the month to come: then nothing of it is overdue. Its other days follow from that first one.
fn dated(sample: &str, today: NaiveDate) -> String {
    let start = add_months(today, 1).with_day(1).expect("a first of a month");
    let end = add_months(start, 24) - Days::new(1);
    let days = [
        ("{before}", start - Days::new(1)),
        ("{start}", start),
        ("{second}", start + Days::new(1)),
        ("{issue}", start + Days::new(2)),
        ("{later}", add_months(start, 12)),
        ("{end}", end),
    ];
    let text = sample.replace("{year}", &start.format("%Y").to_string());
    days.into_iter().fold(text, |text, (name, day)| text.replace(name, &day.to_string()))
}

/// Writes a text as TOML does, with its quotes.
fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}

/// Writes the configuration: what was answered, and what everyone decides sooner or later. `data` is where the data lie, `store` where
/// the books do.
fn configuration(answers: &Answers, data: &str, store: &str) -> String {
    let Answers { name, street, postcode, city, country, email, owner_email, language, iban, .. } = answers;
    let say = |german: &str, english: &str| language.spelled(language.say(german, english).to_owned());
    let [name, street, postcode, city] = [name, street, postcode, city].map(|text| quoted(text));
    let tax = [("vat_id", &answers.vat_id), ("tax_number", &answers.tax_number)];
    let tax: String =
        tax.into_iter().filter_map(|(key, id)| Some(format!("{key} = {}\n", quoted(id.as_ref()?)))).collect();
    let small = if answers.small_business { "small_business = true\n" } else { "" };
    let turnover = turnover(answers);
    let series = quoted(answers.number_format.pattern());
    let (currency, holidays) = (answers.currency(), answers.holidays());
    let next = match answers.next_number {
        Some(next) => format!("next = {next}"),
        None => "#next = 184".to_owned(),
    };
    let mail = mail(answers, data);
    let dunning = dunning(*country, *language);
    format!(
        r#"{head}

[business]
name = {name}
{tax}{small}email = "{email}"
currency = "{currency}"
{term}
term_days = 14
{turnover}{kept}
holidays = "{holidays}"

[business.address]
street = {street}
postcode = {postcode}
city = {city}
country = "{country}"

{owner}
[owner]
email = "{owner_email}"
language = "{language}"

{account}
[[bank_account]]
name = "main"
iban = "{iban}"
currency = "{currency}"

{mail}
[numbering.invoice]
series = {series}
{moved}
{next}
{dunning}
[paths]
store = {store}
inbox = "{data}inbox"
{print}
print = "{data}print"
{left}
issue_journal = "{data}journal/issue-journal.ndjson"
"#,
        head = say(
            "# Die Einstellungen von settled. Jede mögliche, mit einer Erklärung (englisch): settled.toml.sample.\n\
             # Durch das Speichern geschieht nichts; `settled check` nennt die Zeile eines Fehlers.",
            "# The configuration of settled. Each setting, with an explanation: settled.toml.sample.\n\
             # Nothing happens by saving this file; `settled check` names the line of a mistake.",
        ),
        term = say(
            "# Zahlungsziel in Tagen, wo mit dem Kunden nichts anderes vereinbart ist.",
            "# Days to pay, where nothing else is agreed with the customer.",
        ),
        kept = say(
            "# Ihre Feiertage, an denen kein Brief hinausgeht: DE, ein Bundesland wie DE-BE, AT, CH oder ein Kanton wie CH-ZH.",
            "# Your public holidays, on which no letter leaves: DE, a German state such as DE-BE, AT, CH or a canton such as CH-ZH.",
        ),
        owner = say(
            "# Wer die wöchentliche Zusammenfassung und die Alarme bekommt.",
            "# Who gets the weekly summary and the alarms.",
        ),
        account = say(
            "# Das Konto, auf das Kunden zahlen; ein weiteres ist ein weiterer Block.",
            "# The account that customers pay to; a further one is a further block.",
        ),
        moved = say(
            "# Wo settled zu zählen beginnt, wenn Sie im Lauf eines Jahres umziehen: eins mehr als Ihre letzte Nummer.",
            "# Where settled begins to count when you move in during a year: one more than your last number.",
        ),
        print = say(
            "# Briefe für Kunden ohne E-Mail, fertig zum Drucken.",
            "# Letters for customers without e-mail, ready to print.",
        ),
        left = say(
            "# Was das Haus verlassen hat; es darf nicht bei der Datenbank liegen.",
            "# What left the house; it must not lie with the database.",
        ),
        country = country.code(),
        store = quoted(store),
        iban = iban.grouped(),
    )
}

/// What decides from when e-invoices are a duty, where it can be one.
fn turnover(answers: &Answers) -> String {
    match answers.turnover {
        Some((amount, year)) => {
            let why = answers.language.say(
                "# Der Umsatz eines Jahres: bis 800.000 EUR in 2026 sind E-Rechnungen ab 2028 Pflicht, sonst ab 2027 (§ 27 Abs. 38 UStG).",
                "# The turnover of a year: up to 800,000 EUR in 2026 e-invoices are a duty from 2028 on, else from 2027 (§ 27 (38) UStG).",
            );
            format!("{why}\nturnover_previous_year = \"{amount}\"\nturnover_year = {year}\n")
        }
        None => String::new(),
    }
}

fn mail(answers: &Answers, data: &str) -> String {
    let language = answers.language;
    let secret = language.say(
        "# Eine Datei mit dem Passwort, die nur der Benutzer von settled lesen darf (chmod 600).",
        "# A file with the password that only the user of settled may read (chmod 600).",
    );
    let Some(host) = &answers.mail_host else {
        let nobody = language.say(
            "# Briefe werden als Dateien in diesen Ordner geschrieben und erreichen niemanden, bis Sie Ihren Mailserver nennen.",
            "# Letters are written as files into this folder and reach nobody, until you name your mail server.",
        );
        return format!(
            "[mail]\n{nobody}\ntransport = \"folder\"\nfolder = \"{data}mail\"\n#transport = \"smtp\"\n\
             #host = \"smtp.muster.example\"\n#user = \"rechnung@muster.example\"\n{secret}\n\
             #password_file = \"{PASSWORD_FILE}\"\n"
        );
    };
    let login = answers.mail_user.as_ref().map_or_else(String::new, |user| {
        format!("user = {}\n{secret}\npassword_file = \"{PASSWORD_FILE}\"\n", quoted(user))
    });
    format!("[mail]\ntransport = \"smtp\"\nhost = {}\n{login}folder = \"{data}mail\"\n", quoted(host))
}

/// The dunning policy where the law is not that of Germany.
fn dunning(country: Country, language: Language) -> String {
    let (law, regime) = match country {
        Country::AT => (
            language.say(
                "§ 456 UGB; dazu braucht es den österreichischen Basiszinssatz, siehe settled.toml.sample",
                "§ 456 UGB; needs the Austrian base rate, see settled.toml.sample",
            ),
            "AT_B2B",
        ),
        Country::CH => ("Art. 104 OR", "CH"),
        _ => return String::new(),
    };
    let what = language.say("Mahnungen an Unternehmen, mit Zinsen nach", "Reminders to businesses, with interest by");
    format!(
        r#"
# {what} {law}.
[dunning.policy.business]
stages = [
    {{ name = "reminder", after_days = 5, deadline_days = 7 }},
    {{ name = "dunning_1", after_days = 3, deadline_days = 10, interest = true }},
    {{ name = "dunning_final", after_days = 3, deadline_days = 10, interest = true }},
]
interest = {{ regime = "{regime}" }}
min_amount = "5.00"
"#
    )
}

fn print_next_steps(folder: &Path, file: &Path, answers: &Answers, inbox: &Path, today: NaiveDate) {
    let in_shell = |path: &Path| word(&path.display().to_string());
    let inside = |name: &str| in_shell(&folder.join(name));
    let (configuration, password, until) = (in_shell(file), inside(PASSWORD_FILE), today + Days::new(60));
    // The service has a user of its own.
    let owner = if folder == Path::new(SYSTEM) { format!(" && chown settled {password}") } else { String::new() };
    let language = answers.language;
    let say = |german: &str, english: &str| language.say(german, english).to_owned();
    let mail_test = "settled mail test".to_owned();
    let mail = match (&answers.mail_host, &answers.mail_user) {
        (None, _) => (
            language.say(
                format!("Nennen Sie Ihren Mailserver unter [mail] in {configuration}, und probieren Sie ihn aus:"),
                format!("Name your mail server under [mail] in {configuration}, and try it:"),
            ),
            vec![mail_test],
        ),
        (Some(_), None) => (say("Probieren Sie den Mailserver aus:", "Try the mail server:"), vec![mail_test]),
        (Some(_), Some(_)) => (
            language.say(
                format!("Schreiben Sie das Passwort des Mailservers in {password}, und probieren Sie ihn aus:"),
                format!("Write the password of the mail server into {password}, and try it:"),
            ),
            vec![format!("chmod 600 {password}{owner}"), mail_test],
        ),
    };
    let run = if folder == Path::new(SYSTEM) {
        "systemd-tmpfiles --create && systemctl enable --now settled".to_owned()
    } else {
        "settled run".to_owned()
    };
    let (sample, customer) = (inside("book/customers/muster.toml.sample"), inside("book/customers/becker.toml"));
    let steps = [
        (
            say(
                "Schreiben Sie Ihre Kunden auf, und ebenso Ihre Verträge, nach den Mustern:",
                "Write down your customers, and your contracts likewise, from the samples:",
            ),
            vec![format!("cp {sample} {customer}")],
        ),
        (
            say("Lassen Sie alles prüfen, und setzen Sie es in Kraft:", "Have it checked, and take it into force:"),
            vec!["settled check".to_owned(), "settled apply".to_owned()],
        ),
        (
            say(
                "Sehen Sie, ob der Export Ihrer Bank (camt.053) gut genug ist, und legen Sie ihn dann ab:",
                "See whether your bank's export (camt.053) is good enough, then drop it:",
            ),
            vec!["settled bank show FILE".to_owned(), format!("cp {} {}", say("DATEI", "FILE"), in_shell(inbox))],
        ),
        (
            say(
                "Sehen Sie an einer Kopie, was in den nächsten Wochen hinausginge:",
                "See on a copy what would leave in the coming weeks:",
            ),
            vec![format!("settled simulate --from {today} --until {until}")],
        ),
        mail,
        (
            say("Gehen Sie in Betrieb, und lassen Sie den Dienst laufen:", "Go live, and let the daemon run:"),
            vec!["settled golive".to_owned(), run],
        ),
    ];
    let program = Program::with(file, language);
    println!("\n{}", say("Wie es weitergeht", "Next"));
    for (number, (what, commands)) in steps.iter().enumerate() {
        println!("  {}  {what}", number + 1);
        commands.iter().for_each(|command| say_to(&program, &format!("     {command}")));
    }
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use super::*;
    use crate::book::{EntryKind, SourceFile, check, read};

    fn answers(country: Country, mail: Option<&str>, language: Language) -> Answers {
        Answers {
            name: "Muster \"IT\" GmbH".to_owned(),
            street: "Musterstraße 1".to_owned(),
            postcode: "10115".to_owned(),
            city: "Berlin".to_owned(),
            country,
            small_business: false,
            vat_id: (country == Country::DE).then(|| "DE999999995".to_owned()),
            tax_number: (country != Country::DE).then(|| "12 345/6789".to_owned()),
            turnover: (country == Country::DE).then(|| (Decimal::from(640_000), 2025)),
            email: "rechnung@muster.example".parse().unwrap(),
            owner_email: "jana@muster.example".parse().unwrap(),
            language,
            iban: "DE02120300000000202051".parse().unwrap(),
            number_format: "RE-{year}-{seq:04}".parse().unwrap(),
            next_number: Some(184),
            mail_host: mail.map(str::to_owned),
            mail_user: mail.map(|_| "rechnung@muster.example".to_owned()),
        }
    }

    #[test]
    fn what_is_written_is_a_valid_configuration() {
        for country in [Country::DE, Country::AT, Country::CH] {
            for mail in [None, Some("smtp.muster.example")] {
                let texts = [Language::GERMAN, Language::En].map(|language| {
                    let text = configuration(&answers(country, mail, language), "", "data/settled.db");
                    let loaded = config::load_with(Path::new("settled.toml"), &text, &BTreeMap::new());
                    let config = loaded.unwrap_or_else(|error| panic!("{error}\n{text}")).config;
                    assert_eq!(config.business.name, "Muster \"IT\" GmbH");
                    assert_eq!(config.series("invoice").next, Some(184));
                    text
                });
                let [german, english] = texts.map(|text| explained(&text.replace("\"de\"", "\"en\"")));
                assert_eq!(german.0, english.0, "the settings are the same");
                assert_other_words(&german.1, &english.1);
            }
        }
    }

    /// Parts a file in the lines that say something to settled, and those that explain.
    fn explained(text: &str) -> (Vec<String>, Vec<String>) {
        let (explaining, settings): (Vec<&str>, Vec<&str>) = text.lines().partition(|line| line.starts_with("# "));
        [settings, explaining].map(|lines| lines.into_iter().map(str::to_owned).collect()).into()
    }

    /// Every explanation is there in both languages.
    fn assert_other_words(german: &[String], english: &[String]) {
        assert_eq!(german.len(), english.len());
        let same: Vec<_> = german.iter().filter(|line| english.contains(line)).collect();
        assert!(same.is_empty(), "{same:?}");
        let words = [" the ", " is ", " and ", " with ", " of "];
        let foreign: Vec<_> = german.iter().filter(|line| words.iter().any(|word| line.contains(word))).collect();
        assert!(foreign.is_empty(), "{foreign:?}");
    }

    #[test]
    fn the_samples_say_the_same_in_both_languages() {
        for (path, german, english) in SAMPLES {
            let [german, english] = [german, english].map(explained);
            assert_eq!(german.0, english.0, "{path}");
            assert_other_words(&german.1, &english.1);
        }
    }

    #[test]
    fn the_samples_are_a_book_without_mistakes() {
        let today = NaiveDate::from_ymd_opt(2026, 12, 1).unwrap();
        let kinds = [EntryKind::Customer, EntryKind::OneOff, EntryKind::Recurring];
        let files = kinds
            .into_iter()
            .zip(SAMPLES)
            .map(|(kind, (path, text, _))| (kind, SourceFile { path: path.to_owned(), text: dated(text, today) }));
        let (book, mistakes) = read(files.collect(), Language::En);
        assert_eq!(mistakes, []);
        let config = config::load_with(
            Path::new("settled.toml"),
            &configuration(&answers(Country::DE, None, Language::GERMAN), "", "data/settled.db"),
            &BTreeMap::new(),
        );
        assert_eq!(check(&book, &config.unwrap().config.check_context(), "2026-06-30".parse().unwrap()), []);
        assert_eq!((book.customers.len(), book.contracts.len(), book.one_offs.len()), (1, 1, 1));
    }

    /// Whatever is switched on in the samples: no day is lost, and none stands where another belongs.
    #[test]
    fn the_samples_begin_in_the_month_to_come() {
        let table: [(&str, [&str; 6]); 2] = [
            ("2026-12-01", ["2026-12-31", "2027-01-01", "2027-01-02", "2027-01-03", "2028-01-01", "2028-12-31"]),
            ("2027-11-30", ["2027-11-30", "2027-12-01", "2027-12-02", "2027-12-03", "2028-12-01", "2029-11-30"]),
        ];
        for (today, [before, start, second, issue, later, end]) in table {
            let sample = |name: &str| {
                let (_, text, _) = SAMPLES.iter().find(|(path, ..)| path.contains(name)).unwrap();
                dated(text, today.parse().unwrap())
            };
            let (contract, invoice) = (sample("recurring"), sample("invoices"));
            for line in [
                format!("\nstart = {start}\n"),
                format!("\n#billed_through = {before}\n"),
                format!("\n#end = {{ until = {end} }}\n"),
                format!(
                    "[{{ from = {start}, unit_price = \"100.00\" }}, {{ from = {later}, unit_price = \"105.00\" }}]"
                ),
            ] {
                assert!(contract.contains(&line), "{line}: {contract}");
            }
            for line in
                [format!("\nservice_from = {start}\nservice_through = {second}\n"), format!("\n#issue_on = {issue}\n")]
            {
                assert!(invoice.contains(&line), "{line}: {invoice}");
            }
            assert!(invoice.contains(&format!("\nnumber = \"A-{}-1\"\n", &start[..4])), "{invoice}");
        }
    }
}
