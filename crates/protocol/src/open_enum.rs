//! Enumerations of the service: a set of known values that may grow.

/// Declares an enumeration that keeps unknown values in `Other`.
///
/// Known values are parsed case-insensitively, because the service itself varies their case; they are written
/// as declared. `Default` is `Other("")`: the value of an absent element that the service promises.
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
            /// An unknown value, unchanged.
            Other(String),
        }

        impl $name {
            /// Returns the value on the wire.
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
                    // An unknown value may contain anything.
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

/// The longest value in `Display`, in characters.
const LONGEST: usize = 100;

/// Formats a value of the service for a terminal.
pub(crate) fn shown(word: &str) -> String {
    azure_classic_text::sanitize(word).truncated_to(LONGEST).to_string()
}

/// Parses the text of an element as an open enumeration. It is outside the macro, so that it is compiled once
/// per type and not per declaration.
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
    #![expect(unreachable_pub, reason = "the macro declares items that are public elsewhere")]

    open_enum! {
        /// For the tests.
        pub enum Colour {
            /// Red.
            Red,
            /// Its wire value differs from its name.
            DarkBlue = "dark-blue",
        }
    }

    #[test]
    fn known_values_are_parsed_in_any_case_and_written_as_declared() {
        assert_eq!(Colour::from("RED"), Colour::Red);
        assert_eq!(Colour::from(" dark-Blue "), Colour::DarkBlue);
        assert_eq!(Colour::DarkBlue.to_string(), "dark-blue");
    }

    #[test]
    fn display_escapes_an_unknown_value() {
        let colour = Colour::from("Mau\u{9b}31mve\u{2066}");
        assert_eq!(colour.as_str(), "Mau\u{9b}31mve\u{2066}");
        assert_eq!(colour.to_string(), r"Mau\u{9b}31mve\u{2066}");
    }

    #[test]
    fn an_unknown_value_keeps_its_case() {
        let colour: Colour = serde_json::from_str("\"MauVe\"").unwrap();
        assert_eq!(colour, Colour::Other("MauVe".to_owned()));
        assert_eq!(serde_json::to_string(&colour).unwrap(), "\"MauVe\"");
    }
}
