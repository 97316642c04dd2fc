//! A bearer token from the environment, from the outside.

use std::process::Command;

/// Any roots, so that the system's are not needed.
const ROOTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../transport/tests/fixtures/rsa.pem");

/// Runs the program with these variables alone; its exit code and what it says on stderr.
fn show(arguments: &[&str], variables: &[(&str, &str)]) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_azure-classic"))
        .args(["show", "service", "contoso"])
        // A token never goes without TLS, so that nothing is sent in these tests.
        .args(["--endpoint", "http://127.0.0.1:9"])
        .args(["--subscription", "8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10", "--ca", ROOTS])
        .args(arguments)
        .env_clear()
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn the_usual_variable_is_taken_and_the_token_not_shown() {
    let (code, said) = show(&[], &[("AZURE_CLASSIC_TOKEN", "secret")]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("the token is not sent to \"127.0.0.1\""), "{said}");
    assert!(!said.contains("secret"), "{said}");
}

#[test]
fn another_variable_is_named_and_beats_a_certificate_in_a_variable() {
    let variables = [("MINE", "secret"), ("AZURE_CLASSIC_CERTIFICATE", "missing.pem")];
    let (code, said) = show(&["--token-env", "MINE"], &variables);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("the token is not sent"), "{said}");

    let (code, said) = show(&["--token-env", "MINE"], &[]);
    assert_eq!(code, Some(2));
    assert_eq!(
        said,
        "error: cannot use the token in the variable MINE\ncaused by: the variable is not set\n"
    );
}

#[test]
fn a_certificate_beats_the_usual_variable() {
    let token = ("AZURE_CLASSIC_TOKEN", "secret");
    for (code, said) in [
        show(&["--certificate", "missing.pem"], &[token]),
        show(&[], &[token, ("AZURE_CLASSIC_CERTIFICATE", "missing.pem")]),
    ] {
        assert_eq!(code, Some(2));
        assert!(said.starts_with("error: cannot read the certificate missing.pem\n"), "{said}");
    }
}

#[test]
fn a_text_that_is_no_token_is_refused_without_showing_it() {
    let (code, said) = show(&[], &[("AZURE_CLASSIC_TOKEN", "Bearer secret")]);
    assert_eq!(code, Some(2));
    assert!(said.starts_with("error: cannot use the token in the variable AZURE_CLASSIC_TOKEN\n"));
    assert!(said.contains("without the prefix Bearer"), "{said}");
    assert!(!said.contains("secret"), "{said}");
}

#[test]
fn without_token_and_certificate_both_ways_are_named() {
    let (code, said) = show(&[], &[("AZURE_CLASSIC_TOKEN", "")]);
    assert_eq!(code, Some(2));
    assert!(said.contains("--certificate FILE (AZURE_CLASSIC_CERTIFICATE)"), "{said}");
    assert!(said.contains("a bearer token in the variable AZURE_CLASSIC_TOKEN"), "{said}");
}
