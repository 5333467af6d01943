//! Writing lines from many threads.

use std::io::{self, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A writer for whole lines, in the order in which they come. Who comes while another writes leaves his line to that
/// one: a writer may be the user's, so nothing is locked while it writes.
pub(super) struct Lines {
    state: Mutex<State>,
}

struct State {
    /// There while nobody writes.
    writer: Option<Box<dyn Write + Send>>,
    waiting: String,
}

impl Lines {
    pub(super) fn new(writer: impl Write + Send + 'static) -> Self {
        let state = State { writer: Some(Box::new(writer)), waiting: String::new() };
        Self { state: Mutex::new(state) }
    }

    pub(super) fn write(&self, line: &str) -> io::Result<()> {
        let mut state = self.state();
        state.waiting.extend([line, "\n"]);
        let Some(writer) = state.writer.take() else { return Ok(()) };
        let mut held = Held { lines: self, writer: Some(writer) };
        let mut outcome = Ok(());
        while !state.waiting.is_empty() {
            let text = std::mem::take(&mut state.waiting);
            drop(state);
            outcome = outcome.and(held.write(&text));
            state = self.state();
        }
        state.writer = held.writer.take();
        outcome
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The writer, while it writes. Should it panic, it is given back.
struct Held<'l> {
    lines: &'l Lines,
    writer: Option<Box<dyn Write + Send>>,
}

impl Held<'_> {
    fn write(&mut self, text: &str) -> io::Result<()> {
        let Some(writer) = &mut self.writer else { return Ok(()) };
        writer.write_all(text.as_bytes())?;
        writer.flush()
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        if let Some(writer) = self.writer.take() {
            self.lines.state().writer = Some(writer);
        }
    }
}
