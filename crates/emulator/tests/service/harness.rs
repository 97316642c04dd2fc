//! A cloud on a table: requests by hand, time by hand.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use azure_classic_emulator::faults::{Effect, FaultRule};
use azure_classic_emulator::{
    Caller, Delay, EmulatedInstance, Outcome, Settings, Simulator, Timing,
};
use azure_classic_protocol::machine::Instant;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{Request, Response};

pub(crate) const SUBSCRIPTION: &str = "8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10";
pub(crate) const THUMBPRINT: &str = "A9993E364706816ABA3E25717850C26C9CD0D89D";
pub(crate) const NAMESPACE: &str = "http://schemas.microsoft.com/windowsazure";
pub(crate) const BY_SLOT: &str = "/services/hostedservices/contoso/deploymentslots/production";
pub(crate) const SERVICE: &str = "/services/hostedservices/contoso";
pub(crate) const STAGING: &str = "/services/hostedservices/contoso/deploymentslots/staging";
pub(crate) const BY_NAME: &str = "/services/hostedservices/contoso/deployments/first";

/// Every step takes ten seconds, an update stands five before a domain.
pub(crate) const TIMING: Timing = Timing {
    operation: Delay::seconds(10),
    machine: Delay::seconds(10),
    role: Delay::seconds(10),
    domain: Delay::seconds(5),
    start_timeout: Delay::seconds(1800),
    operations: BTreeMap::new(),
    states: BTreeMap::new(),
    jitter_percent: 0,
};

pub(crate) fn settings() -> Settings {
    let mut settings = Settings::new(SUBSCRIPTION.parse().unwrap()).allow(THUMBPRINT);
    settings.timing = TIMING;
    settings
}

pub(crate) struct Harness {
    pub(crate) simulator: Simulator,
    pub(crate) version: &'static str,
}

impl Harness {
    pub(crate) fn new() -> Self {
        Self::with(|_| {})
    }

    pub(crate) fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let mut settings = settings();
        change(&mut settings);
        Self { simulator: Simulator::new(settings), version: "2015-04-01" }
    }

    /// Goes on with a cloud that was written down and read again.
    pub(crate) fn reload(&mut self) {
        self.simulator = Simulator::load(settings(), &self.simulator.save()).unwrap();
    }

    /// With the service `contoso` and a started deployment `first` of these roles, all ready.
    pub(crate) fn with_deployment(roles: &[(&str, u32)]) -> Self {
        let mut harness = Self::new();
        harness.post("/services/hostedservices", &create_service("contoso")).expect(201);
        harness.post(BY_SLOT, &create_deployment("first", "one", roles, true)).expect(202);
        harness.settle();
        harness
    }

    /// Besides, a deployment `second` of this package and one role in staging.
    pub(crate) fn with_staging(mut self, package: &str) -> Self {
        let body = create_deployment("second", "two", &[("Web", 1)], true);
        let body = body.replace("https://contoso.example.net/1.cspkg", package);
        self.post(STAGING, &body).expect(202);
        self.settle();
        self
    }

    pub(crate) fn get(&mut self, path: &str) -> TestResponse {
        self.send("GET", path, "")
    }

    pub(crate) fn post(&mut self, path: &str, body: &str) -> TestResponse {
        self.send("POST", path, body)
    }

    pub(crate) fn put(&mut self, path: &str, body: &str) -> TestResponse {
        self.send("PUT", path, body)
    }

    pub(crate) fn delete(&mut self, path: &str) -> TestResponse {
        self.send("DELETE", path, "")
    }

    pub(crate) fn send(&mut self, method: &str, path: &str, body: &str) -> TestResponse {
        self.handle(&self.request(method, path, body))
    }

    pub(crate) fn request(&self, method: &str, path: &str, body: &str) -> Request<Bytes> {
        Request::builder()
            .method(method)
            .uri(format!("/{SUBSCRIPTION}{path}"))
            .header("x-ms-version", self.version)
            .body(Bytes::copy_from_slice(body.as_bytes()))
            .unwrap()
    }

    pub(crate) fn handle(&mut self, request: &Request<Bytes>) -> TestResponse {
        let outcome = self.outcome(request);
        TestResponse(outcome.response.expect("no fault cuts the connection"))
    }

    pub(crate) fn outcome(&mut self, request: &Request<Bytes>) -> Outcome {
        self.simulator.handle(self.simulator.now(), &Caller::thumbprint(THUMBPRINT), request)
    }

    pub(crate) fn add_fault(&mut self, rule: FaultRule) {
        self.simulator.add_fault(rule).unwrap();
    }

    /// A fault by which this instance never starts; its id is the instance's name.
    pub(crate) fn block_start(&mut self, instance: &str) {
        self.add_fault(FaultRule::new(instance, Effect::NeverStarts).instance(instance));
    }

    /// The same on versions with this label alone.
    pub(crate) fn block_start_of_label(&mut self, instance: &str, label: &str) {
        self.add_fault(
            FaultRule::new(instance, Effect::NeverStarts).instance(instance).label(label),
        );
    }

    pub(crate) fn unblock_start(&mut self, instance: &str) {
        assert!(self.simulator.remove_fault(instance));
    }

    pub(crate) fn advance(&mut self, seconds: u64) {
        self.simulator.advance(self.simulator.now() + Duration::from_secs(seconds));
    }

    pub(crate) fn seconds(&self) -> u64 {
        (self.simulator.now() - Instant::ORIGIN).as_secs()
    }

    /// Lets everything happen that happens of itself.
    pub(crate) fn settle(&mut self) {
        let mut events = 0;
        while let Some(next) = self.simulator.next_event() {
            self.simulator.advance(next);
            events += 1;
            assert!(events < 100_000, "the cloud never comes to rest");
        }
    }

    /// What Get Deployment says, in one line: state, lock, update, the states of the instances.
    pub(crate) fn summary(&mut self) -> String {
        let reply = self.get(BY_NAME);
        if reply.0.status() != 200 {
            return reply.code();
        }
        let instances = reply.texts("InstanceStatus").join(" ");
        format!(
            "{}{}{}{} [{instances}]",
            reply.text("Status"),
            if reply.text("Locked") == "true" { " locked" } else { "" },
            if reply.text("RollbackAllowed") == "true" { " rollback" } else { "" },
            match reply.text("UpgradeType").as_str() {
                "" => String::new(),
                mode => format!(
                    " {mode} {} {}",
                    reply.text("CurrentUpgradeDomainState"),
                    reply.text("CurrentUpgradeDomain")
                ),
            },
        )
    }

    pub(crate) fn operation(&mut self, id: &str) -> String {
        let reply = self.get(&format!("/operations/{id}"));
        let parts = [reply.text("Status"), reply.text("HttpStatusCode"), reply.text("Code")];
        parts.join(" ").trim().to_owned()
    }

    /// The version that each instance runs, in order of role and index.
    pub(crate) fn versions(&self) -> Vec<u32> {
        self.simulator.instances().iter().map(|instance| instance.version).collect()
    }

    pub(crate) fn instances(&self) -> Vec<EmulatedInstance> {
        self.simulator.instances()
    }

    pub(crate) fn walk(&mut self, domain: u32) -> TestResponse {
        self.post(&format!("{BY_NAME}?comp=walkupgradedomain"), &walk(domain))
    }

    pub(crate) fn upgrade(
        &mut self,
        mode: &str,
        label: &str,
        roles: &[(&str, u32)],
    ) -> TestResponse {
        self.post(&format!("{BY_NAME}/?comp=upgrade"), &upgrade(mode, label, roles))
    }

    pub(crate) fn change(&mut self, mode: &str, roles: &[(&str, u32)]) -> TestResponse {
        self.post(&format!("{BY_NAME}/?comp=config"), &change(mode, roles))
    }

    pub(crate) fn set_status(&mut self, status: &str) -> TestResponse {
        self.post(&format!("{BY_NAME}/?comp=status"), &set_status(status))
    }

    pub(crate) fn roll_back(&mut self, mode: &str) -> TestResponse {
        self.post(&format!("{BY_SLOT}/?comp=rollback"), &rollback(mode))
    }
}

pub(crate) struct TestResponse(pub(crate) Response<Bytes>);

impl TestResponse {
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.0.status().as_u16(), status, "{:?}", self.0.body());
        self
    }

    pub(crate) fn body(&self) -> &str {
        std::str::from_utf8(self.0.body()).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.0.headers().get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn id(&self) -> String {
        self.header("x-ms-request-id").to_owned()
    }

    /// The text of the first element of this name; empty when there is none.
    pub(crate) fn text(&self, name: &str) -> String {
        self.texts(name).into_iter().next().unwrap_or_default()
    }

    pub(crate) fn has_element(&self, name: &str) -> bool {
        !self.texts(name).is_empty()
    }

    pub(crate) fn texts(&self, name: &str) -> Vec<String> {
        let document = roxmltree::Document::parse(self.body()).unwrap();
        document
            .descendants()
            .filter(|node| node.has_tag_name((NAMESPACE, name)))
            .map(|node| node.text().unwrap_or_default().to_owned())
            .collect()
    }

    /// The texts of the elements of this name that stand directly in one of that name.
    pub(crate) fn texts_in(&self, parent: &str, name: &str) -> Vec<String> {
        let document = roxmltree::Document::parse(self.body()).unwrap();
        document
            .descendants()
            .filter(|node| node.has_tag_name((NAMESPACE, name)))
            .filter(|node| node.parent().is_some_and(|it| it.tag_name().name() == parent))
            .map(|node| node.text().unwrap_or_default().to_owned())
            .collect()
    }

    /// The texts of the elements at this path below the root, such as `Deployments/Deployment/Name`.
    pub(crate) fn texts_at(&self, path: &str) -> Vec<String> {
        let document = roxmltree::Document::parse(self.body()).unwrap();
        let mut found = vec![document.root_element()];
        for name in path.split('/') {
            found = found
                .iter()
                .flat_map(roxmltree::Node::children)
                .filter(|node| node.has_tag_name((NAMESPACE, name)))
                .collect();
        }
        found.iter().map(|node| node.text().unwrap_or_default().to_owned()).collect()
    }

    /// What stands between the tags of the root, as it is.
    pub(crate) fn inner_xml(&self) -> &str {
        let body = self.body();
        let (start, end) = (body.find('>').unwrap() + 1, body.rfind("</").unwrap());
        &body[start..end]
    }

    /// Status and code of a refusal, such as `409 ConflictError`.
    pub(crate) fn code(&self) -> String {
        format!("{} {}", self.0.status().as_u16(), self.text("Code"))
    }

    pub(crate) fn message(&self) -> String {
        self.text("Message")
    }
}

pub(crate) fn base64(text: &str) -> String {
    STANDARD.encode(text)
}

pub(crate) fn decode_base64(text: &str) -> String {
    String::from_utf8(STANDARD.decode(text).unwrap()).unwrap()
}

pub(crate) fn cscfg(roles: &[(&str, u32)]) -> String {
    let mut text = String::new();
    for (name, count) in roles {
        write!(text, r#"<Role name="{name}"><Instances count="{count}" /></Role>"#).unwrap();
    }
    format!(
        r#"<?xml version="1.0" encoding="utf-8"?>
<ServiceConfiguration serviceName="Contoso" osFamily="4" osVersion="*" xmlns="http://schemas.microsoft.com/ServiceHosting/2008/10/ServiceConfiguration">{text}</ServiceConfiguration>"#
    )
}

pub(crate) fn root(name: &str, children: &str) -> String {
    format!(r#"<{name} xmlns="{NAMESPACE}">{children}</{name}>"#)
}

pub(crate) fn create_service(name: &str) -> String {
    let label = base64("a label");
    root(
        "CreateHostedService",
        &format!(
            "<ServiceName>{name}</ServiceName><Label>{label}</Label><Location>West US</Location>"
        ),
    )
}

pub(crate) fn create_deployment(
    name: &str,
    label: &str,
    roles: &[(&str, u32)],
    start: bool,
) -> String {
    root(
        "CreateDeployment",
        &format!(
            "<Name>{name}</Name><PackageUrl>https://contoso.example.net/1.cspkg</PackageUrl>\
             <Label>{}</Label><Configuration>{}</Configuration><StartDeployment>{start}</StartDeployment>",
            base64(label),
            base64(&cscfg(roles))
        ),
    )
}

pub(crate) fn upgrade(mode: &str, label: &str, roles: &[(&str, u32)]) -> String {
    root(
        "UpgradeDeployment",
        &format!(
            "<Mode>{mode}</Mode><PackageUrl>https://contoso.example.net/2.cspkg</PackageUrl>\
             <Configuration>{}</Configuration><Label>{}</Label><Force>true</Force>",
            base64(&cscfg(roles)),
            base64(label)
        ),
    )
}

pub(crate) fn change(mode: &str, roles: &[(&str, u32)]) -> String {
    let configuration = base64(&cscfg(roles));
    root(
        "ChangeConfiguration",
        &format!("<Configuration>{configuration}</Configuration><Mode>{mode}</Mode>"),
    )
}

pub(crate) fn walk(domain: u32) -> String {
    root("WalkUpgradeDomain", &format!("<UpgradeDomain>{domain}</UpgradeDomain>"))
}

pub(crate) fn rollback(mode: &str) -> String {
    root("RollbackUpdateOrUpgrade", &format!("<Mode>{mode}</Mode><Force>false</Force>"))
}

pub(crate) fn set_status(status: &str) -> String {
    root("UpdateDeploymentStatus", &format!("<Status>{status}</Status>"))
}

pub(crate) fn swap(production: &str, source: &str) -> String {
    root("Swap", &format!("{production}<SourceDeployment>{source}</SourceDeployment>"))
}
