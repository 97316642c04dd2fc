use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::token::{Token, TokenSource};
use crate::{TransportError, TransportErrorKind};

/// How long before a token ends the next one is fetched: a request takes its time to arrive, and clocks
/// differ. Tokens of less than twice that are renewed half-way.
const EARLY: Duration = Duration::from_secs(5 * 60);

/// Holds the token in use and renews it in time, one renewal at a time.
pub(crate) struct TokenCache {
    source: Box<dyn TokenSource>,
    /// Locked while a token is fetched, so that concurrent calls share what comes.
    cached: Mutex<Option<CachedToken>>,
}

struct CachedToken {
    token: Token,
    /// `None` means that neither is known, or beyond what the clock can say.
    renew_at: Option<Instant>,
    ends_at: Option<Instant>,
}

impl TokenCache {
    pub(crate) fn new(source: impl TokenSource + 'static) -> Self {
        Self { source: Box::new(source), cached: Mutex::new(None) }
    }

    /// The token to use now, which is not the one that was refused, unless the source has no other.
    pub(crate) async fn token(&self, refused: Option<&Token>) -> Result<Token, TransportError> {
        let mut held = self.cached.lock().await;
        let asked_at = Instant::now();
        let usable = held
            .as_ref()
            .filter(|held| refused.is_none_or(|refused| !refused.is_same(&held.token)));
        if let Some(held) = usable
            && held.renew_at.is_none_or(|moment| asked_at < moment)
        {
            return Ok(held.token.clone());
        }
        match self.source.token().await {
            Ok(token) => {
                *held = Some(CachedToken::new(token.clone(), asked_at));
                Ok(token)
            }
            // What there is may still do; the next call asks the source again.
            Err(error) => match usable {
                Some(held) if held.ends_at.is_none_or(|moment| Instant::now() < moment) => {
                    Ok(held.token.clone())
                }
                _ => {
                    let message = "no token could be had: see its source".to_owned();
                    let kind = TransportErrorKind::TokenUnavailable;
                    Err(TransportError::new(kind, message).because(error))
                }
            },
        }
    }
}

impl CachedToken {
    fn new(token: Token, asked_at: Instant) -> Self {
        let lifetime = token.lifetime();
        let after = |pause: Duration| asked_at.checked_add(pause);
        Self {
            renew_at: lifetime.and_then(|all| after(all.saturating_sub(EARLY).max(all / 2))),
            ends_at: lifetime.and_then(after),
            token,
        }
    }
}
