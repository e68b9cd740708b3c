//! Queue settings of the local stack, the same as in template.yaml.

use local_sqs::{Attributes, RedrivePolicy};

/// The queue of jobs.
pub const JOBS: &str = "jobs";
/// The dead-letter queue of both queues.
pub const JOBS_DEAD: &str = "jobs-dead";
/// The queue of watchdog messages.
pub const TIMERS: &str = "timers";
/// `BatchSize`.
pub const JOBS_BATCH: u32 = 5;
/// `BatchSize`.
pub const TIMERS_BATCH: u32 = 5;
/// `VisibilityTimeout`.
pub const JOBS_VISIBILITY_SECONDS: u32 = 180;
/// `VisibilityTimeout`.
pub const TIMERS_VISIBILITY_SECONDS: u32 = 40;
/// `MessageRetentionPeriod` of the dead-letter queue. The others have SQS's default, four days.
pub const DEAD_RETENTION_SECONDS: u32 = 14 * 24 * 3_600;
/// Every queue; the dead-letter queue first, because the others refer to it.
pub fn queues() -> [(&'static str, Attributes); 3] {
    let dead = Attributes { retention: DEAD_RETENTION_SECONDS, ..Attributes::default() };
    let queue = |visibility_timeout| Attributes {
        visibility_timeout,
        redrive_policy: Some(RedrivePolicy {
            dead_letter_queue: JOBS_DEAD.to_owned(),
            max_receive_count: domain::job::MAX_RECEIVES,
        }),
        ..Attributes::default()
    };
    [(JOBS_DEAD, dead), (JOBS, queue(JOBS_VISIBILITY_SECONDS)), (TIMERS, queue(TIMERS_VISIBILITY_SECONDS))]
}
