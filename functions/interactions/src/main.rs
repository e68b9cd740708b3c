//! The interactions function on Lambda.

fn main() -> Result<(), runtime::Error> {
    runtime::serve::<steward_interactions::Interactions>()
}
