//! How far two names are apart: letters put in, left out, changed, or swapped with their neighbour.

/// The number of mistakes between two texts, when at most `limit`.
pub fn within(a: &str, b: &str, limit: usize) -> Option<usize> {
    if a.is_ascii() && b.is_ascii() {
        return between(a.as_bytes(), b.as_bytes(), limit);
    }
    // A letter of another script is several bytes and still one mistake.
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    between(&a, &b, limit)
}

fn between<T: PartialEq>(a: &[T], b: &[T], limit: usize) -> Option<usize> {
    if a.len().abs_diff(b.len()) > limit {
        return None;
    }
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for row in 0..a.len() {
        let next = next_row(row, a, b, &last, &before_last);
        if next.iter().min().is_some_and(|least| *least > limit) {
            return None;
        }
        before_last = std::mem::replace(&mut last, next);
    }
    last.last().copied().filter(|distance| *distance <= limit)
}

fn next_row<T: PartialEq>(row: usize, a: &[T], b: &[T], last: &[usize], before_last: &[usize]) -> Vec<usize> {
    let mut next = Vec::with_capacity(b.len() + 1);
    next.push(row + 1);
    for (column, other) in b.iter().enumerate() {
        let changed = last[column] + usize::from(a[row] != *other);
        let mut best = changed.min(last[column + 1] + 1).min(next[column] + 1);
        let swapped = row > 0 && column > 0 && a[row] == b[column - 1] && a[row - 1] == *other;
        if swapped {
            best = best.min(before_last[column - 1] + 1);
        }
        next.push(best);
    }
    next
}

#[cfg(test)]
mod tests {
    use super::within;

    #[test]
    fn a_swap_is_one_mistake() {
        for (a, b, expected) in [
            ("netflix", "netflix", Some(0)),
            ("netflix", "nteflix", Some(1)),
            ("netflix", "netflx", Some(1)),
            ("netflix", "nettflix", Some(1)),
            ("spotify", "sptofiy", Some(2)),
            ("netflix", "networks", None),
            ("", "", Some(0)),
        ] {
            assert_eq!(within(a, b, 2), expected, "{a} {b}");
        }
    }

    #[test]
    fn a_letter_of_another_script_is_one_letter() {
        assert_eq!(within("नेटफ्लिक्स", "नेटफ्लिकस", 2), Some(1));
        assert_eq!(within("घर", "दूध", 2), None);
    }
}
