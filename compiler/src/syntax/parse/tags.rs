//! `#[tag(..)]` and `#[tag_outputs(..)]`.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use super::attributes::Attribute;
use super::settings::{self, Value};
use super::tokens::{Tokens, split_list, string};
use crate::syntax::diagnostics::Errors;
use crate::syntax::model::{Name, Tag};
use crate::syntax::text::name_of;

const TAG_FORM: &str = "tag(owner = \"climate\")";

/// Adds the tags of one `#[tag(..)]`.
pub(super) fn tag(attribute: &Attribute, tags: &mut Vec<Tag>, errors: &mut Errors) {
    if let Some(group) = settings::list(attribute, TAG_FORM, errors) {
        add(group.stream(), tags, errors);
    }
}

/// Adds those of one `#[tag_outputs(node = { .. })]`.
pub(super) fn tag_outputs(attribute: &Attribute, outputs: &mut Vec<(Name, Vec<Tag>)>, errors: &mut Errors) {
    const FORM: &str = "tag_outputs(node = { owner = \"climate\" })";
    let Some(group) = settings::list(attribute, FORM, errors) else {
        return; // Reported by `list`.
    };
    for setting in settings::read(group.stream(), "node = { owner = \"climate\" }", errors) {
        let name = setting.name();
        match &setting.value {
            Value::Is(tokens)
                if let [TokenTree::Group(tags)] = tokens.as_slice()
                    && tags.delimiter() == Delimiter::Brace =>
            {
                let at =
                    outputs.iter().position(|(output, _)| output.text == name.text).unwrap_or_else(|| {
                        outputs.push((name, Vec::new()));
                        outputs.len() - 1
                    });
                add(tags.stream(), &mut outputs[at].1, errors);
            }
            _ => errors
                .at(&setting.key, format!("`{}` needs its tags in braces; write `#[{FORM}]`", name.text)),
        }
    }
}

fn add(tokens: TokenStream, tags: &mut Vec<Tag>, errors: &mut Errors) {
    for piece in split_list(tokens) {
        let Some((name, value)) = key_and_value(piece, "owner = \"climate\"", errors) else {
            continue; // Reported by `key_and_value`.
        };
        let Value::Is(value) = value else {
            errors.at_span(name.span, format!("tag `{0}` has no value; write `{0} = \"..\"`", name.text));
            continue;
        };
        let Some(values) = strings(&value, &name, errors) else {
            continue; // Reported by `strings`.
        };
        let Name { text: key, span } = name;
        if key == "millstream" || key.starts_with("millstream.") {
            errors.at_span(
                span,
                format!("tag `{key}` is one of ours; choose a key that does not start with `millstream`"),
            );
        } else if tags.iter().any(|tag| tag.key == key) {
            errors.at_span(
                span,
                format!(
                    "tag `{key}` stands twice; keep one, or give it several values: `{key} = [\"a\", \"b\"]`"
                ),
            );
        } else {
            tags.push(Tag { key, values });
        }
    }
}

/// The key of a tag, which may have dots, and what follows it. The place is that of its first segment.
pub(super) fn key_and_value(piece: Vec<TokenTree>, form: &str, errors: &mut Errors) -> Option<(Name, Value)> {
    let whole: TokenStream = piece.iter().cloned().collect();
    let mut tokens = Tokens::new(piece);
    if let Some(key) = key(&mut tokens)
        && let Some(value) = settings::value(tokens)
    {
        return Some((key, value));
    }
    errors.at(&whole, format!("`{}` is no tag; write `{form}`", settings::excerpt(&whole)));
    None
}

/// `a.b.c`.
fn key(tokens: &mut Tokens) -> Option<Name> {
    let mut key = name_of(&tokens.ident()?);
    while tokens.punct('.').is_some() {
        key.text.push('.');
        key.text.push_str(&name_of(&tokens.ident()?).text);
    }
    Some(key)
}

/// `"value"` or `["a", "b"]`.
pub(super) fn strings(tokens: &[TokenTree], key: &Name, errors: &mut Errors) -> Option<Vec<String>> {
    match tokens {
        [TokenTree::Group(list)] if list.delimiter() == Delimiter::Bracket => {
            let pieces = split_list(list.stream());
            if pieces.is_empty() {
                errors.at(list, format!("tag `{0}` has no value; write `{0} = [\"a\", \"b\"]`", key.text));
                return None;
            }
            let values: Vec<_> = pieces.iter().map(|piece| one_string(piece, key, errors)).collect();
            values.into_iter().collect()
        }
        _ => one_string(tokens, key, errors).map(|value| vec![value]),
    }
}

fn one_string(tokens: &[TokenTree], key: &Name, errors: &mut Errors) -> Option<String> {
    if let [token] = tokens
        && let Some(value) = string(token)
    {
        return Some(value);
    }
    let key_text = &key.text;
    let tokens: TokenStream = tokens.iter().cloned().collect();
    let text = settings::excerpt(&tokens);
    if text.is_empty() {
        errors.at_span(key.span, format!("tag `{key_text}` has no value; write `{key_text} = \"..\"`"));
    } else if text.contains('"') {
        errors
            .at(&tokens, format!("the value of tag `{key_text}` is no string; write `{key_text} = \"..\"`"));
    } else {
        errors.at(
            &tokens,
            format!("the value of tag `{key_text}` is no string; write `{key_text} = \"{text}\"`"),
        );
    }
    None
}
