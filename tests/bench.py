#!/usr/bin/python3
"""bench.py PROBITY TREE CORPUS RUNS [PART...]: what Probity costs. Parts: cli clamscan clamd hand-over cache rules checks
catalogue site; without one named, all of them.

Figures are medians of interleaved runs; a ratio is the median over runs of the ratio within one run: what drifts in
the machine drifts in both. The exit status says whether all figures could be taken, not whether they are good.
"""
import os
import sys
import tempfile

import bench_catalogue
import bench_checks
import bench_clamd
import bench_clamscan
import bench_cli
import bench_hand_over
import bench_rules
import bench_site


class Bench:
    def __init__(self, probity, tree, corpus, runs, work):
        self.probity, self.tree, self.corpus, self.runs, self.work = os.path.abspath(probity), tree, corpus, runs, work
        self.top = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
        self.build = os.path.dirname(self.probity)
        self.database = f"{self.top}/rulesets/clamav"
        self.env = dict(os.environ, XDG_CACHE_HOME=f"{work}/cache", PROBITY_DATA=self.top, LC_ALL="C")
        self.rows = []
        os.environ.update(self.env)  # for the keeper, too

    def progress(self, text):
        print(f"bench: {text}", file=sys.stderr)

    def add(self, what, aim, figure, unit, note=""):
        """aim: the most that is good; None: there is none."""
        self.rows.append((what, aim, figure, unit, note))

    def table(self):
        wide = max(len(r[0]) for r in self.rows)
        print(f"{'':{wide}} {'aim':>10} {'figure':>10}")
        for what, aim, figure, unit, note in self.rows:
            digits = 0 if figure == int(figure) else 2
            met = "" if aim is None else "met" if figure <= aim else "NOT MET"
            bound = "" if aim is None else f"<= {aim:g} {unit}".rstrip()
            print(f"{what:{wide}} {bound:>10} {f'{figure:.{digits}f} {unit}'.rstrip():>10}  {met:8}{note}".rstrip())


def main(probity, tree, corpus, runs, *parts):
    with tempfile.TemporaryDirectory(prefix="probity-bench-") as work:
        b = Bench(probity, tree, corpus, int(runs), work)
        all_parts = {
            "cli": lambda: bench_cli.cli(b),
            "clamscan": lambda: [bench_clamscan.against(b, t) for t in (b.tree, b.corpus)],
            "clamd": lambda: bench_clamd.clamd(b),
            "hand-over": lambda: bench_hand_over.hand_over(b),
            "rules": lambda: bench_rules.rules(b),
            "checks": lambda: bench_checks.checks(b),
            "catalogue": lambda: bench_catalogue.catalogue(b),
            "site": lambda: bench_site.site(b),
            "cache": lambda: bench_clamscan.again(b, b.corpus),
        }
        if unknown := [p for p in parts if p not in all_parts]:
            sys.exit(f"bench: no part {' '.join(unknown)}; there are {' '.join(all_parts)}")
        try:
            for part in parts or all_parts:
                all_parts[part]()
        except BaseException:
            if b.rows: # what was measured is not lost with the part that failed
                b.table()
            raise
        print(f"{b.runs} interleaved runs, {os.cpu_count()} processors, "
              f"{os.getloadavg()[0]:.1f} processes running or waiting on average")
        b.table()


if __name__ == "__main__":
    main(*sys.argv[1:])
