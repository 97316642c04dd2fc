use std::time::Duration;

use bytes::Bytes;
use http::Response;
use http::header::{DATE, HeaderName, RETRY_AFTER};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc2822;

/// The maximal pause that a response can request, so that a peer cannot stop a client for years.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// The requested pause of a response, in seconds or until a date; at most one day.
///
/// A date counts from the response's own `Date`, because the machines have no clock, and the two clocks would
/// differ anyway. Without a `Date` it is ignored.
pub(super) fn retry_after(response: &Response<Bytes>) -> Option<Duration> {
    let requested = text(response, RETRY_AFTER)?;
    if !requested.is_empty() && requested.bytes().all(|byte| byte.is_ascii_digit()) {
        // A number that overflows is longer than the maximal pause.
        return Some(requested.parse().map_or(LONGEST, Duration::from_secs).min(LONGEST));
    }
    let pause = date(requested)? - date(text(response, DATE)?)?;
    // A date in the past requests no pause.
    Some(Duration::try_from(pause).unwrap_or_default().min(LONGEST))
}

fn text(response: &Response<Bytes>, name: HeaderName) -> Option<&str> {
    Some(response.headers().get(name)?.to_str().ok()?.trim())
}

/// HTTP's date is that of mail, with `GMT` as the zone.
fn date(text: &str) -> Option<OffsetDateTime> {
    OffsetDateTime::parse(text, &Rfc2822).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn requested(headers: &[(&str, &str)]) -> Option<u64> {
        let mut response = Response::builder().status(503);
        for (name, value) in headers {
            response = response.header(*name, *value);
        }
        retry_after(&response.body(Bytes::new()).unwrap()).map(|pause| pause.as_secs())
    }

    #[test]
    fn seconds_are_used_unchanged() {
        assert_eq!(requested(&[("Retry-After", " 120 ")]), Some(120));
        assert_eq!(requested(&[("Retry-After", "-1")]), None);
        assert_eq!(requested(&[("Retry-After", "soon")]), None);
        assert_eq!(requested(&[]), None);
    }

    #[test]
    fn an_extreme_pause_counts_as_a_day() {
        for seconds in ["99999999999", "18446744073709551615", "99999999999999999999999"] {
            assert_eq!(requested(&[("Retry-After", seconds)]), Some(86_400), "{seconds}");
        }
        let far = ("Retry-After", "Fri, 31 Dec 9999 23:59:59 GMT");
        for (date, pause) in [
            ("Sun, 06 Nov 2016 08:49:37 GMT", Some(86_400)),
            ("Mon, 01 Jan 1601 00:00:00 GMT", None),
            ("Fri, 31 Dec 9999 23:59:58 GMT", Some(1)),
            ("Sat, 01 Jan 10000 00:00:00 GMT", None),
        ] {
            let found = requested(&[("Date", date), far]);
            assert!(found == pause || found == Some(86_400), "{date}: {found:?}");
        }
        for seconds in ["", "+5", "5.5", "0x5", "1e9"] {
            assert_eq!(requested(&[("Retry-After", seconds)]), None, "{seconds:?}");
        }
    }

    #[test]
    fn a_date_counts_from_the_responses_own() {
        let now = ("Date", "Sun, 06 Nov 2016 08:49:37 GMT");
        let until = |date| requested(&[now, ("Retry-After", date)]);
        assert_eq!(until("Sun, 06 Nov 2016 08:50:07 GMT"), Some(30));
        assert_eq!(until("Mon, 07 Nov 2016 08:49:37 GMT"), Some(86_400));
        assert_eq!(until("Sun, 06 Nov 2016 08:49:07 GMT"), Some(0), "it has passed");
        assert_eq!(until("06.11.2016"), None);
        assert_eq!(requested(&[("Retry-After", "Sun, 06 Nov 2016 08:50:07 GMT")]), None);
    }
}
