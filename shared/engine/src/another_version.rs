//! The fault of an interaction that only another version of this code can read.

use domain::Fault;

/// The interactions function accepted the options or the component, so if they cannot be read here, it runs another
/// version. That is a fault, not a rejection: a retry may reach that version.
pub(crate) fn another_version() -> Fault {
    Fault::unavailable("dispatch", "of another version")
}
