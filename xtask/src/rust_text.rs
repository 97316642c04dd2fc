//! Rust source as text, just well enough for checks of a line or two.

/// The lines that are code, with their indices: comments left out, and the inline test module.
pub(crate) fn code_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    without_inline_tests(text)
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
}

/// The part before `#[cfg(test)] mod … {`.
fn without_inline_tests(text: &str) -> &str {
    let opens_module = |rest: &str| {
        let next = rest.lines().nth(1).unwrap_or_default();
        next.starts_with("mod ") && next.ends_with('{')
    };
    text.match_indices("#[cfg(test)]\n")
        .find(|(at, _)| opens_module(&text[*at..]))
        .map_or(text, |(at, _)| &text[..at])
}

/// Whether the text has this identifier, and not only as a part of another.
pub(crate) fn has_word(text: &str, word: &str) -> bool {
    let is_part = |character: Option<char>| {
        character.is_some_and(|character| character.is_alphanumeric() || character == '_')
    };
    text.match_indices(word).any(|(at, _)| {
        !is_part(text[..at].chars().next_back()) && !is_part(text[at + word.len()..].chars().next())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_ends_where_the_tests_start() {
        let text =
            "//! Docs\n#[cfg(test)]\nmod testing;\nuse a;\n#[cfg(test)]\nmod tests {\nb\n}\n";
        let lines: Vec<_> = code_lines(text).collect();
        assert_eq!(lines, [(1, "#[cfg(test)]"), (2, "mod testing;"), (3, "use a;")]);
    }

    #[test]
    fn words_are_whole() {
        assert!(has_word("fn get(spec: GetDeployment)", "GetDeployment"));
        assert!(!has_word("GetDeploymentEvents, TargetDeployment", "GetDeployment"));
        assert!(!has_word("non_time", "time"));
        assert!(has_word("my_time(time::now())", "time"));
    }
}
