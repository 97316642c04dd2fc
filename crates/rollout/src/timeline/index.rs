//! Finds the line of an instance in a timeline.

use std::collections::BTreeMap;

use super::InstanceLine;

/// The domain and the role of each instance's line, by the instance's name, so that bisection finds the line.
/// An instance keeps its line when it moves.
#[derive(Debug, Clone, Default)]
pub(super) struct Index(BTreeMap<String, (Option<u32>, String)>);

/// It follows from the lines, which are compared.
impl PartialEq for Index {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Index {
    /// The position of an instance's line among these, or where to insert it.
    pub(super) fn find(
        &mut self,
        lines: &[InstanceLine],
        domain: Option<u32>,
        role: &str,
        name: &str,
    ) -> Result<usize, usize> {
        if self.0.len() != lines.len() {
            // The timeline was read from JSON.
            let entry = |it: &InstanceLine| (it.instance.clone(), (it.domain, it.role.clone()));
            self.0 = lines.iter().map(entry).collect();
        }
        let known = self.0.get(name);
        let (domain, role) =
            known.map_or((domain, role), |(domain, role)| (*domain, role.as_str()));
        let wanted = key(domain, role, name);
        lines.binary_search_by(|it| key(it.domain, &it.role, &it.instance).cmp(&wanted))
    }

    pub(super) fn add(&mut self, line: &InstanceLine) {
        self.0.insert(line.instance.clone(), (line.domain, line.role.clone()));
    }
}

/// Orders by domain, role and number: `Web_IN_9` comes before `Web_IN_10`.
fn key<'n>(domain: Option<u32>, role: &'n str, name: &'n str) -> (u32, &'n str, u64, &'n str) {
    let digits = name.len() - name.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let number = name[name.len() - digits..].parse().unwrap_or_default();
    (domain.unwrap_or(u32::MAX), role, number, name)
}
