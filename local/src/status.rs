//! `GET /local/status`: the stack for scripts.

use serde::Serialize;

use crate::{Stack, discord, queue::Depth};

/// What runs, and how it is doing.
#[derive(Debug, Serialize)]
pub(crate) struct Status {
    version: &'static str,
    #[serde(flatten)]
    discord: discord::Status,
    queues: Vec<Depth>,
}

impl Status {
    pub(crate) fn of(stack: &Stack) -> Result<Self, crate::Error> {
        Ok(Self { version: bot::VERSION, discord: stack.discord.status()?, queues: stack.queues.list()? })
    }
}
