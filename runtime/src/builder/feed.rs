//! What feeds the parameters of a closure.

/// What feeds one parameter: a node or an input by name, or a group of them.
///
/// A name alone is a feed, so that `["a", "b"]` feeds two parameters. A parameter that takes many values is a
/// `Vec<&T>`, or a `BTreeMap<&str, &T>` by name.
///
/// ```
/// use millstream::{Feed, Graph};
///
/// let graph = Graph::builder()
///     .function("a", (), || 1.0)
///     .function("b", (), || 2.0)
///     .tag("stage", ["final"])
///     .function("scale", (), || 10.0)
///     .function("sum", (Feed::group(["a", "b"]), "scale"), |all: Vec<&f64>, scale: &f64| {
///         all.into_iter().sum::<f64>() * scale
///     })
///     .function("last", [Feed::tagged("stage", "final")], |all: Vec<&f64>| *all[0])
///     .build()?;
/// let run = graph.driver().build()?.execute_named(["sum", "last"], ())?;
/// assert_eq!((run.get::<f64>("sum")?, run.get::<f64>("last")?), (&30.0, &2.0));
/// # Ok::<(), millstream::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Feed {
    pub(super) what: What,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum What {
    One(String),
    Group(Vec<String>),
    Tag(String, Option<String>),
}

impl Feed {
    /// One node or input; the same as its name alone.
    ///
    /// ```
    /// assert_eq!(millstream::Feed::one("a"), "a".into());
    /// ```
    #[must_use]
    pub fn one(name: impl Into<String>) -> Self {
        Self { what: What::One(name.into()) }
    }

    /// Several nodes or inputs, in this order.
    ///
    /// ```
    /// assert_ne!(millstream::Feed::group(["a"]), millstream::Feed::one("a"));
    /// ```
    #[must_use]
    pub fn group<S: Into<String>>(names: impl IntoIterator<Item = S>) -> Self {
        Self { what: What::Group(names.into_iter().map(Into::into).collect()) }
    }

    /// All nodes and inputs that have a tag, or have it with a value, in the order in which they were added.
    ///
    /// ```
    /// assert_ne!(millstream::Feed::tagged("stage", None), millstream::Feed::tagged("stage", "final"));
    /// ```
    #[must_use]
    pub fn tagged<'a>(key: impl Into<String>, value: impl Into<Option<&'a str>>) -> Self {
        Self { what: What::Tag(key.into(), value.into().map(str::to_owned)) }
    }

    /// How messages call the parameter that it feeds.
    pub(super) fn label(&self) -> String {
        match &self.what {
            What::One(name) => name.clone(),
            What::Group(names) => names.join(", "),
            What::Tag(key, None) => key.clone(),
            What::Tag(key, Some(value)) => format!("{key} = \"{value}\""),
        }
    }
}

impl From<&str> for Feed {
    fn from(name: &str) -> Self {
        Self::one(name)
    }
}

impl From<String> for Feed {
    fn from(name: String) -> Self {
        Self::one(name)
    }
}

impl From<&String> for Feed {
    fn from(name: &String) -> Self {
        Self::one(name)
    }
}

/// What feeds all parameters of a function: an array, a `Vec`, a slice or a tuple of names and [`Feed`]s, or `()`
/// where it has no parameters.
///
/// ```
/// use millstream::{Feed, Feeds};
///
/// assert_eq!(["a", "b"].feeds(), ("a", Feed::one("b")).feeds());
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not list what feeds the parameters; write a list of names, also for one: `[\"a\"]`, and `()` for none",
    label = "no list of names"
)]
pub trait Feeds {
    /// One feed for each parameter.
    fn feeds(self) -> Vec<Feed>;
}

impl Feeds for () {
    fn feeds(self) -> Vec<Feed> {
        Vec::new()
    }
}

impl<T: Into<Feed>, const N: usize> Feeds for [T; N] {
    fn feeds(self) -> Vec<Feed> {
        self.into_iter().map(Into::into).collect()
    }
}

impl<T: Into<Feed>> Feeds for Vec<T> {
    fn feeds(self) -> Vec<Feed> {
        self.into_iter().map(Into::into).collect()
    }
}

impl<T: Into<Feed> + Clone> Feeds for &[T] {
    fn feeds(self) -> Vec<Feed> {
        self.iter().cloned().map(Into::into).collect()
    }
}

macro_rules! tuple_feeds {
    ($($name:ident)*) => {
        impl<$($name: Into<Feed>),*> Feeds for ($($name,)*) {
            #[allow(non_snake_case, reason = "the type parameters are the variables")]
            fn feeds(self) -> Vec<Feed> {
                let ($($name,)*) = self;
                vec![$($name.into()),*]
            }
        }
    };
}
crate::tuples::for_all_tuples!(tuple_feeds);
