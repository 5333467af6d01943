//! `#[inject]`.

use millstream_compiler::syntax::model::Bind;

use crate::support::{function, wrong};

#[test]
fn parameters_are_fed_by_the_function() {
    let node = function(
        "#[node] #[inject(a = source(x), b = value(3))] #[inject(c = group(x, y))] fn f(a: &u8, #[default(1)] b: u8, c: Vec<&u8>) {}",
    );
    assert!(matches!(&node.params[0].bind, Bind::Name(name) if name.text == "x"));
    assert!(matches!(&node.params[1].bind, Bind::Value(_)));
    assert!(node.params[1].default.is_none());
    assert!(matches!(&node.params[2].bind, Bind::Group(names, _) if names.len() == 2));
}

#[test]
fn wrong_bindings() {
    wrong(
        "#[node] #[inject] #[inject(aa = value(1), b = value(2), b = value(3), c = value(4), d)]
        #[inject(a = value(5), e)] #[inject(a = value(6))]
        fn f(a: u8, b: u8, #[source(x)] c: u8, d: u8) {}",
        [
            ("#[inject]", "`#[inject]` is empty; write `#[inject(param = source(node))]`"),
            ("aa", "`aa` is no parameter of `f`; did you mean `a`?"),
            ("b", "parameter `b` stands twice; keep one"),
            ("c", "parameter `c` is fed twice, by its own attribute and by `#[inject]`; keep one"),
            ("d", "parameter `d` is fed by nothing; write `d = source(other_node)`"),
            ("e", "`e` is no parameter of `f`; name one of its parameters"),
            ("a", "parameter `a` stands twice; keep one"),
        ],
    );
}
