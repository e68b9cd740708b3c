//! The query of a tab: filter, table and page.

use maud::{Markup, html};
use serde::Deserialize;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct TabQuery {
    /// The text to filter by; empty shows everything.
    pub only: String,
    /// The name of the table, for the tab of tables.
    pub table: String,
    /// The index of the first item shown.
    pub from: usize,
}

impl TabQuery {
    /// Whether `text` matches the filter, ignoring case.
    pub(super) fn matches(&self, text: &str) -> bool {
        text.to_lowercase().contains(&self.only.to_lowercase())
    }

    /// The input for the filter.
    pub(super) fn field(&self, title: &str, example: &str) -> Markup {
        html! {
            label.filter { span { (title) } input type="search" id="filter" data-ask="only" value=(self.only)
                placeholder=(example) autocomplete="off" spellcheck="false"; }
        }
    }

    /// The query for another table or page, with the same filter.
    pub(super) fn of_table(&self, table: &str, from: usize) -> String {
        let only = percent_encoded(&self.only);
        format!("only={only}&table={table}&from={from}")
    }
}

/// A button that opens a tab with this filter.
pub(super) fn to_tab(tab: &str, only: &str, words: &str) -> Markup {
    html! {
        button.as-link type="button" data-act="ask" data-tab=(tab) data-query=(format!("only={}", percent_encoded(only))) { (words) }
    }
}

/// Percent-encoded as the value of a query.
fn percent_encoded(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    text.bytes().map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_says_what_was_asked() {
        let query = TabQuery { only: "CACHE#über & co".to_owned(), ..TabQuery::default() };
        assert_eq!(query.of_table("State", 50), "only=CACHE%23%C3%BCber%20%26%20co&table=State&from=50");
        assert!(query.matches("a cache#ÜBER & Co.") && !query.matches("cache"));
    }
}
