//! Records all log lines of a test run at trace level, and texts that must not be in them.
//!
//! If `STEWARD_TEST_LOGS` is a folder, each process writes its log lines to a file there, and texts of
//! members to `markers.txt`. `cargo xtask test` then searches the logs for the markers.

use std::{
    cell::Cell,
    fs::{File, OpenOptions},
    io::{self, Write},
    panic,
    path::PathBuf,
    sync::{Mutex, Once},
};

/// Shorter markers would be found by chance.
const MIN_MARKER_CHARACTERS: usize = 4;

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

/// The number of panics on this thread, caught or not, since logging was started by this function or a
/// [`TestApp`](crate::TestApp).
pub fn panics_here() -> u32 {
    record();
    PANICS.with(Cell::get)
}

/// Logs panics as the functions do, and also prints them, because a failed assertion is a panic too.
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

/// Records a text that must not be in any log line.
///
/// # Panics
/// If it cannot be written.
pub fn forbid(text: &str) {
    if text.len() < MIN_MARKER_CHARACTERS {
        return;
    }
    if let Some(mut file) = file("markers.txt") {
        // A single write, so that lines of several processes do not mix.
        file.write_all(format!("{text}\n").as_bytes()).expect("a marker");
    }
}

/// Records the option values of a line such as `/weather place:Paris` as forbidden in logs. Not those of
/// `/misbehave`, which come from a fixed list and may be in logs.
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
