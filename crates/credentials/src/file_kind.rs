use std::fmt;

use azure_classic_text::DecodeError;

/// The kind of a file that was given for a credential, recognised by its content.
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
/// Each that is opened may also be base64 text, with or without line breaks. Its `Display` is a noun
/// phrase: "a PKCS#12 file (.pfx, .p12)".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FileKind {
    /// A text with sections, of which at least one may be of use.
    Pem,
    /// PKCS#12: `.pfx`, `.p12`.
    Pkcs12,
    /// PKCS#7: certificates without keys; `.p7b`, `.p7c`.
    Pkcs7,
    /// An X.509 certificate in DER: `.cer`, `.crt`.
    Certificate,
    /// A certificate that was asked for, and not yet issued: `.csr`.
    CertificateRequest,
    /// A list of revoked certificates: `.crl`.
    RevocationList,
    /// A public key alone.
    PublicKey,
    /// A private key in PKCS#8.
    Pkcs8,
    /// A private key in PKCS#8 with a password.
    EncryptedPkcs8,
    /// An RSA private key in PKCS#1.
    Pkcs1,
    /// An elliptic private key in SEC1.
    Sec1,
    /// A `.publishsettings` file with subscriptions.
    PublishSettings,
    /// The profile of one web site, also named `.publishsettings`.
    WebPublishProfile,
    /// A private key of OpenSSH.
    OpenSshKey,
    /// A private key of `PuTTY`: `.ppk`.
    PuttyKey,
    /// A private key of Microsoft's old tools: `.pvk`.
    Pvk,
    /// A key store of Java: JKS or JCEKS.
    JavaKeyStore,
    /// A key or a message of `OpenPGP`.
    OpenPgp,
    /// A ZIP archive, such as a package.
    Zip,
    /// A web page.
    Html,
    /// Another XML document.
    Xml,
    /// A JSON document.
    Json,
    /// ASN.1 of another kind.
    OtherDer,
    /// Another text.
    Text,
    /// Text in an encoding that is not read.
    Undecodable(DecodeError),
    /// Other bytes.
    Binary,
    /// DER that ends before it should.
    Truncated,
    /// No bytes, or white space alone.
    Empty,
}

impl FileKind {
    /// What to do with a file of this kind, which cannot be used as it is. Empty where there is no advice.
    pub(crate) fn advice(self) -> &'static str {
        match self {
            Self::CertificateRequest => {
                "a certificate is needed: sign the request, with its own key for example \
                 (`openssl x509 -req -signkey key.pem`)"
            }
            Self::RevocationList | Self::PublicKey => {
                "a certificate and its private key are needed"
            }
            Self::PublishSettings => "read it as publish settings (--publish-settings)",
            Self::WebPublishProfile => {
                "it deploys one web site and holds no management certificate: download the settings \
                 of the subscription, or use a certificate"
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
            Self::OpenPgp => "OpenPGP keys are not used here: a certificate of X.509 is needed",
            Self::Truncated => "it ends too early: copy or download it again, in binary mode",
            Self::Undecodable(_) => "",
            // Refused only where publish settings are read.
            Self::Pem
            | Self::Pkcs12
            | Self::Pkcs7
            | Self::Certificate
            | Self::Pkcs8
            | Self::EncryptedPkcs8
            | Self::Pkcs1
            | Self::Sec1 => {
                "it is no publish settings: read it as a certificate or key (--certificate, --key)"
            }
            _ => {
                "a certificate with its private key is needed: PKCS#12 (.pfx), PEM, or a \
                 .publishsettings file"
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
            Self::PublicKey => "a public key alone",
            Self::Pkcs8 => "a private key in DER (PKCS#8)",
            Self::EncryptedPkcs8 => "an encrypted private key in DER (PKCS#8)",
            Self::Pkcs1 => "an RSA private key in DER (PKCS#1)",
            Self::Sec1 => "an elliptic private key in DER (SEC1)",
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
            Self::Text => "a text without a certificate or a key",
            Self::Undecodable(error) => return write!(f, "a text that cannot be read ({error})"),
            Self::Binary => "a binary file of another kind",
            Self::Truncated => "a truncated file",
            Self::Empty => "an empty file",
        })
    }
}
