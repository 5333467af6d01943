//! Durations as people write them: `500ms`.

use std::time::Duration;

use super::settings::{Setting, Value};
use super::tokens::string;
use crate::syntax::diagnostics::Errors;

/// Units, and what one is in nanoseconds.
const UNITS: [(&str, u64); 6] = [
    ("ns", 1),
    ("us", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("m", 60_000_000_000),
    ("h", 3_600_000_000_000),
];

/// Reads the time limit of a node.
pub(super) fn read(setting: &Setting, value: &Value, errors: &mut Errors) -> Option<Duration> {
    let key = &setting.key;
    let literal = match value {
        Value::Is(tokens) => match tokens.as_slice() {
            [token] => string(token).map(|text| (token, text)),
            _ => None,
        },
        Value::None | Value::List(_) => None,
    };
    let Some((token, text)) = literal else {
        errors.at(key, format!("`{key}` needs a duration in quotes; write `{key} = \"500ms\"`"));
        return None;
    };
    match duration(&text) {
        Some(Duration::ZERO) => {
            errors.at(token, format!("no node can finish in no time; write more, or remove `{key}`"));
            None
        }
        None => {
            errors.at(
                token,
                format!("`{text}` is no duration; write a whole number with `ns`, `us`, `ms`, `s`, `m` or `h`: `{key} = \"500ms\"`"),
            );
            None
        }
        duration => duration,
    }
}

fn duration(text: &str) -> Option<Duration> {
    let end = text.find(|character: char| !character.is_ascii_digit())?;
    let (number, unit) = text.split_at(end);
    let (_, nanoseconds) = UNITS.iter().find(|(name, _)| *name == unit)?;
    let nanoseconds = number.parse::<u64>().ok()?.checked_mul(*nanoseconds)?;
    Some(Duration::from_nanos(nanoseconds))
}
