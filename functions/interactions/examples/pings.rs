//! Answers `/ping` as often as the argument says, for counting instructions: see docs/speed.md.
#![allow(clippy::print_stdout, reason = "a terminal is where it is read")]

#[path = "../tests/signed/mod.rs"]
mod signed;

fn main() {
    let times = std::env::args().nth(1).and_then(|times| times.parse().ok()).unwrap_or(1_000_u32);
    // Without rate limits, because one user asks thousands of times within the same second.
    let interactions = signed::interactions(false);
    let discords = signed::ping();
    let events = [discords, signed::command("ping", serde_json::json!([]))];
    for n in 0..times {
        // One request in twenty is Discord's PING.
        let event = &events[usize::from(n % 20 != 0)];
        signed::answer(&interactions, event);
    }
    println!("{times} answers");
}
