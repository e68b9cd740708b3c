//! The one place where a fault is logged.

use domain::{Fault, InteractionId};

/// Logs a fault, once, where the matter ends.
pub(crate) fn log(interaction: InteractionId, fault: &Fault) {
    tracing::error!(target: "steward", %interaction, component = fault.component, code = fault.code, "fault");
}
