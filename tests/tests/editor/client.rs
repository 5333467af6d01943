//! As much of a client of the language server protocol as the tests need.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// A language server that is running. It ends with this.
pub(crate) struct Client {
    server: Child,
    to_server: ChildStdin,
    from_server: Receiver<Value>,
    last_request: u64,
    deadline: Instant,
}

impl Client {
    /// A client of `server`, whose standard input and output are pipes. All of the conversation together may take
    /// `limit`.
    pub(crate) fn new(mut server: Child, limit: Duration) -> Self {
        let to_server = server.stdin.take().expect("standard input is a pipe");
        let mut output = BufReader::new(server.stdout.take().expect("standard output is a pipe"));
        let (sender, from_server) = channel();
        // It ends when the server closes its output, or nobody listens any more.
        thread::spawn(move || {
            while let Some(message) = read(&mut output) {
                if sender.send(message).is_err() {
                    break;
                }
            }
        });
        Self { server, to_server, from_server, last_request: 0, deadline: Instant::now() + limit }
    }

    /// Asks, and waits for the answer.
    pub(crate) fn request(&mut self, method: &str, params: &Value) -> Result<Value, String> {
        self.last_request += 1;
        let id = self.last_request;
        self.write(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }))?;
        let answer = self.wait(&format!("the answer to `{method}`"), |message| {
            message["id"] == id && message.get("method").is_none()
        })?;
        match answer.get("error") {
            Some(error) => Err(format!("`{method}` was refused: {error}")),
            None => Ok(answer["result"].clone()),
        }
    }

    /// Tells, without an answer.
    pub(crate) fn notify(&mut self, method: &str, params: &Value) -> Result<(), String> {
        self.write(&json!({ "jsonrpc": "2.0", "method": method, "params": params }))
    }

    /// Waits for a message of the server's; `what` says for which, should it not come in time.
    pub(crate) fn wait(&mut self, what: &str, wanted: impl Fn(&Value) -> bool) -> Result<Value, String> {
        loop {
            let left = self.deadline.saturating_duration_since(Instant::now());
            match self.from_server.recv_timeout(left) {
                Ok(message) if wanted(&message) => return Ok(message),
                Ok(message) => self.be_polite(&message)?,
                Err(RecvTimeoutError::Timeout) => return Err(format!("{what} did not come in time")),
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(format!("the server ended before {what} came"));
                }
            }
        }
    }

    /// The server waits for an answer to what it asks, even where there is nothing to say.
    fn be_polite(&mut self, message: &Value) -> Result<(), String> {
        match (message.get("method"), message.get("id")) {
            (Some(_), Some(id)) => self.write(&json!({ "jsonrpc": "2.0", "id": id, "result": null })),
            _ => Ok(()),
        }
    }

    fn write(&mut self, message: &Value) -> Result<(), String> {
        let text = message.to_string();
        write!(self.to_server, "Content-Length: {}\r\n\r\n{text}", text.len())
            .and_then(|()| self.to_server.flush())
            .map_err(|error| format!("the server no longer listens: {error}"))
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        // Asked to leave, it also ends what it has started; whatever comes of it, it must not outlive the test.
        self.deadline = self.deadline.min(Instant::now() + Duration::from_secs(5));
        let left = self.request("shutdown", &Value::Null).and_then(|_| self.notify("exit", &Value::Null));
        if left.is_err() {
            let _ = self.server.kill();
        }
        let _ = self.server.wait();
    }
}

/// One message: headers, an empty line, and as many bytes as the headers say. `None` at the end.
fn read(output: &mut impl BufRead) -> Option<Value> {
    let mut length = None;
    loop {
        let mut line = String::new();
        if output.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim_end() {
            "" => break,
            header => {
                if let Some(("Content-Length", value)) = header.split_once(": ") {
                    length = value.parse().ok();
                }
            }
        }
    }
    let mut body = vec![0; length?];
    output.read_exact(&mut body).ok()?;
    serde_json::from_slice(&body).ok()
}
