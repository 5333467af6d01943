//! `#[when(..)]` and `#[when_not(..)]`.

use proc_macro2::TokenStream;
use quote::quote;

use super::attributes::Attribute;
use super::rust;
use super::settings::{self, Value};
use crate::syntax::diagnostics::Errors;
use crate::syntax::model::{Condition, Name};

/// Adds the conditions of one attribute. Patterns are kept as they are: rustc judges them in the `match`.
pub(super) fn read(attribute: &Attribute, conditions: &mut Vec<Condition>, errors: &mut Errors) {
    let name = attribute.name.as_str();
    let negated = name == "when_not";
    let form = format!("{name}(unit = Unit::Celsius)");
    let Some(group) = settings::list(attribute, &form, errors) else {
        return; // Reported by `list`.
    };
    for setting in settings::read(group.stream(), "field = pattern", errors) {
        let field = setting.name();
        let pattern = match setting.value {
            Value::Is(pattern) => pattern.into_iter().collect(),
            Value::None | Value::List(_) => TokenStream::new(),
        };
        let pattern = checked(&field, pattern, errors);
        let twice =
            conditions.iter().any(|before| before.field.text == field.text && before.negated == negated);
        if twice {
            errors.at_span(
                field.span,
                format!("config field `{0}` stands twice in `#[{name}]`; write alternatives with `|`: `{0} = a | b`", field.text),
            );
        } else {
            conditions.push(Condition { field, pattern, negated });
        }
    }
}

/// The pattern, or one that takes all where there is none: the function stays a variant.
fn checked(field: &Name, pattern: TokenStream, errors: &mut Errors) -> TokenStream {
    let name = &field.text;
    if pattern.is_empty() {
        errors.at_span(field.span, format!("config field `{name}` has no pattern; write `{name} = pattern`"));
    } else if rust::is_pattern(&pattern) {
        return pattern;
    } else {
        let text = settings::excerpt(&pattern);
        errors.at(&pattern, format!("`{text}` is no pattern; write one of Rust's: `{name} = Value | Other`"));
    }
    quote!(_)
}
