//! JSON as the Firebase console takes it, with comments.

/// The text with spaces in the place of comments, so that places in it stay what they are.
pub(super) fn blank_out(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    let mut in_string = false;
    while let Some(c) = chars.next() {
        match (in_string, c) {
            (true, '\\') => {
                out.push(c);
                out.extend(chars.next());
            }
            (_, '"') => {
                in_string = !in_string;
                out.push(c);
            }
            (false, '/') if chars.next_if_eq(&'/').is_some() => {
                out.push_str("  ");
                while chars.next_if(|c| *c != '\n').is_some() {
                    out.push(' ');
                }
            }
            (false, '/') if chars.next_if_eq(&'*').is_some() => {
                out.push_str("  ");
                let mut star = false;
                for c in chars.by_ref() {
                    out.push(if c == '\n' { c } else { ' ' });
                    if star && c == '/' {
                        break;
                    }
                    star = c == '*';
                }
            }
            _ => out.push(c),
        }
    }
    out
}
