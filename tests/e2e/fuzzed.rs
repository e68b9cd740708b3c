//! Runs the fuzzer's checks on its corpus, as regression tests.

#[path = "../../fuzz/src/lib.rs"]
mod properties;

use std::{fs, path::Path};

use properties::{custom_id, interaction, signature, sqs_body};
use tests::panics_here;

/// The maximum size of a corpus file, in bytes. Minimize larger ones.
const MAX_FILE_BYTES: usize = 4_096;
/// The maximum size of a corpus, in bytes.
const MAX_CORPUS_BYTES: usize = 100_000;

/// Runs a check on each file of its corpus.
fn replay(target: &str, check: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus").join(target);
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let inputs: Vec<_> = files.map(|file| (fs::read(&file).unwrap(), file)).collect();
    assert!(inputs.len() >= 10, "{target}: {}", inputs.len());
    assert!(inputs.iter().map(|(input, _)| input.len()).sum::<usize>() <= MAX_CORPUS_BYTES, "{target}");
    for (input, file) in inputs {
        assert!(input.len() <= MAX_FILE_BYTES, "{}", file.display());
        let before = panics_here();
        // Caught, so that the failure names the file.
        let held = std::panic::catch_unwind(|| check(&input));
        assert!(held.is_ok() && panics_here() == before, "does not hold for {}", file.display());
    }
}

#[test]
fn only_what_was_signed_comes_in() {
    replay("signature", signature::check);
}

#[test]
fn whatever_is_signed_is_answered_and_what_is_said_is_harmless() {
    replay("interaction", interaction::check);
}

#[test]
fn a_custom_id_is_read_as_it_was_written_or_not_at_all() {
    replay("custom_id", custom_id::check);
}

#[test]
fn what_is_no_job_is_left_to_the_queue() {
    replay("sqs_body", sqs_body::check);
}
