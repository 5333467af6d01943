//! A block whose items come as a stream, in a dataflow that waits: `lifted_streams.rs` is the text.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use millstream::prelude::*;

mod lifted {
    #![allow(clippy::all, clippy::pedantic, missing_docs, reason = "the text is for others, by their rules")]
    include!("lifted_streams.rs");
}

#[dataflow]
pub mod ticker {
    use futures_util::stream;
    use millstream::{Collect, Parallelizable};

    #[inputs]
    pub struct Inputs {
        pub count: u32,
    }

    /// Each is there at the second look.
    #[node]
    pub fn tick(count: u32) -> Parallelizable<u32> {
        Parallelizable::from_stream(stream::unfold(0, move |number| async move {
            tokio::task::yield_now().await;
            (number < count).then_some((number, number + 1))
        }))
    }

    #[node]
    pub async fn price(tick: u32) -> u32 {
        tick * 2
    }

    #[node]
    pub fn prices(price: Collect<'_, u32>) -> Vec<u32> {
        price.to_vec()
    }
}

pub(super) fn text() -> String {
    ticker::dataflow().graph().to_source(["prices"]).unwrap()
}

#[test]
fn the_text_is_the_one_that_is_compiled_here() {
    super::same_as_compiled("lifted_streams.rs", &text());
}

#[test]
fn its_items_are_awaited() {
    let mut lifted = pin!(lifted::ticker(3));
    let mut look = || lifted.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    assert!((0..4).all(|_| look().is_pending()));
    let Poll::Ready(prices) = look() else { unreachable!("it was looked for often enough") };
    assert_eq!(prices.unwrap(), [0, 2, 4]);
}
