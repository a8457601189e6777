"""Settings of instruction sets and threads that make this machine like another one."""

import json
import platform
import subprocess
import sys
from dataclasses import dataclass

FEATURES = "from numpy._core._multiarray_umath import __cpu_features__ as f, __cpu_dispatch__ as d"
ASK = f"{FEATURES}; import json; print(json.dumps([[n for n in d if f.get(n)], dict(f)]))"


@dataclass(frozen=True)
class Machine:
    """Settings that make this machine behave like another."""

    name: str
    settings: dict

    def words(self):
        """Return the settings as one line."""
        return " ".join(f"{k}={v}" for k, v in self.settings.items())


def numpy_features():
    """Return the features that NumPy chooses code by and this processor has, and all it has.

    NumPy warns about the name of any other feature, and a warning is an error.
    """
    done = subprocess.run([sys.executable, "-c", ASK], capture_output=True, text=True, check=True)
    dispatched, everything = json.loads(done.stdout)
    return dispatched, {name for name, there in everything.items() if there}


def machines():
    """Return the two machines that differ most from each other, with one and two threads each."""
    dispatched, features = numpy_features()
    old = {"NPY_DISABLE_CPU_FEATURES": " ".join(dispatched), "ATEN_CPU_CAPABILITY": "default"}
    wide = {}
    if platform.machine().lower() in ("x86_64", "amd64"):
        old |= {
            "OPENBLAS_CORETYPE": "Nehalem",
            "ONEDNN_MAX_CPU_ISA": "SSE41",
            "MKL_ENABLE_INSTRUCTIONS": "SSE4_2",
            "MKL_CBWR": "COMPATIBLE",
        }
        kernels = {"AVX512F": "SkylakeX", "AVX2": "Haswell"}
        kernel = next((k for name, k in kernels.items() if name in features), None)
        wide = {"OPENBLAS_CORETYPE": kernel} if kernel else {}
    else:
        old |= {"OPENBLAS_CORETYPE": "ARMV8"}
    found = []
    for name, settings in (("old", old), ("wide", wide)):
        for threads in ("1", "2"):
            run = {k: v for k, v in settings.items() if v}
            run |= {"OMP_NUM_THREADS": threads, "OPENBLAS_NUM_THREADS": threads}
            hashes = {"PYTHONHASHSEED": "0" if threads == "1" else "random"}
            found.append(Machine(f"{name}, {threads} thread(s)", run | hashes))
    return found
