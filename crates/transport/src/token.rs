use std::error::Error as StdError;
use std::fmt;
use std::pin::Pin;
use std::time::Duration;

use http::HeaderValue;
use zeroize::Zeroizing;

use crate::CredentialError;

/// A bearer token, which gives its holder access.
///
/// `Debug` shows only its lifetime. The string is wiped on drop. The copies in requests are not, because the
/// HTTP library cannot wipe them.
///
/// The token must have the endpoint's own audience, which is its address with a slash at the end:
/// `Cloud::token_audience` returns it for each cloud. The service rejects a token for the Resource Manager.
///
/// # Example
///
/// ```
/// use std::time::Duration;
/// use azure_classic_transport::Token;
///
/// // From the response of a token service: `access_token` and `expires_in`.
/// let token = Token::new("eyJ0eXAiOiJKV1QifQ.e30.c2ln")?.valid_for(Duration::from_secs(3599));
/// assert_eq!(format!("{token:?}"), "Token { valid_for: Some(3599s), .. }");
/// # Ok::<(), azure_classic_transport::CredentialError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    text: Zeroizing<String>,
    lifetime: Option<Duration>,
}

impl Token {
    /// Creates a token from its string, without the prefix `Bearer`. White space around it is dropped.
    ///
    /// # Errors
    ///
    /// [`CredentialError::MalformedToken`] if the string is empty or is invalid in a header.
    pub fn new(text: impl Into<String>) -> Result<Self, CredentialError> {
        let given = Zeroizing::new(text.into());
        let text = given.trim();
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(CredentialError::MalformedToken);
        }
        Ok(Self { text: Zeroizing::new(text.to_owned()), lifetime: None })
    }

    /// Sets how long the token may be used, from the time it was requested: `expires_in` of a token service.
    /// Default: until the service rejects it.
    pub fn valid_for(mut self, lifetime: Duration) -> Self {
        self.lifetime = Some(lifetime);
        self
    }

    pub(crate) fn lifetime(&self) -> Option<Duration> {
        self.lifetime
    }

    /// Whether the strings are equal, regardless of the lifetimes.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.text == other.text
    }

    /// The value of `Authorization`, marked so that HTTP libraries do not show it.
    pub(crate) fn header(&self) -> HeaderValue {
        let text = Zeroizing::new(format!("Bearer {}", self.text.as_str()));
        let mut value = HeaderValue::from_str(&text).expect("`new` accepts visible ASCII only");
        value.set_sensitive(true);
        value
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token").field("valid_for", &self.lifetime).finish_non_exhaustive()
    }
}

/// The future of a token, or of the reason why there is none.
pub type TokenFuture<'a> =
    Pin<Box<dyn Future<Output = Result<Token, Box<dyn StdError + Send + Sync>>> + Send + 'a>>;

/// A supplier of tokens.
///
/// [`Token`] implements it, and always returns itself; so do closures that return a future. The transport
/// requests one token at a time, and the next one before the last one expires, so a source needs no cache. A
/// source should have its own timeout for a silent token service.
///
/// # Example
///
/// ```
/// use std::time::Duration;
/// use azure_classic_transport::{Token, TokenSource};
///
/// async fn request_token() -> Result<String, std::io::Error> {
/// #    Ok("eyJ0eXAiOiJKV1QifQ.e30.c2ln".into())
/// # }
/// # fn is_source(_: impl TokenSource) {}
/// let source = || async {
///     let text = request_token().await?;
///     Ok(Token::new(text)?.valid_for(Duration::from_secs(3599)))
/// };
/// # is_source(source);
/// ```
pub trait TokenSource: Send + Sync {
    /// Creates or fetches a token. The error may be shown to users, so it must not contain a secret.
    fn token(&self) -> TokenFuture<'_>;
}

impl TokenSource for Token {
    fn token(&self) -> TokenFuture<'_> {
        Box::pin(async { Ok(self.clone()) })
    }
}

impl<F, R> TokenSource for F
where
    F: Fn() -> R + Send + Sync,
    R: Future<Output = Result<Token, Box<dyn StdError + Send + Sync>>> + Send + 'static,
{
    fn token(&self) -> TokenFuture<'_> {
        Box::pin(self())
    }
}
