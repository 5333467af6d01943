//! Which failures do no harm, for all that need the value tolerate that it is missing, or hand that on to such as do.

use super::plot::{Plot, StandIn};
use super::spec::{Does, How};

pub struct Contained<'p> {
    plot: &'p Plot,
    /// For each node whether it has any part in the run.
    has_part: Vec<bool>,
}

impl<'p> Contained<'p> {
    pub fn of(plot: &'p Plot, has_part: &[bool]) -> Self {
        Self { plot, has_part: has_part.to_vec() }
    }

    /// Whether the call of a node may fail.
    pub fn call(&self, node: usize) -> bool {
        match self.plot.nodes[node].does {
            Does::Open(_) => self.block(node),
            Does::Value | Does::Parts => self.plot.nodes[node].fallback.is_some() || self.value_of(node),
        }
    }

    /// Whether a node may have no value at all.
    pub fn value_of(&self, node: usize) -> bool {
        (0..self.plot.places.len())
            .filter(|place| self.plot.places[*place].node == Some(node))
            .all(|place| self.value(place))
    }

    /// Whether a block may fail as a whole: whoever collects from it does so.
    pub fn block(&self, opener: usize) -> bool {
        let place = self.plot.place_of(opener);
        let scope = &self.plot.places[place].scope;
        let inside = (0..self.plot.places.len()).filter(|place| self.plot.places[*place].scope == *scope);
        inside.into_iter().all(|place| {
            let is_wanted = self.plot.wanted.contains(&place);
            let outer = &scope[..scope.len() - 1];
            !is_wanted
                && self.users(place).all(|(user, how)| {
                    !matches!(how, How::Collect | How::CollectResults) || self.user(user, outer)
                })
        })
    }

    /// Whether the value of a place may be missing.
    pub fn value(&self, place: usize) -> bool {
        let scope = &self.plot.places[place].scope;
        !self.plot.wanted.contains(&place)
            && self
                .owners(place)
                .all(|owner| self.plot.nodes[owner].scope == *scope || self.user(owner, scope))
            && self.users(place).all(|(user, how)| match how {
                How::Tolerant | How::CollectResults => true,
                How::Collect => self.user(user, &scope[..scope.len() - 1]),
                _ => self.user(user, scope),
            })
    }

    /// Whether somebody who needs something in a scope may go without: itself, or the block that it is in.
    fn user(&self, user: usize, scope: &[usize]) -> bool {
        match self.plot.nodes[user].scope.get(scope.len()) {
            Some(opener) => self.block(*opener),
            None => self.call(user),
        }
    }

    /// The nodes of blocks that a place stands in for: from outside it has to be there in any case.
    fn owners(&self, place: usize) -> impl Iterator<Item = usize> {
        let with_part = (0..self.plot.nodes.len()).filter(|node| self.has_part[*node]);
        with_part.filter(move |node| {
            let node = &self.plot.nodes[*node];
            let is_other = |other: StandIn| matches!(other, StandIn::Other(other) if other == place);
            !node.scope.is_empty() && node.fallback.is_some_and(is_other)
        })
    }

    fn users(&self, place: usize) -> impl Iterator<Item = (usize, How)> {
        let with_part = (0..self.plot.nodes.len()).filter(|node| self.has_part[*node]);
        with_part.flat_map(move |node| {
            let fed = self.plot.nodes[node].params.iter().filter(move |fed| fed.from.contains(&place));
            fed.map(move |fed| (node, fed.how))
        })
    }
}

impl Plot {
    /// The place of a node's own value, or of the items of its block.
    pub fn place_of(&self, node: usize) -> usize {
        let is_whole =
            |place: &usize| self.places[*place].node == Some(node) && self.places[*place].part.is_none();
        (0..self.places.len()).find(is_whole).unwrap_or_default()
    }

    /// The nodes that are needed for some places, fallbacks left aside: those of which it was not known yet.
    pub fn needed(&self, places: &[usize], known: &mut [bool]) -> Vec<usize> {
        let mut new = Vec::new();
        let mut stack = places.to_vec();
        while let Some(place) = stack.pop() {
            let Some(node) = self.places[place].node else { continue };
            let is_given = |given: usize| {
                given == place || self.places[given].node == Some(node) && self.places[given].part.is_none()
            };
            if self.given.is_some_and(is_given) || std::mem::replace(&mut known[node], true) {
                continue;
            }
            new.push(node);
            stack.extend(self.nodes[node].params.iter().flat_map(|fed| fed.from.clone()));
            // In a block what stands in is there for each item.
            if let Some(StandIn::Other(other)) = self.nodes[node].fallback
                && !self.nodes[node].scope.is_empty()
            {
                stack.push(other);
            }
            // A block needs what opens it.
            stack.extend(self.nodes[node].scope.iter().map(|opener| self.place_of(*opener)));
        }
        new
    }
}

/// What stands in for a node by its name; none if that is a constant.
pub fn stand_in(plot: &Plot, node: usize) -> Option<String> {
    match plot.nodes[node].fallback {
        Some(StandIn::Other(other)) => Some(plot.places[other].name.clone()),
        Some(StandIn::Constant(_)) | None => None,
    }
}
