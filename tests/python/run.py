"""Runs the tests and reports them as Rust's test runner does, so that one program counts both.

    python run.py [FILTER]
"""

import faulthandler
import pathlib
import sys
import unittest

# Of all tests together, in seconds: what hangs longer says where, and ends.
LIMIT = 240


class Report(unittest.TestResult):
    def __init__(self):
        super().__init__()
        self.passed = 0

    def tell(self, test, outcome):
        print(f"test {test.id()} ... {outcome}", flush=True)

    def addSuccess(self, test):
        super().addSuccess(test)
        self.passed += 1
        self.tell(test, "ok")

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.tell(test, "FAILED")

    def addError(self, test, err):
        super().addError(test, err)
        self.tell(test, "FAILED")

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.tell(test, "ignored")


def main():
    faulthandler.dump_traceback_later(LIMIT, exit=True)
    loader = unittest.TestLoader()
    loader.testNamePatterns = [f"*{name}*" for name in sys.argv[1:]] or None
    report = Report()
    loader.discover(str(pathlib.Path(__file__).parent)).run(report)
    broken = report.failures + report.errors
    for test, trace in broken:
        print(f"\n---- {test.id()} ----\n{trace}")
    outcome = "FAILED" if broken else "ok"
    counts = f"{report.passed} passed; {len(broken)} failed; {len(report.skipped)} ignored"
    print(f"\ntest result: {outcome}. {counts}", flush=True)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
