//! Finds phrases in a text: `is|was to be`, word by word.

use serde::Deserialize;

use super::fragments::{Fragment, Scope};

/// Words in a row, each with its alternatives.
#[derive(Debug, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Pattern {
    words: Vec<Vec<String>>,
    /// Only as the first words of a sentence that is no question.
    starts_sentence: bool,
}

impl TryFrom<String> for Pattern {
    type Error = String;

    /// Lower case, `|` between alternatives, `^` for the start of a sentence.
    fn try_from(pattern: String) -> Result<Self, String> {
        let (starts_sentence, phrase) = match pattern.strip_prefix('^') {
            Some(phrase) => (true, phrase),
            None => (false, pattern.as_str()),
        };
        let alternatives = |word: &str| word.split('|').map(str::to_owned).collect();
        let words: Vec<Vec<String>> = phrase.split(' ').map(alternatives).collect();
        let is_word = |word: &String| {
            !word.is_empty()
                && word.chars().all(|part| part.is_alphanumeric() && !part.is_uppercase())
        };
        if words.iter().flatten().all(is_word) {
            Ok(Self { words, starts_sentence })
        } else {
            Err(format!("{pattern:?}: expected words in lower case, with one space or | between"))
        }
    }
}

impl Pattern {
    /// The words with which a match can start.
    pub(super) fn first_words(&self) -> &[String] {
        &self.words[0]
    }

    /// Whether the words start with a match.
    fn matches(&self, words: &[Word<'_>]) -> bool {
        let Some(words) = words.get(..self.words.len()) else { return false };
        let is_joined = words.iter().skip(1).all(|word| word.is_joined);
        let is_there = || {
            let pairs = words.iter().zip(&self.words);
            pairs.into_iter().all(|(word, alternatives)| alternatives.contains(&word.lower))
        };
        is_joined && (!self.starts_sentence || words[0].starts_statement) && is_there()
    }
}

/// A part of a fragment that matches.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Match<'a> {
    /// The line in the file, counted from 0.
    pub(super) line: usize,
    pub(super) text: &'a str,
}

/// A fragment in words, to be matched with many patterns.
pub(super) struct Words<'a> {
    fragment: &'a Fragment,
    words: Vec<Word<'a>>,
}

struct Word<'a> {
    start: usize,
    text: &'a str,
    lower: String,
    /// Only white space, or nothing in a name, is between it and the word before.
    is_joined: bool,
    starts_statement: bool,
}

impl<'a> Words<'a> {
    pub(super) fn new(fragment: &'a Fragment) -> Self {
        let text = fragment.text.as_str();
        let mut words: Vec<Word<'_>> = Vec::new();
        let mut end = 0;
        for (start, word) in split(text, fragment.scope == Scope::Names) {
            let between = &text[end..start];
            let starts_statement = word.starts_with(char::is_uppercase)
                && (words.is_empty() || ends_sentence(between))
                && !is_request(&text[start..]);
            words.push(Word {
                start,
                text: word,
                lower: lower(word, fragment.scope),
                is_joined: match fragment.scope {
                    Scope::Names => between.chars().all(|character| character == '_'),
                    _ => between.chars().all(|part| part.is_whitespace() || part == '*'),
                },
                starts_statement,
            });
            end = start + word.len();
        }
        Self { fragment, words }
    }

    /// The words in lower case, except abbreviations.
    pub(super) fn lower(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(|word| word.lower.as_str())
    }

    /// The texts that one of the patterns matches; none is counted twice.
    pub(super) fn matches(&self, patterns: &[Pattern]) -> Vec<Match<'a>> {
        let mut found = Vec::new();
        let mut index = 0;
        while index < self.words.len() {
            let rest = &self.words[index..];
            let Some(pattern) = patterns.iter().find(|pattern| pattern.matches(rest)) else {
                index += 1;
                continue;
            };
            let (first, last) = (&rest[0], &rest[pattern.words.len() - 1]);
            let text = self.fragment.text.as_str();
            found.push(Match {
                line: self.fragment.line + text[..first.start].matches('\n').count(),
                text: &text[first.start..last.start + last.text.len()],
            });
            index += pattern.words.len();
        }
        found
    }
}

/// The words with their offsets; in names also between humps.
fn split(text: &str, humps: bool) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + text[at..].find(char::is_alphanumeric)?;
        let mut before = text[start..].chars().next()?;
        let is_end = |character: char| {
            let is_hump = humps && character.is_uppercase() && before.is_lowercase();
            before = character;
            !character.is_alphanumeric() || is_hump
        };
        let length = text[start..].find(is_end).unwrap_or(text.len() - start);
        at = start + length;
        Some((start, &text[start..at]))
    })
}

/// What is compared. A word in capitals in prose is an abbreviation or a keyword, and never matches.
fn lower(word: &str, scope: Scope) -> String {
    let is_in_capitals = word.len() > 1 && !word.contains(char::is_lowercase);
    match scope {
        Scope::Names => word.to_lowercase(),
        _ if is_in_capitals => word.to_owned(),
        _ => word.to_lowercase(),
    }
}

/// Whether a sentence, a heading, a cell or an item ends between two words.
fn ends_sentence(between: &str) -> bool {
    let is_item = |line: &str| line.trim_start().starts_with(['-', '*', '#', '>', '|']);
    between.contains(['.', '!', '?', '|'])
        || between.contains("\n\n")
        || between.split('\n').skip(1).any(is_item)
}

/// Whether the sentence that starts the text ends with a question mark.
fn is_request(text: &str) -> bool {
    let sentence = text.split("\n\n").next().unwrap_or_default();
    let end = sentence.char_indices().find(|(at, mark)| {
        let behind = sentence[at + mark.len_utf8()..].chars().next();
        let is_last = !behind.is_some_and(char::is_alphanumeric);
        matches!(mark, '.' | '!' | '?' | '|') && is_last
    });
    end.is_some_and(|(_, mark)| mark == '?')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, scope: Scope, text: &str) -> Vec<(usize, String)> {
        let pattern = Pattern::try_from(pattern.to_owned()).expect("the pattern is sound");
        let fragment = Fragment { scope, line: 10, text: text.to_owned() };
        let found = Words::new(&fragment).matches(&[pattern]);
        found.into_iter().map(|found| (found.line, found.text.to_owned())).collect()
    }

    fn lines(pattern: &str, text: &str) -> Vec<usize> {
        matches(pattern, Scope::Comment, text).into_iter().map(|(line, _)| line).collect()
    }

    #[test]
    fn words_are_whole_and_of_either_case() {
        assert_eq!(lines("told|tell", "Told\nfortold tells\nto tell."), [10, 12]);
        assert!(lines("begin", "-----BEGIN CERTIFICATE\nbegins").is_empty());
        assert_eq!(lines("begun", "be_gun\nbegun_at, un-begun"), [11, 11]);
    }

    #[test]
    fn phrases_run_over_line_ends_and_not_over_marks() {
        assert_eq!(
            matches("is|was to be", Scope::Rustdoc, "It is\nto be. Is to, be? It was *to* be"),
            [(10, "is\nto be".to_owned()), (11, "was *to* be".to_owned())]
        );
        assert!(lines("in vain", "in \u{fffc} vain; in, vain").is_empty());
        assert_eq!(lines("be it", "be be it"), [10]);
    }

    #[test]
    fn sentences_start_after_marks_items_and_cells() {
        let starts = |text| lines("^what", text);
        assert_eq!(starts("What it does. What it says\nWhat it is"), [10, 10]);
        assert!(starts("Says What; what").is_empty());
        assert_eq!(starts("a\n- What\n# What\n| What | What |\n\nWhat"), [11, 12, 13, 13, 15]);
        assert_eq!(starts("What is it? What 1.5 is? What it is."), [10]);
    }

    #[test]
    fn names_are_split_at_underscores_and_humps() {
        let names = |pattern, text| matches(pattern, Scope::Names, text);
        assert_eq!(names("in vain", "accept_in_vain(in, vain)"), [(10, "in_vain".to_owned())]);
        assert_eq!(names("told", "TestTold, told_by, TOLD, toldEm, Untold").len(), 4);
        assert_eq!(names("be it", "maybe_it, BeIt"), [(10, "BeIt".to_owned())]);
    }

    #[test]
    fn a_pattern_is_words_in_lower_case() {
        for wrong in ["", "^", "Told", "is  to", "a||b", "a-b", "a "] {
            assert!(Pattern::try_from(wrong.to_owned()).is_err(), "{wrong:?}");
        }
    }
}
