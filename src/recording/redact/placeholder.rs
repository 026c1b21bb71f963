//! What stands in the place of something: a class and a number, so that equal ones stay equal.

/// All that are written with a hyphen.
const CLASSES: [&str; 29] = [
    "certificate",
    "cname",
    "connection",
    "device",
    "field",
    "file",
    "fingerprint",
    "host",
    "id",
    "ipv4-private",
    "ipv4-public",
    "ipv6-private",
    "ipv6-public",
    "key",
    "label",
    "mdns",
    "mid",
    "name",
    "password",
    "peer",
    "rid",
    "room",
    "secret",
    "stream",
    "text",
    "token",
    "track",
    "ufrag",
    "user",
];

/// Longer numbers are no placeholder's.
const MOST_DIGITS: usize = 6;

/// The placeholder of this number, as it may stand where such a value does.
pub(super) fn of(class: &str, number: usize) -> String {
    match class {
        "mdns" => format!("mdns-{number}.local"),
        // <https://www.rfc-editor.org/rfc/rfc8839#section-5.1> has letters and digits only …
        "foundation" => format!("foundation{number}"),
        // … and <https://www.rfc-editor.org/rfc/rfc8866#section-5.2> digits only.
        "session" => number.to_string(),
        class => format!("{class}-{number}"),
    }
}

/// Whether a word could be a placeholder, by how it reads.
pub(in crate::recording) fn looks_like_one(word: &str) -> bool {
    let word = word.strip_suffix(".local").unwrap_or(word);
    let class = word.trim_end_matches(|c: char| c.is_ascii_digit());
    // A recording does not hold so many values that a number is longer.
    if !(1..=MOST_DIGITS).contains(&(word.len() - class.len())) {
        return false;
    }
    let of_class = class.strip_suffix('-');
    class == "foundation" || of_class.is_some_and(|class| CLASSES.contains(&class))
}
