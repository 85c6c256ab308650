//! Where a body in chunks ends.

/// How far the chunks of a body have come.
#[derive(Debug, Default)]
pub(super) struct Chunks {
    next: Next,
    /// What is left of a chunk, or its size as far as it is read.
    size: u64,
}

/// What comes next. The steps are those of actix's reader, which takes the same bytes.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Next {
    #[default]
    Size,
    MoreOfSize,
    Blank,
    Extension,
    SizeLf,
    Data,
    DataCr,
    DataLf,
    EndCr,
    EndLf,
    Trailer,
    TrailerLf,
    Nothing,
}

impl Chunks {
    /// Follows the bytes that come next; how many of them belong to the body, or how many came before one that
    /// cannot stand there.
    pub(super) fn take(&mut self, bytes: &[u8]) -> Result<usize, usize> {
        let mut taken = 0;
        while let Some(rest) = bytes.get(taken..).filter(|rest| !rest.is_empty()) {
            match self.next {
                Next::Nothing => break,
                Next::Data => {
                    let length = usize::try_from(self.size).unwrap_or(usize::MAX).min(rest.len());
                    self.size -= length as u64;
                    if self.size == 0 {
                        self.next = Next::DataCr;
                    }
                    taken += length;
                }
                _ => {
                    let byte = rest.first().copied().unwrap_or_default();
                    self.next = self.step(byte).ok_or(taken)?;
                    taken += 1;
                }
            }
        }
        Ok(taken)
    }

    pub(super) fn is_whole(&self) -> bool {
        self.next == Next::Nothing
    }

    /// What comes after a byte that is none of the data; nothing where the byte cannot stand there.
    fn step(&mut self, byte: u8) -> Option<Next> {
        let next = match (self.next, byte) {
            (Next::Size | Next::MoreOfSize, b'0'..=b'9' | b'a'..=b'f' | b'A'..=b'F') => {
                let digit = char::from(byte).to_digit(16)?;
                self.size = self.size.checked_mul(16)?.checked_add(u64::from(digit))?;
                Next::MoreOfSize
            }
            (Next::MoreOfSize | Next::Blank, b'\t' | b' ') => Next::Blank,
            (Next::MoreOfSize | Next::Blank, b';') => Next::Extension,
            (Next::MoreOfSize | Next::Blank | Next::Extension, b'\r') => Next::SizeLf,
            (Next::Extension, 0x00..=0x08 | 0x0a..=0x1f | 0x7f) => return None,
            (Next::Extension, _) => Next::Extension,
            (Next::SizeLf, b'\n') if self.size == 0 => Next::EndCr,
            (Next::SizeLf, b'\n') => Next::Data,
            (Next::DataCr, b'\r') => Next::DataLf,
            (Next::DataLf, b'\n') => Next::Size,
            (Next::EndCr | Next::Trailer, b'\r') => {
                if self.next == Next::EndCr {
                    Next::EndLf
                } else {
                    Next::TrailerLf
                }
            }
            (Next::EndCr | Next::Trailer, _) => Next::Trailer,
            (Next::TrailerLf, b'\n') => Next::EndCr,
            (Next::EndLf, b'\n') => Next::Nothing,
            _ => return None,
        };
        Some(next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn take(text: &str) -> (Result<usize, usize>, bool) {
        let mut chunks = Chunks::default();
        (chunks.take(text.as_bytes()), chunks.is_whole())
    }

    #[test]
    fn a_body_ends_after_its_last_chunk_and_its_trailers() {
        for body in [
            "0\r\n\r\n",
            "000\r\n\r\n",
            "1\r\na\r\n0\r\n\r\n",
            "1 \t;x\r\n\r\r\n0;last\r\n\r\n",
            "0\r\nA: b\r\nC: d\r\n\r\n",
            "0\r\nA: b\n\r\n\r\n",
            "10\r\n0123456789abcdef\r\n0\r\n\r\n",
        ] {
            assert_eq!(take(body), (Ok(body.len()), true), "{body:?}");
            assert_eq!(take(&format!("{body}GET")), (Ok(body.len()), true), "{body:?}");
            assert_eq!(take(&body[..body.len() - 1]), (Ok(body.len() - 1), false), "{body:?}");
        }
    }

    #[test]
    fn what_is_no_chunk_is_seen_at_its_byte() {
        for (body, at) in [
            ("x", 0),
            ("\r\n", 0),
            ("-1\r\n", 0),
            ("0x5\r\n", 1),
            ("5\nhello", 1),
            ("5 5\r\n", 2),
            ("1\r\nab", 4),
            ("5;\x7f\r\n", 2),
            ("10000000000000000\r\n", 16),
            ("0\r\n\r0", 4),
        ] {
            assert_eq!(take(body), (Err(at), false), "{body:?}");
        }
    }
}
