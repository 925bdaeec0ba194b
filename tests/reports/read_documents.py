"""Readers of formats for programs: JSON, CSV, SARIF, CycloneDX, OpenMetrics, opinions. Each yields what is wrong."""
import csv
import io
import json
import os
import re

import jsonschema

# What is not seen, or changes how the rest of a line is seen (plugin/base/text.c): every format writes it as an escape.
UNSEEN = ("\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164"
          "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff")
ESCAPED = re.compile("[\x00-\x1f" + UNSEEN + "]")


def comparable(text):
    """A text without what formats write as escapes; they say the same where this is equal."""
    text = re.sub(r"\\x[0-9a-f]{2}|\\u\{[0-9a-f]{4,6}\}", "", text)
    return ESCAPED.sub("", text)


def same(where, got, wanted):
    if comparable(got) != comparable(wanted):
        yield "%s: %r, not %r" % (where, got[:120], wanted[:120])


def canonical(text, report):
    if json.loads(text) != report:
        yield "it is another report"


def undone(field):
    """What the format says of a field that begins with an apostrophe."""
    return field[1:] if field.startswith("'") else field


def table(text, report):
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    names, rows = rows[0], rows[1:]
    if len(rows) != len(report["findings"]) or any(len(row) != len(names) for row in rows):
        yield "%d rows for %d findings" % (len(rows), len(report["findings"]))
        return
    if not text.endswith("\r\n") or "\n" in text.replace("\r\n", ""):
        yield "lines that do not end in CR LF"
    for row, finding in zip(rows, report["findings"]):
        for field in row:
            bare = field.lstrip(" \t\u00a0\u3000")
            if bare[:1] in list("=+-@|%\uff1d\uff0b\uff0d\uff20") + ["\t", "\r"]:
                yield "a formula: %r" % field[:80]
        got, place = dict(zip(names, row)), finding["evidence"][0]
        for name, wanted in (("says", finding["says"]), ("key", finding["key"]), ("remediation", finding["remediation"]),
                             ("waived", finding["waived"] or ""), ("excerpt", place["excerpt"]),
                             ("path", " > ".join(place["path"])), ("product", report["product"]["name"])):
            yield from same(name, undone(got[name]), wanted)


class Sarif:
    """The official schema, and what a viewer makes of messages and names."""
    URI = re.compile(r"(?!/)(?!.*//)(?:[A-Za-z0-9._~/-]|%[0-9A-F]{2})+")

    def __init__(self, schema):
        with open(schema, encoding="utf-8") as f:
            schema = json.load(f)
        kind = jsonschema.validators.validator_for(schema)
        self.validator = kind(schema, format_checker=jsonschema.FormatChecker())

    @staticmethod
    def shown(message):
        """As a viewer shows it: braces once; and no link."""
        text = message["text"]
        if re.search(r"(?<!\\)\[[^\]]*(?<!\\)\]\(", text):
            raise ValueError("a link: " + text[:100])
        if "](" not in text and r"\]" not in text:
            return re.sub(r"([{}])\1", r"\1", text)
        return re.sub(r"\\([\\\[\]])", r"\1", re.sub(r"([{}])\1", r"\1", text))

    def __call__(self, text, report):
        log = json.loads(text)
        for error in list(self.validator.iter_errors(log))[:3]:
            yield "schema: %s: %s" % (list(error.absolute_path), error.message[:150])
        run = log["runs"][0]
        if len(run["results"]) != len(report["findings"]):
            yield "%d results for %d findings" % (len(run["results"]), len(report["findings"]))
        for result, finding in zip(run["results"], report["findings"]):
            yield from same("message", self.shown(result["message"]), finding["says"])
            yield from same("key", result["properties"]["key"], finding["key"])
            if run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] != result["ruleId"]:
                yield "ruleIndex leads to another rule than " + result["ruleId"]
            for where in result["locations"] + result.get("relatedLocations", []):
                artifact = where["physicalLocation"]["artifactLocation"]
                if run["artifacts"][artifact["index"]]["location"]["uri"] != artifact["uri"]:
                    yield "index leads to another artifact than " + artifact["uri"]
            for taxon in result.get("taxa", []):
                if run["taxonomies"][taxon["toolComponent"]["index"]]["taxa"][taxon["index"]]["id"] != taxon["id"]:
                    yield "index leads to another taxon than " + taxon["id"]
        for artifact in run["artifacts"]:
            uri = artifact["location"]["uri"]
            if not self.URI.fullmatch(uri) or re.search(r"(^|/)\.\.?(/|$)", uri):
                yield "no plain relative URI: " + uri[:100]


class CycloneDx:
    """The official schema; each reference leads somewhere; each finding is counter evidence."""

    def __init__(self, folder):
        store = {}
        for name in os.listdir(folder):
            if name.endswith(".json"):
                with open(os.path.join(folder, name), encoding="utf-8") as f:
                    schema = json.load(f)
                store["http://cyclonedx.org/schema/" + name] = store[schema["$id"]] = schema
        schema = store["http://cyclonedx.org/schema/bom-1.6.SNAPSHOT.schema.json"]
        resolver = jsonschema.RefResolver.from_schema(schema, store=store)
        self.validator = jsonschema.Draft7Validator(schema, resolver=resolver, format_checker=jsonschema.FormatChecker())

    @staticmethod
    def references(value, defined, used):
        if isinstance(value, dict):
            for key, below in value.items():
                if key == "bom-ref":
                    defined.append(below)
                elif key in ("target", "assessor", "requirement", "parent"):
                    used.append(below)
                elif key in ("counterEvidence", "counterClaims") or (key in ("evidence", "claims") and below and isinstance(below[0], str)):
                    used.extend(below)
                else:
                    CycloneDx.references(below, defined, used)
        elif isinstance(value, list):
            for below in value:
                CycloneDx.references(below, defined, used)

    def __call__(self, text, report):
        bom = json.loads(text)
        for error in list(self.validator.iter_errors(bom))[:3]:
            yield "schema: %s: %s" % (list(error.absolute_path), error.message[:150])
        defined, used = [], []
        self.references(bom, defined, used)
        if len(defined) != len(set(defined)):
            yield "a bom-ref that stands there twice"
        if set(used) - set(defined):
            yield "references that lead nowhere: %s" % sorted(set(used) - set(defined))[:3]
        evidence = {e["bom-ref"]: e for e in bom["declarations"]["evidence"]}
        counter = {ref for claim in bom["declarations"]["claims"] for ref in claim.get("counterEvidence", [])}
        for n, finding in enumerate(report["findings"], 1):
            ref = "finding:%d" % n
            if ref not in counter:
                yield ref + " counts against no claim"
            if not comparable(evidence[ref]["description"]).endswith(comparable(finding["says"])):
                yield ref + " says something else: " + evidence[ref]["description"][:100]


def opinion(text, report):
    said = json.loads(text)
    if [comparable(c["claim"]) for c in said["claims"]] != [comparable(c["claim"]) for c in report["claims"]]:
        yield "other claims"
    for one in said["claims"] + [said]:
        if sum(one["opinion"][k] for k in "bdu") != 10 ** 9:
            yield "an opinion that does not add up"


def metrics(text, report):
    from prometheus_client.openmetrics.parser import text_string_to_metric_families
    families = list(text_string_to_metric_families(text))
    if text.splitlines()[-1] != "# EOF" or text.splitlines().count("# EOF") != 1 or not families:
        yield "it does not end where it says so"
    for family in families:
        if not family.name.startswith("probity_") or family.name == "probity_fake":
            yield "a family of somebody else's: " + family.name
        if family.unit and not family.name.endswith("_" + family.unit):
            yield "no unit in the name " + family.name
        for sample in family.samples:
            if set(sample.labels) - {"product", "version", "policy", "decision", "pillar", "status", "severity", "kind", "sha256",
                                     "rules_digest", "policy_digest", "probity_version"}:
                yield "a label of somebody else's: %s" % sorted(sample.labels)
            name, wanted = comparable(sample.labels["product"]), comparable(report["product"]["name"])
            if name != wanted and not (name.endswith("...") and wanted.startswith(name[:-3])):
                yield "another product: " + name[:100]
    trust = [s.value for f in families if f.name == "probity_trust_ratio" for s in f.samples]
    if trust != ([report["score"]["trust_tenths"] / 1000] if report["score"]["confidence_permille"] >= 250 else []):
        yield "trust is %s" % trust
