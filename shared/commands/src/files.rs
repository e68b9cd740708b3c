//! What a command says when it cannot take a file.

use discord::files::NotTaken;
use domain::{Error, Fault, Refusal};
use engine::Context;

/// What is wrong with the file is an answer; that it could not be had is a fault, which may pass.
pub(crate) fn not_taken(why: NotTaken, cx: &Context) -> Error {
    let say = cx.user_language();
    let text = match why {
        NotTaken::TooLarge(most) => words::files::too_large(say, most),
        NotTaken::NotText => words::files::not_text(say),
        NotTaken::NoAnswer | NotTaken::Status(429 | 500..) => {
            return Fault::new("file", why.to_string()).into();
        }
        NotTaken::Elsewhere | NotTaken::Status(_) => return Fault::lasting("file", why.to_string()).into(),
    };
    Refusal(text).into()
}
