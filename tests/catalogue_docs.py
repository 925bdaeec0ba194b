#!/usr/bin/env python3
"""catalogue_docs.py PROBITY [--check]: writes scripts/CATALOGUE.md from `PROBITY check coverage`. --check: changes nothing, and ends with 1
where the file is not what would be written."""
import pathlib
import subprocess
import sys

PAGE = pathlib.Path(__file__).resolve().parent.parent / "scripts/CATALOGUE.md"
HEAD = """# The catalogue: which check answers which question

This page is made by `make docs` of `probity check coverage -f markdown`: the rows are those of `../rulesets/catalogue.ini`, the rest stands in the
headers of the checks. A row may have several checks. Measured (`measured` in a check's header, with its date): how many of the findings that
`../tests/seeds/` plants in clean products the check finds, and in how many products of the clean part of the corpus (`make corpus`) it finds something
above low that is not expected there. "-": not measured, or there is no check yet.

"""


def main():
    probity = sys.argv[1]
    run = subprocess.run([probity, "check", "coverage", "-f", "markdown"], capture_output=True, text=True)
    if run.returncode not in (0, 1) or not run.stdout:
        sys.exit(f"catalogue_docs: {run.stderr.strip() or 'no output'}")
    page = HEAD + run.stdout
    if "--check" not in sys.argv[2:]:
        PAGE.write_text(page)
    elif not PAGE.exists() or PAGE.read_text() != page:
        sys.exit('scripts/CATALOGUE.md is not what the checks say: run "make docs"')


main()
