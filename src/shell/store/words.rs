//! What rows say beside texts, days and bare counts, as the types that the program knows it by: words of the word tables, currencies, ids.
//! A row with a word that the program does not know is no row: reading it fails, and the error names column and word.

use std::borrow::Cow;

use serde::Serialize;
use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::{Database, Decode, Encode, Type};

use crate::customer::Delivery;
use crate::fact::{ActKind, SubjectKind, VerdictKind};
use crate::id::{
    ActId, BankAccountId, BankFileId, BatchId, BlobId, BookVersionId, ContractId, CustomerId, DecisionId, DocumentId,
    EntryId, LetterId, PaymentId, RevisionId, RunId, StatementId,
};
use crate::invoice::{DocumentKind, LinkKind};
use crate::journal::{Canonical, Field, Kind};
use crate::ledger::{Account, BatchKind, ReceivableState};
use crate::letter::LetterKind;
use crate::matching::{Because, HeldBecause, KeyKind};
use crate::money::{Amount, Currency};
use crate::outbox::{LetterEvent, OutboxState};
use crate::recurring::ContractKind;
use crate::statement::StatementKind;

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
    "kind of contract" ContractKind;
    "way of delivery" Delivery;
    "kind of document" DocumentKind;
    "outcome of a letter" LetterEvent;
    "kind of letter" LetterKind;
    "kind of link" LinkKind;
    "place in the outbox" OutboxState;
    "state of a receivable" ReceivableState;
    "kind of subject" SubjectKind;
    "kind of key" KeyKind;
    "kind of statement" StatementKind;
    "verdict" VerdictKind;
    "reason to hold a payment" HeldBecause;
    "reason to concern a customer" Because;
}

texts! {
    "currency" Currency, |code: &str| code.parse().ok(), Currency::code;
}

/// Has types read from a number and written as one: what makes it of the number, and the number of it.
macro_rules! numbers {
    ($($type:ty, $make:expr, $number:expr;)*) => { $(
        impl<D: Database> Type<D> for $type
        where
            i64: Type<D>,
        {
            fn type_info() -> D::TypeInfo {
                i64::type_info()
            }

            fn compatible(column: &D::TypeInfo) -> bool {
                i64::compatible(column)
            }
        }

        impl<'r, D: Database> Decode<'r, D> for $type
        where
            i64: Decode<'r, D>,
        {
            fn decode(value: D::ValueRef<'r>) -> Result<Self, BoxDynError> {
                i64::decode(value).map($make)
            }
        }

        impl<'q, D: Database> Encode<'q, D> for $type
        where
            i64: Encode<'q, D>,
        {
            fn encode_by_ref(&self, to: &mut D::ArgumentBuffer) -> Result<IsNull, BoxDynError> {
                $number(*self).encode(to)
            }
        }

        impl Canonical for $type {
            const KIND: Kind = Kind::Number;

            fn field(&self) -> Field<'_> {
                Field::Number($number(*self))
            }
        }
    )* };
}

/// The same for ids.
macro_rules! ids {
    ($($type:ty)*) => {
        numbers! { $($type, <$type>::from, <$type>::get;)* }
    };
}

ids! {
    ActId BankAccountId BankFileId BatchId BlobId BookVersionId ContractId CustomerId DecisionId DocumentId EntryId LetterId PaymentId
    RevisionId RunId StatementId
}

numbers! { Amount, Amount::from_minor, Amount::minor; }

/// Writes ids as JSON, which both engines take apart.
pub(super) fn json<'i, I: Serialize + 'i>(ids: impl IntoIterator<Item = &'i I>) -> String {
    serde_json::to_string(&ids.into_iter().collect::<Vec<_>>()).expect("ids are JSON")
}
