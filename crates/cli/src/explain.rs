//! From an error of the library to words that say what to do next.

use std::error::Error as _;
use std::net::IpAddr;

use azure_classic::{
    CloudServiceRef, Deployment, Error, ErrorCode, ErrorKind, ServiceError, TransportError,
    TransportErrorKind,
};
use azure_classic_text::sanitize;

use crate::arguments::DeploymentArgs;
use crate::connection::{Connection, quoted};
use crate::failure::{Exit, Failure};
use crate::proxy::Route;
use crate::token;

impl Connection {
    /// Reads a deployment. Where it does not exist, the failure says whether its service does.
    pub(crate) async fn look_up(&self, deployment: &DeploymentArgs) -> Result<Deployment, Failure> {
        let error = match self.client.send(deployment.reference().get()).await {
            Ok(found) => return Ok(found),
            Err(error) => error,
        };
        if error.is_not_found() {
            let get = CloudServiceRef::new(deployment.service.as_str()).get();
            let service = self.client.send(get).await;
            if service.is_err_and(|error| error.is_not_found()) {
                return Err(self.no_service(error, &deployment.service));
            }
        }
        Err(self.explain_about(error, Some(deployment)))
    }

    /// Explains that a cloud service does not exist.
    pub(crate) fn no_service(&self, error: Error, service: &str) -> Failure {
        Failure::with(Exit::Failed, error.into()).hint(format!(
            "the subscription {} has no cloud service {}; check its name and the subscription",
            self.client.endpoint().subscription(),
            quoted(service)
        ))
    }

    /// Explains an error that is about no deployment in particular.
    pub(crate) fn explain(&self, error: Error) -> Failure {
        self.explain_about(error, None)
    }

    /// Explains an error; hints name the deployment.
    pub(crate) fn explain_about(
        &self,
        error: Error,
        deployment: Option<&DeploymentArgs>,
    ) -> Failure {
        let exit = match error.kind() {
            ErrorKind::Invalid => Exit::Usage,
            ErrorKind::DeadlinePassed => Exit::TimedOut,
            _ => Exit::Failed,
        };
        let hints = self.hints(&error, deployment);
        hints.into_iter().fold(Failure::with(exit, error.into()), Failure::hint)
    }

    pub(crate) fn hints(&self, error: &Error, deployment: Option<&DeploymentArgs>) -> Vec<String> {
        let mut hints = Vec::new();
        let is_proxied = matches!(self.proxy, Some(Route::Through(_)));
        if let Some(hint) =
            TransportError::of(error).and_then(|error| way_out(error.kind(), is_proxied))
        {
            hints.push(hint.to_owned());
        }
        if TransportError::of(error).is_some_and(|error| needs_proxy(error.kind()))
            && self.proxy.is_none()
            && !is_local(self.client.endpoint().authority().host())
        {
            hints.push(
                "where the network demands a proxy, name it in the variable HTTPS_PROXY: \
                 http://HOST:PORT"
                    .to_owned(),
            );
        }
        if error.kind() == ErrorKind::DeadlinePassed {
            hints.push(match (deployment, error.request_id()) {
                (Some(deployment), _) => {
                    format!("to go on waiting: {}", self.show_deployment(deployment, " --watch"))
                }
                (None, Some(id)) => format!("to go on waiting: {}", self.wait_for(id.as_str())),
                (None, None) => "to go on waiting, give a longer --timeout".to_owned(),
            });
            return hints;
        }
        if let Some(holder) = error.conflicting_request_id() {
            hints.push(format!(
                "another operation holds the deployment; wait for it, then try again: {}",
                self.wait_for(holder.as_str())
            ));
        }
        // A likely cause knows better: the credential may not even have been looked at.
        if is_stranger(error.service_error()) && error.source().is_none() {
            hints.push(match &self.thumbprint {
                Some(thumbprint) => format!(
                    "the certificate {thumbprint} is not a management certificate of this subscription, or \
                     the subscription id is wrong"
                ),
                None => token::refusal_hint(self.client.endpoint()),
            });
        }
        if error.is_not_found()
            && let Some(deployment) = deployment
        {
            hints.push(format!(
                "to see what there is: azure-classic show service {} --deployments{}",
                quoted(&deployment.service),
                self.again
            ));
        }
        if error.may_have_happened()
            && let Some(deployment) = deployment
        {
            hints.push(format!(
                "the request may have taken effect; read the state before you repeat it: {}",
                self.show_deployment(deployment, "")
            ));
        }
        hints
    }

    /// The command that follows accepted work.
    pub(crate) fn wait_for(&self, request_id: &str) -> String {
        // What cannot be typed is not suggested.
        let is_typable = request_id.len() <= LONGEST_ID
            && !request_id.starts_with('-')
            && sanitize(request_id).to_string() == request_id;
        let id = if is_typable { quoted(request_id) } else { "REQUEST-ID".to_owned() };
        format!("azure-classic show operation {id} --wait{}", self.again)
    }

    /// The command that shows a deployment.
    pub(crate) fn show_deployment(&self, deployment: &DeploymentArgs, options: &str) -> String {
        format!("azure-classic show deployment {deployment}{options}{}", self.again)
    }
}

/// The longest request id in a suggested command, in bytes.
const LONGEST_ID: usize = 100;

/// The service's answer to a certificate that it does not know, or to another's subscription.
fn is_stranger(error: Option<&ServiceError>) -> bool {
    error.is_some_and(|error| {
        matches!(error.code(), ErrorCode::ForbiddenError | ErrorCode::AuthenticationFailed)
    })
}

/// Whether it is how a missing proxy shows.
fn needs_proxy(kind: TransportErrorKind) -> bool {
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
fn way_out(kind: TransportErrorKind, is_proxied: bool) -> Option<&'static str> {
    match kind {
        _ if is_proxied && needs_proxy(kind) => Some(PROXY_HINT),
        TransportErrorKind::UntrustedServer => {
            Some("give the endpoint's root certificate with --ca FILE (AZURE_CLASSIC_CA)")
        }
        TransportErrorKind::ServerNameMismatch => Some(
            "give the endpoint by a name that its certificate is made for, with --endpoint URL \
             (AZURE_CLASSIC_ENDPOINT)",
        ),
        TransportErrorKind::ServerWantsCertificate | TransportErrorKind::CertificateRefused => {
            Some(
                "give another management certificate with --certificate FILE (AZURE_CLASSIC_CERTIFICATE)",
            )
        }
        TransportErrorKind::UnusableProxy
        | TransportErrorKind::Proxy
        | TransportErrorKind::ProxyAuthentication
        | TransportErrorKind::ProxyForbids
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
