use std::time::{Duration, SystemTime};

use crate::ber::Reader;

const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;

/// Reads the next timestamp: `YYMMDDhhmmssZ` or `YYYYMMDDhhmmssZ`.
pub(super) fn parse_time(reader: &mut Reader<'_>) -> Option<SystemTime> {
    let (tag, text) = reader.any()?;
    let digits = text.strip_suffix(b"Z")?;
    let number = |digits: &[u8]| {
        digits.iter().try_fold(0_u32, |number, digit| {
            digit.is_ascii_digit().then(|| number * 10 + u32::from(digit - b'0'))
        })
    };
    let (year, rest) = match (tag, digits.len()) {
        (UTC_TIME, 12) => {
            let year = number(&digits[..2])?;
            (year + if year < 50 { 2000 } else { 1900 }, &digits[2..])
        }
        (GENERALIZED_TIME, 14) => (number(&digits[..4])?, &digits[4..]),
        _ => return None,
    };
    let mut pairs = rest.chunks_exact(2).map(number);
    let mut next = |most: u32| pairs.next()?.filter(|number| *number <= most);
    let (month, day) = (next(12)?, next(31)?);
    let (hour, minute, second) = (next(23)?, next(59)?, next(59)?);
    let since_midnight = i64::from(hour * 3600 + minute * 60 + second);
    let seconds = days_since_1970(year, month, day)? * 86_400 + since_midnight;
    let distance = Duration::from_secs(seconds.unsigned_abs());
    if seconds < 0 {
        SystemTime::UNIX_EPOCH.checked_sub(distance)
    } else {
        SystemTime::UNIX_EPOCH.checked_add(distance)
    }
}

/// Counts the days of the Gregorian calendar in years that start in March, so that leap days come last.
fn days_since_1970(year: u32, month: u32, day: u32) -> Option<i64> {
    let (month, day) = (month.checked_sub(1)?, day.checked_sub(1)?);
    let is_before_march = month < 2;
    let year = i64::from(year) - i64::from(is_before_march);
    let month = i64::from((month + 10) % 12);
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    let from_march = (month * 153 + 2) / 5;
    Some(year * 365 + leap_days + from_march + i64::from(day) - 719_468)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unix(tag: u8, text: &str) -> Option<i64> {
        let element = [&[tag, u8::try_from(text.len()).unwrap()], text.as_bytes()].concat();
        let time = parse_time(&mut Reader(&element))?;
        let seconds = |duration: Duration| i64::try_from(duration.as_secs()).unwrap();
        Some(match time.duration_since(SystemTime::UNIX_EPOCH) {
            Ok(after) => seconds(after),
            Err(before) => -seconds(before.duration()),
        })
    }

    #[test]
    fn times_are_parsed_to_seconds() {
        // date -u -d '…' +%s
        for (tag, text, seconds) in [
            (UTC_TIME, "700101000000Z", 0),
            (UTC_TIME, "491231235959Z", 2_524_607_999),
            (UTC_TIME, "500101000000Z", -631_152_000),
            (UTC_TIME, "000229120000Z", 951_825_600),
            (GENERALIZED_TIME, "20240831000000Z", 1_725_062_400),
            (GENERALIZED_TIME, "21000301000000Z", 4_107_542_400),
            (GENERALIZED_TIME, "99991231235959Z", 253_402_300_799),
        ] {
            assert_eq!(unix(tag, text), Some(seconds), "{text}");
        }
    }

    #[test]
    fn invalid_times_are_rejected() {
        for text in
            ["7001010000Z", "700101000000", "701301000000Z", "700001000000Z", "70010100-000Z"]
        {
            assert_eq!(unix(UTC_TIME, text), None, "{text}");
        }
        assert_eq!(unix(4, "700101000000Z"), None);
    }
}
