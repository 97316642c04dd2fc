use std::error::Error as StdError;
use std::fmt;
use std::pin::Pin;
use std::time::Duration;

use http::HeaderValue;
use zeroize::Zeroizing;

use crate::CredentialError;

/// A bearer token: whoever has it may act with it.
///
/// `Debug` shows its lifetime and nothing else. The text is wiped on drop; the copies that go into
/// requests are not, because the HTTP library has no way to do so.
///
/// The token must be made for the endpoint's own audience, which is its address with the slash at the
/// end: `Cloud::token_audience` lists those of the clouds. One for the Resource Manager is refused.
///
/// # Example
///
/// ```
/// use std::time::Duration;
/// use azure_classic_transport::Token;
///
/// // What a token service answers: `access_token` and `expires_in`.
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
    /// Takes the token's text, without the word `Bearer`. White space around it is dropped.
    ///
    /// # Errors
    ///
    /// [`CredentialError::MalformedToken`] when it is empty or cannot stand in a header.
    pub fn new(text: impl Into<String>) -> Result<Self, CredentialError> {
        let given = Zeroizing::new(text.into());
        let text = given.trim();
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(CredentialError::MalformedToken);
        }
        Ok(Self { text: Zeroizing::new(text.to_owned()), lifetime: None })
    }

    /// Says how long the token may be used from the moment at which it was asked for: `expires_in` of a
    /// token service. Default: until the service refuses it.
    pub fn valid_for(mut self, lifetime: Duration) -> Self {
        self.lifetime = Some(lifetime);
        self
    }

    pub(crate) fn lifetime(&self) -> Option<Duration> {
        self.lifetime
    }

    /// Whether it is the same text, however long it lives.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.text == other.text
    }

    /// The value of `Authorization`, marked so that HTTP libraries do not show it.
    pub(crate) fn header(&self) -> HeaderValue {
        let text = Zeroizing::new(format!("Bearer {}", self.text.as_str()));
        let mut value = HeaderValue::from_str(&text).expect("`new` let visible ASCII in only");
        value.set_sensitive(true);
        value
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token").field("valid_for", &self.lifetime).finish_non_exhaustive()
    }
}

/// A token on its way, or why there is none.
pub type TokenFuture<'a> =
    Pin<Box<dyn Future<Output = Result<Token, Box<dyn StdError + Send + Sync>>> + Send + 'a>>;

/// Where tokens come from.
///
/// Implemented for [`Token`] itself, which is always the same one, and for closures that return a
/// future. It is asked for one token at a time, and for the next one before the last one ends, so it
/// needs no cache. It should give up by itself when its token service is silent.
///
/// # Example
///
/// ```
/// use std::time::Duration;
/// use azure_classic_transport::{Token, TokenSource};
///
/// async fn ask_the_token_service() -> Result<String, std::io::Error> {
/// #    Ok("eyJ0eXAiOiJKV1QifQ.e30.c2ln".into())
/// # }
/// # fn is_source(_: impl TokenSource) {}
/// let source = || async {
///     let text = ask_the_token_service().await?;
///     Ok(Token::new(text)?.valid_for(Duration::from_secs(3599)))
/// };
/// # is_source(source);
/// ```
pub trait TokenSource: Send + Sync {
    /// Makes or fetches a token. What its error says may be shown: it must not hold a secret.
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
