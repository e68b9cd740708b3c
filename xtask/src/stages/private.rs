//! Checks that no log line contains a secret or text of a user.
//!
//! The stage `tests` writes the log lines of every test process, at trace level, into target/test-logs, and the
//! forbidden texts (names, messages and tokens that the tests used) into `markers.txt` there, one a line. To verify the
//! search, it must first find two canaries in a copy of a log.

mod markers;
mod report;

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use self::markers::Markers;
use self::report::Finding;
use super::{Outcome, Stage};
use crate::failure::{Failure, Result};
use crate::workspace::Workspace;

pub const STAGE: Stage =
    Stage { name: "private", what: "no secrets and no user content in the tests' logs", run: check };

const MARKERS_FILE: &str = "markers.txt";

/// How many findings are shown; more are usually the same leak.
const MAX_FINDINGS_SHOWN: usize = 20;

fn check(workspace: &Workspace) -> Result<Outcome> {
    let folder = workspace.test_logs();
    let logs = log_files(&folder)?;
    let markers = read_markers(&folder)?;
    let copy = folder.with_extension("canary");
    prove(&logs[0], &markers, &copy)?;

    let mut findings = Vec::new();
    let mut lines = 0;
    for log in &logs {
        lines += search(log, &markers, &mut findings)?;
    }
    if findings.is_empty() {
        println!("{lines} lines in {} files contain none of {} markers", logs.len(), markers.count());
        return Ok(Outcome::Green);
    }
    for finding in findings.iter().take(MAX_FINDINGS_SHOWN) {
        println!("{finding}");
    }
    Err(Failure::new(format!("{} log lines contain private data", findings.len())))
}

/// All non-empty files at any depth, except the markers.
fn log_files(folder: &Path) -> Result<Vec<PathBuf>> {
    if !folder.is_dir() {
        return Err(Failure::new("there are no logs yet: run the stage `tests` first"));
    }
    let mut logs = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).map_err(Failure::at(&next))? {
            let path = entry.map_err(Failure::at(&next))?.path();
            let metadata = fs::metadata(&path).map_err(Failure::at(&path))?;
            if metadata.is_dir() {
                folders.push(path);
            } else if metadata.len() > 0 && path != folder.join(MARKERS_FILE) {
                logs.push(path);
            }
        }
    }
    if logs.is_empty() {
        return Err(Failure::new("the tests logged nothing, so nothing was checked"));
    }
    logs.sort();
    Ok(logs)
}

fn read_markers(folder: &Path) -> Result<Markers> {
    let path = folder.join(MARKERS_FILE);
    let text = fs::read_to_string(&path).map_err(|error| {
        Failure::new(format!("{MARKERS_FILE}: {error}; the tests write there what they used"))
    })?;
    Markers::parse(&text)
}

/// Verifies the search: it must find canaries at the end of a copied log.
fn prove(log: &Path, markers: &Markers, copy: &Path) -> Result<()> {
    let canaries = markers.canaries();
    let mut findings = Vec::new();
    fs::copy(log, copy).map_err(Failure::at(copy))?;
    let before = search(log, markers, &mut Vec::new())?;
    let mut file = File::options().append(true).open(copy).map_err(Failure::at(copy))?;
    for canary in &canaries {
        writeln!(file, "\n{canary}").map_err(Failure::at(copy))?;
    }
    search(copy, markers, &mut findings)?;
    fs::remove_file(copy).map_err(Failure::at(copy))?;

    let found = findings.iter().filter(|finding| finding.line > before).count();
    if found != canaries.len() {
        return Err(Failure::new(format!(
            "the search is broken: it found {found} of {} canaries",
            canaries.len()
        )));
    }
    Ok(())
}

/// Searches a log and adds findings, at most one for each line. Returns the number of lines.
fn search(log: &Path, markers: &Markers, findings: &mut Vec<Finding>) -> Result<usize> {
    let mut reader = BufReader::new(File::open(log).map_err(Failure::at(log))?);
    let mut line = Vec::new();
    let mut number = 0;
    while reader.read_until(b'\n', &mut line).map_err(Failure::at(log))? > 0 {
        number += 1;
        if let Some(hit) = markers.first_in(&line) {
            findings.push(Finding::new(log, number, hit.kind, &line, markers));
        }
        line.clear();
    }
    Ok(number)
}

#[cfg(test)]
mod tests;
