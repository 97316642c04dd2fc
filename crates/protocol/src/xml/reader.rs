//! What may be set before reading.

use serde::de::DeserializeOwned;

use super::{ReadError, Unknown, WINDOWS_AZURE, read};

/// Reads documents of one root namespace, within limits.
///
/// # Example
///
/// ```
/// use azure_classic_protocol::xml::{Limits, Reader};
/// use serde::Deserialize;
///
/// #[derive(Deserialize)]
/// #[serde(rename_all = "PascalCase")]
/// struct NetworkConfiguration {
///     name: String,
/// }
///
/// let reader = Reader::new().namespace("urn:network").limits(Limits { bytes: 1024, ..Limits::default() });
/// let network: NetworkConfiguration =
///     reader.read(b"<NetworkConfiguration xmlns='urn:network'><Name>contoso</Name></NetworkConfiguration>")?;
/// assert_eq!(network.name, "contoso");
/// # Ok::<(), azure_classic_protocol::xml::ReadError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Reader<'n> {
    pub(super) namespace: &'n str,
    pub(super) also: Vec<&'n str>,
    pub(super) limits: Limits,
}

impl<'n> Reader<'n> {
    /// A reader for roots in [`WINDOWS_AZURE`], with the default limits.
    pub fn new() -> Self {
        Self { namespace: WINDOWS_AZURE, also: Vec::new(), limits: Limits::default() }
    }

    /// Expects the root in this namespace instead; `""` stands for no namespace. Elements below the
    /// root must lie in it too.
    pub fn namespace(mut self, namespace: &'n str) -> Self {
        self.namespace = namespace;
        self
    }

    /// Knows elements of this namespace too, below the root; without it they are passed over. May
    /// be called repeatedly.
    pub fn also(mut self, namespace: &'n str) -> Self {
        self.also.push(namespace);
        self
    }

    /// Reads within these limits.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Reads a document whose root is named as `T` tells serde; any name will do for a `T` that
    /// tells none.
    ///
    /// # Errors
    ///
    /// As [`from_slice`](super::from_slice).
    pub fn read<T: DeserializeOwned>(&self, document: &[u8]) -> Result<T, ReadError> {
        read::read(self, document)
    }

    /// As [`read`](Self::read), and tells what of the document the model did not take: what it does
    /// not know, what another namespace hides from it, what nil or an early end keep from it.
    ///
    /// Declarations of namespaces, `i:nil`, comments and processing instructions carry nothing and
    /// are not told. What a type takes and drops (as serde's `flatten` does) counts as taken. Takes
    /// two to three times as long as [`read`](Self::read), and memory for each element.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read).
    ///
    /// # Example
    ///
    /// ```
    /// use azure_classic_protocol::xml::Reader;
    /// use serde::Deserialize;
    ///
    /// #[derive(Deserialize)]
    /// struct Role {
    ///     #[serde(rename = "RoleName")]
    ///     name: String,
    /// }
    ///
    /// let document = b"<RoleList xmlns='urn:a'><Role><RoleName>web</RoleName></Role>\
    ///     <Role kind='x'><RoleName>db</RoleName><Colour>red</Colour></Role></RoleList>";
    /// let (roles, unknown) = Reader::new().namespace("urn:a").read_with_unknown::<Vec<Role>>(document)?;
    /// assert_eq!(roles[1].name, "db");
    /// assert_eq!(unknown.paths, ["RoleList/Role[2]/@kind", "RoleList/Role[2]/Colour"]);
    /// # Ok::<(), azure_classic_protocol::xml::ReadError>(())
    /// ```
    pub fn read_with_unknown<T: DeserializeOwned>(
        &self,
        document: &[u8],
    ) -> Result<(T, Unknown), ReadError> {
        read::read_with_unknown(self, document)
    }
}

impl Default for Reader<'_> {
    fn default() -> Self {
        Self::new()
    }
}

/// How much a document may ask of its reader. A document beyond a limit is an error that names the
/// limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Open elements within each other; 64 by default. The deepest documented answer has 13.
    pub depth: usize,
    /// Attributes on one element that the model knows, declarations of namespaces among them; 32
    /// by default.
    pub attributes: usize,
    /// Attributes in all, of elements that the model knows; 1,000,000 by default.
    pub total_attributes: usize,
    /// Declarations of namespaces in force at one place; 32 by default.
    pub namespaces: usize,
    /// Declarations of namespaces in all, on elements that the model knows; 100,000 by default.
    pub total_namespaces: usize,
    /// Elements in all, unknown ones included; 250,000 by default. It is what bounds the memory:
    /// an empty element of four bytes can be an item of several hundred.
    pub elements: usize,
    /// Bytes of one name, or of a namespace's URI; 1,024 by default.
    pub name: usize,
    /// Bytes of one text or of an attribute's value; 8 MiB by default, so that a configuration in
    /// Base64 passes.
    pub text: usize,
    /// Bytes of the document; 16 MiB by default, ten times the largest answer known.
    pub bytes: usize,
}

impl Limits {
    /// Checks a document that another parser is to read: all its elements, whether a model knows them
    /// or not. The cost is linear in its bytes, and nothing is allocated for its content.
    ///
    /// It is no check of the form: the other parser finds the rest of what is wrong.
    ///
    /// # Errors
    ///
    /// When a limit is exceeded, when there is a document type declaration, when tags and attributes
    /// cannot be told apart, or when a reference stands for a character that XML cannot have.
    ///
    /// # Example
    ///
    /// ```
    /// use azure_classic_protocol::xml::Limits;
    ///
    /// let limits = Limits { attributes: 1, ..Limits::default() };
    /// limits.check(b"<Role name='web'><Instances count='2'/></Role>")?;
    /// let error = limits.check(b"<Role><Instances count='2' b='3'/></Role>").unwrap_err();
    /// assert_eq!(error.to_string(), "Instances has more than 1 attributes (Limits::attributes)");
    /// # Ok::<(), azure_classic_protocol::xml::ReadError>(())
    /// ```
    pub fn check(&self, document: &[u8]) -> Result<(), ReadError> {
        read::check(self, document)
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            depth: 64,
            attributes: 32,
            total_attributes: 1_000_000,
            namespaces: 32,
            total_namespaces: 100_000,
            elements: 250_000,
            name: 1024,
            text: 8 << 20,
            bytes: 16 << 20,
        }
    }
}
