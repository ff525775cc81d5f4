//! What rows say beside texts, days and bare counts, as the types that the program knows it by: words of the word tables, currencies.
//! A row with a word that the program does not know is no row: reading it fails, and the error names column and word.

use std::borrow::Cow;

use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::{Database, Decode, Encode, Type};

use crate::customer::Delivery;
use crate::fact::ActKind;
use crate::invoice::DocumentKind;
use crate::journal::{Canonical, Field, Kind};
use crate::ledger::{Account, BatchKind, ReceivableState};
use crate::letter::LetterKind;
use crate::money::Currency;
use crate::outbox::{LetterEvent, OutboxState};

/// Has types read from a text and written as one: what a word is of, the type, how it is found by its word, and what its word is.
macro_rules! texts {
    ($($what:literal $type:ty, $find:expr, $word:expr;)*) => { $(
        impl<D: Database> Type<D> for $type
        where
            String: Type<D>,
        {
            fn type_info() -> D::TypeInfo {
                String::type_info()
            }

            fn compatible(column: &D::TypeInfo) -> bool {
                String::compatible(column)
            }
        }

        impl<'r, D: Database> Decode<'r, D> for $type
        where
            &'r str: Decode<'r, D>,
        {
            fn decode(value: D::ValueRef<'r>) -> Result<Self, BoxDynError> {
                let word = <&str>::decode(value)?;
                $find(word).ok_or_else(|| format!("no {} is called `{word}`", $what).into())
            }
        }

        impl<'q, D: Database> Encode<'q, D> for $type
        where
            String: Encode<'q, D>,
        {
            fn encode_by_ref(&self, to: &mut D::ArgumentBuffer) -> Result<IsNull, BoxDynError> {
                $word(self).to_owned().encode(to)
            }
        }

        impl Canonical for $type {
            const KIND: Kind = Kind::Text;

            fn field(&self) -> Field<'_> {
                Field::Text(Cow::Borrowed($word(self)))
            }
        }
    )* };
}

/// The same for enums of words, which all name themselves alike.
macro_rules! words {
    ($($what:literal $type:ty;)*) => {
        texts! { $($what $type, <$type>::by_name, |word: &$type| word.name();)* }
    };
}

words! {
    "kind of act" ActKind;
    "account" Account;
    "kind of booking" BatchKind;
    "way of delivery" Delivery;
    "kind of document" DocumentKind;
    "outcome of a letter" LetterEvent;
    "kind of letter" LetterKind;
    "place in the outbox" OutboxState;
    "state of a receivable" ReceivableState;
}

texts! {
    "currency" Currency, |code: &str| code.parse().ok(), Currency::code;
}
