//! Where in a run something happens.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::hook::Live;
use crate::run::Keeper;

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
}

impl Here {
    /// Outside of all blocks.
    pub(crate) fn of(live: Option<Arc<Live>>, keeper: Option<Arc<Keeper>>) -> Self {
        Self { live, keeper, ..Self::default() }
    }

    /// That of a block which is run here, by the task of a rank.
    pub(crate) fn within(&self, rank: usize) -> Self {
        Self {
            live: self.live.clone(),
            keeper: self.keeper.as_ref().map(|keeper| keeper.within(rank)),
            outer: self.items(),
            item: AtomicUsize::new(1),
        }
    }

    /// The same for another memory of a block.
    pub(crate) fn again(&self) -> Self {
        self.kept_by(self.keeper.clone())
    }

    /// The same where somebody else looks after it.
    pub(crate) fn kept_by(&self, keeper: Option<Arc<Keeper>>) -> Self {
        Self { live: self.live.clone(), keeper, outer: self.outer.clone(), item: AtomicUsize::new(1) }
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
        items.extend(self.item.load(Ordering::Relaxed).checked_sub(1));
        items
    }
}
