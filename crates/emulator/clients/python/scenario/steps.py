"""Numbered steps that print one line each, and what went over the wire when one fails."""

import time
import traceback
from contextlib import contextmanager

from azure.common import AzureHttpError
from azure.servicemanagement._http import HTTPError

SHOWN_EXCHANGES = 3
SHOWN_CHARACTERS = 2000


class Failed(Exception):
    """A step failed, and the run is not to go on."""


class Steps:
    def __init__(self, keep_going):
        self.passed = 0
        self.failed = 0
        self._keep_going = keep_going
        self._exchanges = []

    @contextmanager
    def __call__(self, title):
        number = self.passed + self.failed + 1
        self._exchanges.clear()
        try:
            yield
        except Exception:
            self.failed += 1
            print(f"python  step {number:2}  {title} … FAILED", flush=True)
            print(traceback.format_exc())
            for exchange in self._exchanges[-SHOWN_EXCHANGES:]:
                print(exchange)
            if not self._keep_going:
                raise Failed from None
        else:
            self.passed += 1
            print(f"python  step {number:2}  {title} … ok", flush=True)

    def record(self, request, send):
        """A filter of the client: notes the request and its response."""
        line = f"> {request.method} {request.path}\n{truncated(request.body)}\n"
        try:
            response = send(request)
        except HTTPError as error:
            self._exchanges.append(f"{line}< {error.status}\n{truncated(error.respbody)}")
            raise
        except Exception as error:
            self._exchanges.append(f"{line}< {error}")
            raise
        self._exchanges.append(f"{line}< {response.status}\n{truncated(response.body)}")
        return response


def truncated(body):
    text = body.decode("utf-8", "replace") if isinstance(body, bytes) else body or ""
    return text if len(text) <= SHOWN_CHARACTERS else text[:SHOWN_CHARACTERS] + " …"


def equal(actual, expected, what="value"):
    assert actual == expected, f"{what} is {actual!r}, and {expected!r} was expected"


@contextmanager
def rejected(statuses, *fragments):
    """What stands in it is refused with such a status, and the message holds the words."""
    try:
        yield
    except AzureHttpError as error:
        expected = statuses if isinstance(statuses, tuple) else (statuses,)
        assert error.status_code in expected, f"status {error.status_code}, not {statuses}"
        for fragment in fragments:
            assert fragment in str(error), f"{fragment!r} is not in {error}"
    else:
        raise AssertionError(f"it was taken, and {statuses} was expected")


def until(condition, read, seconds=20):
    """Reads until the condition holds, and returns what was read last."""
    deadline = time.monotonic() + seconds
    while True:
        value = read()
        if condition(value):
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"after {seconds} s it was still not so")
        time.sleep(0.02)
