"""Runs the emulator of the Azure Service Management (classic) API for a test.

    with Emulator() as emulator:
        client = ServiceManagementService(
            emulator.subscription, emulator.management_certificate, host=emulator.host)

One file without dependencies, for Python 3.8 or newer: copy it into your project. As a pytest fixture:

    @pytest.fixture(scope="session")
    def emulator():
        with Emulator() as emulator:
            yield emulator

Licensed as the emulator is: MIT or Apache-2.0, at your choice.
"""

import json
import os
import shutil
import subprocess
import tempfile
import time

__all__ = ["Emulator", "EmulatorError"]

PROGRAM = "azure-classic"
PROGRAM_VARIABLE = "AZURE_CLASSIC_PROGRAM"
ANNOUNCEMENT = "emulator.json"


class EmulatorError(Exception):
    """The emulator did not start, or did not live to the end."""


class Emulator:
    """A running emulator, from `start` (or `with`) to `stop`.

    program: the file `azure-classic`; otherwise the environment's AZURE_CLASSIC_PROGRAM, otherwise
        what PATH has under this name.
    directory: where its files go; otherwise a temporary directory that `stop` removes.
    speed: how many times faster than the wall clock its time runs.
    arguments: more of `azure-classic emulator --help`.
    timeout: seconds to wait until it answers.
    """

    def __init__(self, program=None, directory=None, speed=1, arguments=(), timeout=30):
        self._program = program
        self._arguments = ["--speed", str(speed), *arguments]
        self._timeout = timeout
        self._process = None
        self._stderr = None
        self._is_temporary = directory is None
        self.directory = directory and os.path.abspath(directory)
        #: `https://127.0.0.1:port`.
        self.endpoint = None
        #: The endpoint without `https://`, as old clients want it.
        self.host = None
        #: The admin page and its JSON: `http://127.0.0.1:port`.
        self.admin = None
        #: Id of the one subscription.
        self.subscription = None
        #: PEM file of the authority that a client must trust.
        self.certificate_authority = None
        #: PEM file with the certificate and the key that a client presents.
        self.management_certificate = None
        #: The same as PKCS#12, with the empty password.
        self.management_pfx = None
        #: What the portal gave out: address, subscription and certificate in one file.
        self.publish_settings = None

    def start(self):
        """Starts it and waits until it answers. Returns itself."""
        program = find_program(self._program)
        if self._is_temporary:
            self.directory = tempfile.mkdtemp(prefix="azure-classic-emulator-")
        self._stderr = tempfile.TemporaryFile()
        command = [program, "emulator", "--dir", self.directory, *self._arguments]
        # An announcement that a killed emulator left behind says nothing about this one.
        announcement = os.path.join(self.directory, ANNOUNCEMENT)
        if os.path.exists(announcement):
            os.remove(announcement)
        try:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._stderr,
            )
            self._read(self._wait_for(announcement))
        except OSError as error:
            self._clean_up()
            raise EmulatorError(f"{program} cannot be started: {error}") from error
        except BaseException:
            self._clean_up()
            raise
        return self

    def stop(self):
        """Ends it and removes a temporary directory; an error if it had ended by itself before."""
        if self._process is None:
            return
        ended = self._process.poll()
        suffix = self._stderr_suffix()
        self._clean_up()
        if ended is not None:
            raise EmulatorError(f"the emulator ended by itself with status {ended}{suffix}")

    def environment(self):
        """Variables with which programs of several kinds find the emulator and trust it."""
        return {
            "AZURE_CLASSIC_EMULATOR": self.directory,
            "AZURE_MANAGEMENT_CERTFILE": self.management_certificate,
            "AZURE_MANAGEMENT_SUBSCRIPTIONID": self.subscription,
            "NODE_EXTRA_CA_CERTS": self.certificate_authority,
            "REQUESTS_CA_BUNDLE": self.certificate_authority,
        }

    def __enter__(self):
        return self.start()

    def __exit__(self, kind, *_):
        try:
            self.stop()
        except EmulatorError:
            # The test's own error says more, where there is one.
            if kind is None:
                raise

    def _wait_for(self, announcement):
        deadline = time.monotonic() + self._timeout
        while not os.path.exists(announcement):
            ended = self._process.poll()
            if ended is not None:
                raise EmulatorError(
                    f"the emulator did not start, and ended with status {ended}{self._stderr_suffix()}"
                )
            if time.monotonic() > deadline:
                raise EmulatorError(
                    f"the emulator did not answer within {self._timeout} s{self._stderr_suffix()}"
                )
            time.sleep(0.01)
        # It is written in one piece, so what is there is whole.
        with open(announcement, encoding="utf-8") as file:
            return json.load(file)

    def _read(self, announced):
        self.endpoint = announced["endpoint"]
        self.host = self.endpoint.split("//", 1)[1].rstrip("/")
        self.admin = announced.get("admin")
        self.subscription = announced["subscription"]
        self.certificate_authority = announced["certificate_authority"]
        self.management_certificate = announced["management_certificate"]
        self.management_pfx = announced["management_pfx"]
        self.publish_settings = announced["publish_settings"]

    def _stderr_suffix(self):
        self._stderr.seek(0)
        text = self._stderr.read().decode("utf-8", "replace").strip()
        return f":\n{text}" if text else ", without output"

    def _clean_up(self):
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None
        self._stderr.close()
        if self._is_temporary:
            shutil.rmtree(self.directory, ignore_errors=True)


def find_program(program=None):
    """The file to run: the argument, the environment's AZURE_CLASSIC_PROGRAM, or what PATH has."""
    named = program or os.environ.get(PROGRAM_VARIABLE)
    found = shutil.which(named or PROGRAM)
    if found:
        return found
    if named:
        origin = "the argument" if program else PROGRAM_VARIABLE
        raise EmulatorError(f"{named}, which {origin} names, is not a program")
    raise EmulatorError(
        f"the program {PROGRAM} is not in PATH; install it (cargo install azure-classic-cli),"
        f" or name its file in {PROGRAM_VARIABLE}"
    )
