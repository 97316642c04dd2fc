//! `cargo xtask new-operation`: writes the source file of an operation from its known facts.

mod goldens;
mod names;
mod skeleton;
mod types;

use std::collections::BTreeMap;

use self::names::{pascal, snake, words};
use crate::catalogue::{self, Catalogue, Entry};
use crate::elements::{Element, Lists};
use crate::operation_file::OperationFile;
use crate::workspace::Workspace;
use crate::{elements, implemented, operation_file};

/// Stands in a new file wherever people have to write; `cargo xtask tidy` does not let it pass. Put
/// together from pieces, or this file would be a finding.
pub(crate) const FILL_IN: &str = concat!("FILL", "-IN");

const SOURCES: &str = "crates/protocol/src";

/// Writes the source file of the operation of this name and prints the remaining steps.
pub(crate) fn run(workspace: &Workspace, name: &str, folder: Option<&str>) -> Result<(), String> {
    let files = workspace.text_files()?;
    let catalogue = Catalogue::parse(&workspace.read(catalogue::PATH)?)?;
    let lists = elements::read(&files)?;
    if implemented::all().iter().any(|operation| operation.name.eq_ignore_ascii_case(name)) {
        return Err(format!(
            "{name:?} is here already; docs/src/reference/operations.md links to its file"
        ));
    }
    let plan = OperationPlan::new(name, folder, &catalogue, &lists, &operation_file::find(&files))?;
    plan.write(workspace)?;
    let has_new_module = !files.iter().any(|file| file.path == plan.module());
    print!("{}", plan.next_steps(has_new_module));
    Ok(())
}

/// The facts about the new operation.
struct OperationPlan<'a> {
    entry: &'a Entry,
    since: &'a str,
    request: Option<&'a Element>,
    response: Option<&'a Element>,
    /// The module of the resource.
    folder: String,
    type_name: String,
    /// The name of the constructor, and of the file.
    method: String,
}

impl<'a> OperationPlan<'a> {
    fn new(
        name: &str,
        folder: Option<&str>,
        catalogue: &'a Catalogue,
        lists: &'a Lists,
        present: &[OperationFile],
    ) -> Result<Self, String> {
        let entry = find(name, catalogue)?;
        let name = &entry.name;
        let since = entry.since.as_deref().ok_or_else(|| {
            format!(
                "{} does not say since when there is {name:?}; find that out first",
                catalogue::PATH
            )
        })?;
        let folder = folder.map(str::to_owned).or_else(|| usual_folder(entry, catalogue, present));
        let folder = folder.ok_or_else(|| {
            format!("no operation of {:?} is here; name its module with --folder", entry.group)
        })?;
        let type_name = pascal(name);
        let method = method_name(name, &folder);
        let (request, response) = (lists.requests.get(name), lists.responses.get(name));
        Ok(Self { entry, since, request, response, folder, type_name, method })
    }

    fn path(&self) -> String {
        format!("{SOURCES}/{}/{}.rs", self.folder, self.method)
    }

    /// The file of the module that the operation's file belongs to.
    fn module(&self) -> String {
        format!("{SOURCES}/{}.rs", self.folder)
    }

    fn write(&self, workspace: &Workspace) -> Result<(), String> {
        workspace.create(&self.path(), &skeleton::text(self))
    }

    /// The remaining manual steps, for the terminal.
    fn next_steps(&self, has_new_module: bool) -> String {
        let Self { folder, method, type_name, .. } = self;
        let module = self.module();
        let new = if has_new_module { " (a new file; `pub mod` it in lib.rs)" } else { "" };
        let model = match self.response {
            Some(list) if !self.entry.accepted => format!(
                "- the response is {} ({}): if a type of this crate reads it already, use that one\n",
                list.name, list.place
            ),
            _ => String::new(),
        };
        format!(
            "{path} is written. What is left:\n\
             - {module}{new}: `mod {method};` and `pub use self::{method}::{type_name};`\n\
             - {SOURCES}/operations.rs, in `operations!` by the alphabet: `{type_name},`\n\
             - {SOURCES}/lib.rs, among the `pub use` of {folder}: `{type_name}`\n\
             {model}\
             - what the file asks for; `cargo test -p azure-classic-protocol {folder}::{method}` and \
             `cargo xtask tidy` tell what is missing\n\
             - `cargo fmt` and `cargo xtask docs`\n",
            path = self.path()
        )
    }
}

/// The entry of this name, in any case.
fn find<'a>(name: &str, catalogue: &'a Catalogue) -> Result<&'a Entry, String> {
    let entries = || catalogue.operations.iter();
    if let Some(entry) = entries().find(|entry| entry.name.eq_ignore_ascii_case(name)) {
        return Ok(entry);
    }
    let wanted = words(name);
    let alike = |entry: &&Entry| {
        let words = words(&entry.name);
        wanted.iter().all(|word| words.contains(word))
    };
    let alike: Vec<_> = entries().filter(alike).map(|entry| entry.name.as_str()).collect();
    let hint = match alike.as_slice() {
        [] => "the operations are in docs/src/reference/operations.md".to_owned(),
        some => format!("these are like it: {}", some.join(", ")),
    };
    Err(format!("{} has no {name:?}; {hint}", catalogue::PATH))
}

/// Where most operations of the same group are.
fn usual_folder(entry: &Entry, catalogue: &Catalogue, present: &[OperationFile]) -> Option<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for file in present {
        let is_of_group =
            catalogue.find(&file.name).is_some_and(|other| other.group == entry.group);
        let folder = file.path.strip_prefix(SOURCES).and_then(|path| path.rsplit_once('/'));
        if let (true, Some((folder, _))) = (is_of_group, folder)
            && !folder.is_empty()
        {
            *counts.entry(folder.trim_start_matches('/')).or_default() += 1;
        }
    }
    counts.into_iter().max_by_key(|(_, count)| *count).map(|(folder, _)| folder.to_owned())
}

/// The part of the operation's name without its folder: `reboot` of Reboot Role Instance.
fn method_name(name: &str, folder: &str) -> String {
    let of_folder = words(folder);
    let mut left = words(name);
    left.retain(|word| {
        let singular = word.trim_end_matches('s');
        !of_folder.iter().any(|of_folder| of_folder.trim_end_matches('s') == singular)
    });
    if left.is_empty() { snake(name) } else { left.join("_") }
}

#[cfg(test)]
mod tests;
