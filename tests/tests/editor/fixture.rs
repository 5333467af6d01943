//! The crate that is looked at: a copy of `fixtures/editor`, and the places in it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

/// A crate on disk, with the text of its files.
pub(crate) struct Fixture {
    pub(crate) folder: PathBuf,
    /// By the path below the folder.
    files: BTreeMap<String, String>,
}

/// A place in a file: line and byte, both from 0.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) file: String,
    pub(crate) line: usize,
    pub(crate) column: usize,
}

impl Fixture {
    /// A copy of `source` in `folder` that depends on the crate in `runtime`, and locks what `lock` locks.
    pub(crate) fn copy(source: &Path, folder: &Path, runtime: &Path, lock: &Path) -> Self {
        if folder.exists() {
            fs::remove_dir_all(folder).expect("the old copy can be removed");
        }
        fs::create_dir_all(folder.join("src")).expect("the copy can be made");
        let folder = folder.canonicalize().expect("the copy is there");
        let manifest = fs::read_to_string(source.join("Cargo.toml")).expect("the fixture has a manifest");
        let relative = "\"../../../runtime\"";
        assert!(manifest.contains(relative), "the manifest of the fixture must depend on {relative}");
        // A string of TOML is written like one of JSON, also where the path has backslashes.
        let absolute = json!(runtime).to_string();
        fs::write(folder.join("Cargo.toml"), manifest.replace(relative, &absolute))
            .expect("it can be written");
        // The same versions as the workspace has: those have been downloaded.
        fs::copy(lock, folder.join("Cargo.lock")).expect("the workspace has a lock file");
        let mut files = BTreeMap::new();
        for entry in fs::read_dir(source.join("src")).expect("the fixture has sources") {
            let path = entry.expect("the folder can be read").path();
            let name = path.file_name().expect("a file has a name").to_string_lossy();
            let text = fs::read_to_string(&path).expect("sources can be read");
            fs::write(folder.join("src").join(&*name), &text).expect("it can be written");
            files.insert(format!("src/{name}"), text);
        }
        Self { folder, files }
    }

    pub(crate) fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(file, text)| (file.as_str(), text.as_str()))
    }

    pub(crate) fn text(&self, file: &str) -> &str {
        self.files.get(file).unwrap_or_else(|| panic!("the fixture has no file `{file}`"))
    }

    /// The place right behind the comment `/*marker*/`.
    pub(crate) fn at(&self, marker: &str) -> Place {
        let comment = format!("/*{marker}*/");
        let mut places = self.files.iter().flat_map(|(file, text)| {
            let comment = &comment;
            text.match_indices(comment.as_str())
                .map(move |(start, _)| place(file, text, start + comment.len()))
        });
        let found = places.next().unwrap_or_else(|| panic!("the fixture has no `{comment}`"));
        assert!(places.next().is_none(), "the fixture has `{comment}` twice");
        found
    }

    /// What a place is called: by its marker, or else by its word and where it is.
    pub(crate) fn describe(&self, place: &Place) -> String {
        let (before, after) = self.around(place);
        match marker(before) {
            Some(marker) => marker.to_owned(),
            None => {
                let Place { file, line, column } = place;
                let word: String = after.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                format!("`{word}` at {file}:{}:{}", line + 1, column + 1)
            }
        }
    }

    pub(crate) fn is_marked(&self, place: &Place) -> bool {
        marker(self.around(place).0).is_some()
    }

    /// What stands in its line before and after a place.
    fn around(&self, Place { file, line, column }: &Place) -> (&str, &str) {
        let text = self.files.get(file).and_then(|text| text.lines().nth(*line)).unwrap_or_default();
        text.split_at_checked(*column).unwrap_or((text, ""))
    }

    pub(crate) fn uri(&self, file: &str) -> String {
        let path = self.folder.join(file);
        let path = path.to_str().expect("the path is Unicode").replace('\\', "/");
        format!("file://{}{}", if path.starts_with('/') { "" } else { "/" }, path.replace(' ', "%20"))
    }

    /// The place where a location of the protocol begins. Files elsewhere are named by their URI.
    pub(crate) fn place_of(&self, uri: &Value, position: &Value) -> Place {
        let uri = uri.as_str().unwrap_or_default();
        let file = uri.strip_prefix(&self.uri("")).unwrap_or(uri);
        let number = |key: &str| position[key].as_u64().and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
        Place { file: file.to_owned(), line: number("line"), column: number("character") }
    }
}

fn marker(before: &str) -> Option<&str> {
    before.strip_suffix("*/").and_then(|before| before.rsplit_once("/*")).map(|(_, name)| name)
}

/// The place of a byte of a text.
pub(crate) fn place(file: &str, text: &str, byte: usize) -> Place {
    let before = &text[..byte];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    Place { file: file.to_owned(), line: before.matches('\n').count(), column: byte - line_start }
}
