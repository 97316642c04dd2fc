"""The helper itself: what it says when there is nothing to run, or nothing that lives."""

import sys

from azure_classic_emulator import Emulator, EmulatorError


def run(step, _client, emulator):
    with step("a program that is not there is named"):
        says("no-such-program", Emulator(program="no-such-program"))

    with step("what a program said before it ended is told"):
        # Python knows no `emulator`, and says so.
        says("emulator", Emulator(program=sys.executable))
        says("--no-such-flag", Emulator(arguments=["--no-such-flag"]))

    with step("a second emulator has an address and certificates of its own"):
        with Emulator() as other:
            assert other.endpoint != emulator.endpoint, other.endpoint
            assert other.certificate_authority != emulator.certificate_authority


def says(word, emulator):
    try:
        emulator.start()
    except EmulatorError as error:
        assert word in str(error), error
    else:
        emulator.stop()
        raise AssertionError("it started")
