//! `cargo xtask chaos`: checks that under injected faults no deferred reply is lost and nothing is done twice.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a terminal is where its work is read")]
#![allow(clippy::unwrap_used, reason = "a seed that cannot go on has failed")]

mod arguments;
mod calls;
mod checker;
mod endpoint;
mod environments;
mod fault_plan;
mod faults;
mod history;
mod late_effects;
mod members;
mod network;
mod outages;
mod performed;
mod report;
mod rng;
#[path = "../e2e/scenarios/mod.rs"]
#[allow(dead_code, reason = "what the end-to-end tests alone ask")]
mod scenarios;
mod seed;
mod services;
mod simulation;
mod sources;
mod wire_defects;

use std::{
    process::ExitCode,
    sync::atomic::{AtomicBool, Ordering},
    time::Instant,
};

use arguments::{Arguments, Mode};
use parking_lot::Mutex;
use report::Report;
use seed::Outcome;
use tests::defects::{self, Defect};

/// A defect must be detected within this many seeds.
const MAX_SEEDS_TO_DETECT: u64 = 20;

fn main() -> ExitCode {
    let arguments = match Arguments::parse(std::env::args().skip(1)) {
        Ok(arguments) => arguments,
        Err(why) => {
            eprintln!("{why}");
            return ExitCode::FAILURE;
        }
    };
    seed::count_panics();
    let is_good = match arguments.mode {
        Mode::Seeds { first, count } => seeds(first, count),
        Mode::Defects(defects) => {
            defects.into_iter().map(|(defect, name)| detect(defect, name)).fold(true, |all, one| all & one)
        }
    };
    if is_good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Runs seeds, the first one twice: both runs must have the same result.
fn seeds(first: u64, count: u64) -> bool {
    let report = Mutex::new(Report::new(count));
    run_all(first, count, &AtomicBool::new(false), |outcome, took| {
        report.lock().add(outcome, took);
    });
    let mut report = report.into_inner();
    report.compare_replay(&seed::run(first));
    report.print()
}

/// Runs seeds with a defect until one detects it.
fn detect(defect: Defect, name: &str) -> bool {
    defects::inject(Some(defect));
    let (is_over, by) = (AtomicBool::new(false), Mutex::new(None::<Outcome>));
    run_all(1, MAX_SEEDS_TO_DETECT, &is_over, |outcome, _| {
        if outcome.detecting_violations().next().is_some() {
            is_over.store(true, Ordering::Relaxed);
            let mut by = by.lock();
            if by.as_ref().is_none_or(|found| found.seed > outcome.seed) {
                *by = Some(outcome);
            }
        }
    });
    defects::inject(None);
    report::print_defect(name, by.into_inner().as_ref(), MAX_SEEDS_TO_DETECT)
}

/// Runs seeds in order on all cores, each on its own thread, until `is_over`.
fn run_all(first: u64, count: u64, is_over: &AtomicBool, each: impl Fn(Outcome, f64) + Sync) {
    let next = std::sync::atomic::AtomicU64::new(first);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= first + count || is_over.load(Ordering::Relaxed) {
                        return;
                    }
                    let began = Instant::now();
                    // A new thread for each seed, so that no thread-local state carries over.
                    let ran = std::thread::scope(|inner| inner.spawn(|| seed::run(seed)).join());
                    match ran {
                        Ok(outcome) => each(outcome, began.elapsed().as_secs_f64()),
                        Err(_) => each(Outcome::panicked(seed), began.elapsed().as_secs_f64()),
                    }
                }
            });
        }
    });
}
