"""Documents of a dossier for any product, each signed by whom it is to come from, and what may be wrong with them. A row of PLANTS is written from what
the catalogue's row asks, not from the check's patterns; `change` is called with a random generator and the papers, which are honest until then."""
import hashlib
import json
import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "dossier"))
import keys  # noqa: E402

BUILDER, REBUILDER = "https://build.brelsworth.io/runner/1", "https://again.tindraxel.org/1"
DAY = "2026-11-21"
PLANTS = {}  # check -> [function]


def spoils(check):
    def add(function):
        PLANTS.setdefault(check, []).append(function)
        return function
    return add


class Desk:
    """Everybody's keys, and the trust roots that name them."""

    def __init__(self, probity, folder):
        self.trust, where = f"{folder}/trust", f"{folder}/keys"
        os.makedirs(where)
        self.vendor, self.auditor, self.distributor, self.stranger = (keys.Minisign(where, n) for n in ("vendor", "auditor", "distributor", "stranger"))
        self.builder, self.rebuilder = keys.Builder(where, "builder"), keys.Builder(where, "rebuilder")
        for key, role, scope in ((self.vendor, "vendor", None), (self.auditor, "auditor", None), (self.distributor, "distributor", None),
                                 (self.builder, "builder", "https://build.brelsworth.io/**"), (self.rebuilder, "builder", REBUILDER)):
            keys.trust(probity, self.trust, key, role, scope)


class Papers:
    """about: the report of the product without any dossier. files: {path in it: SHA-256}."""

    def __init__(self, desk, folder, file, about, files):
        self.desk, self.folder, self.file, self.files = desk, folder, os.path.basename(str(file)), files
        self.name, self.version, self.sha256 = about["name"], about["version"], about["sha256"]
        self.source, self.revision = f"https://git.brelsworth.io/{self.name.strip('@')}", hashlib.sha1(self.name.encode()).hexdigest()
        os.makedirs(folder)

    def put(self, name, value, signer=None):
        path = f"{self.folder}/{name}"
        pathlib.Path(path).write_text(value if isinstance(value, str) else json.dumps(value, indent=1) + "\n", encoding="utf-8")
        pathlib.Path(path + ".minisig").unlink(missing_ok=True)
        if signer:
            signer.sign(path)

    def say(self, kind, signer=None, issued=DAY, name=None, by="Brelsworth Ltd", subjects=None, **content):
        subjects = [{"name": self.name, "sha256": self.sha256}] if subjects is None else subjects
        self.put(name or f"{kind}.json", {"schema": "probity-statement/1", "type": kind, "issued": issued, "by": by, "content": content, "subjects": subjects},
                 signer or self.desk.vendor)

    def audit(self, signer=None, issued=DAY, subjects=None, **changes):
        self.say("audit", signer or self.desk.auditor, issued, by="Look Twice GmbH", subjects=subjects, **{
            "auditor": "Look Twice GmbH", "products": [self.name], "versions": [self.version], "scope": "all of it", "method": "source review",
            "period_start": "2026-10-01", "period_end": "2026-10-31", **changes})

    def provenance(self, subject=None, builder=BUILDER, source=None, revision=None):
        self.put("provenance.dsse.json", self.desk.builder.envelope(json.dumps({
            "_type": "https://in-toto.io/Statement/v1", "predicateType": "https://slsa.dev/provenance/v1",
            "subject": [{"name": self.file, "digest": {"sha256": subject or self.sha256}}],
            "predicate": {"buildDefinition": {"buildType": "https://build.brelsworth.io/make/1", "externalParameters": {}, "resolvedDependencies": [
                {"uri": f"git+{source or self.source}", "digest": {"gitCommit": revision or self.revision}}]}, "runDetails": {"builder": {"id": builder}}}}).encode()))

    def rebuild(self, subject=None, result="equal"):
        self.put("rebuild.dsse.json", self.desk.rebuilder.envelope(json.dumps({
            "_type": "https://in-toto.io/Statement/v1", "predicateType": "urn:probity:rebuild:1",
            "subject": [{"name": self.file, "digest": {"sha256": subject or self.sha256}}],
            "predicate": {"builder": REBUILDER, "result": result, "date": "2026-11-03", "source": self.name, "version": self.version, "architecture": "all"}}).encode()))

    def bill(self, files=None):
        rows = [{"type": "file", "name": n, "hashes": [{"alg": "SHA-256", "content": s}]} for n, s in sorted((self.files if files is None else files).items())]
        root = {"bom-ref": "root", "type": "application", "name": self.name, "version": self.version, "hashes": [{"alg": "SHA-256", "content": self.sha256}]}
        self.put("bill.cdx.json", {"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "metadata": {"timestamp": "2026-10-30T09:00:00Z", "component": root},
                                   "components": rows, "compositions": [{"aggregate": "incomplete", "assemblies": ["root"]}]}, self.desk.vendor)

    def advisory(self, tracking="BR-2026-1", tlp="WHITE"):
        day = f"{DAY}T00:00:00Z"
        track = {"status": "final", "version": "1", "initial_release_date": day, "current_release_date": day,
                 "revision_history": [{"date": day, "number": "1", "summary": "First"}], **({"id": tracking} if tracking else {})}
        self.put("advisory.json", {"document": {
            "category": "csaf_security_advisory", "csaf_version": "2.0", "title": "One", "distribution": {"tlp": {"label": tlp}},
            "publisher": {"category": "vendor", "name": "Brelsworth Ltd", "namespace": "https://brelsworth.io"}, "tracking": track}}, self.desk.vendor)

    def provider(self, distributions):
        self.put("provider-metadata.json", {
            "metadata_version": "2.0", "canonical_url": "https://brelsworth.io/csaf/provider-metadata.json", "role": "csaf_provider",
            "last_updated": f"{DAY}T00:00:00Z", "publisher": {"category": "vendor", "name": "Brelsworth Ltd", "namespace": "https://brelsworth.io"},
            "distributions": distributions}, self.desk.vendor)

    def osv(self, versions):
        ecosystem = "npm" if self.file.endswith(".tgz") else "Debian"
        self.put("osv.json", [{"id": "OSV-2026-1", "published": f"{DAY}T00:00:00Z", "modified": f"{DAY}T00:00:00Z", "summary": "it can be made to stop",
                               "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],
                               "affected": [{"package": {"ecosystem": ecosystem, "name": self.name}, "versions": versions}]}], self.desk.distributor)

    def log(self, spoil=lambda lines: lines):
        lines, before = [], "0" * 64
        for n in range(1, 7):
            lines.append(json.dumps({"n": n, "previous": before, "time": 1760000000 + 86400 * n, "id": n, "name": self.name, "version": self.version,
                                     "sha256": self.sha256, "decision": "conditional", "report_sha256": hashlib.sha256(b"%d" % n).hexdigest()},
                                    sort_keys=True, separators=(",", ":"), ensure_ascii=False))
            before = hashlib.sha256(lines[-1].encode()).hexdigest()
        self.put("log.jsonl", "".join(line + "\n" for line in spoil(lines)), self.desk.vendor)
        return [hashlib.sha256(line.encode()).hexdigest() for line in lines]

    def checkpoint(self, line, digest, day="2025-10-20"):
        self.put("checkpoint.json", {"schema": "probity-checkpoint/1", "as_of": day, "lines": line, "digest": digest}, self.desk.auditor)

    def honest(self):
        """All of them, and all true as far as anybody can see."""
        self.audit()
        self.provenance()
        self.rebuild()
        self.bill()
        self.advisory()
        self.provider([{"directory_url": "https://brelsworth.io/csaf/"}])
        self.osv(["0.0.0"])
        self.checkpoint(4, self.log()[3])
        self.say("declaration", entity="Brelsworth Ltd", address="1 Quiet Street", country="IE", contact="mailto:security@brelsworth.io", claims=[])
        self.say("support-period", until="2031-12-31", updates="security")
        self.say("transparency", period_start="2026-01-01", period_end="2026-09-30", requests=2, complied=1)
        self.say("commitment", names=["Paris Call"])
        self.say("source", repository=self.source, revision=self.revision, version=self.version)
        self.say("disclosure-policy", contact="mailto:security@brelsworth.io", policy="https://brelsworth.io/disclosure", response_days=5)
        self.say("documentation", data_flow="no data leave the machine", support_end="2031-12-31")
        self.say("content-updates", items=[{"name": os.path.basename(n), "version": "1", "sha256": s} for n, s in sorted(self.files.items())[:1]])


def other(r):
    return r.letters(64, "0123456789abcdef")


@spoils("culture.assessment-record")
def _(r, p):
    kind = r.randrange(4)
    if kind == 0:
        at = r.randrange(5)
        p.log(lambda lines: lines[:at] + [lines[at].replace("conditional", "accept")] + lines[at + 1:])
    elif kind == 1:
        gone = r.randint(1, 4)
        p.log(lambda lines: lines[:gone] + lines[gone + 1:])
    elif kind == 2:
        p.checkpoint(r.randint(1, 6), other(r))
    else:
        p.checkpoint(r.randint(7, 99), other(r), "2025-10-09")


@spoils("culture.commitments")
def _(r, p):
    what = r.choice(("Paris Call", "Tech Accord", "Secure by Design", "EU Cloud Code of Conduct"))
    if r.random() < 0.5:
        p.say("commitment", p.desk.stranger, names=[what])
    else:
        p.say("commitment", names=[what])
        os.remove(f"{p.folder}/commitment.json.minisig")


@spoils("culture.contradiction")
def _(r, p):
    manifest = {"purposes": ["sync"], "categories": ["none"], "recipients": [{"host": "none", "region": "EU"}], "regions": ["EU"], "legal_basis": ["consent"],
                "retention": "none", "deletion": "on request", "telemetry": {"present": False, "default": "none"}}
    if r.random() < 0.5:
        p.say("documentation", data_flow="none", support_end=f"20{r.randint(27, 30)}-0{r.randint(1, 9)}-01")
    else:
        p.say("data-manifest", **manifest)
        change = r.choice(({"retention": f"{r.randint(2, 9)} years"}, {"regions": ["US"]}, {"telemetry": {"present": True, "default": "on"}}))
        p.say("data-manifest", name="data-manifest-2.json", **{**manifest, **change})


@spoils("culture.independence")
def _(r, p):
    if r.random() < 0.5:
        p.audit(p.desk.vendor)
    else:
        p.audit(auditor=r.choice(("Brelsworth Ltd", "BRELSWORTH LTD", "brelsworth ltd")))


@spoils("culture.transparency-report")
def _(r, p):
    if r.random() < 0.5:
        year = r.randint(2019, 2024)
        p.say("transparency", period_start=f"{year}-01-01", period_end=f"{year}-12-31", requests=1, complied=0, issued=f"{year + 1}-02-01")
    else:
        n = r.randint(0, 50)
        p.say("transparency", period_start="2026-01-01", period_end="2026-09-30", requests=n, complied=n + r.randint(1, 9))


@spoils("verification.advisories")
def _(r, p):
    if r.random() < 0.5:
        p.advisory(tracking="")
    else:
        p.provider([])


@spoils("verification.audit")
def _(r, p):
    kind = r.randrange(3)
    if kind == 0:
        p.audit(p.desk.vendor)
    elif kind == 1:
        p.audit(issued=f"2026-10-{r.randint(2, 30):02}")
    else:
        p.audit(subjects=[{"name": p.name, "sha256": other(r)}])


@spoils("verification.detection-content")
def _(r, p):
    name = r.choice(sorted(n for n in p.files if "rules/" in n))
    p.say("content-updates", items=[{"name": os.path.basename(name), "version": "1", "sha256": other(r)}])


@spoils("verification.disclosure-policy")
def _(r, p):
    p.say("disclosure-policy", contact=r.choice(("the security team", "n/a", "ask your dealer", "security at brelsworth", "to be announced", "see the manual")))


@spoils("verification.documentation")
def _(r, p):
    p.say("documentation", data_flow="none", support_end="2031-12-31", ports=[], accounts=[])


@spoils("verification.false-provenance")
def _(r, p):
    p.provenance(subject=other(r))


@spoils("verification.known-vulnerability")
def _(r, p):
    p.osv([f"0.{r.randint(0, 9)}.0", p.version])


@spoils("verification.provenance")
def _(r, p):
    kind = r.randrange(3)
    if kind == 0:
        p.provenance(builder=f"https://{r.host()}/{r.word()}")
    elif kind == 1:
        p.provenance(source=f"https://git.{r.host()}/{r.word()}")
    else:
        p.provenance(revision=r.letters(40, "0123456789abcdef"))


@spoils("verification.rebuilds")
def _(r, p):
    if r.random() < 0.5:
        p.rebuild(subject=other(r))
    else:
        p.rebuild(subject=other(r), result="different")


@spoils("verification.sbom-content")
def _(r, p):
    files = dict(p.files)
    if r.random() < 0.5:
        files[r.choice(sorted(files))] = other(r)
    else:
        files[f"lib/{r.name()}.js"] = other(r)
    p.bill(files)
