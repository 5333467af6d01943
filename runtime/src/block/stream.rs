//! Items that come when they come.

use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::{Stream, StreamExt};

use crate::fault::Fault;
use crate::node::NodeFault;
use crate::wait::block_on;

use super::source::{Items, Then};

pub(super) struct Streamed<S>(Pin<Box<S>>);

impl<S> Streamed<S> {
    pub(super) fn new(stream: S) -> Self {
        Self(Box::pin(stream))
    }
}

impl<T, E: NodeFault, S: Stream<Item = Result<T, E>>> Items<T> for Streamed<S> {
    fn make(&mut self, most: usize, list: &mut Vec<T>) -> Option<Then> {
        for _ in 0..most {
            match block_on(self.0.next()) {
                Some(Ok(item)) => list.push(item),
                other => return then(other),
            }
        }
        None
    }

    fn poll(&mut self, context: &mut Context<'_>, list: &mut Vec<T>) -> Poll<Option<Then>> {
        self.0.poll_next_unpin(context).map(|next| match next {
            Some(Ok(item)) => {
                list.push(item);
                None
            }
            other => then(other),
        })
    }
}

/// What comes in place of an item.
fn then<T, E: NodeFault>(next: Option<Result<T, E>>) -> Option<Then> {
    match next {
        Some(Ok(_)) => None,
        Some(Err(error)) => Some(Then::Failure(Fault::Error(error.into_fault()))),
        None => Some(Then::End),
    }
}
