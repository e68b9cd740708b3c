//! Messages in a file survive a killed process.

use std::{
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use steward_local_sqs::{Attributes, Clock, Outgoing, Queues, State};

const FILE_VARIABLE: &str = "QUEUE_TEST_FILE";

#[tokio::test]
async fn messages_counts_and_visibility_survive_a_new_start() {
    let directory = tempfile::tempdir().unwrap();
    let (file, clock) = (directory.path().join("queue.sqlite"), Clock::default());
    let open = || Queues::open(Some(&file), clock.clone()).unwrap();
    let queues = open();
    queues.create("jobs", &Attributes { retention: 600, ..Attributes::default() }).unwrap();
    queues.send("jobs", &Outgoing::new("taken")).unwrap();
    queues.send("jobs", &Outgoing { delay: Some(60), ..Outgoing::new("delayed") }).unwrap();
    let taken = queues.receive("jobs", 10, Duration::ZERO).await.unwrap().remove(0);
    drop(queues);

    let queues = open();

    assert_eq!(queues.attributes("jobs").unwrap().retention, 600);
    let states: Vec<_> = queues.peek("jobs", 10).unwrap().iter().map(|it| it.state).collect();
    assert_eq!(states, [State::InFlight, State::Delayed]);
    clock.advance(Duration::from_secs(30));
    let again = queues.receive("jobs", 10, Duration::ZERO).await.unwrap().remove(0);
    assert_eq!((again.stored.body.as_str(), again.stored.receive_count), ("taken", 2));
    queues.delete("jobs", &taken.receipt_handle).unwrap();
    assert_eq!(queues.peek("jobs", 10).unwrap().len(), 1);
}

#[tokio::test]
async fn nothing_that_was_acknowledged_is_lost_when_the_process_is_killed() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("queue.sqlite");
    let mut victim = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "survival::sends_until_it_is_killed"])
        .env(FILE_VARIABLE, &file)
        .spawn()
        .unwrap();
    let seen = wait_for_messages(&file).await;

    victim.kill().unwrap();
    victim.wait().unwrap();

    let queues = Queues::open(Some(&file), Clock::default()).unwrap();
    let kept = queues.peek("jobs", 100_000).unwrap();
    assert!(kept.len() >= seen);
    let bodies = kept.iter().map(|message| message.body.parse::<usize>().unwrap());
    assert!(bodies.eq(0..kept.len()), "there is a hole");
    assert_eq!(kept[0].receive_count, 1);
}

/// Waits until the other process has sent some messages. Returns how many.
async fn wait_for_messages(file: &Path) -> usize {
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(20) {
        tokio::time::sleep(Duration::from_millis(50)).await;
        let queues = Queues::open(Some(file), Clock::default());
        let seen = queues.and_then(|queues| queues.peek("jobs", 100_000));
        if let Some(seen) = seen.ok().map(|seen| seen.len()).filter(|count| *count > 50) {
            return seen;
        }
    }
    panic!("the other process sent nothing");
}

#[tokio::test]
#[ignore = "the victim of the test above, which starts and kills it"]
async fn sends_until_it_is_killed() {
    #[expect(clippy::disallowed_methods, reason = "how the other process is told its file")]
    let Ok(file) = std::env::var(FILE_VARIABLE) else {
        return;
    };
    let queues = Queues::open(Some(Path::new(&file)), Clock::default()).unwrap();
    queues.create("jobs", &Attributes::default()).unwrap();
    for n in 0..100_000 {
        queues.send("jobs", &Outgoing::new(n.to_string())).unwrap();
        if n == 0 {
            queues.receive("jobs", 1, Duration::ZERO).await.unwrap();
        }
    }
}
