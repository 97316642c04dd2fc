"""The helper itself: what it says when there is nothing to run, or nothing that lives."""

import sys

from azure_classic_emulator import Emulator, EmulatorError


def run(step, _client, emulator):
    with step("a program that is not there is named"):
        assert_start_fails("no-such-program", Emulator(program="no-such-program"))

    with step("what a program said before it ended is told"):
        # Python knows no `emulator`, and says so.
        assert_start_fails("emulator", Emulator(program=sys.executable))
        assert_start_fails("--no-such-flag", Emulator(arguments=["--no-such-flag"]))

    with step("a second emulator has an address and certificates of its own"):
        with Emulator() as other:
            assert other.endpoint != emulator.endpoint, other.endpoint
            assert other.certificate_authority != emulator.certificate_authority


def assert_start_fails(fragment, emulator):
    try:
        emulator.start()
    except EmulatorError as error:
        assert fragment in str(error), error
    else:
        emulator.stop()
        raise AssertionError("it started")
