//! The text of a new operation's file.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::names::{field, kebab};
use super::types::{Direction, Field, Types, attributes};
use super::{FILL_IN, OperationPlan, goldens};
/// The resource of the operation, in whose file the constructor is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Subject {
    Deployment,
    CloudService,
    Subscription,
}

/// The file's text.
pub(super) fn text(plan: &OperationPlan) -> String {
    Skeleton::new(plan).text()
}

pub(super) struct Skeleton<'a> {
    pub(super) plan: &'a OperationPlan<'a>,
    pub(super) subject: Subject,
    pub(super) route: String,
    /// The further parts of the address: placeholder and field.
    segments: Vec<(String, String)>,
    /// Parameters of the query whose value is the caller's: name and field.
    pub(super) query: Vec<(String, String)>,
    fields: Vec<Field>,
    request_types: Types,
    response_types: Types,
    pub(super) output: String,
}

impl<'a> Skeleton<'a> {
    fn new(plan: &'a OperationPlan) -> Self {
        let (subject, path) = subject(&plan.entry.path);
        let mut segments = Vec::new();
        for placeholder in placeholders(&path) {
            let is_subjects = placeholder == "service" || placeholder == "deployment";
            if subject == Subject::Subscription || !is_subjects {
                segments.push((placeholder.clone(), field(&placeholder)));
            }
        }
        let (fixed, open): (Vec<_>, Vec<_>) =
            plan.entry.query.iter().partition(|pair| !pair.contains('{'));
        let query = open.iter().filter_map(|pair| pair.split_once('='));
        let query = query.map(|(name, _)| (name.to_owned(), field(name))).collect();
        let fixed: Vec<&str> = fixed.iter().map(|pair| pair.as_str()).collect();
        let route = if fixed.is_empty() { path } else { format!("{path}?{}", fixed.join("&")) };

        let mut request_types = Types::new(Direction::Request);
        let fields = plan.request.map(|list| request_types.fields(list)).unwrap_or_default();
        let mut output_types = Types::new(Direction::Response);
        let output = match plan.response {
            _ if plan.entry.accepted => "Accepted".to_owned(),
            Some(list) => output_types.declare(list),
            None => "()".to_owned(),
        };
        Self {
            plan,
            subject,
            route,
            segments,
            query,
            fields,
            request_types,
            response_types: output_types,
            output,
        }
    }

    fn text(&self) -> String {
        let blocks = [
            self.imports(),
            self.declaration(),
            self.request_types.text.clone(),
            self.constructor(),
            self.operation(),
            self.model(),
            goldens::tests(self),
        ];
        blocks.concat()
    }

    fn imports(&self) -> String {
        let mut used: BTreeSet<&str> =
            ["ApiVersion", "Idempotency", "Metadata", "Method", "Operation"].into();
        used.extend(&self.request_types.used);
        used.extend(&self.response_types.used);
        if !self.statements().is_empty() {
            used.insert("RequestBuilder");
        }
        if self.plan.request.is_some() {
            used.insert("Body");
        }
        match self.output.as_str() {
            "Accepted" => _ = used.insert("Accepted"),
            "()" => {}
            _ => _ = used.insert("Model"),
        }
        used.extend(self.subject.type_name());
        let serde = match (self.plan.request.is_some(), self.response_types.text.is_empty()) {
            (_, false) => "use serde::{Deserialize, Serialize};\n\n",
            (true, true) => "use serde::Serialize;\n\n",
            (false, true) => "",
        };
        let used: Vec<_> = used.into_iter().collect();
        format!("{serde}use crate::{{{}}};\n", used.join(", "))
    }

    fn declaration(&self) -> String {
        let OperationPlan { entry, type_name, since, .. } = self.plan;
        let page = self.page();
        let mut text = format!(
            "\n/// {FILL_IN}: what it does, when it is possible, what the answer means, what may be lost.\n"
        );
        if !entry.optional.is_empty() {
            let optional = entry.optional.join("`, `");
            let _ = writeln!(text, "///\n/// {FILL_IN}: the query may carry `{optional}`.");
        }
        let _ = write!(
            text,
            "///\n/// Since {since}.\n///\n/// Reference page: *{}* (`{page}`).\n///\n\
             /// # Example\n///\n/// {FILL_IN}: an example that compiles.\n",
            entry.name
        );
        text.push_str("#[derive(Debug, Clone, PartialEq, Eq");
        if self.subject == Subject::Subscription && self.arguments().is_empty() {
            text.push_str(", Default");
        }
        match self.plan.request {
            Some(list) if list.name == *type_name => {
                text.push_str(", Serialize)]\n#[serde(rename_all = \"PascalCase\")]\n");
            }
            Some(list) => {
                let name = &list.name;
                let _ = write!(
                    text,
                    ", Serialize)]\n#[serde(rename = \"{name}\", rename_all = \"PascalCase\")]\n"
                );
            }
            None => text.push_str(")]\n"),
        }
        let _ = writeln!(text, "pub struct {type_name} {{");
        let skip = if self.plan.request.is_some() { "    #[serde(skip)]\n" } else { "" };
        for (name, kind) in self.address_fields() {
            let _ = writeln!(text, "{skip}    {name}: {kind},");
        }
        for field in &self.fields {
            text.push_str(&attributes(field, Direction::Request));
            let _ = writeln!(text, "    {}: {},", field.name, field.full_kind());
        }
        text.push_str("}\n");
        text
    }

    /// The fields that go into the address.
    fn address_fields(&self) -> Vec<(&str, &str)> {
        let subject = self.subject.field().zip(self.subject.type_name());
        let own = self.segments.iter().chain(&self.query);
        subject.into_iter().chain(own.map(|(_, field)| (field.as_str(), "String"))).collect()
    }

    /// The parameters of the constructor: names and types.
    pub(super) fn arguments(&self) -> Vec<(&str, String)> {
        let own = self.segments.iter().chain(&self.query);
        let address = own.map(|(_, field)| (field.as_str(), "impl Into<String>".to_owned()));
        let required = self.fields.iter().filter(|field| !field.is_optional).map(|field| {
            let kind = match field.kind.as_str() {
                text @ ("String" | "Base64Text" | "DateTime") => format!("impl Into<{text}>"),
                other => other.to_owned(),
            };
            (field.name.as_str(), kind)
        });
        address.chain(required).collect()
    }

    fn constructor(&self) -> String {
        let OperationPlan { type_name, method, .. } = self.plan;
        let (on, receiver, method, result) = match self.subject.type_name() {
            Some(subject) => (subject, "&self", method.as_str(), type_name.as_str()),
            None => (type_name.as_str(), "", "new", "Self"),
        };
        let arguments = self.arguments();
        let receiver = (!receiver.is_empty()).then(|| receiver.to_owned());
        let parameters: Vec<String> = receiver
            .into_iter()
            .chain(arguments.iter().map(|(name, kind)| format!("{name}: {kind}")))
            .collect();
        let mut text = format!(
            "\nimpl {on} {{\n    /// {FILL_IN}: the effect.\n    pub fn {method}({}) -> {result} {{\n        {result} {{\n",
            parameters.join(", ")
        );
        if let Some(field) = self.subject.field() {
            let _ = writeln!(text, "            {field}: self.clone(),");
        }
        for (name, kind) in &arguments {
            let into =
                if kind.starts_with("impl ") { format!(": {name}.into()") } else { String::new() };
            let _ = writeln!(text, "            {name}{into},");
        }
        for field in self.fields.iter().filter(|field| field.is_optional) {
            let nothing = if field.is_list() { "Vec::new()" } else { "None" };
            let _ = writeln!(text, "            {}: {nothing},", field.name);
        }
        text.push_str("        }\n    }\n}\n");

        let optional: Vec<_> = self.fields.iter().filter(|field| field.is_optional).collect();
        if !optional.is_empty() {
            let _ = write!(text, "\nimpl {type_name} {{");
            for field in optional {
                let Field { name, kind, .. } = field;
                let (kind, value) = match kind.as_str() {
                    text @ ("String" | "Base64Text" | "DateTime") => {
                        (format!("impl Into<{text}>"), format!("Some({name}.into())"))
                    }
                    _ if field.is_list() => (kind.clone(), name.clone()),
                    _ => (kind.clone(), format!("Some({name})")),
                };
                let _ = write!(
                    text,
                    "\n    /// {FILL_IN}: the effect, and what holds without it.\n    \
                     pub fn {name}(mut self, {name}: {kind}) -> Self {{\n        \
                     self.{name} = {value};\n        self\n    }}\n"
                );
            }
            text.push_str("}\n");
        }
        text
    }

    fn operation(&self) -> String {
        let OperationPlan { entry, type_name, since, .. } = self.plan;
        let idempotency = if entry.method == "GET" { "Idempotent" } else { "NonIdempotent" };
        let mut text = format!(
            "\nimpl Operation for {type_name} {{
    type Output = {};

    const METADATA: Metadata = Metadata {{
        name: \"{}\",
        method: Method::{},
        route: \"{}\",
        min_version: ApiVersion::{},
        docs_slug: \"{}\",
        idempotency: Idempotency::{idempotency},
    }};\n",
            self.output,
            entry.name,
            entry.method,
            self.route,
            version(since),
            self.page()
        );
        let statements = self.statements();
        if !statements.is_empty() {
            let _ = write!(
                text,
                "\n    fn build(&self, request: &mut RequestBuilder) {{\n{statements}    }}\n"
            );
        }
        if self.plan.request.is_some() {
            text.push_str("\n    fn body(&self) -> Body {\n        Body::xml(self)\n    }\n");
        }
        text.push_str("}\n");
        text
    }

    /// The statements that fill the address, and those that require a newer version.
    fn statements(&self) -> String {
        let mut text = String::new();
        if let Some(field) = self.subject.field() {
            let _ = writeln!(text, "        self.{field}.fill(request);");
        }
        for (placeholder, field) in &self.segments {
            let what = field.replace('_', " ");
            let _ = writeln!(
                text,
                "        request.segment(\"{placeholder}\", \"{what}\", &self.{field});"
            );
        }
        for (name, field) in &self.query {
            let _ = writeln!(text, "        request.query(\"{name}\", &self.{field});");
        }
        for field in self.fields.iter().filter(|field| field.is_optional) {
            let Some(since) = field.since.as_deref().map(|since| since.trim_start_matches('~'))
            else {
                continue;
            };
            if since != "undocumented" && since > self.plan.since {
                let is_there =
                    if field.is_list() { "!self.{}.is_empty()" } else { "self.{}.is_some()" };
                let is_there = is_there.replace("{}", &field.name);
                let (version, element) = (version(since), &field.element);
                let _ = write!(
                    text,
                    "        if {is_there} {{\n            \
                     request.requires(ApiVersion::{version}, \"{element}\");\n        }}\n"
                );
            }
        }
        text
    }

    fn model(&self) -> String {
        if self.response_types.text.is_empty() {
            return String::new();
        }
        format!("{}\nimpl Model for {} {{}}\n", self.response_types.text, self.output)
    }

    fn page(&self) -> String {
        self.plan.entry.page.clone().unwrap_or_else(|| kebab(&self.plan.entry.name))
    }
}

impl Subject {
    fn field(self) -> Option<&'static str> {
        match self {
            Self::Deployment => Some("deployment"),
            Self::CloudService => Some("service"),
            Self::Subscription => None,
        }
    }

    fn type_name(self) -> Option<&'static str> {
        match self {
            Self::Deployment => Some("DeploymentRef"),
            Self::CloudService => Some("CloudServiceRef"),
            Self::Subscription => None,
        }
    }
}

/// The resource of the operation, and the one path for all forms.
fn subject(forms: &[String]) -> (Subject, String) {
    let first = forms.first().map(String::as_str).unwrap_or_default();
    let Some(rest) = first.strip_prefix("/services/hostedservices/{") else {
        return (Subject::Subscription, first.to_owned());
    };
    let rest = rest.split_once('}').map_or("", |(_, rest)| rest);
    let path = format!("/services/hostedservices/{{service}}{rest}");
    let has = |text: &str| forms.iter().any(|form| form.contains(text));
    if !(has("/deploymentslots/{") && has("/deployments/{")) {
        return (Subject::CloudService, path);
    }
    let rest =
        ["/deploymentslots/{", "/deployments/{"].iter().find_map(|start| rest.strip_prefix(start));
    let rest = rest.and_then(|rest| rest.split_once('}')).map_or("", |(_, rest)| rest);
    (Subject::Deployment, format!("/services/hostedservices/{{service}}/{{deployment}}{rest}"))
}

pub(super) fn placeholders(path: &str) -> Vec<String> {
    let pieces = path.split('{').skip(1);
    pieces.filter_map(|piece| Some(piece.split_once('}')?.0.to_owned())).collect()
}

/// `V2011_10_01` of `2011-10-01`.
fn version(since: &str) -> String {
    format!("V{}", since.replace('-', "_"))
}
