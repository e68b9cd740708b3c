//! Query parameters.

use std::collections::HashMap;

/// A boolean as Discord parses it.
pub(super) fn is_true(query: &HashMap<String, String>, key: &str) -> bool {
    query.get(key).is_some_and(|value| matches!(value.as_str(), "true" | "True" | "1"))
}
