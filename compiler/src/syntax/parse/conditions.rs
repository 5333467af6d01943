//! `#[when(..)]` and `#[when_not(..)]`.

use super::attributes::Attribute;
use super::settings::{self, Value};
use crate::syntax::diagnostics::Errors;
use crate::syntax::model::Condition;

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
            Value::Is(pattern) if !pattern.is_empty() => pattern.into_iter().collect(),
            _ => {
                errors.at_span(
                    field.span,
                    format!("config field `{0}` has no pattern; write `{0} = pattern`", field.text),
                );
                continue;
            }
        };
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
