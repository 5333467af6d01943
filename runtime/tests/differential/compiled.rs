//! Compiled entry points, with whatever is given, do what a driver does on every executor: the same values, and where
//! something fails, the same node with the same error.

use std::fmt::Debug;

use millstream::prelude::*;
use millstream::{EntryError, Error, Run};
use proptest::prelude::*;

use super::legs::pool;

/// Blocks within blocks, values from outside that are moved, and failures in both.
#[dataflow(compile(summary = (all, labels, rest), lists = (label, checked, last)))]
mod orders {
    use millstream::{Collect, Parallelizable};

    #[inputs]
    #[derive(Clone)]
    pub struct Inputs {
        pub rows: Vec<u64>,
        pub bad: u64,
        pub limit: u64,
        #[default(3)]
        pub scale: u64,
    }

    #[node]
    pub fn row(rows: Vec<u64>) -> Parallelizable<u64> {
        Parallelizable::new(rows)
    }

    #[node]
    pub fn checked(row: &u64, bad: &u64) -> Result<u64, String> {
        if row % 20 == *bad { Err(format!("{row} is bad")) } else { Ok(row / 2) }
    }

    #[node]
    pub fn part(checked: &u64) -> Parallelizable<u64> {
        Parallelizable::new(0..checked % 4)
    }

    #[node]
    pub fn square(part: u64, row: &u64, limit: &u64) -> Result<u64, String> {
        let square = part * part + row;
        if square > *limit { Err(format!("{square} is too much")) } else { Ok(square) }
    }

    #[node]
    pub fn squares(square: Collect<'_, u64>, checked: u64) -> Vec<u64> {
        square.iter().map(|square| square * checked).collect()
    }

    #[node]
    pub fn label(squares: &[u64], scale: u64) -> String {
        format!("{squares:?} * {scale}")
    }

    #[node]
    pub fn all(#[source(squares)] each: Collect<'_, Vec<u64>>) -> Vec<u64> {
        each.concat()
    }

    #[node]
    pub fn labels(label: Collect<'_, String>, row: Collect<'_, u64>) -> String {
        format!("{} of {row:?}", label.join(" "))
    }

    #[node]
    #[unpack_fields(first, last)]
    pub fn ends(all: Vec<u64>, labels: &str) -> Result<(u64, String), String> {
        let first = all.first().copied().ok_or("there are none")?;
        Ok((first, labels.to_owned()))
    }

    #[node]
    pub fn rest(last: String, first: &u64, limit: u64) -> String {
        format!("{last} {first} {limit}")
    }
}

/// The same with nodes that wait, in a block and outside.
#[dataflow(compile(load = (bodies, status)))]
mod pages {
    use millstream::{Collect, Parallelizable};
    use tokio::task::yield_now;

    #[inputs]
    #[derive(Clone)]
    pub struct Inputs {
        pub rows: Vec<u64>,
        pub bad: u64,
    }

    #[node]
    pub async fn page(rows: Vec<u64>) -> Parallelizable<u64> {
        yield_now().await;
        Parallelizable::new(rows)
    }

    #[node]
    pub async fn body(page: &u64, bad: &u64) -> Result<String, String> {
        yield_now().await;
        if page % 20 == *bad { Err(format!("no page {page}")) } else { Ok(page.to_string()) }
    }

    #[node]
    pub fn bodies(body: Collect<'_, String>) -> String {
        body.concat()
    }

    #[node]
    pub async fn status(bodies: String, bad: u64) -> Result<usize, String> {
        yield_now().await;
        if bodies.len() as u64 % 20 == bad { Err("it is bad".to_owned()) } else { Ok(bodies.len()) }
    }
}

const EXECUTORS: [Executor; 3] = [Executor::Sequential, Executor::Rayon, Executor::Auto];

/// What came of an entry, or of a run: the values, or who has failed, and why.
type Came = Result<String, (String, String)>;

fn of_entry(entry: Result<impl Debug, EntryError>) -> Came {
    match entry {
        Ok(values) => Ok(format!("{values:?}")),
        Err(error) => Err((error.node().to_owned(), error.into_cause().to_string())),
    }
}

fn of_run(run: Result<Run<impl Debug>, Error>) -> Came {
    match run {
        Ok(run) => Ok(format!("{:?}", run.into_values())),
        Err(error) => {
            let failure = error.failure().unwrap();
            Err((failure.node().to_owned(), failure.message()))
        }
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().build().unwrap()
}

fn rows() -> impl Strategy<Value = Vec<u64>> {
    proptest::collection::vec(0..1000_u64, 0..40)
}

proptest! {
    #![proptest_config(super::config())]

    #[test]
    fn entries_of_blocks_do_what_drivers_do(
        rows in rows(), bad in 0..40_u64, limit in 900..1400_u64, scale in 0..5_u64,
    ) {
        use orders::{all, checked, label, labels, last, rest};
        let inputs = orders::Inputs { rows, bad, limit, scale };
        let orders::Inputs { rows, .. } = inputs.clone();
        let summary = orders::summary(&orders::SummaryInputs { rows: rows.clone(), bad, limit, scale });
        let summary = of_entry(summary.map(|it| (it.all, it.labels, it.rest)));
        let lists = orders::lists(&orders::ListsInputs { rows, bad, limit, scale });
        let lists = of_entry(lists.map(|it| (it.label, it.checked, it.last)));
        for executor in EXECUTORS {
            let driver = orders::driver().executor(executor).build().unwrap();
            let run = pool(8).install(|| driver.execute::<(all, labels, rest)>(inputs.clone()));
            prop_assert_eq!(&of_run(run), &summary, "{:?}", executor);
            let run = runtime().block_on(driver.execute_async::<(label, checked, last)>(inputs.clone()));
            prop_assert_eq!(&of_run(run), &lists, "{:?}", executor);
        }
    }

    #[test]
    fn entries_that_wait_do_what_drivers_do(rows in rows(), bad in 0..80_u64) {
        use pages::{bodies, status};
        let inputs = pages::Inputs { rows: rows.clone(), bad };
        let entry = runtime().block_on(pages::load(&pages::LoadInputs { rows, bad }));
        let entry = of_entry(entry.map(|it| (it.bodies, it.status)));
        for executor in EXECUTORS {
            let driver = pages::driver().executor(executor).build().unwrap();
            let run = pool(2).install(|| driver.execute::<(bodies, status)>(inputs.clone()));
            prop_assert_eq!(&of_run(run), &entry, "{:?}", executor);
            let run = runtime().block_on(driver.execute_async::<(bodies, status)>(inputs.clone()));
            prop_assert_eq!(&of_run(run), &entry, "{:?}", executor);
        }
    }
}
