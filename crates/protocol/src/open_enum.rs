//! Enumerations of the service: a set of known words that may grow.

/// Declares an enumeration whose unknown words are kept in `Other`.
///
/// Known words are recognised in any case, because the service itself writes some in several; they
/// are written in the spelling declared. `Default` is `Other("")`: the value of an element that is
/// absent although the service promises it.
macro_rules! open_enum {
    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $($(#[$variant_meta:meta])* $variant:ident $(= $word:literal)?,)+
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_meta])* $variant,)+
            /// A word that is not in the list, as it came.
            Other(String),
        }

        impl $name {
            /// The word as it stands on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $crate::open_enum::word!($variant $(= $word)?),)+
                    Self::Other(word) => word,
                }
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                let word = text.trim();
                $(
                    if word.eq_ignore_ascii_case($crate::open_enum::word!($variant $(= $word)?)) {
                        return Self::$variant;
                    }
                )+
                Self::Other(word.to_owned())
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self::Other(String::new())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                match self {
                    // What is not known may hold anything.
                    Self::Other(word) => f.pad(&$crate::open_enum::shown(word)),
                    known => f.pad(known.as_str()),
                }
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::open_enum::read(deserializer)
            }
        }
    };
}

macro_rules! word {
    ($variant:ident) => {
        stringify!($variant)
    };
    ($variant:ident = $word:literal) => {
        $word
    };
}

pub(crate) use {open_enum, word};

/// The longest word that `Display` shows, in characters.
const LONGEST: usize = 100;

/// A word of the service, fit for a terminal.
pub(crate) fn shown(word: &str) -> String {
    azure_classic_text::sanitize(word).truncated_to(LONGEST).to_string()
}

/// Reads the text of an element as an open enumeration; apart from the macro, so that it is
/// compiled for a type and not for a declaration.
pub(crate) fn read<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: serde::Deserializer<'de>,
    T: for<'a> From<&'a str>,
{
    struct Word<T>(std::marker::PhantomData<T>);

    impl<T: for<'a> From<&'a str>> serde::de::Visitor<'_> for Word<T> {
        type Value = T;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("a word")
        }

        fn visit_str<E>(self, text: &str) -> Result<T, E> {
            Ok(T::from(text))
        }
    }

    deserializer.deserialize_str(Word(std::marker::PhantomData))
}

#[cfg(test)]
mod tests {
    #![expect(unreachable_pub, reason = "the macro declares what is public elsewhere")]

    open_enum! {
        /// For the tests.
        pub enum Colour {
            /// Red.
            Red,
            /// Written otherwise than it is named.
            DarkBlue = "dark-blue",
        }
    }

    #[test]
    fn known_words_read_in_any_case_and_are_written_as_declared() {
        assert_eq!(Colour::from("RED"), Colour::Red);
        assert_eq!(Colour::from(" dark-Blue "), Colour::DarkBlue);
        assert_eq!(Colour::DarkBlue.to_string(), "dark-blue");
    }

    #[test]
    fn an_unknown_word_is_shown_escaped() {
        let colour = Colour::from("Mau\u{9b}31mve\u{2066}");
        assert_eq!(colour.as_str(), "Mau\u{9b}31mve\u{2066}");
        assert_eq!(colour.to_string(), r"Mau\u{9b}31mve\u{2066}");
    }

    #[test]
    fn an_unknown_word_is_kept_with_its_case() {
        let colour: Colour = serde_json::from_str("\"MauVe\"").unwrap();
        assert_eq!(colour, Colour::Other("MauVe".to_owned()));
        assert_eq!(serde_json::to_string(&colour).unwrap(), "\"MauVe\"");
    }
}
