use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// A certificate authority for one test.
pub(crate) struct Authority {
    pem: String,
    issuer: Issuer<'static, KeyPair>,
}

/// A certificate with its key, in PEM.
pub(crate) struct Credential {
    pub(crate) pem: String,
}

impl Authority {
    pub(crate) fn new(name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, name);
        let key = KeyPair::generate().unwrap();
        let pem = params.self_signed(&key).unwrap().pem();
        Self { pem, issuer: Issuer::new(params, key) }
    }

    pub(crate) fn pem(&self) -> &str {
        &self.pem
    }

    pub(crate) fn certificate(&self) -> CertificateDer<'static> {
        CertificateDer::from_pem_slice(self.pem.as_bytes()).unwrap()
    }

    /// A server's credential for these names.
    pub(crate) fn server(&self, names: &[&str]) -> Credential {
        self.issue(names, ExtendedKeyUsagePurpose::ServerAuth, 4096)
    }

    /// A server's credential that is valid from 1975 to the end of this year.
    pub(crate) fn server_until(&self, names: &[&str], year: i32) -> Credential {
        self.issue(names, ExtendedKeyUsagePurpose::ServerAuth, year)
    }

    pub(crate) fn client(&self) -> Credential {
        self.issue(&[], ExtendedKeyUsagePurpose::ClientAuth, 4096)
    }

    fn issue(&self, names: &[&str], purpose: ExtendedKeyUsagePurpose, until: i32) -> Credential {
        let names = names.iter().map(ToString::to_string).collect::<Vec<_>>();
        let mut params = CertificateParams::new(names).unwrap();
        params.extended_key_usages.push(purpose);
        params.not_after = rcgen::date_time_ymd(until, 12, 31);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        Credential { pem: certificate.pem() + &key.serialize_pem() }
    }
}

impl Credential {
    pub(crate) fn certificate(&self) -> CertificateDer<'static> {
        CertificateDer::from_pem_slice(self.pem.as_bytes()).unwrap()
    }

    pub(crate) fn key(&self) -> PrivateKeyDer<'static> {
        PrivateKeyDer::from_pem_slice(self.pem.as_bytes()).unwrap()
    }
}
