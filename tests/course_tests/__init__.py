"""Tests of `lossutils.course`: what chapters call beside the mathematics."""
