"""What may be wrong with a dossier, one row each: what is done to the complete one, and what has to come of it.

    @row("what it is", findings={"CHECK FINDING", ...}, status={"DOCUMENT": "CHECK STATUS"}, lost={"CHECK", ...}, why={"DOCUMENT": "regular expression"},
         state={"DOCUMENT": "refused"}, told="regular expression", same=True)

findings: exactly these, and no other, are in the report. status: a row of "supplier's claims against evidence". lost: checks that passed with the complete
dossier and do not now; exactly these. why, state: of the document. told: somewhere in the limits or in why of the documents. same: the score is that of
no dossier at all. The function gets a copy of the dossier; what it gives back, if anything, is handed in instead of the folder.
"""
import base64
import io
import json
import os
import shutil
import tarfile
import zipfile

import keys
import product
from documents import BUILDER

ROWS = []
OTHER = "b" * 64
AUDIT = {"verification.audit", "culture.independence"}


def row(name, **expected):
    def keep(function):
        ROWS.append((name, function, expected))
        return function
    return keep


# --- who signed

@row("an audit that the vendor signed", findings={"verification.audit own", "culture.independence by_supplier"}, status={"audit.json": "verification.audit contradicts"})
def _(d):
    d.put("audit.json", d.audit(), d.vendor)


@row("an audit signed by a key that nobody knows", status={"audit.json": "verification.audit unsigned"}, why={"audit.json": ""})
def _(d):
    d.put("audit.json", d.audit(), d.stranger)


@row("no audit but that of a stranger", lost=AUDIT, status={"audit.json": "verification.audit unsigned"})
def _(d):
    d.remove("penetration-test.json", "penetration-test.json.asc")
    d.put("audit.json", d.audit(), d.stranger)


@row("an audit signed by an assessor: the wrong role", lost=AUDIT, status={"audit.json": "verification.audit unsigned"})
def _(d):
    d.remove("penetration-test.json", "penetration-test.json.asc")
    d.put("audit.json", d.audit(), d.assessor)


@row("the auditor's key is a vendor's as well", lost=AUDIT, findings={"culture.independence two_roles"}, told="in two roles")
def _(d):
    d.remove("penetration-test.json", "penetration-test.json.asc")
    shutil.copy(f"{d.trust}/auditor.key", f"{d.trust}/again.key")
    with open(f"{d.trust}/auditor.ini", encoding="utf-8") as f:
        text = f.read()
    product.put(d.trust, "again.ini", text.replace("auditor", "vendor"))


@row("an auditor whose scope is another product", lost=AUDIT, status={"audit.json": "verification.audit none"})
def _(d):
    d.remove("penetration-test.json", "penetration-test.json.asc")
    keys.run(d.probity, "trust", "remove", "auditor", "--trust", d.trust)
    keys.trust(d.probity, d.trust, d.auditor, "auditor", "otherthing")


@row("an auditor who is not trusted any more on this day", lost=AUDIT, status={"audit.json": "verification.audit unsigned"}, told="until 2026-10-01")
def _(d):
    d.remove("penetration-test.json", "penetration-test.json.asc")
    keys.run(d.probity, "trust", "remove", "auditor", "--trust", d.trust)
    keys.run(d.probity, "trust", "add", d.auditor.public, "--role", "auditor", "--name", "auditor", "--trust", d.trust, "--until", "2026-10-01")


@row("a signature over other bytes", status={"support-period.json": "culture.support-period unsigned"})
def _(d):
    d.put("support-period.json", d.statement("support-period", {**d.read("support-period.json")["content"], "updates": "features"}))


@row("two signatures swapped", status={"source.json": "verification.source-supplied unsigned", "disclosure-policy.json": "verification.disclosure-policy unsigned"})
def _(d):
    one, other = (f"{d.documents}/{n}.json.minisig" for n in ("source", "disclosure-policy"))
    os.replace(one, one + ".tmp")
    os.replace(other, one)
    os.replace(one + ".tmp", other)


@row("a penetration test signed with SHA-1", status={"penetration-test.json": "verification.audit unsigned"}, told="SHA-?1")
def _(d):
    d.tester.sign(f"{d.documents}/penetration-test.json", digest="SHA1")


@row("a penetration test whose signer's key has expired", status={"penetration-test.json": "verification.audit unsigned"}, told="valid until 2026-11-10")
def _(d):
    late = keys.OpenPGP(d.keyring, "late", "2026-11-10", "20260101T000000")
    keys.trust(d.probity, d.trust, late, "auditor")
    late.sign(f"{d.documents}/penetration-test.json", "20261101T000000")


@row("all signatures and no root: everybody speaks for himself", lost=AUDIT | {"culture.assessment-record", "verification.provenance",
     "verification.false-provenance"}, findings={"culture.commitments unsigned"}, status={"source.json": "verification.source-supplied unsigned"})
def _(d):
    shutil.rmtree(d.trust)
    os.makedirs(d.trust)


# --- of what

@row("a bill of materials of other bytes", lost={"verification.sbom", "verification.sbom-content"}, status={"tidynotes.cdx.json": "verification.sbom-content none"})
def _(d):
    d.put("tidynotes.cdx.json", d.bill(OTHER), d.vendor)


@row("a bill of materials of another version", lost={"verification.sbom", "verification.sbom-content"}, status={"tidynotes.cdx.json": "verification.sbom-content none"})
def _(d):
    bill = d.bill(version="0.9.0")
    del bill["metadata"]["component"]["hashes"]
    d.put("tidynotes.cdx.json", bill, d.vendor)


@row("a file with another digest in the bill of materials", findings={"verification.sbom-content differs"}, status={"tidynotes.cdx.json": "verification.sbom-content contradicts"})
def _(d):
    bill = d.bill()
    next(c for c in bill["components"] if c["name"] == "usr/bin/tidynotes")["hashes"][0]["content"] = OTHER
    d.put("tidynotes.cdx.json", bill, d.vendor)


@row("a file in the bill of materials that is not there", findings={"verification.sbom-content absent"}, status={"tidynotes.cdx.json": "verification.sbom-content contradicts"})
def _(d):
    bill = d.bill()
    bill["components"].append({"type": "file", "name": "usr/bin/helper", "hashes": [{"alg": "SHA-256", "content": OTHER}]})
    d.put("tidynotes.cdx.json", bill, d.vendor)


@row("a component that the bill of materials does not name", findings={"verification.sbom-content undeclared"}, lost=set(),
     status={"tidynotes.cdx.json": "verification.sbom-content contradicts"})
def _(d):
    bill = d.bill()
    bill["components"] = [c for c in bill["components"] if c["name"] != "zlib"]
    d.put("tidynotes.cdx.json", bill, d.vendor)


@row("a component that it does not name, and it says so", lost={"verification.sbom-content"})
def _(d):
    bill = d.bill(aggregate="incomplete")
    bill["components"] = [c for c in bill["components"] if c["name"] != "zlib"]
    d.put("tidynotes.cdx.json", bill, d.vendor)


@row("an empty bill of materials", findings={"verification.sbom empty", "verification.sbom-content undeclared"}, status={"tidynotes.cdx.json": "verification.sbom contradicts"})
def _(d):
    d.put("tidynotes.cdx.json", {**d.bill(), "components": []}, d.vendor)


@row("provenance by a builder outside of the list", findings={"verification.provenance builder"}, lost={"verification.false-provenance"},
     status={"provenance.dsse.json": "verification.provenance contradicts"})
def _(d):
    d.put("provenance.dsse.json", d.provenance(builder="https://shed.example/1"))


@row("provenance with a valid key and another subject", findings={"verification.false-provenance subject"},
     status={"provenance.dsse.json": "verification.provenance contradicts"}, lost={"verification.provenance"})
def _(d):
    d.put("provenance.dsse.json", d.provenance(OTHER))


@row("provenance of another product", lost={"verification.provenance", "verification.false-provenance"}, status={"provenance.dsse.json": "verification.provenance none"})
def _(d):
    d.put("provenance.dsse.json", d.provenance(OTHER, name="otherthing_1.0.0_amd64.deb"))


@row("provenance that names another source than the supplier", findings={"verification.provenance source"}, status={"provenance.dsse.json": "verification.provenance contradicts"})
def _(d):
    source = d.read("source.json")["content"]
    d.put("source.json", d.statement("source", {**source, "repository": "https://git.tidynotes.com/another"}), d.vendor)


@row("provenance under another payload type: what was signed is not that", lost={"verification.provenance", "verification.false-provenance"})
def _(d):
    d.put("provenance.dsse.json", {**d.provenance(kind="text/plain"), "payloadType": "application/vnd.in-toto+json"})


@row("provenance with the payload of another envelope", lost={"verification.provenance", "verification.false-provenance"})
def _(d):
    d.put("provenance.dsse.json", {**d.provenance(), "payload": d.provenance(builder=BUILDER + "0")["payload"]})


@row("one rebuild twice: one key is one rebuilder", lost=set(), status={"rebuild-1.dsse.json": "verification.rebuilds none"})
def _(d):
    d.put("rebuild-1.dsse.json", d.rebuild(0))
    d.put("rebuild-0.dsse.json", {**d.rebuild(0), "more": 1})


@row("a rebuild that came to other bytes", findings={"verification.rebuilds differs"}, status={"rebuild-1.dsse.json": "verification.rebuilds contradicts"})
def _(d):
    d.put("rebuild-1.dsse.json", d.rebuild(1, subject=OTHER))


@row("an audit of another product", status={"audit.json": "verification.audit none"})
def _(d):
    d.put("audit.json", d.audit(products=["otherthing"], subjects=[]), d.auditor)


@row("an audit of this version and of other bytes", findings={"verification.audit subject"}, status={"audit.json": "verification.audit contradicts"})
def _(d):
    d.put("audit.json", d.audit(subjects=[{"name": "tidynotes", "sha256": OTHER}]), d.auditor)


@row("the distributor's list names other bytes", findings={"integrity.release-digests contradicted"}, lost=set())
def _(d):
    d.repository(OTHER)


# --- when

@row("an audit without a period", state={"audit.json": "refused"}, why={"audit.json": "period_start"})
def _(d):
    audit = d.audit()
    del audit["content"]["period_start"]
    d.put("audit.json", audit, d.auditor)


@row("an audit whose period ends before it begins", state={"audit.json": "refused"}, why={"audit.json": "period_start .* is after"})
def _(d):
    d.put("audit.json", d.audit(period_start="2026-10-31", period_end="2026-10-01"), d.auditor)


@row("an audit of the day before its period ended", findings={"verification.audit period"}, status={"audit.json": "verification.audit contradicts"})
def _(d):
    d.put("audit.json", d.audit(issued="2026-10-30"), d.auditor)


@row("support of a negative length", state={"support-period.json": "refused"}, why={"support-period.json": "from"})
def _(d):
    d.put("support-period.json", d.statement("support-period", {"from": "2031-01-01", "until": "2030-01-01"}), d.vendor)


@row("an audit of long ago", status={"audit.json": "verification.audit stale"})
def _(d):
    d.put("audit.json", d.audit(period_start="2024-01-01", period_end="2024-02-01", issued="2024-02-02"), d.auditor)


@row("an audit of tomorrow", status={"audit.json": "verification.audit stale"})
def _(d):
    d.put("audit.json", d.audit(issued="2026-11-22"), d.auditor)


@row("a declaration that has expired", status={"declaration.json": "data-care.privacy-notice stale"})
def _(d):
    d.put("declaration.json", d.statement("declaration", d.read("declaration.json")["content"], "2025-01-01", expires="2026-01-01"), d.vendor)


@row("an expired security.txt", lost={"verification.contact"}, status={"security.txt": "verification.contact stale"})
def _(d):
    d.vendor_pgp.clear_sign(d.put("security.txt", "Contact: mailto:security@tidynotes.com\nExpires: 2026-11-20T00:00:00Z\n"))


@row("support that is over", findings={"culture.support-period over", "culture.contradiction disagree"})
def _(d):
    d.put("support-period.json", d.statement("support-period", {"until": "2026-11-01"}), d.vendor)


@row("a transparency report of two years ago", findings={"culture.transparency-report old"})
def _(d):
    d.put("transparency.json", d.statement("transparency", {"period_start": "2024-01-01", "period_end": "2024-06-30"}), d.vendor)


# --- false or contradictory

@row("two manifests that disagree", findings={"culture.contradiction disagree"})
def _(d):
    d.put("data-manifest-2.json", d.manifest(retention="ten years", regions=["US"]), d.vendor)


@row("a manifest without recipients", state={"data-manifest.json": "refused"}, why={"data-manifest.json": "recipients"}, lost={"data-care.data-manifest"})
def _(d):
    manifest = d.manifest()
    del manifest["content"]["recipients"]
    d.put("data-manifest.json", manifest, d.vendor)


@row("rules that are others than those that were signed", findings={"verification.detection-content differs"})
def _(d):
    d.put("content-updates.json", d.statement("content-updates", {"items": [{"name": "words.yar", "version": "1", "sha256": OTHER}]}), d.vendor)


@row("an independent ranking: recorded as handed in, and weighs nothing", state={"ranking.json": "refused"}, why={"ranking.json": "type"})
def _(d):
    d.put("ranking.json", d.statement("ranking", {"place": 1}), d.vendor)


@row("an opinion handed in as evidence, twice")
def _(d):
    report = f"{d.folder}/mine.json"
    keys.run(d.probity, "scan", "-q", "--no-cache", "--as-of", "2026-11-01", "--database", f"{d.folder}/db", "--trust", d.trust, "-f", "json", "-o", report, d.deb,
             good=(0, 1, 3, 4))
    keys.run(d.probity, "opinion", "export", report, "--key", d.assessor.secret, "--folder", f"{d.folder}/given", "-o", f"{d.documents}/opinion.json")
    shutil.copy(f"{d.documents}/opinion.json", f"{d.documents}/opinion-again.json")


@row("a dossier with nothing in it", same=True)
def _(d):
    shutil.rmtree(d.documents)
    os.makedirs(d.documents)


# --- broken and hostile

@row("a document that ends in the middle", state={"tidynotes.cdx.json": "refused"}, lost={"verification.sbom", "verification.sbom-content"})
def _(d):
    path = f"{d.documents}/tidynotes.cdx.json"
    os.truncate(path, os.path.getsize(path) // 2)


@row("100 MB of JSON", state={"more.json": "refused"}, why={"more.json": "larger than 64 MiB"}, lost=set())
def _(d):
    d.put("more.json", b'{"bomFormat":"CycloneDX","a":"' + b"a" * 100_000_000 + b'"}')


@row("a hundred thousand levels", state={"more.json": "refused"})
def _(d):
    d.put("more.json", b'{"bomFormat":"CycloneDX","specVersion":"1.5","components":' + b"[" * 100_000 + b"]" * 100_000 + b"}")


@row("a key that stands twice", state={"audit.json": "refused"}, why={"audit.json": "issued"})
def _(d):
    d.put("audit.json", json.dumps(d.audit()).replace('"issued"', '"issued": "2026-11-20", "issued"', 1), d.auditor)


@row("bytes that are no UTF-8", state={"audit.json": "refused"})
def _(d):
    d.put("audit.json", json.dumps(d.audit()).encode().replace(b"Look Twice", b"Look \xff\xfe", 1), d.auditor)


@row("a digest that is none", state={"audit.json": "refused"}, why={"audit.json": "sha256"})
def _(d):
    d.put("audit.json", d.audit(subjects=[{"name": "tidynotes", "sha256": "beef"}]), d.auditor)


@row("a symbolic link", why={"link.json": "symbolic link"})
def _(d):
    os.symlink("/etc/passwd", f"{d.documents}/link.json")


@row("a FIFO", why={"pipe": "FIFO"})
def _(d):
    os.mkfifo(f"{d.documents}/pipe")


@row("a name for a terminal", why={"a\\x1b[2Jb.json": "."})
def _(d):
    d.put("a\x1b[2Jb.json", "{")


@row("five thousand documents in a folder", told="more than 2000 documents")
def _(d):
    for i in range(5000):
        d.put(f"zz/{i}.json", '{"a":%d}' % i)


def archive(d, *more):
    """The dossier as a tar, and members of one's own."""
    path = f"{d.folder}/dossier.tar.gz"
    with tarfile.open(path, "w:gz", compresslevel=1) as tar:
        tar.add(d.documents, arcname=".")
        for member, data in more:
            tar.addfile(member, io.BytesIO(data) if data else None)
    return path


def member(name, size=0, **fields):
    info = tarfile.TarInfo(name)
    info.size = size
    for key, value in fields.items():
        setattr(info, key, value)
    return info


@row("as an archive: the same")
def _(d):
    return archive(d)


@row("paths out of an archive", told="\\.\\./|leads out|absolute")
def _(d):
    return archive(d, (member("../../../../tmp/out.json", 2), b"{}"), (member("/etc/out.json", 2), b"{}"))


@row("links in an archive", told="not followed")
def _(d):
    return archive(d, (member("link.json", type=tarfile.SYMTYPE, linkname="/etc/passwd"), None), (member("hard.json", type=tarfile.LNKTYPE, linkname="/etc/shadow"), None))


@row("a zip bomb", same=True, told="MiB")
def _(d):
    path = f"{d.folder}/bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as z:
        zeros = bytes(60_000_000)
        for i in range(8):
            z.writestr(f"{i}.json", zeros)
    return path


@row("five thousand documents in an archive", told="2,?000 documents")
def _(d):
    return archive(d, *((member(f"zz/{i}.json", 9), b'{"a":1}  ') for i in range(5000)))


@row("a damaged archive", told=".", same=True)
def _(d):
    path = archive(d)
    os.truncate(path, 200)
    return path


@row("a root without a key", error="broken.ini: key is missing")
def _(d):
    product.put(d.trust, "broken.ini", "[root]\nrole = auditor\nmethod = minisign\n")
    product.put(d.trust, "broken.key", base64.b64encode(os.urandom(30)) + b"\n")
