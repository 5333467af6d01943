//! Dynamic blocks: a program inside of a program, run once for each item.

use std::sync::Arc;

use crate::context::Here;
use crate::crew;
use crate::error::NodeError;
use crate::fault::{Fault, ItemFault, guard};
use crate::value_type::ValueType;

use super::call::{Ended, Run};
use super::instance::{Instance, Stop};
use super::list::{ListOps, Pulled, Vector};
use super::param::ErrorCell;
use super::program::{Entry, OpKind, Program, ProgramBuilder, SlotId, id};
use super::share;

/// A block, ready to be run.
pub(crate) struct BlockPlan {
    program: Arc<Program>,
    /// Of each list that is filled.
    exports: Vec<&'static Vector>,
    /// Of each source that items come from.
    feeds: Vec<&'static ListOps>,
    /// For each task whether nothing is amiss where it fails for an item: there is an error in place of its value.
    contained: Vec<bool>,
    /// The error of a task that has failed for an item.
    blame: Blame,
}

/// Makes an error of the rank of a task, the item, and the fault.
pub(crate) type Blame = Box<dyn Fn(usize, usize, Fault) -> NodeError + Send + Sync>;

/// What goes out of a block for each item.
#[derive(Clone, Copy)]
pub(crate) struct Export {
    pub(crate) ty: &'static ValueType,
    /// Whether there is an error in place of a value that is missing.
    pub(crate) tolerates: bool,
}

impl BlockPlan {
    pub(crate) fn program(&self) -> &Arc<Program> {
        &self.program
    }

    pub(super) fn exports(&self) -> &[&'static Vector] {
        &self.exports
    }

    pub(super) fn feeds(&self) -> &[&'static ListOps] {
        &self.feeds
    }
}

/// What the program of a block works with: lists that it fills, and sources that it takes items from.
pub(crate) struct BlockTools {
    lists: Vec<(SlotId, &'static ListOps, bool)>,
    /// Values that must be there at the end.
    needed: Vec<SlotId>,
    sources: Vec<(SlotId, &'static ListOps)>,
}

impl BlockTools {
    /// Tools of a program for lists, and sources, of values of these types. They are the first that it imports.
    ///
    /// # Errors
    /// Where there can be no list of values of a type.
    pub(crate) fn new(
        program: &mut ProgramBuilder,
        exports: &[Export],
        feeds: &[&'static ValueType],
    ) -> Result<Self, String> {
        let no_list = |ty: &ValueType| format!("there can be no list of `{}`", ty.text());
        let mut lists = Vec::with_capacity(exports.len());
        for Export { ty, tolerates } in exports {
            let list = if *tolerates { ty.results() } else { ty.list() };
            let (list, ops) = list.zip(ty.lists()).ok_or_else(|| no_list(ty))?;
            lists.push((program.import_tool(list), ops, *tolerates));
        }
        let mut sources = Vec::with_capacity(feeds.len());
        for ty in feeds {
            let (source, ops) = ty.source().zip(ty.lists()).ok_or_else(|| no_list(ty))?;
            sources.push((program.import_tool(source), ops));
        }
        Ok(Self { lists, needed: Vec::new(), sources })
    }

    /// Takes an item from a source. Only further ones may have come before: the first that has none ends the block.
    pub(crate) fn pull(&self, program: &mut ProgramBuilder, feed: usize, item: SlotId) -> Result<(), String> {
        let (source, ops) = self.sources[feed];
        item_op(program, (run_pull, OpKind::Pull), ops, (source, item), |program, op| program.fill(op, item))
    }

    /// Puts a value into a list.
    pub(crate) fn push(
        &mut self,
        program: &mut ProgramBuilder,
        export: usize,
        value: SlotId,
    ) -> Result<(), String> {
        let (list, ops, tolerates) = self.lists[export];
        if tolerates {
            return item_op(program, (run_push_result, OpKind::Push), ops, (list, value), |program, op| {
                program.take_or_error(op, value)
            });
        }
        self.needed.push(value);
        let take = |program: &mut ProgramBuilder, op| program.take_whole(op, value);
        item_op(program, (run_push, OpKind::Push), ops, (list, value), take)
    }

    /// The block.
    pub(crate) fn build(self, program: ProgramBuilder, blame: Blame) -> Result<BlockPlan, String> {
        let program = program.build(&[])?;
        if !program.left.is_empty() {
            return Err("a block leaves values behind".to_owned());
        }
        let contained = if program.is_tolerant() { program.contained(&self.needed) } else { Vec::new() };
        let vector = |(_, ops, tolerates): &(SlotId, &'static ListOps, bool)| {
            if *tolerates { &ops.results.vector } else { &ops.vector }
        };
        Ok(BlockPlan {
            program: Arc::new(program),
            contained,
            blame,
            exports: self.lists.iter().map(vector).collect(),
            feeds: self.sources.iter().map(|(_, ops)| *ops).collect(),
        })
    }
}

fn item_op(
    program: &mut ProgramBuilder,
    (run, kind): (Run, OpKind),
    ops: &'static ListOps,
    (tool, value): (SlotId, SlotId),
    effect: impl FnOnce(&mut ProgramBuilder, u32) -> Result<(), String>,
) -> Result<(), String> {
    let element = program.slots[value as usize].ty;
    if !program.is_tool(tool) || element.lists().is_none_or(|lists| lists.vector.id != ops.vector.id) {
        return Err(format!("an item is a `{}`, and not what it was to be", element.text()));
    }
    let (op, at) = (id(program.ops.len()), id(program.entries.len()));
    program.entries.extend([Entry::Slot(tool), Entry::Slot(value)]);
    effect(program, op)?;
    program.push(run, std::ptr::from_ref(ops).cast(), at, kind);
    Ok(())
}

impl ProgramBuilder {
    /// Runs a block with the sources, which are used up, and the values that it imports, and fills the lists.
    pub(crate) fn block(
        &mut self,
        plan: Arc<BlockPlan>,
        lists: &[SlotId],
        sources: &[SlotId],
        imports: &[SlotId],
    ) -> Result<(), String> {
        let op = id(self.ops.len());
        let at = id(self.entries.len());
        self.entries.push(Entry::Here);
        self.takes_context |= plan.program.takes_context();
        let slots: Vec<SlotId> = [lists, sources, imports].concat();
        let fit = |slot: &SlotId, import: &super::program::Slot| {
            self.slots[*slot as usize].ty.type_id() == import.ty.type_id()
        };
        let imported = plan.program.slots.iter().filter(|slot| slot.is_import());
        if imported.clone().count() != slots.len()
            || lists.len() != plan.exports.len()
            || sources.len() != plan.feeds.len()
            || !slots.iter().zip(imported).all(|(slot, import)| fit(slot, import))
        {
            return Err("a block is given other values than it imports".to_owned());
        }
        for source in sources {
            self.take(op, *source)?;
        }
        for import in imports {
            self.look(*import)?;
        }
        self.entries.extend(slots.iter().map(|slot| Entry::Slot(*slot)));
        let kind = if plan.program.is_waiting() { OpKind::WaitingBlock } else { OpKind::Block };
        let plan: Arc<Arc<BlockPlan>> = Arc::new(plan);
        let data = Arc::as_ptr(&plan).cast();
        self.owners.push(plan);
        self.push(run_block, data, at, kind);
        lists.iter().try_for_each(|list| self.fill(op, *list))
    }

    /// Makes a list a source of its elements.
    pub(crate) fn source_of(
        &mut self,
        element: &'static ValueType,
        list: SlotId,
        source: SlotId,
    ) -> Result<(), String> {
        let Some(ops) = element.lists() else { return Err("there is no such list".to_owned()) };
        let fits = self.slots[list as usize].ty.type_id() == ops.vector.id
            && self.slots[source as usize].ty.type_id() == ops.source_id;
        if !fits {
            return Err("a list is not of the items of its block".to_owned());
        }
        let (op, at) = (id(self.ops.len()), id(self.entries.len()));
        self.take(op, list)?;
        self.entries.extend([Entry::Slot(list), Entry::Slot(source)]);
        self.push(run_source_of, std::ptr::from_ref(ops).cast(), at, OpKind::Call);
        self.fill(op, source)
    }
}

/// # Safety
/// `data` is to the [`ListOps`] of the source at the first pointer, which nobody else uses; at the second there is
/// room for an item.
unsafe fn run_pull(data: *const (), at: *const *mut u8) -> Ended {
    // SAFETY: the caller's promise.
    let pulled = unsafe {
        let ops = &*data.cast::<ListOps>();
        (ops.pull)(*at, *at.add(1))
    };
    match pulled {
        Pulled::Item => None,
        Pulled::Failure(fault) => Some(Box::new(fault)),
        Pulled::End => Some(Box::new(Fault::End)),
    }
}

/// # Safety
/// `data` is to the [`ListOps`] of the list at the first pointer, which nobody else uses, and of the value at the
/// second, which nobody uses afterwards.
unsafe fn run_push(data: *const (), at: *const *mut u8) -> Ended {
    // SAFETY: the caller's promise.
    unsafe {
        let ops = &*data.cast::<ListOps>();
        (ops.push)(*at, *at.add(1));
    }
    None
}

/// # Safety
/// The same, but of the list of results; the third pointer is to the cell of the error, and there is a value only if
/// that is empty.
unsafe fn run_push_result(data: *const (), at: *const *mut u8) -> Ended {
    // SAFETY: the caller's promise.
    unsafe {
        let ops = &*data.cast::<ListOps>();
        let error = (*(*at.add(2)).cast::<ErrorCell>()).get();
        (ops.results.push)(*at, *at.add(1), error);
    }
    None
}

/// # Safety
/// `data` is to the [`ListOps`] of the list at the first pointer, which nobody uses afterwards; at the second there
/// is room for a source.
unsafe fn run_source_of(data: *const (), at: *const *mut u8) -> Ended {
    // SAFETY: the caller's promise.
    unsafe {
        let ops = &*data.cast::<ListOps>();
        (ops.source_of)(*at, *at.add(1));
    }
    None
}

/// # Safety
/// `data` is to an `Arc` of a [`BlockPlan`]; the pointers are to what the memory knows of its run, to room for the lists
/// of the block, to its sources, which nobody uses afterwards, and to what it imports.
unsafe fn run_block(data: *const (), at: *const *mut u8) -> Ended {
    // SAFETY: the caller's promise.
    let plan = unsafe { &*data.cast::<Arc<BlockPlan>>() };
    let imports = plan.program.slots.iter().filter(|slot| slot.is_import()).count();
    // SAFETY: there is a pointer for each import.
    let (here, places) = unsafe { (&*(*at).cast::<Here>(), std::slice::from_raw_parts(at.add(1), imports)) };
    let lists = places.iter().zip(&plan.exports);
    for (place, ops) in lists.clone() {
        // SAFETY: there is room for the list.
        unsafe { (ops.new)(*place) };
    }
    let outcome = match crew::current() {
        // SAFETY: the lists have just been made; the rest is the caller's promise.
        Some(crew) => unsafe { share::run(plan, places, here, &crew) },
        None => {
            // SAFETY: the same.
            let mut instance = unsafe { Instance::with(Arc::clone(&plan.program), places) };
            instance.set_here(here.within());
            plan.run_items(&mut instance, 0).map_err(|failure| Fault::Item(Box::new(failure)))
        }
    };
    let mut faults = Vec::new();
    let mut drop_at = |place: *mut u8, drop: Option<unsafe fn(*mut u8)>| {
        if let Some(drop) = drop {
            // SAFETY: whoever calls this has found that the value is there, and will not use it.
            faults.extend(guard(|| unsafe { drop(place) }).err());
        }
    };
    for (place, ops) in places[plan.exports.len()..].iter().zip(&plan.feeds) {
        drop_at(*place, ops.source.drop);
    }
    if outcome.is_err() {
        for (place, ops) in lists {
            drop_at(*place, ops.raw.drop);
        }
    }
    // A source that cannot be dropped comes after what went wrong before.
    outcome.err().or_else(|| faults.into_iter().next()).map(Box::new)
}

impl BlockPlan {
    /// Runs the program for one item after another, of which `first` is the first, until there are no more.
    pub(super) fn run_items(&self, instance: &mut Instance, first: usize) -> Result<(), ItemFault> {
        let mut item = first;
        loop {
            let (done, Stop { op, fault }) = instance.run_items(item);
            item += done;
            let fault = match fault {
                Fault::End if op == 0 && (1..self.feeds.len()).all(|feed| instance.is_at_end(feed)) => {
                    return Ok(());
                }
                Fault::End => Fault::Misfit(MISCOUNTED.to_owned()),
                fault => {
                    let rank = self.program.task_of(op);
                    if self.contained.get(rank) == Some(&true) {
                        self.finish(instance, (rank, item), fault)?;
                        item += 1;
                        continue;
                    }
                    fault
                }
            };
            instance.end_item(fault.known());
            instance.give_up(|_, _| ());
            return Err(ItemFault { item, op, fault });
        }
    }

    /// Runs what can be run for an item for which a task has failed.
    fn finish(
        &self,
        instance: &mut Instance,
        (failed, item): (usize, usize),
        fault: Fault,
    ) -> Result<(), ItemFault> {
        let mut why: Vec<Option<NodeError>> = vec![None; self.program.slots.len()];
        let (mut fault, mut first) = (Some(fault), None);
        let live = instance.listener();
        for rank in failed..self.program.tasks.len() {
            let claimed = if rank == failed { instance.go_on_by_task() } else { instance.claim(rank) };
            let Some(mut task) = claimed else { continue };
            let outcome = match fault.take() {
                Some(fault) => Err(fault),
                None if task.is_ready() => match &live {
                    Some(live) => live.run_in_block(&mut task),
                    None => task.run(),
                },
                None => {
                    let error = self.program.reads(rank).find_map(|slot| why[slot as usize].clone());
                    self.note(rank, error.as_ref(), &mut why);
                    task.end(error.as_ref(), |_, _| ());
                    continue;
                }
            };
            match outcome {
                Ok(()) => task.end(None, |_, _| ()),
                Err(fault) if self.contained.get(rank) == Some(&true) => {
                    let error = (self.blame)(rank, item, fault);
                    self.note(rank, Some(&error), &mut why);
                    task.end(Some(&error), |_, _| ());
                    first.get_or_insert(error);
                }
                Err(fault) => {
                    task.end(None, |_, _| ());
                    instance.end_item(fault.known());
                    instance.reset();
                    let op = self.program.tasks[rank].ops.start as usize;
                    return Err(ItemFault { item, op, fault });
                }
            }
        }
        instance.end_item(first.as_ref());
        instance.reset();
        Ok(())
    }

    fn note(&self, rank: usize, error: Option<&NodeError>, why: &mut [Option<NodeError>]) {
        for slot in self.program.made_by(&self.program.tasks[rank]) {
            why[slot as usize] = error.cloned();
        }
    }
}

/// What is wrong where values are given for nodes of a block.
pub(super) const MISCOUNTED: &str = "the values given for its nodes are not as many as its items";
