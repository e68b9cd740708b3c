//! The message with which the interactions function checks that the queue and the jobs function work.

use serde::{Deserialize, Serialize};

use crate::{
    ApplicationId, InteractionId,
    watchdog::{Kind, VERSION},
};

/// Makes the jobs function check what it needs: its tables, and Discord's API with a token that does not exist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProbeJob {
    /// The version of the envelope, always [`VERSION`].
    pub v: u64,
    /// The kind of the envelope.
    pub kind: Kind,
    /// The id of the probe: that of its interaction.
    pub interaction: InteractionId,
    /// The bot's application, part of the address of a reply.
    pub application: ApplicationId,
}

impl ProbeJob {
    /// The probe job of a probe.
    pub fn new(interaction: InteractionId, application: ApplicationId) -> Self {
        Self { v: VERSION, kind: Kind::Probe, interaction, application }
    }
}
