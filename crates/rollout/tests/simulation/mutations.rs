//! Drivers that do wrong on purpose, so that it shows whether the judge sees it.

use azure_classic_protocol::Bytes;
use azure_classic_rollout::Change;
use http::Request;

use crate::world::change_of;

/// A defect of the driver. It is injected around the driver, which does not know about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mutation {
    Nothing,
    /// Walks the next domain without waiting for the one before.
    SkipGate,
    /// Walks domain 1 before domain 0.
    SwapOrder,
    /// Retries the start when its response is lost.
    RepeatStart,
    /// Does not record what it is about to send.
    KeepNoIntent,
}

impl Mutation {
    /// The request as it is sent.
    pub(crate) fn rewritten(self, request: Request<Bytes>) -> Request<Bytes> {
        let is_meant = change_of(&request) == Some(Change::Walk { domain: 0 });
        if self != Self::SwapOrder || !is_meant {
            return request;
        }
        request.map(|body| {
            let text = String::from_utf8_lossy(&body);
            Bytes::from(text.replace("<UpgradeDomain>0<", "<UpgradeDomain>1<"))
        })
    }
}
