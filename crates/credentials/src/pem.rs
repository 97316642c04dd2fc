//! The sections of a PEM text, read tolerantly.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use zeroize::Zeroizing;

use crate::OpenError;

const PREFIX: &str = "-----BEGIN ";
const END: &str = "-----END ";
const DASHES: &str = "-----";

/// More than in any bundle of authorities.
const MAX_SECTIONS: usize = 1024;

/// Some writers omit the padding.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// From a `-----BEGIN …-----` to its `-----END …-----`.
#[derive(Clone, Copy)]
pub(crate) struct Section<'t> {
    pub(crate) label: &'t str,
    /// The content: header fields of RFC 1421, if any, and base64.
    body: &'t str,
}

/// Whether a text contains the start of a section.
pub(crate) fn has_sections(text: &str) -> bool {
    text.contains(PREFIX)
}

/// The sections of a text. Text before, between and after them is skipped.
pub(crate) fn sections(text: &str) -> Result<Vec<Section<'_>>, OpenError> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((_, after_prefix)) = rest.split_once(PREFIX) {
        if found.len() == MAX_SECTIONS {
            return Err(OpenError::TooLarge);
        }
        let line = after_prefix.split(['\r', '\n']).next().unwrap_or_default();
        let (label, _) = line
            .split_once(DASHES)
            .ok_or(OpenError::DamagedPem { what: "a -----BEGIN line is malformed" })?;
        let body = &after_prefix[label.len() + DASHES.len()..];
        let no_end = OpenError::DamagedPem { what: "a section has no -----END line" };
        let (body, ended) = body.split_once(END).ok_or(no_end.clone())?;
        if body.contains(PREFIX) {
            return Err(no_end);
        }
        let is_of_label = ended.strip_prefix(label).is_some_and(|rest| rest.starts_with(DASHES));
        if !is_of_label {
            let what = "an -----END line does not match its -----BEGIN line";
            return Err(OpenError::DamagedPem { what });
        }
        found.push(Section { label: label.trim(), body });
        rest = ended;
    }
    Ok(found)
}

impl<'t> Section<'t> {
    /// The lines of the header, which cannot be base64, each with its continuations.
    fn fields(self) -> impl Iterator<Item = (&'t str, &'t str)> {
        self.lines()
            .filter(|(_, is_header)| *is_header)
            .filter_map(|(line, _)| line.split_once(':'))
    }

    /// The lines, and whether they belong to the header.
    fn lines(self) -> impl Iterator<Item = (&'t str, bool)> {
        let mut was_header = false;
        // Line ends of old Macs as well; the empty line between CR and LF is skipped.
        self.body.split(['\r', '\n']).filter(|line| !line.is_empty()).map(move |line| {
            let is_blank = line.trim().is_empty();
            let goes_on = was_header && !is_blank && line.starts_with([' ', '\t']);
            was_header = line.contains(':') || goes_on;
            (line, was_header)
        })
    }

    /// The field `DEK-Info` of a section that is encrypted with `Proc-Type: 4,ENCRYPTED`.
    pub(crate) fn dek_info(self) -> Option<Result<&'t str, OpenError>> {
        let field = |name: &str| {
            let mut named =
                self.fields().filter(|(found, _)| found.trim().eq_ignore_ascii_case(name));
            named.next().map(|(_, value)| value.trim())
        };
        let is_encrypted = field("Proc-Type").is_some_and(|kind| kind.contains("ENCRYPTED"));
        let no_cipher =
            OpenError::DamagedPem { what: "an encrypted section has no DEK-Info field" };
        is_encrypted.then(|| field("DEK-Info").ok_or(no_cipher))
    }

    /// The bytes of the section.
    pub(crate) fn content(self) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        let mut base64 = Zeroizing::new(Vec::with_capacity(self.body.len()));
        for (line, is_header) in self.lines() {
            if !is_header {
                base64.extend(line.bytes().filter(|byte| !byte.is_ascii_whitespace()));
            }
        }
        decode_base64(&base64).ok_or(OpenError::DamagedPem { what: "a section is not base64" })
    }
}

/// Decodes base64 without white space; the padding may be missing.
pub(crate) fn decode_base64(base64: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    LENIENT.decode(base64).ok().map(Zeroizing::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn only(text: &str) -> (&str, Result<Vec<u8>, OpenError>) {
        let [section] = sections(text).unwrap()[..] else { panic!("{text}") };
        (section.label, section.content().map(|content| content.to_vec()))
    }

    #[test]
    fn sections_are_read_with_any_line_ends() {
        for text in [
            "-----BEGIN X-----\nAQID\n-----END X-----\n",
            "before\r\n-----BEGIN X-----\r\nAQ\r\nID\r\n-----END X-----\r\nafter",
            "-----BEGIN X-----\rA\rQID\r-----END X-----",
            "-----BEGIN X-----  \n  AQID  \n\n  -----END X-----  ",
            "-----BEGIN X-----AQID-----END X-----",
            "-----BEGIN X-----\nA: b\nAQID\n-----END X-----",
            "-----BEGIN X-----\r\nA: b\r\n c\r\nD: e, f=\r\n\r\nAQID\r\n-----END X-----",
            "-----BEGIN X-----\nA: b\n  \t\n  AQID\n-----END X-----",
        ] {
            assert_eq!(only(text), ("X", Ok(vec![1, 2, 3])), "{text}");
        }
        assert_eq!(only("-----BEGIN A B-----\nAQ\n-----END A B-----"), ("A B", Ok(vec![1])));
    }

    #[test]
    fn errors_name_the_damage_of_a_section() {
        for (text, expected) in [
            ("-----BEGIN X-----\nAQID", "a section has no -----END line"),
            ("-----BEGIN X-----\nAQID\n-----BEGIN Y-----\n-----END Y-----", "no -----END line"),
            ("-----BEGIN X\nAQID\n-----END X-----", "a -----BEGIN line is malformed"),
            ("-----BEGIN X-----\nAQID\n-----END Y-----", "does not match"),
            ("-----BEGIN X-----\nAQID\n-----END X\n", "does not match"),
        ] {
            let error = sections(text).err().unwrap().to_string();
            assert!(error.contains(expected), "{text}: {error}");
        }
        let (_, content) = only("-----BEGIN X-----\nA?ID\n-----END X-----");
        assert!(content.unwrap_err().to_string().ends_with("a section is not base64"));
    }

    #[test]
    fn a_text_with_very_many_sections_is_rejected() {
        let section = "-----BEGIN X-----\n-----END X-----\n";
        assert_eq!(sections(&section.repeat(MAX_SECTIONS)).unwrap().len(), MAX_SECTIONS);
        let error = sections(&section.repeat(MAX_SECTIONS + 1)).err().unwrap();
        assert_eq!(error, OpenError::TooLarge);
    }
}
