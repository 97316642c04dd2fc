use std::sync::Mutex;

use azure_classic::protocol::{Bytes, LikelyCause};
use azure_classic::{
    Client, CloudServiceRef, Endpoint, ResponseFuture, Retry, RollbackMode, SendError, Transport,
    TransportResult,
};
use http::{Request, Response};

use super::*;
use crate::arguments::{Cli, Command};

/// Returns the same response to every request.
struct CannedTransport(Mutex<Option<TransportResult>>);

impl Transport for CannedTransport {
    fn send(&self, _: Request<Bytes>) -> ResponseFuture<'_> {
        let reply = self.0.lock().unwrap().take().expect("one request");
        Box::pin(async { reply })
    }
}

fn response(status: u16, body: &'static str) -> Response<Bytes> {
    let response = Response::builder()
        .status(status)
        .header("x-ms-request-id", "4f3a9cbde01c4d24a6b1ca5ed9a3a2b1")
        .body(Bytes::from_static(body.as_bytes()));
    response.unwrap()
}

/// The output when a rollback of contoso's production gets this response.
fn printed(reply: TransportResult) -> String {
    let subscription = "8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10".parse().unwrap();
    let endpoint = Endpoint::new("https://127.0.0.1:8443", subscription).unwrap();
    let client =
        Client::new(endpoint, CannedTransport(Mutex::new(Some(reply)))).with_retry(Retry::never());
    let connection = Connection {
        client,
        thumbprint: Some("0A1B2C3D0A1B2C3D0A1B2C3D0A1B2C3D0A1B2C3D".to_owned()),
        proxy: None,
        repro_flags: " --emulator d".to_owned(),
    };
    let rollback = CloudServiceRef::new("contoso").deployment("shop").rollback(RollbackMode::Auto);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let error = runtime.block_on(connection.client.send(rollback)).unwrap_err();

    let line = ["azure-classic", "rollback", "--service", "contoso", "--deployment", "shop"];
    let Command::Rollback(options) = Cli::parse_from_args(line).unwrap().command else {
        panic!("{line:?}")
    };
    connection.explain_for(error, Some(&options.deployment)).to_string()
}

#[test]
fn a_conflict_names_the_command_that_waits_for_the_other() {
    assert_eq!(
        printed(Ok(response(
            409,
            r#"<Error xmlns="http://schemas.microsoft.com/windowsazure"><Code>ConflictError</Code><Message>Windows Azure is currently performing an operation with x-ms-requestid 0123456789abcdef0123456789abcdef on this deployment that requires exclusive access.</Message></Error>"#,
        ))),
        "error: Rollback Update Or Upgrade: the service responded with 409 ConflictError: Windows Azure is \
         currently performing an operation with x-ms-requestid 0123456789abcdef0123456789abcdef on \
         this deployment that requires exclusive access. (request id 4f3a9cbde01c4d24a6b1ca5ed9a3a2b1)\n\
         hint: another operation holds the deployment; wait for it, then retry: azure-classic show \
         operation 0123456789abcdef0123456789abcdef --wait --emulator d\n"
    );
}

#[test]
fn ambiguous_call_hints_to_read_the_state() {
    assert_eq!(
        printed(Err(SendError::ambiguous("connection reset"))),
        "error: Rollback Update Or Upgrade: no response; the request may have reached the service\n\
         caused by: connection reset\n\
         hint: the request may have taken effect; read the state before you repeat it: azure-classic \
         show deployment --service contoso --deployment shop --emulator d\n"
    );
}

#[test]
fn a_request_that_was_not_sent_needs_no_reading() {
    let text = printed(Err(SendError::not_sent("no route")));
    assert!(!text.contains("hint"), "{text}");
}

#[test]
fn unauthorized_client_sees_its_certificate() {
    let text = printed(Ok(response(
        403,
        r#"<Error xmlns="http://schemas.microsoft.com/windowsazure"><Code>ForbiddenError</Code><Message>no</Message></Error>"#,
    )));
    assert!(
        text.ends_with(
            "hint: the certificate 0A1B2C3D0A1B2C3D0A1B2C3D0A1B2C3D0A1B2C3D is not a management \
             certificate of this subscription, or the subscription id is wrong\n"
        ),
        "{text}"
    );
}

#[test]
fn what_is_not_there_leads_to_what_is() {
    let text = printed(Ok(response(
        404,
        r#"<Error xmlns="http://schemas.microsoft.com/windowsazure"><Code>ResourceNotFound</Code><Message>No deployments were found.</Message></Error>"#,
    )));
    assert!(
        text.ends_with("azure-classic show service contoso --deployments --emulator d\n"),
        "{text}"
    );
}

#[test]
fn rejection_with_known_cause_has_no_certificate_hint() {
    let forbidden = || {
        response(
            403,
            r#"<Error xmlns="http://schemas.microsoft.com/windowsazure"><Code>ForbiddenError</Code><Message>Verify that the certificate is valid.</Message></Error>"#,
        )
    };
    assert!(printed(Ok(forbidden())).contains("0A1B2C3D is not a management certificate"));

    let mut explained = forbidden();
    explained.extensions_mut().insert(LikelyCause::new("it did not request the certificate"));
    let reported = printed(Ok(explained));
    assert!(reported.ends_with("caused by: it did not request the certificate\n"), "{reported}");
}

#[test]
fn behind_a_proxy_hints_are_about_the_proxy() {
    for kind in
        [TransportErrorKind::Dns, TransportErrorKind::Connect, TransportErrorKind::ConnectTimeout]
    {
        assert!(
            transport_hint(kind, true).is_some_and(|hint| hint.contains("HTTPS_PROXY")),
            "{kind:?}"
        );
        assert!(
            transport_hint(kind, false).is_some_and(|hint| hint.contains("--listen")),
            "{kind:?}"
        );
    }
}

#[test]
fn only_an_unknown_authority_requests_for_a_root_certificate() {
    let untrusted = transport_hint(TransportErrorKind::UntrustedServer, false);
    assert!(untrusted.is_some_and(|hint| hint.contains("--ca FILE")), "{untrusted:?}");
    let mismatch = transport_hint(TransportErrorKind::ServerNameMismatch, false);
    assert!(mismatch.is_some_and(|hint| hint.contains("--endpoint URL")), "{mismatch:?}");
    // No flag mends these: their messages say what does.
    for kind in [
        TransportErrorKind::ServerCertificateExpired,
        TransportErrorKind::ServerCertificateNotYetValid,
        TransportErrorKind::InvalidServerCertificate,
    ] {
        assert_eq!(transport_hint(kind, false), None, "{kind:?}");
    }
}
