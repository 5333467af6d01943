//! Drivers one after another: what goes over, what runs, what is wrong, and what hooks see.

#![allow(
    clippy::cast_precision_loss,
    clippy::float_cmp,
    clippy::needless_pass_by_value,
    clippy::trivially_copy_pass_by_ref,
    clippy::unnecessary_wraps,
    clippy::unwrap_used,
    reason = "the numbers are exact, and the functions have the form of nodes"
)]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use millstream::{
    CancellationToken, Chain, Driver, Error, ErrorKind, ErrorPolicy, Executor, Graph, GraphBuilder, Hook,
    HookResult, InputMap, NodeContext, NodeError, Outcome, Own, RunEnd, RunId, RunInfo, value_type,
};

fn driver(graph: GraphBuilder) -> Driver {
    graph.build().unwrap().driver().build().unwrap()
}

fn keeps_going(graph: GraphBuilder) -> Driver {
    graph.build().unwrap().driver().on_error(ErrorPolicy::KeepGoing).build().unwrap()
}

fn problems(result: Result<impl Sized, Error>) -> Vec<String> {
    result.err().unwrap().problems()
}

/// What each driver of a chain has run.
fn ran<V>(run: &millstream::ChainRun<V>) -> Vec<Vec<String>> {
    let nodes = |run: &millstream::Run<()>| {
        run.schedule().tasks().iter().map(|task| task.node.to_owned()).collect::<Vec<_>>()
    };
    run.runs().map(nodes).collect()
}

fn load() -> GraphBuilder {
    Graph::builder()
        .name("load")
        .input::<String>("text")
        .function("rows", ["text"], |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>())
        .function("size", ["text"], |text: &str| text.len())
}

fn count() -> GraphBuilder {
    Graph::builder().name("count").input::<Vec<String>>("rows").input_or("least", 0_usize).function(
        "number",
        ["rows", "least"],
        |rows: &[String], least: &usize| rows.len().max(*least),
    )
}

fn report() -> GraphBuilder {
    Graph::builder()
        .name("report")
        .input::<Vec<String>>("rows")
        .input::<usize>("number")
        .input::<String>("title")
        .function("page", ["title", "rows", "number"], |title: &str, rows: &[String], number: &usize| {
            format!("{title}: {number} of {}", rows.join(","))
        })
}

fn all() -> Chain<(Graph, Graph, Graph)> {
    driver(load()).then(&driver(count())).unwrap().then(&driver(report())).unwrap()
}

fn inputs() -> InputMap {
    InputMap::new().set("text", "a b".to_owned()).set("title", "T".to_owned())
}

#[test]
fn each_driver_runs_what_it_is_needed_for() {
    let run = all().execute_named(["page"], inputs()).unwrap();
    assert_eq!(run.values().get::<String>("page").unwrap(), "T: 2 of a,b");
    assert_eq!(ran(&run), [["rows"], ["number"], ["page"]]);

    let run = all().execute_named(["number", "size"], inputs()).unwrap();
    assert_eq!(run.values().to_json().unwrap(), serde_json::json!({ "number": 2, "size": 3 }));
    assert_eq!(ran(&run), [vec!["rows", "size"], vec!["number"]]);

    let run = all().execute_named(["size"], inputs()).unwrap();
    assert_eq!(ran(&run), [["size"]]);
    assert!(all().execute_named([] as [&str; 0], ()).unwrap().values().names().is_empty());
}

#[test]
fn inputs_are_those_that_no_driver_feeds() {
    let chain = all();
    let names: Vec<&str> = chain.inputs().map(millstream::GraphNode::name).collect();
    assert_eq!(names, ["text", "least", "title"]);
    assert_eq!(
        problems(chain.execute_named(["page"], ())),
        [
            "input `text` is missing, which `rows` needs; supply a `String`",
            "input `title` is missing, which `page` needs; supply a `String`"
        ]
    );
}

#[test]
fn a_wrong_request_is_refused_before_anything_runs() {
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&calls);
    let first = driver(Graph::builder().function("one", (), move || counted.fetch_add(1, Ordering::SeqCst)));
    let second = driver(Graph::builder().input::<usize>("one").input::<f64>("limit").function(
        "two",
        ["one", "limit"],
        |one: &usize, limit: &f64| *limit + *one as f64,
    ));
    let chain = first.then(&second).unwrap();
    assert_eq!(
        problems(chain.execute_named(["two", "three"], InputMap::new().set("limit", 1_u8).set("limt", 1.0))),
        [
            "`three` is neither a node nor an input; ask for a node of one of the drivers",
            "there is no input `limt`; did you mean `limit`?",
            "input `limit` is `f64`, but was given `u8`; give it a `f64`",
        ]
    );
    assert_eq!(
        problems(chain.execute_named(["two"], InputMap::new().set("limit", 1.0).set("one", 1_usize))),
        ["`one` is a node, not an input; leave it out, or override it with `override_value`"]
    );
    assert_eq!(
        problems(chain.override_named("twoo", 1.0).execute_named(["two"], InputMap::new().set("limit", 1.0))),
        ["`twoo` is neither a node nor an input; did you mean `two`?"]
    );
    assert_eq!(calls.load(Ordering::SeqCst), 0);
}

#[test]
fn drivers_that_do_not_fit_make_no_chain() {
    let rows = driver(Graph::builder().name("load").function("rows", (), || 1.5).input::<i32>("limit"));
    let of_names =
        driver(Graph::builder().name("count").input::<Vec<String>>("rows").input::<u8>("limit").function(
            "number",
            ["rows", "limit"],
            |rows: &[String], _: &u8| rows.len(),
        ));
    assert_eq!(
        problems(rows.then(&of_names)),
        [
            "input `rows` of `count` is `Vec<String>`, but node `rows` of `load` yields `f64`; give it that type, or another name",
            "input `limit` is `i32` in `load` and `u8` in `count`; give it one type",
        ]
    );
    let other =
        driver(Graph::builder().input::<i32>("a").input::<i32>("b").function("c", ["a"], |a: &i32| *a));
    assert_eq!(
        problems(rows.then(&other)),
        [
            "nothing that comes before driver 2 in the chain feeds it, whose inputs are `a` and `b`; give an input the name of a node before it, or run it by itself"
        ]
    );
}

/// A value that counts how often it was cloned.
#[derive(Debug)]
struct Heavy(Arc<AtomicUsize>);

impl Clone for Heavy {
    fn clone(&self) -> Self {
        self.0.fetch_add(1, Ordering::SeqCst);
        Self(Arc::clone(&self.0))
    }
}

#[test]
fn values_that_several_need_are_moved_along() {
    let clones = Arc::new(AtomicUsize::new(0));
    let heavy = Heavy(Arc::clone(&clones));
    let first = driver(
        Graph::builder()
            .input::<Heavy>("given")
            .value_type(value_type!(Heavy))
            .function("made", ["given"], |given: &Heavy| Heavy(Arc::clone(&given.0)))
            .value_type(value_type!(Heavy)),
    );
    let looks = |name: &str| {
        Graph::builder().input::<Heavy>("made").input::<Heavy>("given").function(
            name,
            ["made", "given"],
            |_: &Heavy, _: &Heavy| 1,
        )
    };
    let takes = Graph::builder().input::<Heavy>("made").input::<i32>("second").function(
        "last",
        ["made", "second"],
        |Own(made): Own<Heavy>, _: &i32| made.0.load(Ordering::SeqCst),
    );
    let chain = Chain::of(&[first, driver(looks("second")), driver(looks("third")), driver(takes)]).unwrap();
    let run = chain.execute_named(["third", "last", "given"], InputMap::new().set("given", heavy)).unwrap();
    assert_eq!(run.values().names(), ["third", "last", "given"]);
    assert_eq!(clones.load(Ordering::SeqCst), 0);
}

#[test]
fn what_cannot_be_cloned_is_said_before_anything_runs() {
    struct Handle;
    let first = driver(Graph::builder().function("handle", (), || Handle));
    let takes =
        driver(
            Graph::builder().input::<Handle>("handle").function("used", ["handle"], |_: Own<Handle>| true),
        );
    let chain = first.then(&takes).unwrap();
    assert!(chain.execute_named(["used"], ()).is_ok());
    let wrong = problems(chain.execute_named(["used", "handle"], ()));
    assert!(
        wrong.len() == 1 && wrong[0].starts_with("the value of `handle` would have to be cloned"),
        "{wrong:?}"
    );
}

#[test]
fn a_name_means_what_was_computed_last() {
    let step = |add: &'static str| {
        Graph::builder()
            .input_or("text", String::new())
            .function("draft", ["text"], move |text: &str| format!("{text}{add}"))
    };
    let draft = |add: &'static str| {
        Graph::builder()
            .input::<String>("draft")
            .function("text", ["draft"], move |draft: &str| format!("{draft}{add}"))
    };
    let chain =
        Chain::of(&[driver(step("a")), driver(draft("b")), driver(step("c")), driver(draft("d"))]).unwrap();
    let run = chain.execute_named(["text", "draft"], ()).unwrap();
    assert_eq!(run.values().to_json().unwrap(), serde_json::json!({ "text": "abcd", "draft": "abc" }));
    // The input is the first one's alone: the third is fed.
    let run = chain.execute_named(["text"], InputMap::new().set("text", "-".to_owned())).unwrap();
    assert_eq!(run.values().get::<String>("text").unwrap(), "-abcd");
}

#[test]
fn overrides_reach_any_driver() {
    let run = all().override_named("rows", vec!["x".to_owned()]).execute_named(["page"], inputs()).unwrap();
    assert_eq!(run.values().get::<String>("page").unwrap(), "T: 1 of x");
    assert_eq!(ran(&run), [["number"], ["page"]]);
    let run = all().override_named("number", 9_usize).execute_named(["page"], inputs()).unwrap();
    assert_eq!(run.values().get::<String>("page").unwrap(), "T: 9 of a,b");
}

#[test]
fn inputs_of_each_driver_go_to_it_and_those_after_it() {
    let twice = |name: &str| {
        Graph::builder().input::<i32>("x").input::<i32>("base").function(
            name,
            ["x", "base"],
            |x: &i32, base: &i32| x + base,
        )
    };
    let base = driver(Graph::builder().function("base", (), || 100));
    let chain = base.then(&driver(twice("second"))).unwrap().then(&driver(twice("third"))).unwrap();
    let x = |x: i32| InputMap::new().set("x", x);
    let run = chain.execute_named(["second", "third"], ((), x(1), ())).unwrap();
    assert_eq!(run.values().to_json().unwrap(), serde_json::json!({ "second": 101, "third": 101 }));
    let run = chain.execute_named(["second", "third"], ((), x(1), x(2))).unwrap();
    assert_eq!(run.values().to_json().unwrap(), serde_json::json!({ "second": 101, "third": 102 }));
    // What is given to a driver is not asked of those before it.
    let run = chain.execute_named(["second"], ((), x(1).set("base", 0), ())).unwrap();
    assert_eq!(run.values().to_json().unwrap(), serde_json::json!({ "second": 1 }));
    assert_eq!(ran(&run), [["second"]]);
    // It goes on although the driver itself has nothing to do.
    let run = chain.execute_named(["third"], ((), x(1), ())).unwrap();
    assert_eq!(ran(&run), [["base"], ["third"]]);
}

fn fails() -> GraphBuilder {
    Graph::builder()
        .name("fails")
        .try_function("source", (), || Err::<i32, _>("no connection"))
        .function("bad", ["source"], |source: &i32| *source)
        .function("good", (), || 1)
}

fn uses() -> GraphBuilder {
    Graph::builder()
        .name("uses")
        .input::<i32>("bad")
        .input::<i32>("good")
        .function("worse", ["bad"], |bad: &i32| *bad)
        .function("worst", ["worse"], |worse: &i32| *worse)
        .function("better", ["good"], |good: &i32| good + 1)
        .function("careful", ["bad"], |bad: Result<&i32, &NodeError>| {
            bad.map_err(|error| error.node().to_owned()).cloned()
        })
}

const REPORT: &str = "\
source   failed   no connection
good     done
bad      skipped  because of `source`
worse    skipped  because of `source`
better   done
careful  done
worst    skipped  because of `source`
";

#[test]
fn what_is_there_goes_over_and_what_is_missing_is_a_failure() {
    for executor in [Executor::Sequential, Executor::Rayon] {
        let keep_going = |graph: GraphBuilder| {
            let driver = graph.build().unwrap().driver().on_error(ErrorPolicy::KeepGoing).executor(executor);
            driver.build().unwrap()
        };
        let chain = keep_going(fails()).then(&keep_going(uses())).unwrap();
        let run = chain.execute_named(["worst", "better", "careful"], ()).unwrap();
        assert_eq!(run.values().get::<i32>("better").unwrap(), &2);
        assert_eq!(run.values().get::<Result<i32, String>>("careful").unwrap(), &Err("source".to_owned()));
        let error = run.values().get::<i32>("worst").unwrap_err();
        assert_eq!(error.failure().unwrap().chain(), ["source", "bad", "worse", "worst"]);
        assert_eq!(run.report().to_string().lines().count(), REPORT.lines().count(), "{}", run.report());
        for line in REPORT.lines() {
            assert!(run.report().to_string().contains(line), "{}", run.report());
        }
        assert!(
            matches!(run.report().outcome("worst"), Some(Outcome::Skipped { because }) if because == &["source"])
        );
    }
}

#[test]
fn each_driver_keeps_its_own_policy() {
    // The second one fails fast, with the failure of the first.
    let error = keeps_going(fails()).then(&driver(uses())).unwrap().execute_named(["worst"], ()).unwrap_err();
    assert_eq!(error.failure().unwrap().node(), "source");
    // What does not need it runs.
    let chain = keeps_going(fails()).then(&driver(uses())).unwrap();
    assert_eq!(
        chain.execute_named(["better", "careful"], ()).unwrap().values().get::<i32>("better").unwrap(),
        &2
    );
    // The first one fails fast, and that is the end.
    let error =
        driver(fails()).then(&keeps_going(uses())).unwrap().execute_named(["careful"], ()).unwrap_err();
    assert_eq!(error.failure().unwrap().node(), "source");
}

/// Writes down the runs that it hears of.
#[derive(Clone, Default)]
struct Runs(Arc<Mutex<Vec<Heard>>>);

/// A run: its graph, its id, its parent's and the first one's.
type Heard = (String, RunId, Option<RunId>, RunId);

impl Hook for Runs {
    fn before_run(&self, run: &RunInfo<'_>) -> HookResult {
        let runs = (run.graph().name().to_owned(), run.id(), run.parent(), run.root());
        self.0.lock().unwrap().push(runs);
        Ok(())
    }

    fn after_run(&self, run: &RunInfo<'_>, _: &RunEnd<'_>) -> HookResult {
        assert!(self.0.lock().unwrap().iter().any(|(_, id, ..)| *id == run.id()));
        Ok(())
    }
}

#[test]
fn hooks_see_the_runs_as_parts_of_one() {
    let runs = Runs::default();
    let heard = |graph: GraphBuilder| graph.build().unwrap().driver().hook(runs.clone()).build().unwrap();
    let chain = heard(load()).then(&heard(count())).unwrap().then(&heard(report())).unwrap();
    let run = chain.execute_named(["page"], inputs()).unwrap();
    let seen = runs.0.lock().unwrap().clone();
    assert_eq!(seen.iter().map(|(name, ..)| name.as_str()).collect::<Vec<_>>(), ["load", "count", "report"]);
    let ids: Vec<RunId> = run.runs().map(millstream::Run::id).collect();
    assert_eq!(seen.iter().map(|(_, id, ..)| *id).collect::<Vec<_>>(), ids);
    assert!(seen.iter().all(|(_, _, parent, root)| (*parent, *root) == (Some(run.id()), run.id())));
    assert!(run.report().hook_errors().is_empty());

    // Within a node the chain is a part of that run.
    runs.0.lock().unwrap().clear();
    let inner = chain.clone();
    let outer = Graph::builder()
        .name("outer")
        .try_function("page", (), move |run: NodeContext<'_>| -> Result<String, Error> {
            inner.within(run).execute_named(["page"], inputs())?.into_values().take("page")
        })
        .build()
        .unwrap();
    let outer = outer.driver().hook(runs.clone()).build().unwrap().execute_named(["page"], ()).unwrap();
    let seen = runs.0.lock().unwrap().clone();
    assert_eq!(seen.len(), 4);
    let chain_id = seen[1].2.unwrap();
    assert!(seen[1..].iter().all(|(_, _, parent, root)| (*parent, *root) == (Some(chain_id), outer.id())));
}

#[test]
fn a_chain_that_is_called_off_tells_what_had_run() {
    let token = CancellationToken::new();
    let hand = token.clone();
    let first = driver(Graph::builder().function("one", (), move || hand.cancel()));
    let second = driver(Graph::builder().input::<()>("one").function("two", ["one"], |(): &()| 2).function(
        "three",
        ["two"],
        |_: &i32| 3,
    ));
    let chain = first.then(&second).unwrap();
    let error = chain.cancel_with(&token).execute_named(["three"], ()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled);
    assert_eq!(error.report().unwrap().to_string(), "one    done\ntwo    not reached\nthree  not reached\n");
}

#[test]
fn each_driver_keeps_its_own_deadline() {
    let (done, wait) = std::sync::mpsc::channel::<()>();
    let wait = Mutex::new(wait);
    let first = driver(Graph::builder().function("one", (), || 1));
    let slow = Graph::builder()
        .input::<i32>("one")
        .function("two", ["one"], move |_: &i32| wait.lock().unwrap().recv().is_ok());
    let slow = slow.build().unwrap().driver().deadline(Duration::from_millis(20)).build().unwrap();
    let error = first.then(&slow).unwrap().execute_named(["two"], ()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TimedOut);
    assert_eq!(error.report().unwrap().to_string(), "one  done\ntwo  running\n");
    drop(done);
}

/// Panics when it is dropped.
struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        std::panic::resume_unwind(Box::new("dropped"));
    }
}

#[test]
fn a_value_that_nobody_takes_may_panic_when_it_is_dropped() {
    let first = driver(Graph::builder().function("bomb", (), || Bomb).function("one", (), || 1));
    let second = driver(
        Graph::builder().input::<i32>("one").try_function("two", ["one"], |_: &i32| Err::<i32, _>("no")),
    );
    let chain = first.then(&second).unwrap();
    let error = chain.execute_named(["bomb", "two"], ()).unwrap_err();
    assert_eq!(error.failure().unwrap().node(), "two");
    let error = chain.override_named("bomb", Bomb).execute_named(["tow"], ()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Request);
}

#[tokio::test]
async fn awaited_it_is_the_same() {
    let slow = Graph::builder().async_function("one", (), || async {
        tokio::task::yield_now().await;
        1
    });
    let second = Graph::builder()
        .input::<i32>("one")
        .async_function("two", ["one"], |one: &i32| std::future::ready(one + 1))
        .function("three", ["two"], |two: &i32| two + 1);
    let chain = driver(slow).then(&driver(second)).unwrap();
    let execution = chain.execute_named_async(["three", "one"], ());
    let run = tokio::spawn(execution).await.unwrap().unwrap();
    assert_eq!(run.values().to_json().unwrap(), serde_json::json!({ "three": 3, "one": 1 }));
    assert_eq!(run.runs().count(), 2);

    let run = keeps_going(fails()).then(&keeps_going(uses())).unwrap();
    let run = run.execute_named_async(["worst", "better"], ()).await.unwrap();
    assert_eq!(run.values().get::<i32>("better").unwrap(), &2);
    let error = run.values().get::<i32>("worst").unwrap_err();
    assert_eq!(error.failure().unwrap().chain(), ["source", "bad", "worse", "worst"]);

    let token = CancellationToken::new();
    token.cancel();
    let error = chain.cancel_with(&token).execute_named_async(["three"], ()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled);
    let error = chain.execute_named_async(["four"], ()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Request);
}

#[test]
fn a_default_is_that_of_the_first_driver_whatever_else_is_asked_for() {
    let first = |builder: GraphBuilder| builder.input_or("k", 1_u64).function("m", ["k"], |k: &u64| *k);
    let second = |builder: GraphBuilder| {
        let sum = |k: &u64, m: &u64| k * 100 + m;
        builder.input::<u64>("m").function("w", ["k", "m"], sum)
    };
    let driver = |builder: GraphBuilder| builder.build().unwrap().driver().build().unwrap();
    let first = driver(first(Graph::builder()));
    let with_default = driver(second(Graph::builder().input_or("k", 2_u64)));
    let without = driver(second(Graph::builder().input::<u64>("k")));
    for second in [with_default, without] {
        let chain = first.then(&second).unwrap();
        for names in [&["w"][..], &["w", "k"], &["w", "m"]] {
            let w = |run: Result<millstream::ChainRun<millstream::Named>, Error>| {
                *run.unwrap().values().get::<u64>("w").unwrap()
            };
            assert_eq!(w(chain.execute_named(names, ())), 101, "{names:?}");
            let overridden = chain.override_named("m", 7_u64).execute_named(names, ());
            assert_eq!(w(overridden), 107, "{names:?}");
            let given = InputMap::new().set("k", 3_u64);
            assert_eq!(w(chain.override_named("m", 7_u64).execute_named(names, given)), 307, "{names:?}");
        }
    }
}

#[test]
fn all_are_to_blame_also_where_a_later_driver_has_an_input_of_the_name_of_one() {
    let fail = || -> Result<i64, &'static str> { Err("no") };
    let sum = |one: &i64, other: &i64| one + other;
    let driver = |builder: GraphBuilder| {
        builder.build().unwrap().driver().on_error(ErrorPolicy::KeepGoing).build().unwrap()
    };
    let first = Graph::builder().try_function("a", (), fail).try_function("b", (), fail);
    let first = driver(first.function("both", ["a", "b"], sum));
    let second =
        Graph::builder().input::<i64>("a").input::<i64>("both").function("last", ["both"], i64::clone);
    let second = driver(second.function("other", ["a"], i64::clone));
    let run = first.then(&second).unwrap().execute_named(["last"], ()).unwrap();
    let report = run.report();
    let Some(Outcome::Skipped { because }) = report.outcome("last") else { panic!("{report:?}") };
    assert_eq!(because, &["a", "b"]);
}
