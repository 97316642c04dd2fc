use azure_classic::Slot;
use azure_classic::protocol::deployment::model::{DeploymentStatus, UpgradeStatus};

use super::*;

/// Web on every domain, Worker on every domain, as an upgrade has stopped in domain 1.
fn upgrading() -> Deployment {
    let instance = |name: &str, domain, status| RoleInstance {
        role_name: name.split('_').next().unwrap().to_owned(),
        instance_name: name.to_owned(),
        instance_upgrade_domain: domain,
        instance_status: status,
        ..RoleInstance::default()
    };
    Deployment {
        name: "shop".to_owned(),
        deployment_slot: Slot::Production,
        status: DeploymentStatus::RunningTransitioning,
        label: "Release 42".into(),
        upgrade_status: Some(UpgradeStatus {
            upgrade_type: "Manual".into(),
            current_upgrade_domain_state: "During".into(),
            current_upgrade_domain: Some(1),
        }),
        rollback_allowed: Some(true),
        role_instance_list: vec![
            instance("Web_IN_0", Some(0), InstanceStatus::ReadyRole),
            instance("Web_IN_1", Some(1), InstanceStatus::RestartingRole),
            instance("Web_IN_2", Some(0), InstanceStatus::StartingRole),
            instance("Worker_IN_0", Some(0), InstanceStatus::StoppedVm),
            instance("Worker_IN_1", Some(1), InstanceStatus::Other("Dreaming".to_owned())),
            instance("Worker_IN_2", None, InstanceStatus::CreatingVm),
        ],
        ..Deployment::default()
    }
}

fn plain(lines: &[StyledLine]) -> String {
    lines.iter().map(|line| line.render(false) + "\n").collect()
}

#[test]
fn the_board() {
    assert_eq!(
        plain(&board("contoso", &upgrading(), 120)),
        "\
contoso/production  shop \"Release 42\"  RunningTransitioning
Manual update, during domain 1, rollback allowed
  domain 0   ● Web_IN_0    ReadyRole       ◐ Web_IN_2    StartingRole    ○ Worker_IN_0 StoppedVM
  domain 1   ✗ Web_IN_1    RestartingRole  ? Worker_IN_1 Dreaming
  no domain  ◐ Worker_IN_2 CreatingVM
"
    );
}

#[test]
fn long_rows_go_on_in_the_next_line() {
    assert_eq!(
        plain(&board("contoso", &upgrading(), 80)),
        "\
contoso/production  shop \"Release 42\"  RunningTransitioning
Manual update, during domain 1, rollback allowed
  domain 0   ● Web_IN_0    ReadyRole       ◐ Web_IN_2    StartingRole
             ○ Worker_IN_0 StoppedVM
  domain 1   ✗ Web_IN_1    RestartingRole  ? Worker_IN_1 Dreaming
  no domain  ◐ Worker_IN_2 CreatingVM
"
    );
    // However narrow, one instance stands in each line.
    assert_eq!(board("contoso", &upgrading(), 1).len(), 2 + 6);
}

#[test]
fn an_empty_board() {
    let deploying = Deployment {
        status: DeploymentStatus::Deploying,
        upgrade_status: None,
        rollback_allowed: Some(false),
        locked: Some(true),
        role_instance_list: Vec::new(),
        ..upgrading()
    };
    assert_eq!(
        plain(&board("contoso", &deploying, 80)),
        "\
contoso/production  shop \"Release 42\"  Deploying
no update in progress, locked
  no role instances
"
    );
}

#[test]
fn service_values_cannot_emit_terminal_escapes() {
    let mut hostile = upgrading();
    hostile.name = "a\u{1b}[2J".to_owned();
    hostile.label = "b\u{1b}]0;c\u{7}".into();
    hostile.status = DeploymentStatus::Other("\u{9b}d".to_owned());
    hostile.role_instance_list[0].instance_name = "e\rf".to_owned();
    hostile.role_instance_list[0].instance_status = InstanceStatus::Other("\u{1b}g".to_owned());
    let lines = plain(&board("contoso", &hostile, 120));
    let obeyed = |character: char| character.is_control() && character != '\n';
    assert!(!lines.contains(obeyed), "{lines:?}");
}

#[test]
fn colours_say_what_the_marks_say() {
    let lines: Vec<String> =
        board("contoso", &upgrading(), 120).iter().map(|line| line.render(true)).collect();
    assert!(lines[0].starts_with("\u{1b}[1mcontoso/production\u{1b}[0m  shop"), "{:?}", lines[0]);
    assert!(lines[2].contains("\u{1b}[32mReadyRole"), "{:?}", lines[2]);
    assert!(lines[2].contains("\u{1b}[33mStartingRole"), "{:?}", lines[2]);
    assert!(lines[3].contains("\u{1b}[31m\u{1b}[1mRestartingRole"), "{:?}", lines[3]);
    for line in &lines {
        let last = line.rfind('\u{1b}').map(|at| &line[at..]);
        assert!(last.is_none_or(|last| last.starts_with("\u{1b}[0m")), "{line:?} stays coloured");
    }
}

#[test]
fn only_changes_are_reported() {
    let before = upgrading();
    assert_eq!(changes("contoso", &before, &before), []);

    let mut after = upgrading();
    after.upgrade_status = None;
    after.role_instance_list[1].instance_status = InstanceStatus::ReadyRole;
    after.role_instance_list[5].instance_name = "Worker_IN_3".to_owned();
    assert_eq!(
        plain(&changes("contoso", &before, &after)),
        "\
contoso/production  shop \"Release 42\"  RunningTransitioning  no update in progress, rollback allowed
  domain 1  ● Web_IN_1 ReadyRole
  no domain  ◐ Worker_IN_3 CreatingVM
  no domain    Worker_IN_2 is gone
"
    );
}

#[test]
fn a_swap_and_a_new_label_are_changes() {
    let before = upgrading();
    let swapped = Deployment { deployment_slot: Slot::Staging, ..upgrading() };
    assert_eq!(
        plain(&changes("contoso", &before, &swapped)),
        "contoso/staging  shop \"Release 42\"  RunningTransitioning  Manual update, during domain 1, \
         rollback allowed\n"
    );
    let relabelled = Deployment { label: "Release 41".into(), ..upgrading() };
    assert!(plain(&changes("contoso", &before, &relabelled)).contains("\"Release 41\""));
}
