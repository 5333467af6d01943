//! Compiled entry points of dynamic blocks: loops, with the same values as a driver gives.

#![allow(
    unreachable_pub,
    clippy::cast_precision_loss,
    clippy::needless_pass_by_value,
    clippy::trivially_copy_pass_by_ref,
    clippy::unnecessary_wraps,
    clippy::unwrap_used,
    reason = "dataflows as users write them"
)]

use std::error::Error as _;

use millstream::prelude::*;

#[dataflow(compile(
    summary = (total, list, late, kept),
    lists = (text, price, label),
    chosen = choice,
))]
mod shop {
    use millstream::{Collect, Parallelizable};

    #[inputs]
    pub struct Inputs {
        pub prices: Vec<f64>,
        pub label: String,
    }

    #[config]
    pub struct Config {
        pub round: bool,
        pub long: bool,
    }

    #[node]
    pub fn price(prices: Vec<f64>) -> Result<Parallelizable<f64>, String> {
        if prices.len() > 5 { Err("too many".to_owned()) } else { Ok(Parallelizable::new(prices)) }
    }

    /// Needed in the block, and declared after what opens it.
    #[node]
    pub fn factor(label: &str) -> f64 {
        label.len() as f64
    }

    #[node]
    #[when(round = true)]
    pub fn scaled__round(price: f64, factor: f64, shift: f64) -> f64 {
        (price * factor).round() + shift
    }

    #[node]
    #[when(round = false)]
    pub fn scaled__exact(price: f64, factor: f64) -> Result<f64, String> {
        if price < 0.0 { Err(format!("{price} is negative")) } else { Ok(price * factor) }
    }

    /// For each item, but only in one arm.
    #[node]
    pub fn shift(price: &f64) -> f64 {
        price / 10.0
    }

    #[node]
    #[unpack_fields(first, second)]
    pub fn pair(scaled: f64) -> (f64, String) {
        (scaled, format!("<{scaled}>"))
    }

    /// Takes an item's value and one from outside by value.
    #[node]
    pub fn text(second: String, label: String, first: &f64) -> String {
        format!("{label}{second}{first}")
    }

    #[node]
    pub fn total(scaled: Collect<'_, f64>) -> f64 {
        scaled.iter().sum()
    }

    #[node]
    pub fn list(text: Collect<'_, String>, price: Collect<'_, f64>) -> String {
        format!("{} of {}", text.join(" "), price.len())
    }

    /// A second block, which needs all of the first.
    #[node]
    pub fn again(total: f64, #[source(scaled)] all: Collect<'_, f64>) -> Parallelizable<f64> {
        Parallelizable::new(all.iter().map(|one| one / total).collect::<Vec<f64>>())
    }

    #[node]
    pub fn share(again: f64, total: f64) -> f64 {
        again + total
    }

    #[node]
    pub fn late(share: Collect<'_, f64>, list: &str) -> String {
        format!("{share:?} {list}")
    }

    /// The value is looked at by others after it was used in a loop.
    #[node]
    pub fn kept(label: String, total: f64) -> String {
        format!("{label} {total}")
    }

    /// A list that only one config needs.
    #[node]
    #[when(long = true)]
    pub fn choice__long(text: Collect<'_, String>, shift: Collect<'_, f64>) -> String {
        format!("{text:?} {shift:?}")
    }

    #[node]
    #[when(long = false)]
    pub fn choice__short(price: Collect<'_, f64>) -> String {
        format!("{price:?}")
    }
}

fn prices() -> Vec<Vec<f64>> {
    vec![vec![], vec![1.25], vec![1.0, 2.5, 3.0], vec![1.0, -1.0, -2.0], vec![0.0; 6]]
}

fn configs() -> impl Iterator<Item = shop::Config> {
    [(true, true), (true, false), (false, true), (false, false)]
        .into_iter()
        .map(|(round, long)| shop::Config { round, long })
}

/// Both give the same, or fail in the same node with the same error.
fn compare<T: PartialEq + std::fmt::Debug>(
    entry: Result<T, millstream::EntryError>,
    run: Result<T, millstream::Error>,
) {
    match (entry, run) {
        (Ok(entry), Ok(run)) => assert_eq!(entry, run),
        (Err(entry), Err(run)) => {
            let failure = run.failure().unwrap();
            assert_eq!((entry.node(), Some(entry.place())), (failure.node(), failure.place()));
            assert_eq!(entry.source().unwrap().to_string(), failure.cause().unwrap().to_string());
        }
        (entry, run) => assert_eq!(entry.is_ok(), run.is_ok(), "{:?} {:?}", entry.err(), run.err()),
    }
}

fn driver(config: shop::Config) -> Driver<shop::Flow> {
    shop::driver(config).executor(Executor::Sequential).build().unwrap()
}

#[test]
fn what_is_collected_is_the_same() {
    use shop::{kept, late, list, total};
    for prices in prices() {
        for config in configs() {
            let inputs = shop::SummaryInputs { prices: prices.clone(), label: "ab".into() };
            let entry = shop::summary(&config, &inputs).map(|all| (all.total, all.list, all.late, all.kept));
            let whole = shop::Inputs { prices: prices.clone(), label: "ab".into() };
            let run = driver(config).execute::<(total, list, late, kept)>(whole);
            compare(entry, run.map(millstream::Run::into_values));
        }
    }
}

#[test]
fn what_is_in_a_block_is_yielded_as_a_list() {
    use shop::{label, price, text};
    for prices in prices() {
        for config in configs() {
            let inputs = shop::ListsInputs { prices: prices.clone(), label: "ab".into() };
            let entry = shop::lists(&config, &inputs).map(|all| (all.text, all.price, all.label));
            let whole = shop::Inputs { prices: prices.clone(), label: "ab".into() };
            let run = driver(config).execute::<(text, price, label)>(whole);
            compare(entry, run.map(millstream::Run::into_values));
        }
    }
}

#[test]
fn a_loop_makes_only_what_the_config_asks_for() {
    for prices in prices() {
        for config in configs() {
            let inputs = shop::ChosenInputs { prices: prices.clone(), label: "ab".into() };
            let entry = shop::chosen(&config, &inputs);
            let whole = shop::Inputs { prices: prices.clone(), label: "ab".into() };
            let run = driver(config).execute::<shop::choice>(whole);
            compare(entry, run.map(millstream::Run::into_values));
        }
    }
}

/// Blocks in blocks, of which an included one is the outer.
#[dataflow]
mod pages {
    use millstream::{Collect, Parallelizable};

    #[inputs]
    pub struct Inputs {
        pub books: Vec<String>,
    }

    #[node]
    pub fn book(books: &[String]) -> Parallelizable<String> {
        let books = books.to_vec();
        Parallelizable::fallible(
            books.into_iter().map(|book| if book.is_empty() { Err("an empty book") } else { Ok(book) }),
        )
    }

    #[node]
    pub fn length(book: &str) -> usize {
        book.len()
    }

    #[node]
    pub fn lengths(length: Collect<'_, usize>) -> usize {
        length.iter().sum()
    }
}

#[dataflow(compile(read = (words, letters, per_book, lengths, of_all)))]
mod library {
    #[include]
    use super::pages;
    use millstream::{Collect, Parallelizable};

    #[node]
    pub fn word(book: &str) -> Parallelizable<String> {
        Parallelizable::new(book.split(' ').map(str::to_owned).collect::<Vec<_>>())
    }

    #[node]
    pub fn letters(word: String, length: usize) -> usize {
        word.len() + length
    }

    #[node]
    pub fn words(word: Collect<'_, String>) -> String {
        word.join("-")
    }

    #[node]
    pub fn per_book(letters: Collect<'_, usize>, book: String) -> String {
        format!("{book}: {:?}", letters.as_slice())
    }

    #[node]
    pub fn of_all(per_book: Collect<'_, String>) -> String {
        per_book.join("; ")
    }
}

#[test]
fn blocks_nest() {
    let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<String>>();
    let all = library::read(&library::ReadInputs { books: texts(&["a bc", "def"]) }).unwrap();
    assert_eq!(all.words, texts(&["a-bc", "def"]));
    assert_eq!(all.letters, [vec![5, 6], vec![6]]);
    assert_eq!(all.per_book, texts(&["a bc: [5, 6]", "def: [6]"]));
    assert_eq!(all.lengths, 7);
    assert_eq!(all.of_all, "a bc: [5, 6]; def: [6]");
    for books in [vec![], vec!["a bc", "def"], vec!["a", "", "b"]] {
        let inputs = library::ReadInputs { books: texts(&books) };
        let entry = library::read(&inputs).map(|all| (all.lengths, all.of_all, all.letters));
        let driver = library::driver().executor(Executor::Sequential).build().unwrap();
        let run = driver.execute::<(library::lengths, library::of_all, library::letters)>(library::Inputs {
            books: texts(&books),
        });
        compare(entry, run.map(millstream::Run::into_values));
    }
}

/// Two of three variants need a block, and one of them a block in it.
#[dataflow(compile(score = total, both = (total, sizes)))]
mod modes {
    use millstream::{Collect, Parallelizable};

    #[derive(Clone, Copy, Debug)]
    pub enum Mode {
        Rows,
        Words,
        None,
    }

    #[config]
    pub struct Config {
        pub mode: Mode,
    }

    #[inputs]
    pub struct Inputs {
        pub text: String,
    }

    #[node]
    pub fn row(text: &str) -> Parallelizable<String> {
        Parallelizable::new(text.lines().map(str::to_owned).collect::<Vec<_>>())
    }

    #[node]
    pub fn size(row: &str) -> usize {
        row.len()
    }

    #[node]
    pub fn word(row: String) -> Parallelizable<String> {
        Parallelizable::new(row.split(' ').map(str::to_owned).collect::<Vec<_>>())
    }

    #[node]
    pub fn words(word: Collect<'_, String>, size: usize) -> usize {
        word.len() * 100 + size
    }

    #[node]
    pub fn sizes(size: Collect<'_, usize>) -> usize {
        size.iter().sum()
    }

    #[node]
    pub fn of_words(words: Collect<'_, usize>) -> usize {
        words.iter().sum()
    }

    #[node]
    #[when(mode = Mode::Rows)]
    pub fn total__rows(sizes: usize) -> usize {
        sizes
    }

    #[node]
    #[when(mode = Mode::Words)]
    pub fn total__words(of_words: usize, sizes: usize) -> usize {
        of_words + sizes
    }

    #[node]
    #[when(mode = Mode::None)]
    pub fn total__none() -> usize {
        0
    }
}

#[test]
fn a_block_may_be_needed_by_some_variants_alone() {
    use modes::Mode;
    for (mode, total) in [(Mode::Rows, 6), (Mode::Words, 312), (Mode::None, 0)] {
        let (config, text) = (modes::Config { mode }, "a bc\nde".to_owned());
        assert_eq!(modes::score(&config, &modes::ScoreInputs { text: text.clone() }).unwrap(), total);
        let both = modes::both(&config, &modes::BothInputs { text: text.clone() }).unwrap();
        let run = modes::driver(config).build().unwrap();
        let values =
            run.execute::<(modes::total, modes::sizes)>(modes::Inputs { text }).unwrap().into_values();
        assert_eq!((both.total, both.sizes), values, "{mode:?}");
    }
}
