//! A mail's content as blocks, and how they are written as plain text and as HTML.
//!
//! Templates yield plain text; [`Page::of_text`] finds its blocks: paragraphs are parted by empty lines, lines that begin with
//! two blanks are the rows of a table, their columns parted by two blanks or more. So text and HTML can never say different
//! things.

use unicode_width::UnicodeWidthStr;

use crate::command::Program;
use crate::language::Language;
use crate::question::Question;

/// The content of a mail.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    /// The blocks from top to bottom.
    pub blocks: Vec<Block>,
}

/// A block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// Running text; line ends are kept.
    Paragraph(String),
    /// A heading.
    Heading(String),
    /// Rows of a label and an amount, the sum last; the last column stands right.
    Rows(Vec<Vec<String>>),
    /// Rows that are all alike; the last column stands right.
    Table(Vec<Vec<String>>),
    /// Something to do: what, and the command that does it.
    Todo {
        /// What it is about.
        text: String,
        /// The commands.
        commands: Vec<String>,
    },
    /// Amounts as bars.
    Bars(Vec<Bar>),
    /// Small print.
    Small(String),
}

impl Block {
    /// Puts a question to the owner.
    pub fn todo(question: &Question, language: Language) -> Block {
        Block::Todo { text: question.words(language), commands: question.commands() }
    }
}

/// A bar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    /// What it stands for.
    pub label: String,
    /// The amount, as text.
    pub value: String,
    /// How many.
    pub count: String,
    /// Its length in parts of a hundred of the longest.
    pub length: u32,
}

/// The width of plain text.
const WIDTH: usize = 78;

impl Page {
    /// Finds the blocks of a template's text.
    pub fn of_text(text: &str) -> Page {
        let mut blocks: Vec<Block> = Vec::new();
        let mut paragraph: Vec<&str> = Vec::new();
        let mut rows: Vec<Vec<String>> = Vec::new();
        for line in text.lines().chain([""]) {
            let is_row = line.starts_with("  ") && !line.trim().is_empty();
            if !is_row && !rows.is_empty() {
                blocks.push(Block::Rows(std::mem::take(&mut rows)));
            }
            if is_row || line.trim().is_empty() {
                if !paragraph.is_empty() {
                    blocks.push(Block::Paragraph(paragraph.join("\n")));
                    paragraph.clear();
                }
            } else {
                paragraph.push(line.trim_end());
            }
            if is_row {
                rows.push(columns(line));
            }
        }
        Page { blocks }
    }

    /// Puts into the commands of a mail to the owner where the configuration lies.
    pub fn spelled(mut self, program: &Program) -> Page {
        for block in &mut self.blocks {
            match block {
                Block::Paragraph(words) | Block::Small(words) | Block::Heading(words) => *words = program.spell(words),
                Block::Todo { text, commands } => {
                    *text = program.spell(text);
                    *commands = program.spell_all(commands);
                }
                // Names and amounts.
                Block::Rows(_) | Block::Table(_) | Block::Bars(_) => {}
            }
        }
        self
    }

    /// Writes plain text.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for block in &self.blocks {
            if !text.is_empty() {
                text.push('\n');
            }
            match block {
                Block::Paragraph(words) | Block::Small(words) => {
                    words.lines().for_each(|line| wrap(&mut text, line, "", ""))
                }
                Block::Heading(words) => text.push_str(&format!("{words}\n{}\n", "-".repeat(words.width()))),
                Block::Rows(rows) | Block::Table(rows) => text.push_str(&aligned(rows)),
                Block::Todo { text: words, commands } => {
                    wrap(&mut text, words, "· ", "  ");
                    commands.iter().for_each(|command| text.push_str(&format!("    {command}\n")));
                }
                Block::Bars(bars) => text.push_str(&text_bars(bars)),
            }
        }
        text
    }

    /// Writes HTML: one column, no remote content, bars made of table cells, readable at any width.
    pub fn html(&self, title: &str, language: &str) -> String {
        let mut body = String::new();
        for block in &self.blocks {
            match block {
                Block::Paragraph(words) => body.push_str(&format!("<p style=\"margin:0 0 14px\">{}</p>\n", lines(words))),
                Block::Small(words) => {
                    body.push_str(&format!("<p style=\"margin:18px 0 0;font-size:12px;color:#6b7280\">{}</p>\n", lines(words)));
                }
                Block::Heading(words) => body.push_str(&format!(
                    "<h2 style=\"margin:24px 0 10px;font-size:16px;border-bottom:1px solid #e5e7eb;padding-bottom:4px\">{}</h2>\n",
                    escape(words)
                )),
                Block::Rows(rows) => body.push_str(&html_rows(rows, rows.len().saturating_sub(1))),
                Block::Table(rows) => body.push_str(&html_rows(rows, rows.len())),
                Block::Todo { text, commands } => {
                    body.push_str("<div style=\"margin:0 0 12px;padding:10px 12px;background:#f6f8fa;border-left:3px solid #1f4e5f\">");
                    body.push_str(&lines(text));
                    for command in commands {
                        body.push_str(&format!(
                            "<br><code style=\"font-size:13px;word-break:break-word\">{}</code>",
                            escape(command)
                        ));
                    }
                    body.push_str("</div>\n");
                }
                Block::Bars(bars) => body.push_str(&html_bars(bars)),
            }
        }
        format!(
            "<!doctype html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{}</title>\n</head>\n\
             <body style=\"margin:0;padding:16px;background:#ffffff\">\n\
             <div style=\"max-width:640px;margin:0 auto;font:15px/1.5 -apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;color:#1f2937\">\n\
             {body}</div>\n</body>\n</html>\n",
            escape(title)
        )
    }
}

/// Splits a row at two blanks or more.
fn columns(line: &str) -> Vec<String> {
    line.trim().split("  ").map(str::trim).filter(|column| !column.is_empty()).map(str::to_owned).collect()
}

/// Writes rows with their columns under each other, the last one to the right.
fn aligned(rows: &[Vec<String>]) -> String {
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        rows.iter().filter(|row| row.len() > 1).filter_map(|row| row.get(column)).map(|c| c.width()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..count).map(width).collect();
    let mut text = String::new();
    for row in rows {
        let mut line = String::from(" ");
        for (column, cell) in row.iter().enumerate() {
            let space = widths[column].saturating_sub(cell.width());
            let right = column > 0 && column + 1 == count;
            let (before, after) = if right { (space, 0) } else { (0, space) };
            line.push_str(&format!(" {}{cell}{}", " ".repeat(before), " ".repeat(after)));
            if column + 1 < row.len() {
                line.push(' ');
            }
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// Breaks a line at blanks to the width of a mail; the first line begins with `first`, the others with `next`.
pub fn wrap(to: &mut String, line: &str, first: &str, next: &str) {
    let mut current = first.to_owned();
    let mut empty = true;
    for word in line.split(' ') {
        if !empty && current.width() + 1 + word.width() > WIDTH {
            to.push_str(current.trim_end());
            to.push('\n');
            current = next.to_owned();
            empty = true;
        }
        if !empty {
            current.push(' ');
        }
        current.push_str(word);
        empty = false;
    }
    to.push_str(current.trim_end());
    to.push('\n');
}

fn text_bars(bars: &[Bar]) -> String {
    const LONGEST: u32 = 24;
    let width = |part: fn(&Bar) -> &str| bars.iter().map(|bar| part(bar).width()).max().unwrap_or(0);
    let (labels, values, counts) = (width(|b| &b.label), width(|b| &b.value), width(|b| &b.count));
    let mut text = String::new();
    for bar in bars {
        let pad = |part: &str, to: usize| " ".repeat(to.saturating_sub(part.width()));
        let blocks = (bar.length * LONGEST).div_ceil(100);
        let line = format!(
            "  {}{}  {}{}  {}{}  {}",
            bar.label,
            pad(&bar.label, labels),
            pad(&bar.value, values),
            bar.value,
            pad(&bar.count, counts),
            bar.count,
            "█".repeat(blocks as usize)
        );
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

fn html_bars(bars: &[Bar]) -> String {
    let mut html = String::from(
        "<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" style=\"margin:0 0 14px\">\n",
    );
    for bar in bars {
        html.push_str(&format!(
            "<tr><td style=\"padding:5px 8px 0 0\">{}</td><td align=\"right\" style=\"padding:5px 0 0 8px;white-space:nowrap\"><b>{}</b> \
             <span style=\"color:#6b7280\">· {}</span></td></tr>\n",
            escape(&bar.label), escape(&bar.value), escape(&bar.count)
        ));
        let rest = 100 - bar.length.min(100);
        let cell = |width: u32, colour: &str| {
            if width == 0 {
                String::new()
            } else {
                format!(
                    "<td width=\"{width}%\" height=\"8\" style=\"height:8px;font-size:1px;line-height:8px;background:{colour}\">&nbsp;</td>"
                )
            }
        };
        html.push_str(&format!(
            "<tr><td colspan=\"2\" style=\"padding:2px 0 4px\"><table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\"><tr>{}{}</tr></table></td></tr>\n",
            cell(bar.length.min(100), "#1f4e5f"), cell(rest, "#e5e7eb")
        ));
    }
    html.push_str("</table>\n");
    html
}

/// Writes rows; that at the place `sum` is the sum of those above.
fn html_rows(rows: &[Vec<String>], sum: usize) -> String {
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    let mut html = String::from(
        "<table role=\"presentation\" cellpadding=\"0\" cellspacing=\"0\" style=\"margin:0 0 14px;max-width:100%\">\n",
    );
    for (place, row) in rows.iter().enumerate() {
        let strong = place == sum && place > 0 && row.last().is_some_and(|cell| is_amount(cell));
        html.push_str("<tr>");
        for (column, cell) in row.iter().enumerate() {
            let last = column + 1 == row.len();
            let span =
                if last && row.len() < count { format!(" colspan=\"{}\"", count - column) } else { String::new() };
            let right = last && column > 0;
            let align = if right { " align=\"right\"" } else { "" };
            let wrap = if right && is_kept_whole(cell) { "white-space:nowrap;" } else { "overflow-wrap:break-word;" };
            let gap = if last { "0" } else { "14px" };
            let weight = if strong { "font-weight:bold;border-top:1px solid #9ca3af;" } else { "" };
            html.push_str(&format!(
                "<td{span}{align} style=\"padding:3px {gap} 3px 0;vertical-align:top;{wrap}{weight}\">{}</td>",
                escape(cell)
            ));
        }
        html.push_str("</tr>\n");
    }
    html.push_str("</table>\n");
    html
}

/// Tells whether a cell is an amount, with its currency before it or behind.
fn is_amount(cell: &str) -> bool {
    let is_code = |word: &str| word.len() == 3 && word.bytes().all(|byte| byte.is_ascii_uppercase());
    let number = cell.split_once(' ').filter(|(word, _)| is_code(word)).map_or(cell, |(_, number)| number);
    number.starts_with(['-', '−']) || number.starts_with(char::is_numeric)
}

/// Tells whether a value stays on one line, as an amount does. An IBAN breaks between its groups where the window is narrow.
fn is_kept_whole(cell: &str) -> bool {
    cell.width() <= 16
}

fn lines(words: &str) -> String {
    escape(words).replace('\n', "<br>\n")
}

/// Escapes text for HTML: what a customer or a bank writes stays text (fault 29).
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// At 320 pixels, 288 of them between the margins, the widest things that do not break stand beside each other: the words of labels and
    /// the groups of an IBAN or a reference break apart, amounts do not.
    #[test]
    fn rows_fit_a_narrow_window() {
        let rows =
            [["Empfänger", "Muster IT GmbH"], ["IBAN", "DE02 1203 0000 0000 2020 51"], ["Zu zahlen", "12.199,38 EUR"]];
        let rows: Vec<Vec<String>> = rows.iter().map(|row| row.map(str::to_owned).to_vec()).collect();
        let html = html_rows(&rows, 2);
        let kept: Vec<&str> = html.split("<td").filter(|cell| cell.contains("nowrap")).collect();
        assert!(
            kept.iter().any(|cell| cell.contains("12.199,38 EUR")) && kept.iter().all(|cell| !cell.contains("DE02"))
        );
        assert!(html.contains("border-top:1px solid #9ca3af;\">12.199,38 EUR"), "{html}");
        // A reference at the end is no sum.
        let pay = [["IBAN", "DE02 1203 0000 0000 2020 51"], ["Verwendungszweck", "RF66 MA20 2600 05"]];
        let pay: Vec<Vec<String>> = pay.iter().map(|row| row.map(str::to_owned).to_vec()).collect();
        assert!(!html_rows(&pay, 1).contains("bold"));
    }

    #[test]
    fn a_template_text_becomes_blocks() {
        let page = Page::of_text(
            "Guten Tag,\n\nzu zahlen sind:\n\n  Betrag   1.190,00 EUR\n  Zu zahlen  1.190,00 EUR\n\nDanke\nMuster\n",
        );
        assert_eq!(page.blocks.len(), 4);
        assert_eq!(
            page.blocks[2],
            Block::Rows(vec![
                vec!["Betrag".into(), "1.190,00 EUR".into()],
                vec!["Zu zahlen".into(), "1.190,00 EUR".into()]
            ])
        );
        assert_eq!(
            page.text(),
            "Guten Tag,\n\nzu zahlen sind:\n\n  Betrag     1.190,00 EUR\n  Zu zahlen  1.190,00 EUR\n\nDanke\nMuster\n"
        );
    }

    #[test]
    fn html_says_the_same_and_escapes() {
        let page = Page::of_text("<b>&\n\n  a  1\n");
        let html = page.html("T", "de");
        assert!(
            html.contains("&lt;b&gt;&amp;") && html.contains("<td align=\"right\"") && !html.contains("http"),
            "{html}"
        );
    }

    #[test]
    fn long_lines_are_wrapped() {
        let page =
            Page { blocks: vec![Block::Todo { text: "wort ".repeat(30), commands: vec!["settled status".into()] }] };
        assert!(page.text().lines().all(|line| line.width() <= WIDTH));
        assert!(page.text().ends_with("    settled status\n"));
    }
}
