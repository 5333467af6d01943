//! Where in a run something happens.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::hook::Live;
use crate::run::{CancellationToken, Cut, Keeper};

/// Which run, and which items of dynamic blocks. Each memory has one.
#[derive(Default)]
pub(crate) struct Here {
    /// There where somebody wants to know.
    pub(crate) live: Option<Arc<Live>>,
    /// There where there are blocks.
    keeper: Option<Arc<Keeper>>,
    /// The items of the blocks around, of the outermost one first.
    outer: Vec<usize>,
    /// The item of the block itself, and one more; 0 outside of all blocks.
    item: AtomicUsize,
    /// The first item that has failed, where several threads are at work on the block.
    cut: Option<Arc<Cut>>,
    /// For an attempt that may be abandoned what says that it was.
    attempt: Option<CancellationToken>,
}

impl Here {
    /// Outside of all blocks.
    pub(crate) fn of(live: Option<Arc<Live>>, keeper: Arc<Keeper>) -> Self {
        Self { live, keeper: Some(keeper), ..Self::default() }
    }

    /// The same for an attempt that may be abandoned.
    pub(crate) fn for_attempt(&self) -> Self {
        let (live, keeper) = (self.live.clone(), self.keeper.clone());
        Self { live, keeper, attempt: Some(CancellationToken::new()), ..Self::default() }
    }

    /// Nobody waits for the attempt any more.
    pub(crate) fn abandon(&self) {
        if let Some(attempt) = &self.attempt {
            attempt.cancel();
        }
    }

    /// That of a block which is run here, by the task of a rank.
    pub(crate) fn within(&self, rank: usize) -> Self {
        let keeper = self.keeper.as_ref().map(|keeper| match self.behind() {
            Some((item, cut)) => keeper.of_item(item, cut, false).within(rank),
            None => keeper.within(rank),
        });
        let (live, outer) = (self.live.clone(), self.items());
        Self { live, keeper, outer, item: AtomicUsize::new(1), ..Self::default() }
    }

    /// The same for another memory of a block.
    pub(crate) fn again(&self) -> Self {
        self.kept_by(self.keeper.clone())
    }

    /// The same where somebody else looks after it.
    pub(crate) fn kept_by(&self, keeper: Option<Arc<Keeper>>) -> Self {
        let (live, outer) = (self.live.clone(), self.outer.clone());
        Self { live, keeper, outer, item: AtomicUsize::new(1), ..Self::default() }
    }

    /// The same for one of several threads that are at work on a block.
    pub(crate) fn beside(&self, cut: &Arc<Cut>) -> Self {
        Self { cut: Some(Arc::clone(cut)), ..self.again() }
    }

    /// Who looks after the tasks of the block.
    pub(crate) fn keeper(&self) -> Option<&Arc<Keeper>> {
        self.keeper.as_ref()
    }

    pub(crate) fn set_item(&self, item: usize) {
        self.item.store(item + 1, Ordering::Relaxed);
    }

    /// The items, of the outermost block first.
    pub(crate) fn items(&self) -> Vec<usize> {
        let mut items = self.outer.clone();
        items.extend(self.item());
        items
    }

    fn item(&self) -> Option<usize> {
        self.item.load(Ordering::Relaxed).checked_sub(1)
    }

    /// Whether nobody wants any more what a node comes to here.
    pub(crate) fn is_over(&self, node: u32) -> bool {
        self.attempt.as_ref().is_some_and(CancellationToken::is_cancelled)
            || self.behind().is_some_and(|(item, cut)| cut.is_behind(item))
            || self.keeper.as_ref().is_some_and(|keeper| keeper.is_over_for(node))
    }

    /// What ends a run within a node here.
    pub(crate) fn tokens(&self, node: u32) -> Vec<CancellationToken> {
        let mut tokens = self.keeper.as_ref().map(|keeper| keeper.tokens(node)).unwrap_or_default();
        tokens.extend(self.attempt.clone());
        tokens.extend(self.behind().map(|(item, cut)| cut.token(item)));
        tokens
    }

    fn behind(&self) -> Option<(usize, &Arc<Cut>)> {
        self.item().zip(self.cut.as_ref())
    }
}
