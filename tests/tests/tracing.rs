//! What `tracing` is told of runs.

#![allow(
    clippy::trivially_copy_pass_by_ref,
    clippy::unnecessary_wraps,
    clippy::unwrap_used,
    reason = "the functions have the form of nodes"
)]

use std::fmt::{self, Write};
use std::sync::{LazyLock, Mutex};
use std::time::Duration;

use millstream::hooks::Tracing;
use millstream::layers::{Check, Checks};
use millstream::prelude::*;
use millstream::{Nodes, Retry};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id};
use tracing::{Event, Subscriber, info};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::registry::{LookupSpan, Scope};

/// Writes down every event after the spans that it is in, and every span when it is closed.
struct Recorder;

static LINES: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// What there is to say of a span.
struct Shown(String);

impl Visit for Shown {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        // Ids and places differ from run to run.
        let _ = match field.name() {
            "message" => write!(self.0, " {value:?}"),
            name @ ("id" | "place") => write!(self.0, " {name}"),
            name => write!(self.0, " {name}={value:?}"),
        };
    }
}

impl<S: Subscriber + for<'s> LookupSpan<'s>> Layer<S> for Recorder {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut shown = Shown(attributes.metadata().name().to_owned());
        attributes.record(&mut shown);
        context.span(id).unwrap().extensions_mut().insert(shown);
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut shown = Shown(format!("{}{}", path(context.event_scope(event)), event.metadata().level()));
        event.record(&mut shown);
        LINES.lock().unwrap().push(shown.0);
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        LINES.lock().unwrap().push(format!("{}end", path(context.span_scope(&id))));
    }
}

fn path<'s, S: LookupSpan<'s>>(scope: Option<Scope<'s, S>>) -> String {
    let spans = scope.into_iter().flat_map(Scope::from_root);
    spans.map(|span| span.extensions().get::<Shown>().unwrap().0.clone() + " > ").collect()
}

/// What was told, in no order, of runs of a graph that no other test has.
fn told(graph: &str, run: impl FnOnce()) -> Vec<String> {
    static SUBSCRIBED: LazyLock<()> = LazyLock::new(|| {
        tracing::subscriber::set_global_default(tracing_subscriber::registry().with(Recorder)).unwrap();
    });
    LazyLock::force(&SUBSCRIBED);
    let before = LINES.lock().unwrap().len();
    run();
    let of_graph = format!("graph=\"{graph}\"");
    let lines = LINES.lock().unwrap();
    sorted(lines[before..].iter().filter(|line| line.contains(&of_graph)).cloned())
}

fn sorted(lines: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut lines: Vec<String> = lines.into_iter().collect();
    lines.sort();
    lines
}

#[dataflow]
mod letters {
    use millstream::Level;
    use millstream::prelude::*;

    #[node]
    pub(crate) fn letter() -> Parallelizable<char> {
        Parallelizable::new(['a', 'b'])
    }

    #[node]
    pub(crate) fn upper(letter: &char, run: NodeContext<'_>) -> char {
        tracing::info!("mine: {letter}");
        run.log(Level::Warn, format_args!("said: {letter}"));
        run.progress(1, 2);
        letter.to_ascii_uppercase()
    }

    #[node]
    pub(crate) fn word(upper: Collect<'_, char>) -> String {
        upper.iter().collect()
    }
}

const EXECUTORS: [Executor; 2] = [Executor::Sequential, Executor::Rayon];

#[test]
fn what_nodes_tell_is_inside_their_spans() {
    for executor in EXECUTORS {
        let lines = told("letters", || {
            let driver = letters::driver().executor(executor).hook(Tracing::new()).build().unwrap();
            driver.execute::<letters::word>(()).unwrap();
        });
        let run = "run graph=\"letters\" id outputs=[\"word\"] > ";
        let mut expected = vec![
            format!("{run}end"),
            format!("{run}node node=\"letter\" attempt=1 place > end"),
            format!("{run}node node=\"word\" attempt=1 place > end"),
        ];
        for (item, letter) in ["a", "b"].iter().enumerate() {
            let node = format!("{run}node node=\"upper\" attempt=1 place items=[{item}] > ");
            expected.push(format!("{node}DEBUG progress done=1 total=2"));
            expected.push(format!("{node}INFO mine: {letter}"));
            expected.push(format!("{node}WARN said: {letter}"));
            expected.push(format!("{node}end"));
        }
        assert_eq!(lines, sorted(expected));
    }
}

#[test]
fn each_attempt_says_why_it_failed_and_so_does_the_run() {
    for executor in EXECUTORS {
        let lines = told("failing", || {
            let graph = Graph::builder()
                .name("failing")
                .try_function("bad", (), || Err::<u8, _>("no rows"))
                .function("after", ["bad"], |bad: &u8| *bad)
                .build()
                .unwrap();
            let driver = graph.driver().executor(executor).retry(Nodes::all(), Retry::times(1));
            driver.hook(Tracing::new()).build().unwrap().execute_named(["after"], ()).unwrap_err();
        });
        let run = "run graph=\"failing\" id outputs=[\"after\"] > ";
        let why = "node `bad` failed after 2 attempts; it was needed on the way `bad` -> `after`: no rows";
        assert_eq!(
            lines,
            sorted([
                format!("{run}node node=\"bad\" attempt=1 > ERROR the node has failed error=no rows"),
                format!("{run}node node=\"bad\" attempt=1 > end"),
                format!("{run}node node=\"bad\" attempt=2 > ERROR the node has failed error=no rows"),
                format!("{run}node node=\"bad\" attempt=2 > end"),
                format!("{run}ERROR the run has failed error={why:?}"),
                format!("{run}end"),
            ])
        );
    }
}

#[test]
fn also_on_the_thread_of_a_node_whose_time_is_limited() {
    let lines = told("limited", || {
        let graph = Graph::builder().name("limited").function("slow", (), || info!("mine")).build().unwrap();
        let driver = graph.driver().timeout(Nodes::all(), Duration::from_hours(1)).hook(Tracing::new());
        driver.build().unwrap().execute_named(["slow"], ()).unwrap();
    });
    let node = "run graph=\"limited\" id outputs=[\"slow\"] > node node=\"slow\" attempt=1 > ";
    assert!(lines.contains(&format!("{node}INFO mine")), "{lines:?}");
}

#[test]
fn also_of_async_nodes() {
    let run = || async {
        let graph = Graph::builder().name("awaited").async_function("later", (), || async {
            tokio::task::yield_now().await;
            info!("mine");
        });
        let driver = graph.build().unwrap().driver().hook(Tracing::new()).build().unwrap();
        driver.execute_named_async(["later"], ()).await.unwrap();
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().build().unwrap();
    let lines = told("awaited", || runtime.block_on(run()));
    let node = "run graph=\"awaited\" id outputs=[\"later\"] > node node=\"later\" attempt=1 > ";
    assert!(lines.contains(&format!("{node}INFO mine")), "{lines:?}");
}

#[dataflow]
mod requests {
    use millstream::prelude::*;

    #[node]
    pub(crate) fn page() -> Parallelizable<usize> {
        Parallelizable::new(0..20)
    }

    #[node]
    pub(crate) async fn length(page: &usize) -> usize {
        tokio::task::yield_now().await;
        tracing::info!("mine: {page}");
        *page
    }

    #[node]
    pub(crate) fn total(length: Collect<'_, usize>) -> usize {
        length.iter().sum()
    }
}

#[test]
fn also_of_async_nodes_in_blocks() {
    let runtime = tokio::runtime::Builder::new_multi_thread().build().unwrap();
    let lines = told("requests", || {
        let driver = requests::driver().hook(Tracing::new()).build().unwrap();
        let total = runtime.block_on(driver.execute_async::<requests::total>(())).unwrap().into_values();
        assert_eq!(total, 190);
    });
    for item in 0..20 {
        let node = format!("node node=\"length\" attempt=1 place items=[{item}] > INFO mine: {item}");
        assert_eq!(lines.iter().filter(|line| line.ends_with(&node)).count(), 1, "{lines:#?}");
    }
}

#[test]
fn a_run_is_inside_the_span_of_its_caller() {
    let lines = told("inner", || {
        let inner = Graph::builder().name("inner").function("a", (), || info!("mine")).build().unwrap();
        let inner = inner.driver().hook(Tracing::new()).build().unwrap();
        let outer = Graph::builder()
            .name("outer")
            .function("b", (), move || drop(inner.execute_named(["a"], ()).unwrap()))
            .build()
            .unwrap();
        let _service = tracing::info_span!("service").entered();
        outer.driver().hook(Tracing::new()).build().unwrap().execute_named(["b"], ()).unwrap();
    });
    let outer = "service > run graph=\"outer\" id outputs=[\"b\"] > node node=\"b\" attempt=1 > ";
    let inner = "run graph=\"inner\" id outputs=[\"a\"] > node node=\"a\" attempt=1 > ";
    assert!(lines.contains(&format!("{outer}{inner}INFO mine")), "{lines:?}");
}

#[test]
fn what_layers_say_is_inside_where_they_are_added_later() {
    let lines = told("checked", || {
        let graph = Graph::builder().name("checked").function("a", (), || -1).build().unwrap();
        let checks = Checks::new().all(Check::new("should not be negative", |a: &i32| *a >= 0).warns());
        graph.driver().hook(Tracing::new()).hook(checks).build().unwrap().execute_named(["a"], ()).unwrap();
    });
    let node = "run graph=\"checked\" id outputs=[\"a\"] > node node=\"a\" attempt=1 > ";
    assert!(lines.contains(&format!("{node}WARN `a` is -1, but should not be negative")), "{lines:?}");
}
