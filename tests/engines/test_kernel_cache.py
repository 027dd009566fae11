"""Where compiled kernels are kept: they are run when they are read, so nobody else may have written them."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

from tests.support.paths import ROOT

KEPT_IN = "import os; os.umask(0); import analysis.bulk, numba; print(numba.config.CACHE_DIR)"


def kept_in(cache: Path) -> Path:
    environment = {**os.environ, "XDG_CACHE_HOME": str(cache)}
    environment.pop("NUMBA_CACHE_DIR", None)
    command = [sys.executable, "-c", KEPT_IN]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    return Path(done.stdout.strip())


def test_they_are_kept_in_a_folder_of_their_owners_alone(tmp_path: Path) -> None:
    kept = kept_in(tmp_path / "a:b")
    assert tmp_path / "a:b" / "linkreach" / "kernels" == kept.parent
    made = [kept, *kept.parents[:3]]
    assert [0o700] * 4 == [stat.S_IMODE(each.stat().st_mode) for each in made]

    kept.chmod(0o777)  # as an earlier linkreach made it
    assert tmp_path not in kept_in(tmp_path / "a:b").parents
    kept.rename(tmp_path / "elsewhere")
    kept.symlink_to(tmp_path / "elsewhere")
    assert tmp_path not in kept_in(tmp_path / "a:b").parents
