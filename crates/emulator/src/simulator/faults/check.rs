//! Validates a rule.

use http::Uri;

use super::condition::Condition;
use super::effect::{Effect, EffectKind};
use super::rule::FaultRule;
use crate::simulator::route::{Route, Verb};
use crate::simulator::routes;

/// A rule that cannot be used: which one, what in it, and what is possible.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the fault {id:?} cannot be used: {field}: {problem}")]
pub struct InvalidRule {
    pub(super) id: String,
    pub(super) field: String,
    pub(super) problem: String,
}

impl FaultRule {
    pub(crate) fn check(&self) -> Result<(), InvalidRule> {
        self.problem().map_or(Ok(()), |(field, problem)| {
            Err(InvalidRule { id: self.id.clone(), field: field.to_owned(), problem })
        })
    }

    fn problem(&self) -> Option<(&'static str, String)> {
        if self.id.is_empty() {
            return Some(("id", "it is empty; give the rule a name".to_owned()));
        }
        let kind = self.effect.kind();
        self.when
            .misplaced_field(kind)
            .or_else(|| self.when.out_of_range_field())
            .or_else(|| self.when.unknown_operation(kind))
            .or_else(|| self.effect.out_of_range_field())
    }
}

impl Condition {
    fn misplaced_field(&self, kind: EffectKind) -> Option<(&'static str, String)> {
        use EffectKind::{Domain, Instance, Operation, Request};

        let about_things: &[EffectKind] = &[Request, Operation, Instance, Domain];
        let counts = [self.nth, self.every, self.first, self.from, self.times];
        let given: [(&str, bool, &[EffectKind]); 7] = [
            ("when.operations", !self.operations.is_empty(), &[Request, Operation]),
            ("when.service", self.service.is_some(), about_things),
            ("when.deployment", self.deployment.is_some(), about_things),
            ("when.instance", self.instance.is_some(), &[Request, Operation, Instance]),
            ("when.label", self.label.is_some(), &[Instance, Domain]),
            (
                "when.nth, every, first, from or times",
                counts.iter().any(Option::is_some),
                about_things,
            ),
            ("when.probability", self.probability.is_some(), about_things),
        ];
        let (field, ..) =
            given.into_iter().find(|(_, is_given, kinds)| *is_given && !kinds.contains(&kind))?;
        let about = match kind {
            Request | Operation => "requests",
            Instance => "role instances",
            Domain => "upgrade domains",
            EffectKind::Clock => "the clock",
        };
        Some((
            field,
            format!("the effect is about {about}, and they have no such thing; leave it out"),
        ))
    }

    fn out_of_range_field(&self) -> Option<(&'static str, String)> {
        let counts = [
            ("when.nth", self.nth),
            ("when.every", self.every),
            ("when.first", self.first),
            ("when.from", self.from),
            ("when.times", self.times),
        ];
        if let Some((field, _)) = counts.into_iter().find(|(_, count)| *count == Some(0)) {
            return Some((field, "it is 0; give a number from 1 up".to_owned()));
        }
        let probability = self.probability.filter(|given| !(0.0..=1.0).contains(given))?;
        Some(("when.probability", format!("it is {probability}; give a number from 0 to 1")))
    }

    fn unknown_operation(&self, kind: EffectKind) -> Option<(&'static str, String)> {
        let possible = |route: &&Route| kind == EffectKind::Request || route.verb != Verb::Get;
        let mut names: Vec<&str> =
            routes::routes().filter(possible).map(|route| route.operation).collect();
        names.sort_unstable();
        names.dedup();
        names.insert(0, Self::WRITES);
        if kind == EffectKind::Request {
            names.insert(1, Self::READS);
        }
        let is_unknown =
            |given: &&String| !names.iter().any(|name| name.eq_ignore_ascii_case(given));
        let unknown = self.operations.iter().find(is_unknown)?;
        let problem =
            format!("{unknown:?} is not possible here; possible are {}", names.join(", "));
        Some(("when.operations", problem))
    }
}

impl Effect {
    fn out_of_range_field(&self) -> Option<(&'static str, String)> {
        match self {
            Self::Respond(reply) if !(300..=599).contains(&reply.status) => Some((
                "effect.respond.status",
                format!("it is {}; give a status from 300 to 599", reply.status),
            )),
            Self::FailAsync(failure) if !(400..=599).contains(&failure.status) => Some((
                "effect.fails_late.status",
                format!("it is {}; give a status from 400 to 599", failure.status),
            )),
            Self::Recycles { down } if down.is_zero() => {
                Some(("effect.recycles.seconds", "it is 0; nothing would ever end".to_owned()))
            }
            Self::Flaps { ready, down } if ready.is_zero() && down.is_zero() => {
                Some(("effect.flaps", "both times are 0; nothing would ever end".to_owned()))
            }
            Self::Redirect { to } if !is_host(to) => Some((
                "effect.redirect.to",
                format!("{to:?} is no address of a host; give one like https://127.0.0.1:8443"),
            )),
            _ => None,
        }
    }
}

fn is_host(text: &str) -> bool {
    text.parse::<Uri>().is_ok_and(|uri| {
        matches!(uri.scheme_str(), Some("http" | "https"))
            && uri.path() == "/"
            && uri.query().is_none()
            && !text.ends_with('/')
    })
}
