//! The pulse function on Lambda.

fn main() -> Result<(), runtime::Error> {
    runtime::serve::<steward_pulse::Pulse>()
}
