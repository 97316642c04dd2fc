//! Get Package: the package of a deployment is written to a container of blobs.

use azure_classic_protocol::ApiVersion;
use http::Uri;

use crate::simulator::Simulator;
use crate::simulator::api_error::ApiError;
use crate::simulator::api_response::ApiResponse;
use crate::simulator::call::Call;
use crate::simulator::cloud_service::no_deployment;
use crate::simulator::route::Route;
use crate::simulator::shared_state::DeploymentId;
use crate::simulator::tasks::Task;

pub(in crate::simulator) const ROUTES: &[Route] =
    &[Route::post("Get Package", PACKAGE, ApiVersion::V2012_03_01, start)];

const PACKAGE: &str = "/services/hostedservices/{service}/{which}/package";

fn start(simulator: &mut Simulator, call: &Call<'_>) -> Result<ApiResponse, ApiError> {
    let deployment =
        simulator.deployment_id(call.argument("service"), &call.deployment_selector()?)?;
    let container = parse_container(&call.query.required("containerUri")?)?;
    let overwrite = call.query.flag("overwriteExisting")?;
    simulator.start_task(call.id, Task::WritePackage { deployment, container, overwrite });
    Ok(ApiResponse::accepted())
}

impl Simulator {
    /// Nothing is written anywhere; what would have been is remembered.
    pub(in crate::simulator) fn write_package(
        &mut self,
        deployment: DeploymentId,
        container: String,
        overwrite: bool,
    ) -> Result<(), ApiError> {
        let deployment = self.deployments.get_mut(&deployment).ok_or_else(no_deployment)?;
        let is_new = deployment.containers.insert(container);
        if is_new || overwrite {
            return Ok(());
        }
        Err(ApiError::conflict(format!(
            "The package of the deployment '{}' already exists in the container. Set \
             overwriteExisting to replace it.",
            deployment.name
        )))
    }
}

/// The address of the container without its query. A library for Node.js adds ` +` to it.
fn parse_container(text: &str) -> Result<String, ApiError> {
    let uri = text.trim_end_matches([' ', '+']).parse::<Uri>().ok();
    let uri = uri.filter(|uri| {
        matches!(uri.scheme_str(), Some("http" | "https"))
            && uri.host().is_some_and(|host| !host.is_empty())
            && uri.path().len() > 1
    });
    let Some(uri) = uri else {
        return Err(ApiError::bad_request(
            "The query parameter containerUri must be the address of a container of blobs.",
        ));
    };
    let host = uri.authority().map(ToString::to_string).unwrap_or_default();
    Ok(format!("{}{}", host.to_ascii_lowercase(), uri.path().trim_end_matches('/')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn container_uri_requires_a_path() {
        for text in [
            "https://contoso.blob.example.net/packages",
            "https://CONTOSO.blob.example.net/packages/ +",
            "http://contoso.blob.example.net/packages?sv=1&sig=a%3D  ",
        ] {
            let container = parse_container(text).unwrap();
            assert_eq!(container, "contoso.blob.example.net/packages", "{text}");
        }
        for text in [
            "packages",
            "https://contoso.blob.example.net/",
            "https:///packages",
            "ftp://a/b",
            " +",
        ] {
            assert!(parse_container(text).is_err(), "{text}");
        }
    }
}
