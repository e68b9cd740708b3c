//! What the program around the playground adds to its page.

use maud::Markup;

/// A part of the page below the channels, with a button that opens it. Its script is a module beside the
/// page's own ones: it adds what its buttons do to `ACTS` of `acts.js`.
#[derive(Clone)]
pub struct Panel {
    /// The button, at the top of the page.
    pub opener: Markup,
    /// The part itself, hidden at first.
    pub body: Markup,
    /// Rules for the style sheet of the page.
    pub style: &'static str,
    /// Name and text of the script.
    pub script: (&'static str, &'static str),
}
