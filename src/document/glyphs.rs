//! Which characters papers can show. A paper for the archive (PDF/A) must not hold one that its fonts do not have: it could not be made.

use typst::foundations::Bytes;
use typst::text::Font;

/// The characters of the embedded fonts.
#[derive(Debug)]
pub struct Glyphs {
    fonts: Vec<Font>,
}

impl Glyphs {
    /// Reads them out of the fonts that all papers use.
    pub fn of_papers() -> Glyphs {
        Glyphs { fonts: fonts() }
    }

    /// Returns the first character of a text that one of the fonts does not have.
    pub fn missing(&self, text: &str) -> Option<char> {
        text.chars().find(|c| !c.is_control() && !is_invisible(*c) && !self.has(*c))
    }

    fn has(&self, c: char) -> bool {
        self.fonts.iter().all(|font| font.info().coverage.contains(u32::from(c)))
    }
}

/// Opens the embedded fonts.
pub(super) fn fonts() -> Vec<Font> {
    let files = [notosans::REGULAR_TTF, notosans::BOLD_TTF, notosans::ITALIC_TTF, notosans::BOLD_ITALIC_TTF];
    files.into_iter().filter_map(|file| Font::new(Bytes::new(file), 0)).collect()
}

/// Tells whether a character is drawn as nothing: what joins, separates or directs others.
const fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
    )
}
