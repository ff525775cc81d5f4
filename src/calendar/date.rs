//! How a day is read from a file: a TOML date (`2026-01-31`) or the same in quotes; written in quotes (`2026-01-31`).
//!
//! For `#[serde(with = "calendar::date")]`; [`option`] for a day that may be absent.

use chrono::NaiveDate;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Either form in which a file may give a day.
#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Toml(toml::value::Datetime),
    Text(String),
}

fn read<E: de::Error>(written: Written) -> Result<NaiveDate, E> {
    let text = match written {
        Written::Toml(date) => date.to_string(),
        Written::Text(text) => text,
    };
    text.parse().map_err(|_| E::custom(format!("`{text}` is not a day such as 2026-01-31")))
}

/// Reads a day.
///
/// # Errors
/// When it is neither a TOML date nor a text such as `2026-01-31`.
pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<NaiveDate, D::Error> {
    let written = Written::deserialize(from).map_err(|_| de::Error::custom("expected a day such as 2026-01-31"))?;
    read(written)
}

/// Writes a day as `2026-01-31`.
///
/// # Errors
/// When the writer fails.
pub fn serialize<S: Serializer>(day: &NaiveDate, to: S) -> Result<S::Ok, S::Error> {
    day.serialize(to)
}

/// The same for a day that may be absent.
pub mod option {
    use super::{Deserialize, Deserializer, NaiveDate, Serialize, Serializer};

    /// Reads a day.
    ///
    /// # Errors
    /// As [`super::deserialize`].
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<NaiveDate>, D::Error> {
        #[derive(Deserialize)]
        struct Day(#[serde(with = "super")] NaiveDate);
        Ok(Option::<Day>::deserialize(from)?.map(|day| day.0))
    }

    /// Writes a day, or nothing.
    ///
    /// # Errors
    /// When the writer fails.
    pub fn serialize<S: Serializer>(day: &Option<NaiveDate>, to: S) -> Result<S::Ok, S::Error> {
        day.serialize(to)
    }
}
