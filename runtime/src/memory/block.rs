//! Dynamic blocks: a program inside of a program, run once for each item.

use std::future::Future;
use std::sync::Arc;

use crate::context::Here;
use crate::crew;
use crate::error::NodeError;
use crate::fault::{Fault, guard};
use crate::run::Keeper;
use crate::value_type::ValueType;

use super::builder::ProgramBuilder;
use super::call::{Ended, Run};
use super::instance::Instance;
use super::list::{ListOps, Vector};
use super::param::ErrorCell;
use super::program::{Entry, OpKind, Program, SlotId, id};
use super::raw::Raw;
use super::{share, together};

/// A block, ready to be run.
#[allow(clippy::struct_excessive_bools, reason = "each says something else")]
pub(crate) struct BlockPlan {
    pub(super) program: Arc<Program>,
    /// Of each list that is filled.
    exports: Vec<&'static Vector>,
    /// Of each source that items come from.
    feeds: Vec<&'static ListOps>,
    /// Whether it runs for as much as is there of what it imports.
    imports_may_lack: bool,
    /// For each task whether nothing is amiss where it fails for an item; empty where it always is.
    contained: Vec<bool>,
    /// Whether more is to be done for its tasks than to call functions.
    pub(super) is_kept: bool,
    /// Whether it has to wait for futures.
    pub(super) waits: bool,
    /// Whether it makes no difference in which order items go through it.
    pub(super) may_go_abreast: bool,
}

/// What goes out of a block for each item.
#[derive(Clone, Copy)]
pub(crate) struct Export {
    pub(crate) ty: &'static ValueType,
    /// Whether there is an error in place of a value that is missing.
    pub(crate) tolerates: bool,
    /// Whether the block ends where a value is missing.
    pub(crate) is_needed: bool,
}

impl BlockPlan {
    pub(crate) fn program(&self) -> &Arc<Program> {
        &self.program
    }

    /// Whether nothing is amiss where a task fails for an item.
    pub(super) fn is_contained(&self, rank: usize) -> bool {
        self.contained.get(rank).copied().unwrap_or(false)
    }

    /// For each task whether it cannot run, whatever the items are, where something is missing of the imports: the first
    /// of those that is to blame. `missing` has it for each slot.
    fn cannot_run(&self, mut missing: Vec<Option<usize>>) -> Vec<Option<usize>> {
        let program = &self.program;
        let mut blocks = program.blocks.iter().peekable();
        let mut cannot_run = Vec::with_capacity(program.tasks.len());
        for rank in 0..program.tasks.len() {
            let needs: Vec<Option<usize>> =
                program.requires(rank).map(|slot| missing[slot as usize]).collect();
            // Of two that it chooses from one will do.
            let chooses = program.tasks[rank].choice.is_some();
            let will_do = chooses && needs.contains(&None);
            let lacks = needs.into_iter().flatten().min().filter(|_| !will_do);
            if lacks.is_some() {
                program.makes(rank).for_each(|slot| missing[slot as usize] = lacks);
            }
            if let Some(inner) = blocks.next_if(|inner| inner.rank == rank) {
                for (list, why) in inner.lists.iter().zip(inner.lists_without(&missing)) {
                    missing[*list as usize] = missing[*list as usize].or(why);
                }
            }
            cannot_run.push(lacks);
        }
        cannot_run
    }

    pub(super) fn exports(&self) -> &[&'static Vector] {
        &self.exports
    }

    pub(super) fn feeds(&self) -> &[&'static ListOps] {
        &self.feeds
    }

    /// That one source has an item of this number, and another, which is `short`, has not.
    pub(super) fn miscounted(&self, item: usize, short: usize, long: usize, keeper: &Keeper) -> Fault {
        let opener = self.program.label(0).node;
        let node_of = |feed: usize| self.program.node_of(id(self.exports.len() + feed));
        let name = |feed: usize| keeper.name(node_of(feed));
        let s = if item == 1 { "" } else { "s" };
        let few = if node_of(short) == opener {
            format!("`{}` has {item} item{s}", name(short))
        } else {
            format!("`{}` was given {item} value{s}", name(short))
        };
        let more = if node_of(long) == opener { "has more items" } else { "was given more" };
        Fault::Misfit(format!("{few}, but `{}` {more}", name(long)))
    }
}

/// A block that a task of a program runs.
pub(super) struct InnerBlock {
    rank: usize,
    plan: Arc<BlockPlan>,
    lists: Vec<SlotId>,
    imports: Vec<SlotId>,
}

impl InnerBlock {
    /// For each list whether there is nothing to put into it where some slots are empty, and why they are.
    fn lists_without(&self, missing: &[Option<usize>]) -> Vec<Option<usize>> {
        let first = self.plan.exports.len() + self.plan.feeds.len();
        let mut within = vec![None; self.plan.program.slots.len()];
        for (import, from) in self.imports.iter().enumerate() {
            within[first + import] = missing[*from as usize];
        }
        if within.iter().all(Option::is_none) {
            return vec![None; self.lists.len()];
        }
        // Each list is filled by a task of its own, and these come last.
        let mut cannot_run = self.plan.cannot_run(within);
        cannot_run.split_off(cannot_run.len() - self.lists.len())
    }
}

/// What the program of a block works with: lists that it fills, and sources that it takes items from.
pub(crate) struct BlockTools {
    lists: Vec<(SlotId, &'static ListOps, Export)>,
    /// Values that must be there at the end.
    needed: Vec<SlotId>,
    sources: Vec<(SlotId, &'static ListOps)>,
    imports_may_lack: bool,
}

impl BlockTools {
    /// Tools of a program for lists, and sources, of values of these types. They are the first that it imports. Each list
    /// is filled by a task of its own. The block may have to run without some of what else it imports, if that
    /// `imports_may_lack`.
    ///
    /// # Errors
    /// Where there can be no list of values of a type.
    pub(crate) fn new(
        program: &mut ProgramBuilder,
        exports: &[Export],
        feeds: &[&'static ValueType],
        imports_may_lack: bool,
    ) -> Result<Self, String> {
        let no_list = |ty: &ValueType| format!("there can be no list of `{}`", ty.text());
        let mut lists = Vec::with_capacity(exports.len());
        for export @ Export { ty, tolerates, .. } in exports {
            let list = if *tolerates { ty.results() } else { ty.list() };
            let (list, ops) = list.zip(ty.lists()).ok_or_else(|| no_list(ty))?;
            lists.push((program.import_tool(list), ops, *export));
        }
        let mut sources = Vec::with_capacity(feeds.len());
        for ty in feeds {
            let (source, ops) = ty.source().zip(ty.lists()).ok_or_else(|| no_list(ty))?;
            sources.push((program.import_tool(source), ops));
        }
        Ok(Self { lists, needed: Vec::new(), sources, imports_may_lack })
    }

    /// Takes an item from a source. Only further ones may have come before: the first that has none ends the block.
    pub(crate) fn pull(&self, program: &mut ProgramBuilder, feed: usize, item: SlotId) -> Result<(), String> {
        let (source, ops) = self.sources[feed];
        item_op(program, (ops.pull, OpKind::Pull), ops, (source, item), |program, op| program.fill(op, item))
    }

    /// Puts a value into a list, or what goes in its place: a clone, or a box with it.
    pub(crate) fn push(
        &mut self,
        program: &mut ProgramBuilder,
        export: usize,
        value: SlotId,
        in_place: Option<SlotId>,
    ) -> Result<(), String> {
        let (list, ops, Export { tolerates, is_needed, .. }) = self.lists[export];
        if tolerates {
            return item_op(program, (ops.results.push, OpKind::Push), ops, (list, value), |program, op| {
                program.take_or_error(op, value)
            });
        }
        if is_needed {
            self.needed.push(value);
        }
        let value = in_place.unwrap_or(value);
        let take = |program: &mut ProgramBuilder, op| program.take_whole(op, value);
        item_op(program, (ops.push, OpKind::Push), ops, (list, value), take)
    }

    /// The block. It `is_kept` if more is to be done for its tasks than to call functions.
    pub(crate) fn build(self, program: ProgramBuilder, is_kept: bool) -> Result<BlockPlan, String> {
        let program = program.build(&[])?;
        if !program.left.is_empty() {
            return Err("a block leaves values behind".to_owned());
        }
        let is_tolerant = program.is_tolerant() || !self.lists.iter().all(|(.., export)| export.is_needed);
        let contained = if is_tolerant { program.contained(&self.needed) } else { Vec::new() };
        let vector = |(_, ops, export): &(SlotId, &'static ListOps, Export)| {
            if export.tolerates { &ops.results.vector } else { &ops.vector }
        };
        let waits = program.is_waiting();
        Ok(BlockPlan {
            is_kept: is_kept || waits,
            waits,
            imports_may_lack: self.imports_may_lack,
            may_go_abreast: !is_kept && !is_tolerant && program.may_go_abreast(),
            program: Arc::new(program),
            contained,
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
        let rank = self.tasks.len() - 1;
        self.entries.extend([Entry::Here, Entry::Number(rank)]);
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
        self.entries.extend(slots.iter().map(|slot| Entry::Slot(*slot)));
        for import in imports {
            if plan.imports_may_lack {
                self.look_or_error(*import)?;
            } else {
                self.look(*import)?;
            }
        }
        let inner = Arc::clone(&plan);
        self.blocks.push(InnerBlock { rank, plan: inner, lists: lists.to_vec(), imports: imports.to_vec() });
        let kind = if plan.waits { OpKind::WaitingBlock } else { OpKind::Block };
        let plan: Arc<Arc<BlockPlan>> = Arc::new(plan);
        let data = Arc::as_ptr(&plan).cast();
        self.owners.push(plan);
        self.push(run_block, data, at, kind);
        lists.iter().try_for_each(|list| self.fill(op, *list))
    }

    /// Hands on the list of the values of a node, unless something is missing of it.
    pub(crate) fn gather(&mut self, node: u32, list: SlotId, whole: SlotId) -> Result<(), String> {
        let raw = self.slots[list as usize].raw;
        self.same_type(whole, self.slots[list as usize].ty.type_id())?;
        let (op, at) = (id(self.ops.len()), id(self.entries.len()));
        self.take_whole(op, list)?;
        let lists = [list, whole].map(Entry::Slot);
        self.entries.extend([Entry::Here, Entry::Number(node as usize)].into_iter().chain(lists));
        self.push(run_gather, std::ptr::from_ref(raw).cast(), at, OpKind::Call);
        self.fill(op, whole)
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
/// `data` is to the [`Raw`] of the list at the third pointer, which nobody uses afterwards; at the fourth there is room for
/// it. The others are to what the memory knows of its run, and the number of a node.
unsafe fn run_gather(data: *const (), at: *const *mut u8) -> Ended {
    // SAFETY: the caller's promise.
    let (raw, here, node) = unsafe { (&*data.cast::<Raw>(), &*(*at).cast::<Here>(), (*at.add(1)).addr()) };
    // SAFETY: the same.
    let (list, whole) = unsafe { (*at.add(2), *at.add(3)) };
    let Some(missing) = here.keeper().and_then(|keeper| keeper.missing_of(id(node), &here.items())) else {
        // SAFETY: the same.
        unsafe { list.copy_to_nonoverlapping(whole, raw.size) };
        return None;
    };
    if let Some(drop) = raw.drop {
        // SAFETY: the list is there, and is not used afterwards. What it tells of matters more than a value that panics.
        let _ = guard(|| unsafe { drop(list) });
    }
    Some(Box::new(Fault::Known(missing)))
}

/// # Safety
/// `data` is to an `Arc` of a [`BlockPlan`]; the pointers are to what the memory knows of its run, the number of the
/// task, and pointers to room for the lists of the block, to its sources, which nobody uses afterwards, and to what it
/// imports; where items may fail, then for each import to the cell of an error, and if there is one, nothing is imported.
unsafe fn run_block(data: *const (), at: *const *mut u8) -> Ended {
    // SAFETY: the caller's promise.
    let block = unsafe { Opened::new(data, at) };
    let outcome = match (block.has_to_wait(), crew::current()) {
        (true, _) => together::run_here(&block),
        (false, Some(crew)) => share::run(&block, &crew),
        (false, None) => block.run_alone(),
    };
    block.close(outcome)
}

/// The same without a thread while it waits.
///
/// # Safety
/// The same, until the future is over; or else what is at the pointers is neither used nor dropped any more.
pub(super) unsafe fn wait_for_block<'p>(
    data: *const (),
    at: *const *mut u8,
) -> impl Future<Output = Ended> + Send + use<'p> {
    // SAFETY: the caller's promise.
    let block: Opened<'p> = unsafe { Opened::new(data, at) };
    async move {
        let outcome = match block.here.keeper() {
            Some(keeper) if block.has_to_wait() => together::run(&block, keeper).await,
            _ => block.run_alone(),
        };
        block.close(outcome)
    }
}

/// Whether a block takes items from a stream.
///
/// # Safety
/// The same, with sources that nobody else uses meanwhile.
pub(super) unsafe fn takes_stream(data: *const (), at: *const *mut u8) -> bool {
    // SAFETY: the caller's promise.
    let plan = unsafe { &*data.cast::<Arc<BlockPlan>>() };
    let sources = plan.feeds.iter().zip(2 + plan.exports.len()..);
    // SAFETY: the same.
    sources.into_iter().any(|(ops, number)| unsafe { (ops.is_stream)(*at.add(number)) })
}

/// A block whose lists are there, and empty.
pub(super) struct Opened<'p> {
    pub(super) plan: &'p Arc<BlockPlan>,
    /// Of lists, sources and imports.
    pub(super) places: &'p [*mut u8],
    pub(super) here: Here,
    /// What is missing of the imports, and why.
    pub(super) missing: Arc<[(SlotId, NodeError)]>,
}

// SAFETY: what is at the places is `Send + Sync`, and nobody else uses lists and sources.
unsafe impl Send for Opened<'_> {}
// SAFETY: the same; through a shared reference they are only used by who runs the block.
unsafe impl Sync for Opened<'_> {}

impl Opened<'_> {
    /// # Safety
    /// See [`run_block`]: that holds for as long as it is there.
    unsafe fn new(data: *const (), at: *const *mut u8) -> Self {
        // SAFETY: the caller's promise.
        let plan = unsafe { &*data.cast::<Arc<BlockPlan>>() };
        let imports = plan.program.slots.iter().filter(|slot| slot.is_import()).count();
        // SAFETY: there is a pointer for each import.
        let (here, rank, places) = unsafe {
            (&*(*at).cast::<Here>(), (*at.add(1)).addr(), std::slice::from_raw_parts(at.add(2), imports))
        };
        for (place, ops) in places.iter().zip(&plan.exports) {
            // SAFETY: there is room for the list.
            unsafe { (ops.new)(*place) };
        }
        let first = plan.exports.len() + plan.feeds.len();
        let cells = if plan.imports_may_lack { imports - first } else { 0 };
        let error = |number: usize| {
            // SAFETY: there is a pointer to a cell for each import besides lists and sources.
            let cell = unsafe { &*(*at.add(2 + imports + number)).cast::<ErrorCell>() };
            // Tools and imports are the first slots of the program.
            Some((id(first + number), cell.get()?.clone()))
        };
        let missing = (0..cells).filter_map(error).collect();
        let opened = Self { plan, places, here: here.within(rank), missing };
        opened.foretell();
        opened
    }

    /// Writes down what is missing whatever the items are, also where there are none.
    fn foretell(&self) {
        let Some(keeper) = self.here.keeper().filter(|_| !self.missing.is_empty()) else { return };
        let program = &self.plan.program;
        let mut missing = vec![None; program.slots.len()];
        for (number, (import, _)) in self.missing.iter().enumerate() {
            missing[*import as usize] = Some(number);
        }
        for (rank, why) in self.plan.cannot_run(missing).into_iter().enumerate() {
            let Some(why) = why else { continue };
            keeper.is_missing(program.label(rank), self.here.items(), &self.missing[why].1);
            if program.tasks[rank].choice.is_some() {
                keeper.is_helpless(program.label(rank).node);
            }
        }
    }

    /// Its sources, with what can be done with them.
    pub(super) fn sources(&self) -> impl Iterator<Item = (*mut u8, &'static ListOps)> {
        let places = self.places[self.plan.exports.len()..].iter().copied();
        places.zip(self.plan.feeds.iter().copied())
    }

    /// How many items may be alive at once, if a source says so.
    pub(super) fn most(&self) -> Option<usize> {
        // SAFETY: the sources are there, and this is the only one that uses them.
        self.sources().filter_map(|(source, ops)| unsafe { (ops.most)(source) }).min()
    }

    fn has_to_wait(&self) -> bool {
        let waits =
            self.plan.waits || self.here.live.as_ref().is_some_and(|live| live.hooks().wait_at_tasks());
        // SAFETY: the sources are there, and this is the only one that uses them.
        waits || self.sources().any(|(source, ops)| unsafe { (ops.is_stream)(source) })
    }

    fn run_alone(&self) -> Result<(), Fault> {
        // SAFETY: lists, sources and imports are there, and nobody else uses the first two.
        let mut instance = unsafe { Instance::with(Arc::clone(&self.plan.program), self.places) };
        instance.set_here(self.here.again());
        instance.set_missing(&self.missing);
        instance.may_go_abreast = self.plan.may_go_abreast && self.most().is_none();
        self.plan.run_items(&mut instance, 0).map_err(|failure| Fault::Item(Box::new(failure)))
    }

    /// Drops the sources, and the lists if they are not what they were to be.
    fn close(self, outcome: Result<(), Fault>) -> Ended {
        let drop_at = |place: *mut u8, drop: Option<unsafe fn(*mut u8)>| match drop {
            // SAFETY: the value is there, and is not used afterwards.
            Some(drop) => guard(|| unsafe { drop(place) }),
            None => Ok(()),
        };
        let opener = self.plan.program.label(0).node;
        for (source, ops) in self.sources() {
            if let (Err(fault), Some(keeper)) = (drop_at(source, ops.source.drop), self.here.keeper()) {
                keeper.not_dropped(opener, fault);
            }
        }
        let Err(fault) = outcome else {
            if let Some(keeper) = self.here.keeper() {
                keeper.has_ended();
            }
            return None;
        };
        for (list, ops) in self.places.iter().zip(&self.plan.exports) {
            // It is told of what went wrong before.
            let _ = drop_at(*list, ops.raw.drop);
        }
        Some(Box::new(fault))
    }
}
