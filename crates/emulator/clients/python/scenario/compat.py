"""Spellings that the service took, and other ways for the client to connect."""

import os

import requests
from azure.servicemanagement import (
    ServiceManagementService,
    get_certificate_from_publish_settings,
)

from .contoso import SERVICE, configuration, encoded, package
from .steps import equal, rejected
from .waiting import wait_for, wait_until_ready


def run(step, client, emulator):
    with step("deploy to a slot and a service in other cases"):
        client.create_hosted_service(SERVICE, label="Contoso", location="North Europe")
        content = encoded(configuration(1))
        accepted = client.create_deployment(
            SERVICE.upper(), "PRODUCTION", "Blue", package(1), "release 1", content, True
        )
        wait_for(client, accepted)
        wait_until_ready(client, "Blue")

    with step("read by slot and name in other cases"):
        for slot in ("production", "Production", "PRODUCTION"):
            equal(client.get_deployment_by_slot(SERVICE, slot).name, "Blue", "Name")
        equal(client.get_deployment_by_name(SERVICE, "bLUE").name, "Blue", "Name")

    with step("modes in other cases"):
        content = encoded(configuration(2))
        accepted = client.change_deployment_configuration(SERVICE, "Blue", content, mode="manual")
        wait_for(client, accepted)
        accepted = client.rollback_update_or_upgrade(SERVICE, "Blue", "auto", force="False")
        wait_for(client, accepted)
        wait_until_ready(client, "Blue")

    # The client's own requests, sent through its public `perform_get` and `perform_post`.
    path = f"/{emulator.subscription}/services/hostedservices/{SERVICE}"

    with step("embed-detail=True"):
        for query in ("embed-detail=True", "Embed-Detail=true", "embed-detail=TRUE"):
            body = client.perform_get(f"{path}?{query}").body.decode()
            assert "<Name>Blue</Name>" in body, body

    with step("comp without and with a slash before it"):
        for slash, domain in [("", 0), ("/", 1), ("", 2), ("/", 3), ("", 4)]:
            if domain == 0:
                content = encoded(configuration(3))
                accepted = client.change_deployment_configuration(
                    SERVICE, "Blue", content, mode="MANUAL"
                )
                wait_for(client, accepted)
            response = client.perform_post(
                f"{path}/deployments/Blue{slash}?comp=walkUpgradeDomain", walk_body(domain)
            )
            request_id = dict(response.headers)["x-ms-request-id"]
            wait_for(client, Accepted(request_id))
        wait_until_ready(client, "Blue")

    with step("a session of the caller's own, with a Host without its port"):
        session = requests.Session()
        session.cert = emulator.management_certificate
        session.verify = emulator.certificate_authority
        session.headers["Host"] = "localhost"
        own = ServiceManagementService(
            emulator.subscription, host=emulator.host, request_session=session
        )
        equal(own.get_deployment_by_slot(SERVICE, "production").name, "Blue", "Name")

    with step("import the publish settings with the client, and connect"):
        pem = os.path.join(emulator.directory, "imported.pem")
        subscription = get_certificate_from_publish_settings(emulator.publish_settings, pem)
        equal(subscription, emulator.subscription, "subscription")
        imported = ServiceManagementService(subscription, pem, host=emulator.host)
        equal(imported.get_deployment_by_slot(SERVICE, "production").name, "Blue", "Name")

    with step("another subscription is refused"):
        other = ServiceManagementService(
            "00000000-0000-0000-0000-000000000000",
            emulator.management_certificate,
            host=emulator.host,
        )
        with rejected(403, "ForbiddenError"):
            other.get_deployment_by_slot(SERVICE, "production")

    with step("delete what was spelled"):
        wait_for(client, client.delete_deployment(SERVICE, "BLUE"))
        wait_for(client, client.delete_hosted_service(SERVICE.title()))


class Accepted:
    def __init__(self, request_id):
        self.request_id = request_id


def walk_body(domain):
    namespace = "http://schemas.microsoft.com/windowsazure"
    return (
        f'<WalkUpgradeDomain xmlns="{namespace}"><UpgradeDomain>{domain}</UpgradeDomain>'
        "</WalkUpgradeDomain>"
    )
