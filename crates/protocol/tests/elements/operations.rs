//! Every operation of the crate as a function that reads an answer.

use std::error::Error as _;

use azure_classic_protocol::xml::Unknown;
use azure_classic_protocol::{
    Bytes, Endpoint, Error, Operation, OperationVisitor, visit_operations,
};
use http::Response;
use serde::Serialize;
use serde_json::Value;

/// An output as JSON, and what it did not take.
type Noted<E> = Result<(Value, Unknown), E>;

/// An operation that is here.
pub(crate) struct Reader {
    pub(crate) name: &'static str,
    read: fn(&Response<Bytes>) -> Result<Value, Error>,
    read_with_unknown: fn(&Response<Bytes>) -> Noted<Error>,
}

impl Reader {
    /// What the operation makes of an answer with this body.
    pub(crate) fn read(&self, body: &str) -> Result<Value, String> {
        (self.read)(&http_response(body)).map_err(|error| described(&error))
    }

    /// The same, and what it did not take.
    pub(crate) fn read_with_unknown(&self, body: &str) -> Noted<String> {
        (self.read_with_unknown)(&http_response(body)).map_err(|error| described(&error))
    }
}

fn http_response(body: &str) -> Response<Bytes> {
    Response::builder()
        .status(200)
        .header("x-ms-request-id", "4f3a9cbde01c4d24a6b1ca5ed9a3a2b1")
        .header("x-ms-continuation-token", "the-next-page")
        .body(Bytes::copy_from_slice(body.as_bytes()))
        .expect("the response is valid")
}

fn described(error: &Error) -> String {
    let source = error.source().map(ToString::to_string).unwrap_or_default();
    format!("{error}: {source}")
}

/// Every operation.
pub(crate) fn all() -> Vec<Reader> {
    struct Collect(Vec<Reader>);

    impl OperationVisitor for Collect {
        fn visit<O: Operation>(&mut self)
        where
            O::Output: Serialize,
        {
            let name = O::METADATA.name;
            self.0.push(Reader {
                name,
                read: read::<O>,
                read_with_unknown: read_with_unknown::<O>,
            });
        }
    }

    let mut readers = Collect(Vec::new());
    visit_operations(&mut readers);
    readers.0
}

fn read<O: Operation>(response: &Response<Bytes>) -> Result<Value, Error>
where
    O::Output: Serialize,
{
    Endpoint::response::<O>(response).map(json)
}

fn read_with_unknown<O: Operation>(response: &Response<Bytes>) -> Noted<Error>
where
    O::Output: Serialize,
{
    Endpoint::response_with_unknown::<O>(response).map(|(output, unknown)| (json(output), unknown))
}

fn json(output: impl Serialize) -> Value {
    serde_json::to_value(output).expect("an output can be JSON")
}
