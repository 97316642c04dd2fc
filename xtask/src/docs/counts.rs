/// A pattern in the README; `#` stands for the two numbers, a space for any white space.
pub(crate) const SENTENCE: &str =
    "Of the # operations that the API is known to have had, # are here";

/// The text with the right numbers in its sentence, or `None` if there is no such sentence.
pub(super) fn replace_counts(text: &str, here: usize, all: usize) -> Option<String> {
    let pieces: Vec<&str> = SENTENCE.split('#').collect();
    let [before, between, after] = pieces[..] else { return None };
    text.match_indices("Of").find_map(|(start, _)| {
        let first = start + matching(&text[start..], before)?;
        let first_end = first + digits(&text[first..])?;
        let second = first_end + matching(&text[first_end..], between)?;
        let second_end = second + digits(&text[second..])?;
        matching(&text[second_end..], after)?;
        let (start, middle, end) = (&text[..first], &text[first_end..second], &text[second_end..]);
        Some(format!("{start}{all}{middle}{here}{end}"))
    })
}

/// How much of the beginning of the text is the pattern.
fn matching(text: &str, pattern: &str) -> Option<usize> {
    let mut rest = text;
    for expected in pattern.chars() {
        let without = if expected == ' ' {
            rest.trim_start_matches([' ', '\n'])
        } else {
            rest.strip_prefix(expected).unwrap_or(rest)
        };
        if without.len() == rest.len() {
            return None;
        }
        rest = without;
    }
    Some(text.len() - rest.len())
}

fn digits(text: &str) -> Option<usize> {
    let length = text.bytes().take_while(u8::is_ascii_digit).count();
    (length > 0).then_some(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_numbers_change() {
        let readme = |all: usize, here: usize| {
            format!(
                "Of course.\n\n- Of the {all} operations that the\n  API is known to have had, {here} are here: x.\n"
            )
        };
        assert_eq!(replace_counts(&readme(250, 11), 76, 250), Some(readme(250, 76)));
        assert_eq!(replace_counts(&readme(250, 76), 76, 250), Some(readme(250, 76)));
    }

    #[test]
    fn a_lost_sentence_is_noticed() {
        assert_eq!(replace_counts("Of the 250 operations, 11 are here", 76, 250), None);
        assert_eq!(
            replace_counts(
                "Of the many operations that the API is known to have had, 1 are here",
                1,
                2
            ),
            None
        );
        assert_eq!(replace_counts("", 1, 2), None);
    }
}
