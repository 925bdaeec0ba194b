#!/usr/bin/python3
"""Holds HTML pages against the reports that they are of. Prints what is wrong, and fails where something is.

    report_html.py page REPORT.json PAGE.html [WORDS.jsonl LANG]   a page; with the words of all languages also its language
    report_html.py words WORDS.jsonl ROOT                          keys and texts of the languages against the sources

WORDS.jsonl: one object a line, {"key", "en", "fr", ...}, as the format of tests/cli/report_html.sh writes them."""
import base64
import configparser
import glob
import hashlib
import html.parser
import json
import re
import sys

VOID = {"meta", "link", "br", "hr", "wbr", "col"}
HARMLESS = re.compile(r"(https://(cwe\.mitre\.org|attack\.mitre\.org)/[\w./-]*|#[\w.-]+)")
ATTRIBUTES = re.compile(r"on|style$|src|srcdoc$|action$|formaction$|srcset$|background$|poster$|data$|ping$|xlink")


class Page(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.wrong, self.open, self.ids, self.text, self.findings = [], [], [], [], 0
        self.tables, self.styles, self.scripts, self.policy, self.hrefs, self.headings = {}, [], [], "", [], []
        self.feed(text)
        self.close()
        if self.open:
            self.wrong.append(f"not closed: {self.open}")

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if len(given) != len(attributes):
            self.wrong.append(f"{tag}: an attribute twice")
        for name, value in attributes:
            if ATTRIBUTES.match(name) and not (name.startswith("data-") or name == "onset"):
                self.wrong.append(f"{tag}: attribute {name}")
            if name == "href":
                self.hrefs.append(value)
        if "id" in given:
            self.ids.append(given["id"])
        if tag in ("iframe", "object", "embed", "img", "form", "base", "link", "frame", "a") and "href" not in given:
            self.wrong.append(f"element {tag}")
        if tag == "meta" and given.get("http-equiv"):
            self.policy = given["content"]
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag == "details" and "finding" in given.get("class", "").split():
            self.findings += 1
        if tag == "table":
            self.tables[len(self.tables)] = []
        if tag == "tr" and self.tables:
            self.tables[len(self.tables) - 1].append([])
        if tag in ("td", "th") and self.tables:
            self.tables[len(self.tables) - 1][-1].append("")
        if tag not in VOID:
            self.open.append((tag, given.get("lang"), given.get("class", "")))

    def handle_endtag(self, tag):
        if not self.open or self.open[-1][0] != tag:
            self.wrong.append(f"</{tag}> closes {self.open[-1:]}")
        else:
            self.open.pop()

    def handle_data(self, data):
        tags = [tag for tag, _, _ in self.open]
        if "style" in tags:
            self.styles.append(data)
        elif "script" in tags:
            self.scripts.append(data)
        else:
            langs = [lang for _, lang, _ in self.open if lang]
            ours = not any(t in ("code", "pre", "title") for t in tags) and langs[-1:] != ["en"]
            self.text.append((data, ours))
        if "td" in tags or "th" in tags:
            table = self.tables[len(self.tables) - 1]
            table[-1][-1] += data


def tenths(text):
    """"−13.5" or "−13,5" in tenths."""
    digits = re.sub(r"[^0-9]", "", text)
    return -int(digits) if text.strip()[:1] in "−-" else int(digits)


def steps_of(page):
    """The rows of the table from 100 to trust: its heads are λ, D and five others."""
    for rows in page.tables.values():
        if rows and len(rows[0]) == 7 and rows[0][2] == "λ" and rows[0][4] == "D" and "‰" in rows[0][3]:
            if not any("λ" in cell for cell in rows[0][3:]):
                return rows[1:]
    return []


def arithmetic(report, page):
    score, rows = report["score"], steps_of(page)
    trust = score["trust_tenths"]
    if trust < 1000 and not rows:
        return ["no steps from 100 to trust"]
    wrong, at = [], 1000
    for row in rows:
        at += tenths(row[5])
        if at != tenths(row[6]):
            wrong.append(f"after {row[0]} {at} is left, it says {row[6]}")
    if at != trust:
        wrong.append(f"the steps end at {at}, trust is {trust}")
    added = sum(int(re.sub("[^0-9]", "", row[4])) for row in rows if row[4])
    if added != score["demerit_milli"]:
        wrong.append(f"the column D sums to {added}, the demerit is {score['demerit_milli']}")
    return wrong


def whole(report, page):
    text = "".join(data for data, _ in page.text)
    wrong = [f"the key {f['key']!r} is not there" for f in report["findings"] if f["key"] not in text]
    if page.findings != len(report["findings"]):
        wrong.append(f"{page.findings} findings of {len(report['findings'])}")
    for name in ("name", "version", "sha256"):
        if report["product"][name] not in text:
            wrong.append(f"the product's {name} is not there")
    for w in report.get("waivers", []):
        if w["owner"] not in text or w["expires"] not in text:
            wrong.append(f"waiver of {w['check']} without owner or expiry")
    return wrong


def closed(page):
    """Nothing is loaded from anywhere, nothing runs but what the policy names by its digest."""
    wrong = list(page.wrong)
    for kind, texts in (("style-src", page.styles), ("script-src", page.scripts)):
        for body in ("".join(texts),) if texts else ():
            digest = base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()
            if f"{kind} 'sha256-{digest}'" not in page.policy:
                wrong.append(f"the policy has no {kind} of what is there")
    if "default-src 'none'" not in page.policy:
        wrong.append(f"policy {page.policy!r}")
    wrong += [f"link to {href!r}" for href in page.hrefs if not HARMLESS.fullmatch(href)]
    wrong += [f"link to {href!r}, which is not there" for href in set(page.hrefs) if href[0] == "#" and href[1:] not in page.ids]
    wrong += [f"id {i!r} twice" for i in set(page.ids) if page.ids.count(i) > 1]
    if page.headings[:1] != [1] or page.headings.count(1) != 1:
        wrong.append("not one h1, at the start")
    wrong += [f"h{b} below h{a}" for a, b in zip(page.headings, page.headings[1:]) if b > a + 1]
    return wrong


def language(page, words, lang):
    """No text of another language that differs from this one's."""
    ours = " ".join(data for data, mine in page.text if mine)
    wrong = []
    for word in words:
        for other, text in word.items():
            if other in ("key", lang) or text == word[lang] or len(text) < 8:
                continue
            for piece in re.split(r"\{\w+\}", text):
                known = any(piece.strip() in w[lang] for w in words)
                if len(piece.strip()) >= 8 and not known and re.search(r"\b" + re.escape(piece.strip()) + r"\b", ours):
                    wrong.append(f"{word['key']}: {piece.strip()!r} is {other}")
    return wrong


def ini(path):
    parser = configparser.ConfigParser(interpolation=None, comment_prefixes=(";",))
    parser.optionxform = str
    parser.read(path, encoding="utf-8")
    return parser


def exists(words, key):
    return key in words or (f"{key}.one" in words and f"{key}.other" in words)


def check_words(path, root):
    with open(path, encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    words = {row["key"]: row for row in rows}
    languages = {lang for row in rows for lang in row} - {"key"}
    wrong = [] if len(languages) > 1 and len(words) > 300 else [f"{len(words)} words in {languages}"]
    for key, row in words.items():
        missing = languages - row.keys()
        wrong += [f"{key} is not there in {lang}" for lang in missing]
        names = {lang: sorted(re.findall(r"\{\w+\}", row[lang])) for lang in row.keys() - {"key"}}
        if len({tuple(n) for n in names.values()}) > 1 and not key.endswith((".one", ".other")):
            wrong.append(f"{key}: different names {names}")
    sources = ""
    for name in glob.glob(f"{root}/scripts/reports/**/*.lua", recursive=True):
        if "words_" not in name:
            with open(name, encoding="utf-8") as file:
                sources += re.sub(r"--.*", "", file.read())
    literals = set(re.findall(r'"([\w./-]+)"', sources))
    prefixes = tuple(set(re.findall(r'"([\w-]+\.(?:[\w-]+[._])*)" \.\.', sources)) | set(re.findall(r'"([\w-]+\.[\w.-]*_)" \.\.', sources)))
    middles = set(re.findall(r'\.\. "([._][\w.]+)"', sources))
    for key in words:
        base = re.sub(r"\.(one|other)$", "", key)
        if not {key, base} & literals and not base.startswith(prefixes) and not any(base.endswith(m) for m in middles):
            wrong.append(f"{key} is used nowhere")
    for call in set(re.findall(r'\bwords\(?\s*"([\w.-]+)"\s*[),]', sources)):
        if not exists(words, call) and f'words("{call}", false)' not in sources:
            wrong.append(f"{call} is used and not there")
    english = {key: row["en"] for key, row in words.items()}
    for section in ini(f"{root}/rulesets/claims.ini").values():
        wrong += [f"claim.{k}: {v!r}" for k, v in section.items() if english.get(f"claim.{k}") != v]
    for k, v in ini(f"{root}/rulesets/mappings.ini")["paris"].items():
        wrong += [f"principle.{k}: {v!r}"] if english.get(f"principle.{k}") != v else []
    for policy in glob.glob(f"{root}/rulesets/policies/*.ini"):
        for k, v in ini(policy)["required"].items():
            wrong += [f"required.{k}: {v!r}"] if english.get(f"required.{k}") != v.split(" | ")[0] else []
    return wrong


def main(mode, *rest):
    if mode == "words":
        wrong = check_words(*rest)
    else:
        with open(rest[0], encoding="utf-8") as file:
            report = json.load(file)
        with open(rest[1], encoding="utf-8") as file:
            page = Page(file.read())
        wrong = arithmetic(report, page) + whole(report, page) + closed(page)
        if len(rest) > 2:
            with open(rest[2], encoding="utf-8") as file:
                wrong += language(page, [json.loads(line) for line in file], rest[3])
    print("\n".join(wrong[:30]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
