//! An editor with the fixture open.

use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

use crate::client::Client;
use crate::fixture::{Fixture, Place, place};

/// The first run builds the macros.
const LIMIT: Duration = Duration::from_mins(10);

/// An editor that shows the fixture.
pub(crate) struct Session {
    client: Client,
    pub(crate) fixture: Fixture,
    version: u64,
}

impl Session {
    /// Starts the server and waits until it has understood the fixture. `library` is where it finds the sources of
    /// the standard library, `scratch` is where it may write.
    pub(crate) fn start(
        server: &Path,
        fixture: Fixture,
        library: &Path,
        scratch: &Path,
    ) -> Result<Self, String> {
        let log = File::create(scratch.join("rust-analyzer.log")).expect("the log can be written");
        let child = Command::new(server)
            .current_dir(&fixture.folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .map_err(|error| format!("`{}` does not start: {error}", server.display()))?;
        let mut session = Self { client: Client::new(child, LIMIT), fixture, version: 0 };
        session.initialize(library, scratch)?;
        Ok(session)
    }

    fn initialize(&mut self, library: &Path, scratch: &Path) -> Result<(), String> {
        let folder = self.fixture.uri("");
        let params = json!({
            "processId": std::process::id(),
            "rootUri": folder,
            "workspaceFolders": [{ "uri": folder, "name": "fixture" }],
            "capabilities": {
                "general": { "positionEncodings": ["utf-8"] },
                "textDocument": {
                    "definition": { "linkSupport": false },
                    "hover": { "contentFormat": ["markdown"] },
                    "diagnostic": {},
                },
                "experimental": { "serverStatusNotification": true },
            },
            "initializationOptions": {
                "cargo": {
                    // Kept between runs, and not locked by whoever runs this test.
                    "targetDir": scratch.join("target"),
                    "sysrootSrc": library,
                },
                "checkOnSave": false,
                "cachePriming": { "enable": false },
            },
        });
        let answer = self.client.request("initialize", &params)?;
        let encoding = &answer["capabilities"]["positionEncoding"];
        if encoding != "utf-8" {
            return Err(format!("the server counts in {encoding}, these tests in bytes"));
        }
        self.client.notify("initialized", &json!({}))?;
        for file in self.fixture.files().map(|(file, _)| file.to_owned()).collect::<Vec<_>>() {
            let text = self.fixture.text(&file);
            let document =
                json!({ "uri": self.fixture.uri(&file), "languageId": "rust", "version": 0, "text": text });
            self.client.notify("textDocument/didOpen", &json!({ "textDocument": document }))?;
        }
        let status = self.client.wait("word that the server has loaded the fixture", |message| {
            message["method"] == "experimental/serverStatus" && message["params"]["quiescent"] == true
        })?;
        match &status["params"] {
            status if status["health"] == "error" => {
                Err(format!("the server cannot work: {}", status["message"]))
            }
            _ => Ok(()),
        }
    }

    /// Where "go to definition" leads from a marker.
    pub(crate) fn definitions(&mut self, marker: &str) -> Result<Vec<Place>, String> {
        let answer = self.ask("textDocument/definition", marker, &Value::Null)?;
        Ok(self.places(&answer))
    }

    /// What "find references" lists at a marker, without its declaration.
    pub(crate) fn references(&mut self, marker: &str) -> Result<Vec<Place>, String> {
        let answer = self.ask("textDocument/references", marker, &json!({ "includeDeclaration": false }))?;
        Ok(self.places(&answer))
    }

    /// What is shown at a marker.
    pub(crate) fn hover(&mut self, marker: &str) -> Result<String, String> {
        let answer = self.ask("textDocument/hover", marker, &Value::Null)?;
        Ok(answer["contents"]["value"].as_str().unwrap_or_default().to_owned())
    }

    /// What is offered at the end of `typed`, where it stands in the place of `instead_of`.
    pub(crate) fn complete(
        &mut self,
        file: &str,
        instead_of: &str,
        typed: &str,
    ) -> Result<Vec<String>, String> {
        let answer = self.with_change(file, instead_of, typed, |session, cursor| {
            session.client.request("textDocument/completion", &session.position(cursor))
        })?;
        let items = answer["items"].as_array().or(answer.as_array()).cloned().unwrap_or_default();
        Ok(items.iter().filter_map(|item| item["label"].as_str()).map(bare).collect())
    }

    /// What the server itself finds wrong with a file.
    pub(crate) fn diagnostics(&mut self, file: &str) -> Result<Vec<String>, String> {
        let params = json!({ "textDocument": { "uri": self.fixture.uri(file) } });
        let answer = self.client.request("textDocument/diagnostic", &params)?;
        let items = answer["items"].as_array().cloned().unwrap_or_default();
        Ok(items
            .iter()
            .map(|item| {
                let line = item["range"]["start"]["line"].as_u64().unwrap_or(0) + 1;
                format!("{file}:{line}: {} ({})", item["message"], item["code"])
            })
            .collect())
    }

    /// What it finds wrong where `typed` stands in the place of `instead_of`.
    pub(crate) fn diagnostics_with(
        &mut self,
        file: &str,
        instead_of: &str,
        typed: &str,
    ) -> Result<Vec<String>, String> {
        self.with_change(file, instead_of, typed, |session, _| session.diagnostics(file))
    }

    /// Asks something while `typed` stands in the place of `instead_of`, the cursor at its end.
    fn with_change<T>(
        &mut self,
        file: &str,
        instead_of: &str,
        typed: &str,
        ask: impl FnOnce(&mut Self, &Place) -> Result<T, String>,
    ) -> Result<T, String> {
        let text = self.fixture.text(file).to_owned();
        let start = text.find(instead_of).unwrap_or_else(|| panic!("`{file}` has no `{instead_of}`"));
        let changed = format!("{}{typed}{}", &text[..start], &text[start + instead_of.len()..]);
        let cursor = place(file, &changed, start + typed.len());
        self.write(file, &changed)?;
        let answer = ask(self, &cursor);
        self.write(file, &text)?;
        answer
    }

    fn write(&mut self, file: &str, text: &str) -> Result<(), String> {
        self.version += 1;
        let document = json!({ "uri": self.fixture.uri(file), "version": self.version });
        let params = json!({ "textDocument": document, "contentChanges": [{ "text": text }] });
        self.client.notify("textDocument/didChange", &params)
    }

    /// Asks about the word behind a marker.
    fn ask(&mut self, method: &str, marker: &str, context: &Value) -> Result<Value, String> {
        let mut at = self.fixture.at(marker);
        // Inside of the word: at its first letter the cursor touches the comment as well, which a server may prefer.
        at.column += 1;
        let mut params = self.position(&at);
        params["context"] = context.clone();
        self.client.request(method, &params)
    }

    fn position(&self, at: &Place) -> Value {
        json!({
            "textDocument": { "uri": self.fixture.uri(&at.file) },
            "position": { "line": at.line, "character": at.column },
        })
    }

    /// A location, a list of them, or nothing.
    fn places(&self, answer: &Value) -> Vec<Place> {
        let locations = match answer {
            Value::Array(locations) => locations.as_slice(),
            Value::Null => &[],
            location => std::slice::from_ref(location),
        };
        let mut places: Vec<Place> = locations
            .iter()
            .map(|location| self.fixture.place_of(&location["uri"], &location["range"]["start"]))
            .collect();
        places.sort();
        places.dedup();
        places
    }
}

/// A label without what some servers add to it: `iter()`, `len() (as Trait)`.
fn bare(label: &str) -> String {
    label.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}
