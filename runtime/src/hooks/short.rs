//! Showing values that may be long.

use std::fmt::{self, Write};

/// A value as `Debug` shows it, cut off after `most` characters. What is cut off is not even written.
pub(crate) fn short(value: impl fmt::Debug, most: usize) -> String {
    let mut short = Short { text: String::new(), left: most };
    // An error is how it is stopped.
    let _ = write!(short, "{value:?}");
    short.text
}

struct Short {
    text: String,
    left: usize,
}

impl Write for Short {
    fn write_str(&mut self, piece: &str) -> fmt::Result {
        match piece.char_indices().nth(self.left) {
            None => {
                self.left -= piece.chars().count();
                self.text.push_str(piece);
                Ok(())
            }
            Some((end, _)) => {
                self.text.push_str(&piece[..end]);
                self.text.push('…');
                self.left = 0;
                Err(fmt::Error)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::{Formatter, from_fn};

    use super::short;

    #[test]
    fn what_is_too_long_is_cut_off_once() {
        assert_eq!(short("äöü", 5), "\"äöü\"");
        assert_eq!(short("äöü", 3), "\"äö…");
        assert_eq!(short([1, 2, 3], 4), "[1, …");
        let endless = from_fn(|f: &mut Formatter<'_>| {
            loop {
                f.write_str("ab")?;
            }
        });
        assert_eq!(short(endless, 3), "aba…");
    }
}
