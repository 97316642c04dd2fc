//! `.publishsettings` files and the certificates in them.
#![cfg_attr(fuzzing, no_main)]

use azure_classic_credentials::PublishSettings;
use azure_classic_transport::Identity;

azure_classic_fuzz::target!(check);

fn check(data: &[u8]) {
    let Ok(settings) = PublishSettings::read(data) else { return };
    for subscription in settings.subscriptions.iter().take(8) {
        let _ = subscription.certificate();
        if let Ok(file) = subscription.certificate_unverified() {
            let _ = Identity::from_opened(&file);
        }
    }
    let written = settings.write();
    let again = PublishSettings::read(written.as_bytes()).expect("our own file");
    let ids = |settings: &PublishSettings| {
        settings.subscriptions.iter().map(|it| it.id.clone()).collect::<Vec<_>>()
    };
    assert_eq!(ids(&again), ids(&settings));
}
