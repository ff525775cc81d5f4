//! Templates of letters: minijinja, strict, one file for a letter in a language; the first line is the subject.

use std::collections::{BTreeMap, BTreeSet};

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior};
use serde_json::Value;
use unicode_width::UnicodeWidthStr;

use super::page::Page;
use super::sample::samples;
use crate::book::{Mistake, did_you_mean};
use crate::language::{Language, Place};
use crate::question::{Obstacle, TemplatePlace};

macro_rules! shipped {
    ($($name:literal)*) => {
        /// The shipped templates by file name.
        const SHIPPED: &[(&str, &str)] = &[$(($name, include_str!(concat!("templates/", $name)))),*];
    };
}

shipped! {
    "invoice.de.txt" "invoice.en.txt" "reminder.de.txt" "reminder.en.txt" "dunning_1.de.txt" "dunning_1.en.txt"
    "dunning_final.de.txt" "dunning_final.en.txt" "dunning.de.txt" "dunning.en.txt" "withdrawal.de.txt" "withdrawal.en.txt"
    "notice.de.txt" "notice.en.txt" "correction.de.txt" "correction.en.txt" "quote.de.txt" "quote.en.txt"
    "confirmation.de.txt" "confirmation.en.txt"
    "signature.de.txt" "signature.en.txt"
}

/// The templates in force: shipped ones and the owner's.
#[derive(Debug, Clone)]
pub struct Templates {
    environment: Environment<'static>,
    /// The names of the owner's.
    own: Vec<String>,
}

/// A letter's text: subject and content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// The subject.
    pub subject: String,
    /// The content.
    pub page: Page,
}

/// A template that cannot be used. No letter is written with it, no number drawn; the owner is told.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.words(Language::En))]
pub enum TemplateError {
    /// It cannot be read, or names something that is not there.
    Failed {
        /// The file.
        name: String,
        /// Where.
        place: Option<TemplatePlace>,
        /// What its reader says.
        said: String,
    },
    /// It has no subject.
    NoSubject {
        /// The file.
        name: String,
    },
}

impl TemplateError {
    /// Says it in a language: a sentence without capital and full stop.
    pub fn words(&self, language: Language) -> String {
        Obstacle::from(self.clone()).words(language)
    }

    /// Says where in the file and what, for who sees its name already.
    fn within(&self, language: Language) -> String {
        match self {
            TemplateError::Failed { place: Some(place), said, .. } => format!("{}: {said}", place.words(language)),
            TemplateError::Failed { place: None, said, .. } => said.clone(),
            TemplateError::NoSubject { .. } => {
                language.say("die erste Zeile muss `Subject: …` sein", "its first line must be `Subject: …`").to_owned()
            }
        }
    }
}

impl From<TemplateError> for Obstacle {
    fn from(error: TemplateError) -> Obstacle {
        match error {
            TemplateError::Failed { name, place, said } => Obstacle::Template { name, place, said },
            TemplateError::NoSubject { name } => Obstacle::NoSubject { name },
        }
    }
}

impl Templates {
    /// Takes the shipped templates and the owner's, by file name (`invoice.de.txt`).
    ///
    /// # Errors
    /// When one of the owner's is no template.
    pub fn new(own: &BTreeMap<String, String>) -> Result<Templates, TemplateError> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true).build();
        environment.set_syntax(syntax.map_err(|error| failed("syntax", "", &error))?);
        environment.add_filter("table", table);
        for (name, source) in SHIPPED {
            environment.add_template(name, source).map_err(|error| failed(name, source, &error))?;
            // Where the owner has a German text, customers of every place get it, as he spells it.
            let Some(base) = name.strip_suffix(".de.txt").filter(|_| !own.contains_key(*name)) else { continue };
            for place in [Place::Austria, Place::Switzerland].map(Language::De) {
                let name = format!("{base}.{place}.txt");
                let parts = source.replace(
                    "include \"signature.de.txt\"",
                    &format!("include [\"signature.{place}.txt\", \"signature.de.txt\"]"),
                );
                let source = place.spelled(parts);
                environment.add_template_owned(name.clone(), source).map_err(|error| failed(&name, "", &error))?;
            }
        }
        for (name, source) in own {
            environment
                .add_template_owned(name.clone(), source.clone())
                .map_err(|error| failed(name, source, &error))?;
        }
        Ok(Templates { environment, own: own.keys().cloned().collect() })
    }

    /// Tries the owner's templates on sample letters: what they name must be there, in every branch, and they must come to a letter.
    /// `stages` are the names of the stages in the policies; mistakes are told in the owner's language. A file with another name is a part that others include.
    pub fn mistakes(&self, stages: &[&str], owner: Language) -> Vec<Mistake> {
        let samples = samples();
        let globals: BTreeSet<&str> = self.environment.globals().map(|(name, _)| name).collect();
        let mut mistakes = Vec::new();
        for name in &self.own {
            let Ok(template) = self.environment.get_template(name) else { continue };
            let parted = name.trim_end_matches(".txt").rsplit_once('.');
            let (base, language) = parted.map_or((name.as_str(), Language::GERMAN), |(base, tag)| {
                (base, Language::by_tag(tag).unwrap_or_default())
            });
            let letter = if base == "dunning" || stages.contains(&base) { "dunning" } else { base };
            let sample = samples.iter().find(|(of, _)| *of == letter).map(|(_, sample)| sample);
            // The signature stands in every letter; another part at least in one.
            let knows = |path: &str| {
                let mut all = samples.iter().map(|(_, sample)| has(sample, path));
                match (sample, base) {
                    (Some(sample), _) => has(sample, path),
                    (None, "signature") => all.all(|known| known),
                    (None, _) => all.any(|known| known),
                }
            };
            let before = mistakes.len();
            let named: BTreeSet<String> = template.undeclared_variables(true).into_iter().collect();
            for path in named.iter().filter(|path| !globals.contains(path.as_str()) && !knows(path)) {
                let known: BTreeSet<String> = samples.iter().flat_map(|(_, sample)| names(sample)).collect();
                let known: Vec<String> = known.into_iter().filter(|name| knows(name)).collect();
                let what = owner.say(
                    format!("`{path}` ist in diesem Brief nicht bekannt."),
                    format!("`{path}` is not known in this letter."),
                );
                let mistake = Mistake::in_file(owner, name, what);
                let hint = did_you_mean(path, &known, owner.say("Bekannt sind", "Known are"), owner);
                mistakes.push(mistake.at_word(template.source(), path).advice(hint));
            }
            if mistakes.len() == before
                && let Some(sample) = sample
                && let Err(error) = self.write(base, language, sample)
            {
                mistakes.push(Mistake::in_file(owner, name, format!("{}.", error.within(owner))));
            }
        }
        mistakes
    }

    /// Writes a letter: by the template of its language and place, else of its language. A stage without a template of its own takes that
    /// of `dunning`.
    ///
    /// # Errors
    /// When the template names something that is not there, or has no subject.
    pub fn write(
        &self,
        letter: &str,
        language: Language,
        context: impl serde::Serialize,
    ) -> Result<Text, TemplateError> {
        let name = [letter, "dunning"]
            .into_iter()
            .flat_map(|letter| [language.tag(), language.code()].map(|tag| format!("{letter}.{tag}.txt")))
            .find(|name| self.environment.get_template(name).is_ok())
            .unwrap_or_else(|| format!("dunning.{language}.txt"));
        let template = self.environment.get_template(&name).map_err(|error| failed(&name, "", &error))?;
        let text = template.render(Serde(&context)).map_err(|error| failed(&name, template.source(), &error))?;
        let (first, body) = text.split_once('\n').unwrap_or((&text, ""));
        let subject = first.strip_prefix("Subject:").map(crate::party::one_line);
        match subject {
            Some(subject) if !subject.is_empty() => Ok(Text { subject, page: Page::of_text(body) }),
            _ => Err(TemplateError::NoSubject { name }),
        }
    }
}

/// Says where in a template what went wrong; an error in a part that it includes names the part.
fn failed(name: &str, source: &str, error: &minijinja::Error) -> TemplateError {
    let mut said =
        error.detail().map_or_else(|| error.kind().to_string(), |detail| format!("{}: {detail}", error.kind()));
    let line = error.line().unwrap_or(0);
    let place = match (error.name(), error.range().and_then(|range| source.get(..range.start))) {
        (Some(part), _) if part != name => Some(TemplatePlace { part: Some(part.to_owned()), line, column: None }),
        (_, Some(before)) => {
            let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
            Some(TemplatePlace { part: None, line: before.matches('\n').count() + 1, column: Some(column) })
        }
        (Some(_), None) => Some(TemplatePlace { part: None, line, column: None }),
        (None, None) => None,
    };
    if let Some(cause) = std::error::Error::source(error) {
        said = format!("{said}: {cause}");
    }
    TemplateError::Failed { name: name.to_owned(), place, said }
}

/// Tells whether a context has what a template names: `sender.phone`.
fn has(context: &Value, path: &str) -> bool {
    let mut value = context;
    for part in path.split('.') {
        match value {
            Value::Object(fields) => match fields.get(part) {
                Some(field) => value = field,
                None => return false,
            },
            Value::Array(_) => return true,
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => return false,
        }
    }
    true
}

/// Returns all that a context has, by its path.
fn names(context: &Value) -> Vec<String> {
    let Value::Object(fields) = context else { return Vec::new() };
    let of = |(name, field): (&String, &Value)| {
        let inner = names(field).into_iter().map(|inner| format!("{name}.{inner}")).collect::<Vec<_>>();
        if inner.is_empty() { vec![name.clone()] } else { inner }
    };
    fields.iter().flat_map(of).collect()
}

/// The filter `table`: rows of label and value as lines that begin with two blanks.
fn table(rows: Vec<Vec<String>>) -> String {
    let width = rows.iter().filter_map(|row| row.first()).map(|label| label.width()).max().unwrap_or(0);
    let lines = rows.iter().map(|row| {
        let (label, rest) = row.split_first().map_or(("", &[][..]), |(label, rest)| (label.as_str(), rest));
        format!("  {label}{}  {}", " ".repeat(width - label.width()), rest.join("  ")).trim_end().to_owned()
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_template_names_must_be_there_in_every_branch() {
        let table: &[(&str, &str, &[&str])] = &[
            ("reminder.de.txt", "Subject: x\n{{ subjct }}", &["`subjct` is not known in this letter."]),
            (
                "reminder.de.txt",
                "Subject: x\n{% if several %}{{ nowhere }}{% endif %}",
                &["`nowhere` is not known in this letter."],
            ),
            ("last_words.de.txt", "Subject: x\n{{ deadline }}", &[]),
            ("last_words.de.txt", "Subject: x\n{{ service }}", &["`service` is not known in this letter."]),
            (
                "invoice.de.txt",
                "Subject: x\n{{ service }} {{ sender.phone }}{% for row in rows %}{{ loop.index }}{{ row[0] }}{% endfor %}",
                &[],
            ),
            ("invoice.de.txt", "Subject: x\n{{ deadline }}", &["`deadline` is not known in this letter."]),
            ("signature.de.txt", "{{ sender.name }}", &[]),
            ("signature.de.txt", "{{ total }}", &["`total` is not known in this letter."]),
            ("head.de.txt", "{{ service }}{{ deadline }}", &[]),
            ("head.de.txt", "{{ nowhere }}", &["`nowhere` is not known in this letter."]),
            ("notice.en.txt", "{{ due_on }}", &["its first line must be `Subject: …`."]),
            ("withdrawal.de.txt", "Subject: x\n{% set y = letters %}{{ y }} {{ namespace }}", &[]),
        ];
        for (name, text, expected) in table {
            let own = BTreeMap::from([((*name).to_owned(), (*text).to_owned())]);
            let templates = Templates::new(&own).unwrap();
            let mistakes = templates.mistakes(&["reminder", "last_words"], Language::En);
            let said: Vec<&str> = mistakes.iter().map(|mistake| mistake.what.as_str()).collect();
            assert_eq!(said, *expected, "{name}: {text}");
        }
    }

    #[test]
    fn a_template_that_is_none_is_told_with_its_place() {
        let table = [
            ("Subject: x\n\nHallo {% if %}", "line 3, column 13: syntax error: unexpected end of block"),
            ("Subject: x\nÄh {{ deadline | upperr }}", "line 2, column 18: unknown filter: filter upperr is unknown"),
        ];
        for (text, expected) in table {
            let own = BTreeMap::from([("reminder.de.txt".to_owned(), text.to_owned())]);
            let (_, sample) = samples().into_iter().find(|(of, _)| *of == "dunning").unwrap();
            let written =
                Templates::new(&own).and_then(|templates| templates.write("reminder", Language::GERMAN, &sample));
            assert_eq!(written.unwrap_err().within(Language::En), expected);
        }
    }

    #[test]
    fn the_shipped_templates_know_all_that_they_name() {
        let own = SHIPPED.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        let mistakes =
            Templates::new(&own).unwrap().mistakes(&["reminder", "dunning_1", "dunning_final"], Language::En);
        assert!(mistakes.is_empty(), "{mistakes:?}");
    }

    /// What a Swiss customer reads at the end of a reminder, by the owner's templates.
    #[test]
    fn the_german_of_a_place_goes_before_german() {
        let table: &[(&[(&str, &str)], &str)] = &[
            (&[], "Viele Grüsse"),
            (&[("signature.de.txt", "Viele Grüße")], "Viele Grüße"),
            (&[("signature.de-CH.txt", "Adieu"), ("signature.de.txt", "Viele Grüße")], "Adieu"),
            (&[("reminder.de.txt", "Subject: x\nHeißt")], "Heißt"),
            (&[("reminder.de.txt", "Subject: x\nHeißt"), ("reminder.de-CH.txt", "Subject: x\nSalü")], "Salü"),
            (&[("reminder.de-AT.txt", "Subject: x\nServus")], "Viele Grüsse"),
        ];
        let (_, sample) = samples().into_iter().find(|(of, _)| *of == "dunning").unwrap();
        for (own, expected) in table {
            let own = own.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
            let templates = Templates::new(&own).unwrap();
            assert!(templates.mistakes(&["reminder"], Language::En).is_empty(), "{own:?}");
            let text = templates.write("reminder", Language::De(Place::Switzerland), &sample).unwrap().page.text();
            assert!(text.contains(expected), "{own:?}: {text}");
        }
    }

    /// How each letter speaks in both tones: words that it has in one of them alone.
    #[test]
    fn letters_speak_formally_or_as_to_a_friend() {
        let table = [
            ("invoice", Language::GERMAN, "liegt als PDF bei.", "wir helfen gern"),
            ("invoice", Language::En, "simply reply to this e-mail.", "glad to help"),
            ("notice", Language::GERMAN, "antworten Sie bitte", "nur als kurzer Hinweis"),
            ("notice", Language::En, "please reply", "just a short note"),
            ("reminder", Language::GERMAN, "Haben Sie Einwände", "wir klären es dann"),
            ("reminder", Language::En, "If you object", "sort it out together"),
            ("dunning_1", Language::GERMAN, "Haben Sie Einwände", "wir finden gemeinsam einen Weg"),
            ("dunning_1", Language::En, "If you object", "find a way together"),
            ("dunning", Language::GERMAN, "Haben Sie Einwände", "wir finden gemeinsam einen Weg"),
            ("dunning", Language::En, "If you object", "find a way together"),
            ("dunning_final", Language::GERMAN, "oder Einwände haben", "auch Raten sind möglich"),
            ("dunning_final", Language::En, "or object to the invoice", "instalments are possible"),
            ("withdrawal", Language::GERMAN, "Mit freundlichen Grüßen", "Viele Grüße"),
            ("withdrawal", Language::En, "Kind regards", "Best wishes"),
        ];
        let templates = Templates::new(&BTreeMap::new()).unwrap();
        let samples = samples();
        for (letter, language, formal, friendly) in table {
            let sample = |name: &str| samples.iter().find(|(of, _)| *of == name).map(|(_, sample)| sample.clone());
            let mut sample = sample(letter).or_else(|| sample("dunning")).unwrap();
            let mut said = |tone: &str| {
                sample["tone"] = tone.into();
                templates.write(letter, language, &sample).unwrap().page.text().replace('\n', " ")
            };
            let (one, other) = (said("formal"), said("friendly"));
            assert!(one.contains(formal) && !one.contains(friendly), "{letter} {language}: {one}");
            assert!(other.contains(friendly) && !other.contains("Mit freundlichen") && !other.contains("Kind regards"));
        }
    }

    #[test]
    fn no_letter_on_paper_speaks_of_the_mail_that_brings_it() {
        let templates = Templates::new(&BTreeMap::new()).unwrap();
        let (_, sample) = samples().into_iter().find(|(of, _)| *of == "dunning").unwrap();
        for (stage, language) in ["reminder", "dunning_1", "dunning_final", "dunning"]
            .into_iter()
            .flat_map(|stage| [(stage, Language::GERMAN), (stage, Language::En)])
        {
            let said = |on_paper: bool| {
                let mut sample = sample.clone();
                sample["on_paper"] = on_paper.into();
                templates.write(stage, language, &sample).unwrap().page.text()
            };
            let (mail, paper) = (said(false).to_lowercase(), said(true).to_lowercase());
            assert!(mail.contains("e-mail"), "{stage} {language}: {mail}");
            assert!(
                !paper.contains("e-mail") && paper.contains("rechnung@muster.example"),
                "{stage} {language}: {paper}"
            );
        }
    }
}
