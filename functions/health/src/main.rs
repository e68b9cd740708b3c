//! The health function on Lambda.

fn main() -> Result<(), runtime::Error> {
    runtime::serve::<steward_health::Health>()
}
