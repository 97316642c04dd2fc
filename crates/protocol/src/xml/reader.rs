//! The options for reading.

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
    /// Creates a reader for roots in [`WINDOWS_AZURE`], with the default limits.
    pub fn new() -> Self {
        Self { namespace: WINDOWS_AZURE, also: Vec::new(), limits: Limits::default() }
    }

    /// Sets the namespace of the root; `""` means no namespace. Elements below the root must be in it as
    /// well.
    pub fn namespace(mut self, namespace: &'n str) -> Self {
        self.namespace = namespace;
        self
    }

    /// Accepts elements of this namespace, too, below the root; otherwise they are skipped. May be called
    /// repeatedly.
    pub fn also(mut self, namespace: &'n str) -> Self {
        self.also.push(namespace);
        self
    }

    /// Sets the limits.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Reads a document whose root has the serde name of `T`; any name is accepted for a `T` without one.
    ///
    /// # Errors
    ///
    /// As [`from_slice`](super::from_slice).
    pub fn read<T: DeserializeOwned>(&self, document: &[u8]) -> Result<T, ReadError> {
        read::read(self, document)
    }

    /// Does the same as [`read`](Self::read), and reports the parts of the document that the model did not
    /// take: unknown ones, those in another namespace, and those that nil or an early end hides.
    ///
    /// Declarations of namespaces, `i:nil`, comments and processing instructions are not reported. Parts that
    /// a type reads and drops (as serde's `flatten` does) count as taken. It takes two to three times as long
    /// as [`read`](Self::read), and memory for each element.
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

/// The limits of a document. A document beyond a limit is an error that names the limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The depth of open elements. Default: 64. The deepest documented response has 13.
    pub depth: usize,
    /// Attributes of one known element, including declarations of namespaces. Default: 32.
    pub attributes: usize,
    /// Attributes of all known elements. Default: 1,000,000.
    pub total_attributes: usize,
    /// Declarations of namespaces in scope at one place. Default: 32.
    pub namespaces: usize,
    /// Declarations of namespaces on all known elements. Default: 100,000.
    pub total_namespaces: usize,
    /// All elements, including unknown ones. Default: 250,000. It bounds the memory: an empty element of four
    /// bytes can be an item of several hundred.
    pub elements: usize,
    /// Bytes of one name, or of the URI of a namespace. Default: 1,024.
    pub name: usize,
    /// Bytes of one text or of the value of an attribute. Default: 8 MiB, so that a configuration in Base64
    /// passes.
    pub text: usize,
    /// Bytes of the document. Default: 16 MiB, ten times the largest known response.
    pub bytes: usize,
}

impl Limits {
    /// Checks a document for another parser: all its elements, known or not. The cost is linear in its bytes,
    /// and nothing is allocated for its content.
    ///
    /// It does not check the form completely: the other parser finds the remaining problems.
    ///
    /// # Errors
    ///
    /// If a limit is exceeded, if there is a document type declaration, if tags and attributes cannot be
    /// distinguished, or if a reference stands for a character that XML forbids.
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
