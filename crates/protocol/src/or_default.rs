use serde::{Deserialize, Deserializer};

/// Reads a number or a flag that the service drops when it is zero or false: absent (with
/// `default`), nil and empty are all the default.
pub(crate) fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml;

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Sample {
        #[serde(default, deserialize_with = "or_default")]
        lun: u32,
        #[serde(default, deserialize_with = "or_default")]
        is_json_extension: bool,
    }

    fn read(content: &str) -> Sample {
        let start = "<Sample xmlns='http://schemas.microsoft.com/windowsazure' \
                     xmlns:i='http://www.w3.org/2001/XMLSchema-instance'>";
        xml::from_slice(format!("{start}{content}</Sample>").as_bytes()).unwrap()
    }

    #[test]
    fn absent_nil_and_empty_are_the_default() {
        let dropped = Sample { lun: 0, is_json_extension: false };
        assert_eq!(read(""), dropped);
        assert_eq!(read("<Lun i:nil='true'/><IsJsonExtension i:nil='true'/>"), dropped);
        assert_eq!(read("<Lun/><IsJsonExtension></IsJsonExtension>"), dropped);
    }

    #[test]
    fn what_is_there_is_read() {
        let sample = read("<Lun> 3 </Lun><IsJsonExtension>true</IsJsonExtension>");
        assert_eq!(sample, Sample { lun: 3, is_json_extension: true });
    }
}
