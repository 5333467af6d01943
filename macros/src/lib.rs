//! The procedural macros of Millstream. What they do is written in `millstream-compiler`; here are only the entry
//! points, and their documentation. They are used through the crate `millstream`.

use std::panic::{AssertUnwindSafe, catch_unwind};

use millstream_compiler::syntax;
use proc_macro::TokenStream;

/// Runs the compiler. Should it panic, which is a mistake of ours, the user's items are kept and told of it.
fn expand(item: &TokenStream, compile: impl FnOnce() -> proc_macro2::TokenStream) -> TokenStream {
    // Token streams are not unwind safe by name, but nothing is looked at again after a panic.
    catch_unwind(AssertUnwindSafe(compile))
        .map_or_else(|_| syntax::after_panic(item.clone().into()).into(), Into::into)
}

/// Makes a module a dataflow: its `#[node]` functions are nodes, their parameter names are edges.
///
/// The graph is checked when the module is compiled. Beside what is written in it, the module gets a type for each
/// node and input, the type `Flow`, and the functions `dataflow()`, `driver(config)` (`driver()` where there is no
/// `#[config]` struct) and `inputs()`.
///
/// ```
/// use millstream::prelude::*;
///
/// #[dataflow]
/// mod sums {
///     #[inputs]
///     pub struct Inputs {
///         pub numbers: Vec<f64>,
///     }
///
///     #[node]
///     pub fn sum(numbers: &[f64]) -> f64 {
///         numbers.iter().sum()
///     }
///
///     #[node]
///     pub fn mean(sum: f64, numbers: &[f64]) -> f64 {
///         sum / numbers.len() as f64
///     }
/// }
///
/// # fn main() -> Result<(), millstream::Error> {
/// let driver = sums::driver().build()?;
/// let run = driver.execute::<(sums::sum, sums::mean)>(sums::Inputs { numbers: vec![1.0, 3.0] })?;
/// assert_eq!(run.into_values(), (4.0, 2.0));
/// # Ok(())
/// # }
/// ```
///
/// # Options
///
/// - `export`: the dataflow may be included from another crate.
/// - `crate = path`: where the crate `millstream` is, when it is renamed.
/// - `compile(score = (risk, price), ..)`: compiled entry points.
///
/// # Compiled entry points
///
/// An entry is a function that makes the calls that its outputs need, one after another, as a person would have written
/// them: no driver, nothing that is looked up, nothing that is allocated besides what the nodes allocate. It takes a
/// struct of the inputs that it needs, and yields a struct of its outputs; without a tuple, `compile(risk = riskiness)`,
/// the value itself.
///
/// ```
/// use millstream::prelude::*;
///
/// #[dataflow(compile(score = (risk, price)))]
/// mod insurance {
///     #[config]
///     pub struct Config {
///         pub careful: bool,
///     }
///
///     #[inputs]
///     pub struct Inputs {
///         pub age: String,
///         pub value: f64,
///         pub newsletter: bool,
///     }
///
///     #[node]
///     pub fn years(age: &str) -> Result<u32, std::num::ParseIntError> {
///         age.parse()
///     }
///
///     #[node]
///     #[when(careful = true)]
///     pub fn risk__careful(years: u32) -> f64 {
///         1.0 / f64::from(years)
///     }
///
///     #[node]
///     #[when(careful = false)]
///     pub fn risk__rough() -> f64 {
///         0.05
///     }
///
///     #[node]
///     pub fn price(risk: f64, value: f64) -> f64 {
///         risk * value
///     }
/// #
/// #   #[node]
/// #   pub fn letter(newsletter: bool) -> bool {
/// #       newsletter
/// #   }
/// }
///
/// # fn main() -> Result<(), millstream::EntryError> {
/// use insurance::{Config, ScoreInputs, ScoreOutputs};
/// let inputs = ScoreInputs { age: "20".to_owned(), value: 1000.0 };
/// let ScoreOutputs { risk, price } = insurance::score(&Config { careful: true }, &inputs)?;
/// assert_eq!((risk, price), (0.05, 50.0));
/// # Ok(())
/// # }
/// ```
///
/// It takes `&Config` first where the config selects a node on the way; only the arm of the `match` that is needed runs.
/// It is a `Result` with an `EntryError`, which names the node, where a node on the way may fail; and an `async fn` where
/// one is async, in which those that do not need each other are awaited at the same time. A panic of a node is not
/// caught. Values are moved at their last use, and cloned before; inputs are only borrowed, so what takes one by value
/// gets a clone. `cargo expand` shows the function.
///
/// A dynamic block is a loop: its items go one after another, async nodes or not. What is yielded of it is a `Vec`. An
/// entry with a block on the way is a `Result`, for its items may fail. Items that come as a stream are awaited where the
/// entry is async. Where it is not, its thread waits for them, as that of `Driver::execute` does: with the feature `tokio`
/// they find a runtime, and in a task of tokio the entry fails and says what to do; without it nobody can tell, and the
/// runtime is blocked. Nodes of included dataflows are called where they are
/// visible. What only a run has is refused: `NodeContext`, `&Metadata`, outcomes, fallbacks, retries and time limits.
///
/// # Parameters of nodes
///
/// | type | meaning |
/// |---|---|
/// | `&T`, and what `&T` derefs to: `&[f64]` of a `Vec<f64>`, `&str`, `&Path`, `&dyn Trait` | borrowed |
/// | `T` | moved in at the last use of the value in a run, cloned before that; `T: Clone` is needed only where it must be cloned |
/// | `Option<&T>`, `Option<T>` | `None` where the graph has no such node, or the caller supplied none |
/// | `Vec<&T>`, `BTreeMap<&str, &T>` with `#[group(..)]` | several nodes as one |
/// | `Collect<'_, T>` | all values of a node of a dynamic block, in the order of the items; `T` is the type as that node yields it |
/// | `Collect<'_, Result<T, NodeError>>` | the same, where those that failed are there as errors |
/// | `Result<&T, &NodeError>` | what came of the node: this one runs even if that one failed, and is told why. An input fails where a driver before it in a chain, or a node that feeds it, has |
/// | `&Metadata<name>` | what node `name` wrote about itself, once it has run; `name` is the node's type, `features::name` that of an included one. In a dynamic block it is there inside of that block only, and after the run by `Run::metadata_of_items` |
/// | `NodeContext<'_>` | the context of the run: a log, progress, metadata to be written, cancellation; no edge |
///
/// Attributes of a parameter: `#[default(expr)]` (used where there is no node of the name, or the caller supplied
/// none), `#[source(name)]` (another node than the one of the parameter's name), `#[value(expr)]` (a constant of the
/// parameter's type), `#[group(a, b)]`, `#[group(tag(key = "value"))]`.
///
/// # Dynamic blocks
///
/// A node that returns `Parallelizable<T>` or `Result<Parallelizable<T>, E>` opens a block: whoever takes it takes one
/// item, a `T`, and runs once for each. So does who takes that one's value, until somebody collects:
///
/// ```text
/// #[node] pub fn urls(seeds: &[String]) -> Parallelizable<String>
/// #[node] pub fn page(urls: &str, timeout: Duration) -> Result<Page, Error>   // in the block of `urls`
/// #[node] pub fn n_words(page: &Page) -> usize                                // in it, too
/// #[node] pub fn words(n_words: Collect<'_, usize>) -> usize                  // after it
/// ```
///
/// Blocks nest: a node in one may open another. One block may have several collectors, and a node may collect one
/// block and open the next. A node of a block that is asked for is the list of its values. These are errors: to
/// collect what is in no block, to take single items of two blocks of which neither is inside of the other, and to
/// take a single item together with what all items are collected for.
///
/// # `#[cfg]`
///
/// It may stand on the whole module and on items that are no nodes. On a node, an input or a config field it is an
/// error, for the graph is checked before rustc decides it; `cfg!(..)` may stand in the body of a node.
///
/// # Errors
///
/// Everything that is wrong with the graph is a compile error, and all errors of a module come at once:
///
/// ```compile_fail
/// use millstream::prelude::*;
///
/// #[dataflow]
/// mod wrong {
///     // node `mean` needs `smu`, which is neither a node nor an input; did you mean `sum`?
///     #[node]
///     pub fn mean(smu: f64) -> f64 {
///         smu
///     }
///
///     #[node]
///     pub fn sum() -> f64 {
///         1.0
///     }
/// }
/// ```
#[proc_macro_attribute]
pub fn dataflow(options: TokenStream, item: TokenStream) -> TokenStream {
    expand(&item.clone(), || syntax::dataflow(options.into(), item.into()))
}

/// Makes a function a node, whose name is the function's without what follows `__`.
///
/// The attribute is read on the functions that stand in the `#[dataflow]` module itself, not in modules within it or
/// in what a macro there writes.
///
/// It yields `T`, or may fail with `Result<T, E>` where `E: Into<Box<dyn Error + Send + Sync>>`; with
/// `Parallelizable<T>` it opens a [dynamic block](macro@dataflow#dynamic-blocks). It may be an `async fn`. Values are
/// `Send + Sync + 'static`. The function itself stays what it is.
///
/// Options: `name = ".."` (another name), `version = n` (a code version), `retries = n` (how often it is tried again
/// where it fails), `timeout = "500ms"` (a time limit, a whole number with `ns`, `us`, `ms`, `s`, `m` or `h`; in a dynamic
/// block only an `async fn` can have one, for no thread can be ended), `fallible`
/// (the return type is an alias of a `Result`), `overrides` (it stands in the place of an included node; of that it has
/// nothing, neither tags nor retries, so say again what is to stay: without its `#[tag(..)]` it is in no group by tag).
///
/// Outside of a `#[dataflow]` module it makes a descriptor by itself, for the procedural builder, which checks when
/// the graph is built what `#[dataflow]` checks when it is compiled. Such a node says what it takes by its parameter
/// types alone: `&[f64]` is fed by a `Vec<f64>`, `&str` by a `String`, `&T` by a `T`.
///
/// ```
/// use millstream::{Graph, InputMap, prelude::*};
///
/// #[node]
/// fn total(prices: &[f64], #[default(0.0)] shipping: f64) -> f64 {
///     prices.iter().sum::<f64>() + shipping
/// }
///
/// # fn main() -> Result<(), millstream::Error> {
/// let graph = Graph::builder().input::<Vec<f64>>("prices").node::<total>().build()?;
/// let driver = graph.driver().build()?;
/// let run = driver.execute::<total>(InputMap::new().set("prices", vec![1.0, 2.5]))?;
/// assert_eq!(run.into_values(), 3.5);
/// assert_eq!(total(&[1.0], 0.5), 1.5);
/// # Ok(())
/// # }
/// ```
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

/// Attributes that `#[dataflow]` reads and takes away. Where they are expanded by themselves nobody has read them.
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
    /// Marks the struct whose fields are the inputs of the dataflow.
    ///
    /// A field may have `#[default(expr)]`, an expression of the field's type; one of type `Option<T>` is `None` where
    /// it is not supplied. The struct is what a run takes; `inputs()` begins a part of it, for runs that need no more.
    /// `#[derive(Default)]` on it knows nothing of `#[default(..)]`: begin with `inputs()` to have these defaults.
    ///
    /// ```
    /// use millstream::prelude::*;
    ///
    /// #[dataflow]
    /// mod greeting {
    ///     #[inputs]
    ///     pub struct Inputs {
    ///         pub name: String,
    ///         #[default("Hello".to_owned())]
    ///         pub word: String,
    ///         pub title: Option<String>,
    ///     }
    ///
    ///     #[node]
    ///     pub fn line(name: &str, word: &str, title: Option<&str>) -> String {
    ///         format!("{word}, {}{name}", title.unwrap_or_default())
    ///     }
    /// }
    ///
    /// # fn main() -> Result<(), millstream::Error> {
    /// let driver = greeting::driver().build()?;
    /// let run = driver.execute::<greeting::line>(greeting::inputs().name("Ann".into()))?;
    /// assert_eq!(run.into_values(), "Hello, Ann");
    /// # Ok(())
    /// # }
    /// ```
    inputs, "a struct in a `#[dataflow]` module";
    /// Marks the struct by which variants of nodes are selected when a driver is built: see
    /// [`macro@when`]. Its values are not nodes; what a function computes with is an input.
    ///
    /// ```
    /// use millstream::prelude::*;
    ///
    /// #[dataflow]
    /// mod zero {
    ///     #[config]
    ///     pub struct Config {
    ///         pub kelvin: bool,
    ///     }
    ///
    ///     #[node]
    ///     #[when(kelvin = true)]
    ///     pub fn freezing__kelvin() -> f64 {
    ///         273.15
    ///     }
    ///
    ///     #[node]
    ///     #[when(kelvin = false)]
    ///     pub fn freezing__celsius() -> f64 {
    ///         0.0
    ///     }
    /// }
    ///
    /// # fn main() -> Result<(), millstream::Error> {
    /// let driver = zero::driver(zero::Config { kelvin: true }).build()?;
    /// assert_eq!(driver.execute::<zero::freezing>(())?.into_values(), 273.15);
    /// # Ok(())
    /// # }
    /// ```
    config, "a struct in a `#[dataflow]` module";
    /// Takes in all nodes of another dataflow, of this crate or (with `#[dataflow(export)]`) of another one.
    ///
    /// Names are one flat space. A node of one dataflow answers for an input of the other; inputs and config fields
    /// that nothing answers for are in the composed `Inputs` and `Config`. A name that is there twice is an error;
    /// `#[node(overrides)]` says that a node stands in the place of an included one. Private nodes come along, but
    /// only their own dataflow can name them. Groups by tag and optional parameters of a dataflow are settled where
    /// they are written: a node of the including dataflow does not join the one, nor feed the other. Where two included
    /// dataflows have an input of one name, a default of the one holds for both; two different defaults are an error.
    /// An input that is declared here, too, has the default that it has here, or none: theirs do not hold then.
    ///
    /// ```
    /// use millstream::prelude::*;
    ///
    /// #[dataflow]
    /// mod load {
    ///     #[inputs]
    ///     pub struct Inputs {
    ///         pub text: String,
    ///     }
    ///
    ///     #[node]
    ///     pub fn words(text: &str) -> Vec<String> {
    ///         text.split(' ').map(str::to_owned).collect()
    ///     }
    /// }
    ///
    /// #[dataflow]
    /// mod count {
    ///     #[include]
    ///     use super::load;
    ///
    ///     #[node]
    ///     pub fn how_many(words: &[String]) -> usize {
    ///         words.len()
    ///     }
    /// }
    ///
    /// # fn main() -> Result<(), millstream::Error> {
    /// let driver = count::driver().build()?;
    /// let run = driver.execute::<count::how_many>(count::Inputs { text: "one two".into() })?;
    /// assert_eq!(run.into_values(), 2);
    /// # Ok(())
    /// # }
    /// ```
    include, "a `use` in a `#[dataflow]` module";
    /// The function is the variant of its node for which `field = pattern` holds: a field of the config, and a Rust
    /// pattern for it, alternatives with `|`. Several must all hold.
    ///
    /// The variants of a node make a `match`, so that rustc says which case is missing or never reached. Open sets
    /// (strings, integers) need one variant with `#[when(field = _)]`. All variants yield one type; each has its own
    /// parameters.
    ///
    /// ```
    /// use millstream::prelude::*;
    ///
    /// #[dataflow]
    /// mod price {
    ///     pub enum Market { Home, Abroad, Overseas }
    ///
    ///     #[config]
    ///     pub struct Config {
    ///         pub market: Market,
    ///     }
    ///
    ///     #[inputs]
    ///     pub struct Inputs {
    ///         pub net: f64,
    ///     }
    ///
    ///     #[node]
    ///     #[when(market = Market::Home)]
    ///     pub fn gross__home(net: f64) -> f64 {
    ///         net * 1.2
    ///     }
    ///
    ///     #[node]
    ///     #[when(market = Market::Abroad | Market::Overseas)]
    ///     pub fn gross__elsewhere(net: f64) -> f64 {
    ///         net
    ///     }
    /// }
    ///
    /// # fn main() -> Result<(), millstream::Error> {
    /// let driver = price::driver(price::Config { market: price::Market::Overseas }).build()?;
    /// assert_eq!(driver.execute::<price::gross>(price::Inputs { net: 10.0 })?.into_values(), 10.0);
    /// # Ok(())
    /// # }
    /// ```
    when, "a `#[node]` function in a `#[dataflow]` module";
    /// The function is the variant for everything that `field = pattern` does not match. The other variants of the
    /// node must say with [`macro@when`] what is done with just that pattern.
    ///
    /// ```
    /// use millstream::prelude::*;
    ///
    /// #[dataflow]
    /// mod words {
    ///     #[config]
    ///     pub struct Config {
    ///         pub language: String,
    ///     }
    ///
    ///     #[node]
    ///     #[when(language = "de")]
    ///     pub fn yes__german() -> &'static str {
    ///         "ja"
    ///     }
    ///
    ///     #[node]
    ///     #[when_not(language = "de")]
    ///     pub fn yes__english() -> &'static str {
    ///         "yes"
    ///     }
    /// }
    ///
    /// # fn main() -> Result<(), millstream::Error> {
    /// let driver = words::driver(words::Config { language: "fr".into() }).build()?;
    /// assert_eq!(driver.execute::<words::yes>(())?.into_values(), "yes");
    /// # Ok(())
    /// # }
    /// ```
    when_not, "a `#[node]` function in a `#[dataflow]` module";
    /// Tags the nodes of a function: `#[tag(stage = "load", owners = ["a", "b"])]`. Keys may have dots; those that
    /// begin with `millstream.` are reserved. Of a function with parts, the parts are tagged. A node that
    /// `overrides` an included one does not have the tags of that.
    ///
    /// ```
    /// use millstream::prelude::*;
    ///
    /// #[dataflow]
    /// mod stages {
    ///     #[node]
    ///     #[tag(stage = "load")]
    ///     pub fn rows() -> usize {
    ///         3
    ///     }
    /// }
    ///
    /// assert_eq!(stages::dataflow().graph().tagged("stage", "load")[0].name(), "rows");
    /// ```
    tag, "a `#[node]` function, below `#[node]`";
    /// Tags some of the nodes of a function, by their names.
    ///
    /// ```
    /// use millstream::prelude::*;
    ///
    /// #[dataflow]
    /// mod ends {
    ///     #[node]
    ///     #[unpack_fields(low, high)]
    ///     #[tag_outputs(high = { side = "top" })]
    ///     pub fn both() -> (f64, f64) {
    ///         (0.0, 1.0)
    ///     }
    /// }
    ///
    /// assert_eq!(ends::dataflow().graph().tagged("side", None)[0].name(), "high");
    /// ```
    tag_outputs, "a `#[node]` function in a `#[dataflow]` module";
    /// Makes several nodes of one function; the function itself is none then.
    ///
    /// Each is `name = { parameter: binding, .. }` with the bindings `source(node)`, `value(expr)` and `group(a, b)`.
    /// Parameters that are not bound keep what they say themselves. A doc comment before a name is that node's; else it
    /// has the function's, `{parameter}` replaced by what the parameter is bound to, `{output_name}` by the node's name.
    ///
    /// ```
    /// use millstream::prelude::*;
    ///
    /// #[dataflow]
    /// mod powers {
    ///     #[inputs]
    ///     pub struct Inputs {
    ///         pub side: f64,
    ///     }
    ///
    ///     /// {base} to the power {exponent}.
    ///     #[node]
    ///     #[parameterize(
    ///         area = { base: source(side), exponent: value(2) },
    ///         volume = { base: source(side), exponent: value(3) },
    ///     )]
    ///     pub fn power(base: f64, exponent: i32) -> f64 {
    ///         base.powi(exponent)
    ///     }
    /// }
    ///
    /// # fn main() -> Result<(), millstream::Error> {
    /// let driver = powers::driver().build()?;
    /// let run = driver.execute::<(powers::area, powers::volume)>(powers::Inputs { side: 2.0 })?;
    /// assert_eq!(run.into_values(), (4.0, 8.0));
    /// assert_eq!(powers::dataflow().graph().node("area").unwrap().doc(), "side to the power 2.");
    /// # Ok(())
    /// # }
    /// ```
    parameterize, "a `#[node]` function in a `#[dataflow]` module";
    /// [`macro@parameterize`] where every parameter is bound to a node: `#[parameterize_sources(a = { x: y }, ..)]`.
    ///
    /// ```
    /// use millstream::prelude::*;
    ///
    /// #[dataflow]
    /// mod costs {
    ///     #[inputs]
    ///     pub struct Inputs {
    ///         pub rent: f64,
    ///         pub food: f64,
    ///     }
    ///
    ///     #[node]
    ///     #[parameterize_sources(rent_a_day = { month: rent }, food_a_day = { month: food })]
    ///     pub fn a_day(month: f64) -> f64 {
    ///         month / 30.0
    ///     }
    /// }
    ///
    /// # fn main() -> Result<(), millstream::Error> {
    /// let run = costs::driver().build()?.execute::<costs::food_a_day>(costs::inputs().food(90.0))?;
    /// assert_eq!(run.into_values(), 3.0);
    /// # Ok(())
    /// # }
    /// ```
    parameterize_sources, "a `#[node]` function in a `#[dataflow]` module";
    /// [`macro@parameterize`] over the values of one parameter: `#[parameterize_values(parameter, a = 1, b = 2)]`.
    ///
    /// ```
    /// use millstream::prelude::*;
    ///
    /// #[dataflow]
    /// mod windows {
    ///     #[node]
    ///     #[parameterize_values(days, week = 7, month = 30)]
    ///     pub fn hours(days: u32) -> u32 {
    ///         days * 24
    ///     }
    /// }
    ///
    /// # fn main() -> Result<(), millstream::Error> {
    /// assert_eq!(windows::driver().build()?.execute::<windows::week>(())?.into_values(), 168);
    /// # Ok(())
    /// # }
    /// ```
    parameterize_values, "a `#[node]` function in a `#[dataflow]` module";
    /// Makes a node of each named field of the struct, or key of the map, that the function returns.
    ///
    /// The fields of a struct in the module have their types from there; those of another struct are written
    /// `name: Type`. A map is a `HashMap` or a `BTreeMap` with strings for keys; a missing key is a failure of the
    /// node. The parts are moved out of the value; where the whole is asked for as well it must be `Clone`.
    ///
    /// ```
    /// use millstream::prelude::*;
    ///
    /// #[dataflow]
    /// mod point {
    ///     #[node]
    ///     #[extract_fields(start: u32, end: u32)]
    ///     pub fn range() -> std::ops::Range<u32> {
    ///         3..5
    ///     }
    ///
    ///     #[node]
    ///     pub fn length(start: u32, end: u32) -> u32 {
    ///         end - start
    ///     }
    /// }
    ///
    /// # fn main() -> Result<(), millstream::Error> {
    /// assert_eq!(point::driver().build()?.execute::<point::length>(())?.into_values(), 2);
    /// # Ok(())
    /// # }
    /// ```
    extract_fields, "a `#[node]` function in a `#[dataflow]` module";
    /// Makes a node of each element of the tuple that the function returns; `_` for one that is not needed.
    ///
    /// ```
    /// use millstream::prelude::*;
    ///
    /// #[dataflow]
    /// mod split {
    ///     #[node]
    ///     #[unpack_fields(train, _, test)]
    ///     pub fn parts() -> (Vec<u8>, u8, Vec<u8>) {
    ///         (vec![1, 2], 3, vec![4])
    ///     }
    /// }
    ///
    /// # fn main() -> Result<(), millstream::Error> {
    /// assert_eq!(split::driver().build()?.execute::<split::test>(())?.into_values(), vec![4]);
    /// # Ok(())
    /// # }
    /// ```
    unpack_fields, "a `#[node]` function in a `#[dataflow]` module";
    /// Binds parameters of a function: `#[inject(x = source(node), n = value(3), all = group(a, b))]`, which is the
    /// same as `#[source(node)]`, `#[value(3)]` and `#[group(a, b)]` on the parameters.
    ///
    /// ```
    /// use millstream::prelude::*;
    ///
    /// #[dataflow]
    /// mod area {
    ///     #[inputs]
    ///     pub struct Inputs {
    ///         pub side: f64,
    ///     }
    ///
    ///     #[node]
    ///     #[inject(width = source(side), height = value(2.0))]
    ///     pub fn rectangle(width: f64, height: f64) -> f64 {
    ///         width * height
    ///     }
    /// }
    ///
    /// # fn main() -> Result<(), millstream::Error> {
    /// let run = area::driver().build()?.execute::<area::rectangle>(area::Inputs { side: 3.0 })?;
    /// assert_eq!(run.into_values(), 6.0);
    /// # Ok(())
    /// # }
    /// ```
    inject, "a `#[node]` function, below `#[node]`";
    /// Says what stands in for a node that fails: another node or an input, or a constant, `#[fallback(value(expr))]`.
    /// It is of the node's type. It also stands in after a panic and where a time limit is over, after all retries.
    ///
    /// The other node must not need this one. Outside of dynamic blocks it runs only where this one has failed. In a block
    /// it runs in any case: as a node of the block for every item, those too for which nothing has failed, and as one from
    /// outside of it before the block begins. It stands in for each item by itself. Nothing can stand in for a node that
    /// opens a block.
    ///
    /// ```
    /// use millstream::prelude::*;
    ///
    /// #[dataflow]
    /// mod prices {
    ///     #[inputs]
    ///     pub struct Inputs {
    ///         pub text: String,
    ///         pub usual: f64,
    ///     }
    ///
    ///     #[node]
    ///     #[fallback(usual)]
    ///     pub fn price(text: &str) -> Result<f64, std::num::ParseFloatError> {
    ///         text.parse()
    ///     }
    ///
    ///     #[node(retries = 2, timeout = "5s")]
    ///     #[fallback(value(0.0))]
    ///     pub fn tax(price: f64) -> f64 {
    ///         0.2 * price
    ///     }
    /// }
    ///
    /// # fn main() -> Result<(), millstream::Error> {
    /// let driver = prices::driver().build()?;
    /// let run = driver.execute::<prices::tax>(prices::Inputs { text: "10".into(), usual: 5.0 })?;
    /// assert_eq!(run.into_values(), 2.0);
    /// # Ok(())
    /// # }
    /// ```
    fallback, "a `#[node]` function, below `#[node]`";
}
