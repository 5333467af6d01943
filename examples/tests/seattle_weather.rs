//! Runs the example as its users do, and compares what it says with what `seattle_weather/reference.py` found.

#![allow(clippy::unwrap_used, reason = "where a test cannot go on, it has failed")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

const HEADER: &str = "date,precipitation,temp_max,temp_min,wind,weather";
const ROW: &str = "2012/01/01,0.0,12.8,5.0,4.7,drizzle";

#[test]
fn json_in_celsius_is_that_of_the_reference() {
    assert_same(&json(&["--json"]), &expected("celsius.json"));
}

#[test]
fn json_in_fahrenheit_is_that_of_the_reference() {
    assert_same(&json(&["--json", "--fahrenheit"]), &expected("fahrenheit.json"));
}

#[test]
fn json_has_the_promised_names() {
    let document = json(&["--json"]);
    let promised = [
        "total_precipitation_by_year",
        "warmest_day",
        "temp_max_mean",
        "temp_max_rolling_30_last",
        "wet_day_fraction",
        "longest_dry_spell",
        "temp_range_std",
    ];
    for name in promised {
        assert!(document.get(name).is_some(), "`{name}` is missing in {document}");
    }
}

#[test]
fn executors_agree_to_the_last_digit() {
    let (parallel, sequential) = (run(&["--json"]), run(&["--json", "--sequential"]));
    assert_eq!(stdout(&parallel), stdout(&sequential));
}

#[test]
fn table_and_schedule_are_printed() {
    let output = run(&[]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let text = stdout(&output);
    for part in ["2014-08-11", "16.4 °C", "1226.0", "48 days", "42.6 %"] {
        assert!(text.contains(part), "`{part}` is missing in\n{text}");
    }
    let fahrenheit = run(&["--fahrenheit"]);
    assert!(stdout(&fahrenheit).contains("61.6 °F"), "{}", stdout(&fahrenheit));
}

#[test]
fn schedule_has_its_nodes_and_their_timings() {
    for (arguments, executor) in [(&[][..], "Schedule, Rayon"), (&["--sequential"], "Schedule, Sequential")] {
        let text = stdout(&run(arguments));
        let (_, schedule) = text.split_once(executor).unwrap_or_else(|| panic!("no `{executor}` in\n{text}"));
        // `12 temp_max_mean  1.2ms  3.4µs  0`: only the lines of nodes begin with a number.
        let rows: Vec<Vec<&str>> = schedule.lines().map(|line| line.split_whitespace().collect()).collect();
        let nodes: Vec<&Vec<&str>> = rows
            .iter()
            .filter(|row| row.first().is_some_and(|first| first.parse::<usize>().is_ok()))
            .collect();
        assert!(nodes.len() >= 20, "{} nodes in\n{schedule}", nodes.len());
        for node in
            ["observations", "columns", "temp_max", "temp_max_rolling_30", "total_precipitation_by_year"]
        {
            assert!(
                nodes.iter().any(|row| row[1] == node && row[3].ends_with('s')),
                "no {node} in\n{schedule}"
            );
        }
    }
}

#[test]
fn another_file_can_be_given() {
    let path = file("one_day.csv", format!("{HEADER}\n{ROW}\n"));
    let document = json(&["--json", &path]);
    assert_eq!(document["warmest_day"], "2012-01-01");
    assert_eq!(document["longest_dry_spell"], 1);
    // What one day is too few for is there, and empty.
    assert_eq!(document["temp_max_rolling_30_last"], Value::Null);
    assert_eq!(document["temp_range_std"], Value::Null);
}

#[test]
fn columns_are_found_by_name_and_lines_may_end_like_those_of_windows() {
    let text =
        "weather,wind,temp_min,temp_max,precipitation,date,notes\r\nsun,4.7,5.0,12.8,1.5,2012/01/01,\r\n";
    let document = json(&["--json", &file("other_order.csv", text)]);
    assert_eq!(document["total_precipitation_by_year"]["2012"], 1.5);
    assert_eq!(document["temp_max_mean"], 12.8);
}

#[test]
fn file_that_is_not_there() {
    assert_fails(&["nowhere.csv"], &["`observations`", "cannot read nowhere.csv", "os error 2"]);
}

#[test]
fn file_that_is_a_folder() {
    assert_fails(&[env!("CARGO_TARGET_TMPDIR")], &["cannot read"]);
}

#[test]
fn empty_file() {
    assert_fails(&[&file("empty.csv", "")], &["empty.csv is empty"]);
    assert_fails(&[&file("blank.csv", "\n\n")], &["blank.csv is empty"]);
}

#[test]
fn header_without_observations() {
    let path = file("header.csv", format!("{HEADER}\n"));
    assert_fails(&[&path], &["header.csv has a header and no observations"]);
}

#[test]
fn missing_column() {
    let path =
        file("no_wind.csv", "date,precipitation,temp_max,temp_min,weather\n2012/01/01,0.0,12.8,5.0,sun\n");
    assert_fails(&[&path], &["no_wind.csv has no column `wind`"]);
}

#[test]
fn malformed_rows_are_named_by_their_line() {
    let cases = [
        ("text.csv", "2012/01/02,wet,12.8,5.0,4.7,rain", "`precipitation` is `wet`, which is not a number"),
        ("nan.csv", "2012/01/02,NaN,12.8,5.0,4.7,rain", "`precipitation` is `NaN`, which is not a number"),
        ("infinite.csv", "2012/01/02,0.0,inf,5.0,4.7,rain", "`temp_max` is `inf`, which is not a number"),
        ("negative.csv", "2012/01/02,-0.1,12.8,5.0,4.7,rain", "`precipitation` is -0.1, which is negative"),
        ("no_value.csv", "2012/01/02,0.0,12.8,,4.7,rain", "`temp_min` has no value"),
        ("no_date.csv", "2012/02/30,0.0,12.8,5.0,4.7,rain", "`date` is `2012/02/30`, which is not a date"),
        ("other_date.csv", "2.1.2012,0.0,12.8,5.0,4.7,rain", "`date` is `2.1.2012`, which is not a date"),
        ("same_day.csv", "2012/01/01,0.0,12.8,5.0,4.7,rain", "2012-01-01 does not come after 2012-01-01"),
        ("short.csv", "2012/01/02,0.0,12.8", "found 3 values, but the header has 6 columns"),
        ("long.csv", "2012/01/02,0.0,12.8,5.0,4.7,rain,1", "found 7 values, but the header has 6 columns"),
    ];
    for (name, row, problem) in cases {
        let path = file(name, format!("{HEADER}\n{ROW}\n{row}\n{ROW}\n"));
        assert_fails(&[&path], &[&format!("{name}, line 3: {problem}")]);
    }
}

#[test]
fn lines_are_counted_as_an_editor_counts_them() {
    let windows = file("windows.csv", format!("{HEADER}\r\n{ROW}\r\n2012/01/02,\r\n"));
    assert_fails(&[&windows], &["windows.csv, line 3: "]);
    let blank = file("blank_line.csv", format!("{HEADER}\n\n{ROW}\n\n2012/01/02,\n"));
    assert_fails(&[&blank], &["blank_line.csv, line 5: "]);
}

#[test]
fn text_in_another_encoding() {
    let latin =
        [HEADER.as_bytes(), b"\n", ROW.as_bytes(), b"\n2012/01/02,0.0,12.8,5.0,4.7,gr\xe9sil\n"].concat();
    assert_fails(&[&file("latin.csv", latin)], &["latin.csv, line 3: this is not UTF-8 text"]);
    let marked = file("byte_order_mark.csv", format!("\u{feff}{HEADER}\n{ROW}\n"));
    assert_eq!(json(&["--json", &marked])["warmest_day"], "2012-01-01");
}

#[test]
fn bad_option() {
    let output = run(&["--kelvin"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("Usage:"), "{}", stderr(&output));
    assert!(stdout(&output).is_empty());
}

/// Fails with exit code 1, says all `parts` on standard error and nothing elsewhere.
#[track_caller]
fn assert_fails(arguments: &[&str], parts: &[&str]) {
    let output = run(arguments);
    let message = stderr(&output);
    assert_eq!(output.status.code(), Some(1), "{message}");
    assert!(stdout(&output).is_empty(), "{}", stdout(&output));
    assert!(message.starts_with("error: "), "{message}");
    for part in parts {
        assert!(message.contains(part), "`{part}` is missing in: {message}");
    }
    assert!(!message.contains("panicked"), "{message}");
}

/// The same names and values; numbers up to what the order of a sum may change.
#[track_caller]
fn assert_same(found: &Value, expected: &Value) {
    let mut differences = Vec::new();
    compare("", found, expected, &mut differences);
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

fn compare(name: &str, found: &Value, expected: &Value, differences: &mut Vec<String>) {
    match (found, expected) {
        (Value::Object(found), Value::Object(expected)) => {
            for key in found.keys().chain(expected.keys()) {
                let value =
                    |object: &serde_json::Map<String, Value>| object.get(key).cloned().unwrap_or_default();
                compare(&format!("{name}/{key}"), &value(found), &value(expected), differences);
            }
        }
        (Value::Number(found), Value::Number(expected)) if expected.is_f64() => {
            let (found, expected) = (found.as_f64().unwrap(), expected.as_f64().unwrap());
            if (found - expected).abs() > 1e-9 * expected.abs() {
                differences.push(format!("{name}: {found} instead of {expected}"));
            }
        }
        _ if found == expected => {}
        _ => differences.push(format!("{name}: {found} instead of {expected}")),
    }
}

fn expected(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/expected").join(name);
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// Writes a file for a test; each has its own name.
fn file(name: &str, text: impl AsRef<[u8]>) -> String {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, text).unwrap();
    path.into_os_string().into_string().unwrap()
}

fn json(arguments: &[&str]) -> Value {
    let output = run(arguments);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(stderr(&output).is_empty(), "{}", stderr(&output));
    serde_json::from_str(&stdout(&output)).unwrap()
}

fn run(arguments: &[&str]) -> Output {
    Command::new(program()).args(arguments).output().unwrap()
}

/// `cargo test` has built the example beside the folder of this test.
fn program() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let profile = test.parent().and_then(Path::parent).unwrap();
    let program =
        profile.join("examples").join("seattle_weather").with_extension(std::env::consts::EXE_EXTENSION);
    assert!(program.exists(), "build it first: cargo build -p millstream-examples --examples");
    program
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}
