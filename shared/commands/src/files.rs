//! How a rejected file is reported to the user.

use discord::files::FileError;
use domain::{Error, Fault, Refusal};
use engine::Context;

/// A bad file is a refusal; a failed download is a fault, which is waited out where that helps.
pub(crate) fn file_error(why: FileError, cx: &Context) -> Error {
    let say = cx.user_language();
    let text = match why {
        FileError::TooLarge(most) => words::files::too_large(say, most),
        FileError::NotText => words::files::not_text(say),
        FileError::NoAnswer | FileError::Status(429 | 500..) => {
            return Fault::unavailable("file", why.to_string()).into();
        }
        FileError::Elsewhere | FileError::Status(_) => return Fault::lasting("file", why.to_string()).into(),
    };
    Refusal(text).into()
}
