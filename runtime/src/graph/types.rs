//! Types and names as Rust text.

/// A type by its full name, with public paths where the standard library keeps it in private ones. `path_of` says how
/// the text names a path of another crate.
pub(super) fn type_text(full: &str, path_of: &dyn Fn(&str) -> String) -> String {
    let mut text = String::new();
    let mut path = String::new();
    // Of each open parenthesis whether it holds what a function takes.
    let mut parens = Vec::new();
    let mut letters = full.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter.is_alphanumeric() || matches!(letter, '_' | ':') {
            path.push(letter);
            continue;
        }
        match letter {
            '(' => parens.push(is_function(&path)),
            ')' => drop(parens.pop()),
            _ => {}
        }
        text.push_str(&public(&std::mem::take(&mut path), path_of));
        text.push(letter);
        // A value lives as long as it likes, and so does what it refers to: all but what a function is called with.
        if letter == '&' && letters.peek() != Some(&'\'') {
            text.push_str("'static ");
        } else if letter == '\'' && !text.ends_with("&'") && !parens.contains(&true) {
            letters.next_if_eq(&'_');
            text.push_str("static");
        }
    }
    text.push_str(&public(&path, path_of));
    text
}

fn is_function(path: &str) -> bool {
    matches!(path.rsplit("::").next(), Some("fn" | "Fn" | "FnMut" | "FnOnce"))
}

fn public(path: &str, path_of: &dyn Fn(&str) -> String) -> String {
    let Some((krate, rest)) = path.split_once("::") else { return path.to_owned() };
    if !matches!(krate, "alloc" | "core" | "std") {
        return path_of(path);
    }
    let name = path.rsplit("::").next().unwrap_or_default();
    let module = match name {
        "Vec" | "String" | "Option" | "Result" | "Box" | "Fn" | "FnMut" | "FnOnce" => {
            return name.to_owned();
        }
        "HashMap" | "HashSet" | "BTreeMap" | "BTreeSet" | "VecDeque" | "BinaryHeap" | "LinkedList" => {
            "collections"
        }
        "Arc" | "Mutex" | "RwLock" => "sync",
        "Rc" => "rc",
        "Path" | "PathBuf" => "path",
        "OsStr" | "OsString" => "ffi",
        "Duration" | "Instant" | "SystemTime" => "time",
        "Cow" => "borrow",
        _ => return format!("std::{rest}"),
    };
    format!("std::{module}::{name}")
}

/// A name as an identifier.
pub(super) fn raw(name: &str) -> String {
    const KEYWORDS: &str = " abstract as async await become box break const continue do dyn else enum extern false final \
        fn for gen if impl in let loop macro match mod move mut override priv pub ref return static struct trait true try \
        type typeof unsafe unsized use virtual where while yield ";
    if KEYWORDS.contains(&format!(" {name} ")) { format!("r#{name}") } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_have_paths_that_can_be_named() {
        let here = |path: &str| path.replace("mine::", "crate::");
        for (full, text) in [
            ("f64", "f64"),
            ("alloc::vec::Vec<alloc::string::String>", "Vec<String>"),
            (
                "std::collections::hash::map::HashMap<&str, mine::a::B>",
                "std::collections::HashMap<&'static str, crate::a::B>",
            ),
            (
                "core::result::Result<(u8, [i32; 3]), std::io::error::Error>",
                "Result<(u8, [i32; 3]), std::io::error::Error>",
            ),
            (
                "(alloc::borrow::Cow<'_, str>, core::option::Option<mine::Row<'_, &u8>>)",
                "(std::borrow::Cow<'static, str>, Option<crate::Row<'static, &'static u8>>)",
            ),
            (
                "alloc::boxed::Box<dyn core::ops::function::Fn(&'_ str, (u8, mine::Row<'_>)) -> alloc::borrow::Cow<'_, str>>",
                "Box<dyn Fn(&'_ str, (u8, crate::Row<'_>)) -> std::borrow::Cow<'static, str>>",
            ),
        ] {
            assert_eq!(type_text(full, &here), text);
        }
    }

    #[test]
    fn keywords_are_raw() {
        assert_eq!((raw("type").as_str(), raw("typed").as_str()), ("r#type", "typed"));
    }
}
