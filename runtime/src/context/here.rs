//! Where in a run something happens.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::hook::Live;

/// Which run, and which items of dynamic blocks. Each memory has one.
#[derive(Default)]
pub(crate) struct Here {
    /// There where somebody wants to know.
    pub(crate) live: Option<Arc<Live>>,
    /// The items of the blocks around, of the outermost one first.
    outer: Vec<usize>,
    /// The item of the block itself, and one more; 0 outside of all blocks.
    item: AtomicUsize,
}

impl Here {
    pub(crate) fn of(live: Arc<Live>) -> Self {
        Self { live: Some(live), ..Self::default() }
    }

    /// That of a block which is run here.
    pub(crate) fn within(&self) -> Self {
        Self { live: self.live.clone(), outer: self.items(), item: AtomicUsize::new(1) }
    }

    /// The same for another memory of a block.
    pub(crate) fn again(&self) -> Self {
        Self { live: self.live.clone(), outer: self.outer.clone(), item: AtomicUsize::new(1) }
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
