//! Numbers as people type them.

use rust_decimal::Decimal;

/// Reads a number with a point or a comma: `30`, `2.5`, `2,5`.
pub fn number(text: &str) -> Result<Decimal, String> {
    let parsed = text.trim().trim_end_matches('%').trim_end().replace(',', ".").parse::<Decimal>();
    parsed.map_err(|_| format!("`{text}` is no number such as 2.5"))
}

/// Reads a position with its quantity: `a=2.5`.
pub fn quantity(text: &str) -> Result<(String, Decimal), String> {
    let (id, quantity) = text.split_once('=').ok_or_else(|| format!("`{text}` is not ID=QTY, such as a=2.5"))?;
    Ok((id.trim().to_owned(), number(quantity)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_quantities_are_read_as_people_write_them() {
        let of = |text: &str| quantity(text).map(|(id, quantity)| format!("{id}|{quantity}"));
        for (text, read) in [("a=2", "a|2"), ("a = 2,5", "a|2.5"), ("b=0", "b|0")] {
            assert_eq!(of(text).as_deref(), Ok(read), "{text}");
        }
        for text in ["a", "a=", "a=viel", "2.5"] {
            assert!(of(text).is_err(), "{text}");
        }
        assert_eq!(number("30 %"), Ok(Decimal::from(30)));
    }
}
