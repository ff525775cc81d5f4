//! Reading camt.052, camt.053 and camt.054 in every version, by the names of their elements.
//!
//! Schema validity is not demanded: two in five files in circulation break their own schema. Whatever the prefix, with or
//! without namespace, inside an envelope or not, elements are known by their local names and their place.

mod assemble;
mod element;
mod parser;

use std::io::{self, BufRead};

use quick_xml::Reader;
use quick_xml::errors::{IllFormedError, SyntaxError};
use quick_xml::events::Event;

use self::element::El;
use self::parser::Parser;
use super::decode::Charset;
use super::guard::{Guard, LONGEST, TOO_LONG};
use super::model::{Form, Message, ReadError, Sink};

/// The most bytes of an entry, or of what stands before the first. A batch with fifty thousand details has fewer.
const LARGEST_PIECE: u64 = 64 << 20;

/// The deepest nesting that is read; a statement has some fifteen levels, an envelope a few more.
const DEEPEST: usize = 64;

/// Reads one XML document, handing entries and statements to `sink` as they come.
///
/// # Errors
/// When it is no statement, not well-formed, hostile, or the bytes are not text in that encoding ([`ReadError::Encoding`]:
/// the caller may read them again as [`Charset::Recovered`]).
pub(super) fn read(bytes: impl BufRead, charset: Charset, sink: &mut dyn Sink) -> Result<Message, ReadError> {
    let mut message = match charset {
        Charset::Utf8 => parse(Guard::new(bytes), sink)?,
        other @ (Charset::Declared(_) | Charset::Recovered) => parse(Guard::new(other.reader(bytes)), sink)?,
    };
    if let Some(encoding) = charset.recovered() {
        message.recovered_encoding = Some(encoding);
        message.warnings.insert(0, format!("not text in its encoding; read as {encoding}"));
    }
    Ok(message)
}

fn parse(bytes: impl BufRead, sink: &mut dyn Sink) -> Result<Message, ReadError> {
    let mut xml = Reader::from_reader(bytes);
    let mut buffer = Vec::with_capacity(4096);
    let mut parser = Parser::new(sink);
    let mut nothing_yet = true;
    // What is kept in memory goes with each entry that is handed out.
    let (mut handed_out, mut since) = (0, 0);
    loop {
        buffer.clear();
        if parser.handed_out() != handed_out {
            (handed_out, since) = (parser.handed_out(), xml.buffer_position());
        } else if xml.buffer_position() - since > LARGEST_PIECE {
            return Err(ReadError::TooLong(usize::try_from(LARGEST_PIECE).unwrap_or(usize::MAX)));
        }
        let event = match xml.read_event_into(&mut buffer) {
            Ok(event) => event,
            Err(error) => return Err(because(&error, xml.error_position())),
        };
        match event {
            Event::Start(start) => {
                nothing_yet = false;
                parser.open(El::of(start.local_name().as_ref()), &start);
                if parser.depth() > DEEPEST {
                    return Err(ReadError::TooDeep(DEEPEST));
                }
            }
            Event::End(_) => parser.close()?,
            Event::Empty(start) => {
                nothing_yet = false;
                parser.open(El::of(start.local_name().as_ref()), &start);
                parser.close()?;
            }
            Event::Text(text) => parser.text(&text),
            Event::CData(text) => parser.text(&text),
            Event::GeneralRef(reference) => match reference.resolve_char_ref() {
                Ok(Some(character)) => parser.text(character.encode_utf8(&mut [0; 4])),
                Ok(None) => parser.text(match &*reference {
                    "amp" => "&",
                    "lt" => "<",
                    "gt" => ">",
                    "apos" => "'",
                    "quot" => "\"",
                    // Without a document type declaration no other entity can exist.
                    other => {
                        return Err(ReadError::Malformed {
                            at: xml.buffer_position(),
                            why: format!("unknown entity &{other};"),
                        });
                    }
                }),
                Err(error) => return Err(because(&error, xml.buffer_position())),
            },
            Event::DocType(_) => return Err(ReadError::Doctype),
            Event::Eof if nothing_yet => {
                return Err(if xml.buffer_position() == 0 {
                    ReadError::Empty
                } else {
                    ReadError::OtherForm(Form::NoXml)
                });
            }
            Event::Eof if parser.depth() > 0 => {
                return Err(ReadError::Unfinished("elements are still open".to_owned()));
            }
            Event::Eof => return parser.finish(),
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
        }
    }
}

/// Tells why the XML reader stopped: unfinished files are tried again, all others are refused.
#[expect(clippy::wildcard_enum_match_arm, reason = "all else that the crate finds wrong is malformed")]
fn because(error: &quick_xml::Error, at: u64) -> ReadError {
    use quick_xml::Error;
    let unfinished = || ReadError::Unfinished(error.to_string());
    match error {
        Error::Io(cause) if cause.to_string() == TOO_LONG => ReadError::TooLong(LONGEST),
        Error::Io(cause) if cause.kind() == io::ErrorKind::UnexpectedEof => unfinished(),
        Error::Io(cause) => ReadError::Io(cause.to_string()),
        Error::Encoding(_) => ReadError::Encoding { at },
        Error::IllFormed(IllFormedError::MissingEndTag(_) | IllFormedError::UnclosedReference) => unfinished(),
        // All others say that the end came too soon.
        Error::Syntax(syntax) if *syntax != SyntaxError::InvalidBangMarkup => unfinished(),
        _ => ReadError::Malformed { at, why: error.to_string() },
    }
}
