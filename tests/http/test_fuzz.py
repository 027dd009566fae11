"""Schemathesis over the whole API: whatever is sent, no server error and no answer that breaks its schema.

`make api-fuzz` tries many times as many cases.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from api.http.service import Options
from graph.driver.connection import Address
from graph.driver.database import Database
from tests.http.service import PATIENCE, serving

# Not positive_data_acceptance: an id or a tier can be well formed, and yet nobody's.
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "unsupported_method",
    "allow_header_conformance",
)

pytestmark = pytest.mark.long


def test_no_case_breaks_the_schema_or_the_service(
    module_sample: Database, address: Address, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    assert module_sample
    report = tmp_path / "report.ndjson"
    with serving(Options(address, tmp_path / "api", deadline=PATIENCE)) as service:
        done = subprocess.run(
            [
                Path(sys.executable).with_name("schemathesis"),
                "run",
                f"http://127.0.0.1:{service.port}/openapi.json",
                f"--checks={','.join(CHECKS)}",
                "--phases=examples,coverage,fuzzing",
                f"--max-examples={pytestconfig.getoption('--fuzz-cases')}",
                "--request-timeout=60",
                "--suppress-health-check=all",
                "--seed=20261123",
                f"--report-ndjson-path={report}",
                "--warnings=off",
            ],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
    summary = done.stdout.partition("SUMMARY")[2]
    pytestconfig.get_terminal_writer().write(f"\n{summary}\n")
    assert 0 == done.returncode, done.stdout[-20_000:]
    assert json.loads(report.read_text("utf-8").splitlines()[0])
