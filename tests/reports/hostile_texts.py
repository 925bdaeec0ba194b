"""What a product may hold for those who read its report: texts that would be markup, script, commands, formulas or a change of
direction,
were they anything but text. Each family is about one kind of reader. {n} is a number of its own for each place,
so that a
test can tell where a text came from; CANARY is what a script would set, were it run."""

CANARY = "probityCanary"


FAMILIES = {
    "markup": [
        "<b>bold {n}</b>", "</td></tr></table><h1>{n}</h1>", "<!-- {n}", "--> {n} <!--", "]]> {n} <![CDATA[",
        "<?xml version='1.0'?>{n}",
        "</title></head><body>{n}", "</details></summary></section></main>{n}", "<plaintext>{n}",
        "&lt;i&gt;{n}&amp;&#60;b&#62;",
        "<svg><desc>{n}</desc></svg>", "<iframe srcdoc='{n}'></iframe>", "<base href='https://canary.invalid/{n}'>",
        "<meta http-equiv=refresh content='0;url=https://canary.invalid/{n}'>",
        "<form action=https://canary.invalid/{n}><button>x",
        "<template>{n}</template>", "</svg></text></g>{n}", "</textarea></noscript>{n}",
        "<a id=probity name=probity>{n}"],
    "script": [
        "<script>window.probityCanary={n}</script>", "</script><script>probityCanary={n}//",
        "</style><script>probityCanary={n}</script>",
        "<SCRIPT SRC=//canary.invalid/{n}.js></SCRIPT>", "<svg/onload=probityCanary={n}>",
        "<scr<script>ipt>probityCanary={n}</scr</script>ipt>",
        "\"><script>probityCanary={n}</script>", "'><script>probityCanary={n}</script>",
        "<svg><script>probityCanary={n}</script></svg>",
        "<math><mtext><script>probityCanary={n}</script></mtext></math>", "`;probityCanary={n};//`",
        "${{probityCanary={n}}}",
        "');probityCanary={n};('", "\\\";probityCanary={n};//",
        "<object data='data:text/html,<script>parent.probityCanary={n}</script>'>"],
    "handlers": [
        "<img src=x onerror=probityCanary={n}>", "\" onmouseover=\"probityCanary={n}",
        "' onfocus='probityCanary={n}' autofocus='",
        "<details open ontoggle=probityCanary={n}>", "<video><source onerror=probityCanary={n}></video>",
        " onload=probityCanary={n} ",
        "<input autofocus onfocus=probityCanary={n}>", "<body onload=probityCanary={n}>",
        "x` onclick=`probityCanary={n}",
        "<animate onbegin=probityCanary={n} attributeName=x dur=1s>",
        "<marquee onstart=probityCanary={n}>{n}</marquee>"],
    "urls": [
        "javascript:probityCanary={n}", "JaVaScRiPt:probityCanary={n}//https://x",
        "data:text/html,<script>probityCanary={n}</script>",
        "vbscript:probityCanary({n})", "<a href=\"javascript:probityCanary={n}\">x</a>",
        "https://canary.invalid/{n}?<script>",
        "http://canary.invalid/{n}\" onclick=\"probityCanary={n}", "file:///etc/passwd#{n}", "//canary.invalid/{n}",
        "mailto:a@canary.invalid?subject={n}",
        "https://user:pass@canary.invalid:8443/{n}/../..", "<img src=https://canary.invalid/{n}.png>",
        "<link rel=stylesheet href=//canary.invalid/{n}.css>",
        "www.canary.invalid/{n}", "canary{n}@canary.invalid", "blob:https://canary.invalid/{n}"],
    "css": [
        "</style><style>body{{display:none}}/*{n}*/", "<style>@import url(//canary.invalid/{n}.css);</style>",
        "\" style=\"position:fixed;inset:0;z-index:{n}",
        "x{{background:url(//canary.invalid/{n})}}", "expression(probityCanary={n})", "*/ body{{opacity:0}} /* {n}",
        "}} * {{ color: transparent }} /*{n}*/",
        "\\3c script\\3e {n}", "<link rel=icon href=//canary.invalid/{n}>"],
    "markdown": [
        "[click {n}](javascript:probityCanary={n})", "![x](https://canary.invalid/{n}.png)",
        "`code` **bold {n}** _it_ ~~no~~", "# heading {n}", "> quote {n}",
        "- [ ] task {n}", "| a | b {n} |", "```sh {n}", "``` {n} ``` `` `", "<https://canary.invalid/{n}>",
        "[x]: https://canary.invalid/{n}", "[^{n}]: note",
        "@octocat{n} fixes #1 and GH-{n}", "0123456789abcdef0123456789abcdef01234567 {n}", ":boom: {n} :+1:",
        "$$x^{n}$$ $`y`$", "*** {n}", "~~~ {n}", "<details open>{n}",
        "&#x3c;script&#x3e;{n}", "\\<script\\>{n}\\", "1) item {n}", "===== {n}", "||{n}||", "`{n}", "{n}`", "``{n}"],
    "formulas": [
        "=cmd|'/C calc {n}'!A0", "+cmd|'/C calc {n}'!A0", "-2+3+cmd|'/C calc {n}'!A0", "@SUM(1+{n})*cmd|'/C calc'!A0",
        "=HYPERLINK(\"https://canary.invalid/{n}\",\"x\")",
        "=WEBSERVICE(\"https://canary.invalid/{n}\")", "'=1+{n}", " =1+{n}", "\"=1+{n}\"", ";=1+{n}", ",=1+{n}",
        "\uff1d1+{n}", "\uff0b1+{n}", "\uff0d1+{n}", "\uff201+{n}",
        "=IMPORTXML(\"https://canary.invalid/{n}\",\"//a\")", "%0A=1+{n}", "|calc {n}",
        "DDE(\"cmd\";\"/C calc\";\"{n}\")"],
    "quotes": [
        "\"{n}\"", "'{n}'", "\"\"{n}", "''{n}''", "`{n}`", "\\\"{n}\\\"", "\\'{n}\\", "\\\\{n}", "{n}\\",
        "\",\"x{n}\":\"y", "',\n'{n}", "\u201c{n}\u201d \u2018{n}\u2019 \u00ab{n}\u00bb",
        "a\",\"b\r\n{n}", "\"}}] 1\n# EOF {n}", "name=\"{n}\",evil=\"1", "}} 1 {n}\nprobity_fake 1"],
    "templates": [
        "{{{{constructor.constructor('probityCanary={n}')()}}}}", "${{{n}}}", "#{{{n}}}", "<%= {n} %>", "{{% {n} %}}",
        "{{n}}", "{{0}} {n}", "%s %n %x {n}", "%{n}$s", "$1 $& %1 {n}",
        "{{title}} {n}", "{{{{ '{n}' | x }}}}", "${{env:PATH}} {n}", "$(id {n})", "`id {n}`", "%PATH% {n}", "%%{n}%%",
        "@@{n}@@", "@@1@@ {n}"],
    "unicode": [
        "\u00e9t\u00e9 {n} \u00df \u0130", "\u6f22\u5b57\u304b\u306a{n}", "\u05e9\u05dc\u05d5\u05dd {n}",
        "\U0001f600 {n} \U0001f3f3", "e\u0301\u0301\u0301{n}" + "\u0301" * 20, "\uff1cscript\uff1e{n}",
        "\u02bascript{n}",
        "\u0416{n}\u0430", "\ufdfd {n}", "\u1160\u3164{n}", "\ufffd{n}", "\U0010fffd {n}", "\u00a0{n}\u00a0",
        "\u3000{n}", "K\u212a\u017f{n}"],
    "long": ["A" * 10000 + "{n}", "<" * 3000 + "{n}", "&" * 3000 + "{n}", "\"" * 3000 + "{n}", "`" * 3000 + "{n}",
    "|" * 3000 + "{n}", "a " * 3000 + "{n}", "\u6f22" * 3000 + "{n}", "../" * 2000 + "{n}"],
    # Not in canonical reports, whose texts are in display form; a report from a file may hold them.
    "control": [
        "\u202e{n}gpj.exe", "\u2066{n}\u2069", "\u200b{n}\u200d\ufeff", "\u0007{n}\u0008",
        "\u001b[31mred {n}\u001b[0m", "\u001b]0;title {n}\u0007", "\u001b[2J\u001b[H{n}",
        "\u001b]8;;https://canary.invalid/{n}\u001b\\link\u001b]8;;\u001b\\", "\u009b31m{n}", "a\rb{n}",
        "a\n\n<b>{n}</b>", "\tx{n}", "\t=1+{n}", "\r=1+{n}", "a\u2028b{n}\u2029", "\u0085{n}", "\u007f{n}",
        "\u000c{n}\u000b", "\ufffe{n}\uffff", "line {n}\n# EOF\nprobity_fake 1", "a\n```\n# {n}", "x\n\n---\n{n}",
        "\U000e0041{n}"],
}
# Families whose reports follow the schema: texts in display form.
CANONICAL = [name for name in FAMILIES if name not in ("control", "quotes")]

# Names of files, as bytes: what may stand in a tar. A slash would be a folder.
NAMES = [
    b"<script>window.probityCanary=1</script>", b"<img src=x onerror=probityCanary=2>.js",
    b"\"><svg onload=probityCanary=3>.sh", b"' onfocus='probityCanary=4' x='.py",
    b"[click](javascript:probityCanary=5).md", b"`id`$(id).sh", b"|pipe|.txt", b"=cmd|calc!A0.csv", b"@SUM(1+1).txt",
    b"-rf.sh", b"+1.js", b"\x1b[31mred\x1b[0m.sh", b"\xe2\x80\xaegpj.exe.js",
    b"new\nline.js", b"tab\there.sh", b"carriage\rreturn.js", b"\xff\xfe\x80.js", b"nul-less\x01\x02\x7f.sh",
    b"]]>.xml", b"--><b>.html", b"{{constructor}}.js", b"%s%n%x.c", b"..%2f..%2fetc%2fpasswd",
    b"a\"b'c`d\\e.js", b"# EOF", b"```.md", b"\xef\xbc\x9d1+1.csv", b"x" * 200 + b".js", b"&lt;b&gt;&amp;.js",
    b" leading.js", b"trailing .js ", b"\xed\xa0\x80surrogate.js",
    b"@octocat #1.md", b"https:canary.invalid.js", b"javascript:probityCanary=6",
    b"</style><style>*{display:none}.css", b"${jndi:ldap:canary.invalid}.java", b"\xe6\xbc\xa2\xe5\xad\x97.js",
]
