"""Tests of `lossutils`, all driven by the one table in `cases.py`."""
