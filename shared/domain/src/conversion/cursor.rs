//! A position in a text that moves by characters.

/// A position in a text. It is cheap to copy, for lookahead.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

/// In letters. Longer words are neither units nor keywords.
const MAX_WORD_LENGTH: usize = 24;

impl<'a> Cursor<'a> {
    pub(super) const fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// The whole text.
    pub(super) const fn text(self) -> &'a str {
        self.text
    }

    pub(super) const fn at(self) -> usize {
        self.at
    }

    /// Moves forward to a position that another cursor or a search has found.
    pub(super) fn move_to(&mut self, at: usize) {
        self.at = at;
    }

    pub(super) fn rest(self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn peek(self) -> Option<char> {
        self.rest().chars().next()
    }

    /// The character after the next.
    pub(super) fn peek_second(self) -> Option<char> {
        self.rest().chars().nth(1)
    }

    pub(super) fn before(self) -> Option<char> {
        self.text.get(..self.at)?.chars().next_back()
    }

    pub(super) fn second_before(self) -> Option<char> {
        self.text.get(..self.at)?.chars().nth_back(1)
    }

    pub(super) fn bump(&mut self) {
        self.at += self.peek().map_or(0, char::len_utf8);
    }

    pub(super) fn eat(&mut self, char: char) -> bool {
        self.eat_if(|next| next == char)
    }

    pub(super) fn eat_if(&mut self, wanted: impl Fn(char) -> bool) -> bool {
        let is_wanted = self.peek().is_some_and(wanted);
        if is_wanted {
            self.bump();
        }
        is_wanted
    }

    /// The letters that follow; empty if there are more than [`MAX_WORD_LENGTH`].
    pub(super) fn word(&mut self) -> &'a str {
        let begin = *self;
        for _ in 0..=MAX_WORD_LENGTH {
            if !self.eat_if(char::is_alphabetic) {
                return begin.until(*self);
            }
        }
        ""
    }

    /// The text from here to a later position.
    pub(super) fn until(self, end: Self) -> &'a str {
        self.text.get(self.at..end.at).unwrap_or_default()
    }
}
