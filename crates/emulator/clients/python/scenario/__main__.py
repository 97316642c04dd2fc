"""Drives the emulator with azure-servicemanagement-legacy: `python -m scenario [PART...]`."""

import argparse
import os
import sys

from azure.servicemanagement import ServiceManagementService
from azure_classic_emulator import Emulator

from . import certificates, compat, deployment, helper, service, subscription, updates
from .steps import Failed, Steps

PARTS = {
    "helper": helper.run,
    "service": service.run,
    "compat": compat.run,
    "deployment": deployment.run,
    "updates": updates.run,
    "certificates": certificates.run,
    "subscription": subscription.run,
}


def main():
    arguments = argparse.ArgumentParser(prog="scenario")
    arguments.add_argument("--keep-going", action="store_true", help="go on after a failure")
    arguments.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    options = arguments.parse_args()
    steps = Steps(options.keep_going)
    with Emulator(speed=20) as emulator:
        # So `requests` trusts the emulator, without a line in the program that uses it.
        os.environ.update(emulator.environment())
        client = ServiceManagementService(
            emulator.subscription, emulator.management_certificate, host=emulator.host
        ).with_filter(steps.record)
        try:
            for part in options.parts or PARTS:
                PARTS[part](steps, client, emulator)
        except Failed:
            pass
    print(f"python  {steps.passed} passed, {steps.failed} failed")
    sys.exit(steps.failed > 0)


main()
