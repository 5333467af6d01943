//! The items of a block, one after another, in one memory.

use std::sync::Arc;

use futures_util::FutureExt;

use crate::error::NodeError;
use crate::fault::{Fault, ItemFault};
use crate::hook::Ending;
use crate::run::Keeper;

use super::block::BlockPlan;
use super::instance::{Instance, Stop};
use super::program::{OpKind, SlotId};
use super::task::Claimed;

impl BlockPlan {
    /// Runs the program for one item after another, of which `first` is the first, until there are no more.
    pub(super) fn run_items(&self, instance: &mut Instance, first: usize) -> Result<(), ItemFault> {
        let keeper = instance.here().keeper().cloned();
        match keeper.filter(|keeper| self.is_kept || keeper.listens()) {
            Some(keeper) => keeper.wait_for(self.keep_items(instance, first, Some(&keeper))),
            // Nothing in it waits.
            None => self.keep_items(instance, first, None).now_or_never().unwrap_or(Ok(())),
        }
    }

    /// The same, with somebody who looks after the tasks if there is something to look after.
    pub(super) async fn keep_items(
        &self,
        instance: &mut Instance,
        first: usize,
        keeper: Option<&Arc<Keeper>>,
    ) -> Result<(), ItemFault> {
        let Some(log) = instance.here().keeper().cloned() else {
            let fault = Fault::Misfit("nobody looks after it".to_owned());
            return Err(ItemFault { item: first, op: 0, fault });
        };
        let mut item = first;
        loop {
            let (done, stop) = match keeper {
                _ if instance.goes_by_task() => (0, instance.take_item(item, &log).await.err()),
                Some(keeper) => instance.keep_items(item, keeper).await,
                None => instance.run_abreast(item),
            };
            item += done;
            let rest = match stop {
                Some(Stop { op, fault: Fault::End }) => match self.longer(instance, op) {
                    Some(other) => Err(Stop { op, fault: self.miscounted(item, op, other, &log) }),
                    None => return Ok(()),
                },
                Some(stop) => self.rest(instance, item, stop, &log),
                None => Ok(Rest { rank: 1, fault: None }),
            };
            match rest {
                Ok(rest) => self.finish(instance, item, rest, (keeper, &log)).await?,
                Err(Stop { op, fault }) => {
                    instance.end_item(Ending::by(&fault)).await;
                    instance.give_up(|_, _| ());
                    return Err(ItemFault { item, op, fault });
                }
            }
            item += 1;
        }
    }

    /// A source that has an item where this one, the first of those, has none.
    fn longer(&self, instance: &mut Instance, feed: usize) -> Option<usize> {
        if feed > 0 { Some(0) } else { (1..self.feeds().len()).find(|other| !instance.is_at_end(*other)) }
    }

    /// What is left to be done for an item that has stopped; why it has, if that ends the block.
    fn rest(&self, instance: &mut Instance, item: usize, stop: Stop, log: &Keeper) -> Result<Rest, Stop> {
        let Stop { op, fault } = stop;
        let rank = self.program.task_of(op);
        match self.program.kind(op) {
            // Nobody needs the value any more: the item is none the worse.
            OpKind::Drop(slot) if instance.go_on_after_drop(op) => {
                log.not_dropped(self.program.node_of(slot), fault);
                Ok(Rest { rank: rank + 1, fault: None })
            }
            _ if !self.is_contained(rank) || fault.is_stop() => Err(Stop { op, fault }),
            // The others have an item for the one that cannot be had.
            OpKind::Pull => match (op + 1..self.feeds().len()).find(|feed| instance.is_at_end(*feed)) {
                Some(short) => Err(Stop { op, fault: self.miscounted(item, short, op, log) }),
                None => Ok(Rest { rank, fault: Some(fault) }),
            },
            _ => Ok(Rest { rank, fault: Some(fault) }),
        }
    }

    /// Why a task cannot run, where that is known of what is `missing`.
    fn blame(&self, task: &Claimed<'_>, missing: &[Option<Blame>], log: &Keeper) -> Option<Blame> {
        let why = |slot: SlotId| missing[slot as usize].as_ref();
        if let Some(choice) = &self.program.tasks[task.rank()].choice
            && let (Some(own), Some(other)) = (why(choice.first.slot), why(choice.second.slot))
        {
            return Some(Blame { at: own.at, error: log.of_both(task, &own.error, &other.error) });
        }
        self.program.requires(task.rank()).filter_map(why).min_by_key(|blame| blame.at).cloned()
    }

    /// Whether the node of a task has failed itself.
    fn is_to_blame(&self, task: &Claimed<'_>, blame: &Blame) -> bool {
        let rank = blame.at.checked_sub(self.program.slots.len());
        rank.is_some_and(|rank| self.program.label(rank).node == task.label().node)
    }

    /// Runs what can be run for an item of which not all could.
    async fn finish(
        &self,
        instance: &mut Instance,
        item: usize,
        Rest { rank: first, mut fault }: Rest,
        (keeper, log): (Option<&Arc<Keeper>>, &Keeper),
    ) -> Result<(), ItemFault> {
        let program = &self.program;
        instance.here().set_item(item);
        instance.hand_on_missing();
        let mut missing: Vec<Option<Blame>> = vec![None; program.slots.len()];
        for (slot, error) in instance.missing.iter() {
            missing[*slot as usize] = Some(Blame { at: *slot as usize, error: error.clone() });
        }
        let mut failure = None;
        for rank in first..program.tasks.len() {
            let failed = fault.take();
            let claimed = if failed.is_some() { instance.go_on_by_task() } else { instance.claim(rank) };
            let Some(mut task) = claimed else { continue };
            let outcome = match (failed, keeper) {
                (Some(fault), _) => Some(Err(fault)),
                (None, _) if !task.is_ready() => None,
                (None, Some(keeper)) => Some(keeper.run(&mut task).await),
                (None, None) => Some(task.run()),
            };
            let ended = match outcome {
                Some(Ok(())) => Ok(None),
                Some(Err(fault)) if self.is_contained(rank) && !fault.is_stop() => {
                    let error = log.failed(&task, fault);
                    failure.get_or_insert_with(|| error.clone());
                    Ok(Some(Blame { at: program.slots.len() + rank, error }))
                }
                Some(Err(fault)) => Err(fault),
                None if task.is_unneeded() => Ok(None),
                // What has failed was no reason to stop, as long as something could stand in for it.
                None => match self.blame(&task, &missing, log) {
                    Some(blame) if !self.is_contained(rank) => Err(Fault::Known(blame.error)),
                    blame => Ok(blame),
                },
            };
            let blame = match ended {
                Ok(blame) => blame,
                Err(fault) => {
                    task.end(None, |_, _| ());
                    instance.end_item(Ending::by(&fault)).await;
                    instance.reset();
                    let op = program.tasks[rank].ops.start as usize;
                    return Err(ItemFault { item, op, fault });
                }
            };
            if let Some(choice) = &program.tasks[rank].choice {
                match (&blame, &missing[choice.first.slot as usize]) {
                    (Some(blame), _) => {
                        log.has_nothing(&task, self.is_to_blame(&task, blame).then_some(&blame.error));
                    }
                    (None, Some(own)) => log.fell_back(&task, &own.error),
                    (None, None) => {}
                }
            }
            let error = blame.as_ref().map(|blame| &blame.error);
            if let Some(error) = error {
                log.is_missing(task.label(), task.here().items(), error);
            }
            task.end(error, |slot, fault| log.not_dropped(program.node_of(slot), fault));
            for slot in program.makes(rank) {
                missing[slot as usize].clone_from(&blame);
            }
        }
        instance.end_item(Ending::of(failure.as_ref())).await;
        instance.reset();
        Ok(())
    }
}

/// What is left to be done for an item.
struct Rest {
    /// The task to begin with, and why that has failed, if it has.
    rank: usize,
    fault: Option<Fault>,
}

/// Why a value is missing: the first failure that is to blame, and which that is: what is missing from outside comes
/// first, then follow the tasks.
#[derive(Clone)]
struct Blame {
    at: usize,
    error: NodeError,
}
