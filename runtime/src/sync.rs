//! What threads meet at. Under `--cfg millstream_loom` it is what the model checker has in its place; see
//! [`model`](crate::model).

#[cfg(millstream_loom)]
pub(crate) use modelled::*;
#[cfg(not(millstream_loom))]
pub(crate) use plain::*;

#[cfg(not(millstream_loom))]
mod plain {
    pub(crate) use std::sync::{Arc, Condvar, Mutex, MutexGuard, atomic};
    pub(crate) use std::thread_local;
    pub(crate) use std::time::Instant;

    pub(crate) use futures_util::task::AtomicWaker;
    pub(crate) use rayon::{current_num_threads, spawn};

    /// How often a thread looks before it sleeps: about as long as it takes to fall asleep and be woken.
    pub(crate) const SPINS: u32 = 2_000;
}

#[cfg(millstream_loom)]
mod modelled {
    use std::sync::{LockResult, PoisonError};
    use std::task::Waker;
    use std::time::Duration;

    pub(crate) use loom::sync::{Arc, Mutex, MutexGuard, atomic};
    use loom::thread::{Builder, JoinHandle};

    /// To look more than once shows nothing new.
    pub(crate) const SPINS: u32 = 0;

    macro_rules! of_each_thread {
        ($(#[$doc:meta])* static $name:ident: $ty:ty = const $init:block;) => {
            loom::thread_local! { $(#[$doc])* static $name: $ty = $init; }
        };
    }
    pub(crate) use of_each_thread as thread_local;

    /// One besides the caller.
    pub(crate) fn current_num_threads() -> usize {
        2
    }

    loom::lazy_static! {
        static ref POOL: Mutex<Vec<JoinHandle<()>>> = Mutex::new(Vec::new());
    }

    /// There is always a thread of the pool that has nothing else to do.
    pub(crate) fn spawn(run: impl FnOnce() + Send + 'static) {
        let thread = spawn_with_room(run);
        POOL.lock().unwrap_or_else(PoisonError::into_inner).push(thread);
    }

    /// Waits until the pool has nothing to do.
    pub(crate) fn join_pool() {
        let threads = std::mem::take(&mut *POOL.lock().unwrap_or_else(PoisonError::into_inner));
        threads.into_iter().for_each(|thread| thread.join().unwrap());
    }

    /// A thread with room for a whole run: 512 KiB, where loom gives 32.
    pub(crate) fn spawn_with_room(run: impl FnOnce() + Send + 'static) -> JoinHandle<()> {
        Builder::new().stack_size((512 << 10) / size_of::<usize>()).spawn(run).unwrap()
    }

    /// Where time does not count: everything takes as long as is worth sharing, and not longer.
    pub(crate) struct Instant;

    impl Instant {
        pub(crate) fn now() -> Self {
            Self
        }

        pub(crate) fn elapsed(&self) -> Duration {
            Duration::from_micros(50)
        }
    }

    /// One that is woken, or whose time is over at once, if it has none.
    #[derive(Default)]
    pub(crate) struct Condvar(loom::sync::Condvar);

    impl Condvar {
        pub(crate) fn new() -> Self {
            Self::default()
        }

        pub(crate) fn wait<'a, T>(&self, guard: MutexGuard<'a, T>) -> LockResult<MutexGuard<'a, T>> {
            self.0.wait(guard)
        }

        pub(crate) fn wait_while<'a, T>(
            &self,
            guard: MutexGuard<'a, T>,
            condition: impl FnMut(&mut T) -> bool,
        ) -> LockResult<MutexGuard<'a, T>> {
            let (guard, ()) = self.wait_timeout_while(guard, Duration::MAX, condition).unwrap();
            Ok(guard)
        }

        pub(crate) fn wait_timeout_while<'a, T>(
            &self,
            mut guard: MutexGuard<'a, T>,
            limit: Duration,
            mut condition: impl FnMut(&mut T) -> bool,
        ) -> LockResult<(MutexGuard<'a, T>, ())> {
            while condition(&mut guard) && !limit.is_zero() {
                guard = self.wait(guard).unwrap_or_else(PoisonError::into_inner);
            }
            Ok((guard, ()))
        }

        pub(crate) fn notify_all(&self) {
            self.0.notify_all();
        }
    }

    /// The one of `futures-util` meets loom nowhere.
    #[derive(Default)]
    pub(crate) struct AtomicWaker(Mutex<Option<Waker>>);

    impl AtomicWaker {
        pub(crate) fn new() -> Self {
            Self::default()
        }

        pub(crate) fn register(&self, waker: &Waker) {
            *self.lock() = Some(waker.clone());
        }

        pub(crate) fn wake(&self) {
            let waker = self.lock().take();
            waker.into_iter().for_each(Waker::wake);
        }

        fn lock(&self) -> MutexGuard<'_, Option<Waker>> {
            self.0.lock().unwrap_or_else(PoisonError::into_inner)
        }
    }
}
