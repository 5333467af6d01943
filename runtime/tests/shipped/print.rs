//! Printing runs.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, mpsc};

use millstream::hooks::Print;
use millstream::{Driver, Executor, Graph, Nodes};

use super::numbers::{self, Inputs};

/// A writer that is looked at afterwards.
#[derive(Clone, Default)]
struct Paper(Arc<Mutex<Vec<u8>>>);

impl Write for Paper {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Paper {
    fn take(&self) -> String {
        String::from_utf8(std::mem::take(&mut *self.0.lock().unwrap())).unwrap()
    }
}

fn driver(hook: Print) -> Driver<numbers::Flow> {
    numbers::driver().executor(Executor::Sequential).hook(hook).build().unwrap()
}

#[test]
fn a_run_from_its_beginning_to_its_end() {
    let paper = Paper::default();
    driver(Print::to(paper.clone())).execute::<(numbers::sum, numbers::text)>(Inputs { most: 2 }).unwrap();
    assert_eq!(
        paper.take(),
        "\
run begins: sum, text (most = 2)
number(most = 2)
number: 1 of 2
number = <Parallelizable<..>>
half[0](number = 1)
half[0] = 0
half[1](number = 2)
half[1] info: 2 is even
half[1] = 1
both(half = [0, 1])
both is done(sum = 1, text = \"1!\")
run is over
"
    );
}

#[test]
fn names_alone() {
    let paper = Paper::default();
    driver(Print::to(paper.clone()).values(false)).execute::<numbers::sum>(Inputs { most: 1 }).unwrap();
    assert_eq!(
        paper.take(),
        "\
run begins: sum
number
number: 1 of 2
number is done
half[0]
half[0] is done
both
both is done
run is over
"
    );
}

#[test]
fn what_fails_and_why() {
    let paper = Paper::default();
    let hook = Print::to(paper.clone()).values(false);
    driver(hook).execute::<numbers::sum>(Inputs { most: 9 }).unwrap_err();
    let printed = paper.take();
    let last: Vec<&str> = printed.lines().skip_while(|line| *line != "half[4]").collect();
    assert_eq!(last[..2], ["half[4]", "half[4] failed: 5 is too much"]);
    assert!(last[2].starts_with("run has failed: node `half`") && last[2].ends_with(": 5 is too much"));
}

#[test]
fn some_nodes_alone() {
    let paper = Paper::default();
    let half = Nodes::of::<numbers::half>();
    let driver = numbers::driver()
        .executor(Executor::Sequential)
        .hook_on(half, Print::to(paper.clone()))
        .build()
        .unwrap();
    driver.execute::<numbers::sum>(Inputs { most: 2 }).unwrap();
    let printed = paper.take();
    assert!(printed.contains("half[1] info: 2 is even"));
    assert!(!printed.contains("number(") && !printed.contains("both"), "{printed}");
}

#[test]
fn long_values_are_cut_off() {
    let paper = Paper::default();
    let graph = Graph::builder().function("rows", (), || vec![1_u8; 1000]).build().unwrap();
    let driver = graph.driver().hook(Print::to(paper.clone()).width(8)).build().unwrap();
    driver.execute_named(["rows"], ()).unwrap();
    assert!(paper.take().contains("\nrows = [1, 1, 1…\n"));
}

#[test]
fn lines_of_several_threads_are_whole() {
    let paper = Paper::default();
    let hook = Print::to(paper.clone());
    let driver = numbers::driver().executor(Executor::Rayon).hook(hook).build().unwrap();
    driver.override_value::<numbers::number>((10..2010).collect()).execute::<numbers::sum>(()).unwrap();
    let printed = paper.take();
    let mut done: Vec<&str> =
        printed.lines().filter(|line| line.starts_with("half[") && line.contains(" = ")).collect();
    done.retain(|line| !line.contains('('));
    done.sort_unstable();
    let mut expected: Vec<String> =
        (0..2000).map(|item| format!("half[{item}] = {}", item / 2 + 5)).collect();
    expected.sort_unstable();
    assert_eq!(done, expected);
}

/// Fails twice, then panics, then writes.
struct Broken(u32, Paper);

impl Write for Broken {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += 1;
        match self.0 {
            1 | 2 => Err(io::Error::other("out of paper")),
            3 => panic!("on fire"),
            _ => self.1.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_broken_writer_does_no_harm_to_the_run() {
    let paper = Paper::default();
    let graph = Graph::builder().function("a", (), || 1).build().unwrap();
    let driver = graph.driver().hook(Print::to(Broken(0, paper.clone()))).build().unwrap();
    let report = driver.execute_named(["a"], ()).unwrap().report();
    let told: Vec<String> = report.hook_errors().iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        ["hook `Print` failed before_run: out of paper", "hook `Print` panicked after_node of `a`: on fire"]
    );
    assert_eq!(paper.take(), "run is over\n");
}

/// Runs a graph when it has written the last line of a run, once.
struct Goes {
    on: Option<Box<dyn FnOnce() + Send>>,
    paper: Paper,
}

impl Write for Goes {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if bytes.ends_with(b"run is over\n")
            && let Some(on) = self.on.take()
        {
            on();
        }
        self.paper.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn nobody_waits_for_a_writer_and_its_lines_come_all_the_same() {
    let graph = Graph::builder().function("a", (), || 1).build().unwrap();
    let (send, receive) = mpsc::channel::<Driver<Graph>>();
    let on = move || drop(receive.recv().unwrap().execute_named(["a"], ()).unwrap());
    let paper = Paper::default();
    let print = Arc::new(Print::to(Goes { on: Some(Box::new(on)), paper: paper.clone() }));
    send.send(graph.driver().hook(Arc::clone(&print)).build().unwrap()).unwrap();
    graph.driver().hook(print).build().unwrap().execute_named(["a"], ()).unwrap();
    assert_eq!(paper.take(), "run begins: a\na\na = 1\nrun is over\n".repeat(2));
}
