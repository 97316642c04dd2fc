"""Updates in place: configuration changes, upgrades and rollbacks, each in both modes."""

from .contoso import SERVICE, configuration, encoded, package
from .steps import equal, rejected
from .waiting import wait_for, wait_until_ready, walk


def run(step, client, _emulator):
    with step("deploy to production"):
        client.create_hosted_service(SERVICE, label="Contoso", location="North Europe")
        accepted = client.create_deployment(
            SERVICE,
            "production",
            "blue",
            package(1),
            "release 1",
            encoded(configuration(1)),
            start_deployment=True,
        )
        wait_for(client, accepted)
        wait_until_ready(client, "blue")

    change_configuration(step, client)
    upgrade_and_roll_back(step, client)

    with step("delete what was updated"):
        wait_for(client, client.delete_deployment(SERVICE, "blue", delete_vhd=True))
        wait_for(client, client.delete_hosted_service(SERVICE))


def read(client):
    return client.get_deployment_by_name(SERVICE, "blue")


def change_configuration(step, client):
    with step("change the configuration, automatically"):
        content = encoded(configuration(1, web=3))
        wait_for(client, client.change_deployment_configuration(SERVICE, "blue", content))
        deployment = wait_until_ready(client, "blue")
        equal(deployment.configuration, configuration(1, web=3), "Configuration")
        equal(len(deployment.role_instance_list), 4, "number of instances")

    with step("change the configuration, domain by domain"):
        content = encoded(configuration(1, web=3, worker=2))
        accepted = client.change_deployment_configuration(SERVICE, "blue", content, mode="Manual")
        wait_for(client, accepted)
        deployment = read(client)
        equal(deployment.status, "RunningTransitioning", "Status")
        equal(deployment.upgrade_status.upgrade_type, "Manual", "UpgradeType")
        equal(deployment.upgrade_status.current_upgrade_domain_state, "Before")
        equal(deployment.upgrade_status.current_upgrade_domain, "0", "CurrentUpgradeDomain")
        equal(len(deployment.role_instance_list), 4, "number of instances before the walks")
        walk(client, "blue")
        equal(len(wait_until_ready(client, "blue").role_instance_list), 5, "number of instances")


def upgrade(client, release, mode):
    content = encoded(configuration(release, web=5, worker=5))
    accepted = client.upgrade_deployment(
        SERVICE, "blue", mode, package(release), content, f"release {release}", force=False
    )
    wait_for(client, accepted)


def upgrade_and_roll_back(step, client):
    with step("upgrade, automatically"):
        upgrade(client, 1, "Auto")
        equal(len(wait_until_ready(client, "blue").role_instance_list), 10, "number of instances")

    with step("upgrade in manual mode, and walk two domains"):
        upgrade(client, 2, "Manual")
        walk(client, "blue", range(2))
        deployment = read(client)
        equal(deployment.label, "release 2", "Label")
        equal(deployment.upgrade_status.current_upgrade_domain, "2", "CurrentUpgradeDomain")
        equal((deployment.locked, deployment.rollback_allowed), (False, True))

    with step("a domain out of order is refused"):
        with rejected(400, "BadRequest"):
            client.walk_upgrade_domain(SERVICE, "blue", 4)

    with step("roll back in manual mode, domain by domain"):
        accepted = client.rollback_update_or_upgrade(SERVICE, "blue", "Manual", force=True)
        wait_for(client, accepted)
        walk(client, "blue")
        deployment = wait_until_ready(client, "blue")
        equal(deployment.label, "release 1", "Label")
        equal(deployment.configuration, configuration(1, web=5, worker=5), "Configuration")

    with step("upgrade in manual mode, and roll back automatically"):
        upgrade(client, 2, "Manual")
        walk(client, "blue", range(1))
        accepted = client.rollback_update_or_upgrade(SERVICE, "blue", "Auto", force=False)
        wait_for(client, accepted)
        deployment = wait_until_ready(client, "blue")
        equal(deployment.label, "release 1", "Label")
        equal(deployment.rollback_allowed, False, "RollbackAllowed")

    with step("there is nothing left to roll back"):
        with rejected(400, "BadRequest"):
            client.rollback_update_or_upgrade(SERVICE, "blue", "Auto", force=False)

    with step("upgrade in manual mode, and walk to the end"):
        upgrade(client, 2, "Manual")
        walk(client, "blue")
        deployment = wait_until_ready(client, "blue")
        equal(deployment.label, "release 2", "Label")
        equal(deployment.configuration, configuration(2, web=5, worker=5), "Configuration")

    with step("upgrade one role only"):
        content = encoded(configuration(3, web=5, worker=5))
        accepted = client.upgrade_deployment(
            SERVICE, "blue", "auto", package(3), content, "release 3", True, role_to_upgrade="Web"
        )
        wait_for(client, accepted)
        equal(wait_until_ready(client, "blue").label, "release 3", "Label")
