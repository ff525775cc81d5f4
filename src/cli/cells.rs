//! What stands in the cells of a table: texts that fit.

/// Cuts a text that is longer than a line has room for. A word with a digit in it, such as a number or an amount, is left out whole: half
/// of it would be another one.
pub fn shortened(text: &str, length: usize) -> String {
    if text.chars().count() <= length {
        return text.to_owned();
    }
    let kept: String = text.chars().take(length.saturating_sub(1)).collect();
    let word = kept.rfind(char::is_whitespace).map_or(0, |blank| blank + 1);
    let is_cut = text[kept.len()..].starts_with(|c: char| !c.is_whitespace());
    let whole = text[word..].split(char::is_whitespace).next().unwrap_or_default();
    let kept = if is_cut && whole.contains(|c: char| c.is_ascii_digit()) { &kept[..word] } else { &kept };
    format!("{}…", kept.trim_end())
}

/// How many blanks stand between the columns of a table, and how little is left of a column of texts, for as long as that fits.
const STEPS: [(usize, usize); 3] = [(2, 12), (2, 6), (1, 6)];

/// Makes rows fit a width, by cutting the texts in the columns that hold such: the longest first, then by setting the columns closer. Numbers
/// and amounts stay whole, so a table with many of them may be wider. Returns how many blanks stand between columns.
pub fn fit(rows: &mut [Vec<String>], texts: &[usize], width: usize) -> usize {
    let columns = rows.first().map_or(0, Vec::len);
    let longest = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let mut widths: Vec<usize> = (0..columns).map(longest).collect();
    let mut between = BETWEEN;
    for (blanks, least) in STEPS {
        between = blanks;
        let whole = |widths: &[usize]| widths.iter().sum::<usize>() + blanks * columns.saturating_sub(1);
        while whole(&widths) > width {
            let widest =
                texts.iter().copied().filter(|column| widths[*column] > least).max_by_key(|column| widths[*column]);
            let Some(widest) = widest else { break };
            widths[widest] -= 1;
        }
        if whole(&widths) <= width {
            break;
        }
    }
    for row in rows {
        for column in texts {
            row[*column] = shortened(&row[*column], widths[*column]);
        }
    }
    between
}

/// The columns of a table stand two blanks apart where there is room.
pub const BETWEEN: usize = 2;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_and_a_number_in_it_is_left_out_whole() {
        for (text, length, expected) in [
            ("Becker GmbH", 11, "Becker GmbH"),
            ("Becker GmbH & Co. KG", 12, "Becker GmbH…"),
            ("Physiotherapiezentrum", 12, "Physiothera…"),
            ("waits: looks like RE-2026-0073 of Becker", 24, "waits: looks like…"),
            ("RE-2026-0001, RE-2026-0002", 20, "RE-2026-0001,…"),
            ("RE-2026-0001", 8, "…"),
        ] {
            assert_eq!(shortened(text, length), expected, "{text} in {length}");
        }
    }

    #[test]
    fn a_table_fits_its_width_by_its_texts_alone() {
        let row = |cells: [&str; 4]| cells.map(str::to_owned).to_vec();
        let table = [
            row(["invoice", "customer", "amount", "state"]),
            row(["RE-2026-0001", "Physiotherapie am Stadtpark GmbH", "1,190.00 EUR", "overdue for 12 days, dunning 1"]),
        ];
        let at = |width: usize| {
            let mut rows = table.to_vec();
            fit(&mut rows, &[1, 3], width);
            rows.pop().unwrap()
        };
        assert_eq!(at(200), table[1]);
        assert_eq!(
            at(80),
            row(["RE-2026-0001", "Physiotherapie am Stadtp…", "1,190.00 EUR", "overdue for 12 days, dun…"])
        );
        // Texts give way further before columns stand closer.
        assert_eq!(at(56), row(["RE-2026-0001", "Physiotherap…", "1,190.00 EUR", "overdue for…"]));
        let narrow = at(20);
        assert_eq!((narrow[0].as_str(), narrow[2].as_str()), ("RE-2026-0001", "1,190.00 EUR"));
        for width in 42..120 {
            let cells: usize = at(width).iter().map(|cell| cell.chars().count()).sum();
            assert!(cells + 6 <= width, "{width}");
        }
    }
}
