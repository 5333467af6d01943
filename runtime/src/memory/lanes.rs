//! Cheap items of a block, several abreast: each operation is done for one after another of them, then the next.
//!
//! *Why it is sound.* A lane is an instance like any other; lists and sources they share, but they are all of one thread.
//! The builder's account holds for each by itself: before an operation it has been through all before it. Where one
//! stops, what is full in it follows from how far it has come.

use std::cell::Cell;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::fault::{Fault, guard};

use super::call::Ended;
use super::instance::{Instance, Stop};
use super::list::ListOps;
use super::program::{Op, OpKind, Program};

/// So many items are abreast.
const ABREAST: usize = 16;
/// After so many items it is known how long one takes: no longer than this, if they are to go abreast.
const TRIAL: u32 = 32;
const CHEAP: Duration = Duration::from_micros(5 * SLOWER);
/// After so many turns it is looked whether that is still so.
const TURNS: usize = 16;
const STILL_CHEAP: Duration = Duration::from_millis(5 * SLOWER);
/// Under Miri nothing is cheap, but items are to go abreast there, too.
const SLOWER: u64 = if cfg!(miri) { 1_000_000 } else { 1 };

impl Program {
    /// Whether it makes no difference in which order the items of a block go through it.
    pub(super) fn may_go_abreast(&self) -> bool {
        let is_simple = |kind: &OpKind| {
            use OpKind::{Call, Clone, Drop, Pull, Push, Split};
            matches!(kind, Call | Split | Clone | Drop(_) | Pull | Push)
        };
        let pulls = self.kinds.iter().filter(|kind| **kind == OpKind::Pull).count();
        pulls == 1
            && !self.is_tolerant()
            && !self.takes_context()
            && self.supplied.is_empty()
            && self.kinds.iter().all(is_simple)
    }
}

impl Instance {
    /// Runs all operations for one item after another, of which `first` is the first, until one fails. Says how many came
    /// to the end, and where it stopped.
    pub(super) fn run_abreast(&mut self, first: usize) -> (usize, Option<Stop>) {
        let mut done = 0;
        if self.lanes.is_empty() && self.may_go_abreast {
            let begin = Instant::now();
            let (some, stop) = self.run_again(first, TRIAL as usize);
            if stop.is_some() {
                return (some, stop);
            }
            done = some;
            if begin.elapsed() < CHEAP * TRIAL {
                self.lanes = self.more_of_it();
            }
        }
        while !self.lanes.is_empty() {
            let (some, stop) = self.take_turns();
            done += some;
            if stop.is_some() {
                return (done, stop);
            }
        }
        let (some, stop) = self.run_again(first + done, usize::MAX);
        (done + some, stop.or(Some(Stop { op: 0, fault: Fault::Stopped })))
    }

    fn more_of_it(&self) -> Vec<Self> {
        let imports = self.imports();
        // SAFETY: what this one may use they may, too: they are used by one thread.
        (0..ABREAST).map(|_| unsafe { Self::with(Arc::clone(&self.program), imports) }).collect()
    }

    /// Runs some items. Where they are not cheap any more, they go one by one from then on.
    fn take_turns(&mut self) -> (usize, Option<Stop>) {
        let begin = Instant::now();
        let program = Arc::clone(&self.program);
        let tables: [*const *mut u8; ABREAST] = std::array::from_fn(|lane| self.lanes[lane].table());
        let mut done = 0;
        for _ in 0..TURNS {
            if self.here().keeper().is_some_and(|keeper| keeper.may_end() && keeper.is_over()) {
                return (done, Some(Stop { op: 0, fault: Fault::Stopped }));
            }
            let (some, stop) = self.turn(&program, &tables);
            done += some;
            if stop.is_some() {
                return (done, stop);
            }
        }
        if begin.elapsed() > STILL_CHEAP {
            (self.lanes, self.may_go_abreast) = (Vec::new(), false);
        }
        (done, None)
    }

    /// Runs an item in each lane. Says how many came to the end, and how the first that did not has stopped.
    fn turn(&mut self, program: &Program, tables: &[*const *mut u8; ABREAST]) -> (usize, Option<Stop>) {
        let (mut from, mut alive, mut stop) = (0, ABREAST, None);
        while alive > 0 {
            let (at, lane) = (Cell::new(from), Cell::new(0));
            let ended = guard(|| {
                program.ops[from..].iter().enumerate().find_map(|(number, op)| {
                    at.set(from + number);
                    // SAFETY: the lanes that are alive have been through all operations before.
                    unsafe { run_op(op, program.kinds[from + number], &tables[..alive], &lane) }
                })
            });
            let fault = match ended {
                Ok(None) => break,
                Ok(Some(fault)) => *fault,
                Err(fault) => fault,
            };
            let (op, failed) = (at.get(), lane.get());
            for (number, later) in self.lanes[failed..alive].iter_mut().enumerate() {
                later.stop_before(op + usize::from(number == 0), op);
            }
            // Items before it may still fail: the first counts.
            if let Some(Stop { fault, .. }) = stop.replace(Stop { op, fault }) {
                let _ = guard(|| drop(fault));
            }
            (from, alive) = (op + 1, failed);
        }
        (alive, stop)
    }

    /// Drops what is full where it has been through the operations before `passed`, of which those from `made` on have
    /// made nothing.
    fn stop_before(&mut self, passed: usize, made: usize) {
        let full = self.full_after(passed, made);
        for slot in (0..).zip(full).filter_map(|(slot, full)| full.then_some(slot)) {
            let _ = self.drop_slot(slot);
        }
    }
}

/// Does an operation for one lane after another, of which the one at work is noted.
///
/// # Safety
/// The operation can be run on the memory of each table.
unsafe fn run_op(op: &Op, kind: OpKind, tables: &[*const *mut u8], lane: &Cell<usize>) -> Ended {
    let at = op.at as usize;
    match kind {
        // SAFETY: the data of these are what can be done with the list.
        OpKind::Pull => unsafe { ((*op.data.cast::<ListOps>()).pull_abreast)(tables, at, lane) },
        // SAFETY: the same, for a list of values; nothing in it tolerates that they are missing.
        OpKind::Push => unsafe { ((*op.data.cast::<ListOps>()).push_abreast)(tables, at, lane) },
        _ => {
            for (number, table) in tables.iter().enumerate() {
                lane.set(number);
                // SAFETY: the caller's promise.
                let ended = unsafe { (op.run)(op.data, table.add(at)) };
                if ended.is_some() {
                    return ended;
                }
            }
            None
        }
    }
}
