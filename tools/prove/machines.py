"""Settings of threads, hash seeds and instruction sets that make this machine like another one."""

import json
import subprocess
import sys
from dataclasses import dataclass

FEATURES = "from numpy._core._multiarray_umath import __cpu_features__ as f, __cpu_dispatch__ as d"
ASK = f"{FEATURES}; import json; print(json.dumps([n for n in d if f.get(n)]))"


@dataclass(frozen=True)
class Machine:
    """Settings that make this machine behave like another."""

    name: str
    settings: dict

    def words(self):
        """Return the settings as one line."""
        return " ".join(f"{k}={v}" for k, v in self.settings.items())

    def one_by_one(self):
        """Return a machine for each setting alone."""
        return [Machine(f"{k}={v}", {k: v}) for k, v in self.settings.items()]


def numpy_features():
    """Return the features that NumPy chooses code by and that this processor has.

    NumPy warns about the name of any other feature, and a warning is an error.
    """
    done = subprocess.run([sys.executable, "-c", ASK], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def machines():
    """Return the machines, the most different one first."""
    features = numpy_features()
    wide = [f for f in features if "512" in f or f == "X86_V4"]
    old = {
        "OMP_NUM_THREADS": "2",
        "PYTHONHASHSEED": "0",
        "ATEN_CPU_CAPABILITY": "default",
        "ONEDNN_MAX_CPU_ISA": "SSE41",
        "MKL_ENABLE_INSTRUCTIONS": "SSE4_2",
        "MKL_CBWR": "COMPATIBLE",
        "OPENBLAS_CORETYPE": "Nehalem",
        "OPENBLAS_NUM_THREADS": "2",
        "NPY_DISABLE_CPU_FEATURES": " ".join(features),
    }
    middle = {
        "OMP_NUM_THREADS": "1",
        "PYTHONHASHSEED": "42",
        "ATEN_CPU_CAPABILITY": "avx2",
        "ONEDNN_MAX_CPU_ISA": "AVX2",
        "MKL_ENABLE_INSTRUCTIONS": "AVX2",
        "OPENBLAS_CORETYPE": "Haswell",
        "NPY_DISABLE_CPU_FEATURES": " ".join(wide),
    }
    own = {"OMP_NUM_THREADS": "2", "PYTHONHASHSEED": "random"}
    named = {"old": old, "middle": middle, "own": own}
    return [
        Machine(name, {k: v for k, v in settings.items() if v}) for name, settings in named.items()
    ]
