//! The interactions function on Lambda.

fn main() -> Result<(), runtime::Error> {
    runtime::serve::<interactions::Interactions>()
}
