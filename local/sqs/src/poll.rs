//! ReceiveMessage with long polling.

use std::{
    future::{Future, poll_fn},
    pin::{Pin, pin},
    task::Poll,
    time::Duration,
};

use local_clock::whole_ms;

use super::{
    Error, Message, Queues,
    store::{Millis, receive::ReceiveResult},
};

/// SQS's maximum of `WaitTimeSeconds`.
const MAX_WAIT: Duration = Duration::from_secs(20);

impl Queues {
    /// Receives up to `max` (at most 10) messages, as soon as there is one. Waits up to `wait`, at most 20
    /// seconds. If the future is dropped, no message has been received.
    pub async fn receive(&self, queue: &str, max: u32, wait: Duration) -> Result<Vec<Message>, Error> {
        self.receive_hidden(queue, max, wait, None).await
    }

    /// The same with a visibility timeout in seconds; `None` for the queue's.
    pub(super) async fn receive_hidden(
        &self,
        queue: &str,
        max: u32,
        wait: Duration,
        visibility: Option<u32>,
    ) -> Result<Vec<Message>, Error> {
        let deadline = self.now() + whole_ms(wait.min(MAX_WAIT));
        loop {
            // Both waiters are registered before the look, so that no notification in between is missed.
            let arrived = self.shared.arrived.notified();
            let mut moved = pin!(self.shared.clock.pause(MAX_WAIT));
            let clock_moved = is_over(moved.as_mut()).await;
            let now = self.now();
            let look = self.look(queue, max.min(10), visibility, now)?;
            if !look.messages.is_empty() || now >= deadline {
                return Ok(look.messages);
            }
            let next = look.next_due.map_or(deadline, |due| due.min(deadline));
            if !clock_moved {
                tokio::select! {
                    () = arrived => {}
                    () = moved => {}
                    () = tokio::time::sleep(until(next, now)) => {}
                }
            }
        }
    }

    fn look(
        &self,
        queue: &str,
        max: u32,
        visibility: Option<u32>,
        now: Millis,
    ) -> Result<ReceiveResult, Error> {
        let look = self.store().take(queue, max, visibility, now)?;
        if look.moved_to_dead_letters > 0 {
            self.shared.arrived.notify_waiters();
        }
        Ok(look)
    }
}

/// Polls once, which registers the future's waker.
async fn is_over<F: Future>(mut future: Pin<&mut F>) -> bool {
    poll_fn(|context| Poll::Ready(future.as_mut().poll(context).is_ready())).await
}

/// At least 1 ms: times are cut to milliseconds, so the due moment may be a fraction later than `now`.
fn until(next: Millis, now: Millis) -> Duration {
    Duration::from_millis(next.saturating_sub(now).unsigned_abs().max(1))
}
