//! What a run does with the wakers of those who poll it.
#![allow(clippy::panic, clippy::panic_in_result_fn, clippy::unwrap_used, reason = "these are tests")]

use std::future::{Future, pending};
use std::pin::{Pin, pin};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, ThreadId};
use std::time::Duration;

use millstream::{Error, ErrorKind, Graph, Nodes};

/// Tells that another thread has called it, and panics there if it is to.
struct Tells {
    home: ThreadId,
    told: Sender<()>,
    panics: bool,
}

impl Wake for Tells {
    fn wake(self: Arc<Self>) {
        if thread::current().id() == self.home {
            return;
        }
        self.told.send(()).unwrap();
        assert!(!self.panics, "nobody is there to be woken");
    }
}

fn waker(panics: bool) -> (Waker, Receiver<()>) {
    let (told, hears) = channel();
    (Waker::from(Arc::new(Tells { home: thread::current().id(), told, panics })), hears)
}

/// What somebody who polls is woken by.
struct Task;

impl Wake for Task {
    fn wake(self: Arc<Self>) {}
}

/// A limit that is far away when the test is over.
const FAR: Duration = Duration::from_hours(1);

#[test]
fn what_is_over_before_its_time_keeps_none() -> Result<(), Error> {
    let graph = Graph::builder().async_function("asked", (), tokio::task::yield_now).build()?;
    let limited = [graph.driver().timeout(Nodes::all(), FAR), graph.driver().deadline(FAR)];
    for driver in limited {
        let driver = driver.build()?;
        let task = Arc::new(Task);
        for _ in 0..10 {
            let waker = Waker::from(Arc::clone(&task));
            let mut run = pin!(driver.execute_named_async(["asked"], ()));
            while run.as_mut().poll(&mut Context::from_waker(&waker)).is_pending() {}
        }
        assert_eq!(Arc::strong_count(&task), 1);
    }
    Ok(())
}

/// Somebody who polls may be gone, with the runtime that he was in.
#[test]
fn the_pool_outlives_one_that_panics() -> Result<(), Error> {
    let (open, wait) = channel::<()>();
    let wait = Mutex::new(wait);
    let graph = Graph::builder().function("slow", (), move || assert!(wait.lock().unwrap().recv().is_err()));
    let driver = graph.build()?.driver().build()?;
    let mut run = pin!(driver.execute_named_async(["slow"], ()));
    let (waker, hears) = waker(true);
    assert!(run.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
    drop(open);
    hears.recv().unwrap();
    // All its threads are still there.
    rayon::broadcast(|_| ());
    assert!(matches!(run.poll(&mut Context::from_waker(Waker::noop())), Poll::Ready(Ok(_))));
    Ok(())
}

#[test]
fn the_clock_outlives_one_that_panics() -> Result<(), Error> {
    let graph = Graph::builder().async_function("never", (), pending::<()>).build()?;
    let driver = graph.driver().timeout(Nodes::all(), Duration::from_millis(10)).build()?;
    for panics in [true, false] {
        let (waker, hears) = waker(panics);
        // On a busy machine its time may be over before it was said whom to wake.
        let mut run = loop {
            let mut run = driver.execute_named_async(["never"], ());
            if Pin::new(&mut run).poll(&mut Context::from_waker(&waker)).is_pending() {
                break run;
            }
        };
        assert!(hears.recv_timeout(Duration::from_mins(1)).is_ok(), "nobody looks at the clock");
        let Poll::Ready(Err(error)) = Pin::new(&mut run).poll(&mut Context::from_waker(Waker::noop())) else {
            panic!("its time is over")
        };
        assert_eq!(error.kind(), ErrorKind::Node);
    }
    Ok(())
}
