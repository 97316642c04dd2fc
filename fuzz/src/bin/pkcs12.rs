//! PKCS#12 files and encrypted keys, with the passwords of the corpus.
#![cfg_attr(fuzzing, no_main)]

use azure_classic_credentials::{Certificate, Pkcs12, decrypt_pkcs8};
use azure_classic_transport::Identity;

azure_classic_fuzz::target!(check);

fn check(data: &[u8]) {
    for password in ["", "secret"] {
        let _ = Pkcs12::open(data, password);
        let _ = decrypt_pkcs8(data, password);
        // Mutations reach the contents although the check sum is wrong.
        if let Ok(file) = Pkcs12::open_unverified(data, password) {
            let _ = Identity::from_opened(&file);
            for certificate in &file.certificates {
                let _ = Certificate::parse(certificate.clone());
            }
        }
    }
}
