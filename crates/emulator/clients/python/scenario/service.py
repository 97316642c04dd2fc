"""Cloud services: availability of names, create, list, read, update, delete."""

from .contoso import SERVICE
from .steps import equal, rejected
from .waiting import wait_for


def run(step, client, _emulator):
    with step("a free name is available"):
        response = client.check_hosted_service_name_availability(SERVICE)
        equal((response.result, response.reason), (True, False))

    with step("create a cloud service, and follow it to its end"):
        accepted = client.create_hosted_service(
            SERVICE,
            label="Contoso, für alle",
            description="the shop",
            location="North Europe",
            extended_properties={"Owner": "fabrikam", "Stage": "test"},
        )
        wait_for(client, accepted)

    with step("a name that is taken is not available"):
        response = client.check_hosted_service_name_availability(SERVICE)
        equal(response.result, False)
        # The client makes a boolean of it.
        equal(response.reason, True, "Reason")

    with step("a cloud service of the same name is refused"):
        with rejected(409, "ConflictError"):
            client.create_hosted_service(SERVICE, label="again", location="North Europe")

    with step("a service that is not there is told apart"):
        with rejected(404, "ResourceNotFound"):
            client.get_hosted_service_properties("fabrikam")

    with step("list cloud services"):
        services = client.list_hosted_services()
        equal([service.service_name for service in services], [SERVICE])
        assert services[0].url.endswith(f"/services/hostedservices/{SERVICE}"), services[0].url

    with step("read a cloud service"):
        service = client.get_hosted_service_properties(SERVICE)
        properties = service.hosted_service_properties
        equal(service.service_name, SERVICE)
        equal(properties.label, "Contoso, für alle", "Label")
        equal(properties.description, "the shop", "Description")
        equal(properties.location, "North Europe", "Location")
        equal(properties.status, "Created", "Status")
        equal(properties.extended_properties["Owner"], "fabrikam", "Owner")
        assert properties.date_created.endswith("Z"), properties.date_created
        equal(service.deployments, None, "deployments that nobody asked for")

    with step("update a cloud service"):
        client.update_hosted_service(
            SERVICE,
            label="Contoso 2",
            description="the new shop",
            extended_properties={"Stage": "live"},
        )
        properties = client.get_hosted_service_properties(SERVICE).hosted_service_properties
        equal(properties.label, "Contoso 2", "Label")
        equal(properties.description, "the new shop", "Description")
        equal(properties.extended_properties["Stage"], "live", "Stage")
        equal(properties.extended_properties["Owner"], "fabrikam", "Owner")

    with step("delete a cloud service"):
        wait_for(client, client.delete_hosted_service(SERVICE))
        equal(len(client.list_hosted_services()), 0, "number of services")
