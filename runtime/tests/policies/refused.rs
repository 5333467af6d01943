//! A node of a block that a hook or a layer does not let run for an item has failed for it: all is as where its own
//! function fails.

use millstream::prelude::*;
use millstream::{
    AsyncHook, BoxedError, Driver, Error, ErrorPolicy, Executor, Hook, HookResult, Layer, Named, NodeCall,
    NodeError, NodeEvent, Nodes, Retry, Run,
};

use super::support::{BOTH, in_pool, short};

/// Who does not let a node run for an item.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Who {
    Itself,
    Hook,
    AsyncHook,
    Layer,
    /// A layer that lets nothing come of it, and says nothing.
    SilentLayer,
}

const OTHERS: [Who; 4] = [Who::Hook, Who::AsyncHook, Who::Layer, Who::SilentLayer];

/// One item of each block.
fn is_refused(node: &str, items: &[usize]) -> bool {
    matches!((node, items), ("asked" | "spared", [1]) | ("rows", [1, 1]))
}

fn ask(node: &str, items: &[usize]) -> HookResult {
    if is_refused(node, items) { Err("refused".into()) } else { Ok(()) }
}

impl Who {
    fn driver(self, graph: &Graph, executor: Executor, policy: ErrorPolicy) -> Result<Driver, Error> {
        let driver = graph.driver().executor(executor).on_error(policy).retry(Nodes::all(), Retry::times(1));
        match self {
            Self::Itself => driver,
            Self::Hook => driver.hook(self),
            Self::AsyncHook => driver.async_hook(self),
            Self::Layer | Self::SilentLayer => driver.layer(self),
        }
        .build()
    }
}

impl Hook for Who {
    fn before_node(&self, event: &NodeEvent<'_>) -> HookResult {
        ask(event.name(), &event.items())
    }
}

impl AsyncHook for Who {
    async fn before_node(&self, event: &NodeEvent<'_>) -> HookResult {
        ask(event.name(), &event.items())
    }
}

impl Layer for Who {
    fn around(&self, call: &mut NodeCall<'_>) -> Result<(), BoxedError> {
        match ask(call.node().name(), &call.items()) {
            Err(_) if *self == Self::SilentLayer => Ok(()),
            Err(refused) => Err(refused),
            Ok(()) => Ok(call.proceed()?),
        }
    }
}

const OUTPUTS: [&str; 12] = [
    "asked", "total", "nexts", "told", "rest", "spared", "spares", "rows", "of_dir", "in_dir", "all", "each",
];

/// A block with another one in it. Two of its nodes wait where `waits`.
fn graph(who: Who, waits: bool) -> Result<Graph, Error> {
    let asked = move |node: &'static str, items: &[usize], value: usize| {
        if who == Who::Itself && is_refused(node, items) { Err("refused") } else { Ok(value) }
    };
    let tell = |one: &Result<usize, NodeError>| match one {
        Ok(value) => value.to_string(),
        Err(error) => format!("{} {:?}", error.node(), error.items()),
    };
    let builder = Graph::builder().expand("dir", (), || Parallelizable::new([1_usize, 2, 3]));
    let builder = if waits {
        builder
            .try_async_function("asked", ["dir"], move |dir: &usize| {
                let dir = *dir;
                async move { asked("asked", &[dir - 1], dir) }
            })
            .try_async_function("spared", ["dir"], move |dir: &usize| {
                let dir = *dir;
                async move { asked("spared", &[dir - 1], dir) }
            })
    } else {
        builder
            .try_function("asked", ["dir"], move |dir: &usize| asked("asked", &[dir - 1], *dir))
            .try_function("spared", ["dir"], move |dir: &usize| asked("spared", &[dir - 1], *dir))
    };
    builder
        .fallback_value(99_usize)
        .function("next", ["asked"], |asked: &usize| asked + 1)
        .function("beside", ["dir"], |dir: &usize| *dir)
        .function("total", ["asked"], |asked: Collect<'_, usize>| asked.iter().sum::<usize>())
        .function("nexts", ["next"], |next: Collect<'_, usize>| next.len())
        .function("told", ["next"], move |next: Collect<'_, Result<usize, NodeError>>| {
            next.iter().map(tell).collect::<Vec<String>>()
        })
        .function("rest", ["beside"], |beside: Collect<'_, usize>| beside.len())
        .function("spares", ["spared"], |spared: Collect<'_, usize>| spared.to_vec())
        .expand("file", ["dir"], |dir: &usize| Parallelizable::new(dir * 10..dir * 11))
        .try_function("rows", ["file"], move |file: &usize| asked("rows", &[file / 10 - 1, file % 10], *file))
        .function("of_dir", ["rows"], |rows: Collect<'_, usize>| rows.iter().sum::<usize>())
        .function("in_dir", ["rows"], |rows: Collect<'_, Result<usize, NodeError>>| {
            rows.iter().flatten().sum::<usize>()
        })
        .function("all", ["of_dir"], |of_dir: Collect<'_, usize>| of_dir.to_vec())
        .function("each", ["of_dir"], move |of_dir: Collect<'_, Result<usize, NodeError>>| {
            of_dir.iter().map(tell).collect::<Vec<String>>()
        })
        .build()
}

/// What comes of a request, but for why the node has failed.
fn seen(run: Result<Run<Named>, Error>) -> String {
    match run {
        Ok(run) => format!("{}, {}", run.to_json().unwrap(), short(&run.report())),
        Err(error) => {
            let (failure, report) = (error.failure().unwrap(), error.report().map(short));
            format!(
                "{} {:?} {:?}, {}",
                failure.node(),
                failure.items(),
                failure.chain(),
                report.unwrap_or_default()
            )
        }
    }
}

#[test]
fn whoever_refuses_an_item_all_is_as_where_the_node_itself_fails() -> Result<(), Error> {
    let runtime = tokio::runtime::Builder::new_multi_thread().build().unwrap();
    let policies = [ErrorPolicy::FailFast, ErrorPolicy::KeepGoing];
    for (waits, policy) in [false, true].into_iter().flat_map(|waits| policies.map(|policy| (waits, policy)))
    {
        for output in OUTPUTS {
            let itself = Who::Itself.driver(&graph(Who::Itself, waits)?, Executor::Sequential, policy)?;
            let expected = seen(itself.execute_named([output], ()));
            for (who, executor) in OTHERS.into_iter().flat_map(|who| BOTH.map(|executor| (who, executor))) {
                let driver = who.driver(&graph(who, waits)?, executor, policy)?;
                let told = format!("{output}, {who:?}, {executor:?}, {policy:?}, waits: {waits}");
                assert_eq!(seen(in_pool(|| driver.execute_named([output], ()))), expected, "{told}");
                let run = runtime.block_on(driver.execute_named_async([output], ()));
                assert_eq!(seen(run), expected, "async {told}");
            }
        }
    }
    Ok(())
}

#[test]
fn no_list_is_shorter_for_it() -> Result<(), Error> {
    for who in OTHERS {
        for executor in BOTH {
            let driver = who.driver(&graph(who, false)?, executor, ErrorPolicy::FailFast)?;
            let run = in_pool(|| driver.execute_named(["each", "spares"], ()))?;
            let each = ["10", "rows [1, 1]", "93"];
            assert_eq!(run.get::<Vec<String>>("each")?, &each, "{who:?}");
            assert_eq!(run.get::<Vec<usize>>("spares")?, &[1, 99, 3], "{who:?}");

            let driver = who.driver(&graph(who, false)?, executor, ErrorPolicy::KeepGoing)?;
            let run = in_pool(|| driver.execute_named(["asked", "total", "rest"], ()))?;
            assert_eq!(run.get::<usize>("rest")?, &3);
            for missing in ["asked", "total"] {
                let error = run.get::<usize>(missing).unwrap_err();
                let failure = error.failure().map(|it| (it.node(), it.items()));
                assert_eq!(failure, Some(("asked", [1].as_slice())), "{missing}, {who:?}");
            }
        }
    }
    Ok(())
}
