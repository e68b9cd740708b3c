//! An extension of the page by the surrounding program.

use maud::Markup;

/// A panel below the channels, with a button that opens it. Its script is a module next to the page's own
/// ones, and adds its actions to `ACTS` of `acts.js`.
#[derive(Clone)]
pub struct Panel {
    /// The button, at the top of the page.
    pub opener: Markup,
    /// The panel itself, hidden at first.
    pub body: Markup,
    /// CSS that is appended to the page's style sheet.
    pub style: &'static str,
    /// File name and text of the script.
    pub script: (&'static str, &'static str),
}
