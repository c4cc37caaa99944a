//! A text that comes with a title, as mails and what apps share do.

/// The title above the text, where the text does not say it again: read twice it would be two things.
pub(crate) fn titled(title: &str, text: &str) -> String {
    let (title, text) = (title.trim(), text.trim());
    let repeats = text.to_lowercase().contains(&title.to_lowercase());
    let lines = [title, text].into_iter().filter(|line| !line.is_empty());
    lines.skip(usize::from(repeats && !title.is_empty())).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_twice_is_read_once() {
        for (title, text, read) in [
            ("Netflix", "netflix ₹499 monthly", "netflix ₹499 monthly"),
            ("Netflix", "₹499 monthly", "Netflix\n₹499 monthly"),
            ("Netflix ₹499", " ", "Netflix ₹499"),
            ("", " Netflix ₹499", "Netflix ₹499"),
            (" ", "\n", ""),
        ] {
            assert_eq!(titled(title, text), read, "{title:?} above {text:?}");
        }
    }
}
