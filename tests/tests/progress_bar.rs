//! Bars of runs, on a terminal in memory.

#![allow(
    clippy::trivially_copy_pass_by_ref,
    clippy::unnecessary_wraps,
    clippy::unwrap_used,
    reason = "the functions have the form of nodes"
)]

use std::sync::{Arc, Mutex};

use indicatif::{InMemoryTerm, MultiProgress, ProgressDrawTarget};
use millstream::hooks::ProgressBar;
use millstream::layers::Inspect;
use millstream::prelude::*;
use millstream::{Hook, HookResult, Points};

#[dataflow]
mod work {
    use millstream::prelude::*;

    #[inputs]
    pub(crate) struct Inputs {
        pub(crate) rows: Vec<i32>,
    }

    #[node]
    pub(crate) fn trained(run: NodeContext<'_>) -> i32 {
        run.progress(3, 7);
        super::look(run, "trained");
        7
    }

    #[node]
    pub(crate) fn row(rows: &[i32], trained: i32) -> Parallelizable<i32> {
        let _ = trained;
        Parallelizable::new(rows.to_vec())
    }

    #[node]
    pub(crate) fn root(row: i32, run: NodeContext<'_>) -> Result<f64, String> {
        super::look(run, "root");
        if row < 0 { Err("there is none".to_owned()) } else { Ok(f64::from(row).sqrt()) }
    }

    #[node]
    pub(crate) fn sum(root: Collect<'_, f64>, run: NodeContext<'_>) -> f64 {
        super::look(run, "sum");
        root.iter().sum()
    }
}

fn look(run: millstream::NodeContext<'_>, text: &str) {
    run.log(millstream::Level::Info, text);
}

/// What a terminal shows, whenever a node says something.
#[derive(Clone)]
struct Screen {
    terminal: InMemoryTerm,
    bars: MultiProgress,
    seen: Arc<Mutex<Vec<(String, String)>>>,
}

impl Screen {
    fn new() -> Self {
        let terminal = InMemoryTerm::new(20, 80);
        let target = ProgressDrawTarget::term_like_with_hz(Box::new(terminal.clone()), 255);
        Self { terminal, bars: MultiProgress::with_draw_target(target), seen: Arc::default() }
    }

    fn hook(&self) -> ProgressBar {
        ProgressBar::on(self.bars.clone())
    }

    fn seen(&self, by: &str) -> Vec<String> {
        let seen = self.seen.lock().unwrap();
        seen.iter().filter(|(node, _)| node == by).map(|(_, screen)| screen.clone()).collect()
    }
}

impl Hook for Screen {
    fn listens(&self) -> Points {
        Points::MESSAGE
    }

    fn message(&self, message: &millstream::Message<'_>) -> HookResult {
        let seen = (message.text().to_string(), self.terminal.contents());
        self.seen.lock().unwrap().push(seen);
        Ok(())
    }
}

fn rows(rows: &[i32]) -> work::Inputs {
    work::Inputs { rows: rows.to_vec() }
}

#[test]
fn a_run_with_its_nodes_items_and_their_progress() {
    let screen = Screen::new();
    let driver = work::driver().executor(Executor::Sequential).hook(screen.hook()).hook(screen.clone());
    let driver = driver.build().unwrap();
    driver.execute::<work::sum>(rows(&[4, 9])).unwrap();

    let empty = " ".repeat(30);
    assert_eq!(
        screen.seen("trained"),
        [format!("work [{empty}] 0/3 trained\n  trained [============>                 ] 3/7")]
    );
    let bar = format!("work [{:<30}] 2/3", "====================>");
    assert_eq!(screen.seen("root"), [format!("{bar}\n  row: 0 items"), format!("{bar}\n  row: 1 items")]);
    assert_eq!(screen.seen("sum"), [format!("{bar} sum")]);
    assert_eq!(screen.terminal.contents(), "", "nothing is left of it");
}

#[test]
fn of_a_run_that_failed_its_bar_stays_and_says_why() {
    for executor in [Executor::Sequential, Executor::Rayon] {
        let screen = Screen::new();
        let driver = work::driver().executor(executor).hook(screen.hook()).build().unwrap();
        driver.execute::<work::sum>(rows(&[4, -1])).unwrap_err();
        let left = screen.terminal.contents();
        assert_eq!(left.lines().count(), 1, "{left}");
        assert!(left.starts_with("work [====================>         ] 2/3 node `root`"), "{left}");
        // The next one comes below, and leaves nothing.
        driver.execute::<work::sum>(rows(&[4])).unwrap();
        assert_eq!(screen.terminal.contents(), left);
    }
}

#[test]
fn runs_at_once_have_bars_of_their_own() {
    let screen = Screen::new();
    let inner = Graph::builder()
        .name("inner")
        .function("a", (), |run: millstream::NodeContext<'_>| look(run, "inner"))
        .build()
        .unwrap();
    let inner = inner.driver().hook(screen.hook()).hook(screen.clone()).build().unwrap();
    let outer = Graph::builder().name("outer").function("b", (), || 1).build().unwrap();
    let run_inner = Inspect::new().before(move |_| drop(inner.execute_named(["a"], ()).unwrap()));
    let outer = outer.driver().hook(screen.hook()).layer(run_inner).build().unwrap();
    outer.execute_named(["b"], ()).unwrap();
    let empty = " ".repeat(30);
    assert_eq!(screen.seen("inner"), [format!("outer [{empty}] 0/1 b\ninner [{empty}] 0/1 a")]);
    assert_eq!(screen.terminal.contents(), "");
}

#[test]
fn all_runs_end_empty_on_several_threads() {
    let screen = Screen::new();
    let driver = work::driver().executor(Executor::Rayon).hook(screen.hook()).build().unwrap();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| driver.execute::<work::sum>(rows(&[1; 500])).unwrap());
        }
    });
    assert_eq!(screen.terminal.contents(), "");
}

#[test]
fn where_nobody_looks_it_listens_to_nothing() {
    // The standard error of a test may be a terminal, but this never is.
    let hidden = MultiProgress::with_draw_target(ProgressDrawTarget::hidden());
    assert_eq!(ProgressBar::on(hidden).listens(), Points::NONE);
}

#[test]
fn a_run_that_is_given_up_says_so() {
    let screen = Screen::new();
    let graph = Graph::builder().async_function("never", (), std::future::pending::<i32>).build().unwrap();
    let driver = graph.driver().hook(screen.hook()).build().unwrap();
    let mut run = Box::pin(driver.execute_named_async(["never"], ()));
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    assert!(run.as_mut().poll(&mut context).is_pending());
    assert!(screen.terminal.contents().ends_with("0/1 never"));
    drop(run);
    let left = screen.terminal.contents();
    assert!(left.ends_with("0/1 the run was given up: its future was dr"), "{left}");
}
