"""Runs every *_test.py of this folder; finding none is a failure."""

import pathlib
import sys
import unittest

tests = unittest.defaultTestLoader.discover(str(pathlib.Path(__file__).parent), pattern="*_test.py")
if tests.countTestCases() == 0:
    sys.exit("e2e: no test was found")
sys.exit(not unittest.TextTestRunner(verbosity=1).run(tests).wasSuccessful())
