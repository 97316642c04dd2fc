//! The admin page in a real browser.

mod browser;

use std::time::Duration;

use azure_classic_emulator::{Caller, Emulator, Timing};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::Request;

use self::browser::Browser;

const NAMESPACE: &str = "http://schemas.microsoft.com/windowsazure";

/// What clients do to the emulator, without their sockets.
fn send(emulator: &Emulator, method: &str, path: &str, body: &str) -> u16 {
    let request = Request::builder()
        .method(method)
        .uri(format!("/{}/services/hostedservices{path}", emulator.subscription()))
        .header("x-ms-version", "2015-04-01")
        .body(Bytes::copy_from_slice(body.as_bytes()))
        .unwrap();
    let caller = Caller::thumbprint(emulator.thumbprint());
    let outcome = emulator.simulator().handle(emulator.now(), &caller, &request);
    outcome.response.map_or(0, |response| response.status().as_u16())
}

/// Contoso, with five web servers and three workers, on its way to release two.
fn deploy_contoso(emulator: &Emulator) {
    let base64 = |text: &str| STANDARD.encode(text);
    let configuration = base64(
        r#"<ServiceConfiguration serviceName="Contoso" osFamily="4" osVersion="*" xmlns="http://schemas.microsoft.com/ServiceHosting/2008/10/ServiceConfiguration"><Role name="Web"><Instances count="5" /></Role><Role name="Batch"><Instances count="3" /></Role></ServiceConfiguration>"#,
    );
    let (one, two) = (base64("release one"), base64("release <two>"));
    let create = format!(
        "<CreateHostedService xmlns='{NAMESPACE}'><ServiceName>contoso</ServiceName><Label>{one}</Label>\
         <Location>West US</Location></CreateHostedService>"
    );
    assert_eq!(send(emulator, "POST", "", &create), 201);
    let deploy = format!(
        "<CreateDeployment xmlns='{NAMESPACE}'><Name>first</Name>\
         <PackageUrl>https://contoso.example.net/1.cspkg</PackageUrl><Label>{one}</Label>\
         <Configuration>{configuration}</Configuration><StartDeployment>true</StartDeployment></CreateDeployment>"
    );
    assert_eq!(send(emulator, "POST", "/contoso/deploymentslots/production", &deploy), 202);
    emulator.step(Duration::from_secs(3600));
    let upgrade = format!(
        "<UpgradeDeployment xmlns='{NAMESPACE}'><Mode>Manual</Mode>\
         <PackageUrl>https://contoso.example.net/2.cspkg</PackageUrl>\
         <Configuration>{configuration}</Configuration><Label>{two}</Label><Force>false</Force></UpgradeDeployment>"
    );
    assert_eq!(send(emulator, "POST", "/contoso/deployments/first?comp=upgrade", &upgrade), 202);
    emulator.step(Duration::from_secs(60));
    walk(emulator, 0);
    emulator.step(Duration::from_secs(600));
    walk(emulator, 1);
}

fn walk(emulator: &Emulator, domain: u32) {
    let walk = format!(
        "<WalkUpgradeDomain xmlns='{NAMESPACE}'><UpgradeDomain>{domain}</UpgradeDomain></WalkUpgradeDomain>"
    );
    let path = "/contoso/deployments/first?comp=walkupgradedomain";
    assert_eq!(send(emulator, "POST", path, &walk), 202);
}

#[tokio::test]
async fn page_shows_snapshot_and_controls_the_clock() {
    let Some(browser) = Browser::start().await else {
        eprintln!("SKIPPED: the page was not looked at, because chromedriver is not installed");
        return;
    };
    let emulator = Emulator::builder()
        .manual_clock()
        .timing(Timing::REALISTIC)
        .admin("127.0.0.1:0")
        .start()
        .await
        .unwrap();
    deploy_contoso(&emulator);
    browser.open(&format!("{}/", emulator.admin_url().unwrap())).await;

    browser.wait_until("document.querySelectorAll('.instance').length === 8").await;
    let page_text = browser.evaluate("document.body.innerText").await;
    let seen = page_text.as_str().unwrap();
    for text in [
        "contoso · production · first",
        "“release <two>”",
        "RunningTransitioning",
        "manual update, during domain 1",
        "rollback allowed",
        "Web_IN_0",
        "Batch_IN_2",
        "ReadyRole · v2",
        "StoppingRole · v2",
        "Walk Upgrade Domain",
        "InProgress",
    ] {
        assert!(seen.contains(text), "{text} is not in:\n{seen}");
    }
    let domains = browser.evaluate("document.querySelectorAll('.domain').length").await;
    assert_eq!(domains, 5);
    let current = browser.evaluate("document.querySelector('.domain.current h4').innerText").await;
    assert_eq!(current, "domain 1 · in work");

    let before = emulator.now();
    browser.click("#next-event").await;
    browser.wait_until("document.body.innerText.includes('CreatingRole · v2')").await;
    assert!(emulator.now() > before);
    browser.click("[data-step='1800']").await;
    browser
        .wait_until("document.querySelector('.domain.current h4').innerText === 'domain 2 · waits'")
        .await;

    browser.click("#fault select option:nth-child(5)").await;
    browser.wait_until("document.querySelector('#fault [name=instance]') !== null").await;
    browser.evaluate("document.querySelector('#fault [name=instance]').value = 'Web_IN_2'").await;
    browser.click("#fault button").await;
    browser.wait_until("document.querySelectorAll('#faults li').length === 1").await;
    assert!(emulator.simulator().faults()[0].rule.when.instance.as_deref() == Some("Web_IN_2"));
    walk(&emulator, 2);
    emulator.step(Duration::from_secs(300));
    browser.wait_until("document.body.innerText.includes('RestartingRole · v2')").await;

    assert_eq!(send(&emulator, "GET", "/contoso/deployment/first", ""), 404);
    browser.type_into("#journal input", "nearest").await;
    browser.wait_until("document.querySelectorAll('#journal tbody tr').length === 1").await;
    let entry = browser.evaluate("document.querySelector('#journal tbody tr').innerText").await;
    assert!(entry.as_str().unwrap().contains("404 ResourceNotFound"), "{entry}");

    let picture = browser.screenshot().await;
    assert!(picture.starts_with(b"\x89PNG") && picture.len() > 20_000, "{} bytes", picture.len());
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("admin-page.png");
    std::fs::write(&path, picture).unwrap();

    browser.click("#faults li button").await;
    browser.wait_until("document.querySelectorAll('#faults li').length === 0").await;
    assert!(emulator.simulator().faults().is_empty());

    emulator.shutdown().await.unwrap();
    browser.wait_until("!document.querySelector('#error').hidden").await;
    browser.stop().await;
}
