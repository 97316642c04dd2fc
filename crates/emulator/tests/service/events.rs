//! Planned maintenance, and what is told about it.

use crate::bench::{
    BY_NAME, BY_SLOT, Bench, Reply, SUBSCRIPTION, create_deployment, create_service, root,
};
use bytes::Bytes;
use http::Request;

const WEB: &[(&str, u32)] = &[("Web", 2)];
const ALWAYS: &str = "starttime=2014-01-01T00%3A00%3A00.000Z&endtime=2016-01-01T00%3A00%3A00.000Z";

fn list(bench: &mut Bench, query: &str) -> Reply {
    bench.get(&format!("{BY_SLOT}/events?{query}"))
}

#[test]
fn a_reboot_for_maintenance_is_an_event_and_one_on_request_is_not() {
    let mut bench = Bench::running(WEB);
    let none = list(&mut bench, ALWAYS).expect(200);
    assert!(none.has("RebootEvents") && !none.has("RebootEvent") && !none.has("ContinuationToken"));

    assert!(bench.cloud.reboot_for_maintenance("Contoso", "web_in_1"));
    assert_eq!(bench.board(), "Running [ReadyRole StoppingRole]");
    bench.settle();
    assert_eq!(bench.board(), "Running [ReadyRole ReadyRole]");
    bench.post(&format!("{BY_NAME}/roleinstances/Web_IN_0?comp=reboot"), "").expect(202);

    let reply = list(&mut bench, ALWAYS).expect(200);
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
    assert_eq!(reply.body(), bench.get(&format!("{BY_NAME}/events?{ALWAYS}")).body());

    bench.version = "2014-06-01";
    assert_eq!(list(&mut bench, ALWAYS).text("RebootReason"), "PlannedMaintenance");
}

#[test]
fn only_what_is_up_is_rebooted() {
    let mut bench = Bench::running(WEB);
    assert!(!bench.cloud.reboot_for_maintenance("fabrikam", "Web_IN_0"));
    assert!(!bench.cloud.reboot_for_maintenance("contoso", "Web_IN_2"));
    bench.set_status("Suspended").expect(202);
    bench.settle();
    assert!(!bench.cloud.reboot_for_maintenance("contoso", "Web_IN_0"));
    assert_eq!(bench.board(), "Suspended [StoppedVM StoppedVM]");

    let mut young = Bench::new();
    young.post("/services/hostedservices", &create_service("contoso")).expect(201);
    young.post(BY_SLOT, &create_deployment("first", "one", WEB, true)).expect(202);
    young.pass(5);
    assert!(!young.cloud.reboot_for_maintenance("contoso", "Web_IN_0"));
}

#[test]
fn the_query_bounds_the_time() {
    let mut bench = Bench::running(WEB);
    for _ in 0..3 {
        bench.pass(100);
        assert!(bench.cloud.reboot_for_maintenance("contoso", "Web_IN_0"));
    }
    let times = list(&mut bench, ALWAYS).all("RebootStartTime");
    let colon = |time: &str| time.replace(':', "%3A");
    let between = format!("StartTime={}&EndTime={}", colon(&times[1]), colon(&times[2]));
    assert_eq!(list(&mut bench, &between).all("RebootStartTime"), times[1..]);
    assert!(
        list(&mut bench, &format!("starttime={0}&endtime={0}", colon(&times[0])))
            .has("RebootEvent")
    );
    assert!(!list(&mut bench, "starttime=2015-01-01&endtime=2015-01-02").has("RebootEvent"));

    for query in [
        "",
        "starttime=2015-01-01T00:00:00Z",
        "endtime=2015-01-01T00:00:00Z",
        "starttime=yesterday&endtime=2015-01-01T00:00:00Z",
        "starttime=2015-01-01T00:00:00Z&endtime=",
    ] {
        assert_eq!(
            list(&mut bench, query).code(),
            "400 MissingOrInvalidRequiredQueryParameter",
            "{query}"
        );
    }
}

#[test]
fn a_long_list_comes_in_pages() {
    let mut bench = Bench::running(WEB);
    for _ in 0..250 {
        bench.pass(60);
        assert!(bench.cloud.reboot_for_maintenance("contoso", "Web_IN_0"));
    }
    let page = |bench: &mut Bench, token: Option<&str>| {
        let mut request = Request::get(format!("/{SUBSCRIPTION}{BY_NAME}/events?{ALWAYS}"))
            .header("x-ms-version", "2017-01-01");
        if let Some(token) = token {
            request = request.header("x-ms-continuation-token", token);
        }
        bench.handle(&request.body(Bytes::new()).unwrap())
    };
    let mut times = Vec::new();
    let mut token = None;
    let mut pages = 0;
    loop {
        let reply = page(&mut bench, token.as_deref()).expect(200);
        times.extend(reply.all("RebootStartTime"));
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
    assert_eq!(page(&mut bench, Some("x")).code(), "400 BadRequest");
}

#[test]
fn the_oldest_events_are_forgotten() {
    let mut bench = Bench::running(WEB);
    for _ in 0..1001 {
        bench.pass(60);
        assert!(bench.cloud.reboot_for_maintenance("contoso", "Web_IN_0"));
    }
    assert!(list(&mut bench, ALWAYS).text("RebootStartTime").starts_with("2015-01-01T00:02:59."));
}
