//! The counts of the uses, per rule and folder.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::Use;
use super::rules::Rules;

/// One row per rule, with the limit, the total and a column for each folder that has a use.
pub(super) fn render(rules: &Rules, uses: &[Use<'_>]) -> String {
    let folders: BTreeSet<&str> = uses.iter().map(|found| folder(found.path)).collect();
    let mut table = format!("{:<16} {:>6} {:>6}", "rule", "limit", "uses");
    for folder in &folders {
        let _ = write!(table, " {:>width$}", folder, width = width(folder));
    }
    table.push('\n');
    let mut row = |name: &str, limit: String, uses: &[&Use<'_>]| {
        let _ = write!(table, "{name:<16} {limit:>6} {:>6}", uses.len());
        for column in &folders {
            let count = uses.iter().filter(|found| folder(found.path) == *column).count();
            let _ = write!(table, " {count:>width$}", width = width(column));
        }
        table.push('\n');
    };
    for rule in &rules.rules {
        let own: Vec<_> = uses.iter().filter(|found| found.rule.name == rule.name).collect();
        row(&rule.name, rule.at_most.to_string(), &own);
    }
    row("total", String::new(), &uses.iter().collect::<Vec<_>>());
    table
}

fn width(folder: &str) -> usize {
    folder.len().max(5)
}

/// The crate's folder in `crates`, the first folder elsewhere, and `.` for the root.
fn folder(path: &str) -> &str {
    let inside = path.strip_prefix("crates/").unwrap_or(path);
    inside.split_once('/').map_or(".", |(folder, _)| folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules() -> Rules {
        let rule = |name: &str, at_most: usize| {
            format!(
                "[[rule]]\nname = \"{name}\"\npatterns = [\"{name}\"]\ninstead = \"a\"\nwhy = \"b\"\n\
                 at_most = {at_most}\n"
            )
        };
        Rules::parse(&(rule("told", 12) + &rule("begun", 0))).expect("the rules are sound")
    }

    #[test]
    fn folders_are_columns() {
        let rules = rules();
        let found = |rule: usize, path| Use {
            rule: &rules.rules[rule],
            path,
            line: 0,
            text: "told".to_owned(),
        };
        let uses = [
            found(0, "README.md"),
            found(0, "crates/emulator/src/lib.rs"),
            found(0, "crates/emulator/README.md"),
            found(1, "docs/a/b.md"),
        ];
        assert_eq!(
            render(&rules, &uses),
            "rule              limit   uses     .  docs emulator\n\
             told                 12      3     1     0        2\n\
             begun                 0      1     0     1        0\n\
             total                        4     1     1        2\n"
        );
    }

    #[test]
    fn no_use_is_no_folder() {
        let table = render(&rules(), &[]);
        assert_eq!(table.lines().next(), Some("rule              limit   uses"));
        assert_eq!(table.lines().last(), Some("total                        0"));
    }

    #[test]
    fn a_folder_is_a_crate_or_the_first() {
        assert_eq!(folder("crates/cli/src/main.rs"), "cli");
        assert_eq!(folder("docs/elements/README.md"), "docs");
        assert_eq!(folder("Cargo.toml"), ".");
    }
}
