//! A list that is pasted: which of its lines say something, without what marks them as a list.

/// The lines that say something, in order.
pub(crate) fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.split(['\n', '\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}'])
        .map(unmarked)
        .filter(|line| line.contains(char::is_alphanumeric))
}

/// A line without its bullet, box or number.
fn unmarked(line: &str) -> &str {
    const BULLETS: [char; 14] = ['-', '–', '—', '*', '•', '·', '▪', '●', '◦', '‣', '○', '+', '>', '−'];
    let line = line.trim();
    let line = match line.strip_prefix(BULLETS) {
        // Without a space it may belong to what follows, as in "-5" and "+1".
        Some(rest) if rest.starts_with(char::is_whitespace) || line.starts_with('•') => rest.trim_start(),
        Some(_) | None => line,
    };
    let boxes = ["[ ]", "[x]", "[X]", "☐", "☑", "☒"];
    let line = boxes.iter().find_map(|mark| line.strip_prefix(mark)).map_or(line, str::trim_start);
    unnumbered(line).unwrap_or(line)
}

/// A line without the number that counts it. One of more than two digits is rather an amount.
fn unnumbered(line: &str) -> Option<&str> {
    let rest = line.trim_start_matches(|letter: char| letter.is_ascii_digit());
    let digits = line.len() - rest.len();
    let rest = rest.strip_prefix(['.', ')'])?;
    let counts = (1..=2).contains(&digits) && rest.starts_with(char::is_whitespace);
    counts.then(|| rest.trim_start())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<&str> {
        lines(text).collect()
    }

    #[test]
    fn every_line_that_says_something_is_one() {
        assert_eq!(
            read("Netflix 499 monthly\r\n\r\n  Spotify 119\n---\n"),
            ["Netflix 499 monthly", "Spotify 119"]
        );
        assert_eq!(read(" \n\t\n***\n"), [""; 0]);
        assert_eq!(read("अखबार 270 महीना\u{2028}牛乳 300"), ["अखबार 270 महीना", "牛乳 300"]);
    }

    #[test]
    fn what_marks_a_list_is_no_part_of_what_it_says() {
        for marked in [
            "- Gym 1500",
            "* Gym 1500",
            "•Gym 1500",
            "1. Gym 1500",
            "12) Gym 1500",
            "- [x] Gym 1500",
            "☐ Gym 1500",
        ] {
            assert_eq!(read(marked), ["Gym 1500"], "{marked}");
        }
    }

    #[test]
    fn a_number_that_is_said_stays() {
        for said in [
            "1Password 3 monthly",
            "7-Eleven 20 weekly",
            "499. Netflix",
            "9.99 Spotify monthly",
            "-5 a month",
            "5 gyms",
        ] {
            assert_eq!(read(said), [said]);
        }
    }
}
