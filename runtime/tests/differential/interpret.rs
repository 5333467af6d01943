//! What a graph comes to, by a naive interpreter: it asks for one value after another, and knows nothing of plans, memory
//! and threads.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use super::build::input;
use super::contained::Contained;
use super::job::{FAILURE, NOTHING, PANIC, TORN, by_name, in_order, mix, parts};
use super::plot::{Fed, INPUTS, Plot, StandIn};
use super::spec::{Does, Ends, Gate, How, Items};

/// What is given for a node by the caller.
pub const GIVEN: u64 = 1_234_567;

/// A failure of a node.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Failure {
    pub node: String,
    pub items: Vec<usize>,
    pub attempts: u32,
    pub message: String,
}

/// Failures, one of which is told of: which of several in one item comes first is not said.
pub type Failures = BTreeSet<Failure>;

/// What something comes to.
#[derive(Clone, Debug)]
pub enum Came {
    Value(u64),
    Missing(Missing),
}

/// Why a value is missing.
#[derive(Clone, Debug)]
pub struct Missing {
    /// What is to blame: of each one.
    pub roots: BTreeSet<Failures>,
    /// Of these one is told of.
    pub told: BTreeSet<Failures>,
    /// Whether that is the node, or the block, itself.
    pub is_own: bool,
}

impl Missing {
    fn own(failures: Failures) -> Self {
        let roots = BTreeSet::from([failures]);
        Self { told: roots.clone(), roots, is_own: true }
    }

    /// Why that is missing which needs all of these.
    fn of_all(needs: impl IntoIterator<Item = Self>) -> Option<Self> {
        let (mut roots, mut told) = (BTreeSet::new(), BTreeSet::new());
        for missing in needs {
            roots.extend(missing.roots);
            told.extend(missing.told);
        }
        (!roots.is_empty()).then_some(Self { roots, told, is_own: false })
    }
}

impl Came {
    fn value(&self) -> Option<u64> {
        match self {
            Self::Value(value) => Some(*value),
            Self::Missing(_) => None,
        }
    }

    pub fn missing(&self) -> Option<Missing> {
        match self {
            Self::Missing(missing) => Some(missing.clone()),
            Self::Value(_) => None,
        }
    }
}

/// What became of a node.
#[derive(Clone, Debug)]
pub struct Ended {
    /// Its value, whether it is its own or not.
    pub came: Came,
    /// What it came to by itself.
    pub own: Came,
    pub attempts: u32,
}

/// What became of a block.
pub type Lists = Result<Made, Missing>;

/// The values of its nodes, by place.
#[derive(Clone, Debug, Default)]
pub struct Made {
    /// Of each item.
    items: Vec<BTreeMap<usize, Came>>,
    /// Why it did not run, in a run that keeps going.
    barred: Option<Missing>,
    /// What they come to whatever the items are, where something is missing.
    always: BTreeMap<usize, Came>,
}

/// What is known of the nodes of blocks.
#[derive(Default)]
pub struct Within {
    /// What they have come to, with the items.
    pub ended: BTreeMap<usize, Vec<(Vec<usize>, Ended)>>,
    /// The same for an item that does not exist.
    pub without_items: BTreeMap<usize, Vec<Ended>>,
    /// Of those that open one the items that could not be had.
    pub torn: BTreeMap<usize, Vec<Failure>>,
    /// Those that open one that has failed as a whole.
    pub broken: BTreeSet<usize>,
    /// Those whose block does not run for some item, and what is to blame for that.
    pub barred: BTreeMap<usize, BTreeSet<Failures>>,
}

/// A run.
pub struct Interpreter<'p> {
    plot: &'p Plot,
    /// For each node whether it has any part in the run.
    pub has_part: Vec<bool>,
    /// For each node whether it may have to stand in for more than one: then it may have to run before it is known
    /// whether it is needed.
    pub is_shared: Vec<bool>,
    contained: Contained<'p>,
    /// Whether what can run does.
    keeps_going: bool,
    pub within: RefCell<Within>,
}

/// Where nodes are called: outside of all blocks, or for one item.
pub struct Frame<'f> {
    outer: Option<&'f Frame<'f>>,
    scope: &'f [usize],
    items: Vec<usize>,
    item: Option<Came>,
    /// Whether there is no such item; and why there is none at all, if something is missing.
    is_none: bool,
    barred: Option<Missing>,
    nodes: RefCell<BTreeMap<usize, Ended>>,
    blocks: RefCell<BTreeMap<usize, Lists>>,
}

impl<'f> Frame<'f> {
    pub fn outermost() -> Self {
        Self::new(None, &[], Vec::new(), None)
    }

    fn new(outer: Option<&'f Self>, scope: &'f [usize], items: Vec<usize>, item: Option<Came>) -> Self {
        let is_none = outer.is_some_and(|outer| outer.is_none);
        let barred = outer.and_then(|outer| outer.barred.clone());
        Self {
            outer,
            scope,
            items,
            item,
            is_none,
            barred,
            nodes: RefCell::default(),
            blocks: RefCell::default(),
        }
    }

    /// The frame of an outer scope, or this one.
    fn at(&self, depth: usize) -> &Self {
        let mut frame = self;
        while frame.scope.len() > depth {
            frame = frame.outer.unwrap_or(frame);
        }
        frame
    }

    pub fn node(&self, node: usize) -> Option<Ended> {
        self.nodes.borrow().get(&node).cloned()
    }

    pub fn block(&self, opener: usize) -> Option<Lists> {
        self.blocks.borrow().get(&opener).cloned()
    }
}

impl<'p> Interpreter<'p> {
    pub fn new(plot: &'p Plot, keeps_going: bool) -> Self {
        let count = plot.nodes.len();
        let mut has_part = vec![false; count];
        let mut owners = plot.needed(&plot.wanted, &mut has_part);
        let always = has_part.clone();
        let mut seen = vec![0; count];
        while let Some(owner) = owners.pop() {
            if let Some(StandIn::Other(other)) = plot.nodes[owner].fallback {
                for node in plot.needed(&[other], &mut always.clone()) {
                    seen[node] += 1;
                }
                owners.extend(plot.needed(&[other], &mut has_part));
            }
        }
        let is_shared = seen.iter().map(|times| *times > 1).collect();
        let contained = Contained::of(plot, &has_part);
        Self { plot, has_part, is_shared, contained, keeps_going, within: RefCell::default() }
    }

    /// Runs all that is needed in any case, and what that demands.
    pub fn run(&self, frame: &Frame<'p>) {
        let mut always = vec![false; self.plot.nodes.len()];
        for node in self.plot.needed(&self.plot.wanted, &mut always) {
            if self.plot.nodes[node].scope.is_empty() {
                self.node(frame, node);
                if matches!(self.plot.nodes[node].does, Does::Open(_)) {
                    let _ = self.block(frame, node);
                }
            }
        }
    }

    /// What the run ends for if it ends at the first failure.
    pub fn fatal(&self, frame: &Frame<'p>) -> BTreeSet<Failures> {
        let mut fatal = BTreeSet::new();
        for (node, ended) in &*frame.nodes.borrow() {
            let own = match &ended.own {
                Came::Missing(missing) if missing.is_own && !self.contained.call(*node) => Some(missing),
                _ => None,
            };
            let chosen = match &ended.came {
                Came::Missing(missing)
                    if self.plot.nodes[*node].fallback.is_some() && !self.contained.value_of(*node) =>
                {
                    Some(missing)
                }
                _ => None,
            };
            fatal.extend(own.into_iter().chain(chosen).flat_map(|missing| missing.roots.clone()));
        }
        for (opener, lists) in &*frame.blocks.borrow() {
            if let Err(missing) = lists
                && missing.is_own
                && !self.contained.block(*opener)
            {
                fatal.extend(missing.roots.clone());
            }
        }
        fatal
    }

    /// What a place comes to, seen from a frame.
    pub fn place(&self, frame: &Frame<'p>, place: usize) -> Came {
        if self.plot.given == Some(place) {
            return Came::Value(GIVEN);
        }
        let at = &self.plot.places[place];
        let Some(node) = at.node else { return Came::Value(input(place)) };
        let frame = frame.at(at.scope.len());
        if let Does::Open(_) = self.plot.nodes[node].does {
            return frame.item.clone().unwrap_or(Came::Value(0));
        }
        let whole = match self.plot.given {
            Some(given)
                if self.plot.places[given].node == Some(node) && self.plot.places[given].part.is_none() =>
            {
                Came::Value(GIVEN)
            }
            _ => self.node(frame, node).came,
        };
        match (whole, at.part) {
            (Came::Value(whole), Some(part)) => Came::Value(parts(whole)[part]),
            (whole, _) => whole,
        }
    }

    /// What a list of the values of a place comes to, seen from a frame outside of its block.
    pub fn list(&self, frame: &Frame<'p>, place: usize) -> Result<Vec<Came>, Missing> {
        let scope = &self.plot.places[place].scope;
        let made = self.block(frame.at(scope.len() - 1), scope[scope.len() - 1])?;
        if let Some(barred) = made.barred {
            return Err(barred);
        }
        Ok(made.items.iter().map(|item| item[&place].clone()).collect())
    }

    /// The same, where none may be missing.
    pub fn whole_list(&self, frame: &Frame<'p>, place: usize) -> Result<Vec<u64>, Missing> {
        let scope = &self.plot.places[place].scope;
        let made = self.block(frame.at(scope.len() - 1), scope[scope.len() - 1])?;
        let items = made.items.iter().map(|item| &item[&place]);
        let missing = made.always.get(&place).into_iter().chain(items.clone()).filter_map(Came::missing);
        let missing: Vec<Missing> = made.barred.into_iter().chain(missing).collect();
        // The first item is told of.
        match missing.first().map(|first| first.told.clone()) {
            Some(told) => {
                let roots = missing.into_iter().flat_map(|it| it.roots).collect();
                Err(Missing { told, roots, is_own: false })
            }
            None => Ok(items.filter_map(Came::value).collect()),
        }
    }

    fn node(&self, frame: &Frame<'p>, node: usize) -> Ended {
        if let Some(ended) = frame.node(node) {
            return ended;
        }
        let mut ended = self.call(frame, node);
        let other = match (&ended.own, self.plot.nodes[node].fallback) {
            (Came::Value(_), _) | (_, None) => None,
            // It does not run at all.
            _ if frame.barred.is_some() => None,
            (_, Some(StandIn::Constant(value))) => Some(Came::Value(value)),
            (_, Some(StandIn::Other(other))) => Some(self.place(frame, other)),
        };
        ended.came = match (&ended.own, other) {
            // What it lacks besides is not to blame: something would have stood in for it.
            (Came::Missing(own), None)
                if self.plot.nodes[node].fallback.is_some()
                    && let Some(barred) = &frame.barred =>
            {
                Came::Missing(Missing { roots: barred.roots.clone(), ..own.clone() })
            }
            (Came::Missing(own), Some(Came::Missing(other))) => {
                // It is told of the node itself, and then of what was to stand in for it.
                let roots = own.roots.union(&other.roots).cloned().collect();
                Came::Missing(Missing { roots, told: own.told.clone(), is_own: false })
            }
            (_, Some(other)) => other,
            (own, None) => own.clone(),
        };
        if !self.plot.nodes[node].scope.is_empty() {
            let mut within = self.within.borrow_mut();
            if frame.is_none {
                within.without_items.entry(node).or_default().push(ended.clone());
            } else {
                within.ended.entry(node).or_default().push((frame.items.clone(), ended.clone()));
            }
        }
        frame.nodes.borrow_mut().insert(node, ended.clone());
        ended
    }

    /// Calls the function of a node.
    fn call(&self, frame: &Frame<'p>, node: usize) -> Ended {
        let data = &self.plot.nodes[node];
        let numbers: Vec<Result<u64, Missing>> = data.params.iter().map(|fed| self.fed(frame, fed)).collect();
        let lacks = numbers.iter().filter_map(|it| it.clone().err()).chain(frame.barred.clone());
        let lacks = Missing::of_all(lacks);
        let ended = |came: Came, attempts| Ended { own: came.clone(), came, attempts };
        if let Some(lacks) = lacks {
            return ended(Came::Missing(lacks), 0);
        }
        if frame.is_none {
            return ended(Came::Value(NOTHING), 0);
        }
        let number = |at: usize| numbers.get(at).and_then(|it| it.as_ref().ok()).copied().unwrap_or(NOTHING);
        let number = mix(mix(number(0), number(1)), node as u64);
        let most = u32::from(data.retries) + 1;
        if let Ends::Refused(gate, of) = data.ends
            && Gate::is_shut(of, &frame.items)
        {
            let (message, attempts) = gate.failure(&data.name, most);
            return ended(self.failed(frame, node, attempts, message), attempts);
        }
        let (outcome, attempts) = match data.ends {
            Ends::Flaky(times) if u32::from(times) < most => (Some(Ok(number)), u32::from(times) + 1),
            Ends::Flaky(_) => (Some(Err(format!("no {number}"))), most),
            ends => (ends.end(number), most),
        };
        match outcome {
            Some(Ok(number)) => {
                let attempts = if let Ends::Flaky(_) = data.ends { attempts } else { 1 };
                ended(Came::Value(number), attempts)
            }
            Some(Err(message)) => ended(self.failed(frame, node, attempts, message), attempts),
            None => ended(self.failed(frame, node, attempts, format!("{PANIC} {number}")), attempts),
        }
    }

    fn failed(&self, frame: &Frame<'p>, node: usize, attempts: u32, message: String) -> Came {
        let (node, items) = (self.plot.nodes[node].name.clone(), frame.items.clone());
        let failure = Failure { node, items, attempts, message };
        Came::Missing(Missing::own([failure].into()))
    }

    /// What a parameter comes to.
    fn fed(&self, frame: &Frame<'p>, fed: &Fed) -> Result<u64, Missing> {
        let one = |place: usize| match self.place(frame, place) {
            Came::Value(value) => Ok(value),
            Came::Missing(missing) => Err(missing),
        };
        let all = || -> Result<Vec<(&str, u64)>, Missing> {
            let names = fed.from.iter().map(|place| self.plot.places[*place].name.as_str());
            let values: Vec<_> = fed.from.iter().map(|place| one(*place)).collect();
            names.zip(values).map(|(name, value)| Ok((name, value?))).collect()
        };
        let value = |came: Came| match came {
            Came::Value(value) => value,
            Came::Missing(_) => FAILURE,
        };
        match fed.how {
            How::Borrow | How::Own | How::Optional | How::OptionalOwn => one(fed.from[0]),
            How::Absent | How::Unsupplied => Ok(NOTHING),
            How::Tolerant => Ok(value(self.place(frame, fed.from[0]))),
            How::Group => {
                self.blame_all(frame, fed)?;
                Ok(in_order(all()?.into_iter().map(|(_, value)| value)))
            }
            How::Map => {
                self.blame_all(frame, fed)?;
                let map: BTreeMap<&str, u64> = all()?.into_iter().collect();
                Ok(by_name(map.into_iter()))
            }
            How::Collect => Ok(in_order(self.whole_list(frame, fed.from[0])?.into_iter())),
            How::CollectResults => Ok(in_order(self.list(frame, fed.from[0])?.into_iter().map(value))),
        }
    }

    /// All that is to blame where members of a group are missing.
    fn blame_all(&self, frame: &Frame<'p>, fed: &Fed) -> Result<(), Missing> {
        let missing = fed.from.iter().filter_map(|place| self.place(frame, *place).missing());
        Missing::of_all(missing).map_or(Ok(()), Err)
    }

    fn block(&self, frame: &Frame<'p>, opener: usize) -> Lists {
        if let Some(lists) = frame.block(opener) {
            return lists;
        }
        let lists = self.all_items(frame, opener);
        if let Err(missing) = &lists {
            let mut within = self.within.borrow_mut();
            if missing.is_own {
                within.broken.insert(opener);
            } else {
                within.barred.entry(opener).or_default().extend(missing.roots.clone());
            }
        }
        frame.blocks.borrow_mut().insert(opener, lists.clone());
        lists
    }

    fn all_items(&self, frame: &Frame<'p>, opener: usize) -> Lists {
        let Does::Open(items) = self.plot.nodes[opener].does else { return Ok(Made::default()) };
        let number = self.node(frame, opener).came;
        let scope = &self.plot.places[self.plot.place_of(opener)].scope;
        // A run that keeps going lets the nodes of the block go without, each for itself.
        let imports = if self.keeps_going { Vec::new() } else { self.missing_imports(frame, scope) };
        let barred = Missing::of_all(number.missing().into_iter().chain(imports));
        if let Some(barred) = barred.clone().filter(|_| !self.keeps_going) {
            return Err(barred);
        }
        let of_items = match number {
            Came::Value(number) if !frame.is_none => {
                let of_items =
                    (0..items.count(number)).map(|item| self.item(frame, opener, (items, number, item)));
                of_items.collect::<Result<_, _>>()?
            }
            _ => Vec::new(),
        };
        let item = barred.clone().map_or(Came::Value(0), Came::Missing);
        let mut none = Frame::new(Some(frame), scope, frame.items.clone(), Some(item));
        none.is_none = true;
        none.barred.clone_from(&barred);
        let always = if self.keeps_going { self.all_places(&none) } else { BTreeMap::new() };
        Ok(Made { items: of_items, barred, always })
    }

    /// What all that there is in a block comes to.
    fn all_places(&self, frame: &Frame<'p>) -> BTreeMap<usize, Came> {
        let places = (INPUTS..self.plot.places.len()).filter(|place| {
            let at = &self.plot.places[*place];
            at.scope == frame.scope && at.node.is_some_and(|node| self.has_part[node])
        });
        places.map(|place| (place, self.place(frame, place))).collect()
    }

    /// What is to blame where something is missing that comes into a block from outside.
    fn missing_imports(&self, frame: &Frame<'p>, scope: &[usize]) -> Vec<Missing> {
        let within = self
            .plot
            .nodes
            .iter()
            .zip(&self.has_part)
            .filter(|(node, has)| **has && node.scope.starts_with(scope));
        let missing = within.flat_map(|(node, _)| {
            let fed = node.params.iter().flat_map(|fed| {
                let is_list = matches!(fed.how, How::Collect | How::CollectResults);
                fed.from.iter().map(move |place| (*place, is_list))
            });
            let other = match node.fallback {
                Some(StandIn::Other(other)) => Some((other, false)),
                Some(StandIn::Constant(_)) | None => None,
            };
            fed.chain(other).filter_map(|(place, is_list)| {
                let inside = &self.plot.places[place].scope;
                match is_list {
                    _ if inside.starts_with(scope) => None,
                    true => self.list(frame, place).err(),
                    false => self.place(frame, place).missing(),
                }
            })
        });
        missing.collect()
    }

    /// Runs a block for one item.
    fn item(
        &self,
        outer: &Frame<'p>,
        opener: usize,
        (items, number, item): (Items, u64, u64),
    ) -> Result<BTreeMap<usize, Came>, Missing> {
        let place = self.plot.place_of(opener);
        let path: Vec<usize> = outer.items.iter().copied().chain([item as usize]).collect();
        let came = if items.is_broken(item) {
            let node = self.plot.nodes[opener].name.clone();
            let failure = Failure { node, items: path.clone(), attempts: 1, message: TORN.to_owned() };
            // Items come in their order.
            self.within.borrow_mut().torn.entry(opener).or_default().push(failure.clone());
            Came::Missing(Missing::own([failure].into()))
        } else {
            Came::Value(mix(number, item))
        };
        let scope = &self.plot.places[place].scope;
        let frame = Frame::new(Some(outer), scope, path, Some(came.clone()));
        let mut fatal = Failures::new();
        let mut note = |came: &Came, is_contained: bool| {
            if let Came::Missing(missing) = came
                && missing.is_own
                && !is_contained
            {
                fatal.extend(missing.roots.iter().flatten().cloned());
            }
        };
        note(&came, self.contained.value(place));
        let inside = (0..self.plot.nodes.len())
            .filter(|node| self.has_part[*node] && self.plot.nodes[*node].scope == *scope);
        for node in inside {
            let ended = self.node(&frame, node);
            note(&ended.own, self.contained.call(node));
            if let Came::Missing(missing) = ended.came
                && self.plot.nodes[node].fallback.is_some()
            {
                note(&Came::Missing(Missing { is_own: true, ..missing }), self.contained.value_of(node));
            }
            if let Does::Open(_) = self.plot.nodes[node].does
                && let Err(missing) = self.block(&frame, node)
            {
                note(&Came::Missing(missing), self.contained.block(node));
            }
        }
        if !fatal.is_empty() && !self.keeps_going {
            return Err(Missing::own(fatal));
        }
        Ok(self.all_places(&frame))
    }
}
