//! What people are called. Pure.

use signaling_protocol::PeerId;

use crate::inspection::names::guest;

/// As the person wants to be called, or a name that tells one guest from another.
pub(crate) fn display_name(name: &str, id: &PeerId) -> String {
    match name.trim() {
        "" => guest(id.as_str()),
        name => name.to_owned(),
    }
}

/// What oneself is called: as the others see it, as soon as they do. `me` is `None` until then.
pub(crate) fn own_name(name: &str, me: Option<&PeerId>) -> String {
    match (name.trim(), me) {
        ("", None) => "You".to_owned(),
        ("", Some(me)) => format!("{} (you)", display_name("", me)),
        (name, _) => format!("{name} (you)"),
    }
}

/// "Kim", "Kim and Robin", "Kim, Robin and Sam".
pub(in crate::components) fn list(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// What has not reached somebody yet.
pub(super) fn waiting(count: usize, name: &str) -> String {
    match count {
        1 => format!("1 message waits for {name}"),
        count => format!("{count} messages wait for {name}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_has_no_name_is_a_guest() {
        let id = PeerId::new("1f3a9c");
        assert_eq!(display_name(" Kim ", &id), "Kim");
        assert_eq!(display_name("  ", &id), "Guest 1f3a");
        assert_eq!(display_name("", &PeerId::new("ä")), "Guest ä");
    }

    #[test]
    fn one_is_called_as_the_others_see_it() {
        let me = PeerId::new("a86e12");
        assert_eq!(own_name(" ", None), "You");
        assert_eq!(own_name(" ", Some(&me)), "Guest a86e (you)");
        assert_eq!(own_name(" Kim ", None), "Kim (you)");
        assert_eq!(own_name("Kim", Some(&me)), "Kim (you)");
    }

    #[test]
    fn names_are_listed_as_in_a_sentence() {
        let names: Vec<_> = ["Kim", "Robin", "Sam"].map(str::to_owned).into();
        assert_eq!(list(&names[..0]), "");
        assert_eq!(list(&names[..1]), "Kim");
        assert_eq!(list(&names[..2]), "Kim and Robin");
        assert_eq!(list(&names), "Kim, Robin and Sam");
    }

    #[test]
    fn one_message_waits_and_two_wait() {
        assert_eq!(waiting(1, "Kim"), "1 message waits for Kim");
        assert_eq!(waiting(2, "Kim"), "2 messages wait for Kim");
    }
}
