"""Certificates of a cloud service, and those that may manage the subscription."""

from azure.servicemanagement import ServiceManagementService

from .contoso import FIXTURES, SERVICE, certificate, encoded, rsa_public_key, thumbprint
from .steps import equal, rejected
from .waiting import wait_for


def run(step, client, emulator):
    run_service_certificates(step, client)
    run_management_certificates(step, client, emulator)


def run_service_certificates(step, client):
    # The PKCS#12 holds the certificate of ec.pem; rsa.pem stands for one without a key.
    with_key, alone = certificate("ec"), certificate("rsa")

    with step("add a service certificate with its key"):
        client.create_hosted_service(SERVICE, label="Contoso", location="North Europe")
        pfx = (FIXTURES / "legacy.pfx").read_bytes()
        wait_for(client, client.add_service_certificate(SERVICE, encoded(pfx), "pfx", "secret"))

    with step("add a service certificate without a key"):
        # The client demands a password, and sends an empty element.
        wait_for(client, client.add_service_certificate(SERVICE, encoded(alone), "cer", ""))

    with step("list service certificates"):
        listed = client.list_service_certificates(SERVICE)
        expected = {thumbprint(with_key): encoded(with_key), thumbprint(alone): encoded(alone)}
        equal({each.thumbprint: each.data for each in listed}, expected)
        for each in listed:
            equal(each.thumbprint_algorithm, "sha1", "ThumbprintAlgorithm")
            end = f"/certificates/sha1-{each.thumbprint}"
            assert each.certificate_url.endswith(end), each.certificate_url

    with step("get a service certificate, its thumbprint in either case"):
        for spelled in (thumbprint(alone), thumbprint(alone).lower()):
            found = client.get_service_certificate(SERVICE, "sha1", spelled)
            equal(found.data, encoded(alone), "Data")

    with step("delete service certificates"):
        for der in (with_key, alone):
            wait_for(client, client.delete_service_certificate(SERVICE, "sha1", thumbprint(der)))
        equal(len(client.list_service_certificates(SERVICE)), 0, "number of certificates")
        with rejected(404, "ResourceNotFound"):
            client.get_service_certificate(SERVICE, "sha1", thumbprint(alone))

    with step("delete the service that had certificates"):
        wait_for(client, client.delete_hosted_service(SERVICE))


def run_management_certificates(step, client, emulator):
    added = certificate("rsa")
    other = ServiceManagementService(
        emulator.subscription, str(FIXTURES / "rsa.pem"), host=emulator.host
    )

    with step("a certificate that was not added may not connect"):
        with rejected(403, "ForbiddenError"):
            other.list_hosted_services()

    with step("add a management certificate, and connect with it"):
        client.add_management_certificate(
            encoded(rsa_public_key(added)), thumbprint(added), encoded(added)
        )
        equal(len(other.list_hosted_services()), 0, "number of services")

    with step("list management certificates"):
        listed = {
            each.subscription_certificate_thumbprint: each.subscription_certificate_data
            for each in client.list_management_certificates()
        }
        equal(len(listed), 2, "number of certificates")
        equal(listed[thumbprint(added)], encoded(added), "data")

    with step("get a management certificate"):
        found = client.get_management_certificate(thumbprint(added))
        equal(found.subscription_certificate_data, encoded(added), "data")
        equal(found.subscription_certificate_public_key, encoded(rsa_public_key(added)), "key")
        assert found.created.endswith("Z"), found.created

    with step("delete a management certificate, and it may connect no more"):
        client.delete_management_certificate(thumbprint(added))
        with rejected(403, "ForbiddenError"):
            other.list_hosted_services()
        with rejected(404, "ResourceNotFound"):
            client.get_management_certificate(thumbprint(added))
