//! Checks the generated parts of the manual. `cargo xtask docs` sets the variable to write them.

use std::path::Path;

/// Compares a generated text with the file of this path below `docs/src`.
#[track_caller]
pub(crate) fn assert_fresh(path: &str, text: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/src").join(path);
    if std::env::var_os("AZURE_CLASSIC_WRITE_MANUAL").is_some() {
        std::fs::write(&file, text).unwrap();
    }
    let stored = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(stored == text, "docs/src/{path} is stale; run `cargo xtask docs`");
}
