//! Get Package: the package of a deployment is written to a container of blobs.

use azure_classic_protocol::ApiVersion;
use http::Uri;

use crate::cloud::Cloud;
use crate::cloud::answer::Answer;
use crate::cloud::call::Call;
use crate::cloud::cloud_service::no_deployment;
use crate::cloud::refusal::Refusal;
use crate::cloud::route::Route;
use crate::cloud::work::Task;
use crate::cloud::world::DeploymentId;

pub(in crate::cloud) const ROUTES: &[Route] =
    &[Route::post("Get Package", PACKAGE, ApiVersion::V2012_03_01, begin)];

const PACKAGE: &str = "/services/hostedservices/{service}/{which}/package";

fn begin(cloud: &mut Cloud, call: &Call<'_>) -> Result<Answer, Refusal> {
    let deployment = cloud.deployment_id(call.argument("service"), &call.which()?)?;
    let container = container(&call.query.required("containerUri")?)?;
    let overwrite = call.query.flag("overwriteExisting")?;
    cloud.begin_work(call.id, Task::WritePackage { deployment, container, overwrite });
    Ok(Answer::accepted())
}

impl Cloud {
    /// Nothing is written anywhere; what would have been is remembered.
    pub(in crate::cloud) fn write_package(
        &mut self,
        deployment: DeploymentId,
        container: String,
        overwrite: bool,
    ) -> Result<(), Refusal> {
        let deployment = self.deployments.get_mut(&deployment).ok_or_else(no_deployment)?;
        let is_new = deployment.containers.insert(container);
        if is_new || overwrite {
            return Ok(());
        }
        Err(Refusal::conflict(format!(
            "The package of the deployment '{}' already exists in the container. Set \
             overwriteExisting to replace it.",
            deployment.name
        )))
    }
}

/// The address of the container without its query. A library for Node.js adds ` +` to it.
fn container(text: &str) -> Result<String, Refusal> {
    let uri = text.trim_end_matches([' ', '+']).parse::<Uri>().ok();
    let uri = uri.filter(|uri| {
        matches!(uri.scheme_str(), Some("http" | "https"))
            && uri.host().is_some_and(|host| !host.is_empty())
            && uri.path().len() > 1
    });
    let Some(uri) = uri else {
        return Err(Refusal::bad_request(
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
    fn a_container_has_an_address_with_a_path() {
        for text in [
            "https://contoso.blob.example.net/packages",
            "https://CONTOSO.blob.example.net/packages/ +",
            "http://contoso.blob.example.net/packages?sv=1&sig=a%3D  ",
        ] {
            let container = container(text).unwrap();
            assert_eq!(container, "contoso.blob.example.net/packages", "{text}");
        }
        for text in [
            "packages",
            "https://contoso.blob.example.net/",
            "https:///packages",
            "ftp://a/b",
            " +",
        ] {
            assert!(container(text).is_err(), "{text}");
        }
    }
}
