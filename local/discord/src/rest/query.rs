//! Parameters of a query.

use std::collections::HashMap;

/// As Discord reads a boolean in a query.
pub(super) fn is_true(query: &HashMap<String, String>, key: &str) -> bool {
    query.get(key).is_some_and(|value| matches!(value.as_str(), "true" | "True" | "1"))
}
