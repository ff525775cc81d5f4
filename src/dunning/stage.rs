//! The names of stages, for people.

use crate::language::Language;

/// Names a stage: by the name that its letter had, else by its place.
pub fn stage_name(stage: i64, name: Option<&str>, language: Language) -> String {
    let dunning = |n: &str| match language {
        Language::De(_) => format!("{n}. Mahnung"),
        Language::En => format!("dunning {n}"),
    };
    match (name, stage, language) {
        (_, 0, Language::De(_)) => "Hinweis vor Fälligkeit".to_owned(),
        (_, 0, Language::En) => "notice before the due date".to_owned(),
        (Some("reminder"), _, Language::De(_)) | (None, ..=1, Language::De(_)) => "Erinnerung".to_owned(),
        (Some("reminder"), _, Language::En) | (None, ..=1, Language::En) => "reminder".to_owned(),
        (Some("dunning_final"), _, Language::De(_)) => "letzte Mahnung".to_owned(),
        (Some("dunning_final"), _, Language::En) => "final dunning".to_owned(),
        (Some(name), ..) => name.strip_prefix("dunning_").map_or_else(|| name.replace('_', " "), dunning),
        (None, stage, _) => dunning(&(stage - 1).to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_are_named_by_their_letter_or_by_their_place() {
        let table = [
            (0, None, "Hinweis vor Fälligkeit", "notice before the due date"),
            (1, None, "Erinnerung", "reminder"),
            (2, None, "1. Mahnung", "dunning 1"),
            (1, Some("reminder"), "Erinnerung", "reminder"),
            (2, Some("dunning_1"), "1. Mahnung", "dunning 1"),
            (3, Some("dunning_final"), "letzte Mahnung", "final dunning"),
            (3, Some("last_words"), "last words", "last words"),
        ];
        for (stage, name, german, english) in table {
            assert_eq!(stage_name(stage, name, Language::GERMAN), german);
            assert_eq!(stage_name(stage, name, Language::En), english);
        }
    }
}
