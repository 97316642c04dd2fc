//! A bearer token from the environment. There is no flag for its text, because other users of the machine
//! can read the arguments of a program.

use std::env::{self, VarError};

use azure_classic::{Cloud, Endpoint, Token};

use crate::cli_error::CliError;

/// Where a token is looked for when no certificate is given.
const TOKEN_VARIABLE: &str = "AZURE_CLASSIC_TOKEN";

/// The token in the variable named, or in the usual one if it is set.
pub(crate) fn from_environment(named: Option<&str>) -> Result<Option<Token>, CliError> {
    let variable = named.unwrap_or(TOKEN_VARIABLE);
    let context = || format!("cannot use the token in the variable {variable}");
    match env::var(variable) {
        Ok(text) if text.is_empty() && named.is_none() => Ok(None),
        Ok(text) => {
            Token::new(text).map(Some).map_err(|error| CliError::usage(error).context(context()))
        }
        Err(VarError::NotPresent) if named.is_none() => Ok(None),
        Err(VarError::NotPresent) => {
            Err(CliError::usage("the variable is not set").context(context()))
        }
        // The error's own message would show the content of the variable.
        Err(VarError::NotUnicode(_)) => Err(CliError::usage("it is not text").context(context())),
    }
}

/// The possible problems of a token that the service has rejected.
pub(crate) fn rejected_token_hint(endpoint: &Endpoint) -> String {
    let host = endpoint.authority().host();
    let cloud = Cloud::ALL.into_iter().find(|cloud| cloud.address() == format!("https://{host}"));
    let audience = cloud.map_or_else(
        || "the endpoint's own audience (its address with the slash at the end)".to_owned(),
        |cloud| cloud.token_audience().to_owned(),
    );
    format!(
        "the token must be made for {audience}, for an administrator of the subscription, and must not \
         have expired; one for the Resource Manager is refused"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_token_names_the_audience_that_it_must_have() {
        let subscription = "8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10";
        let hint = |endpoint: Endpoint| rejected_token_hint(&endpoint);
        let china = hint(Endpoint::for_cloud(Cloud::China, subscription.parse().unwrap()));
        assert!(china.contains("made for https://management.core.chinacloudapi.cn/, "), "{china}");
        let address = "https://management.example.net";
        let other = hint(Endpoint::new(address, subscription.parse().unwrap()).unwrap());
        assert!(other.contains("the endpoint's own audience"), "{other}");
    }
}
