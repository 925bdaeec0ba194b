"""Readers of formats for people: Markdown, HTML, SVG. Each yields what is wrong."""
import html.parser
import re
import subprocess
import xml.etree.ElementTree

from read_documents import comparable


class Page(html.parser.HTMLParser):
    """Elements with their attributes, texts, and texts that do not stand in code."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.elements, self.texts, self.loose, self.depth, self.quiet = [], [], [], 0, 0

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, tuple((k, v or "") for k, v in attrs)))
        self.depth += tag == "code"
        self.quiet += tag in ("script", "style")

    def handle_endtag(self, tag):
        self.depth -= tag == "code"
        self.quiet -= tag in ("script", "style")

    def handle_data(self, data):
        if not self.quiet:
            self.texts.append(data)
            if self.depth == 0:
                self.loose.append(data)

    def handle_comment(self, data):
        self.elements.append(("!--", (("text", data),)))

    def handle_pi(self, data):
        self.elements.append(("?", (("text", data),)))


def page_of(text):
    page = Page()
    page.feed(text)
    page.close()
    return page


def squeezed(text):
    return re.sub(r"\s+", " ", comparable(text)).strip()


MARKDOWN = {"h2", "h3", "p", "ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td", "code", "strong", "details", "summary", "b",
            "sub", "br"}
# What a forge makes something of in a text outside of code: people, issues, addresses, pictures of words, formulas.
FORGE = re.compile(r"@\w|#\w|://|www\.|:\w+:|\bGH-\d|\$|\b[0-9a-f]{7,40}\b", re.IGNORECASE)


def markdown(text, report):
    done = subprocess.run(["cmark-gfm", "--unsafe", "-e", "table", "-e", "autolink", "-e", "strikethrough", "-e", "tasklist", "-e",
                           "footnotes", "-t", "html"], input=text.encode(), capture_output=True, timeout=60, check=False)
    if done.returncode != 0:
        yield "cmark-gfm: " + done.stderr.decode()[:200]
        return
    page = page_of(done.stdout.decode())
    for tag, attributes in page.elements:
        if tag not in MARKDOWN or any(k != "align" for k, _ in attributes):
            yield "markup: %s %s" % (tag, attributes[:2])
    for one in page.loose:
        if FORGE.search(one):
            yield "a forge would make something of it: %r" % FORGE.search(one).group()
    if len(text) > 65536:
        yield "%d characters, where a comment holds 65536" % len(text)
    seen = squeezed("".join(page.texts))
    for number, finding in enumerate(report["findings"]):
        wanted = squeezed(finding["says"])
        begins = wanted.encode()[:300].decode(errors="ignore")  # a text has 400 bytes in a comment
        if begins not in seen and len(text) < 50000:
            yield "finding %d is not there: %s" % (number, wanted[:100])


def badge(text, report):
    root = xml.etree.ElementTree.fromstring(text)
    space = "{http://www.w3.org/2000/svg}"
    for node in root.iter():
        if node.tag not in {space + t for t in ("svg", "title", "g", "rect", "text")}:
            yield "an element " + node.tag
        for name in node.attrib:
            if name.startswith("on") or "href" in name or name in ("style", "class"):
                yield "an attribute " + name
    title, name = comparable(root.find(space + "title").text), comparable(report["product"]["name"])
    if not title.startswith(name[:100]) or root.get("role") != "img" or root.get("aria-label") != root.find(space + "title").text:
        yield "it is not named: " + title[:100]
    words = {"accept": "ACCEPT", "conditional": "CONDITIONAL", "reject": "REJECT", "not-rated": "NOT RATED"}
    if words[report["score"]["decision"]] not in "".join(t.text for t in root.iter(space + "text")):
        yield "it does not say the decision"


ADDRESS = re.compile(r"(https?://|mailto:|#)")


def html(text, report, plain):
    """plain: the page of a report that nobody made hostile; markup of other kinds than there is no markup of ours."""
    page, ours = page_of(text), page_of(plain)
    known = {(tag, k) for tag, attributes in ours.elements for k, _ in attributes} | {(tag, "") for tag, _ in ours.elements}
    for tag, attributes in page.elements:
        if tag in ("iframe", "object", "embed", "form", "base", "img", "link", "!--", "?") and (tag, "") not in known:
            yield "markup: " + tag
        for name, value in attributes:
            if name.startswith("on") or name in ("style", "src", "srcdoc", "action", "formaction", "xlink:href"):
                yield "an attribute %s=%s" % (name, value[:60])
            if name == "href" and not ADDRESS.match(value):
                yield "an address " + value[:80]
    for tag in ("script", "style", "head", "body", "main"):  # pictures have titles, as many as there are of them
        if sum(t == tag for t, _ in page.elements) != sum(t == tag for t, _ in ours.elements):
            yield "another number of <%s>" % tag
    seen = squeezed("".join(page.texts))
    for number, finding in enumerate(report["findings"]):
        if squeezed(finding["says"]) not in seen:
            yield "finding %d is not there: %s" % (number, finding["says"][:100])
