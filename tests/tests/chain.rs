//! Dataflows one after another: each with its own inputs, outputs as types.

#![allow(
    unreachable_pub,
    clippy::cast_precision_loss,
    clippy::float_cmp,
    clippy::trivially_copy_pass_by_ref,
    clippy::unwrap_used,
    reason = "dataflows as users write them"
)]

use millstream::prelude::*;
use millstream::{Chain, ErrorPolicy};

#[dataflow]
mod cleaning {
    #[inputs]
    pub struct Inputs {
        pub text: String,
    }

    #[node]
    pub fn words(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_lowercase).collect()
    }
}

#[dataflow]
mod training {
    #[include]
    use super::cleaning;
    use millstream::{Collect, Parallelizable};

    #[node]
    pub fn word(words: Vec<String>) -> Parallelizable<String> {
        Parallelizable::new(words)
    }

    #[node]
    pub fn length(word: &str) -> Result<usize, String> {
        if word == "bad" { Err("a bad word".to_owned()) } else { Ok(word.len()) }
    }

    #[node]
    pub fn longest(length: Collect<'_, usize>) -> usize {
        length.iter().copied().max().unwrap_or_default()
    }
}

#[dataflow]
mod scoring {
    #[include]
    use super::cleaning;

    #[inputs]
    pub struct Inputs {
        pub longest: usize,
        /// All lengths, of a block of another dataflow.
        pub length: Vec<usize>,
        #[default(1.0)]
        pub scale: f64,
    }

    #[node]
    pub fn score(words: &[String], longest: usize, scale: f64) -> f64 {
        words.len() as f64 / longest as f64 * scale
    }

    #[node]
    pub fn total(length: &[usize]) -> usize {
        length.iter().sum()
    }
}

fn chain() -> Chain<(training::Flow, scoring::Flow)> {
    training::driver().build().unwrap().then(&scoring::driver().build().unwrap()).unwrap()
}

fn inputs() -> (training::Inputs, scoring::PartialInputs) {
    (training::Inputs { text: "One THREE".into() }, scoring::inputs().text("a b c d e".into()).scale(2.0))
}

#[test]
fn outputs_of_all_are_asked_for_as_types() {
    let run = chain().execute::<(scoring::score, training::longest, scoring::total)>(inputs()).unwrap();
    assert_eq!(run.into_values(), (2.0, 5, 8));
}

#[test]
fn a_type_is_the_node_of_its_own_driver_and_a_name_the_last_one() {
    let run = chain().execute::<(cleaning::words, scoring::score)>(inputs()).unwrap();
    assert_eq!(run.into_values().0.len(), 5);
    let run = chain().execute_named(["words"], inputs()).unwrap();
    assert_eq!(run.values().get::<Vec<String>>("words").unwrap().len(), 5);
    // One input for both, where it is given to the first.
    let one = (training::Inputs { text: "One THREE".into() }, ());
    assert_eq!(chain().execute::<scoring::score>(one).unwrap().into_values(), 0.4);
}

#[test]
fn an_output_twice_and_an_input_as_an_output() {
    let run = chain().execute::<(training::longest, training::longest, scoring::longest)>(inputs()).unwrap();
    assert_eq!(run.into_values(), (5, 5, 5));
}

#[test]
fn values_are_overridden_in_any_driver() {
    let run = chain().override_value::<training::longest>(10).execute::<scoring::score>(inputs()).unwrap();
    assert_eq!((run.runs().count(), run.into_values()), (1, 1.0));
    let chain = chain();
    let request = chain.override_value::<scoring::longest>(10);
    assert_eq!(
        request.execute::<(scoring::score, training::longest)>(inputs()).unwrap().into_values(),
        (1.0, 5)
    );
}

#[test]
fn what_no_driver_has_is_told_before_anything_runs() {
    #[dataflow]
    mod other {
        #[node]
        pub fn stranger() -> u8 {
            1
        }
    }

    let error = chain().execute::<(scoring::score, other::stranger)>(()).unwrap_err();
    assert_eq!(
        error.problems(),
        [
            "`stranger` is neither a node nor an input; ask for a node of one of the drivers",
            "input `text` is missing, which `words` needs; supply a `String`",
        ]
    );
    let error = chain().execute::<training::length>(inputs()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`length` is `Vec<usize>` in this chain, but was asked for as `usize`; ask for it by name"
    );
}

#[test]
fn failures_of_items_come_to_those_who_come_after() {
    let bad = || (training::Inputs { text: "One bad word".into() }, scoring::inputs());
    let (score, total) =
        chain().execute_partial::<(scoring::score, scoring::total)>(bad()).unwrap().into_values();
    for error in [score.unwrap_err(), total.unwrap_err()] {
        assert_eq!((error.node(), error.items()), ("length", &[1][..]));
    }
    let keep_going = |policy| training::driver().on_error(policy).build().unwrap();
    let chain = keep_going(ErrorPolicy::KeepGoing).then(&scoring::driver().build().unwrap()).unwrap();
    let error = chain.execute::<scoring::total>(bad()).unwrap_err();
    assert_eq!(error.failure().unwrap().node(), "length");
}
