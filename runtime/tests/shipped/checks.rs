//! Checks of values.

use std::sync::{Arc, Mutex};

use millstream::layers::{Check, Checks};
use millstream::{
    ErrorKind, Graph, Hook, HookResult, Level, Message, NodeErrorKind, NodeEvent, RunEnd, RunInfo,
};

use super::EXECUTORS;
use super::numbers::{self, Inputs};

fn message(error: &millstream::Error) -> String {
    error.failure().unwrap().message()
}

/// Writes down what is said.
#[derive(Clone, Default)]
struct Heard(Arc<Mutex<Vec<String>>>);

impl Heard {
    fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

impl Hook for Heard {
    fn message(&self, message: &Message<'_>) -> HookResult {
        if message.level() == Level::Warn {
            self.0.lock().unwrap().push(format!(
                "{} {:?}: {}",
                message.name(),
                message.items(),
                message.text()
            ));
        }
        Ok(())
    }
}

#[test]
fn a_node_whose_value_does_not_hold_has_failed() {
    for executor in EXECUTORS {
        let checks = Checks::new().on::<numbers::half>(Check::new("must be less than 2", |half| *half < 2));
        let driver = numbers::driver().executor(executor).hook(checks).build().unwrap();
        assert_eq!(driver.execute::<numbers::sum>(Inputs { most: 3 }).unwrap().into_values(), 2);
        let error = driver.execute::<numbers::sum>(Inputs { most: 4 }).unwrap_err();
        assert_eq!(message(&error), "`half` is 2, but must be less than 2");
        let failure = error.failure().unwrap();
        assert_eq!(
            (failure.node(), failure.items(), failure.kind()),
            ("half", &[3][..], NodeErrorKind::Failed)
        );
    }
}

#[test]
fn a_warning_is_heard_and_the_run_goes_on() {
    for executor in EXECUTORS {
        let heard = Heard::default();
        let checks = Checks::new()
            .on::<numbers::half>(Check::new("should be less than 1", |half| *half < 1).warns())
            .on::<numbers::text>(Check::new("should be short", |text: &String| text.len() < 2).warns());
        let driver = numbers::driver().executor(executor).hook(heard.clone()).hook(checks).build().unwrap();
        assert_eq!(driver.execute::<numbers::text>(Inputs { most: 2 }).unwrap().into_values(), "1!");
        assert_eq!(
            heard.take(),
            [
                "half [1]: `half` is 1, but should be less than 1",
                "both []: `text` is \"1!\", but should be short"
            ]
        );
    }
}

#[test]
fn parts_tags_and_types() {
    let fails = |checks: Checks| {
        let driver = numbers::driver().hook(checks).build().unwrap();
        let error = driver.execute::<(numbers::sum, numbers::text)>(Inputs { most: 2 }).unwrap_err();
        (error.failure().unwrap().node().to_owned(), message(&error))
    };
    let is_odd = |what: &str| Check::new(what, |number: &u32| number % 2 == 1);
    assert_eq!(
        fails(Checks::new().named("text", Check::new("must be empty", |text: &String| text.is_empty()))),
        ("both".to_owned(), "`text` is \"1!\", but must be empty".to_owned())
    );
    assert_eq!(
        fails(Checks::new().tagged("unit", "pieces", is_odd("must be odd"))),
        ("half".to_owned(), "`half` is 0, but must be odd".to_owned())
    );
    assert_eq!(
        fails(Checks::new().all(Check::new("must not be 1", |number: &u32| *number != 1))),
        ("half".to_owned(), "`half` is 1, but must not be 1".to_owned())
    );
}

#[test]
fn what_the_caller_gives_is_checked_before_anything_runs() {
    for executor in EXECUTORS {
        let heard = Heard::default();
        let checks = Checks::new()
            .on::<numbers::most>(Check::new("must be less than 9", |most| *most < 9))
            .on::<numbers::most>(Check::new("should be less than 3", |most| *most < 3).warns())
            .named("both", Check::new("must have a text", |both: &numbers::Both| !both.text.is_empty()));
        let builder = numbers::driver().executor(executor).hook(heard.clone()).hook(Unheard).hook(checks);
        let driver = builder.build().unwrap();
        let error = driver.execute::<numbers::sum>(Inputs { most: 9 }).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Request);
        let refused = "the inputs are refused: `most` is 9, but must be less than 9 (hook `Checks`)";
        assert_eq!(error.problems(), ["the inputs are refused: not today (hook `Unheard`)", refused]);
        assert_eq!(heard.take(), ["most []: `most` is 9, but should be less than 3"]);

        let empty = numbers::Both { sum: 1, text: String::new() };
        let request = driver.override_value::<numbers::both>(empty);
        let error = request.execute::<numbers::sum>(()).unwrap_err();
        assert!(error.to_string().contains("`both` is <Both>, but must have a text"), "{error}");
    }
}

/// Refuses every run, and must not be told of any.
struct Unheard;

impl Hook for Unheard {
    fn check_inputs(&self, _: &RunInfo<'_>) -> HookResult {
        Err("not today".into())
    }

    fn before_run(&self, _: &RunInfo<'_>) -> HookResult {
        unreachable!("the run was refused")
    }

    fn after_run(&self, _: &RunInfo<'_>, _: &RunEnd<'_>) -> HookResult {
        unreachable!("the run was refused")
    }

    fn before_node(&self, _: &NodeEvent<'_>) -> HookResult {
        unreachable!("the run was refused")
    }
}

#[test]
fn everything_that_does_not_hold_is_told_of_at_once() {
    let never = |_: &i32| false;
    let checks =
        Checks::new().named("a", Check::new("must be odd", never)).all(Check::new("must be small", never));
    let graph = Graph::builder().function("a", (), || 8).build().unwrap();
    let error = graph.driver().hook(checks).build().unwrap().execute_named(["a"], ()).unwrap_err();
    assert_eq!(message(&error), "`a` is 8, but must be odd; `a` is 8, but must be small");
}

#[test]
fn checks_that_do_not_fit_are_refused() {
    let check = || Check::new("must be odd", |number: &i64| number % 2 == 1);
    let checks = Checks::new()
        .named("most", check())
        .named("number", check())
        .named("half", check())
        .named("summ", check())
        .tagged("unit", "pieces", check());
    let error = numbers::driver().hook(checks).build().unwrap_err();
    assert_eq!(
        error.problems(),
        [
            "input `most` is refused: it is `u32`, but a check takes it for `i64`; take `u32` (hook `Checks`)",
            "node `number` is refused: what opens a block cannot be checked; check a node that takes its items (hook `Checks`)",
            "node `half` is refused: it is `u32`, but a check takes it for `i64`; take `u32` (hook `Checks`)",
            "the graph is refused: `summ` is neither a node nor an input; did you mean `sum`? (hook `Checks`)",
        ]
    );
}
