use bytes::Bytes;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderValue};
use http::uri::{Authority, Scheme};
use http::{Method, Request, Response, Uri};

use crate::base_address::BaseAddress;
use crate::operation::request_id_of;
use crate::redirect_rule::RedirectRule;
use crate::{
    ApiVersion, Cloud, Error, FromResponse, LikelyCause, Operation, RequestBuilder, ServiceError,
    SubscriptionId, xml,
};

/// The target of requests: base address, subscription and `x-ms-version`.
///
/// It builds the requests of operations and reads their responses, but sends nothing. A clone is cheap.
///
/// # Example
///
/// ```
/// use azure_classic_protocol::{ApiVersion, CloudServiceRef, Endpoint, RollbackMode, Slot};
///
/// let endpoint = Endpoint::new(
///     "https://management.example.net",
///     "8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10".parse()?,
/// )?;
/// let production = CloudServiceRef::new("contoso").slot(Slot::Production);
/// let request = endpoint.request(&production.rollback(RollbackMode::Auto))?;
///
/// assert_eq!(request.method(), "POST");
/// assert_eq!(request.uri().query(), Some("comp=rollback"));
/// assert_eq!(request.headers()["x-ms-version"], "2015-04-01");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Endpoint {
    scheme: Scheme,
    authority: Authority,
    /// The path of the base address, without the slash at its end.
    prefix: String,
    subscription: SubscriptionId,
    version: ApiVersion,
    redirects: RedirectRule,
}

impl Endpoint {
    /// Creates an endpoint from a base address, such as `https://127.0.0.1:8443`, and a subscription.
    ///
    /// It drops the subscription at the end of the address, because requests add it themselves. Scheme and
    /// host are case-insensitive; a dot at the end of the name and an empty port are dropped.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) if the address is not an absolute `https` address
    /// without user information, query and fragment, ends in another subscription, or contains the path of a
    /// request (`…/SUBSCRIPTION/services`). `http` is accepted for loopback addresses only, for tests.
    pub fn new(base: &str, subscription: SubscriptionId) -> Result<Self, Error> {
        let BaseAddress { scheme, authority, prefix } = BaseAddress::parse(base, &subscription)?;
        Ok(Self {
            scheme,
            authority,
            prefix,
            subscription,
            version: ApiVersion::DEFAULT,
            redirects: RedirectRule::default(),
        })
    }

    /// Creates the endpoint of a cloud; see [`Cloud`] for the meaning and the limits of the name.
    pub fn for_cloud(cloud: Cloud, subscription: SubscriptionId) -> Self {
        Self {
            scheme: Scheme::HTTPS,
            authority: Authority::from_static(cloud.host()),
            prefix: String::new(),
            subscription,
            version: ApiVersion::DEFAULT,
            redirects: RedirectRule::default(),
        }
    }

    /// Sets the `x-ms-version` instead of [`ApiVersion::DEFAULT`].
    pub fn with_version(mut self, version: ApiVersion) -> Self {
        self.version = version;
        self
    }

    /// Sets the hosts that redirects may lead to, instead of [`RedirectRule::SameCloud`].
    pub fn with_redirects(mut self, rule: RedirectRule) -> Self {
        self.redirects = rule;
        self
    }

    /// Returns the version of the requests.
    pub fn version(&self) -> ApiVersion {
        self.version
    }

    /// Returns the subscription of the requests.
    pub fn subscription(&self) -> &SubscriptionId {
        &self.subscription
    }

    /// Returns host and port of the base address.
    pub fn authority(&self) -> &Authority {
        &self.authority
    }

    /// Builds the request of an operation: absolute address, headers, and the whole body.
    ///
    /// The same operation always gives the same request.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) if a name or a value is invalid in its place, or if
    /// the operation is newer than the version in use. Nothing has been sent then.
    pub fn request<O: Operation>(&self, operation: &O) -> Result<Request<Bytes>, Error> {
        self.build(operation).map_err(|error| error.during(&O::METADATA))
    }

    fn build<O: Operation>(&self, operation: &O) -> Result<Request<Bytes>, Error> {
        let mut target = RequestBuilder::new(&O::METADATA, &self.subscription);
        operation.build(&mut target);
        let (path_and_query, own_headers) = target.finish(self.version)?;
        let (body, content_type) = operation.body().into_parts()?.unzip();

        let uri = Uri::builder()
            .scheme(self.scheme.clone())
            .authority(self.authority.clone())
            .path_and_query(format!("{}{path_and_query}", self.prefix))
            .build()
            .map_err(|error| Error::invalid_because("cannot build the address", error))?;
        let version = HeaderValue::try_from(self.version.to_string())
            .map_err(|error| Error::invalid_because("the version is invalid in a header", error))?;
        let mut request = Request::new(body.unwrap_or_default());
        *request.method_mut() = O::METADATA.method;
        *request.uri_mut() = uri;
        let length = HeaderValue::from(request.body().len());
        let headers = request.headers_mut();
        *headers = own_headers;
        headers.insert("x-ms-version", version);
        if let Some(content_type) = content_type {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        }
        // The service rejects a POST without the header, and some HTTP stacks omit it for an empty body.
        if matches!(O::METADATA.method, Method::POST | Method::PUT) {
            headers.insert(CONTENT_LENGTH, length);
        }
        Ok(request)
    }

    /// Whether a redirect may lead to this address with the credential.
    pub(crate) fn check_redirect(&self, uri: &Uri) -> Result<(), &'static str> {
        self.redirects.check(&self.scheme, &self.authority, uri)
    }

    /// Whether a credential that any observer could reuse, such as a token, may be sent to this address: over
    /// https, and to the endpoint's own host or a host that a redirect may lead to.
    pub fn may_have_credential(&self, address: &Uri) -> bool {
        address.scheme() == Some(&Scheme::HTTPS) && self.check_redirect(address).is_ok()
    }

    /// Reads the response to an operation. 200, 201 and 202 are all success; the output has the difference.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Rejected`](crate::ErrorKind::Rejected) for an error response,
    /// [`ErrorKind::InvalidResponse`](crate::ErrorKind::InvalidResponse) for a response that does not have
    /// the form of the operation's output.
    pub fn response<O: Operation>(response: &Response<Bytes>) -> Result<O::Output, Error> {
        read_with::<O, _>(response, O::Output::read)
    }

    /// Does the same as [`response`](Self::response), and also returns the paths of elements that the model
    /// does not know.
    ///
    /// Use it to audit or migrate stored responses. It takes two to three times as long as
    /// [`response`](Self::response).
    ///
    /// # Errors
    ///
    /// As [`response`](Self::response).
    ///
    /// # Example
    ///
    /// ```
    /// use azure_classic_protocol::{Bytes, Endpoint, GetOperationStatus};
    ///
    /// let stored = concat!(
    ///     r#"<Operation xmlns="http://schemas.microsoft.com/windowsazure">"#,
    ///     "<ID>4f3a9cbd-e01c-4d24-a6b1-ca5ed9a3a2b1</ID><Status>Succeeded</Status>",
    ///     "<Region>usnorth</Region></Operation>",
    /// );
    /// let answer = http::Response::new(Bytes::from_static(stored.as_bytes()));
    /// let (status, unknown) = Endpoint::response_with_unknown::<GetOperationStatus>(&answer)?;
    /// assert_eq!(status.status.as_str(), "Succeeded");
    /// assert_eq!(unknown.paths, ["Operation/Region"]);
    /// # Ok::<(), azure_classic_protocol::Error>(())
    /// ```
    pub fn response_with_unknown<O: Operation>(
        response: &Response<Bytes>,
    ) -> Result<(O::Output, xml::Unknown), Error> {
        read_with::<O, _>(response, O::Output::read_with_unknown)
    }
}

/// Distinguishes success from failure, reads a success, and adds the context to an error.
fn read_with<O: Operation, T>(
    response: &Response<Bytes>,
    read: impl FnOnce(&Response<Bytes>) -> Result<T, Error>,
) -> Result<T, Error> {
    let request_id = request_id_of(response);
    let outcome = if response.status().is_success() {
        read(response)
    } else if response.status().is_redirection() || response.status().is_informational() {
        Err(Error::invalid_response(response.status(), "it is neither a success nor an error"))
    } else {
        let error = Error::rejected(ServiceError::from_response(response, request_id.clone()));
        Err(error.with_likely_cause(response.extensions().get::<LikelyCause>().cloned()))
    };
    outcome.map_err(|error| error.during(&O::METADATA).with_request_id(request_id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        CloudServiceRef, DeleteCloudService, DeleteDeployment, ErrorKind, GetCloudServiceProperties,
    };

    const SUBSCRIPTION: &str = "8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10";

    fn endpoint(base: &str) -> Result<Endpoint, Error> {
        Endpoint::new(base, SUBSCRIPTION.parse().unwrap())
    }

    #[test]
    fn a_base_address_may_have_a_port_and_a_path() {
        for (base, address) in [
            ("https://management.core.windows.net", "https://management.core.windows.net/"),
            ("https://management.core.windows.net/", "https://management.core.windows.net/"),
            ("https://127.0.0.1:8443", "https://127.0.0.1:8443/"),
            ("https://proxy.contoso.example/azure/", "https://proxy.contoso.example/azure/"),
            ("http://localhost:8080", "http://localhost:8080/"),
        ] {
            let request =
                endpoint(base).unwrap().request(&CloudServiceRef::new("contoso").get()).unwrap();
            let path = format!("{SUBSCRIPTION}/services/hostedservices/contoso");
            assert_eq!(request.uri().to_string(), format!("{address}{path}"));
        }
    }

    #[test]
    fn credentials_are_sent_over_https_to_hosts_of_the_endpoint_only() {
        let cloud = endpoint("https://management.core.windows.net").unwrap();
        let may = |address: &str| cloud.may_have_credential(&address.parse().unwrap());
        assert!(may("https://management.core.windows.net/services"));
        assert!(may("https://usnorth.management.core.windows.net/services"));
        assert!(!may("http://management.core.windows.net/services"));
        assert!(!may("https://management.core.windows.net.example/services"));
        assert!(!may("/services"));
        let local = endpoint("http://127.0.0.1:8080").unwrap();
        assert!(!local.may_have_credential(&"http://127.0.0.1:8080/services".parse().unwrap()));
    }

    fn read(status: u16, body: &'static str) -> Error {
        let response = Response::builder().status(status).body(Bytes::from_static(body.as_bytes()));
        Endpoint::response::<GetCloudServiceProperties>(&response.unwrap()).unwrap_err()
    }

    #[test]
    fn an_error_response_keeps_the_text_of_the_service() {
        let error = read(
            404,
            "<Error xmlns=\"http://schemas.microsoft.com/windowsazure\"><Code>ResourceNotFound</Code><Message>The hosted service does not exist.</Message></Error>",
        );
        assert!(error.is_not_found());
        assert_eq!(
            error.to_string(),
            "Get Cloud Service Properties: the service responded with 404 ResourceNotFound: The hosted service does not exist."
        );
    }

    #[test]
    fn an_error_response_of_another_kind_is_kept_as_text() {
        let error = read(502, "upstream   connect\n error");
        assert_eq!(error.kind(), ErrorKind::Rejected);
        assert_eq!(error.service_error().unwrap().code().as_str(), "");
        assert_eq!(
            error.to_string(),
            "Get Cloud Service Properties: the service responded with 502 without the service's error body: upstream connect error"
        );
        assert!(read(500, "").to_string().ends_with("an empty body"));
    }

    #[test]
    fn an_unrequested_encoding_of_the_body_is_reported() {
        let read = |status, encoding| {
            let response = Response::builder()
                .status(status)
                .header("content-encoding", encoding)
                .body(Bytes::from_static(b"\x1f\x8b\x08\0\0"));
            Endpoint::response::<GetCloudServiceProperties>(&response.unwrap()).unwrap_err()
        };
        let error = read(200, "gzip");
        assert_eq!(error.kind(), ErrorKind::InvalidResponse);
        assert!(error.to_string().contains("encoded as \"gzip\""), "{error}");
        assert!(read(200, "identity").to_string().contains("its XML is not as expected"));
        let error = read(404, "gzip");
        assert!(error.is_not_found());
        assert!(
            error.to_string().ends_with("encoded as \"gzip\", which was not requested"),
            "{error}"
        );
    }

    #[test]
    fn a_redirect_is_neither_success_nor_error() {
        assert_eq!(read(302, "").kind(), ErrorKind::InvalidResponse);
    }

    fn unknown_in<O: Operation>(status: u16, body: &'static str) -> Vec<String> {
        let response = Response::builder()
            .status(status)
            .header("x-ms-request-id", "4f3a9cbde01c4d24a6b1ca5ed9a3a2b1")
            .body(Bytes::from_static(body.as_bytes()));
        Endpoint::response_with_unknown::<O>(&response.unwrap())
            .expect("the response is valid")
            .1
            .paths
    }

    #[test]
    fn elements_that_an_output_does_not_contain_are_reported() {
        let service = "<HostedService xmlns='http://schemas.microsoft.com/windowsazure'>\
             <ServiceName>contoso</ServiceName><Colour>red</Colour></HostedService>";
        assert_eq!(unknown_in::<GetCloudServiceProperties>(200, service), ["HostedService/Colour"]);

        let leftover =
            "<string xmlns='http://schemas.microsoft.com/2003/10/Serialization/'>x</string>";
        for (body, unknown) in [("", &[][..]), (leftover, &["string"]), ("OK", &["text()"])] {
            assert_eq!(unknown_in::<DeleteCloudService>(200, body), unknown);
            assert_eq!(unknown_in::<DeleteDeployment>(202, body), unknown);
        }
    }

    #[test]
    fn both_ways_to_read_return_the_same_error() {
        for (status, body) in [(404, "<Error/>"), (200, "<Deployment/>"), (302, "")] {
            let response =
                Response::builder().status(status).body(Bytes::from_static(body.as_bytes()));
            let with_unknown =
                Endpoint::response_with_unknown::<GetCloudServiceProperties>(&response.unwrap())
                    .unwrap_err();
            assert_eq!(with_unknown.to_string(), read(status, body).to_string());
        }
    }
}
