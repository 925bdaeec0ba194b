#!/usr/bin/env python3
"""The pipelines in a README: every ```yaml block that is one of GitHub's or GitLab's is parsed, what its service asks for is looked for, and its
commands go to OUT/github.sh and OUT/gitlab.sh, without those that install Probity."""
import os
import re
import sys

import yaml


def github(doc):
    # YAML 1.1 reads the key "on" as true
    assert doc.get("on", doc.get(True)), "on"
    job, = doc["jobs"].values()
    assert job["runs-on"] and job["permissions"]["security-events"] == "write"
    uses = [step["uses"] for step in job["steps"] if "uses" in step]
    assert all(re.fullmatch(r"[\w.-]+/[\w./-]+@v\d+", u) for u in uses), uses
    assert any(u.startswith("actions/cache@") for u in uses)
    upload, = [s for s in job["steps"] if s.get("uses", "").startswith("github/codeql-action/upload-sarif@")]
    assert upload["if"] and upload["with"]["sarif_file"] == "report.sarif"
    return [step["run"] for step in job["steps"] if "run" in step and not step["name"].startswith("Install")]


def gitlab(doc):
    job = doc["probity"]
    assert job["stage"] and job["cache"]["paths"] and job["artifacts"]["when"] == "always"
    assert "report.sarif" in job["artifacts"]["paths"]
    assert all(isinstance(line, str) for line in job["before_script"] + job["script"])
    return job["script"]


def main(readme, out):
    os.makedirs(out, exist_ok=True)
    found = []
    for text in re.findall(r"^```yaml\n(.*?)^```$", open(readme, encoding="utf-8").read(), re.M | re.S):
        doc = yaml.safe_load(text)
        name, commands = ("github", github) if "jobs" in doc else ("gitlab", gitlab)
        with open(os.path.join(out, name + ".sh"), "w", encoding="utf-8") as f:
            f.write("\n".join(commands(doc)) + "\n")
        found.append(name)
    print(" ".join(sorted(found)))


main(*sys.argv[1:])
