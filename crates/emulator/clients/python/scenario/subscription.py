"""Around cloud services: the subscription, its log, places, storage, addresses, names."""

from datetime import datetime, timedelta, timezone

from .contoso import SERVICE, configuration, encoded, package
from .steps import equal, rejected
from .waiting import wait_for, wait_until_ready

GROUP = "contoso-group"
STORE = "contosostore"
ADDRESS = "contoso-address"
PLACE = "North Europe"


def run(step, client, emulator):
    read_catalogues(step, client, emulator)
    affinity_groups(step, client)
    storage_accounts(step, client)
    deployment_addresses(step, client)
    operation_log(step, client, emulator)


def read_catalogues(step, client, emulator):
    with step("read the subscription"):
        subscription = client.get_subscription()
        equal(subscription.subscription_id, emulator.subscription, "SubscriptionID")
        equal(subscription.subscription_status, "Active", "SubscriptionStatus")
        equal(subscription.current_hosted_services, 0, "CurrentHostedServices")
        assert subscription.max_core_count > 0, subscription.max_core_count

    with step("list locations"):
        places = {place.name: place for place in client.list_locations()}
        assert "Compute" in places[PLACE].available_services, places[PLACE].available_services
        assert "Small" in places[PLACE].compute_capabilities.web_worker_role_sizes

    with step("list role sizes"):
        sizes = {size.name: size for size in client.list_role_sizes()}
        equal(sizes["Small"].cores, 1, "Cores")
        equal(sizes["Small"].memory_in_mb, 1792, "MemoryInMb")
        equal(sizes["Small"].supported_by_web_worker_roles, True)

    with step("list operating systems and their families"):
        systems = list(client.list_operating_systems())
        assert systems and all(each.version.startswith("WA-GUEST-OS-") for each in systems)
        families = {family.name: family for family in client.list_operating_system_families()}
        equal({str(each.family) for each in systems}, set(families), "families")
        for family in families.values():
            assert family.label and len(family.operating_systems) > 0, family.name

    with step("list virtual networks"):
        equal(len(client.list_virtual_network_sites()), 0, "number of networks")


def affinity_groups(step, client):
    with step("create, read, update and list affinity groups"):
        client.create_affinity_group(GROUP, "Group für Contoso", PLACE, "near each other")
        group = client.get_affinity_group_properties(GROUP)
        equal((group.name, group.label), (GROUP, "Group für Contoso"))
        equal((group.description, group.location), ("near each other", PLACE))
        client.update_affinity_group(GROUP, "Group 2", "still near")
        group = [each for each in client.list_affinity_groups() if each.name == GROUP][0]
        equal((group.label, group.description), ("Group 2", "still near"))

    with step("a service lives in an affinity group, which cannot be deleted then"):
        wait_for(client, client.create_hosted_service("fabrikam", "F", affinity_group=GROUP))
        properties = client.get_hosted_service_properties("fabrikam").hosted_service_properties
        equal(properties.affinity_group, GROUP, "AffinityGroup")
        group = client.get_affinity_group_properties(GROUP)
        equal([each.service_name for each in group.hosted_services], ["fabrikam"])
        with rejected((400, 409)):
            client.delete_affinity_group(GROUP)

    with step("delete an affinity group"):
        wait_for(client, client.delete_hosted_service("fabrikam"))
        client.delete_affinity_group(GROUP)
        with rejected(404, "ResourceNotFound"):
            client.get_affinity_group_properties(GROUP)


def storage_accounts(step, client):
    with step("create a storage account"):
        equal(client.check_storage_account_name_availability(STORE).result, True, "available")
        accepted = client.create_storage_account(
            STORE, "packages", "Store für Contoso", location=PLACE, extended_properties={"Use": "p"}
        )
        wait_for(client, accepted)
        equal(client.check_storage_account_name_availability(STORE).result, False, "available")

    with step("read and list storage accounts"):
        equal([each.service_name for each in client.list_storage_accounts()], [STORE])
        account = client.get_storage_account_properties(STORE)
        properties = account.storage_service_properties
        equal((properties.label, properties.description), ("Store für Contoso", "packages"))
        equal((properties.location, properties.status), (PLACE, "Created"))
        equal(properties.account_type, "Standard_GRS", "AccountType")
        equal(account.extended_properties["Use"], "p", "Use")
        assert any(f"{STORE}.blob." in each for each in properties.endpoints), properties.endpoints

    with step("update a storage account"):
        client.update_storage_account(STORE, "old packages", "Store 2", account_type="Standard_LRS")
        properties = client.get_storage_account_properties(STORE).storage_service_properties
        equal((properties.label, properties.description), ("Store 2", "old packages"))
        equal(properties.account_type, "Standard_LRS", "AccountType")

    with step("read keys, and make one anew"):
        old = client.get_storage_account_keys(STORE).storage_service_keys
        new = client.regenerate_storage_account_keys(STORE, "Primary").storage_service_keys
        assert old.primary and old.primary != new.primary, "the primary key is the same"
        equal(new.secondary, old.secondary, "secondary key")
        now = client.get_storage_account_keys(STORE).storage_service_keys
        equal((now.primary, now.secondary), (new.primary, new.secondary), "keys")

    with step("delete a storage account"):
        wait_for(client, client.delete_storage_account(STORE))
        with rejected(404, "ResourceNotFound"):
            client.get_storage_account_properties(STORE)


def deployment_addresses(step, client):
    with step("deploy what addresses and names are given to"):
        wait_for(client, client.create_hosted_service(SERVICE, "Contoso", location=PLACE))
        content = encoded(configuration(1))
        accepted = client.create_deployment(
            SERVICE, "production", "blue", package(1), "release 1", content, start_deployment=True
        )
        wait_for(client, accepted)
        wait_until_ready(client, "blue")

    with step("reserve an address, read and list it"):
        wait_for(client, client.create_reserved_ip_address(ADDRESS, "the shop", PLACE))
        reserved = client.get_reserved_ip_address(ADDRESS)
        equal((reserved.name, reserved.label, reserved.location), (ADDRESS, "the shop", PLACE))
        equal((reserved.state, reserved.in_use), ("Created", False))
        assert reserved.address and reserved.id, vars(reserved)
        equal([each.name for each in client.list_reserved_ip_addresses()], [ADDRESS])

    with step("give the reserved address to the deployment, and take it back"):
        wait_for(client, client.associate_reserved_ip_address(ADDRESS, SERVICE, "blue"))
        reserved = client.get_reserved_ip_address(ADDRESS)
        equal((reserved.in_use, reserved.service_name), (True, SERVICE))
        equal(reserved.deployment_name, "blue", "DeploymentName")
        addresses = client.get_deployment_by_name(SERVICE, "blue").virtual_ips
        equal([each.address for each in addresses], [reserved.address], "addresses")
        wait_for(client, client.disassociate_reserved_ip_address(ADDRESS, SERVICE, "blue"))
        equal(client.get_reserved_ip_address(ADDRESS).in_use, False, "InUse")

    with step("release the reserved address"):
        wait_for(client, client.delete_reserved_ip_address(ADDRESS))
        with rejected(404, "ResourceNotFound"):
            client.get_reserved_ip_address(ADDRESS)

    with step("add, change and delete a DNS server"):
        # The client cannot read DNS servers; a second deletion tells that the first worked.
        wait_for(client, client.add_dns_server(SERVICE, "blue", "dns1", "10.0.0.4"))
        wait_for(client, client.update_dns_server(SERVICE, "blue", "dns1", "10.0.0.5"))
        wait_for(client, client.delete_dns_server(SERVICE, "blue", "dns1"))
        with rejected(404, "ResourceNotFound"):
            client.delete_dns_server(SERVICE, "blue", "dns1")

    with step("delete the service with its deployment"):
        wait_for(client, client.delete_hosted_service(SERVICE, complete=True))


def operation_log(step, client, emulator):
    now, time_format = datetime.now(timezone.utc), "%Y-%m-%dT%H:%M:%SZ"
    # The emulator's clock runs faster than ours.
    start, end = ((now + timedelta(hours=hours)).strftime(time_format) for hours in (-1, 24))
    tailspin_path = f"/{emulator.subscription}/services/hostedservices/tailspin"

    with step("read the operation log, with its parameters"):
        wait_for(client, client.create_hosted_service("tailspin", "T", location=PLACE))
        wait_for(client, client.delete_hosted_service("tailspin"))
        response = client.list_subscription_operations(start, end, object_id_filter=tailspin_path)
        log = list(response.subscription_operations)
        equal(len(log), 2, "number of operations")
        for each in log:
            equal(each.operation_object_id, tailspin_path, "OperationObjectId")
            assert each.operation_name and each.operation_id, vars(each)
            equal(each.operation_status.status, "Succeeded", each.operation_name)
            equal(each.operation_caller.used_service_management_api, True)
            assert each.operation_started_time and each.operation_completed_time, vars(each)
        # The client finds parameters under the literal prefix `a:` only.
        parameters = [str(each.operation_parameters) for each in log]
        assert any("tailspin" in each for each in parameters), parameters

    with step("filter the operation log by its results"):
        for result, count in [("Succeeded", 2), ("Failed", 0)]:
            response = client.list_subscription_operations(start, end, tailspin_path, result)
            equal(len(response.subscription_operations), count, result)

    with step("read the whole operation log"):
        names = set()
        token = None
        while token != "":
            response = client.list_subscription_operations(start, end, continuation_token=token)
            names.update(each.operation_name for each in response.subscription_operations)
            token = response.continuation_token
        assert len(names) >= 2, names
