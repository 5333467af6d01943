//! `#[extract_fields]` and `#[unpack_fields]`.

use millstream_compiler::syntax::model::{Extract, Shape};
use millstream_compiler::syntax::text::text;

use crate::support::{function, right, wrong};

fn written(extract: &Extract) -> Vec<String> {
    extract
        .parts
        .iter()
        .map(|part| {
            format!("{} {}: {} {}", part.index, part.name.text, text(&part.ty), part.doc).trim().to_owned()
        })
        .collect()
}

#[test]
fn fields_of_a_struct_in_the_module() {
    let module = right(
        "struct Columns { /// The highest.
            pub max: Vec<f64>, min: f64 }
        #[node] #[extract_fields(min, max)] fn columns() -> Result<Columns, Error> {}",
    );
    let extract = module.functions[0].extract.as_ref().unwrap();
    assert_eq!(extract.shape, Shape::Struct);
    assert_eq!(written(extract), ["1 max: Vec<f64> The highest.", "0 min: f64"]);
}

#[test]
fn fields_of_a_struct_elsewhere() {
    let node = function(
        "#[node] #[extract_fields(max: Vec<f64>, min: HashMap<A, B>)] fn columns() -> other::Columns {}",
    );
    assert_eq!(written(&node.extract.unwrap()), ["0 max: Vec<f64>", "1 min: HashMap<A, B>"]);
}

#[test]
fn keys_of_a_map() {
    let node = function(
        "#[node] #[extract_fields(a, b)] fn columns() -> std::collections::HashMap<String, Vec<f64>> {}",
    );
    let extract = node.extract.unwrap();
    assert_eq!(extract.shape, Shape::Map);
    assert_eq!(written(&extract), ["0 a: Vec<f64>", "1 b: Vec<f64>"]);
}

#[test]
fn elements_of_a_tuple() {
    let node =
        function("#[node] #[unpack_fields(a, _, b)] fn pair() -> Result<(A, Map<B, C>, Vec<D>), E> {}");
    let extract = node.extract.unwrap();
    assert_eq!(extract.shape, Shape::Tuple);
    assert_eq!(written(&extract), ["0 a: A", "2 b: Vec<D>"]);
}

#[test]
fn wrong_fields() {
    let module = wrong(
        "struct Columns { max: f64 } struct Generic<T> { max: T }
        #[node] #[extract_fields(mxa, banana_split, max, max)] fn a() -> Columns {}
        #[node] #[extract_fields] fn b() -> Columns {}
        #[node] #[extract_fields(max: Vec<, z: )] fn b2() -> Columns {}
        #[node] #[extract_fields(max, 3)] fn c() -> other::Columns {}
        #[node] #[extract_fields(x)] fn d() -> (u8, u8) {}
        #[node] #[extract_fields(max)] fn e() -> Generic<u8> {}
        #[node(fallible)] #[extract_fields(max)] fn f() -> Alias {}
        #[node] #[extract_fields(max)] #[extract_fields(max)] #[unpack_fields(g)] fn g() -> Columns {}",
        [
            ("mxa", "struct `Columns` has no field `mxa`; did you mean `max`?"),
            ("banana_split", "struct `Columns` has no field `banana_split`; name one of its fields"),
            ("max", "name `max` stands twice; keep one"),
            ("#[extract_fields]", "`#[extract_fields]` is empty; write `#[extract_fields(a, b)]`"),
            ("max", "`max` has no type that Rust reads; write `max: Type`"),
            ("3", "`3` is no name; write `#[extract_fields(a, b)]`"),
            ("max", "the fields of `other::Columns` are not known here; write the type: `max: Type`"),
            (
                "#[extract_fields(x)]",
                "node `d` returns a tuple, which has no field names; write `#[unpack_fields(..)]`",
            ),
            ("max", "the fields of `Generic<u8>` are not known here; write the type: `max: Type`"),
            ("max", "the fields of the return value are not known here; write the type: `max: Type`"),
            (
                "#[extract_fields(max)]",
                "`#[extract_fields]` stands twice on node `g`; put all names into one",
            ),
            ("#[unpack_fields(g)]", "node `g` has `#[extract_fields]` already; keep one of the two"),
        ],
    );
    let names: Vec<_> =
        module.functions[0].extract.as_ref().unwrap().parts.iter().map(|part| &part.name.text).collect();
    assert_eq!(names, ["banana_split", "max", "mxa"], "others may need them");
}

#[test]
fn wrong_tuples() {
    wrong(
        "#[node] #[unpack_fields(a, b)] fn f() -> (u8, u8, u8) {}
        #[node] #[unpack_fields(c)] fn g() -> (u8,  u8) {}
        #[node] #[unpack_fields(d)] fn h() -> Columns {}
        #[node(fallible)] #[unpack_fields(e)] fn i() -> Alias {}
        #[node] #[unpack_fields(j)] fn k() -> (u8) {}",
        [
            (
                "a, b",
                "the tuple has 3 elements, but 2 names are given; name all of them, `_` for one that is not needed",
            ),
            (
                "c",
                "the tuple has 2 elements, but 1 name is given; name all of them, `_` for one that is not needed",
            ),
            ("d", "node `h` returns `Columns`, which is no tuple; write `#[extract_fields(..)]`"),
            ("e", "what node `i` returns is not known here; write the types: `name: Type`"),
            ("j", "node `k` returns `(u8)`, which is no tuple; write `#[extract_fields(..)]`"),
        ],
    );
}

#[test]
fn parts_have_one_function() {
    function(
        "#[node] #[parameterize(x = { p: value(1) })] #[unpack_fields(a, b)] fn f(p: u8) -> (u8, u8) {}",
    );
    wrong(
        "#[node] #[parameterize(x = { p: value(1) }, y = {})] #[unpack_fields(a, b)] fn f(p: u8) -> (u8, u8) {}
        #[node] #[when(u = 1)] #[unpack_fields(c, d)] fn g() -> (u8, u8) {}",
        [
            (
                "#[unpack_fields(a, b)]",
                "`#[unpack_fields]` has no meaning with `#[parameterize]` of several nodes: their parts would have one name; write a function for each",
            ),
            (
                "#[unpack_fields(c, d)]",
                "`#[unpack_fields]` with `#[when]` is not supported yet; choose the value in one node, and take it apart in another",
            ),
        ],
    );
}
