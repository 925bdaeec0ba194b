"""All that can be handed in for the product, each document signed by whom it is to come from."""
import gzip
import hashlib
import json
import os

import keys
from product import NAME, REVISION, VERSION, put, sha256

BUILDER, REBUILDERS = "https://build.tidynotes.com/runner/1", ("https://rebuild-a.example/1", "https://rebuild-b.example/1")
SOURCE = "https://git.tidynotes.com/tidynotes"
PORTS = []
DAY = "2026-11-21"  # the day of judging: what is of this day has lost nothing of its worth


class Dossier:
    """The folder of documents, the folder of trust roots, and the keys. probity is the program."""

    def __init__(self, probity, folder, deb, files):
        self.probity, self.folder, self.deb, self.files = probity, folder, deb, files
        self.documents, self.trust, self.keyring = f"{folder}/dossier", f"{folder}/trust", f"{folder}/keys"
        for path in (self.documents, self.keyring):
            os.makedirs(path, exist_ok=True)
        self.sha256 = sha256(deb)
        self.vendor, self.auditor, self.assessor = (keys.Minisign(self.keyring, n) for n in ("vendor", "auditor", "assessor"))
        self.vendor_pgp, self.tester, self.distributor = (keys.OpenPGP(self.keyring, n) for n in ("vendor-pgp", "tester", "distributor"))
        self.builder, self.rebuilders = keys.Builder(self.keyring, "builder"), [keys.Builder(self.keyring, f"rebuilder-{n}") for n in "ab"]
        self.stranger = keys.Minisign(self.keyring, "stranger")  # nobody trusts this one
        for key, role, scope in ((self.vendor, "vendor", NAME), (self.vendor_pgp, "vendor", NAME), (self.auditor, "auditor", NAME),
                                 (self.tester, "auditor", NAME), (self.assessor, "assessor", None), (self.distributor, "distributor", None),
                                 (self.builder, "builder", "https://build.tidynotes.com/**"),
                                 *((k, "builder", b) for k, b in zip(self.rebuilders, REBUILDERS))):
            keys.trust(probity, self.trust, key, role, scope)

    def end(self):
        self.vendor_pgp.end()

    def put(self, name, value, signer=None):
        """A document, signed beside it."""
        if not isinstance(value, (bytes, str)):
            value = json.dumps(value, indent=1) + "\n"
        path = put(self.documents, name, value)
        if signer:
            signer.sign(path)
        return path

    def read(self, name):
        with open(f"{self.documents}/{name}", encoding="utf-8") as f:
            return json.load(f)

    def remove(self, *names):
        for name in names:
            os.remove(f"{self.documents}/{name}")

    def statement(self, kind, content, issued=DAY, by="Tidy Notes Ltd", expires=None, subjects=None):
        s = {"schema": "probity-statement/1", "type": kind, "issued": issued, "by": by, "content": content,
             "subjects": subjects if subjects is not None else [{"name": NAME, "sha256": self.sha256}]}
        return {**s, "expires": expires} if expires else s

    # --- one function for each document, so that a row of corruptions can make it anew with one thing changed
    def bill(self, subject=None, version=VERSION, aggregate="complete"):
        rows = [{"type": "file", "name": name, "hashes": [{"alg": "SHA-256", "content": digest}]} for name, digest in sorted(self.files.items())]
        rows.append({"type": "library", "name": "zlib", "version": "1.2.13", "purl": "pkg:generic/zlib@1.2.13"})
        root = {"bom-ref": "root", "type": "application", "name": NAME, "version": version, "purl": f"pkg:deb/{NAME}@{version}?arch=amd64",
                "hashes": [{"alg": "SHA-256", "content": subject or self.sha256}]}
        return {"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "serialNumber": "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79",
                "metadata": {"timestamp": "2026-10-30T09:00:00Z", "component": root}, "components": rows,
                "compositions": [{"aggregate": aggregate, "assemblies": ["root"]}]}

    def provenance(self, subject=None, builder=BUILDER, name=None, by=None, kind="application/vnd.in-toto+json"):
        payload = {"_type": "https://in-toto.io/Statement/v1", "predicateType": "https://slsa.dev/provenance/v1",
                   "subject": [{"name": name or os.path.basename(self.deb), "digest": {"sha256": subject or self.sha256}}],
                   "predicate": {"buildDefinition": {"buildType": "https://build.tidynotes.com/make/v1", "externalParameters": {}, "resolvedDependencies": [
                       {"uri": f"git+{SOURCE}", "digest": {"gitCommit": REVISION}}]},
                                 "runDetails": {"builder": {"id": builder}, "metadata": {"invocationId": "7", "startedOn": "2026-10-30T08:59:00Z",
                                                                                         "finishedOn": "2026-10-30T09:00:00Z"}}}}
        return (by or self.builder).envelope(json.dumps(payload).encode(), kind)

    def rebuild(self, n, result="equal", by=None, subject=None):
        payload = {"_type": "https://in-toto.io/Statement/v1", "predicateType": "urn:probity:rebuild:1",
                   "subject": [{"name": os.path.basename(self.deb), "digest": {"sha256": subject or self.sha256}}],
                   "predicate": {"builder": REBUILDERS[n], "result": result, "date": "2026-11-03", "source": NAME, "version": VERSION, "architecture": "amd64"}}
        return (by or self.rebuilders[n]).envelope(json.dumps(payload).encode())

    def audit(self, **changes):
        more = {k: changes.pop(k) for k in ("issued", "expires", "subjects", "by") if k in changes}
        content = {"auditor": "Look Twice GmbH", "products": [NAME], "versions": [VERSION], "scope": "all of the source, and the package that is built of it",
                   "method": "source review", "period_start": "2026-10-01", "period_end": "2026-10-31", "result": "no finding above low", **changes}
        return self.statement("audit", content, **{"by": "Look Twice GmbH", **more})

    def manifest(self, **changes):
        return self.statement("data-manifest", {
            "purposes": ["none: it works on the user's own files"], "categories": ["none"], "recipients": [{"host": "none", "region": "EU"}], "regions": ["EU"],
            "legal_basis": ["none needed"], "retention": "none", "deletion": "nothing is kept", "telemetry": {"present": False, "default": "none"}, **changes})

    def write(self):
        v = self.vendor
        self.put("tidynotes.cdx.json", self.bill(), v)
        self.put("provenance.dsse.json", self.provenance())
        for n in (0, 1):
            self.put(f"rebuild-{n}.dsse.json", self.rebuild(n))
        self.put("audit.json", self.audit(), self.auditor)
        test = {"auditor": "Red Rim Ltd", "products": [NAME], "scope": "the program and its package", "period_start": "2026-10-10", "period_end": "2026-11-10"}
        self.put("penetration-test.json", self.statement("penetration-test", test, by="Red Rim Ltd"), self.tester)
        self.put("data-manifest.json", self.manifest(), v)
        self.vendor_pgp.clear_sign(self.put("security.txt", "Contact: mailto:security@tidynotes.com\nExpires: 2027-06-01T00:00:00Z\n"
                                            "Policy: https://tidynotes.com/disclosure\nCSAF: https://tidynotes.com/.well-known/csaf/provider-metadata.json\n"))
        for kind, content in (
                ("disclosure-policy", {"contact": "mailto:security@tidynotes.com", "policy": "https://tidynotes.com/disclosure", "response_days": 5, "bounty": True}),
                ("support-period", {"until": "2031-12-31", "products": [NAME], "versions": [VERSION], "updates": "security"}),
                ("transparency", {"period_start": "2026-01-01", "period_end": "2026-09-30", "requests": 2, "complied": 0, "url": "https://tidynotes.com/requests"}),
                ("commitment", {"names": ["Paris Call"], "url": "https://tidynotes.com/commitments"}),
                ("declaration", {"entity": "Tidy Notes Ltd", "address": "1 Quiet Street", "country": "IE", "contact": "mailto:security@tidynotes.com",
                                 "claims": ["no-telemetry"], "privacy_notice": "https://tidynotes.com/privacy", "conformity": ["EU 2024/2847"]}),
                ("capabilities", {"capabilities": ["file-write"], "ports": PORTS, "accounts": []}),
                ("source", {"repository": SOURCE, "revision": REVISION, "version": VERSION}),
                ("documentation", {"ports": PORTS, "accounts": [], "data_flow": "no data leave the machine", "support_end": "2031-12-31",
                                   "declaration_of_conformity": "https://tidynotes.com/conformity"}),
                ("content-updates", {"items": [{"name": "words.yar", "version": "1", "sha256": self.files[f"usr/share/{NAME}/words.yar"], "signed_by": "vendor"}]})):
            self.put(f"{kind}.json", self.statement(kind, content), v)
        self.put("advisory.json", self.advisory(), v)
        self.put("osv.json", [{"id": "OSV-2020-1", "published": f"{DAY}T00:00:00Z", "modified": f"{DAY}T00:00:00Z", "summary": "of old versions",
                               "affected": [{"package": {"ecosystem": "Debian", "name": NAME}, "versions": ["0.1"]}]}], self.distributor)
        self.put("provider-metadata.json", {
            "metadata_version": "2.0", "canonical_url": "https://tidynotes.com/.well-known/csaf/provider-metadata.json", "role": "csaf_provider",
            "last_updated": f"{DAY}T00:00:00Z", "list_on_CSAF_aggregators": True, "mirror_on_CSAF_aggregators": True,
            "publisher": {"category": "vendor", "name": "Tidy Notes Ltd", "namespace": "https://tidynotes.com"},
            "distributions": [{"directory_url": "https://tidynotes.com/.well-known/csaf/"}]}, v)
        self.repository()
        self.earlier_report()

    def earlier_report(self):
        """Of all that was there before it, signed by the assessor. It ends on its own valid_until."""
        report = f"{self.folder}/earlier.json"
        database = f"{self.folder}/db"
        os.makedirs(database, exist_ok=True)
        keys.run(self.probity, "scan", "-q", "--no-cache", "--as-of", DAY, "--database", database, "--trust", self.trust, "--evidence", self.documents,
                 "-f", "json", "-o", report, self.deb, good=(0, 1, 3, 4))
        keys.run(self.probity, "sign", report, "--key", self.assessor.secret, "-o", f"{self.documents}/report.dsse.json")
        os.remove(report)

    def advisory(self):
        return {"document": {"category": "csaf_security_advisory", "csaf_version": "2.0", "title": "None yet", "distribution": {"tlp": {"label": "WHITE"}},
                             "publisher": {"category": "vendor", "name": "Tidy Notes Ltd", "namespace": "https://tidynotes.com"},
                             "tracking": {"id": "TN-2026-1", "status": "final", "version": "1", "initial_release_date": f"{DAY}T00:00:00Z",
                                          "current_release_date": f"{DAY}T00:00:00Z",
                                          "revision_history": [{"date": f"{DAY}T00:00:00Z", "number": "1", "summary": "First"}]}},
                "product_tree": {"full_product_names": [{"product_id": "P1", "name": NAME,
                                                         "product_identification_helper": {"purl": f"pkg:deb/{NAME}@{VERSION}"}}]}}

    def repository(self, digest=None):
        """The distributor's: Release, signed, names Packages, which names the package."""
        size = os.path.getsize(self.deb)
        packages = gzip.compress((f"Package: {NAME}\nVersion: {VERSION}\nArchitecture: amd64\nFilename: pool/{os.path.basename(self.deb)}\n"
                                  f"Size: {size}\nSHA256: {digest or self.sha256}\n").encode(), mtime=0)
        self.put("Packages.gz", packages)
        release = self.put("Release", "Origin: Example\nSuite: stable\nCodename: quiet\nDate: Sat, 21 Nov 2026 00:00:00 UTC\n"
                           "Valid-Until: Mon, 01 Feb 2027 00:00:00 UTC\nSHA256:\n"
                           f" {hashlib.sha256(packages).hexdigest()} {len(packages)} main/binary-amd64/Packages.gz\n", self.distributor)
        os.replace(release + ".asc", release[:-len("Release")] + "Release.gpg")
