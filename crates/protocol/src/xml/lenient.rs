//! Values whose errors do not fail the document around them.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Visitor};

/// The name with which [`lenient`] requests a value that it may reject from this module's deserializer.
pub(super) const LENIENT: &str = "$azure_classic::xml::Lenient";

/// Reads an optional number or boolean; an invalid text becomes `None` instead of an error.
///
/// Absent (with `default`), nil and empty are `None` as well.
/// [`Reader::read_with_unknown`](super::Reader::read_with_unknown) reports a text that the type cannot
/// represent, such as `-1` in a `u32`, as `Path/To/Element/text()`. Formats other than this module's read the
/// option as usual.
///
/// # Errors
///
/// If the document is not well-formed.
///
/// # Example
///
/// ```
/// use azure_classic_protocol::xml::{Reader, lenient};
/// use serde::Deserialize;
///
/// #[derive(Deserialize)]
/// #[serde(rename_all = "PascalCase")]
/// struct Disk {
///     #[serde(default, deserialize_with = "lenient")]
///     lun: Option<u32>,
/// }
///
/// let document = b"<Disk xmlns='urn:a'><Lun>-1</Lun></Disk>";
/// let (disk, unknown) = Reader::new().namespace("urn:a").read_with_unknown::<Disk>(document)?;
/// assert_eq!(disk.lun, None);
/// assert_eq!(unknown.paths, ["Disk/Lun/text()"]);
/// # Ok::<(), azure_classic_protocol::xml::ReadError>(())
/// ```
pub fn lenient<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    deserializer.deserialize_newtype_struct(LENIENT, Lenient(PhantomData))
}

/// Reads a number or a boolean that the service omits when it is zero or false: absent (with `default`), nil,
/// empty and invalid are all the default.
pub(crate) fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    lenient(deserializer).map(Option::unwrap_or_default)
}

struct Lenient<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Lenient<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_none<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    /// The deserializer records a text that it rejects.
    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        Ok(T::deserialize(deserializer).ok())
    }

    /// Any other format: it ignores the newtype.
    fn visit_newtype_struct<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<Self::Value, D::Error> {
        Option::deserialize(deserializer)
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::{lenient, or_default};
    use crate::xml;

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Sample {
        #[serde(default, deserialize_with = "or_default")]
        lun: u32,
        #[serde(default, deserialize_with = "or_default")]
        is_json_extension: bool,
        #[serde(default, deserialize_with = "lenient")]
        port: Option<u16>,
        #[serde(default, deserialize_with = "lenient")]
        locked: Option<bool>,
    }

    const NOTHING: Sample = Sample { lun: 0, is_json_extension: false, port: None, locked: None };

    fn with_unknown(content: &str) -> (Sample, Vec<String>) {
        let start = "<Sample xmlns='http://schemas.microsoft.com/windowsazure' \
                     xmlns:i='http://www.w3.org/2001/XMLSchema-instance'>";
        let document = format!("{start}{content}</Sample>");
        let (sample, unknown) = xml::Reader::new().read_with_unknown(document.as_bytes()).unwrap();
        assert_eq!(sample, xml::from_slice(document.as_bytes()).unwrap());
        (sample, unknown.paths)
    }

    fn read(content: &str) -> Sample {
        let (sample, unknown) = with_unknown(content);
        assert_eq!(unknown, [""; 0], "{content}");
        sample
    }

    #[test]
    fn absent_nil_and_empty_are_the_default() {
        assert_eq!(read(""), NOTHING);
        let nil = "<Lun i:nil='true'/><IsJsonExtension i:nil='true'/><Port i:nil='true'/>";
        assert_eq!(read(nil), NOTHING);
        assert_eq!(
            read("<Lun/><IsJsonExtension></IsJsonExtension><Port/><Locked></Locked>"),
            NOTHING
        );
    }

    #[test]
    fn every_spelling_of_a_value_reads() {
        for three in ["3", " 3 ", "+3", "3.0", "3.", "003", "\u{a0}3", "<!---->3", "<![CDATA[3]]>"]
        {
            let content = format!("<Lun>{three}</Lun><Port>{three}</Port>");
            assert_eq!(read(&content), Sample { lun: 3, port: Some(3), ..NOTHING }, "{three}");
        }
        for yes in ["true", "True", "TRUE", " true\n", "1"] {
            let content = format!("<IsJsonExtension>{yes}</IsJsonExtension><Locked>{yes}</Locked>");
            let expected = Sample { is_json_extension: true, locked: Some(true), ..NOTHING };
            assert_eq!(read(&content), expected, "{yes}");
        }
        assert_eq!(read("<Locked>FALSE</Locked>").locked, Some(false));
    }

    #[test]
    fn an_unreadable_value_costs_itself_only_and_is_reported() {
        for text in ["-1", "4294967296", "3.5", "1e3", "three", "0x10", "&#0;", "1 2", " . "] {
            let content = format!("<Lun>7</Lun><Port>{text}</Port><Locked>{text}</Locked>");
            let (sample, unknown) = with_unknown(&content);
            assert_eq!(sample, Sample { lun: 7, ..NOTHING }, "{text}");
            assert_eq!(unknown, ["Sample/Port/text()", "Sample/Locked/text()"], "{text}");
        }
    }

    #[test]
    fn children_in_place_of_a_value_are_passed_over() {
        let (sample, unknown) = with_unknown("<Port><Number>3</Number></Port><Lun>7</Lun>");
        assert_eq!(sample, Sample { lun: 7, ..NOTHING });
        assert_eq!(unknown, ["Sample/Port/Number"]);
    }

    #[test]
    fn a_damaged_document_is_still_an_error() {
        for document in
            ["<Sample><Port>3</Sample>", "<Sample><Port>&x;</Port></Sample>", "<Sample><Port>3"]
        {
            xml::Reader::new().namespace("").read::<Sample>(document.as_bytes()).unwrap_err();
        }
    }

    #[test]
    fn other_formats_read_the_option_as_always() {
        #[derive(Deserialize)]
        struct Json {
            #[serde(default, deserialize_with = "lenient")]
            port: Option<u16>,
        }
        assert_eq!(serde_json::from_str::<Json>("{\"port\":3}").unwrap().port, Some(3));
        assert_eq!(serde_json::from_str::<Json>("{\"port\":null}").unwrap().port, None);
        assert!(serde_json::from_str::<Json>("{\"port\":-1}").is_err());
    }
}
