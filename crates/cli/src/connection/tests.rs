use super::*;

fn error_text(connection: &ConnectionArgs) -> String {
    match connection.open() {
        Ok(connection) => panic!("{} is taken", connection.client.endpoint().authority()),
        Err(failure) => failure.to_string(),
    }
}

fn endpoint() -> ConnectionArgs {
    ConnectionArgs {
        endpoint: Some("https://127.0.0.1:8443".to_owned()),
        ..ConnectionArgs::default()
    }
}

#[test]
fn a_missing_endpoint_says_why_there_is_no_default() {
    assert_eq!(
        error_text(&ConnectionArgs::default()),
        "error: no endpoint is given, and there is no default: Microsoft retired the public service \
         on 31 August 2024\n\
         hint: give --emulator DIR (AZURE_CLASSIC_EMULATOR) for a local emulator; \
         `azure-classic emulator --dir DIR` starts one\n\
         hint: give --endpoint URL (AZURE_CLASSIC_ENDPOINT), or --cloud NAME (AZURE_CLASSIC_CLOUD), \
         for an endpoint that still speaks the API\n"
    );
}

#[test]
fn each_missing_piece_names_its_flag_and_variable() {
    assert_eq!(
        error_text(&endpoint()),
        "error: no subscription is given for the endpoint https://127.0.0.1:8443\n\
         hint: give --subscription GUID (AZURE_CLASSIC_SUBSCRIPTION)\n"
    );
    let subscription = "8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10".parse().ok();
    let text = error_text(&ConnectionArgs { subscription: subscription.clone(), ..endpoint() });
    assert!(text.contains("--certificate FILE (AZURE_CLASSIC_CERTIFICATE)"), "{text}");
    assert!(text.contains("--key FILE (AZURE_CLASSIC_KEY)"), "{text}");

    let certificate = Some(PathBuf::from("missing/management.pem"));
    let text = error_text(&ConnectionArgs { subscription, certificate, ..endpoint() });
    assert!(
        text.starts_with("error: cannot read the certificate missing/management.pem\ncaused by: "),
        "{text}"
    );
}

#[test]
fn words_are_quoted_for_the_shell_where_they_must_be() {
    assert_eq!(shell_quoted("dir/a-b.pem"), "dir/a-b.pem");
    assert_eq!(shell_quoted("a b"), "'a b'");
    assert_eq!(shell_quoted("x;touch${IFS}PWNED;#"), "'x;touch${IFS}PWNED;#'");
    assert_eq!(shell_quoted("$(it's)"), r"'$(it'\''s)'");
    assert_eq!(shell_quoted(""), "''");
}
