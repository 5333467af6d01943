//! Runs the service as its users do: orders come over HTTP, Ctrl-C ends it.

#![allow(clippy::panic, clippy::unwrap_used, reason = "where a test cannot go on, it has failed")]
#![allow(dead_code, unreachable_pub, reason = "a part of the example is used here")]

#[path = "../online_scoring/client.rs"]
mod client;
#[path = "../online_scoring/order.rs"]
mod order;
#[path = "../online_scoring/random.rs"]
mod random;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use axum::http::StatusCode;
use fastrand::Rng;
use serde_json::{Value, json};

use crate::client::Client;

const SCORE: [&str; 3] = ["/score/by-hand", "/score/compiled", "/score/driver"];
const ENRICHED: [&str; 3] = ["/enriched/by-hand", "/enriched/compiled", "/enriched/driver"];

#[tokio::test]
async fn all_ways_answer_the_same() {
    for arguments in [&["--store-ms", "0"][..], &["--store-ms", "0", "--cars"]] {
        let service = Service::start(arguments);
        let mut client = service.client().await;
        let mut random = Rng::with_seed(11);
        let mut differences = 0;
        for _ in 0..200 {
            let order = serde_json::to_value(random::order(&mut random)).unwrap();
            let [score, enriched] =
                [same(&mut client, SCORE, &order).await, same(&mut client, ENRICHED, &order).await];
            assert_eq!(score["number"], order["number"]);
            differences += usize::from(score["late_risk"] != enriched["late_risk"]);
        }
        assert!(differences > 150, "what the store knows makes a difference to {differences} of 200");
    }
}

#[tokio::test]
async fn an_order_that_cannot_be_in_time_is_refused_with_the_reason() {
    let service = Service::start(&[]);
    let mut client = service.client().await;
    let mut order = order();
    order["promised_minutes"] = json!(75);
    assert_eq!(same(&mut client, SCORE, &order).await["decision"], "accept");
    order["promised_minutes"] = json!(5);
    let answer = same(&mut client, SCORE, &order).await;
    assert_eq!(answer["decision"], "refuse");
    assert_eq!(answer["reasons"][0]["feature"], "slack");
    assert!(answer["late_risk"].as_f64().unwrap() > 0.8, "{answer}");
}

#[tokio::test]
async fn cars_are_faster() {
    let mut minutes = Vec::new();
    for fleet in [&["--cars"][..], &[]] {
        let service = Service::start(fleet);
        let answer = same(&mut service.client().await, SCORE, &order()).await;
        minutes.push(answer["expected_minutes"].as_f64().unwrap());
    }
    assert!(minutes[0] < minutes[1], "{minutes:?}");
}

#[tokio::test]
async fn what_is_wrong_with_an_order_is_said() {
    let with = |path: &str, value: Value| {
        let mut order = order();
        *order.pointer_mut(path).unwrap() = value;
        order.to_string()
    };
    let cases = [
        (String::new(), "the body is not an order: EOF while parsing a value at line 1 column 0"),
        ("{\n \"number\": A-1 }".to_owned(), "the body is not an order: expected value at line 2 column 12"),
        ("{}".to_owned(), "the body is not an order: missing field `number` at line 1 column 2"),
        (
            r#"{"numbr": "A-1"}"#.to_owned(),
            "the body is not an order: unknown field `numbr`, expected one of `number`",
        ),
        (
            with("/customer", json!("me")),
            "the body is not an order: invalid type: string \"me\", expected u32",
        ),
        (with("/placed_at", json!("2026-02-30T12:00")), "the body is not an order: "),
        (with("/dishes", json!([])), "`dishes` is empty; an order has at least one"),
        (with("/door/latitude", json!(91)), "`door.latitude` is 91; it must be from -90 to 90"),
        (with("/dishes/0/grams", json!(-1)), "`dishes[0].grams` is -1; it must be from 0 to 100000"),
    ];
    let service = Service::start(&[]);
    let mut client = service.client().await;
    for path in SCORE.into_iter().chain(ENRICHED) {
        for (body, reason) in &cases {
            let (status, answer) = client.post(path, body.clone().into()).await.unwrap();
            assert_eq!(status, StatusCode::BAD_REQUEST, "{path} {body}");
            let answer: Value = serde_json::from_slice(&answer).unwrap();
            let said = answer["error"].as_str().unwrap();
            assert!(said.starts_with(reason), "{path} says {said} of {body}");
        }
    }
    // It goes on.
    same(&mut client, SCORE, &order()).await;
}

#[tokio::test]
async fn another_path_is_told_which_there_are() {
    let service = Service::start(&[]);
    let (status, answer) = service.client().await.post("/score", "".into()).await.unwrap();
    assert_eq!(status, StatusCode::NOT_FOUND);
    let answer = String::from_utf8(answer.to_vec()).unwrap();
    assert!(SCORE.into_iter().chain(ENRICHED).all(|path| answer.contains(path)), "{answer}");
}

#[cfg(unix)]
#[test]
fn ctrl_c_lets_requests_end_and_takes_no_other() {
    // So the request waits for a while after it has come.
    let mut service = Service::start(&["--store-ms", "100"]);
    let mut connection = TcpStream::connect(service.address).unwrap();
    let body = order().to_string();
    let head = format!(
        "POST /enriched/driver HTTP/1.1\r\nHost: here\r\nContent-Length: {}\r\nExpect: 100-continue\r\n\r\n",
        body.len()
    );
    connection.write_all(head.as_bytes()).unwrap();
    // The handler wants the body: the request is under way.
    let mut answer = BufReader::new(connection.try_clone().unwrap());
    assert_eq!(line(&mut answer), "HTTP/1.1 100 Continue");
    assert_eq!(line(&mut answer), "");

    service.interrupt();
    let limit = Instant::now() + Duration::from_mins(1);
    while TcpStream::connect(service.address).is_ok() {
        assert!(Instant::now() < limit, "it goes on taking connections");
        std::thread::yield_now();
    }
    connection.write_all(body.as_bytes()).unwrap();
    assert_eq!(line(&mut answer), "HTTP/1.1 200 OK");
    let mut rest = String::new();
    answer.read_to_string(&mut rest).unwrap();
    assert!(rest.contains("\"decision\""), "{rest}");
    assert_eq!(service.process.wait().unwrap().code(), Some(0));
}

#[test]
fn load_prints_a_row_for_each_way() {
    let output =
        run(&["--load", "--rounds", "1", "--turn-ms", "20", "--connections", "2", "--store-ms", "0"]);
    let (table, errors) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(0), "{errors}");
    for (name, columns) in [
        ("by hand ", 3),
        ("compiled entry ", 6),
        ("driver, execute ", 6),
        ("by hand, both at once ", 3),
        ("compiled entry, both at once ", 6),
        ("driver, execute_async, both at once ", 6),
    ] {
        let row = table.lines().find_map(|line| line.trim_start().strip_prefix(name));
        let numbers: Vec<f64> = row
            .unwrap_or_else(|| panic!("no `{name}` in\n{table}"))
            .split_whitespace()
            .map(|number| number.parse().unwrap())
            .collect();
        assert_eq!(numbers.len(), columns, "{table}");
        assert!(numbers.iter().all(|number| *number > 0.0), "{table}");
    }
}

#[test]
fn a_port_that_is_taken() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let output = run(&["--serve", &address]);
    let errors = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{errors}");
    assert!(errors.starts_with(&format!("error: cannot listen on {address}: ")), "{errors}");
    assert!(errors.contains("; stop what listens there, or give another port"), "{errors}");
    assert!(output.stdout.is_empty(), "{}", text(&output.stdout));
}

#[test]
fn arguments_that_say_nothing_or_too_much() {
    for arguments in [&[][..], &["--serve", "--load"], &["--serve", "8080"], &["--load", "--rounds", "0"]] {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(text(&output.stderr).starts_with("error: "), "{}", text(&output.stderr));
    }
    let help = text(&run(&["--help"]).stdout);
    assert!(["--serve", "--load", "--store-ms"].iter().all(|option| help.contains(option)), "{help}");
}

/// What all of these paths answer.
async fn same(client: &mut Client, paths: [&str; 3], order: &Value) -> Value {
    let mut answers = Vec::new();
    for path in paths {
        let (status, answer) = client.post(path, order.to_string().into()).await.unwrap();
        assert_eq!(status, StatusCode::OK, "{path} answers {} to {order}", answer.escape_ascii());
        answers.push(answer);
    }
    assert!(answers.windows(2).all(|pair| pair[0] == pair[1]), "{paths:?} answer {answers:?} to {order}");
    serde_json::from_slice(&answers[0]).unwrap()
}

fn order() -> Value {
    json!({
        "number": "A-1",
        "customer": 1,
        "placed_at": "2026-03-11T15:30:00",
        "kitchen": { "latitude": 52.50, "longitude": 13.40 },
        "door": { "latitude": 52.52, "longitude": 13.40 },
        "dishes": [{ "name": "pizza", "count": 1, "grams": 500, "minutes": 10 }],
        "promised_minutes": 40,
        "rain_mm": 0,
    })
}

/// The program, serving.
struct Service {
    process: Child,
    address: SocketAddr,
}

impl Service {
    fn start(arguments: &[&str]) -> Self {
        let mut command = Command::new(program());
        command.args(["--serve", "127.0.0.1:0"]).args(arguments);
        let mut process = command.stdout(Stdio::piped()).spawn().unwrap();
        let first = line(&mut BufReader::new(process.stdout.take().unwrap()));
        let address = first.strip_prefix("listening on http://").and_then(|rest| rest.split(';').next());
        let address = address.unwrap_or_else(|| panic!("it says {first}")).parse().unwrap();
        Self { process, address }
    }

    async fn client(&self) -> Client {
        Client::connect(self.address).await.unwrap()
    }

    #[cfg(unix)]
    fn interrupt(&self) {
        let id = self.process.id().to_string();
        assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        _ = self.process.kill();
        _ = self.process.wait();
    }
}

fn line(reader: &mut impl BufRead) -> String {
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    line.trim_end().to_owned()
}

fn run(arguments: &[&str]) -> Output {
    Command::new(program()).args(arguments).output().unwrap()
}

/// `cargo test` has built the example beside the folder of this test.
fn program() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let profile = test.parent().and_then(Path::parent).unwrap();
    let program =
        profile.join("examples").join("online_scoring").with_extension(std::env::consts::EXE_EXTENSION);
    assert!(program.exists(), "build it first: cargo build -p millstream-examples --examples");
    program
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}
