use crate::daemon::Daemon;
use crate::harness::{deploy, emulator_json_field, program, run};

#[test]
fn without_an_endpoint_nothing_is_guessed() {
    let outcome = run(program(&["show", "service", "contoso"])).assert_exit_code(2);
    assert!(outcome.stderr.contains("retired the public service on 31 August 2024"));
    assert!(outcome.stderr.contains("--emulator DIR (AZURE_CLASSIC_EMULATOR)"));
    assert!(outcome.stderr.contains("--endpoint URL (AZURE_CLASSIC_ENDPOINT)"));
    assert_eq!(outcome.stdout, "");
}

#[test]
fn every_piece_can_come_from_the_environment() {
    let daemon = Daemon::start(&["--speed", "100"]);
    deploy(&daemon);
    let said = |field: &str| emulator_json_field(daemon.dir(), field);
    let mut command = program(&["show", "service", "contoso"]);
    command
        .env("AZURE_CLASSIC_ENDPOINT", said("endpoint"))
        .env("AZURE_CLASSIC_SUBSCRIPTION", said("subscription"))
        .env("AZURE_CLASSIC_CERTIFICATE", said("management_certificate"))
        .env("AZURE_CLASSIC_KEY", said("management_certificate"))
        .env("AZURE_CLASSIC_CA", said("certificate_authority"))
        .env("AZURE_CLASSIC_API_VERSION", "2011-10-01");
    let outcome = run(command).assert_exit_code(0);
    // Elements of 2012-03-01 are absent, so the version was sent.
    assert_eq!(
        outcome.stdout,
        "contoso\n  label           Contoso shop\n  location        West Europe\n"
    );
}

#[test]
fn the_command_line_goes_before_the_environment() {
    let daemon = Daemon::start(&["--speed", "100"]);
    deploy(&daemon);
    let mut by_directory = program(&["show", "service", "contoso", "--emulator"]);
    by_directory.arg(daemon.dir()).env("AZURE_CLASSIC_ENDPOINT", "https://192.0.2.1");
    run(by_directory).assert_exit_code(0);

    let said = |field: &str| emulator_json_field(daemon.dir(), field);
    let mut by_pieces = program(&["show", "service", "contoso"]);
    by_pieces
        .args(["--endpoint", &said("endpoint"), "--subscription", &said("subscription")])
        .args(["--certificate", &said("management_certificate")])
        .args(["--ca", &said("certificate_authority")])
        .env("AZURE_CLASSIC_EMULATOR", "nowhere");
    run(by_pieces).assert_exit_code(0);
}

#[test]
fn unknown_certificate_is_rejected_by_the_service() {
    let (daemon, other) = (Daemon::start(&[]), Daemon::start(&[]));
    let said = |field: &str| emulator_json_field(daemon.dir(), field);
    let mut command = program(&["show", "service", "contoso"]);
    command
        .args(["--endpoint", &said("endpoint"), "--subscription", &said("subscription")])
        .args(["--certificate", &emulator_json_field(other.dir(), "management_certificate")])
        .args(["--ca", &said("certificate_authority")]);
    let outcome = run(command).assert_exit_code(1);
    assert!(
        outcome.stderr.contains("the service responded with 403 ForbiddenError"),
        "{}",
        outcome.stderr
    );
    let thumbprint = emulator_json_field(other.dir(), "thumbprint");
    assert!(
        outcome.stderr.contains(&format!("hint: the certificate {thumbprint} is not a management")),
        "{}",
        outcome.stderr
    );
    assert!(!outcome.stderr.contains("PRIVATE KEY"));
}

#[test]
fn an_untrusted_server_gets_no_request() {
    let (daemon, other) = (Daemon::start(&[]), Daemon::start(&[]));
    let said = |field: &str| emulator_json_field(daemon.dir(), field);
    let mut command = program(&["show", "service", "contoso"]);
    command
        .args(["--endpoint", &said("endpoint"), "--subscription", &said("subscription")])
        .args(["--certificate", &said("management_certificate")])
        .args(["--ca", &emulator_json_field(other.dir(), "certificate_authority")]);
    let outcome = run(command).assert_exit_code(1);
    assert!(
        outcome.stderr.contains(
            "hint: give the endpoint's root certificate with --ca FILE (AZURE_CLASSIC_CA)"
        ),
        "{}",
        outcome.stderr
    );
}

#[test]
fn a_certificate_without_its_key_is_reported_apart() {
    let daemon = Daemon::start(&[]);
    let said = |field: &str| emulator_json_field(daemon.dir(), field);
    let mut command = program(&["show", "service", "contoso"]);
    command
        .args(["--endpoint", &said("endpoint"), "--subscription", &said("subscription")])
        .args(["--certificate", &said("certificate_authority")]);
    let outcome = run(command).assert_exit_code(2);
    assert!(outcome.stderr.starts_with("error: cannot use the certificate "), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("caused by: no private key found"), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("--key FILE (AZURE_CLASSIC_KEY)"), "{}", outcome.stderr);
}

#[test]
fn hostile_names_are_refused_before_anything_is_sent() {
    let daemon = Daemon::start(&[]);
    for name in ["..", "a/b", "a?b", "a b", "größe", ""] {
        let mut command = program(&["show", "service", name, "--emulator"]);
        command.arg(daemon.dir());
        let outcome = run(command).assert_exit_code(2);
        assert!(outcome.stderr.contains("the cloud service name"), "{name}: {}", outcome.stderr);
    }
}
