"""Waits of a careful user: for operations, and for what the client does not wait for."""

from .contoso import DOMAINS, SERVICE
from .steps import equal, until


def wait_for(client, accepted):
    """Follows accepted work with the client's own loop, which knows nothing of a fast clock."""
    assert accepted.request_id, "the answer has no request id"
    operation = client.wait_for_operation_status(
        accepted.request_id,
        timeout=20,
        sleep_interval=0.05,
        progress_callback=None,
        success_callback=None,
    )
    equal(operation.status, "Succeeded", "status of the operation")
    assert operation.http_status_code in ("200", "201"), operation.http_status_code
    return operation


def wait_until_ready(client, name):
    """Reads the deployment until no update rolls and every instance is ready."""

    def is_ready(deployment):
        states = [instance.instance_status for instance in deployment.role_instance_list]
        is_calm = deployment.status == "Running" and deployment.upgrade_status is None
        return is_calm and states and set(states) == {"ReadyRole"}

    return until(is_ready, lambda: client.get_deployment_by_name(SERVICE, name))


def walk(client, name, domains=range(DOMAINS)):
    for domain in domains:
        wait_for(client, client.walk_upgrade_domain(SERVICE, name, domain))


def instances(deployment):
    return sorted(instance.instance_name for instance in deployment.role_instance_list)
