//! `#[parameterize]` and its relatives.

use millstream_compiler::syntax::model::{Bind, Instance};

use crate::support::{function, wrong};

/// A short form: `name { a = x, b = 30 } doc`.
fn written(instance: &Instance) -> String {
    let params: Vec<_> = instance
        .params
        .iter()
        .map(|param| {
            let bind = match &param.bind {
                Bind::Name(name) => name.text.clone(),
                Bind::Value(value) => format!("({})", value.to_string().replace(' ', "")),
                Bind::Group(names, _) => {
                    names.iter().map(|name| name.text.as_str()).collect::<Vec<_>>().join("&")
                }
                Bind::GroupTag { key, .. } => format!("tag {key}"),
                Bind::Run => "the run".to_owned(),
            };
            format!("{} = {bind}", param.name.text)
        })
        .collect();
    format!("{} {{ {} }} {}", instance.name.text, params.join(", "), instance.doc)
}

fn instances(body: &str) -> Vec<String> {
    function(body).parameterized.unwrap().iter().map(written).collect()
}

#[test]
fn nodes_and_their_docs() {
    let instances = instances(
        "/// Rolling {series} over {window}, {of}, {x}.
        #[node]
        #[parameterize(
            a = { series: source(temp_max) },
            /// Own {window}.
            b = { series: source(temp_min), window: value(30), },
            c = { of: group(p, q), window: value(\"x\") },
        )]
        #[parameterize(d = { of: group(tag(stage = \"final\")), series = source(z) })]
        fn rolling(series: &[f64], #[source(w)] window: usize, #[group(o)] of: Vec<&f64>) {}",
    );
    assert_eq!(
        instances,
        [
            "a { series = temp_max, window = w, of = o } Rolling temp_max over w, o, {x}.",
            "b { series = temp_min, window = (30), of = o } Own 30.",
            "c { series = series, window = (\"x\"), of = p&q } Rolling series over x, p, q, {x}.",
            "d { series = z, window = w, of = tag stage } Rolling z over w, stage = final, {x}.",
        ]
    );
}

#[test]
fn sources_and_values() {
    let sources =
        instances("#[node] #[parameterize_sources(a = { p: x, q = y }, b = { p: z })] fn f(p: u8, q: u8) {}");
    assert_eq!(sources, ["a { p = x, q = y } ", "b { p = z, q = q } "]);

    let values = instances(
        "#[node] #[parameterize_values(p, a = 1 + 2, b = |a, b| a == b, /// Doc.
        c = g::<A, B>(),)] fn f(p: u8, q: u8) {}",
    );
    assert_eq!(
        values,
        ["a { p = (1+2), q = q } ", "b { p = (|a,b|a==b), q = q } ", "c { p = (g::<A,B>()), q = q } Doc.",]
    );
}

#[test]
fn a_group_may_be_said_by_every_node_instead_of_the_parameter() {
    function("#[node] #[parameterize(a = { p: group(x) }, b = { p: group(y) })] fn f(p: Vec<&u8>) {}");
    wrong(
        "#[node] #[parameterize(a = { p: group(x) }, b = { q: source(y) }, c = {})] fn f(p: Vec<&u8>, q: u8) {}
        #[node] #[parameterize(d = { p: group(x) })] fn g(p: u8) {}",
        [
            (
                "Vec<&u8>",
                "a parameter of type `Vec<&T>` takes a group; write `#[group(a, b)]` on it",
            ),
            (
                "group",
                "parameter `p` has no type of a group; make it a `Vec<&T>` or a `BTreeMap<&str, &T>`",
            ),
        ],
    );
}

#[test]
fn wrong_nodes() {
    let module = wrong(
        "#[node]
        #[parameterize]
        #[parameterize(
            a = { windw: value(3) },
            b = { window: value(3), window: value(4) },
            b = { window: value(5) },
            c = { window: 30 },
            d = { window: soruce(x) },
            e = { window: source(x, y) },
            f = { window },
            g = { window: },
            h = value(3),
            i,
            3 = {},
            #[cfg(unix)] j = {},
        )]
        fn rolling(series: &[f64], window: usize) {}",
        [
            (
                "#[parameterize]",
                "`#[parameterize]` is empty; write `#[parameterize(node = { param: source(other_node), param: value(30) })]`",
            ),
            ("windw", "`windw` is no parameter of `rolling`; did you mean `window`?"),
            ("window", "parameter `window` stands twice; keep one"),
            ("30", "`30` does not say what it is; write `source(30)` for a node, `value(30)` for a constant"),
            ("soruce", "`soruce` feeds no parameter; did you mean `source`?"),
            ("x, y", "`source` takes the name of one node or input; write `source(name)`"),
            ("window", "`window` feeds no parameter; write `param: source(other_node)`"),
            ("window", "parameter `window` is fed by nothing; write `window: source(other_node)`"),
            (
                "h",
                "node `h` has no braces; write `#[parameterize(node = { param: source(other_node), param: value(30) })]`",
            ),
            (
                "i",
                "node `i` has no braces; write `#[parameterize(node = { param: source(other_node), param: value(30) })]`",
            ),
            (
                "3 = {}",
                "`3 = { }` is no node; write `#[parameterize(node = { param: source(other_node), param: value(30) })]`",
            ),
            ("#[cfg(unix)]", "only a doc comment can stand here; remove it"),
            ("b", "node `b` stands twice; keep one"),
        ],
    );
    let names: Vec<_> = module.functions[0]
        .parameterized
        .as_ref()
        .unwrap()
        .iter()
        .map(|instance| instance.name.text.as_str())
        .collect();
    assert_eq!(names, ["a", "b", "c", "d", "e", "f", "g", "j"], "others may need them");
}

#[test]
fn wrong_sources_and_values() {
    wrong(
        "#[node] #[parameterize_sources(a = { p: source(x) }, b = { r: x })] fn f(p: u8) {}
        #[node] #[parameterize_values(3)] fn g(p: u8) {}
        #[node] #[parameterize_values(p)] fn h(p: u8) {}
        #[node] #[parameterize_values(q, a1 = 1)] fn i(p: u8) {}
        #[node] #[parameterize_values(p, a2 = , b2, a3 = 1, 2)] fn j(p: u8) {}",
        [
            ("source(x)", "`source(x)` is no name of a node; write one, or use `#[parameterize]`"),
            ("r", "`r` is no parameter of `f`; name one of its parameters"),
            ("3", "the parameter is missing; write `#[parameterize_values(param, node = 30)]`"),
            ("p", "no node is named; write `#[parameterize_values(p, node = 30)]`"),
            ("q", "`q` is no parameter of `i`; name one of its parameters"),
            ("a2", "node `a2` needs one value; write `a2 = 30`"),
            ("a3", "node `a3` needs one value; write `a3 = 30`"),
        ],
    );
}
