//! Turns an error of the library into messages with the next step.

use std::error::Error as _;
use std::net::IpAddr;

use azure_classic::{
    CloudServiceRef, Deployment, Error, ErrorCode, ErrorKind, ServiceError, TransportError,
    TransportErrorKind,
};
use azure_classic_text::sanitize;

use crate::arguments::DeploymentArgs;
use crate::cli_error::{CliError, Exit};
use crate::connection::{Connection, shell_quoted};
use crate::proxy::ProxyRoute;
use crate::token;

impl Connection {
    /// Reads a deployment. Where it does not exist, the failure says whether its service does.
    pub(crate) async fn get_deployment(
        &self,
        deployment: &DeploymentArgs,
    ) -> Result<Deployment, CliError> {
        let error = match self.client.send(deployment.reference().get()).await {
            Ok(found) => return Ok(found),
            Err(error) => error,
        };
        if error.is_not_found() {
            let get = CloudServiceRef::new(deployment.service.as_str()).get();
            let service = self.client.send(get).await;
            if service.is_err_and(|error| error.is_not_found()) {
                return Err(self.service_not_found(error, &deployment.service));
            }
        }
        Err(self.explain_for(error, Some(deployment)))
    }

    /// Explains that a cloud service does not exist.
    pub(crate) fn service_not_found(&self, error: Error, service: &str) -> CliError {
        CliError::with_exit(Exit::Failed, error.into()).hint(format!(
            "the subscription {} has no cloud service {}; check its name and the subscription",
            self.client.endpoint().subscription(),
            shell_quoted(service)
        ))
    }

    /// Explains an error that is about no deployment in particular.
    pub(crate) fn explain(&self, error: Error) -> CliError {
        self.explain_for(error, None)
    }

    /// Explains an error; hints name the deployment.
    pub(crate) fn explain_for(
        &self,
        error: Error,
        deployment: Option<&DeploymentArgs>,
    ) -> CliError {
        let exit = match error.kind() {
            ErrorKind::Invalid => Exit::Usage,
            ErrorKind::TimedOut => Exit::TimedOut,
            _ => Exit::Failed,
        };
        let hints = self.hints(&error, deployment);
        hints.into_iter().fold(CliError::with_exit(exit, error.into()), CliError::hint)
    }

    pub(crate) fn hints(&self, error: &Error, deployment: Option<&DeploymentArgs>) -> Vec<String> {
        let mut hints = Vec::new();
        let is_proxied = matches!(self.proxy, Some(ProxyRoute::Proxied(_)));
        if let Some(hint) = TransportError::find_in(error)
            .and_then(|error| transport_hint(error.kind(), is_proxied))
        {
            hints.push(hint.to_owned());
        }
        if TransportError::find_in(error).is_some_and(|error| may_need_proxy(error.kind()))
            && self.proxy.is_none()
            && !is_local(self.client.endpoint().authority().host())
        {
            hints.push(
                "where the network demands a proxy, name it in the variable HTTPS_PROXY: \
                 http://HOST:PORT"
                    .to_owned(),
            );
        }
        if error.kind() == ErrorKind::TimedOut {
            hints.push(match (deployment, error.request_id()) {
                (Some(deployment), _) => {
                    format!("to go on waiting: {}", self.show_command(deployment, " --watch"))
                }
                (None, Some(id)) => format!("to go on waiting: {}", self.wait_command(id.as_str())),
                (None, None) => "to go on waiting, give a longer --timeout".to_owned(),
            });
            return hints;
        }
        if let Some(holder) = error.conflicting_request_id() {
            hints.push(format!(
                "another operation holds the deployment; wait for it, then retry: {}",
                self.wait_command(holder.as_str())
            ));
        }
        // A likely cause knows better: the credential may not even have been looked at.
        if is_unauthorized(error.service_error()) && error.source().is_none() {
            hints.push(match &self.thumbprint {
                Some(thumbprint) => format!(
                    "the certificate {thumbprint} is not a management certificate of this subscription, or \
                     the subscription id is wrong"
                ),
                None => token::rejected_token_hint(self.client.endpoint()),
            });
        }
        if error.is_not_found()
            && let Some(deployment) = deployment
        {
            hints.push(format!(
                "to see what there is: azure-classic show service {} --deployments{}",
                shell_quoted(&deployment.service),
                self.repro_flags
            ));
        }
        if error.may_have_applied()
            && let Some(deployment) = deployment
        {
            hints.push(format!(
                "the request may have taken effect; read the state before you repeat it: {}",
                self.show_command(deployment, "")
            ));
        }
        hints
    }

    /// The command that follows accepted work.
    pub(crate) fn wait_command(&self, request_id: &str) -> String {
        // A value that cannot be typed is not suggested.
        let is_typable = request_id.len() <= MAX_ID_CHARS
            && !request_id.starts_with('-')
            && sanitize(request_id).to_string() == request_id;
        let id = if is_typable { shell_quoted(request_id) } else { "REQUEST-ID".to_owned() };
        format!("azure-classic show operation {id} --wait{}", self.repro_flags)
    }

    /// The command that shows a deployment.
    pub(crate) fn show_command(&self, deployment: &DeploymentArgs, options: &str) -> String {
        format!("azure-classic show deployment {deployment}{options}{}", self.repro_flags)
    }
}

/// The longest request id in a suggested command, in bytes.
const MAX_ID_CHARS: usize = 100;

/// The service's response to a certificate that it does not know, or to one of another subscription.
fn is_unauthorized(error: Option<&ServiceError>) -> bool {
    error.is_some_and(|error| {
        matches!(error.code(), ErrorCode::ForbiddenError | ErrorCode::AuthenticationFailed)
    })
}

/// Whether it is how a missing proxy shows.
fn may_need_proxy(kind: TransportErrorKind) -> bool {
    matches!(
        kind,
        TransportErrorKind::Dns | TransportErrorKind::Connect | TransportErrorKind::ConnectTimeout
    )
}

fn is_local(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

const PROXY_HINT: &str = "the variables HTTPS_PROXY and ALL_PROXY name the proxy; NO_PROXY lists the hosts that \
     are reached without it";

/// Which flag mends it, where one does.
fn transport_hint(kind: TransportErrorKind, is_proxied: bool) -> Option<&'static str> {
    match kind {
        _ if is_proxied && may_need_proxy(kind) => Some(PROXY_HINT),
        TransportErrorKind::UntrustedServer => {
            Some("give the endpoint's root certificate with --ca FILE (AZURE_CLASSIC_CA)")
        }
        TransportErrorKind::ServerNameMismatch => Some(
            "give the endpoint by a name that its certificate is made for, with --endpoint URL \
             (AZURE_CLASSIC_ENDPOINT)",
        ),
        TransportErrorKind::ServerWantsCertificate | TransportErrorKind::CertificateRejected => {
            Some(
                "give another management certificate with --certificate FILE (AZURE_CLASSIC_CERTIFICATE)",
            )
        }
        TransportErrorKind::UnusableProxy
        | TransportErrorKind::Proxy
        | TransportErrorKind::ProxyAuthentication
        | TransportErrorKind::ProxyForbidden
        | TransportErrorKind::ProxyCannotConnect => Some(PROXY_HINT),
        TransportErrorKind::Dns
        | TransportErrorKind::Connect
        | TransportErrorKind::ConnectTimeout => Some(
            "is the endpoint right, and does it run? An emulator's address changes with each start \
             unless --listen names a port",
        ),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
