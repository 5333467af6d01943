//! Compiled entry points that wait.

#![allow(
    unreachable_pub,
    clippy::needless_pass_by_value,
    clippy::ptr_arg,
    clippy::trivially_copy_pass_by_ref,
    clippy::unused_async,
    clippy::unwrap_used,
    reason = "dataflows as users write them"
)]

use std::sync::Arc;

use millstream::NodeError;
use millstream::prelude::*;

/// Nodes that wait.
#[dataflow(compile(fetch = (size, title), fetch_or = chosen))]
mod waiting {
    #[inputs]
    pub struct Inputs {
        pub url: String,
    }

    #[config]
    pub struct Config {
        pub real: bool,
    }

    #[node]
    pub async fn page(url: &str) -> Result<String, String> {
        std::future::ready(()).await;
        if url.is_empty() { Err("no address".to_owned()) } else { Ok(format!("page of {url}")) }
    }

    #[node]
    pub async fn title(page: String) -> String {
        page.to_uppercase()
    }

    #[node]
    pub fn size(page: &str) -> usize {
        page.len()
    }

    #[node]
    #[when(real = true)]
    pub async fn chosen__real(page: &str) -> String {
        page.to_owned()
    }

    #[node]
    #[when(real = false)]
    pub fn chosen__not() -> String {
        "nothing".to_owned()
    }
}

/// Runs a future that only waits for itself.
fn finished<T>(future: impl Future<Output = T>) -> T {
    let mut future = std::pin::pin!(future);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    loop {
        if let std::task::Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
    }
}

#[test]
fn async_nodes_are_awaited() {
    fn is_send<T: Send>(value: T) -> T {
        value
    }
    let inputs = waiting::FetchInputs { url: "here".to_owned() };
    let fetched = finished(is_send(waiting::fetch(&inputs))).unwrap();
    assert_eq!((fetched.size, fetched.title.as_str()), (12, "PAGE OF HERE"));
    let error = finished(waiting::fetch(&waiting::FetchInputs { url: String::new() })).err().unwrap();
    assert_eq!(error.node(), "page");
    let config = |real| waiting::Config { real };
    let inputs = waiting::FetchOrInputs { url: String::new() };
    assert_eq!(finished(waiting::fetch_or(&config(false), &inputs)).unwrap(), "nothing");
    assert!(finished(waiting::fetch_or(&config(true), &inputs)).is_err());
}

/// Who goes on after a while says how many have begun until then.
#[dataflow(compile(meet = (greeting, kept), both = sum, after = seen, in_order = (first, second)))]
mod meeting {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[inputs]
    pub struct Inputs {
        pub begun: Arc<AtomicUsize>,
        pub text: String,
        pub fails: (bool, bool),
    }

    async fn count(begun: &AtomicUsize) -> usize {
        begun.fetch_add(1, Ordering::Relaxed);
        tokio::task::yield_now().await;
        begun.load(Ordering::Relaxed)
    }

    #[node]
    pub async fn ann(begun: &Arc<AtomicUsize>) -> Result<usize, String> {
        Ok(count(begun).await)
    }

    /// Comes between the two, and is made before either.
    #[node]
    pub fn title(text: &str) -> String {
        text.to_uppercase()
    }

    #[node]
    pub async fn bob(begun: &Arc<AtomicUsize>, title: String) -> String {
        format!("{title} {}", count(begun).await)
    }

    #[node]
    pub fn greeting(ann: usize, bob: &str) -> String {
        format!("{ann}, {bob}")
    }

    #[node]
    #[extract_fields(left, right)]
    pub async fn pair(begun: &Arc<AtomicUsize>) -> Pair {
        Pair { left: count(begun).await, right: 10 }
    }

    pub struct Pair {
        pub left: usize,
        pub right: usize,
    }

    #[node]
    pub async fn third(begun: &Arc<AtomicUsize>) -> usize {
        100 * count(begun).await
    }

    #[node]
    pub fn sum(left: usize, right: usize, third: usize) -> usize {
        left + right + third
    }

    #[node]
    pub async fn list(text: &str) -> Vec<String> {
        vec![text.to_owned()]
    }

    /// Looks at what `kept` takes: they cannot wait at the same time.
    #[node]
    pub async fn seen(list: &[String]) -> usize {
        list.len()
    }

    #[node]
    pub async fn taken(list: Vec<String>) -> Vec<String> {
        list
    }

    #[node]
    pub fn kept(seen: usize, taken: &[String]) -> usize {
        seen + taken.len()
    }

    /// Fails later than `second`, and is told of all the same.
    #[node]
    pub async fn first(fails: &(bool, bool)) -> Result<u32, String> {
        tokio::task::yield_now().await;
        if fails.0 { Err("first".to_owned()) } else { Ok(1) }
    }

    #[node]
    pub async fn second(fails: &(bool, bool)) -> Result<u32, String> {
        if fails.1 { Err("second".to_owned()) } else { Ok(2) }
    }
}

#[tokio::test]
async fn async_nodes_that_do_not_need_each_other_are_awaited_together() {
    let inputs = meeting::MeetInputs { begun: Arc::default(), text: "sir".to_owned() };
    let met = meeting::meet(&inputs).await.unwrap();
    assert_eq!((met.greeting.as_str(), met.kept), ("2, SIR 2", 2));
    assert_eq!(meeting::both(&meeting::BothInputs { begun: Arc::default() }).await, 212);
    assert_eq!(meeting::after(&meeting::AfterInputs { text: String::new() }).await, 1);
}

#[tokio::test]
async fn of_those_that_fail_together_the_first_is_told() {
    for (fails, node) in [((true, true), "first"), ((false, true), "second"), ((true, false), "first")] {
        let error = meeting::in_order(&meeting::InOrderInputs { fails }).await.err().unwrap();
        let run = meeting::driver().build().unwrap();
        let inputs = meeting::inputs().fails(fails);
        let of_driver = run.execute_async::<(meeting::first, meeting::second)>(inputs).await.unwrap_err();
        assert_eq!((error.node(), of_driver.failure().map(NodeError::node)), (node, Some(node)));
    }
}
