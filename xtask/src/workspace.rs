use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

/// A file that is tracked, or would be after `git add`, as text.
#[derive(Debug)]
pub(crate) struct TextFile {
    /// From the root of the workspace, with forward slashes.
    pub(crate) path: String,
    pub(crate) text: String,
}

impl TextFile {
    pub(crate) fn is_rust(&self) -> bool {
        Path::new(&self.path).extension().is_some_and(|extension| extension == "rs")
    }
}

/// The directory of the workspace.
pub(crate) struct Workspace {
    root: PathBuf,
}

impl Workspace {
    /// The workspace of this program's own manifest, or of the current directory.
    pub(crate) fn find() -> Result<Self, String> {
        let root = match env::var_os("CARGO_MANIFEST_DIR") {
            Some(own) => PathBuf::from(own).join(".."),
            None => PathBuf::from("."),
        };
        let root = root.canonicalize().map_err(|error| {
            format!("the workspace {} cannot be found: {error}", root.display())
        })?;
        if root.join("Cargo.toml").is_file() && root.join("xtask").is_dir() {
            Ok(Self { root })
        } else {
            Err(format!(
                "{} is not the root of the workspace; start this as `cargo xtask`",
                root.display()
            ))
        }
    }

    /// A workspace in this folder, whatever is in it.
    #[cfg(test)]
    pub(crate) fn at(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }

    /// Where something in the workspace is.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    pub(crate) fn read(&self, path: &str) -> Result<String, String> {
        fs::read_to_string(self.root.join(path))
            .map_err(|error| format!("{path} cannot be read: {error}"))
    }

    pub(crate) fn write(&self, path: &str, text: &str) -> Result<(), String> {
        fs::write(self.root.join(path), text)
            .map_err(|error| format!("{path} cannot be written: {error}"))
    }

    /// Writes a file that is not there yet, and its folders.
    pub(crate) fn create(&self, path: &str, text: &str) -> Result<(), String> {
        let wrong = |error: io::Error| match error.kind() {
            io::ErrorKind::AlreadyExists => format!("{path} is there already"),
            _ => format!("{path} cannot be written: {error}"),
        };
        let file = self.root.join(path);
        fs::create_dir_all(file.parent().unwrap_or(&self.root)).map_err(wrong)?;
        let mut file = fs::File::create_new(file).map_err(wrong)?;
        file.write_all(text.as_bytes()).map_err(wrong)
    }

    /// A program that is started in the workspace.
    pub(crate) fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root);
        command
    }

    /// The cargo that started this program.
    pub(crate) fn cargo(&self) -> Command {
        let cargo = env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
        self.command(&cargo)
    }

    /// The paths of all files that are tracked or would be; one that is deleted but not yet staged is included.
    pub(crate) fn files(&self) -> Result<Vec<String>, String> {
        let mut git = self.command("git");
        git.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"]);
        let listing = output_of(&mut git)?;
        Ok(listing.split('\0').filter(|path| !path.is_empty()).map(str::to_owned).collect())
    }

    /// Every text file that is tracked or would be; other files than UTF-8 are left out.
    pub(crate) fn text_files(&self) -> Result<Vec<TextFile>, String> {
        let text_file = |path: String| {
            let text = fs::read_to_string(self.root.join(&path)).ok()?;
            Some(TextFile { path, text })
        };
        Ok(self.files()?.into_iter().filter_map(text_file).collect())
    }
}

/// Runs a program and returns what it printed; its complaints go to the terminal.
pub(crate) fn output_of(command: &mut Command) -> Result<String, String> {
    let shown = command_line(command);
    let output = command
        .stderr(std::process::Stdio::inherit())
        .output()
        .map_err(|error| format!("`{shown}` cannot be started: {error}"))?;
    if !output.status.success() {
        return Err(format!("`{shown}` failed with {}", output.status));
    }
    String::from_utf8(output.stdout).map_err(|_| format!("`{shown}` printed other text than UTF-8"))
}

/// Runs a program, shows how it was started, and fails if it does.
pub(crate) fn run_command(command: &mut Command) -> Result<(), String> {
    let shown = command_line(command);
    println!("$ {shown}");
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("`{shown}` ended with {status}")),
        Err(error) => Err(format!("`{shown}` cannot be started: {error}")),
    }
}

/// The command as one would type it.
pub(crate) fn command_line(command: &Command) -> String {
    let program = PathBuf::from(command.get_program());
    let program = program.file_stem().unwrap_or_default().to_string_lossy();
    let arguments = command.get_args().map(|argument| argument.to_string_lossy());
    std::iter::once(program).chain(arguments).collect::<Vec<_>>().join(" ")
}
