//! Questions in the owner's language.

use super::facts::{ExpiringClaim, LateRest, Leaving, Money};
use super::kind::Question;
use crate::invoice::Concerned;
use crate::language::Language;
use crate::matching::Flag;
use crate::outbox::{MailFault, RefusedRecipient, Remedy};
use crate::statement::NotBooked;

/// How many claims, rests or customers stand in a line.
const CLAIMS: usize = 8;

/// How many letters stand in a line.
const LETTERS: usize = 3;

impl Question {
    /// Asks it.
    pub fn words(&self, language: Language) -> String {
        match language {
            Language::De(_) => self.german(),
            Language::En => self.english(),
        }
    }

    fn german(&self) -> String {
        let de = Language::GERMAN;
        match self {
            Question::SafeMode { why } => format!("Abgesicherter Betrieb, nichts geht hinaus: {}", why.words(de)),
            Question::ServiceSilent { since, invoices, letters } => {
                let last = match since {
                    Some(at) => format!("Der Dienst läuft nicht, zuletzt am {} um {}", de.day(at.date()), at.format("%H:%M")),
                    None => "Der Dienst ist noch nie gelaufen".to_owned(),
                };
                format!("{last}: nichts geschieht, bis er läuft.{}", waits(*invoices, *letters, de))
            }
            Question::WorkFails { words } => {
                format!("Die Arbeit des Tages schlägt fehl, es wird jede Minute neu versucht: {words}")
            }
            Question::NoSummary { since } => format!("Seit {} hat Sie keine Wochenübersicht erreicht.", de.day(*since)),
            Question::MailRefused { fault, words } => no_mail(fault, words, de),
            Question::FilesOnly { letters: 1 } => {
                "Ein Schreiben liegt nur als Datei vor, denn es ist kein Mailserver eingerichtet; es gilt nicht als zugestellt."
                    .to_owned()
            }
            Question::FilesOnly { letters } => format!(
                "{letters} Schreiben liegen nur als Dateien vor, denn es ist kein Mailserver eingerichtet; nichts davon gilt als \
                 zugestellt."
            ),
            Question::ByHand { letters } => {
                let (count, first) = (letters.len(), first(letters, LETTERS));
                let what = if count == 1 { "1 Schreiben ist".to_owned() } else { format!("{count} Schreiben sind") };
                format!("{what} von Hand zu versenden ({first}); die PDFs schreibt der erste Befehl, der zweite sagt, dass es hinausging.")
            }
            Question::UndecidedPayment { proposal, money, payer, text, because, leaves } => format!(
                "Zahlung {}: {} von \"{}\"{}: {}.{}",
                proposal.payment,
                money.words(de),
                payer.as_deref().unwrap_or("?"),
                quoted(text),
                waits_because(*because, de),
                leaves_undecided(leaves, de).map_or_else(String::new, |leaves| format!(" {leaves}"))
            ),
            Question::BankBehind { account, iban, through: Some(day), letters, inbox, .. } => format!(
                "Das Konto {account} ({iban}) hat seit {} keinen Auszug; {}. Legen Sie den neuesten in {inbox}; wurde seither \
                 nichts gebucht, bestätigen Sie den Saldo.",
                de.day(*day),
                letters_held(*letters, de)
            ),
            Question::BankBehind { account, iban, through: None, letters, inbox, .. } => format!(
                "Das Konto {account} ({iban}) hat noch keinen Auszug; {}. Legen Sie ihn in {inbox}.",
                letters_held(*letters, de)
            ),
            Question::BankUnproved { account, from, through, proved_through, difference, in_no_statement, letters } => {
                let money = Money { amount: difference.amount.abs(), ..*difference }.words(de);
                let (what, than) = match difference.amount.is_positive() {
                    true => ("fehlt eine Zahlung", "zu wenig"),
                    false => ("ist eine Zahlung doppelt", "zu viel"),
                };
                format!(
                    "Die Buchungen von {account} vom {} bis {} ergeben {money} {than}: vielleicht {what}.{}{} {}. \
                     Vergleichen Sie mit dem Auszug; was doppelt ist, übergehen Sie, was fehlt, tragen Sie nach. Ist die Abweichung dann noch \
                     da, sagen Sie, woher sie kommt.",
                    de.day(*from),
                    de.day(*through),
                    proved_through.map_or_else(String::new, |day| format!(" Bis {} gehen sie auf.", de.day(day))),
                    stray_entries(*in_no_statement, de),
                    letters_held(*letters, de)
                )
            }
            Question::BankFileRefused { file, path } => format!(
                "Die Bankdatei {file} wurde nicht oder nicht ganz gebucht; was und warum, steht daneben in {path}.txt. \
                 Ist das erledigt, verwerfen Sie sie; dann wird nicht mehr nach ihr gefragt."
            ),
            Question::BankFileWaiting { file, why, received_on, .. } => format!(
                "Die Bankdatei {file} vom {} ist nicht oder nicht ganz gebucht: {}. Eine Zahlung kann darin stehen; bis Auszüge ihre Tage abdecken oder \
                 Sie sie verwerfen, gehen keine Erinnerungen hinaus, die sie beträfe.",
                de.day(*received_on),
                not_booked(*why, de)
            ),
            Question::BankFileStuck { file, .. } => format!(
                "Die Bankdatei {file} wartet seit mehr als einer Stunde und kann nicht gelesen werden; so lange geht keine Erinnerung \
                 hinaus. Darf settled sie lesen und verschieben?"
            ),
            Question::ContractHeld { contract, reason, .. } => {
                let reason = reason.words(de);
                format!("Der Vertrag {contract} wird nicht abgerechnet: {reason}.")
            }
            Question::InvoicedAfterEnd { contract, last_day, number, days, of_days, money } => format!(
                "Der Vertrag {contract} endet am {}, {number} reicht weiter: {days} von {of_days} Tagen liegen danach, {} davon. Einigen \
                 Sie sich mit dem Kunden, und halten Sie die Schreiben bis dahin an.",
                de.day(*last_day),
                money.words(de)
            ),
            Question::QuoteExpires { number, name, money, valid_until, over, .. } => {
                let (money, day) = (money.words(de), de.day(*valid_until));
                match over {
                    false => format!("Das Angebot {number} an {name} über {money} gilt nur noch bis zum {day}. Fragen Sie nach."),
                    true => format!(
                        "Das Angebot {number} an {name} über {money} galt bis zum {day}, und es kam keine Antwort. Soll es noch \
                         gelten, verlängern Sie es."
                    ),
                }
            }
            Question::LetterUnclear { letter, name, words } => format!(
                "Ob das Schreiben {letter} an {name} hinausging, ist ungewiss: {words}. Sehen Sie im Postausgang nach."
            ),
            Question::LetterCameBack { letter, name, words, remedy } => {
                format!("{letter} hat {name} nicht erreicht: {words}. {}", remedy.advice(de))
            }
            Question::RecipientRefused { letter, name, recipients } => format!(
                "{letter} an {name} ging hinaus, aber nicht an jede Adresse: {}. {}",
                refused(recipients),
                remedies(recipients, de)
            ),
            Question::LetterStuck { letter, attempts, words } => format!(
                "{letter} geht seit drei Tagen nicht hinaus ({attempts} Versuche): {words}. Stimmt die Adresse?"
            ),
            Question::LetterUnreadable { letter, why } => format!(
                "{letter} kann nicht zusammengestellt werden und geht deshalb nicht hinaus; das Programm meldet: {why}. Versucht wird es alle sechs Stunden. Sehen \
                 Sie nach, ob die Bücher in Ordnung sind."
            ),
            Question::LetterUnwritten { number, why } => format!(
                "Das Schreiben zu {number} kann nicht verfasst werden: {}. Berichtigen Sie die Vorlage; es geht dann von selbst \
                 hinaus.",
                why.words(de)
            ),
            Question::CustomerUnreadable { number, why } => format!(
                "Zu {number} geht kein Schreiben hinaus: {}. Prüfen Sie die Datei des Kunden und übernehmen Sie sie neu.",
                why.words(de)
            ),
            Question::LastStage { number, name, open } => format!(
                "{name} hat nach der letzten Mahnung nicht bezahlt: {number}, offen {}. Mehr schreibt settled nicht; jetzt sind Sie \
                 dran.",
                open.words(de)
            ),
            Question::ClockInDoubt { why } => format!("Nichts geht hinaus, bis Sie das Datum bestätigen: {}", why.words(de)),
            Question::StatementsMissing { account, after, expected, before, found, belied_through, inbox } => format!(
                "Konto {account}: zwischen dem {} ({}) und dem Auszug vom {} (beginnt mit {}) fehlen Auszüge; bis dahin wird nicht \
                 gemahnt. Legen Sie sie in {inbox}.{}",
                de.day(*after),
                expected.words(de),
                de.day(*before),
                found.words(de),
                belied_through.map_or_else(String::new, |day| format!(
                    " Dass bis {} nichts gebucht wurde, wie Sie bestätigt haben, widerlegt die Bank.",
                    de.day(day)
                ))
            ),
            Question::InstalmentMissed { number, name, instalment, due_on } => format!(
                "{name} hat die Rate von {} zum {} nicht bezahlt ({number}): der Ratenplan ist beendet, es wird wieder gemahnt.",
                instalment.words(de),
                de.day(*due_on)
            ),
            Question::CostsLeft { number, name, costs } => format!(
                "{name} hat {number} bezahlt, aber nicht {} Kosten und Zinsen. Erlassen oder verfolgen? settled schreibt dafür allein \
                 keine Mahnung.",
                costs.words(de)
            ),
            Question::DiscountsLate { customer, name, rests } => format!(
                "{name} hat Skonto nach der Frist abgezogen: {}. Gewähren oder fordern, nur hier oder bei {customer} immer? Bis dahin \
                 wird der Rest nicht angemahnt.",
                late_rests(rests, de)
            ),
            Question::RefundOpen { number, name, money } => format!(
                "Die Erstattung {number} über {} an {name} ist noch nicht überwiesen; geben Sie ihre Nummer als Verwendungszweck an.",
                money.words(de)
            ),
            Question::CreditOwed { customer, name, owed } => format!(
                "{name} ({customer}) wurden {} zu viel erstattet: die Zahlung, aus der das Guthaben kam, ist zurückgenommen. Das \
                 nächste Guthaben gleicht es aus; gemahnt wird dafür nicht.",
                owed.words(de)
            ),
            Question::RatesMissing { rates } => format!(
                "Der Basiszinssatz ab {} ist nicht bekannt: Mahnungen enthalten keine Zinsen. Tragen Sie ihn in settled.toml ein:",
                rates.first().map(|rate| de.day(rate.from)).unwrap_or_default()
            ),
            Question::TurnoverAsked { year } => format!(
                "Wie hoch ist Ihr Gesamtumsatz des Jahres {year}? Bis 800.000 EUR müssen Sie Unternehmen in Deutschland erst ab 2028 E-Rechnungen \
                 ausstellen, sonst ab 2027 (§ 27 Abs. 38 UStG); bis er in settled.toml steht, gilt der frühere Tag:"
            ),
            Question::EInvoicesDue { from, customers } => format!(
                "Ab dem {} müssen Sie {} E-Rechnungen ausstellen (§ 27 Abs. 38 UStG). Im Buch fehlt dafür: {}.",
                de.day(*from),
                match customers.len() {
                    1 => "1 Kunden".to_owned(),
                    n => format!("{n} Kunden"),
                },
                lacking(customers, de)
            ),
            Question::ClaimsExpire { year, claims } => format!(
                "Mit dem 31.12.{year} {} verjähren (§§ 195, 199 BGB): {}. Eine Mahnung hält das nicht auf; ein Mahnbescheid oder ein \
                 Anerkenntnis schon.",
                match claims.len() {
                    1 => "kann 1 Forderung".to_owned(),
                    n => format!("können {n} Forderungen"),
                },
                named(claims)
            ),
            Question::NotLive {} => {
                "settled sieht bisher nur zu: keine Rechnung, kein Schreiben geht hinaus, bis Sie es scharf schalten.".to_owned()
            }
        }
    }

    fn english(&self) -> String {
        let en = Language::En;
        match self {
            Question::SafeMode { why } => format!("Safe mode, nothing leaves: {}", why.words(en)),
            Question::ServiceSilent { since, invoices, letters } => {
                let last = match since {
                    Some(at) => {
                        format!("The service has not run since {}, {}", en.day(at.date()), at.format("%H:%M"))
                    }
                    None => "The service has never run".to_owned(),
                };
                format!("{last}: nothing happens until it does.{}", waits(*invoices, *letters, en))
            }
            Question::WorkFails { words } => format!("The day's work fails, it is tried again each minute: {words}"),
            Question::NoSummary { since } => format!("No weekly summary has reached you since {}.", en.day(*since)),
            Question::MailRefused { fault, words } => no_mail(fault, words, en),
            Question::FilesOnly { letters: 1 } => {
                "One letter is a file only, because no mail server is configured; it does not count as delivered."
                    .to_owned()
            }
            Question::FilesOnly { letters } => format!(
                "{letters} letters are files only, because no mail server is configured; none of them counts as delivered."
            ),
            Question::ByHand { letters } => {
                let (count, first) = (letters.len(), first(letters, LETTERS));
                let what = if count == 1 { "1 letter is".to_owned() } else { format!("{count} letters are") };
                format!(
                    "{what} to be sent by hand ({first}); the first command writes the PDFs, the second says that it left."
                )
            }
            Question::UndecidedPayment { proposal, money, payer, text, because, leaves } => format!(
                "Payment {}: {} from \"{}\"{}: {}.{}",
                proposal.payment,
                money.words(en),
                payer.as_deref().unwrap_or("?"),
                quoted(text),
                waits_because(*because, en),
                leaves_undecided(leaves, en).map_or_else(String::new, |leaves| format!(" {leaves}"))
            ),
            Question::BankBehind { account, iban, through: Some(day), letters, inbox, .. } => format!(
                "Account {account} ({iban}) has no statement since {}; {}. Drop the newest into {inbox}; if nothing was \
                 booked since, confirm the balance.",
                en.day(*day),
                letters_held(*letters, en)
            ),
            Question::BankBehind { account, iban, through: None, letters, inbox, .. } => format!(
                "Account {account} ({iban}) has no statement yet; {}. Drop one into {inbox}.",
                letters_held(*letters, en)
            ),
            Question::BankUnproved { account, from, through, proved_through, difference, in_no_statement, letters } => {
                let money = Money { amount: difference.amount.abs(), ..*difference }.words(en);
                let (what, than) = match difference.amount.is_positive() {
                    true => ("a payment is missing", "too little"),
                    false => ("a payment is there twice", "too much"),
                };
                format!(
                    "The entries of {account} from {} to {} come to {money} {than}: perhaps {what}.{}{} {}. Compare \
                     them with the statement; pass over what is there twice, record what is missing. If there still is a difference, \
                     say where it comes from.",
                    en.day(*from),
                    en.day(*through),
                    proved_through.map_or_else(String::new, |day| format!(" Up to {} they add up.", en.day(day))),
                    stray_entries(*in_no_statement, en),
                    letters_held(*letters, en)
                )
            }
            Question::BankFileRefused { file, path } => format!(
                "The bank file {file} was not booked, or not as a whole; {path}.txt beside it says what and why. When \
                 that is settled, discard it; it is asked about no more then."
            ),
            Question::BankFileWaiting { file, why, received_on, .. } => format!(
                "The bank file {file} of {} was not booked, or not as a whole: {}. It may hold a payment; until statements cover its days, or you discard it, \
                 no reminder leaves that it would concern.",
                en.day(*received_on),
                not_booked(*why, en)
            ),
            Question::BankFileStuck { file, .. } => format!(
                "The bank file {file} has waited for more than an hour and cannot be read; no reminder leaves meanwhile. May settled \
                 read and move it?"
            ),
            Question::ContractHeld { contract, reason, .. } => {
                let reason = reason.words(en);
                format!("The contract {contract} is not invoiced: {reason}.")
            }
            Question::InvoicedAfterEnd { contract, last_day, number, days, of_days, money } => format!(
                "The contract {contract} ends on {}, and {number} goes on: {days} of {of_days} days come after that, {} of it. Agree on \
                 it with the customer, and hold its letters until then.",
                en.day(*last_day),
                money.words(en)
            ),
            Question::QuoteExpires { number, name, money, valid_until, over, .. } => {
                let (money, day) = (money.words(en), en.day(*valid_until));
                match over {
                    false => format!(
                        "The quote {number} to {name} over {money} is valid until {day} only. Ask for an answer."
                    ),
                    true => format!(
                        "The quote {number} to {name} over {money} was valid until {day}, and no answer came. If it is still to hold, extend it."
                    ),
                }
            }
            Question::LetterUnclear { letter, name, words } => {
                format!("Nobody knows whether the letter {letter} to {name} left: {words}. Look into the sent mail.")
            }
            Question::LetterCameBack { letter, name, words, remedy } => {
                format!("{letter} has not reached {name}: {words}. {}", remedy.advice(en))
            }
            Question::RecipientRefused { letter, name, recipients } => format!(
                "{letter} to {name} left, but not to every address: {}. {}",
                refused(recipients),
                remedies(recipients, en)
            ),
            Question::LetterStuck { letter, attempts, words } => {
                format!("{letter} has not left for three days ({attempts} attempts): {words}. Is the address right?")
            }
            Question::LetterUnreadable { letter, why } => format!(
                "{letter} cannot be put together and so does not leave: {why}. It is tried every six hours. See whether the books are \
                 right."
            ),
            Question::LetterUnwritten { number, why } => {
                format!(
                    "The letter on {number} cannot be written: {}. Correct the template; it then leaves by itself.",
                    why.words(en)
                )
            }
            Question::CustomerUnreadable { number, why } => {
                format!(
                    "No letter on {number} leaves: {}. Look at the customer's file and apply it anew.",
                    why.words(en)
                )
            }
            Question::LastStage { number, name, open } => format!(
                "{name} has not paid after the last letter: {number}, open {}. settled writes no more; it is your turn.",
                open.words(en)
            ),
            Question::ClockInDoubt { why } => format!("Nothing leaves until you confirm the date: {}", why.words(en)),
            Question::StatementsMissing { account, after, expected, before, found, belied_through, inbox } => format!(
                "Account {account}: statements are missing between {} ({}) and the one of {} (it begins with {}); until then no \
                 letters leave. Drop them into {inbox}.{}",
                en.day(*after),
                expected.words(en),
                en.day(*before),
                found.words(en),
                belied_through.map_or_else(String::new, |day| format!(
                    " You confirmed that nothing was booked through {}; the bank says otherwise.",
                    en.day(day)
                ))
            ),
            Question::InstalmentMissed { number, name, instalment, due_on } => format!(
                "{name} has not paid the instalment of {} by {} ({number}): the plan is over, letters go out again.",
                instalment.words(en),
                en.day(*due_on)
            ),
            Question::CostsLeft { number, name, costs } => format!(
                "{name} has paid {number}, but not {} of costs and interest. Waive or pursue them? settled writes no letter for these \
                 alone.",
                costs.words(en)
            ),
            Question::DiscountsLate { customer, name, rests } => format!(
                "{name} took a discount after its time: {}. Accept or claim it, only here or always of {customer}? Until then the rest is \
                 not dunned.",
                late_rests(rests, en)
            ),
            Question::RefundOpen { number, name, money } => format!(
                "The refund {number} of {} to {name} has not been transferred yet; quote its number in the transfer.",
                money.words(en)
            ),
            Question::CreditOwed { customer, name, owed } => format!(
                "{name} ({customer}) was paid out {} too much: the payment that the credit came from was taken back. The next credit \
                 makes up for it; no letter asks for it.",
                owed.words(en)
            ),
            Question::RatesMissing { rates } => format!(
                "The base rate from {} on is not known: letters carry no interest. Add it to settled.toml:",
                rates.first().map(|rate| en.day(rate.from)).unwrap_or_default()
            ),
            Question::TurnoverAsked { year } => format!(
                "What is your turnover of the year {year}? Up to 800,000 EUR you must issue e-invoices to businesses in Germany from 2028 on, else \
                 from 2027 (§ 27 (38) UStG); until settled.toml says it, the earlier day counts:"
            ),
            Question::EInvoicesDue { from, customers } => format!(
                "From {} on you must issue e-invoices to {} (§ 27 (38) UStG). The book lacks for it: {}.",
                en.day(*from),
                match customers.len() {
                    1 => "1 customer".to_owned(),
                    n => format!("{n} customers"),
                },
                lacking(customers, en)
            ),
            Question::ClaimsExpire { year, claims } => format!(
                "{} may expire at the end of 31 Dec {year} (§§ 195, 199 BGB): {}. A dunning letter does not stop that; a court order \
                 for payment or an acknowledgement does.",
                match claims.len() {
                    1 => "1 claim".to_owned(),
                    n => format!("{n} claims"),
                },
                named(claims)
            ),
            Question::NotLive {} => {
                "settled only watches so far: no invoice and no letter leaves until you go live.".to_owned()
            }
        }
    }
}

/// Names the addresses that a server refused, each with its answer.
fn refused(recipients: &[RefusedRecipient]) -> String {
    let one = |refused: &RefusedRecipient| format!("{} ({})", refused.address, refused.answer);
    recipients.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// Says what helps; each advice once.
fn remedies(recipients: &[RefusedRecipient], language: Language) -> String {
    let mut advice: Vec<&str> = Vec::new();
    for refused in recipients {
        let words = match refused.remedy {
            // The letter itself is not sent again: others have it.
            Remedy::Address => language.say("Berichtigen Sie die Adresse im Buch.", "Correct the address in the book."),
            remedy @ (Remedy::MailboxFull
            | Remedy::Content
            | Remedy::TooLarge
            | Remedy::Sender
            | Remedy::Unwritten
            | Remedy::Unknown) => remedy.advice(language),
        };
        if !advice.contains(&words) {
            advice.push(words);
        }
    }
    advice.join(" ")
}

/// Says that no mail leaves: what is wrong, what to do, and what the server said.
fn no_mail(fault: &MailFault, said: &str, language: Language) -> String {
    let (what, advice) = (fault.words(language), fault.advice(language));
    let (no_mail, answer) = language.say(("Es geht keine Post hinaus.", "Antwort"), ("No mail leaves.", "Answer"));
    let answer = if fault.says_it_all() { String::new() } else { format!(" ({answer}: {})", said.trim_end()) };
    format!("{no_mail} {what}{answer} {advice}")
}

/// Says what waits for the service.
fn waits(invoices: usize, letters: usize, language: Language) -> String {
    let parts: Vec<String> = [
        (invoices, ["Rechnung", "Rechnungen"], ["invoice", "invoices"]),
        (letters, ["Schreiben", "Schreiben"], ["letter", "letters"]),
    ]
    .into_iter()
    .filter(|(count, ..)| *count > 0)
    .map(|(count, german, english)| format!("{count} {}", language.say(german, english)[usize::from(count != 1)]))
    .collect();
    match (parts.is_empty(), invoices + letters, language) {
        (true, ..) => String::new(),
        (_, 1, Language::De(_)) => format!(" Es wartet {}.", parts.join(" und ")),
        (_, _, Language::De(_)) => format!(" Es warten {}.", parts.join(" und ")),
        (_, 1, Language::En) => format!(" {} waits.", parts.join(" and ")),
        (_, _, Language::En) => format!(" {} wait.", parts.join(" and ")),
    }
}

/// Says how many entries stand in no statement; nothing where all do.
fn stray_entries(count: i64, language: Language) -> String {
    match (count, language) {
        (0, _) => String::new(),
        (1, Language::De(_)) => " Eine steht in keinem Auszug dieser Tage.".to_owned(),
        (1, Language::En) => " One of them stands in no statement of these days.".to_owned(),
        (_, Language::De(_)) => format!(" {count} stehen in keinem Auszug dieser Tage."),
        (_, Language::En) => format!(" {count} of them stand in no statement of these days."),
    }
}

/// Says which letters leave although a payment is undecided; nothing where none does.
pub fn leaves_undecided(leaves: &[Leaving], language: Language) -> Option<String> {
    let letters = Leaving::words(leaves, LETTERS, language);
    let words = match language {
        Language::De(_) => format!("Wenn Sie nichts entscheiden, geht trotzdem ein Schreiben hinaus: {letters}."),
        Language::En => format!("Unless you decide, a letter leaves all the same: {letters}."),
    };
    (!leaves.is_empty()).then_some(words)
}

/// Says why an undecided payment waits.
pub fn waits_because(flag: Option<Flag>, language: Language) -> &'static str {
    flag.map_or_else(|| language.say("keine bekannte Referenz", "no known reference"), |flag| flag.words(language))
}

/// How many letters are held, as a part of a sentence.
fn letters_held(letters: usize, language: Language) -> String {
    let verb = if letters == 1 { ("wird", "is") } else { ("werden", "are") };
    let letters = language.count(letters, ("Schreiben", "Schreiben"), ("letter", "letters"));
    language.say(format!("{letters} {} zurückgehalten", verb.0), format!("{letters} {} held", verb.1))
}

/// The first claims, and how many more there are.
fn named(claims: &[ExpiringClaim]) -> String {
    let name = |claim: &ExpiringClaim| format!("{} ({} {})", claim.number, claim.open.plain(), claim.open.currency);
    let shown = claims.iter().take(CLAIMS).map(name).collect::<Vec<_>>().join(", ");
    if claims.len() > CLAIMS { format!("{shown}, … +{}", claims.len() - CLAIMS) } else { shown }
}

/// The first customers whose file lacks something, and how many more there are.
fn lacking(customers: &[Concerned], language: Language) -> String {
    let lacking: Vec<&Concerned> = customers.iter().filter(|customer| !customer.lacks.is_empty()).collect();
    let shown = lacking.iter().take(CLAIMS).map(|customer| customer.words(language)).collect::<Vec<_>>().join("; ");
    if lacking.len() > CLAIMS { format!("{shown}; … +{}", lacking.len() - CLAIMS) } else { shown }
}

/// The first rests, and how many more there are: "2,38 EUR von RE-1".
fn late_rests(rests: &[LateRest], language: Language) -> String {
    let name = |late: &LateRest| {
        let (rest, of) = (late.rest.words(language), language.say("von", "of"));
        format!("{rest} {of} {}", late.number)
    };
    let shown = rests.iter().take(CLAIMS).map(name).collect::<Vec<_>>().join(", ");
    if rests.len() > CLAIMS { format!("{shown}, … +{}", rests.len() - CLAIMS) } else { shown }
}

/// The first few of some names.
fn first(names: &[String], most: usize) -> String {
    names[..names.len().min(most)].join(", ")
}

fn quoted(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!(", \"{text}\"") }
}

/// Says why something that was received is not booked.
fn not_booked(why: NotBooked, language: Language) -> &'static str {
    match why {
        NotBooked::Refused => language.say(
            "sie wurde abgewiesen; warum, steht daneben in rejected",
            "it was refused; the note beside it in rejected says why",
        ),
        NotBooked::SubFolder => {
            language.say("sie liegt in einem Unterordner der Inbox", "it lies in a folder of the inbox")
        }
        NotBooked::Link => {
            language.say("sie ist ein Link, und Links wird nicht gefolgt", "it is a link, and links are not followed")
        }
        NotBooked::Unfinished => language.say(
            "nach ihrem Namen wird sie noch geschrieben, aber seit einer Stunde schreibt niemand",
            "by its name it is still being written, but nobody has written for an hour",
        ),
        NotBooked::NoFile => language.say("sie ist keine gewöhnliche Datei", "it is no regular file"),
        NotBooked::Stuck => language.say("sie kann nicht gelesen werden", "it cannot be read"),
    }
}
