//! How a rejected file is reported to the user.

use discord::files::NotTaken;
use domain::{Error, Fault, Refusal};
use engine::Context;

/// A bad file is a refusal; a failed download is a fault, which may be retried.
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
