//! Drivers as nodes of other graphs.

#![allow(
    clippy::float_cmp,
    clippy::trivially_copy_pass_by_ref,
    clippy::unnecessary_wraps,
    clippy::unwrap_used,
    reason = "the numbers are exact, and the functions have the form of nodes"
)]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use millstream::{
    CancellationToken, Driver, Error, ErrorKind, ErrorPolicy, Executor, Graph, GraphBuilder, Hook,
    HookResult, InputMap, Level, Message, Named, NodeContext, NodeErrorKind, NodeEvent, RunId, SubDriver,
};

const ALL: [Executor; 3] = [Executor::Sequential, Executor::Rayon, Executor::Auto];

fn driver(graph: GraphBuilder) -> Driver {
    graph.build().unwrap().driver().build().unwrap()
}

fn sub(driver: &Driver, outputs: &[&str]) -> SubDriver {
    SubDriver::of(driver).outputs(outputs.iter().copied())
}

fn pricing() -> GraphBuilder {
    Graph::builder()
        .name("pricing")
        .input::<f64>("net")
        .input_or("rate", 0.25)
        .input::<String>("note")
        .function("tax", ["net", "rate"], |net: &f64, rate: &f64| net * rate)
        .function("gross", ["net", "tax"], |net: &f64, tax: &f64| net + tax)
        .function("text", ["note", "gross"], |note: &str, gross: &f64| format!("{note} {gross}"))
}

#[test]
fn outputs_are_nodes_and_inputs_are_fed_by_name() {
    let graph = Graph::builder()
        .function("net", (), || 8.0)
        .sub_driver("pricing", sub(&driver(pricing()), &["gross", "tax"]))
        .function("both", ["gross", "tax"], |gross: &f64, tax: &f64| gross * 100.0 + tax)
        .function("all", ["pricing"], |all: &Named| all.names().join(" "))
        .build()
        .unwrap();
    // What its outputs do not need it does not take.
    let params: Vec<_> =
        graph.node("pricing").unwrap().params().map(|param| (param.name(), param.optional())).collect();
    assert_eq!(params, [("run", false), ("net", false), ("rate", true)]);
    for executor in ALL {
        let driver = graph.driver().executor(executor).build().unwrap();
        assert_eq!(driver.execute_named(["both"], ()).unwrap().get::<f64>("both").unwrap(), &1002.0);
        assert_eq!(driver.execute_named(["all"], ()).unwrap().get::<String>("all").unwrap(), "gross tax");
        let run = driver.override_named("pricing_of_nobody", 1);
        assert!(run.execute_named(["both"], ()).is_err());
        // An output that is given is not computed.
        let run = driver
            .override_named("gross", 1.0)
            .override_named("tax", 2.0)
            .execute_named(["both"], ())
            .unwrap();
        assert_eq!(run.schedule().to_string(), "1 both\n");
    }
}

#[test]
fn names_inside_and_outside_may_differ() {
    let pricing = driver(pricing());
    let graph = Graph::builder()
        .function("book", (), || 8.0)
        .function("zero", (), || 0.0)
        .function("rate", (), || 0.5)
        .sub_driver("first", SubDriver::of(&pricing).feed("net", "book").output_as("gross", "first_price"))
        .sub_driver(
            "second",
            SubDriver::of(&pricing)
                .feed("net", "book")
                .feed("rate", "zero")
                .output_as("gross", "second_price"),
        );
    let run = driver(graph).execute_named(["first_price", "second_price"], ()).unwrap();
    assert_eq!(run.to_json().unwrap(), serde_json::json!({ "first_price": 12.0, "second_price": 8.0 }));
}

#[test]
fn what_is_wrong_is_said_when_the_graph_is_built() {
    let pricing = driver(pricing());
    let graph = Graph::builder()
        .function("net", (), || 8)
        .sub_driver("a", sub(&pricing, &["grss"]).feed("nt", "net"))
        .sub_driver("b", sub(&pricing, &["gross", "gross"]))
        .sub_driver("c", SubDriver::of(&pricing))
        .sub_driver("tax", sub(&pricing, &["tax"]))
        .build();
    assert_eq!(
        graph.unwrap_err().problems(),
        [
            "sub-driver `a`: `grss` is neither a node nor an input; did you mean `gross`?",
            "sub-driver `a`: `nt` is fed, but its outputs need no input of that name; leave it out",
            "sub-driver `b`: its output `gross` is there twice; name it once",
            "sub-driver `c`: it has no outputs; name those that are to be nodes",
            "sub-driver `tax`: its output `tax` has its own name; call one of them differently",
            "parameter `net` of node `b` is `f64`, but node `net` yields `i32`",
            "parameter `net` of node `tax` is `f64`, but node `net` yields `i32`",
        ]
    );
    let error = Graph::builder().sub_driver("a", sub(&pricing, &["gross"])).build().unwrap_err();
    assert_eq!(
        error.to_string(),
        "node `a` needs `net`, which is neither a node nor an input; write a node of that name, or add it to the inputs"
    );
}

#[test]
fn a_failure_names_the_node_and_the_one_within() {
    let innermost = driver(Graph::builder().try_function("load", (), || Err::<i32, _>("no connection")));
    let inner = Graph::builder().sub_driver("loading", sub(&innermost, &["load"])).function(
        "twice",
        ["load"],
        |load: &i32| load * 2,
    );
    let outer = Graph::builder()
        .sub_driver("inner", sub(&driver(inner), &["twice"]))
        .function("last", ["twice"], |twice: &i32| *twice)
        .build()
        .unwrap();
    for executor in ALL {
        let error =
            outer.driver().executor(executor).build().unwrap().execute_named(["last"], ()).unwrap_err();
        assert_eq!(
            format!("{error:#}"),
            "node `inner` > `loading` > `load` failed; it was needed on the way `inner` -> `twice` -> `last`: no connection"
        );
        let failure = error.failure().unwrap();
        assert_eq!((failure.node(), failure.path()), ("inner", vec!["inner", "loading", "load"]));
    }
    let panics = driver(
        Graph::builder().function("bad", (), || -> i32 { std::panic::resume_unwind(Box::new("no rows")) }),
    );
    let error =
        driver(Graph::builder().sub_driver("inner", sub(&panics, &["bad"]))).execute_named(["bad"], ());
    assert!(error.unwrap_err().to_string().starts_with("node `inner` > `bad` panicked: no rows"));
}

#[test]
fn policies_of_both_hold() {
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&calls);
    let inner = Graph::builder().try_function("flaky", (), move || {
        let call = counted.fetch_add(1, Ordering::SeqCst);
        if call < 3 { Err("not yet") } else { Ok(call) }
    });
    // Twice inside, and that twice.
    let inner = driver(inner.retries(1));
    let outer = Graph::builder().sub_driver("inner", sub(&inner, &["flaky"])).retries(1);
    assert_eq!(driver(outer).execute_named(["flaky"], ()).unwrap().get::<usize>("flaky").unwrap(), &3);

    // What is missing inside is a failure outside, whatever the policy there.
    let partial = Graph::builder().function("good", (), || 1).try_function("bad", (), || Err::<i32, _>("no"));
    let partial = partial.build().unwrap().driver().on_error(ErrorPolicy::KeepGoing).build().unwrap();
    let outer =
        Graph::builder().sub_driver("inner", sub(&partial, &["good", "bad"])).function("other", (), || 2);
    let outer = outer.build().unwrap().driver().on_error(ErrorPolicy::KeepGoing).build().unwrap();
    let run = outer.execute_named(["good", "bad", "other"], ()).unwrap();
    assert_eq!(run.report().to_string(), "inner  failed   node `bad` failed: no\nother  done\n");
    assert_eq!(run.get::<i32>("good").unwrap_err().failure().unwrap().path(), ["inner", "bad"]);
}

/// Writes down who runs in which run, and what is said.
#[derive(Clone, Default)]
struct Heard(Arc<Mutex<Vec<Said>>>);

/// What, in which run, and its parent.
type Said = (String, RunId, Option<RunId>);

impl Hook for Heard {
    fn before_node(&self, node: &NodeEvent<'_>) -> HookResult {
        self.0.lock().unwrap().push((node.name().to_owned(), node.run().id(), node.run().parent()));
        Ok(())
    }

    fn message(&self, message: &Message<'_>) -> HookResult {
        self.0.lock().unwrap().push((message.text().to_string(), message.run().id(), message.run().parent()));
        Ok(())
    }
}

#[test]
fn its_run_is_a_part_of_the_one_it_is_in() {
    let heard = Heard::default();
    let inner = Graph::builder().function("a", (), |run: NodeContext<'_>| run.log(Level::Info, "hello"));
    let inner = inner.build().unwrap().driver().hook(heard.clone()).build().unwrap();
    let outer = Graph::builder().sub_driver("inner", sub(&inner, &["a"])).build().unwrap();
    let outer = outer.driver().hook(heard.clone()).build().unwrap();
    let id = outer.execute_named(["a"], ()).unwrap().id();
    let heard = heard.0.lock().unwrap();
    assert_eq!(heard.iter().map(|(what, ..)| what.as_str()).collect::<Vec<_>>(), ["inner", "a", "hello"]);
    assert_eq!((heard[0].1, heard[0].2), (id, None));
    assert!(heard[1..].iter().all(|(_, run, parent)| *run != id && *parent == Some(id)));
}

#[test]
fn whoever_calls_off_the_whole_calls_off_the_part() {
    for executor in ALL {
        let token = CancellationToken::new();
        let hand = token.clone();
        let inner = Graph::builder()
            .function("first", (), move || hand.cancel())
            .function("second", ["first"], |(): &()| 2)
            .build()
            .unwrap();
        let inner = inner.driver().executor(executor).build().unwrap();
        let outer = Graph::builder().sub_driver("inner", sub(&inner, &["second"])).build().unwrap();
        let outer = outer.driver().executor(executor).build().unwrap();
        let error = outer.cancel_with(&token).execute_named(["second"], ()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Cancelled, "{error}");
    }
}

#[test]
fn a_request_in_a_node_may_have_a_token_of_its_own_as_well() {
    let token = CancellationToken::new();
    let hand = token.clone();
    let inner = driver(Graph::builder().function("first", (), move || hand.cancel()).function(
        "second",
        ["first"],
        |(): &()| 2,
    ));
    let request = move |run: NodeContext<'_>| -> Result<i32, Error> {
        inner.within(run).cancel_with(&CancellationToken::new()).execute_named(["second"], ())?.take("second")
    };
    let outer = driver(Graph::builder().try_function("outer", (), request));
    let error = outer.cancel_with(&token).execute_named(["outer"], ()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled);

    // Its own calls off nothing but itself.
    let inner = driver(Graph::builder().function("first", (), || 1));
    let request = move |run: NodeContext<'_>| -> Result<i32, Error> {
        let token = CancellationToken::new();
        token.cancel();
        inner.within(run).cancel_with(&token).execute_named(["first"], ())?.take("first")
    };
    let outer = driver(Graph::builder().try_function("outer", (), request));
    let error = outer.execute_named(["outer"], ()).unwrap_err();
    assert_eq!((error.kind(), error.failure().unwrap().kind()), (ErrorKind::Node, NodeErrorKind::Cancelled));
}

#[test]
fn a_deadline_ends_what_runs_within() {
    let (go_on, waits) = mpsc::channel::<()>();
    let waits = Mutex::new(waits);
    let (tell, told) = mpsc::channel::<bool>();
    let tell = Mutex::new(tell);
    let inner = Graph::builder().function("slow", (), move || waits.lock().unwrap().recv().is_ok()).function(
        "next",
        ["slow"],
        |slow: &bool| *slow,
    );
    let inner = driver(inner);
    let request = move |run: NodeContext<'_>| {
        let ended = inner.within(run).execute_named(["next"], ());
        let was_ended = ended.is_err_and(|error| error.kind() == ErrorKind::Cancelled);
        tell.lock().unwrap().send(was_ended).is_ok()
    };
    let outer = Graph::builder().function("outer", (), request).build().unwrap();
    let outer = outer.driver().deadline(Duration::from_millis(20)).build().unwrap();
    assert_eq!(outer.execute_named(["outer"], ()).unwrap_err().kind(), ErrorKind::TimedOut);
    go_on.send(()).unwrap();
    assert!(told.recv().unwrap());
}

#[test]
fn runs_within_runs_wait_for_nobody_on_pools_of_any_size() {
    fn wide(mut graph: GraphBuilder, inner: Option<&Driver>) -> Driver {
        let mut names = Vec::new();
        for number in 0..6 {
            let name = format!("n{number}");
            graph = match inner {
                Some(inner) => {
                    graph.sub_driver(format!("run_{name}"), SubDriver::of(inner).output_as("sum", &name))
                }
                None => graph.function(&name, ["x"], move |x: &u64| x + number),
            };
            names.push(name);
        }
        let graph =
            graph.input::<u64>("x").function("sum", [millstream::Feed::group(names)], |all: Vec<&u64>| {
                all.into_iter().sum::<u64>()
            });
        graph.build().unwrap().driver().executor(Executor::Rayon).build().unwrap()
    }
    let first = wide(Graph::builder(), None);
    let second = wide(Graph::builder(), Some(&first));
    let third = wide(Graph::builder(), Some(&second));
    for threads in [1, 2, 4] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        for x in 0..10_u64 {
            let run = pool.install(|| third.execute_named(["sum"], InputMap::new().set("x", x))).unwrap();
            assert_eq!(run.get::<u64>("sum").unwrap(), &(36 * (6 * x + 15)));
        }
    }
}

#[test]
fn in_a_block_it_runs_once_for_each_item() {
    use millstream::{Collect, Parallelizable, prelude::*};

    #[node]
    fn number() -> Parallelizable<i32> {
        Parallelizable::new(1..=3)
    }

    let square = driver(Graph::builder().input::<i32>("number").function(
        "square",
        ["number"],
        |number: &i32| number * number,
    ));
    let graph = Graph::builder().node::<number>().sub_driver("squaring", sub(&square, &["square"])).function(
        "sum",
        ["square"],
        |square: Collect<'_, i32>| square.iter().sum::<i32>(),
    );
    assert_eq!(driver(graph).execute_named(["sum"], ()).unwrap().get::<i32>("sum").unwrap(), &14);
}

#[test]
fn in_a_block_its_outputs_may_be_lists_of_a_block_of_its_own() {
    use millstream::{Collect, Parallelizable, value_type};

    let parts = driver(
        Graph::builder()
            .input::<u64>("box")
            .expand("part", ["box"], |size: &u64| Parallelizable::new(0..*size))
            .function("name", ["part"], |part: &u64| format!("p{part}")),
    );
    let graph = |tells: bool| {
        let boxes = Graph::builder()
            .expand("box", (), || Parallelizable::new([1_u64, 2]))
            .sub_driver("packing", sub(&parts, &["part", "name"]));
        if tells { boxes.value_type(value_type!(Vec<String>)) } else { boxes }
    };
    let all = |name: Collect<'_, Vec<String>>| name.iter().map(Vec::len).sum::<usize>();
    let collected = driver(graph(true).function("all", ["name"], all));
    let run = collected.execute_named(["all", "name"], ()).unwrap();
    assert_eq!(run.get::<usize>("all").unwrap(), &3);
    assert_eq!(run.get::<Vec<Vec<String>>>("name").unwrap()[1], ["p0", "p1"]);
    let given = collected.override_named("name", vec![vec![String::new()], vec![]]);
    assert_eq!(given.execute_named(["all"], ()).unwrap().get::<usize>("all").unwrap(), &1);

    // Within the block nothing has to be known.
    let within = graph(false).function("last", ["name"], |name: &[String]| name.last().cloned());
    let within = driver(within);
    let run = within.execute_named(["last"], ()).unwrap();
    assert_eq!(run.get::<Vec<Option<String>>>("last").unwrap().len(), 2);
    let advice = "the builder does not know lists of `Vec<String>`; say `value_type(value_type!(Vec<String>))` after its node";
    assert_eq!(
        within.execute_named(["name"], ()).unwrap_err().to_string(),
        format!("`name` is 1 block deep, and {advice}")
    );
    assert_eq!(
        graph(false).function("all", ["name"], all).build().unwrap_err().to_string(),
        format!("node `all` collects `name`, and {advice}")
    );
    assert_eq!(
        graph(false).value_type(value_type!(u8)).build().unwrap_err().to_string(),
        "`value_type` says that `packing` yields `u8`, but it yields `Named`, `Vec<String>` and `Vec<u64>`; name one of these types"
    );
}

#[test]
fn values_are_moved_in_at_their_last_use_and_out() {
    struct Handle(u8);
    let inner = driver(Graph::builder().input::<Handle>("handle").function(
        "used",
        ["handle"],
        |handle: &Handle| Handle(handle.0 + 1),
    ));
    let graph = Graph::builder()
        .function("handle", (), || Handle(1))
        .function("seen", ["handle"], |handle: &Handle| handle.0)
        .sub_driver("inner", sub(&inner, &["used"]))
        .function("last", ["used", "seen"], |used: &Handle, seen: &u8| used.0 * 10 + seen);
    assert_eq!(driver(graph).execute_named(["last"], ()).unwrap().get::<u8>("last").unwrap(), &21);
}

#[tokio::test]
async fn one_with_async_nodes_waits_with_the_others() {
    let (both, barrier) = (Arc::new(tokio::sync::Barrier::new(2)), Arc::new(AtomicUsize::new(0)));
    let meet = |name: &str| {
        let (both, barrier) = (Arc::clone(&both), Arc::clone(&barrier));
        driver(Graph::builder().async_function(name, (), move || {
            let (both, barrier) = (Arc::clone(&both), Arc::clone(&barrier));
            async move {
                both.wait().await;
                barrier.fetch_add(1, Ordering::SeqCst)
            }
        }))
    };
    let graph = Graph::builder()
        .sub_driver("one", sub(&meet("a"), &["a"]))
        .sub_driver("two", sub(&meet("b"), &["b"]))
        .function("sum", ["a", "b"], |a: &usize, b: &usize| a + b);
    let driver = graph.build().unwrap().driver().executor(Executor::Sequential).build().unwrap();
    let run = driver.execute_named_async(["sum"], ()).await.unwrap();
    assert_eq!(run.get::<usize>("sum").unwrap(), &1);
}

#[test]
fn one_with_async_nodes_is_waited_for() {
    let inner = driver(Graph::builder().async_function("a", (), || std::future::ready(1)));
    let graph =
        Graph::builder().sub_driver("inner", sub(&inner, &["a"])).function("b", ["a"], |a: &i32| a + 1);
    assert_eq!(driver(graph).execute_named(["b"], ()).unwrap().get::<i32>("b").unwrap(), &2);
}

#[tokio::test]
async fn nothing_begins_within_a_run_that_nobody_wants_any_more() {
    let (begun, is_begun) = tokio::sync::oneshot::channel();
    let begun = Mutex::new(Some(begun));
    let (go_on, waits) = mpsc::channel::<()>();
    let waits = Mutex::new(waits);
    let inner = Graph::builder()
        .function("slow", (), move || {
            begun.lock().unwrap().take().unwrap().send(()).unwrap();
            waits.lock().unwrap().recv().is_ok()
        })
        .function("next", ["slow"], |slow: &bool| *slow);
    let inner = driver(inner);
    let (tell, told) = tokio::sync::oneshot::channel();
    let tell = Mutex::new(Some(tell));
    let request = move |run: NodeContext<'_>| {
        let ended = inner.within(run).execute_named(["next"], ());
        let kind = ended.err().map(|error| error.kind());
        tell.lock().unwrap().take().unwrap().send(kind).unwrap();
    };
    let outer = driver(Graph::builder().function("outer", (), request));
    {
        let mut execution = Box::pin(outer.execute_named_async(["outer"], ()));
        tokio::select! {
            _ = &mut execution => panic!("it waits"),
            begun = is_begun => begun.unwrap(),
        }
    }
    go_on.send(()).unwrap();
    assert_eq!(told.await.unwrap(), Some(ErrorKind::Cancelled));
}
