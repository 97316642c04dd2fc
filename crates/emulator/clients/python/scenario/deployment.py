"""The life of two deployments: staging, production, their instances, and the end."""

from .contoso import DOMAINS, SERVICE, configuration, encoded, package
from .steps import equal, rejected, until
from .waiting import wait_for, instances, wait_until_ready


def run(step, client, _emulator):
    deploy(step, client)
    swap(step, client)
    suspend_and_resume(step, client)
    act_on_instances(step, client)
    delete(step, client)


def deploy(step, client):
    with step("deploy to staging"):
        client.create_hosted_service(SERVICE, label="Contoso", location="North Europe")
        accepted = client.create_deployment(
            SERVICE,
            "staging",
            "blue",
            package(1),
            "release 1, für alle",
            encoded(configuration(1)),
            start_deployment=True,
            treat_warnings_as_error=True,
            extended_properties={"Build": "4711"},
        )
        wait_for(client, accepted)
        wait_until_ready(client, "blue")

    with step("read the deployment by slot"):
        deployment = client.get_deployment_by_slot(SERVICE, "staging")
        equal(deployment.name, "blue", "Name")
        equal(deployment.deployment_slot, "Staging", "DeploymentSlot")
        equal(deployment.status, "Running", "Status")
        equal(deployment.label, "release 1, für alle", "Label")
        equal(deployment.configuration, configuration(1), "Configuration")
        equal(int(deployment.upgrade_domain_count), DOMAINS, "UpgradeDomainCount")
        equal([role.role_name for role in deployment.role_list], ["Web", "Worker"])
        equal(instances(deployment), ["Web_IN_0", "Web_IN_1", "Worker_IN_0"])
        equal([each.instance_upgrade_domain for each in deployment.role_instance_list], [0, 1, 0])
        equal((deployment.locked, deployment.rollback_allowed), (False, False))
        equal(deployment.extended_properties, {"Build": "4711"}, "ExtendedProperties")
        assert deployment.private_id in deployment.url, deployment.url
        assert deployment.created_time.endswith("Z"), deployment.created_time
        assert deployment.virtual_ips[0].address, "the deployment has no address"

    with step("read the cloud service with its deployments"):
        service = client.get_hosted_service_properties(SERVICE, embed_detail=True)
        equal([deployment.name for deployment in service.deployments], ["blue"])
        equal(len(service.deployments[0].role_instance_list), 3, "number of instances")

    with step("a slot that is taken is refused, an empty one is not found"):
        with rejected(409, "ConflictError"):
            create(client, "staging", "green")
        with rejected(404, "ResourceNotFound"):
            client.get_deployment_by_slot(SERVICE, "production")


def create(client, slot, name):
    content = encoded(configuration(2))
    return client.create_deployment(
        SERVICE, slot, name, package(2), "release 2", content, start_deployment=True
    )


def swap(step, client):
    with step("swap into an empty production slot, with an empty Production element"):
        wait_for(client, client.swap_deployment(SERVICE, "", "blue"))
        deployment = client.get_deployment_by_slot(SERVICE, "production")
        equal((deployment.name, deployment.deployment_slot), ("blue", "Production"))
        assert f"{SERVICE}." in deployment.url, deployment.url

    with step("deploy a second release to staging"):
        wait_for(client, create(client, "staging", "green"))
        wait_until_ready(client, "green")

    with step("swap both, and back"):
        wait_for(client, client.swap_deployment(SERVICE, "blue", "green"))
        equal(client.get_deployment_by_slot(SERVICE, "production").name, "green")
        equal(client.get_deployment_by_slot(SERVICE, "staging").name, "blue")
        wait_for(client, client.swap_deployment(SERVICE, "green", "blue"))
        equal(client.get_deployment_by_slot(SERVICE, "production").name, "blue")

    with step("a swap that names the wrong deployments is refused"):
        with rejected(409, "ConflictError"):
            client.swap_deployment(SERVICE, "green", "blue")


def suspend_and_resume(step, client):
    def states():
        deployment = client.get_deployment_by_name(SERVICE, "blue")
        return {each.instance_status for each in deployment.role_instance_list}

    with step("suspend"):
        wait_for(client, client.update_deployment_status(SERVICE, "blue", "Suspended"))
        until(lambda now: now == {"StoppedVM"}, states)
        equal(client.get_deployment_by_name(SERVICE, "blue").status, "Suspended")

    with step("resume"):
        wait_for(client, client.update_deployment_status(SERVICE, "blue", "Running"))
        equal(len(wait_until_ready(client, "blue").role_instance_list), 3, "number of instances")


def act_on_instances(step, client):
    for name, act in [
        ("reboot", client.reboot_role_instance),
        ("reimage", client.reimage_role_instance),
        ("rebuild", client.rebuild_role_instance),
    ]:
        with step(f"{name} an instance"):
            wait_for(client, act(SERVICE, "blue", "Web_IN_0"))
            equal(len(wait_until_ready(client, "blue").role_instance_list), 3, "number of instances")

    with step("an instance that is not there cannot be rebooted"):
        with rejected(404, "ResourceNotFound"):
            client.reboot_role_instance(SERVICE, "blue", "Web_IN_7")

    with step("delete an instance"):
        wait_for(client, client.delete_role_instances(SERVICE, "blue", ["Web_IN_1"]))
        until(
            lambda now: now == ["Web_IN_0", "Worker_IN_0"],
            lambda: instances(client.get_deployment_by_name(SERVICE, "blue")),
        )


def delete(step, client):
    with step("a service with deployments cannot be deleted"):
        with rejected(409, "ConflictError"):
            client.delete_hosted_service(SERVICE)

    with step("delete a deployment"):
        wait_for(client, client.delete_deployment(SERVICE, "blue"))
        with rejected(404, "ResourceNotFound"):
            client.get_deployment_by_name(SERVICE, "blue")

    with step("delete the service with what is left in it"):
        wait_for(client, client.delete_hosted_service(SERVICE, complete=True))
        with rejected(404, "ResourceNotFound"):
            client.get_hosted_service_properties(SERVICE)
