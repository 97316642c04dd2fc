use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{PublishSettings, PublishedSubscription};

const HEADER: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<PublishData>
  <PublishProfile SchemaVersion="2.0" PublishMethod="AzureServiceManagementAPI">
"#;
const FOOTER: &str = "  </PublishProfile>\n</PublishData>\n";

impl PublishSettings {
    /// Writes the file, in version 2. It contains the private keys without protection: make it readable by
    /// its owner only.
    ///
    /// Characters that XML does not allow, such as most control characters, become U+FFFD.
    pub fn write(&self) -> String {
        let sizes = self.subscriptions.iter().map(PublishedSubscription::max_size);
        // A growing string would leave copies in memory, and it contains keys.
        let mut text = String::with_capacity(HEADER.len() + FOOTER.len() + sizes.sum::<usize>());
        text.push_str(HEADER);
        for subscription in &self.subscriptions {
            subscription.append(&mut text);
        }
        text.push_str(FOOTER);
        text
    }
}

impl PublishedSubscription {
    fn max_size(&self) -> usize {
        let texts = self.management_url.len() + self.id.len() + self.name.len();
        150 + texts * MAX_ESCAPE_LENGTH + self.pkcs12.len().div_ceil(3) * 4
    }

    fn append(&self, text: &mut String) {
        text.push_str("    <Subscription");
        for (name, value) in
            [("ServiceManagementUrl", &self.management_url), ("Id", &self.id), ("Name", &self.name)]
        {
            text.extend([" ", name, "=\""]);
            append_escaped(value, text);
            text.push('"');
        }
        text.push_str(" ManagementCertificate=\"");
        STANDARD.encode_string(&*self.pkcs12, text);
        text.push_str("\" />\n");
    }
}

/// The longest escape of one byte, in bytes.
const MAX_ESCAPE_LENGTH: usize = "&quot;".len();

/// Writes the value of an attribute between double quotes.
fn append_escaped(value: &str, text: &mut String) {
    for character in value.chars() {
        match character {
            '&' => text.push_str("&amp;"),
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            '"' => text.push_str("&quot;"),
            // Readers turn unescaped ones into spaces.
            '\t' => text.push_str("&#9;"),
            '\n' => text.push_str("&#10;"),
            '\r' => text.push_str("&#13;"),
            '\0'..' ' | '\u{fffe}' | '\u{ffff}' => text.push(char::REPLACEMENT_CHARACTER),
            other => text.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_does_not_grow_while_it_is_written() {
        let hostile = "\"\u{1}".repeat(1000);
        let subscription =
            PublishedSubscription::new(&*hostile, &*hostile, &*hostile, vec![0; 1000]);
        let mut text = String::new();
        subscription.append(&mut text);
        assert!(text.len() <= subscription.max_size(), "{}", text.len());
    }
}
