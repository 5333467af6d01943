//! What nodes write about themselves.

use std::any::{Any, type_name};
use std::fmt;
use std::marker::PhantomData;
use std::sync::{Arc, OnceLock};

use crate::value_type::short_name;

/// What a node has written: one after another, each in a place of its own, so that nobody waits for anybody.
#[derive(Clone, Default)]
pub(crate) struct Notes {
    first: OnceLock<Arc<Link>>,
}

struct Link {
    value: Box<dyn Any + Send + Sync>,
    name: &'static str,
    debug: fn(&dyn Any, &mut fmt::Formatter<'_>) -> fmt::Result,
    next: OnceLock<Arc<Link>>,
}

impl Drop for Link {
    fn drop(&mut self) {
        // One after another: there may be more of them than calls fit on the stack.
        let mut next = self.next.take();
        while let Some(mut link) = next.and_then(Arc::into_inner) {
            next = link.next.take();
        }
    }
}

impl Notes {
    /// Nothing, for all who ask for what nobody has written.
    pub(crate) fn none() -> &'static Self {
        static NONE: Notes = Notes { first: OnceLock::new() };
        &NONE
    }

    /// Says whether it is the first of all.
    pub(crate) fn add<T: fmt::Debug + Send + Sync + 'static>(&self, value: T) -> bool {
        let debug = |value: &dyn Any, f: &mut fmt::Formatter<'_>| {
            value.downcast_ref::<T>().map_or(Ok(()), |value| value.fmt(f))
        };
        let (value, name, next) = (Box::new(value), type_name::<T>(), OnceLock::new());
        let mut link = Arc::new(Link { value, name, debug, next });
        let mut place = &self.first;
        // Others may be writing, too: then it comes behind theirs.
        while let Err(back) = place.set(link) {
            link = back;
            match place.get() {
                Some(taken) => place = &taken.next,
                None => return false,
            }
        }
        std::ptr::eq(place, &raw const self.first)
    }

    fn links(&self) -> impl Iterator<Item = &Link> {
        std::iter::successors(self.first.get(), |link| link.next.get()).map(|link| &**link)
    }

    fn get<T: 'static>(&self) -> Option<&T> {
        self.links().filter_map(|link| link.value.downcast_ref()).last()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = Note<'_>> {
        self.links().map(|link| Note { link })
    }
}

/// One thing that a node has written about itself. `Debug` shows it.
#[derive(Clone, Copy)]
pub struct Note<'n> {
    link: &'n Link,
}

impl<'n> Note<'n> {
    /// The name of its type, without the paths.
    ///
    /// ```
    /// let metadata = millstream::Metadata::<()>::new().with(vec![1_u8]);
    /// assert_eq!(metadata.iter().next().unwrap().type_name(), "Vec<u8>");
    /// ```
    #[must_use]
    pub fn type_name(self) -> String {
        short_name(self.link.name)
    }

    /// It, if it is a `T`.
    ///
    /// ```
    /// let metadata = millstream::Metadata::<()>::new().with(7_u8);
    /// assert_eq!(metadata.iter().next().unwrap().downcast_ref::<u8>(), Some(&7));
    /// ```
    #[must_use]
    pub fn downcast_ref<T: 'static>(self) -> Option<&'n T> {
        self.link.value.downcast_ref()
    }
}

impl fmt::Debug for Note<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (self.link.debug)(&*self.link.value, f)
    }
}

/// What the node `N` has written about itself with [`NodeContext::set`](crate::NodeContext::set): as the parameter
/// `&Metadata<N>` of a later node, of [`Run::metadata`](crate::Run::metadata), and for hooks.
///
/// In a dynamic block there is one for each item, and a node that takes it is in that block, too. Outside of the block
/// nobody can take it: after the run all of them are in [`Run::metadata_of_items`](crate::Run::metadata_of_items).
///
/// ```
/// use millstream::prelude::*;
///
/// #[dataflow]
/// mod load {
///     use millstream::prelude::*;
///
///     #[derive(Debug)]
///     pub struct Skipped(pub usize);
///
///     #[node]
///     pub fn rows(run: NodeContext<'_>) -> Vec<f64> {
///         run.set(Skipped(2));
///         vec![1.5, 2.5]
///     }
///
///     #[node]
///     pub fn quality(rows: &[f64], of_rows: &Metadata<rows>) -> f64 {
///         let skipped = of_rows.get::<Skipped>().map_or(0, |skipped| skipped.0);
///         rows.len() as f64 / (rows.len() + skipped) as f64
///     }
/// }
///
/// let run = load::driver().build()?.execute::<load::quality>(())?;
/// assert_eq!(run.metadata("rows")[0].get::<load::Skipped>().unwrap().0, 2);
/// assert_eq!(run.into_values(), 0.5);
///
/// // By hand:
/// assert_eq!(load::quality(&[1.0], &Metadata::new().with(load::Skipped(1))), 0.5);
/// # Ok::<(), millstream::Error>(())
/// ```
#[repr(transparent)]
pub struct Metadata<N = ()> {
    notes: Notes,
    node: PhantomData<fn() -> N>,
}

impl<N> Metadata<N> {
    /// Nothing yet: to call the function of a node by hand.
    ///
    /// ```
    /// assert!(millstream::Metadata::<()>::new().is_empty());
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self::of(Notes::default())
    }

    pub(crate) fn of(notes: Notes) -> Self {
        Self { notes, node: PhantomData }
    }

    pub(crate) fn notes(&self) -> &Notes {
        &self.notes
    }

    /// The same with something more.
    ///
    /// ```
    /// let metadata = millstream::Metadata::<()>::new().with("a.csv").with(7_u32);
    /// assert_eq!((metadata.get::<&str>(), metadata.get::<u32>()), (Some(&"a.csv"), Some(&7)));
    /// ```
    #[must_use]
    pub fn with<T: fmt::Debug + Send + Sync + 'static>(self, value: T) -> Self {
        self.notes.add(value);
        self
    }

    /// The last `T` that was written.
    ///
    /// ```
    /// let metadata = millstream::Metadata::<()>::new().with(1_u8).with(2_u8);
    /// assert_eq!(metadata.get::<u8>(), Some(&2));
    /// assert_eq!(metadata.get::<u16>(), None);
    /// ```
    #[must_use]
    pub fn get<T: 'static>(&self) -> Option<&T> {
        self.notes.get()
    }

    /// Everything, in the order in which it was written.
    ///
    /// ```
    /// let metadata = millstream::Metadata::<()>::new().with(1_u8).with("x");
    /// let shown: Vec<String> = metadata.iter().map(|note| format!("{note:?}")).collect();
    /// assert_eq!(shown, ["1", "\"x\""]);
    /// ```
    pub fn iter(&self) -> impl Iterator<Item = Note<'_>> {
        self.notes.iter()
    }

    /// Whether nothing was written.
    ///
    /// ```
    /// assert!(!millstream::Metadata::<()>::new().with(1_u8).is_empty());
    /// ```
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.notes.first.get().is_none()
    }
}

impl<N> Default for Metadata<N> {
    fn default() -> Self {
        Self::new()
    }
}

impl<N> Clone for Metadata<N> {
    fn clone(&self) -> Self {
        Self::of(self.notes.clone())
    }
}

impl<N> fmt::Debug for Metadata<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}
