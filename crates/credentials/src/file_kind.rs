use std::fmt;

use azure_classic_text::DecodeError;

/// The kind of a file given as a credential, detected by its content.
///
/// | kind | opened | recognised by |
/// | --- | --- | --- |
/// | [`Pem`](Self::Pem) | yes | `-----BEGIN …-----` with a certificate, a private key or PKCS#7 |
/// | [`Pkcs12`](Self::Pkcs12) | yes | DER or BER: a version and a content |
/// | [`Pkcs7`](Self::Pkcs7) | yes, for its certificates | DER or BER: signed data |
/// | [`Certificate`](Self::Certificate) | yes | DER |
/// | [`Pkcs8`](Self::Pkcs8), [`Pkcs1`](Self::Pkcs1), [`Sec1`](Self::Sec1) | yes | DER |
/// | [`EncryptedPkcs8`](Self::EncryptedPkcs8) | yes, with its password | DER |
/// | [`PublishSettings`](Self::PublishSettings) | by [`PublishSettings`](crate::PublishSettings) | XML with the root `PublishData` |
/// | all others | no | their first bytes, or their structure |
///
/// Each supported kind may also be base64 text, with or without line breaks. Its `Display` is a noun phrase:
/// "a PKCS#12 file (.pfx, .p12)".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FileKind {
    /// A text with sections, of which at least one may be usable.
    Pem,
    /// PKCS#12: `.pfx`, `.p12`.
    Pkcs12,
    /// PKCS#7: certificates without keys; `.p7b`, `.p7c`.
    Pkcs7,
    /// An X.509 certificate in DER: `.cer`, `.crt`.
    Certificate,
    /// A request for a certificate: `.csr`.
    CertificateRequest,
    /// A list of revoked certificates: `.crl`.
    RevocationList,
    /// A public key without a certificate.
    PublicKey,
    /// A private key in PKCS#8.
    Pkcs8,
    /// A private key in PKCS#8 with a password.
    EncryptedPkcs8,
    /// An RSA private key in PKCS#1.
    Pkcs1,
    /// An elliptic curve private key in SEC1.
    Sec1,
    /// A `.publishsettings` file with subscriptions.
    PublishSettings,
    /// The profile of one web site, which is also named `.publishsettings`.
    WebPublishProfile,
    /// An OpenSSH private key.
    OpenSshKey,
    /// A `PuTTY` private key: `.ppk`.
    PuttyKey,
    /// A private key of Microsoft's old tools: `.pvk`.
    Pvk,
    /// A Java key store: JKS or JCEKS.
    JavaKeyStore,
    /// An `OpenPGP` key or message.
    OpenPgp,
    /// A ZIP archive, such as a package.
    Zip,
    /// A web page.
    Html,
    /// Another XML document.
    Xml,
    /// A JSON document.
    Json,
    /// Other ASN.1.
    OtherDer,
    /// Other text.
    Text,
    /// Text in an unsupported encoding.
    Undecodable(DecodeError),
    /// Other bytes.
    Binary,
    /// Truncated DER.
    Truncated,
    /// An empty file, or white space only.
    Empty,
}

impl FileKind {
    /// Returns advice for a file of this kind, which cannot be used as it is. Empty if there is no advice.
    pub(crate) fn advice(self) -> &'static str {
        match self {
            Self::CertificateRequest => {
                "a certificate is required; sign the request, for example with its own key (`openssl x509 -req -signkey key.pem`)"
            }
            Self::RevocationList | Self::PublicKey => {
                "a certificate and its private key are required"
            }
            Self::PublishSettings => "read it as publish settings (--publish-settings)",
            Self::WebPublishProfile => {
                "it deploys one web site and contains no management certificate; download the settings of the subscription, or use a certificate"
            }
            Self::OpenSshKey => {
                "convert it with `ssh-keygen -p -m PKCS8 -f KEY` (it changes the file), and use it \
                 with its certificate"
            }
            Self::PuttyKey => {
                "convert it with `puttygen KEY -O private-openssh -o key.pem`, and use it with its \
                 certificate"
            }
            Self::Pvk => {
                "convert it with `openssl rsa -inform PVK -in KEY -out key.pem`, and use it with its \
                 certificate"
            }
            Self::JavaKeyStore => {
                "convert it with `keytool -importkeystore -srckeystore FILE -destkeystore \
                 management.p12 -deststoretype PKCS12`"
            }
            Self::OpenPgp => "OpenPGP keys are not supported; an X.509 certificate is required",
            Self::Truncated => "it is truncated; copy or download it again, in binary mode",
            Self::Undecodable(_) => "",
            // Rejected only as publish settings.
            Self::Pem
            | Self::Pkcs12
            | Self::Pkcs7
            | Self::Certificate
            | Self::Pkcs8
            | Self::EncryptedPkcs8
            | Self::Pkcs1
            | Self::Sec1 => {
                "it is not a publish settings file; read it as a certificate or key (--certificate, --key)"
            }
            _ => {
                "a certificate with its private key is required: PKCS#12 (.pfx), PEM, or a .publishsettings file"
            }
        }
    }
}

impl fmt::Display for FileKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pem => "a PEM text",
            Self::Pkcs12 => "a PKCS#12 file (.pfx, .p12)",
            Self::Pkcs7 => "a PKCS#7 file (.p7b), which has no private key",
            Self::Certificate => "a certificate in DER",
            Self::CertificateRequest => "a certificate request (CSR)",
            Self::RevocationList => "a certificate revocation list (CRL)",
            Self::PublicKey => "a public key without a certificate",
            Self::Pkcs8 => "a private key in DER (PKCS#8)",
            Self::EncryptedPkcs8 => "an encrypted private key in DER (PKCS#8)",
            Self::Pkcs1 => "an RSA private key in DER (PKCS#1)",
            Self::Sec1 => "an elliptic curve private key in DER (SEC1)",
            Self::PublishSettings => "a .publishsettings file",
            Self::WebPublishProfile => "the publish profile of a web site",
            Self::OpenSshKey => "an OpenSSH private key",
            Self::PuttyKey => "a PuTTY private key (.ppk)",
            Self::Pvk => "a private key in Microsoft's PVK format",
            Self::JavaKeyStore => "a Java key store",
            Self::OpenPgp => "an OpenPGP file",
            Self::Zip => "a ZIP archive",
            Self::Html => "a web page (HTML)",
            Self::Xml => "an XML document of another kind",
            Self::Json => "a JSON document",
            Self::OtherDer => "ASN.1 of another kind, or damaged",
            Self::Text => "a text without a certificate or key",
            Self::Undecodable(error) => {
                return write!(f, "a text that cannot be decoded ({error})");
            }
            Self::Binary => "a binary file of another kind",
            Self::Truncated => "a truncated file",
            Self::Empty => "an empty file",
        })
    }
}
