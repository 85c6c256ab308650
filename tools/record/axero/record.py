"""Makes requests for the reference and records its answers, one exchange a line."""

import argparse
import base64
import json
import pathlib
import random
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
FIXTURE = HERE.parents[2] / "fixtures" / "axero.json"
CLOCK = "2026-04-09T16:42:24.263Z"
SITE = "https://your-site.com"
TOKEN = "axero-owner-alice"

INTS = ["0", "1", "67", "-3", "-0", "2147483647", "-2147483648", "2147483648", "-2147483649", "99999999999",
        "99999999999999999999", "1.0", "1.5", "1e2", "1E2", "-1.5e-3", "0.0", "017", "09", "00", "0x1F", "0XfF",
        "0xFFFFFFFF", "0x1FFFFFFFF", "0x", "-017", "-", ".5", "5.", ".", "1-2", "1e", "1e400", "-1e400", "1e-400",
        "+5", "1_000", "1,000", "--1", "0-1", "00000000000000000000000000000001", "-00000000005", "037777777777",
        "1f", "0x1G", "9223372036854775808", "1" * 40, "1" * 400, "0e0", "0.", "00x1",
        "-0x1", "0x-1", "0x80000000", "0x100000000", "020000000000", "1e2147483648", "..", "1.e2", "0E", "-0.0e-0", "18446744073709551616",
        "1" * 380, "1" * 381, "0." + "1" * 400, "1.7976931348623159e308", "2e-324", "0xFFFFFFFFFFFFFFFFF", "0x1.5", "1+", "0e400", "Infinity1"]
QUOTED = ["", " ", "  ", "67", " 67 ", "+67", "-3", "- 3", "1.0", "1.5", "1e2", "0x10", "1,000", "(3)", "2147483648",
          "-2147483648", "true", "True", "FALSE", " true ", "\\ttrue\\n", "yes", "on", "1", "0", "null", "abc", "67\\u0000",
          "\\u0000true", "\\u00a067", "\\u00a0true\\u2003", "6 7", "\\u0661", "NaN", "Creative Hub", "Été", "😀",
          "\\ud83d\\ude00", "\\ud83d", "\\udc00x", "\\ud83d\\u0041", "\\ud83d\\ud83d\\ude00", "\\ude00\\ud83d",
          "\\b\\f\\n\\r\\t\\/\\\\\\\"\\'", "a\\u0085b\\u2028c\\u2029d", "\\u0000\\u0001\\u001f\\u007f", "</script>&'",
          "line\nbreak", "tab\there", "cr\rlf\r\n", "\x01", "2020-01-02T03:04:05Z", "/Date(1234567890)/",
          "2012-03-21", "\\x41", "\\v", "\\0", "\\a", "\\u12", "\\u12g4", "\\", "'", "\u2028", "\u0085", "\ufeffx", "\ufffd", "- 1", "1 -", "01", "1\\u0000 ", "1 \\u0000", "1\\u0085",
          "\\u000b1\\u000c", "\\u001c1", "true\\u0085", "\\u180etrue", "\\u200btrue", "\\ud800\\", "\\ud800\\n", "\\ud800\\udc0", "\\u 041", "\\u-041"]
WORDS = ["null", "true", "false", "undefined", "True", "NULL", "nul", "nullx", "tru", "truex", "falsee", "NaN",
         "Infinity", "-Infinity", "+Infinity", "nan", "Nan", "-Inf", "undefine", "new Date(1,2)", "new Date()", "new Date(",
         "new  X ( [1], {} )", "newDate(1)", "new Date 1", "true/**/", "null//x\n", "true/", "t", "n", "u", "-", "none"]
NESTED = ["[]", "{}", "[1]", "[[]]", "[{}]", "{\"a\":1}", "[,]", "[,,]", "[1,]", "[1,,2]", "{\"a\":}", "{\"a\"}", "{,}", "[}", "{]",
          "[\"\"]", "[null]", "[undefined]", "[{},,{}]", "[{},]", "[ , {}]", "[{}{}]", "[{} null]", "{\"a\":1,}", "{\"a\":1,,}",
          "[1 2]", "(1)", "[)", "[new Date(1)]", "\"\"", "''", "\" \"", "\"x\"", "5", "true", "\"2020-01-02T03:04:05Z\""]
SCALARS = INTS + WORDS
TEXT_MEMBERS = ["Name"]
BOOL_MEMBERS = ["IsEnabled", "IncludeActions", "RunActionsOnSave", "RunActionOnSave"]
LISTS = ["PersonaConditions", "PersonaActions"]
CONDITION = {"ConditionID": "int", "PersonaID": "int", "ProfileFieldID": "int", "ConditionValue": "text",
             "ConditionOperatorType": "int", "ParentID": "int", "PersonaMatchCondition": "int", "GroupName": "text"}
ACTION = {"ActionID": "int", "PersonaID": "int", "ActionValue": "text", "ActionType": "int", "Index": "int"}
PIECES = [*"{}[],:\"'/\\ntf0123-.eEuNI()*_$\0\r\n\t ", "null", "true", "new ", "\\u00", "//", "/*", "*/", "\u2028", "é", "undefined"]
UNKNOWN = ["x", "Foo", "CreatedBy", "LastUpdated", "EditAbsoluteURL", "", "name ", "Nаme", "PersonaId2", "_", "a-b", "$x"]

FIXED = [
    "", " \n\t", "null", "undefined", "\"\"", "''", "\"x\"", "5", "true", "[]", "[{}]", "{", "}", "{}", "{} {}", "{}}", "{} garbage",
    "not json", "{\"Name\":\"Power User\"}", "{\"Name\":\"Creative Hub\"}", "{\"Name\":\"x\"} garbage", "{\"Name\":\"x\"}{\"Name\":\"y\"}",
    "{\"Name\":\"\"}", "{\"Name\":\" \"}", "{\"Name\":\"\\u00a0\\u2003\"}", "{\"Name\":null}", "{\"Name\":\"a\",\"Name\":null}",
    "{\"Name\":\"a\",\"name\":\"b\"}", "{\"NAME\":\"a\"}", "{'Name':'a'}", "{Name:'a'}", "{Name:\"it's\"}", "{Na me:1}", "{Name :1}",
    "{Name/**/:1}", "{\"Name\" /*c*/:1}", "{\"Name\": /*c*/ 1}", "{\"Name\": //c\n 1}", "{/*c*/\"Name\":\"a\"/*c*/,/*c*/}", "/*c*/{\"Name\":\"a\"}",
    "//c\n{\"Name\":\"a\"}", "//c", "/*c*/", "/*", "/", "//", "/*/", "{\"Name\":\"a\"}/*", "{\"Name\":\"a\"/", "# c\n{\"Name\":\"a\"}",
    "{\"x\":/*c*/1,\"Name\":\"a\"}", "{\"x\"://c\n1,\"Name\":\"a\"}", "{\"x\":[/*c*/1],\"Name\":\"a\"}", "{\"x\":1/*c*/,\"Name\":\"a\"}",
    "{\"Name\":\"a\",}", "{\"Name\":\"a\",,}", "{,\"Name\":\"a\"}", "{\"Name\":\"a\" \"x\":1}", "{\"Name\":\"a\"", "{\"Name\":\"a", "{\"Name\":",
    "{\"Name\"", "{\"Name", "{\"Name\":\"a\",\"x\":1e400}", "{\"Name\":\"a\",\"x\":1e-400}", "{\"Name\":\"a\",\"x\":" + "9" * 380 + "}",
    "{\"Name\":\"a\",\"x\":" + "9" * 381 + "}", "{\"Name\":\"a\",\"x\":-" + "9" * 380 + "}", "{\"Name\":\"a\",\"x\":,\"y\":1}", "{\"Name\":,}",
    "{\"PersonaConditions\":,\"Name\":\"a\"}", "{`Name`:\"a\"}", "{\"Name\":`a`}", "{\"\\u004eame\":\"a\"}", "{\"N\\u0041me\":\"a\"}",
    "{\"\":1,\"Name\":\"a\"}", "\u00a0\u2003{\u0085\"Name\"\u2028:\u3000\"a\"\u1680}", "\ufeff{\"Name\":\"a\"}", "\x00{\"Name\":\x00\"a\"\x00}\x00",
    "{\"Name\":\"a\x00b\"}", "{\"Name\":\"a\nb\"}", "{\"Name\":tru\x00}", "{\"Name\":true\x00}", "{\"x\":" + "[" * 255 + "]" * 255 + ",\"Name\":\"a\"}",
    "{\"x\":" + "[" * 256 + "]" * 256 + ",\"Name\":\"a\"}", "{\"x\":" + "{\"a\":" * 255 + "1" + "}" * 255 + ",\"Name\":\"a\"}",
    "{\"x\":" + "{\"a\":" * 256 + "1" + "}" * 256 + ",\"Name\":\"a\"}", "[" * 300, "{\"PersonaConditions\":[" + "[" * 255,
    "{\"PersonaConditions\":[{\"ConditionValue\":\"1\"}],\"personaconditions\":[{\"ConditionValue\":\"2\"}],\"Name\":\"a\"}",
    "{\"PersonaConditions\":[{}],\"PersonaConditions\":null,\"Name\":\"a\"}", "{\"PersonaConditions\":null,\"PersonaConditions\":[{}],\"Name\":\"a\"}",
    "{\"PersonaActions\":[{\"ActionID\":218,\"Index\":7},{\"ActionID\":218},{\"ActionID\":4}],\"Name\":\"a\"}",
    "{\"PersonaConditions\":[{\"ConditionID\":266},{\"ConditionID\":265,\"GroupName\":\"Z\"},{\"ConditionID\":10}],\"Name\":\"a\"}",
    "{\"PersonaConditions\":[],\"PersonaActions\":[],\"Name\":\"a\"}", "{\"PersonaConditions\":\"\",\"PersonaActions\":\"\",\"Name\":\"a\"}",
    "{\"PersonaID\":188,\"Name\":\"a\"}", "{\"PersonaID\":\"188\",\"Name\":\"a\"}", "{\"PersonaID\":189,\"Name\":\"a\"}", "{\"PersonaID\":0,\"Name\":\"a\"}",
    "{\"PersonaID\":null,\"Name\":\"a\"}", "{\"PersonaID\":\"\",\"Name\":\"a\"}", "{\"RunActionOnSave\":true,\"RunActionsOnSave\":false,\"Name\":\"a\"}",
    "{\"RunActionOnSave\":true,\"RunActionsOnSave\":null,\"Name\":\"a\"}", "{\"Name\":\"Human Resources\",\"IsEnabled\":true,\"IncludeActions\":true,"
    "\"PersonaMatchCondition\":0,\"RunActionsOnSave\":false,\"PersonaConditions\":[{\"ProfileFieldID\":67,\"ConditionValue\":611,"
    "\"ConditionOperatorType\":0}],\"PersonaActions\":[{\"ActionValue\":\"291\",\"ActionType\":1}]}",
]
TYPES = ["text/json", "TEXT/JSON; charset=utf-8", "application/json ; charset = utf-8", "application/json; charset", "application/*", "*/*",
         "text/*", "application/json;", "application/json;;charset=utf-8", "json", "text/plain", "Text/Plain; a=b", "application/xml",
         "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/vnd.api+json", "application/json, text/plain",
         "application/json; a=\"b;c\"", "application/json; charset=windows-1252", "application/json; charset=\"utf-16\"", "application/octet-stream",
         "applic@tion/json", "application/json; a=b c", " application / json", "text/ plain", "application/json; charset=utf-8; charset=utf-8",
         "application/json; a=\"b\\\"c\"", "application/json; a=\"", "application/json; =b", "application/json ;", "application/json; a=b; ; c=d",
         "application/json(c)", "application/json charset=utf-8", "application/json\t;charset=utf-8", "*/json", "*", "/json", "application/", None]


class Maker:
    """Makes bodies: a valid one, a value of another kind here and there, noise between the tokens."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def name(self, name):
        r = self.random
        case = r.random()
        if case < 0.15:
            name = name.lower()
        elif case < 0.25:
            name = name.upper()
        elif case < 0.35:
            name = "".join(r.choice((c.lower(), c.upper())) for c in name)
        quote = r.random()
        bare = name and all(c.isalnum() or c in "_$" for c in name)
        if quote < 0.05 and bare:
            return name
        return f"'{name}'" if quote < 0.1 else f'"{name}"'

    def text(self, text=None):
        quote = "'" if self.random.random() < 0.1 else '"'
        return quote + (self.random.choice(QUOTED) if text is None else text) + quote

    def value(self, kind, wild):
        r = self.random
        if r.random() < wild:
            return r.choice([lambda: r.choice(SCALARS), self.text, lambda: r.choice(NESTED)])()
        if kind == "int":
            return r.choice(["0", "1", "3", "267", "-5", '"67"', '" 8 "', str(r.randint(-2**31, 2**31 - 1))])
        if kind == "bool":
            return r.choice(["true", "false", "null", '"true"', '"False"', "1", "0", "0.5", '""'])
        if kind == "list-int":
            return r.choice(["0", "1", "null", '"1"', '""'])
        return r.choice(['"Power User"', '"a"', "null", "611", "1.50", "true", '"Éva « 1 »"', '"2020-01-02T03:04:05Z"'])

    def gap(self):
        r = self.random
        chance = r.random()
        if chance < 0.9:
            return r.choice(["", "", "", " ", "\n", "\r\n  "])
        return r.choice(["/*c*/", "//c\n", "\u00a0", "\t", "/* * / */", " /**/ ", "\u2028", "//\r"])

    def members(self, pairs):
        r = self.random
        parts = [self.gap() + n + r.choice(["", "", " "]) + ":" + self.gap() + v + self.gap() for n, v in pairs]
        body = ",".join(parts)
        if r.random() < 0.04:
            body += ","
        return "{" + body + self.gap() + "}"

    def item(self, fields, wild):
        r = self.random
        if r.random() < wild:
            return r.choice(NESTED + ["null", "undefined", "", "5"])
        chosen = [n for n in fields if r.random() < 0.55]
        r.shuffle(chosen)
        pairs = []
        for n in chosen:
            value = self.value(fields[n], wild)
            if n == "ConditionID" and r.random() < 0.5:
                value = r.choice(["265", "266", "0", "10"])
            if n == "ActionID" and r.random() < 0.5:
                value = r.choice(["218", "0", "4"])
            pairs.append((self.name(n), value))
        if r.random() < wild:
            pairs.append((self.name(r.choice(UNKNOWN)), r.choice(SCALARS + NESTED)))
        return self.members(pairs)

    def list(self, fields, wild):
        r = self.random
        if r.random() < wild:
            return r.choice(NESTED + WORDS)
        items = [self.item(fields, wild / 2) for _ in range(r.randint(0, 3))]
        return "[" + ",".join(self.gap() + i + self.gap() for i in items) + ("," if r.random() < 0.05 else "") + "]"

    def body(self):
        r = self.random
        wild = r.choice([0, 0, 0.03, 0.1, 0.3])
        pairs = []
        if r.random() < 0.9:
            pairs.append((self.name("Name"), self.value("text", wild) if r.random() < 0.5 else self.text()))
        for member in BOOL_MEMBERS:
            if r.random() < 0.4:
                pairs.append((self.name(member), self.value("bool", wild)))
        if r.random() < 0.4:
            pairs.append((self.name("PersonaMatchCondition"), self.value("list-int", wild)))
        if r.random() < 0.2:
            pairs.append((self.name("PersonaID"), self.value("int", wild) if r.random() < wild else r.choice(["188", "0", "189"])))
        for member, fields in zip(LISTS, (CONDITION, ACTION)):
            for _ in range(r.choice([0, 1, 1, 2])):
                pairs.append((self.name(member), self.list(fields, wild)))
        if r.random() < 0.3:
            pairs.append((self.name(r.choice(UNKNOWN)), r.choice(SCALARS + NESTED) if r.random() < wild else r.choice(["1", "[]", "{}", "null", '"x"'])))
        r.shuffle(pairs)
        body = self.gap() + self.members(pairs)
        if r.random() < 0.1:
            body += r.choice([" garbage", "}", "{}", ",", "/*", "\x00"])
        if r.random() < wild / 2:
            body = self.spoiled(body)
        return body

    def spoiled(self, body):
        """The body with a few characters put in, taken out or replaced, or cut short."""
        r = self.random
        for _ in range(r.randint(1, 3)):
            at = r.randrange(len(body) + 1)
            piece = r.choice(PIECES)
            body = r.choice([body[:at] + piece + body[at:], body[:at] + body[at + 1:], body[:at] + piece + body[at + 1:], body[:at]])
        return body

    def encoded(self, body):
        """The body as bytes and the charset to name, in one of the encodings that the reader knows."""
        r = self.random
        chance = r.random()
        if chance < 0.86:
            return body.encode(), None
        return r.choice([
            (b"\xef\xbb\xbf" + body.encode(), None),
            (b"\xff\xfe" + body.encode("utf-16-le"), None),
            (b"\xfe\xff" + body.encode("utf-16-be"), None),
            (body.encode("utf-16-le"), "utf-16"),
            (b"\xff\xfe" + body.encode("utf-16-le"), "UTF-16"),
            (b"\xef\xbb\xbf" + body.encode(), "utf-16"),
            (body.encode("utf-16-le"), None),
            (b"\xff\xfe\0\0" + body.encode("utf-32-le"), None),
            (b"\0\0\xfe\xff" + body.encode("utf-32-be"), r.choice([None, "utf-16"])),
            (b"\xff\xfe\0\0" + body.encode("utf-32-le"), "utf-16"),
            (body.encode("utf-16-le"), "utf-16; charset=utf-8"),
            (body.encode(), "utf-8; charset=utf-16"),
            (b"\xef\xbb\xbf\xef\xbb\xbf" + body.encode(), None),
            (body.encode() + r.choice([b"\xc0\x80", b"\xed\xa0\x80", b"\xf5\x80\x80\x80", b"\xf0\x9f\x98"]), None),
            (body.encode("utf-16-le") + b"\x00", "utf-16"),
            (body.encode() + b"\xff", None),
            (body.encode() + b"\xe2\x82", None),
            (body.encode("utf-16-le") + b"\x00\xd8", "utf-16"),
            (body.encode("latin-1", "replace"), "iso-8859-1"),
            (body.encode(), "utf-8"),
        ])


def requests(seed, count):
    maker = Maker(seed)
    r = maker.random
    made = 0
    single = [(name, value) for name in ("Name", "IsEnabled", "PersonaMatchCondition", "PersonaConditions")
              for value in SCALARS + NESTED + ['"' + text + '"' for text in QUOTED]]
    inner = [(name, value) for name in ("ProfileFieldID", "ConditionValue") for value in SCALARS + ['"' + text + '"' for text in QUOTED]]
    fixed = list(FIXED)
    fixed += ["{\"Name\":\"a\",\"" + n + "\":" + v + "}" if n != "Name" else "{\"Name\":" + v + "}" for n, v in single]
    fixed += ["{\"Name\":\"a\",\"PersonaConditions\":[{\"" + n + "\":" + v + "}]}" for n, v in inner]
    r.shuffle(fixed)
    while made < count:
        if made < count * 0.6 and fixed:
            data, charset, kind = fixed.pop().encode(), None, "application/json"
        else:
            (data, charset), kind = maker.encoded(maker.body()), "application/json"
        content_type = kind if charset is None else f"{kind}; charset={charset}"
        if r.random() < 0.08:
            content_type = r.choice(TYPES)
        method, target = r.choice([("POST", "/api/personas"), ("PUT", "/api/personas/188")])
        headers = [["authorization", f"Bearer {TOKEN}"]]
        if content_type is not None:
            headers.append(["content-type", content_type])
        request = {"method": method, "target": target, "headers": headers}
        try:
            request["body"] = data.decode()
        except UnicodeDecodeError:
            request["body_base64"] = base64.b64encode(data).decode()
        made += 1
        yield {"name": f"case {made}", "request": request}


def instants(seed, count):
    r = random.Random(seed)
    for number in range(count):
        stamp = f"{r.randint(1901, 2099):04}-{r.randint(1, 12):02}-{r.randint(1, 28):02}T{r.randint(0, 23):02}:{r.randint(0, 59):02}"
        digits = f"{number % 1000:03}" if number < 1000 else f"{r.randrange(10**7):07}"
        yield f"{stamp}:{r.choice(['00', '30', '59'])}.{digits}Z"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reference", required=True, help="the directory of install.sh")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=1500)
    parser.add_argument("--out", required=True)
    parser.add_argument("--dates", action="store_true", help="record how instants are rounded and printed")
    options = parser.parse_args()
    program = ["mono", str(pathlib.Path(options.reference) / "Reference.exe")]
    version = subprocess.run([*program, "--versions"], check=True, capture_output=True, text=True).stdout.strip()
    mono = subprocess.run(["mono", "--version"], check=True, capture_output=True, text=True).stdout.split(" (")[0].split()[-1]
    if options.dates:
        lines = list(instants(options.seed, options.count))
        arguments = ["--dates"]
    else:
        lines = [json.dumps(line) for line in requests(options.seed, options.count)]
        arguments = [str(FIXTURE), CLOCK, SITE]
    run = subprocess.run([*program, *arguments], check=True, input="\n".join(lines) + "\n", capture_output=True, text=True, encoding="utf-8")
    answers = run.stdout.split("\n")[:-1]
    if len(answers) != len(lines):
        sys.exit(f"{len(lines)} asked, {len(answers)} answered:\n{run.stderr}")
    with open(options.out, "w", encoding="utf-8") as out:
        heading = {"recorded_with": {"Newtonsoft.Json": version, "mono": mono}, "seed": options.seed}
        out.write(json.dumps(heading) + "\n")
        for answer in answers:
            out.write((answer if options.dates else json.dumps(json.loads(answer))) + "\n")


if __name__ == "__main__":
    main()
