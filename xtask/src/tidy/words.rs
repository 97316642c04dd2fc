//! Words and phrases that the project does not use, with their replacements: `xtask/words.toml`.

mod fragments;
mod pattern;
mod rules;
mod table;

use std::collections::{BTreeSet, HashMap};

use clap::Args;

use self::pattern::Words;
use self::rules::{Rule, Rules};
use crate::workspace::{TextFile, Workspace};
use crate::{Finding, report};

/// The rules.
pub(crate) const PATH: &str = "xtask/words.toml";

/// Which uses of denied words are shown.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// List the uses that these rules deny, instead of the table of counts.
    #[arg(value_name = "RULE")]
    rules: Vec<String>,
    /// Lower each rule's `at_most` in xtask/words.toml to the present count.
    #[arg(long, conflicts_with = "rules")]
    lower: bool,
}

/// Prints the counts per rule and folder, or the uses that some rules deny.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<(), String> {
    let rules = Rules::parse(&workspace.read(PATH)?)?;
    let files = workspace.text_files()?;
    let found = find(&rules, &files);
    if options.lower {
        return workspace
            .write(PATH, &rules::with_lower_limits(&workspace.read(PATH)?, &found.counts(&rules)));
    }
    if options.rules.is_empty() {
        print!("{}", table::render(&rules, &found.uses));
        return Ok(());
    }
    let mut findings = Vec::new();
    for name in &options.rules {
        let known = || rules.rules.iter().map(|rule| rule.name.as_str()).collect::<Vec<_>>();
        let rule = rules.rules.iter().find(|rule| rule.name == *name);
        let rule = rule.ok_or_else(|| format!("no rule {name:?}; the rules are {:?}", known()))?;
        findings.extend(found.for_rule(rule).map(Use::finding));
    }
    report(&findings)
}

/// Uses that no rule allows, and exceptions that nothing needs.
pub(crate) fn check(rules: &str, files: &[TextFile]) -> Result<Vec<Finding>, String> {
    let rules = Rules::parse(rules)?;
    let found = find(&rules, files);
    let mut findings = Vec::new();
    for rule in &rules.rules {
        let count = found.for_rule(rule).count();
        if rule.at_most == 0 {
            findings.extend(found.for_rule(rule).map(Use::finding));
        } else if count > rule.at_most {
            let (name, at_most) = (&rule.name, rule.at_most);
            let message = format!(
                "rule {name:?}: {count} uses, and at most {at_most} are left to replace; use {}; \
                 `cargo xtask words {name:?}` lists them",
                rule.instead
            );
            findings.push(Finding::in_file(PATH, message));
        }
    }
    findings.extend(found.unused.iter().map(|index| {
        let exception = &rules.exceptions[*index];
        let rule = exception.rule.as_deref().unwrap_or("every rule");
        let message = format!("the exception from {rule:?} in {} is not needed", exception.path);
        Finding::in_file(PATH, message)
    }));
    Ok(findings)
}

/// A use of a denied word.
#[derive(Debug)]
struct Use<'a> {
    rule: &'a Rule,
    path: &'a str,
    /// Counted from 0.
    line: usize,
    text: String,
}

impl Use<'_> {
    fn finding(&self) -> Finding {
        let Rule { instead, why, .. } = self.rule;
        let message = format!("{:?}: use {instead}; {why}", self.text);
        Finding::at(self.path, self.line, message)
    }
}

/// What the files hold.
struct Uses<'a> {
    uses: Vec<Use<'a>>,
    /// The indices of the exceptions that no use needed.
    unused: BTreeSet<usize>,
}

impl<'a> Uses<'a> {
    fn for_rule(&self, rule: &Rule) -> impl Iterator<Item = &Use<'a>> {
        self.uses.iter().filter(|found| found.rule.name == rule.name)
    }

    fn counts<'b>(&self, rules: &'b Rules) -> Vec<(&'b str, usize)> {
        rules.rules.iter().map(|rule| (rule.name.as_str(), self.for_rule(rule).count())).collect()
    }
}

fn find<'a>(rules: &'a Rules, files: &'a [TextFile]) -> Uses<'a> {
    // Most words start no phrase of any rule.
    let mut by_first_word: HashMap<&str, BTreeSet<usize>> = HashMap::new();
    for (index, rule) in rules.rules.iter().enumerate() {
        for word in rule.patterns.iter().flat_map(pattern::Pattern::first_words) {
            by_first_word.entry(word).or_default().insert(index);
        }
    }
    let mut uses = Vec::new();
    let mut unused: BTreeSet<usize> = (0..rules.exceptions.len()).collect();
    for file in files.iter().filter(|file| file.path != PATH) {
        for fragment in fragments::extract(file) {
            let words = Words::new(&fragment);
            let candidates: BTreeSet<usize> = words
                .lower()
                .filter_map(|word| by_first_word.get(word))
                .flatten()
                .copied()
                .collect();
            for rule in candidates.into_iter().map(|index| &rules.rules[index]) {
                if !rule.scopes.contains(&fragment.scope) {
                    continue;
                }
                for found in words.matches(&rule.patterns) {
                    let line = file.text.lines().nth(found.line).unwrap_or_default();
                    match rules.exception(rule, &file.path, line) {
                        Some(index) => {
                            unused.remove(&index);
                        }
                        None => uses.push(Use {
                            rule,
                            path: &file.path,
                            line: found.line,
                            text: found.text.split_whitespace().collect::<Vec<_>>().join(" "),
                        }),
                    }
                }
            }
        }
    }
    Uses { uses, unused }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::assert_found;

    const RULES: &str = r#"
        [[rule]]
        name = "told"
        patterns = ["told|tell"]
        instead = "reported"
        why = "the field's verb"

        [[rule]]
        name = "answer"
        patterns = ["answer"]
        instead = "response"
        why = "HTTP's noun"
        scopes = ["markdown", "names"]
        at_most = 2

        [[exception]]
        rule = "told"
        path = "docs/"
        line = "quoted"
        reason = "a message of the service"
    "#;

    const USED: (&str, &str) = ("docs/a.md", "a quoted told\n");

    #[track_caller]
    fn check_all(files: &[(&str, &str)], expected: &[&str]) {
        let files: Vec<TextFile> = files
            .iter()
            .map(|(path, text)| TextFile { path: (*path).into(), text: (*text).into() })
            .collect();
        assert_found(&check(RULES, &files).expect("the rules are sound"), expected);
    }

    #[test]
    fn a_denied_word_is_found_with_its_replacement() {
        let message = "use reported; the field's verb";
        check_all(
            &[USED, ("a.md", "It\ntold.\n"), ("b.rs", "// Tell\nfn is_told() { \"tell\" }\n")],
            &[
                &format!("a.md:2: \"told\": {message}"),
                &format!("b.rs:1: \"Tell\": {message}"),
                &format!("b.rs:2: \"told\": {message}"),
                &format!("b.rs:2: \"tell\": {message}"),
            ],
        );
    }

    #[test]
    fn a_limit_is_a_number_of_uses_in_the_rules_scopes() {
        let allowed =
            [USED, ("a.md", "answer `answer`"), ("b.rs", "// answer\nanswer(\"answer\")")];
        check_all(&allowed, &[]);
        check_all(
            &[USED, ("a.md", "answer, answer, answer")],
            &["xtask/words.toml: rule \"answer\": 3 uses, and at most 2 are left to replace; use \
               response; `cargo xtask words \"answer\"` lists them"],
        );
    }

    #[test]
    fn an_exception_is_for_its_file_and_line() {
        let found = "use reported; the field's verb";
        check_all(&[USED, ("docs/b/c.md", "quoted told")], &[]);
        check_all(&[USED, ("docs/b.md", "told")], &[&format!("docs/b.md:1: \"told\": {found}")]);
        check_all(
            &[("README.md", "quoted told")],
            &[
                &format!("README.md:1: \"told\": {found}"),
                "xtask/words.toml: the exception from \"told\" in docs/ is not needed",
            ],
        );
    }

    #[test]
    fn the_projects_own_rules_are_sound() {
        let workspace = Workspace::find().expect("the workspace is there");
        let rules = workspace.read(PATH).and_then(|text| Rules::parse(&text));
        assert_eq!(rules.map(|rules| rules.rules.is_empty()), Ok(false));
    }
}
