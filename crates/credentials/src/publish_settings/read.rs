//! Parses the XML of a `.publishsettings` file within limits, in one pass.

use std::sync::Arc;

use azure_classic_text::decode;
use quick_xml::errors::{Error, SyntaxError};
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use zeroize::Zeroizing;

use super::{PublishSettings, PublishedSubscription};
use crate::pem::decode_base64;
use crate::{CredentialFile, FileKind, OpenError};

/// The limit of the file, in bytes. A subscription takes about four thousand.
const MAX_BYTES: usize = 4 << 20;
pub(super) const MAX_SUBSCRIPTIONS: usize = 500;
/// `PublishData`, `PublishProfile` and `Subscription`, with room for additions.
const MAX_DEPTH: usize = 16;
const MAX_ATTRIBUTES: usize = 64;
/// The limit of attributes except certificates, in characters; enough for names and addresses.
const MAX_VALUE: usize = 4096;

type Pkcs12Bytes = Arc<Zeroizing<Vec<u8>>>;

/// The attributes of an element, or of the profile around it.
#[derive(Default)]
struct Attributes {
    id: Option<String>,
    name: Option<String>,
    url: Option<String>,
    certificate: Option<Result<Pkcs12Bytes, NotBase64>>,
}

#[derive(Clone, Copy)]
struct NotBase64;

/// Never quotes the parser's error: all of the file is secret.
const MALFORMED: OpenError = OpenError::Malformed { what: "a .publishsettings file" };

pub(super) fn read(file: &[u8]) -> Result<PublishSettings, OpenError> {
    if file.len() > MAX_BYTES {
        return Err(OpenError::TooLarge);
    }
    // A file of another kind has an error with its name.
    let kind = CredentialFile::recognize(file).kind();
    let (FileKind::PublishSettings, Ok(text)) = (kind, decode(file)) else {
        return Err(OpenError::WrongKind { kind });
    };
    let text = Zeroizing::new(text.into_owned());
    let mut walk = Parser::default();
    let mut xml = Reader::from_str(&text);
    loop {
        match xml.read_event() {
            Err(Error::Syntax(error)) if error != SyntaxError::InvalidBangMarkup => {
                return Err(truncated());
            }
            Err(_) => return Err(MALFORMED),
            Ok(Event::Eof) => return walk.finish(),
            Ok(event) => walk.on_event(&event)?,
        }
    }
}

#[derive(Default)]
struct Parser {
    depth: usize,
    has_root: bool,
    /// The open element.
    profile: Option<Attributes>,
    subscriptions: Vec<PublishedSubscription>,
}

impl Parser {
    fn on_event(&mut self, event: &Event<'_>) -> Result<(), OpenError> {
        match event {
            Event::Start(element) => {
                self.start_element(element)?;
                self.depth += 1;
            }
            Event::Empty(element) => {
                self.start_element(element)?;
                self.end_element(self.depth);
            }
            Event::End(_) => {
                self.depth = self.depth.checked_sub(1).ok_or(MALFORMED)?;
                self.end_element(self.depth);
            }
            // Only white space may be outside the root.
            Event::Text(text) if self.depth == 0 => {
                text.trim_ascii().is_empty().then_some(()).ok_or(MALFORMED)?;
            }
            Event::CData(_) | Event::GeneralRef(_) if self.depth == 0 => return Err(MALFORMED),
            // It could define entities.
            Event::DocType(_) => return Err(MALFORMED),
            _ => {}
        }
        Ok(())
    }

    fn start_element(&mut self, element: &BytesStart<'_>) -> Result<(), OpenError> {
        if self.depth == MAX_DEPTH {
            return Err(OpenError::TooLarge);
        }
        let name = element.local_name();
        match (self.depth, name.as_ref()) {
            (0, "PublishData") if !self.has_root => self.has_root = true,
            (0, _) => return Err(MALFORMED),
            (1, "PublishProfile") => self.profile = Some(Attributes::read(element)?),
            (2, "Subscription") => {
                if let Some(profile) = &self.profile {
                    if self.subscriptions.len() == MAX_SUBSCRIPTIONS {
                        return Err(OpenError::TooLarge);
                    }
                    let number = self.subscriptions.len() + 1;
                    let subscription = Attributes::read(element)?.subscription(number, profile)?;
                    self.subscriptions.push(subscription);
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Ends the element at this depth.
    fn end_element(&mut self, depth: usize) {
        if depth == 1 {
            self.profile = None;
        }
    }

    fn finish(self) -> Result<PublishSettings, OpenError> {
        if !self.has_root {
            return Err(MALFORMED);
        }
        if self.depth > 0 {
            return Err(truncated());
        }
        if self.subscriptions.is_empty() {
            return Err(incomplete("there is no subscription in the .publishsettings file"));
        }
        let mut subscriptions = self.subscriptions;
        let count = subscriptions.len();
        for subscription in &mut subscriptions {
            subscription.subscription_count = count;
        }
        Ok(PublishSettings { subscriptions })
    }
}

impl Attributes {
    fn read(element: &BytesStart<'_>) -> Result<Self, OpenError> {
        let mut found = Self::default();
        // The library's own check for duplicates is quadratic.
        let mut attributes = element.attributes();
        for (count, attribute) in attributes.with_checks(false).enumerate() {
            if count == MAX_ATTRIBUTES {
                return Err(OpenError::TooLarge);
            }
            let attribute = attribute.map_err(|_| MALFORMED)?;
            let value = || {
                let value = attribute.normalized_value(XmlVersion::Implicit1_0);
                value.map(|value| Zeroizing::new(value.trim().to_owned())).map_err(|_| MALFORMED)
            };
            let short = || {
                let value = value()?;
                let is_short = value.len() <= MAX_VALUE;
                is_short.then(|| value.to_string()).ok_or(OpenError::TooLarge)
            };
            match attribute.key.as_ref() {
                "Id" => found.id = Some(short()?),
                "Name" => found.name = Some(short()?),
                "ServiceManagementUrl" | "Url" => found.url = Some(short()?),
                "ManagementCertificate" => {
                    let value = value()?;
                    if !value.is_empty() {
                        found.certificate = Some(certificate(&value));
                    }
                }
                _ => {}
            }
        }
        Ok(found)
    }

    /// `number` counts the subscriptions of the file from 1.
    fn subscription(
        self,
        number: usize,
        profile: &Self,
    ) -> Result<PublishedSubscription, OpenError> {
        let present = |value: Option<String>| value.filter(|value| !value.is_empty());
        let id = present(self.id).ok_or_else(|| {
            incomplete(&format!("subscription {number} of the .publishsettings file has no Id"))
        })?;
        let lacks = |what: &str| {
            incomplete(&format!("the subscription {id} of the .publishsettings file has no {what}"))
        };
        let url = present(self.url)
            .or_else(|| present(profile.url.clone()))
            .ok_or_else(|| lacks("ServiceManagementUrl, and its profile no Url"))?;
        let pkcs12 = self
            .certificate
            .or_else(|| profile.certificate.clone())
            .ok_or_else(|| lacks("ManagementCertificate"))?
            .map_err(|NotBase64| lacks("usable ManagementCertificate: it is not base64"))?;
        let management_url = url.trim_end_matches('/').to_owned();
        Ok(PublishedSubscription {
            name: self.name.unwrap_or_default(),
            id,
            management_url,
            pkcs12,
            subscription_count: 1,
        })
    }
}

fn certificate(base64: &str) -> Result<Pkcs12Bytes, NotBase64> {
    let mut plain = Zeroizing::new(Vec::with_capacity(base64.len()));
    plain.extend(base64.bytes().filter(|byte| !byte.is_ascii_whitespace()));
    decode_base64(&plain).map(Arc::new).ok_or(NotBase64)
}

fn truncated() -> OpenError {
    incomplete("the .publishsettings file is truncated; copy or download it again")
}

fn incomplete(what: &str) -> OpenError {
    OpenError::Incomplete { what: what.to_owned() }
}
