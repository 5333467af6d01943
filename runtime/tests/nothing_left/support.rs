//! Values that are counted.

use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, Once};
use std::task::{Poll, Waker};

/// Makes values, and knows how many of them there are, and who waits.
#[derive(Clone, Default)]
pub struct Store {
    counted: Arc<()>,
    asleep: Arc<Mutex<VecDeque<Sleeper>>>,
}

/// Who waits, and whether it is his turn.
type Sleeper = (Arc<AtomicBool>, Waker);

/// A value.
#[derive(Clone)]
pub struct Held {
    /// Behind a pointer of its own, so that a second `drop`, or a look at what is gone, is found.
    pub text: String,
    _counted: Arc<()>,
}

impl Store {
    pub fn hold(&self, text: impl Into<String>) -> Held {
        Held { text: text.into(), _counted: Arc::clone(&self.counted) }
    }

    /// How many values there are, and others who may make some.
    pub fn count(&self) -> usize {
        Arc::strong_count(&self.counted) - 1
    }

    /// Waits until there are no more than that: what goes on by itself on other threads ends there.
    pub fn wait_for(&self, count: usize) {
        while self.count() > count {
            self.wake_one();
            std::thread::yield_now();
        }
        assert_eq!(self.count(), count);
    }

    /// Waits until it is one's turn.
    pub async fn turn(&self) {
        let is_up = Arc::new(AtomicBool::new(false));
        poll_fn(|context| {
            if is_up.load(Ordering::SeqCst) {
                return Poll::Ready(());
            }
            let mut asleep = self.asleep.lock().unwrap();
            asleep.retain(|(other, _)| !Arc::ptr_eq(other, &is_up));
            asleep.push_back((Arc::clone(&is_up), context.waker().clone()));
            Poll::Pending
        })
        .await;
    }

    /// Lets the next one go on.
    pub fn wake_one(&self) {
        let next = self.asleep.lock().unwrap().pop_front();
        if let Some((is_up, waker)) = next {
            is_up.store(true, Ordering::SeqCst);
            waker.wake();
        }
    }
}

impl fmt::Debug for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Panics are expected here: without their output.
pub fn quiet() {
    static QUIET: Once = Once::new();
    QUIET.call_once(|| std::panic::set_hook(Box::new(|_| ())));
}

/// Where a run is to go wrong.
#[derive(Clone, Copy, Debug)]
pub enum Wrong {
    Nowhere,
    Fails(&'static str),
    Panics(&'static str),
}

impl Wrong {
    pub fn check(self, here: &str) -> Result<(), String> {
        match self {
            Self::Fails(at) if at == here => Err(format!("{here} is where it was to fail")),
            Self::Panics(at) if at == here => panic!("{here} is where it was to panic"),
            _ => Ok(()),
        }
    }

    /// At each of some places, in each way, and nowhere.
    pub fn everywhere<const N: usize>(places: [&'static str; N]) -> impl Iterator<Item = Self> {
        let at_all = places.into_iter().flat_map(|place| [Self::Fails(place), Self::Panics(place)]);
        std::iter::once(Self::Nowhere).chain(at_all)
    }
}
