//! The procedural macros of Millstream. What they do is written in `millstream-compiler`; here are only the entry
//! points, and their documentation. They are used through the crate `millstream`.

use std::panic::catch_unwind;

use millstream_compiler::syntax;
use proc_macro::TokenStream;

/// Runs the compiler. Should it panic, which is a mistake of ours, the user's items are kept and told of it.
fn expand(item: &TokenStream, compile: impl FnOnce() -> proc_macro2::TokenStream) -> TokenStream {
    // Token streams are not unwind safe by name, but nothing is looked at again after a panic.
    catch_unwind(std::panic::AssertUnwindSafe(compile))
        .map_or_else(|_| syntax::after_panic(item.clone().into()).into(), Into::into)
}

/// Makes a module a dataflow: its `#[node]` functions are nodes, their parameter names are edges.
///
/// Options: `export` (may be included from another crate), `crate = path` (where the crate `millstream` is, when
/// it is renamed).
///
/// The module gets, beside what the user wrote: a type for each node and input, the type `Flow`, and the functions
/// `dataflow()`, `driver(config)` (without a `#[config]` struct `driver()`) and `inputs()`.
///
/// A `#[cfg]` belongs on the whole module. On a node it is an error, for the graph is checked before `#[cfg]` on
/// an item is decided; in the body of a node `cfg!(..)` can be used.
#[proc_macro_attribute]
pub fn dataflow(options: TokenStream, item: TokenStream) -> TokenStream {
    expand(&item.clone(), || syntax::dataflow(options.into(), item.into()))
}

/// Makes a function a node.
///
/// Options: `name = ".."` (another name than the function's), `version = n` (a code version), `fallible` (the
/// return type is an alias of a `Result`), `overrides` (it stands in the place of an included node).
///
/// Outside of a `#[dataflow]` module it makes a descriptor by itself, for the procedural builder.
#[proc_macro_attribute]
pub fn node(options: TokenStream, item: TokenStream) -> TokenStream {
    expand(&item.clone(), || syntax::free_node(options.into(), item.into()))
}

/// The second step of a dataflow that includes others. Called by what `#[dataflow]` makes, never by hand.
#[doc(hidden)]
#[proc_macro]
pub fn __compose(input: TokenStream) -> TokenStream {
    expand(&TokenStream::new(), || syntax::compose(input.into()))
}

macro_rules! inside_a_dataflow {
    ($($(#[$doc:meta])* $name:ident, $belongs:literal;)*) => {$(
        $(#[$doc])*
        #[proc_macro_attribute]
        pub fn $name(_options: TokenStream, item: TokenStream) -> TokenStream {
            expand(&item.clone(), || syntax::misplaced(stringify!($name), $belongs, item.into()))
        }
    )*};
}

inside_a_dataflow! {
    /// Marks the struct whose fields are the inputs of the dataflow. A field may have `#[default(expr)]`; one of
    /// type `Option<T>` may be left out.
    inputs, "a struct in a `#[dataflow]` module";
    /// Marks the struct that selects variants when a driver is built: see `#[when]`.
    config, "a struct in a `#[dataflow]` module";
    /// Takes in all nodes of another dataflow: `#[include] use crate::features;`.
    include, "a `use` in a `#[dataflow]` module";
    /// The function is the variant of its node for `#[when(field = pattern)]`, a field of the config and a pattern
    /// for it. rustc sees to it that some variant is there for every config.
    when, "a `#[node]` function in a `#[dataflow]` module";
    /// The function is the variant for what `#[when_not(field = pattern)]` does not match.
    when_not, "a `#[node]` function in a `#[dataflow]` module";
    /// Tags a node: `#[tag(stage = "load", owners = ["a", "b"])]`. Of a function with parts, it tags the parts.
    tag, "a `#[node]` function, below `#[node]`";
    /// Tags some of the nodes of a function: `#[tag_outputs(temp_max = { unit = "celsius" })]`.
    tag_outputs, "a `#[node]` function in a `#[dataflow]` module";
    /// Makes several nodes of one function: `#[parameterize(a = { x: source(y), n: value(3) }, ..)]`. A doc comment
    /// before a node's name is that node's; else it has the function's, `{x}` replaced by what `x` is bound to.
    parameterize, "a `#[node]` function in a `#[dataflow]` module";
    /// `#[parameterize]` where every parameter is bound to a node: `#[parameterize_sources(a = { x: y })]`.
    parameterize_sources, "a `#[node]` function in a `#[dataflow]` module";
    /// `#[parameterize]` over the values of one parameter: `#[parameterize_values(n, a = 3, b = 4)]`.
    parameterize_values, "a `#[node]` function in a `#[dataflow]` module";
    /// Makes a node of each of these fields of the struct, or keys of the map, that the function returns.
    extract_fields, "a `#[node]` function in a `#[dataflow]` module";
    /// Makes a node of each element of the tuple that the function returns; `_` for one that is not needed.
    unpack_fields, "a `#[node]` function in a `#[dataflow]` module";
    /// Binds parameters to other nodes or to constants: `#[inject(x = source(y), n = value(3))]`.
    inject, "a `#[node]` function, below `#[node]`";
}
