use std::os::unix::fs::{PermissionsExt as _, symlink};

use super::*;

fn names(dir: &Path) -> Vec<String> {
    let names = fs::read_dir(dir).unwrap();
    let mut names: Vec<_> =
        names.map(|it| it.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn a_file_is_replaced_whole_and_private() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("record.json");
    for content in ["first", "the second", ""] {
        write_atomically(&path, content.as_bytes()).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), content);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(names(dir.path()), ["record.json"]);
    }
}

#[test]
fn a_link_in_the_place_of_a_file_is_not_followed() {
    let dir = tempfile::tempdir().unwrap();
    let victim = dir.path().join("victim");
    fs::write(&victim, "precious").unwrap();
    let path = dir.path().join("record.json");
    symlink(&victim, &path).unwrap();
    write_atomically(&path, b"new").unwrap();
    assert_eq!(fs::read_to_string(&victim).unwrap(), "precious");
    assert_eq!(fs::read_to_string(&path).unwrap(), "new");

    for link in ["to-a-file", "to-nothing"] {
        let link = dir.path().join(link);
        symlink(if link.ends_with("to-a-file") { &victim } else { Path::new("nowhere") }, &link)
            .unwrap();
        assert!(private_options().append(true).create(true).open(&link).is_err());
    }
    assert!(!dir.path().join("nowhere").exists());
}

#[test]
fn nothing_temporary_is_left_when_writing_fails() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("record.json");
    // A folder cannot be replaced by a file.
    fs::create_dir(&path).unwrap();
    write_atomically(&path, b"new").unwrap_err();
    assert_eq!(names(dir.path()), ["record.json"]);
}

#[test]
fn only_leftovers_of_the_same_file_are_removed() {
    let dir = tempfile::tempdir().unwrap();
    let kept = [
        "other.json.a1B2c3.tmp",
        "record.json",
        "record.json.control",
        "record.json.mine.tmp",
        "record.json.my-own.tmp",
        "record.json.notes.tmp.txt",
    ];
    for name in kept.iter().chain(&["record.json.a1B2c3.tmp", "record.json.zzzzzz.tmp"]) {
        fs::write(dir.path().join(name), "x").unwrap();
    }
    fs::create_dir(dir.path().join("record.json.folder.tmp")).unwrap();
    remove_temporary_files(&dir.path().join("record.json")).unwrap();
    let mut expected: Vec<_> = kept.to_vec();
    expected.push("record.json.folder.tmp");
    expected.sort_unstable();
    assert_eq!(names(dir.path()), expected);
}
