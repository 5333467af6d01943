//! The items of a block, one after another, in one memory.

use std::sync::Arc;

use futures_util::FutureExt;

use crate::error::NodeError;
use crate::fault::{Fault, ItemFault};
use crate::hook::Ending;
use crate::run::Keeper;

use super::block::{BlockPlan, MISCOUNTED};
use super::instance::{Instance, Stop};

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
        let mut item = first;
        loop {
            let (done, Stop { op, fault }) = match keeper {
                Some(keeper) => instance.keep_items(item, keeper).await,
                None => instance.run_abreast(item),
            };
            item += done;
            let fault = match fault {
                Fault::End if op == 0 && (1..self.feeds().len()).all(|feed| instance.is_at_end(feed)) => {
                    return Ok(());
                }
                Fault::End => Fault::Misfit(MISCOUNTED.to_owned()),
                fault => {
                    let rank = self.program.task_of(op);
                    if self.contained.get(rank) == Some(&true) && !fault.is_stop() {
                        self.finish(instance, (rank, item), fault, keeper).await?;
                        item += 1;
                        continue;
                    }
                    fault
                }
            };
            instance.end_item(Ending::by(&fault)).await;
            instance.give_up(|_, _| ());
            return Err(ItemFault { item, op, fault });
        }
    }

    /// Runs what can be run for an item for which a task has failed.
    async fn finish(
        &self,
        instance: &mut Instance,
        (failed, item): (usize, usize),
        fault: Fault,
        keeper: Option<&Arc<Keeper>>,
    ) -> Result<(), ItemFault> {
        let mut why: Vec<Option<NodeError>> = vec![None; self.program.slots.len()];
        let (mut fault, mut first) = (Some(fault), None);
        for rank in failed..self.program.tasks.len() {
            let claimed = if rank == failed { instance.go_on_by_task() } else { instance.claim(rank) };
            let Some(mut task) = claimed else { continue };
            let outcome = match (fault.take(), keeper) {
                (Some(fault), _) => Err(fault),
                (None, Some(keeper)) if task.is_ready() => keeper.run(&mut task).await,
                (None, None) if task.is_ready() => task.run(),
                (None, _) => {
                    let error = self.program.reads(rank).find_map(|slot| why[slot as usize].clone());
                    self.note(rank, error.as_ref(), &mut why);
                    task.end(error.as_ref(), |_, _| ());
                    continue;
                }
            };
            match outcome {
                Ok(()) => task.end(None, |_, _| ()),
                Err(fault) if self.contained.get(rank) == Some(&true) && !fault.is_stop() => {
                    let error = (self.blame)(rank, item, fault);
                    self.note(rank, Some(&error), &mut why);
                    task.end(Some(&error), |_, _| ());
                    first.get_or_insert(error);
                }
                Err(fault) => {
                    task.end(None, |_, _| ());
                    instance.end_item(Ending::by(&fault)).await;
                    instance.reset();
                    let op = self.program.tasks[rank].ops.start as usize;
                    return Err(ItemFault { item, op, fault });
                }
            }
        }
        instance.end_item(Ending::of(first.as_ref())).await;
        instance.reset();
        Ok(())
    }

    fn note(&self, rank: usize, error: Option<&NodeError>, why: &mut [Option<NodeError>]) {
        for slot in self.program.made_by(&self.program.tasks[rank]) {
            why[slot as usize] = error.cloned();
        }
    }
}
