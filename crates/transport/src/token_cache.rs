use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::token::{Token, TokenSource};
use crate::{TransportError, TransportErrorKind};

/// How long before expiry the next token is fetched, because requests take time to arrive and clocks differ.
/// Tokens with less than twice that lifetime are renewed half-way.
const EARLY: Duration = Duration::from_secs(5 * 60);

/// Caches the current token and renews it before it expires, one renewal at a time.
pub(crate) struct TokenCache {
    source: Box<dyn TokenSource>,
    /// Locked while a token is fetched, so that concurrent calls share the result.
    cached: Mutex<Option<CachedToken>>,
}

struct CachedToken {
    token: Token,
    /// `None` if the lifetime is unknown, or beyond the range of the clock.
    renew_at: Option<Instant>,
    ends_at: Option<Instant>,
}

impl TokenCache {
    pub(crate) fn new(source: impl TokenSource + 'static) -> Self {
        Self { source: Box::new(source), cached: Mutex::new(None) }
    }

    /// Returns the token to use now. It is not the rejected one, unless the source has no other.
    pub(crate) async fn token(&self, rejected: Option<&Token>) -> Result<Token, TransportError> {
        let mut cached = self.cached.lock().await;
        let requested_at = Instant::now();
        let usable = cached
            .as_ref()
            .filter(|cached| rejected.is_none_or(|rejected| !rejected.is_same(&cached.token)));
        if let Some(cached) = usable
            && cached.renew_at.is_none_or(|time| requested_at < time)
        {
            return Ok(cached.token.clone());
        }
        match self.source.token().await {
            Ok(token) => {
                *cached = Some(CachedToken::new(token.clone(), requested_at));
                Ok(token)
            }
            // The current token may still work; the next call requests a new one again.
            Err(error) => match usable {
                Some(cached) if cached.ends_at.is_none_or(|time| Instant::now() < time) => {
                    Ok(cached.token.clone())
                }
                _ => {
                    let message = "cannot get a token".to_owned();
                    let kind = TransportErrorKind::TokenUnavailable;
                    Err(TransportError::new(kind, message).because(error))
                }
            },
        }
    }
}

impl CachedToken {
    fn new(token: Token, requested_at: Instant) -> Self {
        let lifetime = token.lifetime();
        let after = |pause: Duration| requested_at.checked_add(pause);
        Self {
            renew_at: lifetime.and_then(|all| after(all.saturating_sub(EARLY).max(all / 2))),
            ends_at: lifetime.and_then(after),
            token,
        }
    }
}
