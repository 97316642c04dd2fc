//! From a stored answer to what it is.

use azure_classic::Error;
use azure_classic::protocol::ErrorBody;
use azure_classic::protocol::xml::{Limits, Unknown, root_name};
use serde_json::Value;

use super::call::Call;
use super::catalogue::{Answer, Catalogue, Known};
use super::trouble::Trouble;

/// What became of one answer.
#[derive(Debug)]
pub(crate) struct Reading {
    /// The operation's name, where it could be told.
    pub(crate) operation: Option<&'static str>,
    pub(crate) outcome: Result<Decoded, Trouble>,
}

#[derive(Debug)]
pub(crate) struct Decoded {
    /// What of the answer the model does not carry.
    pub(crate) unknown: Unknown,
    /// Reads the answer once more, for its model.
    pub(crate) model: fn(&Answer) -> Result<Value, Error>,
}

impl Reading {
    /// Reads the answer to a request.
    pub(crate) fn of_call(catalogue: &Catalogue, call: &Call, answer: &Answer) -> Self {
        let status = answer.status();
        if !status.is_success() {
            let operation = match catalogue.by_route(call)[..] {
                [known] => Some(known.spec.name),
                _ => None,
            };
            let is_error = status.is_client_error() || status.is_server_error();
            let outcome = if is_error { error(answer) } else { Err(Trouble::not_final(status)) };
            return Self { operation, outcome };
        }
        let candidates = catalogue.candidates(call, answer.body());
        // Of equal ones this takes the first.
        let best = candidates.iter().map(|known| Self::of(known, answer)).min_by_key(Self::loss);
        best.unwrap_or_else(|| {
            let is_error = root_name(answer.body()).as_deref() == Some(ERROR);
            let outcome =
                if is_error { error(answer) } else { Err(stranger(catalogue, call, answer)) };
            Self { operation: None, outcome }
        })
    }

    /// Reads a document of which nothing else is known, or only the operation.
    pub(crate) fn of_document(
        catalogue: &Catalogue,
        operation: Option<&Known>,
        answer: &Answer,
    ) -> Self {
        match operation {
            Some(known) if root_name(answer.body()).as_deref() != Some(ERROR) => {
                Self::of(known, answer)
            }
            _ => Self::of_call(catalogue, &Call::default(), answer),
        }
    }

    fn of(known: &Known, answer: &Answer) -> Self {
        let operation = known.spec.name;
        let outcome = match (known.unknown)(answer) {
            Ok(unknown) => Ok(Decoded { unknown, model: known.model }),
            Err(error) => Err(Trouble::unreadable(operation, &error)),
        };
        Self { operation: Some(operation), outcome }
    }

    /// How much of the answer is not carried.
    fn loss(&self) -> usize {
        self.outcome
            .as_ref()
            .map_or(usize::MAX, |decoded| decoded.unknown.paths.len() + decoded.unknown.left_out)
    }
}

impl Decoded {
    /// The paths of what the model does not carry, and a last line where there were too many to list.
    pub(crate) fn listed(self) -> Vec<String> {
        let Unknown { mut paths, left_out } = self.unknown;
        if left_out > 0 {
            paths.push(format!("… and {left_out} more"));
        }
        paths
    }
}

/// The root element of the error model.
const ERROR: &str = "Error";

/// Says that neither the request nor the root element is one of an operation.
fn stranger(catalogue: &Catalogue, call: &Call, answer: &Answer) -> Trouble {
    let root = match root_name(answer.body()) {
        None if answer.body().trim_ascii().is_empty() => "an empty body".to_owned(),
        None if answer.body().len() > Limits::default().bytes => {
            format!("a body of {} bytes, which is too large", answer.body().len())
        }
        None => "a body that is not XML".to_owned(),
        Some(root) if catalogue.knows_root(&root) => {
            format!("root element {root}, which lies in another namespace than the service's")
        }
        Some(root) => format!("root element {root}"),
    };
    let detail: Vec<_> = call.described().into_iter().chain([root]).collect();
    Trouble::new("no operation known here answers so", detail.join(", "))
}

/// Reads an error answer, whichever operation's it is.
fn error(answer: &Answer) -> Result<Decoded, Trouble> {
    match ErrorBody::read(answer.body()) {
        Ok((_, unknown)) => Ok(Decoded { unknown, model: error_model }),
        Err(error) => Err(Trouble::not_the_service(answer.status(), &error)),
    }
}

fn error_model(answer: &Answer) -> Result<Value, Error> {
    let unreadable = |what: String| Error::unreadable(answer.status(), what);
    let (body, _) =
        ErrorBody::read(answer.body()).map_err(|error| unreadable(error.to_string()))?;
    serde_json::to_value(body).map_err(|error| unreadable(error.to_string()))
}
