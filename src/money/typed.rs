//! How a person types an amount: `119,00`, `119.00`, `1.190,00`, `1'190.00`.

use super::amount::{Amount, NotAnAmount};
use super::currency::Currency;

impl Amount {
    /// Reads an amount as people write it, with a comma or a point before the decimals, and with thousands set apart or not.
    ///
    /// # Errors
    /// When it is no amount of the currency. When it can be two: of `1.190` nobody knows whether it is a thousand or one.
    pub fn typed(text: &str, currency: Currency) -> Result<Amount, NotAnAmount> {
        let no_amount = || NotAnAmount::Syntax(text.to_owned());
        let exact = |plain: &str| Amount::parse(plain, currency).map_err(|error| error.of(text));
        // Blanks and both kinds of apostrophe only set thousands apart.
        let apart = |c: char| if c.is_whitespace() || c == '’' { '\'' } else { c };
        let bare: String = text.trim().chars().map(apart).collect();
        let (sign, digits) = match bare.strip_prefix('-') {
            Some(rest) => ("-", rest),
            None => ("", bare.strip_prefix('+').unwrap_or(&bare)),
        };
        if !digits.starts_with(|c: char| c.is_ascii_digit()) || !digits.ends_with(|c: char| c.is_ascii_digit()) {
            return Err(no_amount());
        }
        let marks: Vec<char> = digits.chars().filter(|c| !c.is_ascii_digit()).collect();
        // Whole thousands behind a mark.
        let whole = |mark: char, text: &str| {
            let mut groups = text.split(mark);
            let first = groups.next().unwrap_or_default();
            ((1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3)).then(|| text.replace(mark, ""))
        };
        let plain = match marks[..] {
            [] => digits.to_owned(),
            [mark @ ('.' | ',')] => {
                let (before, behind) = digits.split_once(mark).unwrap_or((digits, ""));
                let decimal = format!("{sign}{before}.{behind}");
                if behind.len() == 3 && (1..=3).contains(&before.len()) && !before.starts_with('0') {
                    return Err(NotAnAmount::Ambiguous(text.to_owned(), format!("{sign}{before}{behind}"), decimal));
                }
                return exact(&decimal);
            }
            [.., last] if marks[..marks.len() - 1].iter().all(|mark| *mark == marks[0]) && "'.,".contains(marks[0]) => {
                let thousands = marks[0];
                if last == thousands {
                    whole(thousands, digits).ok_or_else(no_amount)?
                } else if last == '\'' {
                    return Err(no_amount());
                } else {
                    let (before, behind) = digits.rsplit_once(last).unwrap_or((digits, ""));
                    format!("{}.{behind}", whole(thousands, before).ok_or_else(no_amount)?)
                }
            }
            _ => return Err(no_amount()),
        };
        exact(&format!("{sign}{plain}"))
    }
}

impl NotAnAmount {
    /// Says the same of what was typed.
    fn of(self, text: &str) -> NotAnAmount {
        match self {
            NotAnAmount::Syntax(_) | NotAnAmount::Ambiguous(..) => NotAnAmount::Syntax(text.to_owned()),
            NotAnAmount::Decimals(_, currency) => NotAnAmount::Decimals(text.to_owned(), currency),
            NotAnAmount::TooLarge(_) => NotAnAmount::TooLarge(text.to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_read_as_people_write_it() {
        let table = [
            ("119", "119.00"),
            ("119,00", "119.00"),
            ("119.00", "119.00"),
            ("119,5", "119.50"),
            ("-12,5", "-12.50"),
            ("+5", "5.00"),
            ("1.190,00", "1190.00"),
            ("1,190.00", "1190.00"),
            ("1'190.00", "1190.00"),
            ("1’190.00", "1190.00"),
            ("1'190", "1190.00"),
            ("1 190,00", "1190.00"),
            ("1.190.000", "1190000.00"),
            ("1.190.000,50", "1190000.50"),
            ("1190,00", "1190.00"),
            ("0.119", "`0.119` has more decimals than EUR has"),
            ("1.190", "`1.190` may be 1190 or 1.190; write the one that is meant with two decimals"),
            ("1,190", "`1,190` may be 1190 or 1.190; write the one that is meant with two decimals"),
            ("-1.195", "`-1.195` may be -1195 or -1.195; write the one that is meant with two decimals"),
            ("1190.005", "`1190.005` has more decimals than EUR has"),
        ];
        for (text, expected) in table {
            let read = Amount::typed(text, Currency::EUR);
            let read = read.map_or_else(|error| error.to_string(), |amount| amount.plain(Currency::EUR));
            assert_eq!(read, expected, "{text}");
        }
        let none = [
            "",
            "x",
            "1,19,00",
            "1.19,00",
            "1,190,00.5",
            "1.190,00,5",
            ",50",
            "50,",
            "1'190'5",
            "1.190'000",
            "--5",
            "119 00",
            "1e3",
            "5 EUR",
        ];
        for text in none {
            assert_eq!(Amount::typed(text, Currency::EUR), Err(NotAnAmount::Syntax(text.to_owned())), "{text}");
        }
    }
}
