//! No tokens make the parser panic, and none of the user's are lost.

use millstream_compiler::syntax::diagnostics::Errors;
use millstream_compiler::syntax::parse;
use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use proptest::collection::vec;
use proptest::prelude::*;

/// Words that lead the parser somewhere, alone and as a beginning of something right.
const WORDS: [&str; 81] = [
    "fn",
    "fn f",
    "fn f()",
    "fn f(a: &u8)",
    "-> u8",
    "->",
    "{}",
    "struct S",
    "struct",
    "enum",
    "use",
    "use a::b;",
    "mod",
    "mod m",
    "pub",
    "pub(crate)",
    "const",
    "async",
    "unsafe",
    "extern",
    "\"C\"",
    "crate",
    "impl",
    "trait",
    "type",
    "static",
    "where",
    "macro_rules",
    "!",
    "#",
    "#[node]",
    "#[node(name = \"x\", version = 1)]",
    "#[inputs]",
    "#[config]",
    "#[include]",
    "#[tag(a.b = [\"c\"])]",
    "#[when(a = 1 | 2)]",
    "#[parameterize(a = { b: source(c) })]",
    "#[parameterize_values(a, b = 1)]",
    "#[parameterize_sources(a = { b: c })]",
    "#[extract_fields(a, b: u8)]",
    "#[unpack_fields(a, _)]",
    "#[inject(a = group(tag(b)))]",
    "#[default(1)]",
    "#[group(a)]",
    "#[value(1)]",
    "#[fallback(a)]",
    "#[node(retries = 1, timeout = \"1s\")]",
    "#[source(a)]",
    "#[tag_outputs(f = { a = \"b\" })]",
    "#[doc = \"{a} {\"]",
    "#[cfg(x)]",
    "<",
    ">",
    ",",
    ";",
    ":",
    "::",
    "=",
    "'",
    "'a",
    "&",
    "mut",
    "self",
    "a",
    "r#type",
    "_",
    "1",
    "Option<&u8>",
    "Vec<&u8>",
    "Result<(A, B), E>",
    "Result<Parallelizable<A>, E>",
    "Parallelizable",
    "Collect<'_, A>",
    "Metadata<A>",
    "Option<&Metadata<A>>",
    "NodeContext<'_>",
    "NodeError",
    "Result<&A, &NodeError>",
    "Collect<Result<&A, &NodeError>>",
    "...",
];

fn tokens() -> impl Strategy<Value = TokenStream> {
    let words: Vec<TokenStream> = WORDS.iter().filter_map(|word| word.parse().ok()).collect();
    let word = proptest::sample::select(words);
    word.prop_recursive(5, 128, 12, |inner| {
        let delimiter = prop_oneof![
            Just(Delimiter::Parenthesis),
            Just(Delimiter::Bracket),
            Just(Delimiter::Brace),
            Just(Delimiter::None),
        ];
        (delimiter, vec(inner, 0..12)).prop_map(|(delimiter, inner)| {
            TokenTree::Group(Group::new(delimiter, inner.into_iter().collect())).into()
        })
    })
}

fn many() -> impl Strategy<Value = TokenStream> {
    vec(tokens(), 0..24).prop_map(|tokens| tokens.into_iter().collect())
}

/// An attribute of ours with any arguments.
fn attribute() -> impl Strategy<Value = TokenStream> {
    let names = [
        "node",
        "when",
        "when_not",
        "tag",
        "tag_outputs",
        "parameterize",
        "parameterize_sources",
        "parameterize_values",
        "extract_fields",
        "unpack_fields",
        "inject",
        "fallback",
        "inputs",
        "config",
        "include",
        "default",
        "source",
        "value",
        "group",
        "cache",
        "nod",
    ];
    ((0..names.len()), many(), many()).prop_map(move |(name, arguments, value)| {
        let name = quote::format_ident!("{}", names[name]);
        if value.is_empty() { quote::quote!(#[#name = #value]) } else { quote::quote!(#[#name(#arguments)]) }
    })
}

fn drained(errors: Errors) {
    drop(errors.into_tokens());
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_module(options in many(), body in many()) {
        let mut errors = Errors::default();
        let module = parse::module(options, quote::quote!(mod m { #body }), &mut errors);
        prop_assert!(module.is_some());
        drained(errors);
    }

    #[test]
    fn any_item(options in many(), item in many()) {
        let mut errors = Errors::default();
        drop(parse::module(options.clone(), item.clone(), &mut errors));
        drop(parse::free_function(options, item.clone(), &mut errors));
        drop(parse::without_our_attributes(item));
        drained(errors);
    }

    #[test]
    fn any_node(attributes in vec(attribute(), 0..6), params in many(), output in many(), on_param in attribute()) {
        let mut errors = Errors::default();
        let module = quote::quote! {
            mod m {
                #[node] #(#attributes)* fn f(#on_param a: u8, #params) -> #output {}
                #(#attributes)* struct S { #on_param a: u8, #params }
                #(#attributes)* use #params;
            }
        };
        drop(parse::module(TokenStream::new(), module, &mut errors));
        drained(errors);
    }

    #[test]
    fn nothing_is_lost(words in vec(0..WORDS.len(), 0..40)) {
        // Without attributes of ours, what comes back is what was given.
        let source: Vec<_> = words.into_iter().map(|word| WORDS[word]).filter(|word| !word.starts_with('#')).collect();
        let body: TokenStream = source.join(" ").parse().unwrap_or_default();
        let mut errors = Errors::default();
        let module = parse::module(TokenStream::new(), quote::quote!(mod m { #body }), &mut errors);
        let items: TokenStream = module.into_iter().flat_map(|module| module.items).collect();
        prop_assert_eq!(items.to_string(), body.to_string());
        drained(errors);
    }
}

#[test]
fn depth_is_no_danger() {
    for delimiter in [Delimiter::Parenthesis, Delimiter::Bracket, Delimiter::Brace, Delimiter::None] {
        for depth in [15, 30, 45, 90, 2_000] {
            let deep = (0..depth)
                .fold(TokenStream::new(), |inner, _| TokenTree::Group(Group::new(delimiter, inner)).into());
            let mut errors = Errors::default();
            let module = quote::quote! {
                mod m {
                    #[node] #[tag(a = #deep)] #[when(b = #deep)] #[extract_fields(c: #deep)]
                    fn f(#[default(#deep)] a: #deep, #deep: u8) -> #deep { #deep }
                }
            };
            drop(parse::module(TokenStream::new(), module, &mut errors));
            drained(errors);
        }
    }
}

#[test]
fn long_runs_are_no_danger() {
    let mut errors = Errors::default();
    for run in ["!", "-", "&", "&&", "return", "|a|", "a =", "if a", "loop { ", "[", "(", "< A as "] {
        for length in [15, 30, 45, 90, 2_000] {
            // Closed at random: it need not parse.
            let source = run.repeat(length).replace(['{', '[', '('], "");
            let run: TokenStream = source.parse().unwrap_or_default();
            let module = quote::quote! {
                mod m { #[node] #[when(a = #run)] #[extract_fields(a: #run)] fn f(#[value(#run)] a: u8, b: #run) -> #run {} }
            };
            drop(parse::module(TokenStream::new(), module, &mut errors));
        }
    }
    drained(errors);
}
