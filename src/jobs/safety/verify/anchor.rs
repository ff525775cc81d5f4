//! A place in the journal that the owner noted down: `18233:9f2c…`.

/// A place in the journal that the owner noted down: what the weekly summary ends with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchor {
    /// The line.
    pub seq: i64,
    /// The hash of the chain up to it.
    pub hash: String,
}

/// The text is no place in the journal.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no place in the journal (expected what a summary ends with, such as 18233:9f2c…, with 64 digits)")]
pub struct NotAnAnchor(String);

impl std::str::FromStr for Anchor {
    type Err = NotAnAnchor;

    fn from_str(text: &str) -> Result<Self, NotAnAnchor> {
        let wrong = || NotAnAnchor(text.to_owned());
        let (seq, hash) = text.split_once(':').ok_or_else(wrong)?;
        let seq = seq.parse().ok().filter(|seq| *seq >= 0).ok_or_else(wrong)?;
        let is_hash = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        if is_hash { Ok(Anchor { seq, hash: hash.to_ascii_lowercase() }) } else { Err(wrong()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_anchor_is_a_place_and_a_whole_hash() {
        let hash = "9f2c".repeat(16);
        assert_eq!(format!("12:{hash}").parse(), Ok(Anchor { seq: 12, hash: hash.clone() }));
        for wrong in [hash.clone(), "12:9f2c".to_owned(), format!("-1:{hash}"), format!("12:{}", "z".repeat(64))] {
            assert!(wrong.parse::<Anchor>().is_err(), "{wrong}");
        }
    }
}
