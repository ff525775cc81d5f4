//! What a server's refusal is about, and so what helps: the advice follows the enhanced status code (RFC 3463), and where there is none the
//! step at which it came.

use serde::Serialize;

use crate::language::Language;

/// Begins the words of a refusal that came after the content of the mail, and not after an address.
pub const OF_CONTENT: &str = "content: ";

/// Returns the server's answer out of the words that the books keep of a refusal.
pub fn answer(words: &str) -> &str {
    words.strip_prefix(OF_CONTENT).unwrap_or(words)
}

/// What helps against a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Remedy {
    /// The address does not exist, or takes no mail any more.
    Address,
    /// The mailbox is full.
    MailboxFull,
    /// The content is not wanted: a filter took it for spam, or does not like what is attached.
    Content,
    /// The mail is larger than the recipient takes.
    TooLarge,
    /// Our own domain or server is not trusted: SPF, DKIM, DMARC, a block list, relaying.
    Sender,
    /// The letter could not be written at all.
    Unwritten,
    /// The answer does not say.
    Unknown,
}

impl Remedy {
    /// Finds out what helps, by the words of the refusal as the books keep them.
    pub fn of(words: &str) -> Remedy {
        let at_content = words.starts_with(OF_CONTENT);
        if let Some((subject, detail)) = enhanced(words) {
            return match (subject, detail) {
                // RFC 3463, X.1.7 and X.1.8: the sender's address.
                (1, 7 | 8) => Remedy::Sender,
                (1, _) | (2, 1) => Remedy::Address,
                (2, 2) => Remedy::MailboxFull,
                (2, 3) | (3, 4) => Remedy::TooLarge,
                (6, _) => Remedy::Content,
                // RFC 7372 and 7505: authentication of the sender's domain.
                (7, 20..=29) => Remedy::Sender,
                (7, _) if at_content => Remedy::Content,
                (7, _) => Remedy::Sender,
                _ => Remedy::by_code(words, at_content),
            };
        }
        Remedy::by_code(words, at_content)
    }

    fn by_code(words: &str, at_content: bool) -> Remedy {
        match (code(words), at_content) {
            (Some(552), true) => Remedy::TooLarge,
            (Some(552), false) => Remedy::MailboxFull,
            (Some(550 | 554), true) => Remedy::Content,
            (Some(550 | 551 | 553), false) => Remedy::Address,
            (Some(554), false) => Remedy::Sender,
            _ => Remedy::Unknown,
        }
    }

    /// Says what to do.
    pub fn advice(self, language: Language) -> &'static str {
        match self {
            Remedy::Address => language.say(
                "Berichtigen Sie die Adresse im Buch; nach dem Übernehmen geht es von selbst noch einmal hinaus.",
                "Correct the address in the book; once applied it is sent again by itself.",
            ),
            Remedy::MailboxFull => language.say(
                "Das Postfach ist voll; bitten Sie den Kunden, es zu leeren, oder um eine andere Adresse.",
                "The mailbox is full; ask the customer to empty it, or for another address.",
            ),
            Remedy::Content => language.say(
                "Die Adresse stimmt, der Inhalt wurde abgewiesen, meist von einem Spamfilter: bitten Sie den Kunden, Ihre Adresse \
                 zuzulassen, und sehen Sie sich Ihre eigene Vorlage an.",
                "The address is right; the content was refused, mostly by a spam filter: ask the customer to let your address pass, \
                 and look at your own template.",
            ),
            Remedy::TooLarge => language.say(
                "Die Mail ist dem Empfänger zu umfangreich; verkleinern Sie das Logo oder senden Sie die Rechnung auf anderem Weg.",
                "The mail is too large for the recipient; make the logo smaller, or send the invoice another way.",
            ),
            Remedy::Sender => language.say(
                "Nicht die Adresse, sondern Ihr Absender wurde abgewiesen: prüfen Sie mail.from und die Einträge Ihrer Domain (SPF, DKIM, \
                 DMARC), oder fragen Sie Ihren Anbieter.",
                "Not the address but your sender was refused: check mail.from and the records of your domain (SPF, DKIM, DMARC), or ask \
                 your provider.",
            ),
            Remedy::Unwritten => language.say(
                "Berichtigen Sie, was dort genannt ist, und senden Sie es dann noch einmal.",
                "Correct what is named there, then send it again.",
            ),
            Remedy::Unknown => language.say(
                "Die Antwort des Servers sagt, woran es liegt; fragen Sie sonst den Kunden, ob die Adresse stimmt.",
                "The server's answer says what it is about; else ask the customer whether the address is right.",
            ),
        }
    }
}

/// Finds an enhanced status code such as `5.1.1`: its subject and detail.
fn enhanced(words: &str) -> Option<(u16, u16)> {
    words.split(|c: char| !(c.is_ascii_digit() || c == '.')).find_map(|word| {
        let mut parts = word.trim_matches('.').split('.');
        let (class, subject, detail) = (parts.next()?, parts.next()?, parts.next()?);
        let is_code = matches!(class, "4" | "5") && subject.len() <= 3 && detail.len() <= 3 && parts.next().is_none();
        if is_code { Some((subject.parse().ok()?, detail.parse().ok()?)) } else { None }
    })
}

/// Finds a reply code such as `550`.
fn code(words: &str) -> Option<u16> {
    let is_code = |word: &&str| word.len() == 3 && word.starts_with('5') && word.bytes().all(|b| b.is_ascii_digit());
    words.split(|c: char| !c.is_ascii_alphanumeric()).find(is_code)?.parse().ok()
}

/// An address that a server refused, while it took the mail for others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RefusedRecipient {
    /// The address.
    pub address: String,
    /// The server's answer.
    pub answer: String,
    /// What helps.
    pub remedy: Remedy,
}

impl RefusedRecipient {
    /// Names an address and why it was refused.
    pub fn new(address: &str, answer: &str) -> RefusedRecipient {
        RefusedRecipient { address: address.to_owned(), answer: answer.to_owned(), remedy: Remedy::of(answer) }
    }

    /// Writes refused addresses as the words of an event.
    pub fn write(refused: &[RefusedRecipient]) -> String {
        let line = |refused: &RefusedRecipient| format!("{}: {}", refused.address, refused.answer.replace('\n', " "));
        refused.iter().map(line).collect::<Vec<_>>().join("\n")
    }

    /// Reads them out of the words of an event.
    pub fn read(words: &str) -> Vec<RefusedRecipient> {
        words
            .lines()
            .filter_map(|line| line.split_once(": "))
            .map(|(address, answer)| RefusedRecipient::new(address, answer))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advice_follows_the_code_and_the_step() {
        for (words, remedy) in [
            ("weg@kunde.example: permanent error (550): 5.1.1 <weg@kunde.example>: user unknown", Remedy::Address),
            ("a@b.example: permanent error (550): No such user here", Remedy::Address),
            ("a@b.example: permanent error (550): 5.2.1 mailbox disabled", Remedy::Address),
            ("a@b.example: permanent error (552): 5.2.2 mailbox full", Remedy::MailboxFull),
            ("a@b.example: permanent error (554): Relay access denied", Remedy::Sender),
            ("a@b.example: permanent error (550): 5.7.1 blocked by spamhaus", Remedy::Sender),
            ("a@b.example: permanent error (553): 5.1.8 sender domain not found", Remedy::Sender),
            ("content: permanent error (554): 5.7.1 message content rejected", Remedy::Content),
            ("content: permanent error (554): rejected", Remedy::Content),
            ("content: permanent error (550): 5.7.26 unauthenticated mail, DMARC", Remedy::Sender),
            ("content: permanent error (552): 5.3.4 message too big", Remedy::TooLarge),
            ("content: permanent error (552): size limit", Remedy::TooLarge),
            ("content: permanent error (550): 5.6.1 media not supported", Remedy::Content),
            // As the owner writes it down, out of a bounce.
            ("550 5.1.1 user unknown", Remedy::Address),
            ("kam zurück", Remedy::Unknown),
            // An address of the network is no code.
            ("a@b.example: permanent error (550): [203.0.113.5] unknown", Remedy::Address),
        ] {
            assert_eq!(Remedy::of(words), remedy, "{words}");
        }
    }

    #[test]
    fn refused_recipients_are_read_as_they_were_written() {
        let refused = [
            RefusedRecipient::new("weg@kunde.example", "permanent error (550): 5.1.1\nuser unknown"),
            RefusedRecipient::new("cc@kunde.example", "permanent error (554): relay access denied"),
        ];
        let read = RefusedRecipient::read(&RefusedRecipient::write(&refused));
        let seen: Vec<(&str, Remedy)> = read.iter().map(|one| (one.address.as_str(), one.remedy)).collect();
        assert_eq!(seen, [("weg@kunde.example", Remedy::Address), ("cc@kunde.example", Remedy::Sender)]);
    }
}
