//! Runs other programs, and prints their command lines.

use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};

use crate::failure::{Failure, Result};
use crate::workspace::Workspace;

/// A command that runs at the workspace root.
pub fn program(workspace: &Workspace, name: impl AsRef<Path>, arguments: &[&str]) -> Command {
    let mut command = Command::new(name.as_ref());
    command.args(arguments).current_dir(workspace.root());
    command
}

/// The cargo that runs xtask, so that `cargo +nightly xtask` keeps using nightly.
pub fn cargo(workspace: &Workspace, arguments: &[&str]) -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    program(workspace, Path::new(&cargo), arguments)
}

/// Runs a command. Any exit code but 0 is a failure.
pub fn run(command: Command) -> Result<()> {
    let name = name_of(&command);
    let status = ended(command)?;
    if status.success() { Ok(()) } else { Err(Failure::new(format!("{name} ended with {status}"))) }
}

/// Runs a command and returns its exit status.
pub fn ended(mut command: Command) -> Result<ExitStatus> {
    println!("$ {}", shown(&command));
    let name = name_of(&command);
    command.status().map_err(|error| Failure::new(format!("{name} did not start: {error}")))
}

/// Runs a command with a pipe as standard input that closes when this process ends, so that the child can detect it.
pub fn run_until_we_end(mut command: Command) -> Result<()> {
    println!("$ {}", shown(&command));
    let name = name_of(&command);
    let failed = |error| Failure::new(format!("{name}: {error}"));
    let mut child = command.stdin(Stdio::piped()).spawn().map_err(failed)?;
    // Taken, because `wait` would close it.
    let held = child.stdin.take();
    let status = child.wait().map_err(failed)?;
    drop(held);
    if status.success() { Ok(()) } else { Err(Failure::new(format!("{name} ended with {status}"))) }
}

/// Runs a command without printing it, and returns its standard output.
pub fn output(mut command: Command) -> Result<Vec<u8>> {
    let name = name_of(&command);
    let output = command.output().map_err(|error| Failure::new(format!("{name} did not start: {error}")))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let complaint = String::from_utf8_lossy(&output.stderr);
    Err(Failure::new(format!("{name} ended with {}: {}", output.status, complaint.trim())))
}

/// `PATH` with this folder first.
pub fn path_with(folder: &Path) -> Result<OsString> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(folder.to_owned()).chain(std::env::split_paths(&path));
    std::env::join_paths(folders).map_err(|error| Failure::new(format!("PATH: {error}")))
}

/// The command line: variables, name and arguments, cut after a dozen words.
fn shown(command: &Command) -> String {
    let variables = command.get_envs().filter(|(name, _)| *name != "PATH");
    let variables = variables.filter_map(|(name, value)| Some(format!("{}={:?}", name.display(), value?)));
    let arguments = command.get_args().map(|argument| argument.display().to_string());
    let mut words: Vec<String> =
        variables.chain(std::iter::once(name_of(command))).chain(arguments).collect();
    if words.len() > 12 {
        let left_out = words.len() - 6;
        words.truncate(6);
        words.push(format!("... and {left_out} more"));
    }
    words.join(" ")
}

fn name_of(command: &Command) -> String {
    let program = Path::new(command.get_program());
    program.file_name().unwrap_or(program.as_os_str()).display().to_string()
}
