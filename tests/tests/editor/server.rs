//! Finding rust-analyzer.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What to do where there is none. Newer versions need a newer compiler than this workspace does.
pub(crate) const INSTALL: &str =
    "cargo install ra_ap_rust-analyzer --version 0.0.340 --locked --root target/tools";

/// The server: `RUST_ANALYZER`, the one on the path, or the one that [`INSTALL`] makes.
///
/// A server that is asked for by the variable and does not run is an error, not a reason to look on.
pub(crate) fn find(workspace: &Path) -> Result<Option<PathBuf>, String> {
    if let Some(server) = env::var_os("RUST_ANALYZER").map(PathBuf::from) {
        return if runs(&server) {
            Ok(Some(server))
        } else {
            Err(format!("`RUST_ANALYZER` is `{}`, which does not run", server.display()))
        };
    }
    let installed = workspace.join("target/tools/bin/rust-analyzer");
    Ok([PathBuf::from("rust-analyzer"), installed].into_iter().find(|server| runs(server)))
}

/// Under rustup the command exists without the component, and then only says that it is not installed.
fn runs(server: &Path) -> bool {
    let mut command = Command::new(server);
    command.arg("--version").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}
