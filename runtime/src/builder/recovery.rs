//! What is to be done where the node that was just added fails or takes too long.

use std::any::TypeId;
use std::time::Duration;

use crate::graph::{Call, FallbackData, RecoveryData, RoleData, Text};
use crate::memory::SharedCall;
use crate::node::NodeValue;
use crate::value_type::Plain;

use super::GraphBuilder;

impl GraphBuilder {
    /// Where the node just added fails, or cannot run since something it needs is missing, `other` stands in for it.
    /// Outside of dynamic blocks that, and what only it needs, runs only then. In a block it runs in any case: as a node of
    /// the block for every item, those too for which nothing has failed, and as one from outside of it before the block
    /// begins. It stands in for each item by itself. Nothing can stand in for a node that opens a block.
    ///
    /// ```
    /// use millstream::{Graph, Outcome};
    ///
    /// let graph = Graph::builder()
    ///     .try_function("live", (), || Err::<f64, _>("the exchange is closed"))
    ///     .fallback("stored")
    ///     .function("stored", (), || 1.5)
    ///     .function("price", ["live"], |live: &f64| live * 2.0)
    ///     .build()?;
    /// let run = graph.driver().build()?.execute_named(["price"], ())?;
    /// assert_eq!(run.get::<f64>("price")?, &3.0);
    /// assert!(matches!(run.report().outcome("live"), Some(Outcome::FellBack { .. })));
    /// # Ok::<(), millstream::Error>(())
    /// ```
    pub fn fallback(mut self, other: impl Into<String>) -> Self {
        let name = Text::Owned(other.into());
        if let Some(recovery) = self.recovery_by_fallback("fallback") {
            recovery.fallback = Some(FallbackData::Node { name, index: u32::MAX });
        }
        self
    }

    /// Where the node just added fails, or cannot run since something it needs is missing, its value is this.
    ///
    /// ```
    /// use millstream::Graph;
    ///
    /// let graph = Graph::builder()
    ///     .try_function("live", (), || Err::<f64, _>("the exchange is closed"))
    ///     .fallback_value(1.0)
    ///     .build()?;
    /// assert_eq!(graph.driver().build()?.execute_named(["live"], ())?.get::<f64>("live")?, &1.0);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    pub fn fallback_value<T: NodeValue + Clone + Send + Sync>(mut self, value: T) -> Self {
        let call = Call::Dynamic(SharedCall::new::<(), _, _>(move |()| Ok(value.clone())));
        let Some(draft) = self.last("fallback_value") else { return self };
        let (name, is) = (draft.node.name.clone(), draft.node.value);
        if is.type_id() != TypeId::of::<T>() {
            let (is, given) = (is.text(), Plain::<T>::TYPE.text());
            self.problems.push(format!(
                "node `{name}` yields `{is}`, but falls back on a `{given}`; give it a `{is}`"
            ));
        } else if let Some(recovery) = self.recovery_by_fallback("fallback_value") {
            recovery.fallback = Some(FallbackData::Value { call, written: Text::default() });
        }
        self
    }

    /// Where the node just added fails it is tried again as often. See [`Retry`](crate::Retry).
    ///
    /// ```
    /// use millstream::Graph;
    ///
    /// let graph = Graph::builder().try_function("live", (), || Err::<f64, _>("closed")).retries(2).build()?;
    /// let error = graph.driver().build()?.execute_named(["live"], ()).unwrap_err();
    /// assert_eq!(error.to_string(), "node `live` failed after 3 attempts");
    /// # Ok::<(), millstream::Error>(())
    /// ```
    pub fn retries(mut self, times: u32) -> Self {
        if let Some(recovery) = self.recovery("retries") {
            recovery.retries = Some(times);
        }
        self
    }

    /// The node just added may take that long. See [`DriverBuilder::timeout`](crate::DriverBuilder::timeout).
    /// In a dynamic block only an async node can have a time limit.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use millstream::Graph;
    ///
    /// let graph = Graph::builder().function("quick", (), || 1.5).timeout(Duration::from_secs(60)).build()?;
    /// assert_eq!(graph.driver().build()?.execute_named(["quick"], ())?.get::<f64>("quick")?, &1.5);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    pub fn timeout(mut self, limit: Duration) -> Self {
        if let Some(recovery) = self.recovery("timeout") {
            recovery.timeout = Some(limit);
        }
        self
    }

    /// The same where something is to stand in for the node.
    fn recovery_by_fallback(&mut self, method: &str) -> Option<&mut RecoveryData> {
        if let Some(draft) = self.drafts.last().filter(|draft| draft.node.expands) {
            self.problems.push(format!(
                "node `{}` opens a block, whose items may be in use when it fails, so nothing can stand in for it; call `{method}` after a node that it needs, or after one in the block",
                draft.node.name
            ));
            return None;
        }
        self.recovery(method)
    }

    fn recovery(&mut self, method: &str) -> Option<&mut RecoveryData> {
        let draft = self.last(method)?;
        if matches!(draft.node.role, RoleData::Function(_)) {
            return self.drafts.last_mut().and_then(|draft| match &mut draft.node.role {
                RoleData::Function(function) => {
                    function.variants.first_mut().map(|variant| &mut variant.recovery)
                }
                RoleData::Input { .. } | RoleData::Part { .. } => None,
            });
        }
        let problem = format!(
            "`{}` does not run, so `{method}` means nothing for it; call `{method}` after a node",
            draft.node.name
        );
        self.problems.push(problem);
        None
    }
}
