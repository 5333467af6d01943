//! What can be wrong with a graph, and the words for it.

use std::fmt;

/// One thing that is wrong with a graph. Indices are those of the specs given to [`check`](super::check).
///
/// ```
/// use millstream_compiler::graph::{NodeSpec, Problem, check};
///
/// let problems = check(&[NodeSpec::node("a").needs("a")]).unwrap_err();
/// assert!(matches!(&problems[0], Problem::Cycle { members, .. } if members == &[0]));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// Two nodes of one name.
    Duplicate {
        /// The one declared first.
        first: usize,
        /// The one declared later.
        second: usize,
        /// Their name.
        name: String,
    },
    /// A node that has the name of an input.
    InputAndNode {
        /// The input.
        input: usize,
        /// The node.
        node: usize,
        /// Their name.
        name: String,
    },
    /// A node that says it overrides another, which does not exist.
    OverridesNothing {
        /// The node.
        node: usize,
        /// Its name.
        name: String,
    },
    /// A needed name that nothing has.
    Unknown {
        /// The node that needs it.
        node: usize,
        /// Which of its needs.
        need: usize,
        /// Which name of that need, counted from 0: more than 0 only in a group.
        member: usize,
        /// The node's name.
        name: String,
        /// What it needs.
        needed: String,
        /// What to do about it.
        advice: String,
    },
    /// A node that takes the metadata of an input.
    MetadataOfInput {
        /// The node.
        node: usize,
        /// Which of its needs.
        need: usize,
        /// The node's name.
        name: String,
        /// The input.
        needed: String,
    },
    /// A group by a tag that no node has.
    UnknownTag {
        /// The node that has the group.
        node: usize,
        /// Which of its needs.
        need: usize,
        /// The tag as written.
        tag: String,
        /// What to do about it.
        advice: String,
    },
    /// A group of no names.
    EmptyGroup {
        /// The node that has the group.
        node: usize,
        /// Which of its needs.
        need: usize,
        /// The node's name.
        name: String,
    },
    /// Nodes that need each other.
    Cycle {
        /// The members; each needs the next, and the last needs the first.
        members: Vec<usize>,
        /// Their names, in the same order.
        names: Vec<String>,
    },
    /// A node that collects what is in no block.
    NothingToCollect {
        /// The node that collects.
        node: usize,
        /// Which of its needs.
        need: usize,
        /// The node's name.
        name: String,
        /// What it collects.
        needed: String,
        /// Whether that is an input.
        is_input: bool,
    },
    /// A node that takes single items of two blocks of which neither is inside of the other.
    MixedBlocks {
        /// The node.
        node: usize,
        /// The need by which it gets into the second block.
        need: usize,
        /// Which name of that need.
        member: usize,
        /// The node's name.
        name: String,
        /// What it takes of each block, and the name of the node that opens it.
        taken: [(String, String); 2],
        /// Of which of them it takes the metadata.
        metadata: [bool; 2],
    },
    /// A node that takes single items of a block, and needs what all items of that block are collected for.
    ItemAndAll {
        /// The node.
        node: usize,
        /// The need for all items.
        need: usize,
        /// Which name of that need.
        member: usize,
        /// The node's name.
        name: String,
        /// What it takes of one item.
        item: String,
        /// Whether it takes the metadata of that.
        metadata: bool,
        /// The name of the node that opens the block.
        block: String,
        /// What it needs all items for.
        needed: String,
        /// Whether it collects that itself.
        collects: bool,
    },
    /// A fallback that nothing has the name of.
    UnknownFallback {
        /// The node that has the fallback.
        node: usize,
        /// Its name.
        name: String,
        /// The fallback.
        fallback: String,
        /// What to do about it.
        advice: String,
    },
    /// A fallback that needs the node it is to stand in for.
    FallbackCycle {
        /// The node.
        node: usize,
        /// Its name.
        name: String,
        /// The names on the way from the fallback to the node, both ends in it.
        names: Vec<String>,
    },
    /// A fallback that is not there where the node needs it.
    FallbackBlock {
        /// The node.
        node: usize,
        /// Its name.
        name: String,
        /// The fallback.
        fallback: String,
        /// The node that opens the block.
        block: String,
        /// Whether the fallback is in the block and the node is not; else the node is, and the fallback needs all
        /// items.
        is_outside: bool,
    },
    /// A node of a block whose time is limited, and that does not await.
    LimitInBlock {
        /// The node.
        node: usize,
        /// Its name.
        name: String,
        /// The node that opens the block.
        block: String,
    },
}

impl Problem {
    /// The nodes that it is about.
    pub(super) fn nodes(&self) -> Vec<usize> {
        match self {
            Self::Duplicate { first, second, .. } | Self::InputAndNode { input: first, node: second, .. } => {
                vec![*first, *second]
            }
            Self::OverridesNothing { node, .. }
            | Self::Unknown { node, .. }
            | Self::MetadataOfInput { node, .. }
            | Self::UnknownTag { node, .. }
            | Self::EmptyGroup { node, .. }
            | Self::NothingToCollect { node, .. }
            | Self::MixedBlocks { node, .. }
            | Self::UnknownFallback { node, .. }
            | Self::FallbackCycle { node, .. }
            | Self::FallbackBlock { node, .. }
            | Self::LimitInBlock { node, .. }
            | Self::ItemAndAll { node, .. } => vec![*node],
            Self::Cycle { members, .. } => members.clone(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Duplicate { name, .. } => write!(f, "two nodes are named `{name}`; rename one"),
            Self::InputAndNode { name, .. } => {
                write!(f, "`{name}` is both an input and a node; remove the input, or rename one of them")
            }
            Self::OverridesNothing { name, .. } => write!(
                f,
                "node `{name}` overrides nothing: no included dataflow has a node of that name; remove `overrides`"
            ),
            Self::Unknown { name, needed, advice, .. } => {
                write!(f, "node `{name}` needs `{needed}`, which is neither a node nor an input; {advice}")
            }
            Self::MetadataOfInput { name, needed, .. } => write!(
                f,
                "node `{name}` takes the metadata of `{needed}`, which is an input and writes none; name a node, or remove the parameter"
            ),
            Self::UnknownTag { tag, advice, .. } => write!(f, "no node has the tag `{tag}`; {advice}"),
            Self::EmptyGroup { name, .. } => {
                write!(f, "the group of node `{name}` has no members; name at least one node")
            }
            Self::Cycle { names, .. } => {
                f.write_str("these nodes need each other: ")?;
                for name in names {
                    write!(f, "`{name}` -> ")?;
                }
                let first = names.first().map_or("", String::as_str);
                write!(f, "`{first}`; break the cycle at one of them")
            }
            Self::UnknownFallback { name, fallback, advice, .. } => write!(
                f,
                "node `{name}` falls back on `{fallback}`, which is neither a node nor an input; {advice}"
            ),
            Self::FallbackCycle { name, names, .. } => {
                let [fallback, .., _] = names.as_slice() else {
                    return write!(f, "node `{name}` falls back on itself; name another node");
                };
                let way = names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" -> ");
                write!(
                    f,
                    "node `{name}` falls back on `{fallback}`, which needs `{name}` itself: {way}; name a node that does not"
                )
            }
            Self::LimitInBlock { name, block, .. } => write!(
                f,
                "node `{name}` has a time limit and runs for each item of `{block}`, where only an async node can be given up; make it `async`, or limit the time of the whole run"
            ),
            Self::FallbackBlock { name, fallback, block, is_outside: true, .. } => write!(
                f,
                "node `{name}` falls back on `{fallback}`, which is there for each item of `{block}`, and `{name}` is not in that block; name a node outside of it"
            ),
            Self::FallbackBlock { name, fallback, block, is_outside: false, .. } => write!(
                f,
                "node `{name}` runs for one item of `{block}`, but falls back on `{fallback}`, for which all of them are collected; name a node that does not need all"
            ),
            Self::NothingToCollect { name, needed, is_input: false, .. } => write!(
                f,
                "node `{name}` collects `{needed}`, which is in no block; take it as `&T`, or let a node that it needs return `Parallelizable<..>`"
            ),
            Self::NothingToCollect { name, needed, is_input: true, .. } => write!(
                f,
                "node `{name}` collects `{needed}`, which is an input and in no block; take it as `&T`, or collect a node that needs a `Parallelizable<..>` of it"
            ),
            Self::MixedBlocks { name, taken: [first, second], metadata, .. } => {
                write!(
                    f,
                    "node `{name}` takes {} and {}, and neither block is inside of the other; ",
                    Item(&first.0, &first.1, metadata[0]),
                    Item(&second.0, &second.1, metadata[1])
                )?;
                match metadata {
                    [false, false] => f.write_str("collect one of them first, with `Collect<'_, T>`"),
                    _ => f.write_str(METADATA_OF_ITEMS),
                }
            }
            Self::ItemAndAll { name, item, block, needed, collects, metadata, .. } => {
                write!(f, "node `{name}` takes {} and ", Item(item, block, *metadata))?;
                if *collects {
                    write!(f, "collects `{needed}` of all of them")?;
                } else {
                    write!(f, "needs `{needed}`, for which all of them are collected")?;
                }
                match metadata {
                    false => {
                        write!(
                            f,
                            "; collect `{item}` as well, in a node that returns `Parallelizable<..>` again"
                        )
                    }
                    true => write!(f, "; {METADATA_OF_ITEMS}"),
                }
            }
        }
    }
}

impl std::error::Error for Problem {}

/// What to do where the metadata of a node in a block is wanted outside of it.
const METADATA_OF_ITEMS: &str = "metadata of a node in a block is there inside of that block only: take it there, or after the run, by `Run::metadata_of_items`";

/// What is taken of one item of a block, who opens the block, and whether it is the metadata that is taken.
struct Item<'a>(&'a str, &'a str, bool);

impl fmt::Display for Item<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(taken, block, metadata) = self;
        if *metadata {
            write!(f, "the metadata of `{taken}` of one item of `{block}`")
        } else if taken == block {
            write!(f, "one item of `{block}`")
        } else {
            write!(f, "`{taken}` of one item of `{block}`")
        }
    }
}

/// What to do where a parameter is a list of what its provider yields for each item of a block; `opener` opens that.
///
/// ```
/// use millstream_compiler::graph::take_all;
///
/// assert_eq!(
///     take_all("files", "u64"),
///     "it does so for each item of `files`: take all with `Collect<'_, u64>`"
/// );
/// ```
#[must_use]
pub fn take_all(opener: &str, value_type: &str) -> String {
    format!("it does so for each item of `{opener}`: take all with `Collect<'_, {value_type}>`")
}

/// The words for a node that opens a block and whose value is to be taken apart, as written.
///
/// ```
/// use millstream_compiler::graph::take_each_apart;
///
/// assert_eq!(
///     take_each_apart("parts", "sizes"),
///     "`parts` takes one value apart, and node `sizes` returns a block of items; take each apart in a node that takes `sizes`"
/// );
/// ```
#[must_use]
pub fn take_each_apart(written: &str, node: &str) -> String {
    format!(
        "`{written}` takes one value apart, and node `{node}` returns a block of items; take each apart in a node that takes `{node}`"
    )
}

/// The words for a parameter whose type is not what its provider yields. `provider` is `node` or `input`.
///
/// Types are compared by rustc where the macro is at work and by `TypeId` in the builder; the words are one.
///
/// ```
/// use millstream_compiler::graph::type_mismatch;
///
/// assert_eq!(
///     type_mismatch("spend", "roas", "&[f64]", "node", "spend", "Vec<i32>"),
///     "parameter `spend` of node `roas` is `&[f64]`, but node `spend` yields `Vec<i32>`"
/// );
/// ```
#[must_use]
pub fn type_mismatch(
    param: &str,
    node: &str,
    param_type: &str,
    provider_kind: &str,
    provider: &str,
    provider_type: &str,
) -> String {
    let verb = if provider_kind == "input" { "is" } else { "yields" };
    format!(
        "parameter `{param}` of node `{node}` is `{param_type}`, but {provider_kind} `{provider}` {verb} `{provider_type}`"
    )
}
