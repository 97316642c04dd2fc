//! The rules of words, as `xtask/words.toml` has them.

use serde::Deserialize;

use super::PATH;
use super::fragments::Scope;
use super::pattern::Pattern;

const ALL_SCOPES: [Scope; 6] =
    [Scope::Markdown, Scope::Rustdoc, Scope::Comment, Scope::String, Scope::Page, Scope::Names];

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rules {
    #[serde(rename = "rule")]
    pub(super) rules: Vec<Rule>,
    #[serde(default, rename = "exception")]
    pub(super) exceptions: Vec<Exception>,
}

/// Phrases that are denied.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rule {
    pub(super) name: String,
    pub(super) patterns: Vec<Pattern>,
    /// The replacements, as a message shows them behind "use".
    pub(super) instead: String,
    pub(super) why: String,
    #[serde(default = "all_scopes")]
    pub(super) scopes: Vec<Scope>,
    /// How many uses are left from before the rule; every use is reported if none are.
    #[serde(default)]
    pub(super) at_most: usize,
}

fn all_scopes() -> Vec<Scope> {
    ALL_SCOPES.to_vec()
}

/// Uses that are allowed.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Exception {
    /// The rule's name; every rule by default.
    pub(super) rule: Option<String>,
    /// A file, or a folder with a slash at its end.
    pub(super) path: String,
    /// Only on lines that contain this.
    #[serde(default)]
    line: String,
    reason: String,
}

impl Rules {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let rules: Self = toml::from_str(text).map_err(|error| format!("{PATH}: {error}"))?;
        for exception in &rules.exceptions {
            let is_rule = |name: &String| rules.rules.iter().any(|rule| rule.name == *name);
            if let Some(unknown) = exception.rule.as_ref().filter(|name| !is_rule(name)) {
                return Err(format!("{PATH}: an exception from {unknown:?}, which is no rule"));
            }
            if exception.reason.is_empty() {
                return Err(format!("{PATH}: an exception in {} without a reason", exception.path));
            }
        }
        Ok(rules)
    }

    /// The index of the exception that allows this use.
    pub(super) fn exception(&self, rule: &Rule, path: &str, line: &str) -> Option<usize> {
        self.exceptions.iter().position(|exception| {
            let is_folder = exception.path.ends_with('/');
            let has_path = path == exception.path || is_folder && path.starts_with(&exception.path);
            let has_rule = exception.rule.as_ref().is_none_or(|name| *name == rule.name);
            has_path && has_rule && line.contains(&exception.line)
        })
    }
}

/// The text of the rules with lower limits, where the counts of the rules are lower; without a limit for none.
pub(super) fn with_lower_limits(text: &str, counts: &[(&str, usize)]) -> String {
    let mut count = None;
    let mut lowered = String::with_capacity(text.len());
    let mut push = |line: &str| lowered.extend([line, "\n"]);
    for line in text.lines() {
        let value =
            |key: &str| line.strip_prefix(key)?.trim_start().strip_prefix('=').map(str::trim);
        if let Some(name) = value("name") {
            let is_named = |(other, _): &&(&str, usize)| name.trim_matches('"') == *other;
            count = counts.iter().find(is_named).map(|(_, count)| *count);
        }
        let limit = value("at_most").and_then(|limit| limit.parse::<usize>().ok());
        match (limit, count) {
            (Some(limit), Some(count)) if count < limit => {
                if count > 0 {
                    push(&format!("at_most = {count}"));
                }
            }
            _ => push(line),
        }
    }
    lowered
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: &str =
        "[[rule]]\nname = \"told\"\npatterns = [\"told\"]\ninstead = \"a\"\nwhy = \"b\"\n";

    fn error(text: &str) -> String {
        Rules::parse(text).expect_err("the rules are not sound")
    }

    #[test]
    fn rules_have_sound_patterns_and_known_keys() {
        assert_eq!(Rules::parse(RULE).map(|rules| rules.rules[0].at_most), Ok(0));
        let wrong = error(&RULE.replace("[\"told\"]", "[\"Told\"]"));
        assert!(wrong.contains("expected words in lower case"), "{wrong}");
        assert!(error(&RULE.replace("why", "reason")).contains("unknown field"));
    }

    #[test]
    fn exceptions_have_a_rule_and_a_reason() {
        let exception = |rule: &str, reason: &str| {
            format!(
                "{RULE}[[exception]]\nrule = \"{rule}\"\npath = \"a.rs\"\nreason = \"{reason}\"\n"
            )
        };
        assert!(Rules::parse(&exception("told", "a quotation")).is_ok());
        assert!(error(&exception("begun", "a quotation")).ends_with("which is no rule"));
        assert!(error(&exception("told", "")).ends_with("without a reason"));
    }

    #[test]
    fn limits_only_fall() {
        let limits = |reported: &str, started: &str| {
            format!("name = \"told\"\n{reported}\nname = \"begun\"\nwhy = \"\"\n{started}# end\n")
        };
        let text = limits("at_most = 5\n", "at_most = 2\n");
        let lowered =
            |reported, started| with_lower_limits(&text, &[("told", reported), ("begun", started)]);
        assert_eq!(lowered(3, 9), limits("at_most = 3\n", "at_most = 2\n"));
        assert_eq!(lowered(0, 2), limits("", "at_most = 2\n"));
        assert_eq!(lowered(5, 1), limits("at_most = 5\n", "at_most = 1\n"));
    }
}
