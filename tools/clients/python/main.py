"""Calls the mock by a generated client of each of its documents: main.py URL"""

import sys

import axero
import control
import crud
import equals_money
import expect
import vijil

for provider in axero, equals_money, vijil, crud, control:
    provider.round_trip(sys.argv[1])
print(f"{expect.done} checks passed: openapi-python-client works against {sys.argv[1]}")
