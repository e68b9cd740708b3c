//! Every line that a test run logs, at trace level, and what must not be in them.
//!
//! With `STEWARD_TEST_LOGS` set to a folder, the lines go there, one file a process, and what people
//! wrote goes to `markers.txt`; `cargo xtask test` then searches the one for the other.

use std::{
    cell::Cell,
    fs::{File, OpenOptions},
    io::{self, Write},
    panic,
    path::PathBuf,
    sync::{Mutex, Once},
};

/// Shorter ones would be found in words that nobody wrote.
const SHORTEST_MARKER: usize = 4;

/// Starts logging, once per process.
pub(crate) fn record() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        match file(&format!("{}.log", std::process::id())) {
            Some(file) => steward::logs::start(Some("trace"), Mutex::new(file)),
            None => steward::logs::start(Some("trace"), io::sink),
        }
        log_panics_and_show_them();
    });
}

thread_local! {
    static PANICS: Cell<u32> = const { Cell::new(0) };
}

/// How often somebody has panicked on this thread since this was first asked, or a test app was open; caught or
/// not.
pub fn panics_here() -> u32 {
    record();
    PANICS.with(Cell::get)
}

/// As the functions do, and beside that on the terminal: a failed assertion is a panic too.
fn log_panics_and_show_them() {
    let show = panic::take_hook();
    aws::telemetry::report_panics();
    let log = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        PANICS.with(|panics| panics.set(panics.get() + 1));
        log(panic);
        show(panic);
    }));
}

/// Notes what must not be in any line that is logged.
///
/// # Panics
/// If it cannot be noted.
pub fn forbid(text: &str) {
    if text.len() < SHORTEST_MARKER {
        return;
    }
    if let Some(mut file) = file("markers.txt") {
        // One write, so that processes do not write into each other's lines.
        file.write_all(format!("{text}\n").as_bytes()).expect("a marker");
    }
}

/// Notes the values of all options in a line such as `/weather place:Paris`. Those of `/misbehave` are
/// chosen from a list, and occur in any log.
pub(crate) fn forbid_options(line: &str) {
    if line.starts_with("/misbehave") {
        return;
    }
    let mut values: Vec<String> = Vec::new();
    for word in line.split_whitespace().skip(1) {
        match (word.split_once(':'), values.last_mut()) {
            (Some((_, value)), _) => values.push(value.to_owned()),
            (None, Some(value)) => value.push_str(&format!(" {word}")),
            (None, None) => {}
        }
    }
    values.iter().for_each(|value| forbid(value));
}

fn file(name: &str) -> Option<File> {
    let folder = folder()?;
    std::fs::create_dir_all(&folder).expect("the folder of the logs");
    Some(OpenOptions::new().create(true).append(true).open(folder.join(name)).expect("a log file"))
}

#[expect(clippy::disallowed_methods, reason = "a test has no main that reads variables")]
fn folder() -> Option<PathBuf> {
    std::env::var("STEWARD_TEST_LOGS").ok().map(PathBuf::from)
}
