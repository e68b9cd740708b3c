//! The jobs function on Lambda.

fn main() -> Result<(), runtime::Error> {
    runtime::serve::<steward_jobs::Jobs>()
}
