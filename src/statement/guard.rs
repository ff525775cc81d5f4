//! Bounds the memory that a hostile file can ask for: no single text or tag may be larger than any statement has.

use std::io::{self, BufRead, Read};

/// The largest distance between two `<`; a remittance of a megabyte still passes.
pub(super) const LONGEST: usize = 16 << 20;

/// What the guard says when a text or tag is too long.
pub(super) const TOO_LONG: &str = "a text or tag is too long";

/// A reader that fails when more than about [`LONGEST`] bytes pass without a `<`.
pub(super) struct Guard<R> {
    inner: R,
    /// Bytes of the buffer in hand that are not consumed yet.
    left: usize,
    /// Bytes since the last `<` at the end of the buffer in hand.
    since_tag: usize,
}

impl<R> Guard<R> {
    pub(super) fn new(inner: R) -> Self {
        Guard { inner, left: 0, since_tag: 0 }
    }
}

impl<R: BufRead> Read for Guard<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let n = available.len().min(to.len());
        to[..n].copy_from_slice(&available[..n]);
        self.consume(n);
        Ok(n)
    }
}

impl<R: BufRead> BufRead for Guard<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        let fresh = self.left == 0;
        let buffer = self.inner.fill_buf()?;
        if fresh {
            self.left = buffer.len();
            self.since_tag = match buffer.iter().rposition(|byte| *byte == b'<') {
                Some(at) => buffer.len() - at,
                None => self.since_tag + buffer.len(),
            };
            if self.since_tag > LONGEST {
                return Err(io::Error::other(TOO_LONG));
            }
        }
        Ok(buffer)
    }

    fn consume(&mut self, n: usize) {
        self.left -= n;
        self.inner.consume(n);
    }
}
