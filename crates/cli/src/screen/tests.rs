use std::fs::File;
use std::io::Read as _;

use azure_classic::protocol::deployment::model::{InstanceStatus, RoleInstance};
use tempfile::NamedTempFile;

use super::*;

/// A screen that writes to a file as if it were a terminal of 24 lines and 80 columns, or a pipe.
fn screen(is_in_place: bool) -> (Screen, NamedTempFile) {
    let file = NamedTempFile::new().unwrap();
    let term = Term::read_write_pair(File::open("/dev/null").unwrap(), file.reopen().unwrap());
    let screen = Screen {
        term,
        service: "contoso".to_owned(),
        redraws_in_place: is_in_place,
        colours: false,
        drawn_lines: 0,
        last_deployment: None,
    };
    (screen, file)
}

fn written(mut file: &File) -> String {
    let mut text = String::new();
    file.read_to_string(&mut text).unwrap();
    text
}

/// The screen of a terminal after this output: it knows "up", "start of the line" and "clear the rest of the
/// screen", the only sequences that may be sent.
fn displayed(sent: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut row = 0;
    let mut rest = sent;
    while let Some(character) = rest.chars().next() {
        rest = &rest[character.len_utf8()..];
        match character {
            '\n' => {
                row += 1;
                if row == lines.len() {
                    lines.push(String::new());
                }
            }
            '\r' => {}
            '\u{1b}' => {
                let end = rest.find(char::is_alphabetic).unwrap();
                let number: usize = rest[1..end].parse().unwrap();
                match &rest[end..=end] {
                    "A" => row -= number,
                    "J" if number == 0 => {
                        lines.truncate(row);
                        lines.push(String::new());
                    }
                    other => panic!("{other} is not known"),
                }
                rest = &rest[end + 1..];
            }
            _ => lines[row].push(character),
        }
    }
    lines
}

fn deployment(status: InstanceStatus) -> Deployment {
    Deployment {
        name: "shop".to_owned(),
        deployment_slot: "Production".into(),
        status: "Running".into(),
        label: "Release 41".into(),
        role_instance_list: vec![RoleInstance {
            instance_name: "Web_IN_0".to_owned(),
            instance_upgrade_domain: Some(0),
            instance_status: status,
            ..RoleInstance::default()
        }],
        ..Deployment::default()
    }
}

#[test]
fn on_a_terminal_the_board_is_redrawn_below_the_messages() {
    let (mut screen, file) = screen(true);
    screen.print_message("deploy").unwrap();
    screen.show(&deployment(InstanceStatus::StartingRole)).unwrap();
    screen.print_message("wait").unwrap();
    screen.show(&deployment(InstanceStatus::ReadyRole)).unwrap();
    screen.show(&deployment(InstanceStatus::ReadyRole)).unwrap();
    assert_eq!(
        displayed(&written(file.as_file())),
        [
            "deploy",
            "wait",
            "contoso/production  shop \"Release 41\"  Running",
            "no update in progress",
            "  domain 0  ● Web_IN_0 ReadyRole",
            "",
        ]
    );
}

#[test]
fn a_board_never_scrolls_or_wraps_on_a_terminal() {
    let (mut screen, file) = screen(true);
    let mut large = deployment(InstanceStatus::ReadyRole);
    large.label = "so long that the terminal would wrap it ".repeat(3).as_str().into();
    let instance = large.role_instance_list[0].clone();
    large.role_instance_list = (0..100)
        .map(|domain| RoleInstance { instance_upgrade_domain: Some(domain), ..instance.clone() })
        .collect();
    screen.show(&large).unwrap();
    large.status = "Suspended".into();
    screen.show(&large).unwrap();
    let lines = displayed(&written(file.as_file()));
    assert_eq!(lines.len(), 23, "{lines:#?}");
    assert!(lines.iter().all(|line| console::measure_text_width(line) <= 80), "{lines:#?}");
    assert!(lines[0].ends_with('…'), "{lines:#?}");
}

#[test]
fn without_a_terminal_each_change_is_a_line() {
    let (mut screen, file) = screen(false);
    screen.show(&deployment(InstanceStatus::StartingRole)).unwrap();
    screen.print_message("wait").unwrap();
    screen.show(&deployment(InstanceStatus::StartingRole)).unwrap();
    screen.show(&deployment(InstanceStatus::ReadyRole)).unwrap();
    assert_eq!(
        written(file.as_file()),
        "\
contoso/production  shop \"Release 41\"  Running
no update in progress
  domain 0  ◐ Web_IN_0 StartingRole
wait
  domain 0  ● Web_IN_0 ReadyRole
"
    );
}
