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
        settings.subscriptions.iter().map(|it| writable(&it.id)).collect::<Vec<_>>()
    };
    assert_eq!(ids(&again), ids(&settings));
}

/// The text as the writer promises to write it: the reader takes characters that XML does not have.
fn writable(text: &str) -> String {
    let is_foreign =
        |it| matches!(it, '\0'..' ' | '\u{fffe}' | '\u{ffff}') && !"\t\n\r".contains(it);
    text.replace(is_foreign, "\u{fffd}")
}
