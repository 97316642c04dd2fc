"""What is deployed: two releases of a service with two roles, and the credentials of contoso."""

import base64
import hashlib
import ssl
from pathlib import Path

SERVICE = "contoso"
# The package has five upgrade domains.
DOMAINS = 5
PACKAGES = "https://contoso.blob.core.windows.net/packages/"
FIXTURES = Path(__file__).resolve().parents[4] / "credentials" / "tests" / "fixtures"


def package(release):
    return f"{PACKAGES}{release}.cspkg"


def configuration(release, web=2, worker=1):
    """The text of a service configuration (.cscfg)."""
    return f"""<?xml version="1.0" encoding="utf-8"?>
<ServiceConfiguration serviceName="Contoso" osFamily="6" osVersion="*"
    xmlns="http://schemas.microsoft.com/ServiceHosting/2008/10/ServiceConfiguration">
  <Role name="Web">
    <Instances count="{web}" />
    <ConfigurationSettings><Setting name="Release" value="{release}" /></ConfigurationSettings>
  </Role>
  <Role name="Worker">
    <Instances count="{worker}" />
    <ConfigurationSettings><Setting name="Release" value="{release}" /></ConfigurationSettings>
  </Role>
</ServiceConfiguration>"""


def encoded(data):
    """The client wants configurations and certificates encoded by its caller."""
    return base64.b64encode(data.encode() if isinstance(data, str) else data).decode()


def certificate(name):
    """The DER of the certificate in a PEM file of the fixtures."""
    pem = (FIXTURES / f"{name}.pem").read_text()
    end = "-----END CERTIFICATE-----"
    return ssl.PEM_cert_to_DER_cert(pem[: pem.index(end) + len(end)])


def thumbprint(der):
    return hashlib.sha1(der).hexdigest().upper()


def rsa_public_key(der):
    """PKCS#1 out of a certificate with a 2048-bit key: what follows the head of its bit string."""
    begin = der.index(bytes.fromhex("0382010f00")) + 5
    return der[begin : begin + 270]
