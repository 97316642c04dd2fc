use serde::{Deserialize, Serialize};

use crate::{Base64Bytes, Model};

/// The certificates of a cloud service (`Certificates` on the wire).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename = "Certificates")]
pub struct ServiceCertificates(pub Vec<ServiceCertificate>);

impl Model for ServiceCertificates {}

/// A certificate of a cloud service, without its private key (`RoleCertificate` on the wire).
///
/// List Service Certificates returns all elements, Get Service Certificate only [`data`](Self::data).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename = "Certificate", rename_all = "PascalCase")]
pub struct ServiceCertificate {
    /// Its management address, which ends in algorithm and thumbprint. Informational: the host may be
    /// a regional one.
    pub certificate_url: Option<String>,
    /// Its thumbprint, in upper case.
    pub thumbprint: Option<String>,
    /// How the thumbprint was made: `sha1`.
    pub thumbprint_algorithm: Option<String>,
    /// The certificate in DER, without the private key.
    pub data: Option<Base64Bytes>,
}

impl Model for ServiceCertificate {}
