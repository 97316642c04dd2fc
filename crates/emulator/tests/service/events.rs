//! Planned maintenance, and what is told about it.

use crate::harness::{
    BY_NAME, BY_SLOT, Harness, SUBSCRIPTION, TestResponse, create_deployment, create_service, root,
};
use bytes::Bytes;
use http::Request;

const WEB: &[(&str, u32)] = &[("Web", 2)];
const FULL_RANGE: &str =
    "starttime=2014-01-01T00%3A00%3A00.000Z&endtime=2016-01-01T00%3A00%3A00.000Z";

fn list(harness: &mut Harness, query: &str) -> TestResponse {
    harness.get(&format!("{BY_SLOT}/events?{query}"))
}

#[test]
fn only_maintenance_reboots_are_events() {
    let mut harness = Harness::with_deployment(WEB);
    let none = list(&mut harness, FULL_RANGE).expect(200);
    assert!(
        none.has_element("RebootEvents")
            && !none.has_element("RebootEvent")
            && !none.has_element("ContinuationToken")
    );

    assert!(harness.simulator.reboot_for_maintenance("Contoso", "web_in_1"));
    assert_eq!(harness.summary(), "Running [ReadyRole StoppingRole]");
    harness.settle();
    assert_eq!(harness.summary(), "Running [ReadyRole ReadyRole]");
    harness.post(&format!("{BY_NAME}/roleinstances/Web_IN_0?comp=reboot"), "").expect(202);

    let reply = list(&mut harness, FULL_RANGE).expect(200);
    let time = reply.text("RebootStartTime");
    assert_eq!(
        reply.body(),
        root(
            "DeploymentEventCollection",
            &format!(
                "<RebootEvents><RebootEvent><RoleName>Web</RoleName><InstanceName>Web_IN_1</InstanceName>\
                 <RebootReason>Virtual machine rebooted due to planned maintenance event.</RebootReason>\
                 <RebootStartTime>{time}</RebootStartTime></RebootEvent></RebootEvents>"
            )
        )
        .replacen('>', " xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\">", 1)
    );
    assert!(time.starts_with("2015-01-01T00:00:59."), "{time}");
    assert!((22..=28).contains(&time.len()) && !time.ends_with("0Z"), "{time}");
    assert_eq!(reply.body(), harness.get(&format!("{BY_NAME}/events?{FULL_RANGE}")).body());

    harness.version = "2014-06-01";
    assert_eq!(list(&mut harness, FULL_RANGE).text("RebootReason"), "PlannedMaintenance");
}

#[test]
fn reboots_only_running_instances() {
    let mut harness = Harness::with_deployment(WEB);
    assert!(!harness.simulator.reboot_for_maintenance("fabrikam", "Web_IN_0"));
    assert!(!harness.simulator.reboot_for_maintenance("contoso", "Web_IN_2"));
    harness.set_status("Suspended").expect(202);
    harness.settle();
    assert!(!harness.simulator.reboot_for_maintenance("contoso", "Web_IN_0"));
    assert_eq!(harness.summary(), "Suspended [StoppedVM StoppedVM]");

    let mut young = Harness::new();
    young.post("/services/hostedservices", &create_service("contoso")).expect(201);
    young.post(BY_SLOT, &create_deployment("first", "one", WEB, true)).expect(202);
    young.advance(5);
    assert!(!young.simulator.reboot_for_maintenance("contoso", "Web_IN_0"));
}

#[test]
fn query_limits_time_range() {
    let mut harness = Harness::with_deployment(WEB);
    for _ in 0..3 {
        harness.advance(100);
        assert!(harness.simulator.reboot_for_maintenance("contoso", "Web_IN_0"));
    }
    let times = list(&mut harness, FULL_RANGE).texts("RebootStartTime");
    let colon = |time: &str| time.replace(':', "%3A");
    let between = format!("StartTime={}&EndTime={}", colon(&times[1]), colon(&times[2]));
    assert_eq!(list(&mut harness, &between).texts("RebootStartTime"), times[1..]);
    assert!(
        list(&mut harness, &format!("starttime={0}&endtime={0}", colon(&times[0])))
            .has_element("RebootEvent")
    );
    assert!(
        !list(&mut harness, "starttime=2015-01-01&endtime=2015-01-02").has_element("RebootEvent")
    );

    for query in [
        "",
        "starttime=2015-01-01T00:00:00Z",
        "endtime=2015-01-01T00:00:00Z",
        "starttime=yesterday&endtime=2015-01-01T00:00:00Z",
        "starttime=2015-01-01T00:00:00Z&endtime=",
    ] {
        assert_eq!(
            list(&mut harness, query).code(),
            "400 MissingOrInvalidRequiredQueryParameter",
            "{query}"
        );
    }
}

#[test]
fn long_list_is_paged() {
    let mut harness = Harness::with_deployment(WEB);
    for _ in 0..250 {
        harness.advance(60);
        assert!(harness.simulator.reboot_for_maintenance("contoso", "Web_IN_0"));
    }
    let page = |harness: &mut Harness, token: Option<&str>| {
        let mut request = Request::get(format!("/{SUBSCRIPTION}{BY_NAME}/events?{FULL_RANGE}"))
            .header("x-ms-version", "2017-01-01");
        if let Some(token) = token {
            request = request.header("x-ms-continuation-token", token);
        }
        harness.handle(&request.body(Bytes::new()).unwrap())
    };
    let mut times = Vec::new();
    let mut token = None;
    let mut pages = 0;
    loop {
        let reply = page(&mut harness, token.as_deref()).expect(200);
        times.extend(reply.texts("RebootStartTime"));
        pages += 1;
        let next = reply.header("x-ms-continuation-token").to_owned();
        assert_eq!(reply.text("ContinuationToken"), next);
        if next.is_empty() {
            break;
        }
        token = Some(next);
    }
    assert_eq!((pages, times.len()), (3, 250));
    assert!(times.is_sorted());
    assert_eq!(page(&mut harness, Some("x")).code(), "400 BadRequest");
}

#[test]
fn drops_oldest_events() {
    let mut harness = Harness::with_deployment(WEB);
    for _ in 0..1001 {
        harness.advance(60);
        assert!(harness.simulator.reboot_for_maintenance("contoso", "Web_IN_0"));
    }
    assert!(
        list(&mut harness, FULL_RANGE).text("RebootStartTime").starts_with("2015-01-01T00:02:59.")
    );
}
