//! The one place where a fault is logged.

use domain::{Fault, InteractionId};

/// Logs a fault. Call it once per fault, where the fault is finally handled.
pub(crate) fn log(interaction: InteractionId, fault: &Fault) {
    tracing::error!(target: "steward", %interaction, component = fault.component, code = fault.code, "fault");
}
