//! Writing XML: elements in order, escaped, indented; one without content is not written at all.

use quick_xml::escape::escape;

/// XML in the making.
pub(super) struct Xml {
    out: String,
    depth: usize,
}

/// Attributes: names and values.
type Attributes<'a> = &'a [(&'static str, &'a str)];

impl Xml {
    /// Writes a document with its root element.
    pub(super) fn document(root: &'static str, attributes: Attributes<'_>, content: impl FnOnce(&mut Xml)) -> String {
        let mut xml = Xml { out: String::with_capacity(8 * 1024), depth: 0 };
        xml.out.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        xml.open(root, attributes);
        xml.out.push('\n');
        content(&mut xml);
        xml.close(root);
        xml.out
    }

    /// Writes an element with elements in it; nothing where they come to nothing, because checkers refuse empty ones.
    pub(super) fn node(&mut self, name: &'static str, content: impl FnOnce(&mut Xml)) {
        let before = self.out.len();
        self.open(name, &[]);
        self.out.push('\n');
        let opened = self.out.len();
        content(self);
        if self.out.len() == opened {
            self.out.truncate(before);
            self.depth -= 1;
        } else {
            self.close(name);
        }
    }

    /// Writes an element with a text; nothing where there is none.
    pub(super) fn text(&mut self, name: &'static str, text: &str) {
        self.text_with(name, &[], text);
    }

    /// Writes an element with attributes and a text; nothing where there is no text.
    pub(super) fn text_with(&mut self, name: &'static str, attributes: Attributes<'_>, text: &str) {
        let text: String = text.chars().filter(|c| is_allowed(*c)).collect();
        if text.trim().is_empty() {
            return;
        }
        self.open(name, attributes);
        self.out.push_str(&escape(&text));
        self.depth -= 1;
        self.end(name);
    }

    /// Writes an element with a text that may not be there.
    pub(super) fn maybe(&mut self, name: &'static str, text: Option<&str>) {
        self.text(name, text.unwrap_or_default());
    }

    fn open(&mut self, name: &str, attributes: Attributes<'_>) {
        self.indent();
        self.out.push('<');
        self.out.push_str(name);
        for (attribute, value) in attributes {
            self.out.push_str(&format!(" {attribute}=\"{}\"", escape(*value)));
        }
        self.out.push('>');
        self.depth += 1;
    }

    fn close(&mut self, name: &str) {
        self.depth -= 1;
        self.indent();
        self.end(name);
    }

    fn end(&mut self, name: &str) {
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push_str(">\n");
    }

    fn indent(&mut self) {
        self.out.extend(std::iter::repeat_n(' ', 2 * self.depth));
    }
}

/// Tells whether XML 1.0 may hold a character; a carriage return would not come back as it was.
fn is_allowed(c: char) -> bool {
    matches!(c, '\t' | '\n') || (!c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_empty_is_written_and_everything_is_escaped() {
        let xml = Xml::document("a", &[("x", "1 \"2\"")], |xml| {
            xml.node("empty", |xml| xml.node("deeper", |xml| xml.text("b", " \u{1}")));
            xml.node("c", |xml| {
                xml.maybe("d", None);
                xml.text("e", "Müller & <Söhne>\u{0}\r\n");
            });
        });
        let expected = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a x=\"1 &quot;2&quot;\">\n  <c>\n    \
                        <e>Müller &amp; &lt;Söhne&gt;\n</e>\n  </c>\n</a>\n";
        assert_eq!(xml, expected);
    }
}
