//! What the fuzz targets share: the programs around them, and how their inputs are written.

mod input;

use std::path::{Path, PathBuf};
use std::{env, fs, io, thread};

pub use self::input::{blocks, response};

/// Makes a program of a target, which is a function of an input's bytes that panics for a finding.
///
/// With `--cfg fuzzing` the program is libFuzzer's. Otherwise it replays the files and folders that it is
/// given, or its corpus, and its test replays the corpus.
#[macro_export]
macro_rules! target {
    ($check:path) => {
        #[cfg(fuzzing)]
        ::libfuzzer_sys::fuzz_target!(|data: &[u8]| $check(data));

        #[cfg(not(fuzzing))]
        fn main() {
            $crate::replay(env!("CARGO_BIN_NAME"), $check);
        }

        #[cfg(test)]
        #[test]
        fn the_corpus_passes() {
            assert!($crate::replay_corpus(env!("CARGO_BIN_NAME"), $check) > 0);
        }
    };
}

/// Replays the files and folders of the command line, or the corpus where there are none.
pub fn replay(target: &str, check: fn(&[u8])) {
    let paths: Vec<PathBuf> = env::args_os().skip(1).map(PathBuf::from).collect();
    let count = match paths.as_slice() {
        [] => replay_corpus(target, check),
        paths => paths.iter().map(|path| replay_path(path, check)).sum(),
    };
    println!("{target}: {count} inputs replayed");
}

/// Replays the corpus of a target and returns the number of its inputs.
pub fn replay_corpus(target: &str, check: fn(&[u8])) -> usize {
    replay_path(&Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target), check)
}

/// # Panics
///
/// When the check does, or an input cannot be read.
fn replay_path(path: &Path, check: fn(&[u8])) -> usize {
    let failed = |error: &io::Error| -> ! { panic!("cannot read {}: {error}", path.display()) };
    if path.is_dir() {
        let entries = fs::read_dir(path).unwrap_or_else(|error| failed(&error));
        let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        files.sort();
        return files.iter().map(|file| replay_path(file, check)).sum();
    }
    let data = fs::read(path).unwrap_or_else(|error| failed(&error));
    let _named = NamedInPanic(path);
    check(&data);
    1
}

/// Prints the path of the input when its check panics.
struct NamedInPanic<'p>(&'p Path);

impl Drop for NamedInPanic<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            eprintln!("the input is {}", self.0.display());
        }
    }
}
