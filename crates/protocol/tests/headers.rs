//! Headers that an operation adds to its request.

use azure_classic_protocol::{
    ApiVersion, Endpoint, Error, ErrorKind, Idempotency, Metadata, Method, Operation,
    RequestBuilder,
};

struct WithHeaders(&'static [(&'static str, &'static str)]);

impl Operation for WithHeaders {
    type Output = ();

    const METADATA: Metadata = Metadata {
        name: "With Headers",
        method: Method::POST,
        route: "/headers",
        min_version: ApiVersion::V2009_10_01,
        docs_slug: "with-headers",
        idempotency: Idempotency::Idempotent,
    };

    fn build(&self, request: &mut RequestBuilder) {
        for (name, value) in self.0 {
            request.header(name, value);
        }
    }
}

fn request(headers: &'static [(&str, &str)]) -> Result<http::HeaderMap, Error> {
    let subscription = "8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10".parse().unwrap();
    let endpoint = Endpoint::new("https://management.example.net", subscription)?;
    Ok(endpoint.request(&WithHeaders(headers))?.into_parts().0.headers)
}

#[test]
fn the_last_value_of_a_header_is_sent_once() {
    let headers = request(&[("x-ms-a", "1"), ("X-MS-A", "2")]).unwrap();
    assert_eq!(headers.get_all("x-ms-a").iter().collect::<Vec<_>>(), ["2"]);
}

#[test]
fn the_endpoints_own_headers_stay() {
    let headers = request(&[("x-ms-version", "2009-10-01"), ("Content-Length", "7")]).unwrap();
    assert_eq!(headers.get_all("x-ms-version").iter().collect::<Vec<_>>(), ["2015-04-01"]);
    assert_eq!(headers.get_all("content-length").iter().collect::<Vec<_>>(), ["0"]);
}

#[test]
fn what_cannot_be_a_header_is_refused_and_its_value_not_repeated() {
    for (headers, why) in [
        (&[("x ms", "a")], "\"x ms\" is not a valid name of a header"),
        (&[("x-ms-a", "a\nx-ms-b: secret")], "the value of the header \"x-ms-a\" contains invalid"),
    ] {
        let error = request(headers).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid);
        assert!(error.to_string().contains(why), "{error}");
        assert!(!format!("{error:?}").contains("secret"), "{error:?}");
    }
}
