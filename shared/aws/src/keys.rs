//! The keys of items, and the attributes that all kinds share. The key of each kind is declared in its
//! file.
//!
//! The table State has a partition and a sort key, Ephemeral only a partition key.

use domain::UserId;

/// The attribute of every expiring item, in Unix seconds. It is the table's TTL attribute; since TTL
/// deletion may take days, every read compares it as well.
pub const EXPIRES_AT: &str = "expires_at";
/// Attribute: the partition key.
pub const PK: &str = "pk";
/// Attribute: the sort key.
pub const SK: &str = "sk";
/// Attribute: the version of the item's shape.
pub const SCHEMA_VERSION: &str = "v";
/// Attribute: the one user to whom an item belongs; hash key of the index `by_owner`.
pub const OWNER: &str = "owner";
/// Attribute: the list to which an item belongs; hash key of the index `by_scope`.
pub const SCOPE: &str = "scope";
/// Attribute: the position in that list; range key of the index `by_scope`.
pub const RANK: &str = "rank";

/// The key of an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// The partition key.
    pub pk: String,
    /// The sort key; `None` in the table Ephemeral.
    pub sk: Option<String>,
}

/// The value of [`OWNER`] for a user.
pub fn user(user: UserId) -> String {
    format!("USER#{user}")
}

/// Whether a key matches a pattern, in which `{name}` stands for any non-empty text.
pub(crate) fn matches(pattern: &str, key: &str) -> bool {
    let Some((literal, rest)) = pattern.split_once('{') else { return pattern == key };
    let Some(key) = key.strip_prefix(literal) else { return false };
    let rest = rest.split_once('}').map_or("", |(_, rest)| rest);
    let ends = key.char_indices().map(|(start, character)| start + character.len_utf8());
    ends.into_iter().any(|end| matches(rest, &key[end..]))
}

/// The literal text at the start of a pattern.
pub(crate) fn prefix(pattern: &str) -> &str {
    pattern.split_once('{').map_or(pattern, |(literal, _)| literal)
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_key_is_known_by_its_pattern() {
        for (pattern, key, is_it) in [
            ("FLAGS", "FLAGS", true),
            ("FLAGS", "FLAGS2", false),
            ("USER#{user}", "USER#1", true),
            ("USER#{user}", "USER#", false),
            ("USER#{user}", "GUILD#1", false),
            ("IDEM#{consumer}#{interaction}", "IDEM#jobs#1", true),
            ("IDEM#{consumer}#{interaction}", "IDEM#jobs#", false),
            ("IDEM#{consumer}#{interaction}", "IDEM#jobs", false),
            ("CHANGE#{interaction:020}", "CHANGE#00000000000000000001", true),
            ("A#{a}#B", "A#ä#B#B", true),
            ("A#{a}#B", "A#ä#C", false),
        ] {
            assert_eq!(matches(pattern, key), is_it, "{pattern} {key}");
        }
    }
}
