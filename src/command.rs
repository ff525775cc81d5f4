//! Command lines of settled, to be copied into a shell.
//!
//! What is decided and what the books keep names commands alone, as [`line`] writes them: `settled assign P-12 RE-2026-0083`. Whoever
//! says it to the owner has [`Program::spell`] put in where the configuration lies, wherever that is not the usual place. So a question
//! is the same on every machine, and its command works on each.

use std::path::Path;

use crate::language::Language;

/// Where the configuration lies unless it is named.
pub const USUAL: &str = "/etc/settled/settled.toml";

/// The commands that read the configuration; those that make one (`init`, `demo`) do not.
pub const VERBS: [&str; 30] = [
    "agree", "apply", "assign", "bank", "check", "contract", "customer", "dispute", "golive", "handover", "hold",
    "invoice", "letter", "mail", "paper", "pause", "payments", "preview", "promise", "quote", "refund", "release",
    "resume", "run", "simulate", "status", "summary", "unassign", "verify", "why",
];

/// How this settled is called.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Program {
    /// Its configuration, as a word of a shell; nothing: the usual one.
    configuration: Option<String>,
    /// The language of whoever reads its commands.
    language: Language,
}

impl Program {
    /// Returns how settled is called that works with a configuration, and whose commands are read in a language; the path is absolute.
    pub fn with(configuration: &Path, language: Language) -> Program {
        let named = configuration != Path::new(USUAL);
        Program { configuration: named.then(|| word(&configuration.display().to_string())), language }
    }

    /// Puts the configuration into every command of a text, and its word for what the reader is to fill in.
    pub fn spell(&self, text: &str) -> String {
        let text = text.split_inclusive('\n').map(|line| self.in_language(line)).collect::<String>();
        self.configured(&text)
    }

    /// Says what is to be filled into the command of a line in the reader's language.
    fn in_language(&self, line: &str) -> String {
        let (before, command) = line.split_at(line.find(NAME).unwrap_or(line.len()));
        let words = command.split_inclusive(' ').map(|word| {
            let bare = word.trim_end();
            if bare == TO_FILL_IN {
                word.replace(bare, self.language.say("DATEI", TO_FILL_IN))
            } else {
                word.to_owned()
            }
        });
        before.to_owned() + &words.collect::<String>()
    }

    fn configured(&self, text: &str) -> String {
        let Some(configuration) = &self.configuration else { return text.to_owned() };
        let mut spelled = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find(NAME) {
            let (before, from) = rest.split_at(at);
            let (name, after) = from.split_at(NAME.len());
            spelled.push_str(before);
            spelled.push_str(name);
            if !before.ends_with(is_part_of_a_name) && begins_with_verb(after) {
                spelled.push_str("--config ");
                spelled.push_str(configuration);
                spelled.push(' ');
            }
            rest = after;
        }
        spelled.push_str(rest);
        spelled
    }

    /// Does the same to each of some commands.
    pub fn spell_all(&self, commands: &[String]) -> Vec<String> {
        commands.iter().map(|command| self.spell(command)).collect()
    }
}

/// What stands in a command for a file that its reader names.
const TO_FILL_IN: &str = "FILE";

/// The name of the program, as it begins a command.
const NAME: &str = "settled ";

fn is_part_of_a_name(c: char) -> bool {
    c.is_alphanumeric() || "-_./".contains(c)
}

fn begins_with_verb(text: &str) -> bool {
    let end = text.find(|c: char| !c.is_ascii_lowercase()).unwrap_or(text.len());
    VERBS.contains(&&text[..end]) && !text[end..].starts_with(is_part_of_a_name)
}

/// Writes a command with its words, each as a shell reads it as one: `settled letter posted "K-7 2026-03-01"`.
pub fn line<W: AsRef<str>>(words: impl IntoIterator<Item = W>) -> String {
    let mut line = NAME.trim_end().to_owned();
    for argument in words {
        line.push(' ');
        line.push_str(&word(argument.as_ref()));
    }
    line
}

/// Writes a text so that a shell reads it as one word, and as nothing else.
pub fn word(text: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "/._-+=:,@%".contains(c);
    // What means something to a shell even between double quotes.
    let is_special = |c: char| "\"$`\\!".contains(c) || c.is_control();
    if !text.is_empty() && text.chars().all(is_plain) {
        text.to_owned()
    } else if !text.contains(is_special) {
        format!("\"{text}\"")
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_of_a_command_is_one_word_in_a_shell() {
        let table: [(&[&str], &str); 6] = [
            (&["assign", "P-12", "RE-2026-0083=50.00"], "settled assign P-12 RE-2026-0083=50.00"),
            (&["letter", "posted", "K-7 2026-03-01"], "settled letter posted \"K-7 2026-03-01\""),
            (
                &["bank", "discard", "a$(reboot) `x`.xml", "--reason", "…"],
                "settled bank discard 'a$(reboot) `x`.xml' --reason \"…\"",
            ),
            (&["bank", "show", "/srv/Müllers' books/a.xml"], r#"settled bank show "/srv/Müllers' books/a.xml""#),
            (&["why", "it's $5"], r"settled why 'it'\''s $5'"),
            (&["why", ""], "settled why \"\""),
        ];
        for (words, expected) in table {
            assert_eq!(line(words), expected);
        }
    }

    #[test]
    fn what_is_to_be_filled_in_is_said_in_the_readers_language() {
        let table = [
            ("settled bank import FILE", "settled bank import DATEI"),
            ("a\n-> settled bank import FILE\nb", "a\n-> settled bank import DATEI\nb"),
            ("settled bank import FILE.xml FILES", "settled bank import FILE.xml FILES"),
            ("the FILE settled reads", "the FILE settled reads"),
        ];
        for (text, german) in table {
            let spelled = |language| Program::with(Path::new(USUAL), language).spell(text);
            assert_eq!((spelled(Language::GERMAN).as_str(), spelled(Language::En).as_str()), (german, text));
        }
    }

    #[test]
    fn commands_name_the_configuration_and_sentences_stay() {
        let program = Program::with(Path::new("/srv/my books/settled.toml"), Language::En);
        let table = [
            ("settled why P-1", "settled --config \"/srv/my books/settled.toml\" why P-1"),
            (
                "see `settled status`, or: settled apply",
                "see `settled --config \"/srv/my books/settled.toml\" status`, or: settled --config \"/srv/my books/settled.toml\" apply",
            ),
            ("settled writes no more letters", "settled writes no more letters"),
            ("settled holds it; settled-run is no command", "settled holds it; settled-run is no command"),
            ("make one: settled init DIR", "make one: settled init DIR"),
            ("unsettled why", "unsettled why"),
        ];
        for (text, expected) in table {
            assert_eq!(program.spell(text), expected);
            assert_eq!(Program::with(Path::new(USUAL), Language::En).spell(text), text);
            assert_eq!(program.spell(&program.spell(text)), expected, "once is enough");
        }
    }
}
