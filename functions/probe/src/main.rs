//! The probe function on Lambda.

fn main() -> Result<(), runtime::Error> {
    runtime::serve::<steward_probe::Probe>()
}
