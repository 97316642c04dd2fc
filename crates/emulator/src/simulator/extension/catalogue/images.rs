//! The extensions that there are to add: names and purposes as Microsoft's tools knew them, versions
//! and schemas of the emulator's own.

use super::Image;

const MICROSOFT: &str = "Microsoft.Windows.Azure.Extensions";

pub(super) const IMAGES: &[Image] = &[
    Image {
        provider: MICROSOFT,
        kind: "ADDomain",
        versions: &["1.0", "1.1", "1.2", "1.3"],
        label: "Active Directory domain join",
        description: "Joins the role instances to a domain or a workgroup.",
        public_schema: Some(
            "<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\">\
             <xs:element name=\"PublicConfig\"><xs:complexType><xs:all>\
             <xs:element name=\"Name\" type=\"xs:string\"/>\
             <xs:element name=\"Restart\" type=\"xs:boolean\" minOccurs=\"0\"/>\
             <xs:element name=\"User\" type=\"xs:string\" minOccurs=\"0\"/>\
             <xs:element name=\"Options\" type=\"xs:unsignedInt\" minOccurs=\"0\"/>\
             <xs:element name=\"OUPath\" type=\"xs:string\" minOccurs=\"0\"/>\
             </xs:all></xs:complexType></xs:element></xs:schema>",
        ),
        private_schema: Some(PASSWORD),
        sample: None,
    },
    Image {
        provider: MICROSOFT,
        kind: "Diagnostics",
        versions: &["1.0", "1.1"],
        label: "Diagnostics 1.0",
        description: "Collects logs and counters of the role instances, as the SDK up to 2.4 did.",
        public_schema: None,
        private_schema: None,
        sample: None,
    },
    Image {
        provider: MICROSOFT,
        kind: "RDP",
        versions: &["1.0", "1.1", "1.2"],
        label: "Remote Desktop",
        description: "Lets a user log on to the role instances by Remote Desktop.",
        public_schema: Some(
            "<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\">\
             <xs:element name=\"PublicConfig\"><xs:complexType><xs:all>\
             <xs:element name=\"UserName\" type=\"xs:string\"/>\
             <xs:element name=\"Expiration\" type=\"xs:string\"/>\
             </xs:all></xs:complexType></xs:element></xs:schema>",
        ),
        private_schema: Some(PASSWORD),
        sample: Some(
            "<PublicConfig><UserName>contoso</UserName>\
             <Expiration>2016-12-31 23:59:59Z</Expiration></PublicConfig>",
        ),
    },
    Image {
        provider: "Microsoft.Azure.Diagnostics",
        kind: "PaaSDiagnostics",
        versions: &["1.0", "1.1", "1.2", "1.3", "1.4", "1.5"],
        label: "Diagnostics",
        description: "Collects logs, counters and traces of the role instances.",
        public_schema: None,
        private_schema: None,
        sample: None,
    },
    Image {
        provider: "Microsoft.Azure.Security",
        kind: "PaaSAntimalware",
        versions: &["1.0", "1.1", "1.2", "1.3"],
        label: "Antimalware",
        description: "Protects the role instances against malware.",
        public_schema: None,
        private_schema: None,
        sample: None,
    },
];

const PASSWORD: &str = "<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\">\
                        <xs:element name=\"PrivateConfig\"><xs:complexType><xs:all>\
                        <xs:element name=\"Password\" type=\"xs:string\"/>\
                        </xs:all></xs:complexType></xs:element></xs:schema>";
