//! Tests of the queue server.
//!
//! `wire*` and `beyond_ministack` use only AWS's own client. With `SQS_ENDPOINT` in the environment they run
//! against that server, in real time:
//! `SQS_ENDPOINT=http://127.0.0.1:4566 cargo test --test queue wire`.

#![expect(clippy::unwrap_used, reason = "tests; clippy lets only their own functions unwrap")]

mod beyond_ministack;
mod dead_letters;
mod fairness;
mod library;
mod protocol;
mod survival;
mod test_server;
mod time;
mod waking;
mod wire;
mod wire_batches;
mod wire_contents;
mod wire_queues;
