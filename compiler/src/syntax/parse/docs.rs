//! Doc comments, and the templates in those of parameterized functions.

use super::attributes::{Arguments, Attribute};
use super::tokens::{neat, string};
use crate::syntax::model::{Bind, Param};

/// The doc comment: lines joined by line breaks, one leading space of each dropped.
pub(super) fn doc<'a>(attributes: impl IntoIterator<Item = &'a Attribute>) -> String {
    let mut lines = Vec::new();
    for attribute in attributes {
        if attribute.name == "doc"
            && let Arguments::Value(value) = &attribute.arguments
            && let [literal] = value.as_slice()
            && let Some(text) = string(literal)
        {
            lines.extend(text.split('\n').map(|line| line.strip_prefix(' ').unwrap_or(line).to_owned()));
        }
    }
    lines.join("\n")
}

/// Fills `{param}` with what feeds the parameter and `{output_name}` with the node's name, as in Hamilton; other
/// braces stay as they are. A parameter of that name wins.
pub(super) fn fill(template: &str, node: &str, params: &[Param]) -> String {
    let mut filled = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let known = after.split_once('}').and_then(|(name, tail)| {
            let param = params.iter().find(|param| param.name.text == name).map(source);
            let text = param.or_else(|| (name == "output_name").then(|| node.to_owned()))?;
            Some((text, tail))
        });
        if let Some((text, tail)) = known {
            filled.push_str(&text);
            rest = tail;
        } else {
            filled.push('{');
            rest = after;
        }
    }
    filled.push_str(rest);
    filled
}

/// What feeds a parameter, in words.
fn source(param: &Param) -> String {
    match &param.bind {
        Bind::Name(name) => name.text.clone(),
        Bind::Value(value) => {
            let tokens: Vec<_> = value.clone().into_iter().collect();
            match tokens.as_slice() {
                [literal] => string(literal),
                _ => None,
            }
            .unwrap_or_else(|| neat(&tokens))
        }
        Bind::Group(names, _) => names.iter().map(|name| name.text.as_str()).collect::<Vec<_>>().join(", "),
        Bind::GroupTag { key, value: Some(value), .. } => format!("{key} = {value}"),
        Bind::GroupTag { key, value: None, .. } => key.clone(),
        Bind::Run => param.name.text.clone(),
    }
}
