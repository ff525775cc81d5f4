//! How refusals, and what else is data and said in two languages, are written down: a table with a line for each kind, its sentence in
//! German and in English, and its commands. What a sentence is about stands in braces by the name of the field.

use std::path::PathBuf;

use chrono::NaiveDate;

use crate::calendar::NotADay;
use crate::dunning::NoPlan;
use crate::id::PaymentId;
use crate::invoice::{DraftError, NotCorrected};
use crate::language::Language;
use crate::money::{Currency, NotAnAmount};
use crate::question::{Halt, Money, Obstacle};

/// Something that a sentence is about.
pub(crate) trait Said {
    /// Writes it as it stands in a sentence of a language.
    fn said(&self, language: Language) -> String;
}

impl Said for String {
    fn said(&self, _: Language) -> String {
        self.clone()
    }
}

impl Said for Vec<String> {
    fn said(&self, _: Language) -> String {
        self.join(", ")
    }
}

impl Said for PathBuf {
    fn said(&self, _: Language) -> String {
        self.display().to_string()
    }
}

impl Said for NaiveDate {
    fn said(&self, language: Language) -> String {
        language.day(*self)
    }
}

impl Said for Money {
    fn said(&self, language: Language) -> String {
        self.words(language)
    }
}

impl Said for Vec<Money> {
    fn said(&self, language: Language) -> String {
        self.iter().map(|money| money.words(language)).collect::<Vec<_>>().join(", ")
    }
}

impl Said for Halt {
    fn said(&self, language: Language) -> String {
        self.words(language)
    }
}

impl Said for NotAnAmount {
    fn said(&self, language: Language) -> String {
        self.words(language)
    }
}

impl Said for DraftError {
    fn said(&self, language: Language) -> String {
        self.words(language)
    }
}

impl Said for NotADay {
    fn said(&self, language: Language) -> String {
        self.words(language)
    }
}

impl Said for NotCorrected {
    fn said(&self, language: Language) -> String {
        self.words(language)
    }
}

impl Said for Box<Obstacle> {
    fn said(&self, language: Language) -> String {
        self.words(language)
    }
}

impl Said for NoPlan {
    fn said(&self, language: Language) -> String {
        self.words(language)
    }
}

impl Said for Option<NaiveDate> {
    fn said(&self, language: Language) -> String {
        self.map_or_else(|| language.say("(kein Tag)", "no day").to_owned(), |day| language.day(day))
    }
}

/// What is written in one way in every language.
macro_rules! plain {
    ($($kind:ty)*) => { $(
        impl Said for $kind {
            fn said(&self, _: Language) -> String {
                self.to_string()
            }
        }
    )* };
}

plain! { &'static str usize u64 i64 Currency PaymentId }

/// Makes an enum of a table: a kind with its fields, what it says in German and in English, and the commands to go on with.
macro_rules! sentences {
    ($(#[$about:meta])* $name:ident {
        $($kind:ident { $($field:ident: $type:ty),* } $german:literal, $english:literal $(, [$($word:expr),+])*;)*
    }) => {
        $(#[$about])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum $name {
            $(
                #[doc = $english]
                #[allow(missing_docs, reason = "the sentence says what each field is")]
                $kind { $($field: $type),* },
            )*
        }

        impl $name {
            /// Says it in a language: a sentence without capital and full stop.
            pub fn words(&self, language: $crate::language::Language) -> String {
                match self {
                    $(Self::$kind { $($field),* } => {
                        $(let $field = $crate::refusal::table::Said::said($field, language);)*
                        // Some fields only stand in commands.
                        $(let _ = &$field;)*
                        language.say(format!($german), format!($english))
                    })*
                }
            }

            /// Returns the commands to go on with.
            pub fn commands(&self) -> Vec<String> {
                match self {
                    $(Self::$kind { $($field),* } => {
                        $(let _ = $field;)*
                        vec![$($crate::command::line([$($word.to_string()),+])),*]
                    })*
                }
            }

            /// The table, for the test that reads it.
            #[cfg(test)]
            pub(crate) const SENTENCES: &[(&str, &str, &str)] = &[$((stringify!($kind), $german, $english)),*];
        }
    };
}

/// Makes such an enum, and a refusal of it.
macro_rules! refusals {
    ($(#[$about:meta])* $name:ident { $($table:tt)* }) => {
        $crate::refusal::table::sentences! { $(#[$about])* $name { $($table)* } }

        impl From<$name> for super::Refusal {
            fn from(refusal: $name) -> super::Refusal {
                super::Refusal::$name(refusal)
            }
        }
    };
}

pub(super) use refusals;
pub(crate) use sentences;
