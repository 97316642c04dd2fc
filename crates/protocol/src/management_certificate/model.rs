use serde::{Deserialize, Serialize};

use crate::{Base64Bytes, DateTime, Model, Secret};

/// The management certificates of a subscription (`SubscriptionCertificates` on the wire).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename = "SubscriptionCertificates")]
pub struct ManagementCertificates(pub Vec<ManagementCertificate>);

impl Model for ManagementCertificates {}

/// A certificate that grants access to the API (`SubscriptionCertificate` on the wire).
///
/// Listed even if it expired long ago or has a key that is too short by now.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename = "SubscriptionCertificate")]
pub struct ManagementCertificate {
    /// The public key: the DER of a PKCS#1 `RSAPublicKey`, not of a `SubjectPublicKeyInfo`.
    #[serde(rename = "SubscriptionCertificatePublicKey")]
    pub public_key: Option<Base64Bytes>,
    /// Its thumbprint, in upper case.
    #[serde(rename = "SubscriptionCertificateThumbprint")]
    pub thumbprint: String,
    /// The uploaded data, unchanged. Normally the certificate in DER. Some users have uploaded a whole
    /// PKCS#12 file with the private key, so `Debug` does not show it, and it may not parse.
    #[serde(rename = "SubscriptionCertificateData")]
    pub data: Option<Secret<Base64Bytes>>,
    /// When it was added, with up to 7 fraction digits.
    #[serde(rename = "Created")]
    pub created: Option<DateTime>,
}

impl Model for ManagementCertificate {}
