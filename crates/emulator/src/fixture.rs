//! The initial resources of a simulator, from a small handwritten file.

mod configuration;
mod contents;
mod error;
mod fixture_path;
mod loader;

use std::path::{Path, PathBuf};

use azure_classic_text::read_text_file;

use self::contents::Contents;
pub use self::error::FixtureError;
use self::fixture_path::FixturePath;

/// Of a fixture, and of each file that it names.
const MAX_BYTES: usize = 64 << 20;

/// The initial resources of a simulator: services with running deployments, and all other resources of the
/// subscription.
///
/// The format is JSON. Required are `name` everywhere, `slot`, and one of `location` and `affinity_group`. A
/// deployment has one of `roles`, `configuration` (the text of a `.cscfg`) and `configuration_file`, whose
/// path is relative to the fixture's folder. `label` defaults to `name`, and `status` to `running`.
///
/// ```
/// use azure_classic_emulator::{Simulator, Fixture, Settings};
///
/// let fixture = Fixture::parse(
///     r#"{
///       "services": [
///         {
///           "name": "contoso",
///           "location": "West Europe",
///           "deployments": [
///             {
///               "slot": "production",
///               "name": "shop",
///               "label": "release 1",
///               "roles": [{ "name": "Web", "instances": 3 }, { "name": "Batch", "instances": 1 }]
///             }
///           ]
///         }
///       ]
///     }"#,
///     ".",
/// )?;
/// let mut simulator = Simulator::new(Settings::new("8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10".parse()?));
/// simulator.apply_fixture(&fixture)?;
/// assert_eq!(simulator.instances().len(), 4);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// All members are listed in `docs/src/reference/emulator-state.md`.
#[derive(Debug, Clone)]
pub struct Fixture {
    contents: Contents,
    /// From where names of files count.
    folder: PathBuf,
}

impl Fixture {
    /// Reads a file.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, or its text is not as [`parse`](Self::parse) wants it.
    pub fn read(path: impl AsRef<Path>) -> Result<Self, FixtureError> {
        let path = path.as_ref();
        let text = read_text_file(path, MAX_BYTES).map_err(|source| FixtureError::File {
            place: String::new(),
            file: path.to_owned(),
            source,
        })?;
        Self::parse(&text, path.parent().unwrap_or(Path::new("")))
    }

    /// Reads a text; names of files in it count from the folder.
    ///
    /// # Errors
    ///
    /// When the text is no fixture. The error names the place and what is possible there.
    pub fn parse(json: &str, folder: impl AsRef<Path>) -> Result<Self, FixtureError> {
        let mut reader = serde_json::Deserializer::from_str(json);
        let contents = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
            let place = FixturePath::read(error.path());
            place.error(error.into_inner().to_string())
        })?;
        reader.end().map_err(|error| FixturePath::ROOT.error(error.to_string()))?;
        Ok(Self { contents, folder: folder.as_ref().to_owned() })
    }
}
