//! Which dialect bytes are in, and whose reader they go to.

use std::io::BufRead;

use super::decode::Charset;
use super::model::{Message, ReadError, Sink};
use super::{camt, foreign, mt940};

/// Reads one document, handing entries and statements to `sink` as they come.
///
/// # Errors
/// When it is no statement, not well-formed, hostile, or the bytes are not text in that encoding ([`ReadError::Encoding`]:
/// the caller may read them again as [`Charset::Recovered`]).
pub fn read(mut bytes: impl BufRead, charset: Charset, sink: &mut dyn Sink) -> Result<Message, ReadError> {
    let first = bytes.fill_buf().map_err(|cause| ReadError::Io(cause.to_string()))?;
    if mt940::is_mt940(first) {
        return mt940::read(bytes, sink);
    }
    match foreign::what_it_is(first) {
        Some(what) => Err(what.error()),
        None => camt::read(bytes, charset, sink),
    }
}
