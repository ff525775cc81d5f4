//! How an exact number is read from a file: in quotes (`"49.90"`) or whole (`50`), never as a binary fraction.
//!
//! For `#[serde(with = "money::decimal")]`; [`option`] for a number that may be absent.

use std::fmt;

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serializer, de};

struct Exact;

impl de::Visitor<'_> for Exact {
    type Value = Decimal;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an exact number in quotes such as \"49.90\"")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Decimal, E> {
        Decimal::from_str_exact(text.trim())
            .map_err(|_| E::custom(format!("`{text}` is not a number such as \"49.90\"")))
    }

    fn visit_i64<E: de::Error>(self, whole: i64) -> Result<Decimal, E> {
        Ok(Decimal::from(whole))
    }

    fn visit_u64<E: de::Error>(self, whole: u64) -> Result<Decimal, E> {
        Ok(Decimal::from(whole))
    }
}

/// Reads a number.
///
/// # Errors
/// When it is no number, or a binary fraction.
pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Decimal, D::Error> {
    from.deserialize_any(Exact)
}

/// Writes a number in quotes.
///
/// # Errors
/// When the writer fails.
pub fn serialize<S: Serializer>(number: &Decimal, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(number)
}

/// The same for a number that may be absent.
pub mod option {
    use super::{Decimal, Deserialize, Deserializer, Serializer};

    /// Reads a number.
    ///
    /// # Errors
    /// As [`super::deserialize`].
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Decimal>, D::Error> {
        #[derive(Deserialize)]
        struct Number(#[serde(with = "super")] Decimal);
        Ok(Option::<Number>::deserialize(from)?.map(|number| number.0))
    }

    /// Writes a number, or nothing.
    ///
    /// # Errors
    /// When the writer fails.
    pub fn serialize<S: Serializer>(number: &Option<Decimal>, to: S) -> Result<S::Ok, S::Error> {
        match number {
            Some(number) => super::serialize(number, to),
            None => to.serialize_none(),
        }
    }
}
