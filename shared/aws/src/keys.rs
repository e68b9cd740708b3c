//! How keys are made, and the attributes that items of every kind have. The key of each kind stands in its file.
//!
//! State: partition and sort key. Ephemeral: partition key alone.

use domain::UserId;

/// The attribute that every expiring item has: Unix seconds. It is the table's TTL attribute, and
/// since TTL deletion lags by days, every read compares it too.
pub const EXPIRES_AT: &str = "expires_at";
/// The partition key.
pub const PK: &str = "pk";
/// The sort key.
pub const SK: &str = "sk";
/// The version of an item's shape.
pub const V: &str = "v";
/// The one user that an item belongs to: hash key of `by_owner`.
pub const OWNER: &str = "owner";
/// The list that an item stands in: hash key of `by_scope`.
pub const SCOPE: &str = "scope";
/// Its place in that list: range key of `by_scope`.
pub const RANK: &str = "rank";

/// The key of one item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// The partition key.
    pub pk: String,
    /// The sort key; `None` in the table Ephemeral.
    pub sk: Option<String>,
}

/// The owner of what belongs to a user.
pub fn user(user: UserId) -> String {
    format!("USER#{user}")
}

/// Whether a key is of this pattern, in which `{name}` stands for any text but none.
pub(crate) fn matches(pattern: &str, key: &str) -> bool {
    let Some((literal, rest)) = pattern.split_once('{') else { return pattern == key };
    let Some(key) = key.strip_prefix(literal) else { return false };
    let rest = rest.split_once('}').map_or("", |(_, rest)| rest);
    let ends = key.char_indices().map(|(start, character)| start + character.len_utf8());
    ends.into_iter().any(|end| matches(rest, &key[end..]))
}

/// How all keys of this pattern begin.
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
