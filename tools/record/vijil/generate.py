"""Seeded requests against the reference application, one category a function."""

import json
import random
import uuid
from urllib.parse import quote

from reference import FIXTURE, NIL

TEAM = FIXTURE["teams"][0]["id"]
OTHER_TEAM = FIXTURE["teams"][1]["id"]
OWN = [p["id"] for p in FIXTURE["personas"] if p["team_id"] == TEAM]
FOREIGN = [p["id"] for p in FIXTURE["personas"] if p["team_id"] != TEAM]
PRESETS = [p["id"] for p in FIXTURE["presets"]]
UNKNOWN = "d0d0d0d0-0000-4000-8000-00000000d0d0"

ENUMS = {
    "knowledge_level": ["beginner", "intermediate", "advanced", "expert"],
    "skill_level": ["novice", "competent", "proficient", "expert"],
    "intent": ["benign", "curious", "adversarial", "malicious"],
}
STRINGS = ["name", "description", "role", "role_description", "language", "preset_category", "icon_filename"]
FIELDS = STRINGS + list(ENUMS) + ["access_permissions", "is_preset", "tags"]
IGNORED = ["created_at", "updated_at", "created_by", "Name", "extra", "teamId", "x", ""]

ODD_NUMBERS = [
    "0", "1", "-1", "2", "-0", "0.0", "-0.0", "1.0", "2.0", "0.5", "1e0", "1e2", "1E+2", "1e-7", "1.5e300", "1e16",
    "1e15", "123456789012345680000.0", "0.0001", "0.00001", "1e22", "1e21", "5e-324", "1e400", "-1e400", "1e-400",
    "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809",
    "9223372036854775807.0", "9.2e18", "9.3e18", "-9.3e18", "1" + "0" * 40, "-" + "9" * 60, "3.141592653589793238462643",
    "-1829278948950969.25", "182927894895096975E-2", "NaN", "Infinity", "-Infinity", "0.1", "100", "1.7976931348623157e308", "4.35", "2.675", "1e23", "9007199254740993",
]
TEXTS = [
    '""', '" "', '"a"', '"Carlos"', '"caf\\u00e9"', '"café"', '"🙂"', '"\\ud83d\\ude42"', '"\\ud83d"', '"\\ude42\\ud83d"',
    '"\\ud83d\\u0041"', '"\\ud83d\\ud83d\\ude42"', '"a\\u0000b"', '"\\t\\n\\r\\b\\f\\/\\\\\\""', '"\u007f\u0080\u2028"',
    '"<script>"', '"true"', '"1"', '"null"', '"日本語"', '"\\u001f"', '"e\u0301"', '"\ufeff"', '"\\uFFFF"', '"\\uDBFF\\uDFFF"',
]
BOOLS = [
    "true", "false", '"true"', '"TRUE"', '"True"', '"t"', '"T"', '"y"', '"yes"', '"YES"', '"on"', '"oN"', '"1"', '"0"',
    '"f"', '"n"', '"no"', '"off"', '"OFF"', '"false"', '" true"', '"true "', '"2"', '""', '"ja"', '"ﬀ"', '"ON"', '"tru\\u0065"',
]
BAD_TYPES = ["null", "5", "0.5", "true", "[]", "{}", '[1]', '{"a":1}', '"x"', "[[]]", "NaN", '["a"]', '{"":null}']


def text_of(r: random.Random, length: int) -> str:
    alphabet = r.choice(["a", "é", "🙂", "日", "e\u0301", "ab c"])
    return (alphabet * length)[:length]


def scalar(r: random.Random) -> str:
    return r.choice([r.choice(ODD_NUMBERS), r.choice(TEXTS), r.choice(BOOLS), r.choice(BAD_TYPES), "null"])


def value(r: random.Random, depth: int = 3) -> str:
    if depth == 0 or r.random() < 0.5:
        return scalar(r)
    n = r.randrange(4)
    if r.random() < 0.5:
        return "[" + ",".join(value(r, depth - 1) for _ in range(n)) + "]"
    return "{" + ",".join(f'"{r.choice(["a", "b", "c", "zz", "9", "é"])}":{value(r, depth - 1)}' for _ in range(n)) + "}"


def mild(r: random.Random, depth: int = 2) -> str:
    """A value that can always be encoded again."""
    if depth == 0 or r.random() < 0.6:
        return r.choice(["null", "1", "0.5", "true", '"x"', '"é"', "1e2", "[]", "{}", "12345678901234567890123", "-0.0", '"\\n\\u007f/"'])
    n = r.randrange(4)
    if r.random() < 0.5:
        return "[" + ",".join(mild(r, depth - 1) for _ in range(n)) + "]"
    return "{" + ",".join(f'"{r.choice("abcdé")}":{mild(r, depth - 1)}' for _ in range(n)) + "}"


def access(r: random.Random) -> str:
    if r.random() < 0.15:
        return r.choice(BAD_TYPES + ODD_NUMBERS[:12] + TEXTS[:9])
    strings = ["null", "[]", '["a"]', '["a","b"]', '["a",1]', '"a"', "{}", "[null]", '["é🙂"]', "[[]]", "1", "[NaN]", '["\\ud800"]']
    pool = {
        "privilege_level": ['"guest"', '"user"', '"power_user"', '"admin"', '"super_admin"', '"bogus"', "null", "1", "[]", "NaN", '"\\ud800"'],
        "allowed_agents": strings,
        "allowed_tools": strings,
        "restricted_actions": strings,
        "data_access_scope": ['"own"', '"team"', '"organization"', '"global"', '"none"', "null", "0", "{}"],
    }
    keys = [k for k in pool if r.random() < 0.35] + [k for k in ["foo", "", "Privilege_Level", "é", "\\u0066oo", "\\udfff"] if r.random() < 0.25]
    r.shuffle(keys)
    items = [f'"{k}":{r.choice(pool[k]) if k in pool else mild(r)}' for k in keys]
    if items and r.random() < 0.1:
        items.append(r.choice(items))
    return "{" + ",".join(items) + "}"


def good(r: random.Random, field: str) -> str:
    if field in ENUMS:
        return json.dumps(r.choice(ENUMS[field]))
    if field == "is_preset":
        return r.choice(BOOLS[:20])
    if field == "tags":
        return r.choice(["null", "[]", '["a","b"]', '["é"]', '["",""]'])
    if field == "access_permissions":
        return access(r)
    length = r.choice([1, 2, 20, 100])
    return json.dumps(text_of(r, length), ensure_ascii=r.random() < 0.3)


def any_value(r: random.Random, field: str) -> str:
    roll = r.random()
    if roll < 0.35:
        return good(r, field)
    if field in ("name", "role") and roll < 0.6:
        limit = 255 if field == "name" else 100
        return json.dumps(text_of(r, limit + r.choice([-1, 0, 0, 1, 1, 50])), ensure_ascii=r.random() < 0.3)
    if field in ENUMS and roll < 0.65:
        return r.choice(['"Benign"', '"expert "', '"EXPERT"', '""', '"novice"', '"benign"', '"x"'])
    if field == "is_preset" and roll < 0.8:
        return r.choice(BOOLS + ODD_NUMBERS)
    if field == "tags" and roll < 0.8:
        return "[" + ",".join(scalar(r) for _ in range(r.randrange(5))) + "]"
    if field == "access_permissions":
        return access(r)
    return value(r) if roll < 0.8 else scalar(r)


def spaced(r: random.Random, items: list[str]) -> str:
    if r.random() < 0.8:
        return "{" + ",".join(items) + "}"
    gap = lambda: r.choice(["", " ", "\n", "\t", "\r\n  "])
    return gap() + "{" + gap() + ("," + gap()).join(i + gap() for i in items) + "}" + gap()


def update_body(r: random.Random, choose=any_value) -> str:
    fields = r.sample(FIELDS, r.choice([0, 1, 1, 1, 2, 2, 3, 5]))
    items = [f'"{f}":{choose(r, f)}' for f in fields]
    items += [f'"{f}":{value(r)}' for f in IGNORED if r.random() < 0.06]
    if items and r.random() < 0.08:
        items.append(f'"{r.choice(fields or ["name"])}":{any_value(r, r.choice(FIELDS))}')
    r.shuffle(items)
    return spaced(r, items)


UUID_SPECIALS = [
    "", " ", "abc", "x", "\n", "é", "🙂", "{", "}", "{}", "-", "--", "----", "urn:uuid:", "URN:UUID:", "urn:uuid", "g" * 32, "0" * 31, "0" * 32, "0" * 33,
    "0" * 36, "0" * 38, "0" * 45, "-" * 36, "00000000-0000-0000-0000", "00000000-0000-0000-0000-0000-00000000", "0-0-0-0-0",
    "presets", "from-preset", "null", "undefined", "me", "1", "{0}", "urn:uuid:x", "{urn:uuid:x}", "urn:uuid:{x}",
]


def uuid_text(r: random.Random, known: str) -> str:
    base = r.choice([known, known, known, str(uuid.UUID(int=r.getrandbits(128)))])
    forms = [
        base, base.upper(), base.replace("-", ""), "{" + base + "}", "{" + base.replace("-", "") + "}", "urn:uuid:" + base, "URN:UUID:" + base,
        "urn:uuid:" + base.replace("-", ""), "urn:uuid:{" + base + "}", "{urn:uuid:" + base + "}", "(" + base + ")", "{" + base, base + "}", " " + base, base + " ",
        base + "\n",
    ]
    text = r.choice(forms)
    for _ in range(r.choice([0, 0, 1, 1, 2])):
        if not text:
            break
        at = r.randrange(len(text))
        text = r.choice([
            text[:at] + text[at + 1 :],
            text[:at] + r.choice("gxZ-_0aé🙂{} %") + text[at:],
            text[:at] + r.choice("gxZ-_0aé{} ") + text[at + 1 :],
            text[:at],
            text[at:],
        ])
    return text if r.random() < 0.8 else r.choice(UUID_SPECIALS)


def put(r, target=None, body="", headers=None):
    return {"method": "PUT", "target": target or f"/v1/personas/{r.choice(OWN)}", "headers": headers or [], "body": body}


def update(r):
    return put(r, body=update_body(r))


def update_good(r):
    return put(r, body=update_body(r, good))


def update_elsewhere(r):
    id = r.choice([r.choice(OWN), r.choice(FOREIGN), r.choice(PRESETS), UNKNOWN, NIL])
    return put(r, f"/v1/personas/{id}", update_body(r), bearer(r))


def create_items(r, choose=any_value):
    items = {"team_id": f'"{r.choice([TEAM] * 5 + [OTHER_TEAM, UNKNOWN])}"', "name": good(r, "name"), "role": good(r, "role")}
    for field in r.sample(FIELDS, r.choice([0, 1, 2, 4])):
        items[field] = choose(r, field)
    if r.random() < 0.3:
        items["id"] = f'"{uuid.UUID(int=r.getrandbits(128), version=4)}"' if r.random() < 0.6 else r.choice(["null", f'"{r.choice(OWN)}"', f'"{r.choice(PRESETS)}"', "1", "{}"])
    return items


def create(r):
    items = create_items(r)
    for field in ("team_id", "name", "role"):
        if r.random() < 0.12:
            del items[field]
        elif r.random() < 0.08:
            items[field] = any_value(r, "name") if field != "team_id" else json.dumps(uuid_text(r, TEAM))
    pairs = [f'"{k}":{v}' for k, v in items.items()]
    r.shuffle(pairs)
    return {"method": "POST", "target": "/v1/personas/", "headers": bearer(r) if r.random() < 0.2 else [], "body": spaced(r, pairs)}


def create_uuid(r):
    items = create_items(r, good)
    field = r.choice(["id", "team_id"])
    items[field] = json.dumps(uuid_text(r, TEAM), ensure_ascii=False) if r.random() < 0.8 else scalar(r)
    return {"method": "POST", "target": "/v1/personas/", "headers": [], "body": "{" + ",".join(f'"{k}":{v}' for k, v in items.items()) + "}"}


def access_only(r):
    return put(r, body='{"access_permissions":' + access(r) + "}")


def lengths(r):
    field, limit = r.choice([("name", 255), ("role", 100)])
    return put(r, body=json.dumps({field: text_of(r, limit + r.choice([-1, 0, 1]))}, ensure_ascii=r.random() < 0.5))


def booleans(r):
    return put(r, body='{"is_preset":' + r.choice(BOOLS + ODD_NUMBERS + BAD_TYPES) + "}")


def numbers(r):
    n = r.choice(ODD_NUMBERS + [str(r.uniform(-1e6, 1e6)), repr(r.random() * 10 ** r.randrange(-320, 308)), str(r.getrandbits(r.randrange(1, 200)))])
    shape = r.choice(['{"name":%s}', '{"access_permissions":{"privilege_level":%s}}', '{"tags":[%s]}', "%s", "[%s]", '{"unused":%s}', '{"intent":%s}', '{"access_permissions":%s}'])
    return put(r, body=shape % n)


def strings(r):
    t = r.choice(TEXTS)
    if r.random() < 0.4:
        t = '"' + "".join(r.choice(["\\u%04x" % r.choice([r.randrange(0xD7F0, 0xE010), r.randrange(0, 0x10000)]), "a", "\\n", "é", "\\ud83d", "\\ude42", "🙂"]) for _ in range(r.randrange(1, 6))) + '"'
    shape = r.choice(['{"description":%s}', '{"name":%s}', '{"intent":%s}', '{"tags":[%s]}', '{"access_permissions":{"privilege_level":%s}}', '{%s:1}', '{"unused":%s}', '{"access_permissions":{"privilege_level":1,%s:2}}', '{"access_permissions":{"privilege_level":1,"\\ud800":0,%s:2}}', '{"access_permissions":{"privilege_level":{"a":[{%s:1}]}}}', "%s", '{"is_preset":%s}'])
    id = r.choice([OWN[0], OWN[0], UNKNOWN])
    return put(r, f"/v1/personas/{id}", shape % t)


MALFORMED = [
    "", " ", "\n", "nul", "tru", "{", "[", "}", "]", '"', '"abc', "'a'", "{'a':1}", "{name:1}", '{"name": "x",}', '{"a" 1}', '{"a":1 "b"}', '{"a":}', '{"name": }',
    '{"a":"\\x"}', '{"a":"\\u12G4"}', '{"a":"\\u12"}', '"\\u12', '"\\', '"\\u', '{} x', "{}{}", "[1,]", "[,1]", "[1 2]", "[1", "{\"a\"", "{\"a\":", '{"a":1', '{"a":1,', "01", "1.", ".5", "+1", "-", "--1",
    "1e", "1e+", "-Infinit", "Infinit", "NaNa", "-NaN", "0x10", "1_000", "undefined", "True", "None", "/*a*/{}", "{}//a", "\ufeff{}", "\u00a0{}", "\x0c{}", '{"a":"\n"}', '{"a":"\t"}', '"\x01"', '{"a":1}\x00',
    '"\\ud83d\\uZZZZ"', '"\\ud83d\\u12"', '"\\ud83d\\', '{"é🙂":"🙂" x}', '{"name":"é","role":tru}', "null", "[]", "5", '"text"', "true", "[null]", "-0", "1.5", '{"a":"\\u+123"}', '{"a":"\\u 123"}', "1E5", "1.0e-05x", "-0.0",
    "Infinity", "-Infinity", "NaN", '{"a":1,,"b":2}', '{,}', "{1:2}", '{"a":1}]', '{"a":[1,2}', "{\r\n\"a\"\r\n:\r\n1\r\n,\r\n}", "nullx", "truefalse", '""""',
]


def malformed(r):
    if r.random() < 0.5:
        body = r.choice(MALFORMED)
    else:
        body = update_body(r)
        for _ in range(r.choice([1, 1, 2])):
            if body:
                at = r.randrange(len(body))
                body = r.choice([body[:at], body[:at] + body[at + 1 :], body[:at] + r.choice('{}[]",:\\x1e.-\t\n\x0b é🙂u') + body[at:], body[at:]])
    id = r.choice([OWN[0], OWN[0], "not-a-uuid"])
    headers = r.choice([[], [], [], bearer(r)])
    if r.random() < 0.25:
        return {"method": "POST", "target": r.choice(["/v1/personas/", f"/v1/personas/from-preset/{PRESETS[0]}", "/v1/auth/jwt/login", "/v1/auth/token", "/v1/auth/change-password"]), "headers": headers, "body": body}
    return put(r, f"/v1/personas/{id}", body, headers)


def encodings(r):
    doc = r.choice([update_body(r), update_body(r), '{"name":"é🙂","role":1}', "{", "[1, ]", '"', "1", "12", '{"a" 1}', '""', "é", '{"description":"日本"}'])
    codec = r.choice(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "latin-1", "cp1252", "shift-jis"])
    data = doc.encode(codec, "replace")
    roll = r.random()
    if roll < 0.15:
        data = b"\xef\xbb\xbf" + data
    elif roll < 0.3 and data:
        at = r.randrange(len(data))
        data = data[:at] + r.choice([b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xed\xb0\x80", b"\xed\xa0\xbd\xed\xb9\x82", b"\xc0\x80", b"\xf5\x80\x80\x80", b"\x00", b"\xe2\x82", b"\xf4\x90\x80\x80"]) + data[at:]
    elif roll < 0.4 and data:
        data = data[:-1]
    elif roll < 0.5:
        data = b'{"description":"' + r.choice([b"\xed\xa0\x80", b"\xed\xa0\xbd\xed\xb9\x82", b"\xff", b"\xc3\xa9", b"\xe9"]) + b'","name":' + r.choice([b"1", b'"ok"']) + b"}"
    elif roll < 0.55:
        data = b"{\x00\"\x00a\x00\"\x00:\x00\"\x00" + r.choice([b"\x00\xd8", b"\x3d\xd8\x42\xde", b"\x42\xde"]) + b"\"\x00}\x00"
    headers = [["content-type", r.choice(["application/json", "application/json; charset=utf-8", "application/json; charset=utf-16", "application/json;charset=latin-1"])]]
    return put(r, body=data, headers=headers)


TYPES = [
    "", "application/json", "APPLICATION/JSON", "application/json;", "application/json;charset=utf-8", "application/json ; charset=x", " application/json", "application/vnd.api+json",
    "application/problem+json; a=b", "application/+json", "application/ json", "application/json+x", "application/jsonx", "application/x-json", "text/json", "text/plain", "application/xml",
    "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/octet-stream", "application/json, text/plain", "application/json,", "application/json/", "application",
    "json", "/json", "application/", "*/*", "a/b/c", "application/json\t", "application/merge-patch+json", "application/JSON+JSON", ";", "application;/json", "text/html; charset=utf-8", "application/json;charset=\"", "application/JSON ",
]


def content_types(r):
    body = r.choice(['{"role":""}', "{}", '{"name":"x"}', "{", "plain text", "é", b"\xff\xfe", "", "null", "[]", b'\x00a', '"\\ud800"'])
    headers = [["content-type", r.choice(TYPES)]]
    if r.random() < 0.1:
        headers.append(["content-type", r.choice(TYPES)])
    target = f"/v1/personas/{r.choice([OWN[0], 'bad'])}"
    if r.random() < 0.3:
        return {"method": "POST", "target": r.choice(["/v1/personas/", f"/v1/personas/from-preset/{PRESETS[1]}", "/v1/auth/jwt/login"]), "headers": headers, "body": body}
    return put(r, target, body, headers)


def path_ids(r):
    text = quote(uuid_text(r, r.choice(OWN + PRESETS[:1])), safe=r.choice(["", "{}:", "{}"]))
    if r.random() < 0.08:
        text = r.choice(["%ff", "%C3", "a%2Fb", "%e2%82", "%zz", "%", "%0A", "a%0A", "%2e%2e", "%ed%a0%80", "%00", "a%00b", "%25", "%2F", "%3F", "%23"])
    method, target = r.choice([("PUT", f"/v1/personas/{text}"), ("GET", f"/v1/personas/{text}?team_id={TEAM}"), ("DELETE", f"/v1/personas/{text}"), ("POST", f"/v1/personas/from-preset/{text}")])
    body = r.choice(["{}", '{"name":5}', '{"name":5,"tags":[1]}']) if method == "PUT" else ""
    return {"method": method, "target": target, "headers": [], "body": body}


METHODS = ["GET", "PUT", "POST", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "PROPFIND", "LOCK", "REPORT", "QUERY", "FOO", "put", "get"]


def routes(r):
    id = r.choice([OWN[0], "bad", UNKNOWN])
    path = r.choice([
        "/v1/personas", "/v1/personas/", "/v1/personas//", "/v1/personas///", f"/v1/personas/{id}", f"/v1/personas/{id}/", f"/v1/personas/{id}//", f"/v1/personas/{id}/x", f"/v1//personas/{id}",
        f"/v1%2Fpersonas%2F{id}", f"/v1/personas%2F", "/v1/personas%2F%2F", f"/v1/personas/{id}%2F", "/v1/personas/presets", "/v1/personas/presets/", "/v1/personas/presets//", "/v1/personas/presets/x",
        "/v1/personas/from-preset", "/v1/personas/from-preset/", f"/v1/personas/from-preset/{PRESETS[0]}", f"/v1/personas/from-preset/{PRESETS[0]}/", f"/v1/personas/from-preset/{id}/x", "/v1/Personas/", "/v1/persona/",
        "/v1", "/v1/", "/v1/auth/jwt/login", "/v1/auth/jwt/login/", "/v1/auth/jwt/refresh", "/v1/auth/jwt/refresh/", "/v1/auth/jwt/logout", "/v1/auth/jwt/logout/", "/v1/auth/change-password", "/v1/auth/change-password/", "/teams%2Fhealthz", "/v1/auth/token", "/v1/auth/token/", "/v1/auth/users/me", "/v1/auth/users/me/", "/v1/users/me", "/v1/users/me/",
        "/v1/users/me/teams", "/v1/users/me/teams/", "/v1/users", "/v1/auth", "/v1/users/me%0A", "/v1/personas/%0A", f"/v1/personas/{id}%0A", f"/v1/personas/{id}%0A/", "/v1/personas/presets/%0A", "/v1/personas/a%20b/", "/v1/personas/caf%C3%A9/",
        "/v1/personas/a%25b/", "/v1/personas/a%22%3C%3E%5E%60%7B%7C%7D%5C/", "/v1/personas/a;b/", "/v1/personas/a:b@c!d$e&f'g(h)i*j+k,l=m/", "/v1/personas/%E2%82/", "/v1/personas/~a-b_c.d/", "/v1/personas/./", "/v1/users/me%2Fteams", "/v1/personas/%5Ba%5D/", "/v1/personas/a%7Fb/",
        "/v1/personas/{a}/", "/v1/personas/a|b/", "/v1/personas/a'b/", "/v1/personas/%C2%A0/", "/v1/personas/%01/", "/v1/personas/a+b/", "/v1/personas/%F0%9F%99%82/", "/v1/personas/a%09b/", "/v1/personas/%ED%A0%80/", "/v1/personas/x/y/", "/v1/personas/from-preset//", "/v1/personas/from-preset/x//",
    ])
    query = r.choice(["", "", f"?team_id={TEAM}", "?a=b&c=%20d+e", "?", "?x=%ff&y", "?a=b?c", "?q=a|b^c`d", "?q={}[]\\", "?q=%zz%", "?q='()*;:@,/", "?%41=%42"])
    method = r.choice(METHODS[:7] + METHODS)
    return {"method": method, "target": path + query, "headers": r.choice([[], [], bearer(r)]), "body": r.choice(["", "{", "{}"]) if method in ("PUT", "POST", "PATCH") else ""}


INTS = [
    "5", "1", "100", "101", "250", "251", "0", "-1", "+5", "5+", "%205", "5%20", "+5", "%2B5", "5.0", "5.00", "5.", ".5", "1_0", "1__0", "_1", "1_", "0005", "00", "-0", "%2B-5", "-%2B5", "--5", "", "abc", "1e1", "0x5", "%D9%A5", "5.5", "5.0.0",
    "9223372036854775808", "-9223372036854775809", "%C2%A05", "5%0A", "null", "true", "1,0", "0_5", "-0005", "00.0", "-00.0", "1_0.0", "1.0_", "9" * 40, "0" * 50 + "7", "%00", "5%00", "10.00000", "%E2%80%835", "0_", "-1_0", "+1", "0.0", "-", "%2B", "_", ".0", "0_0_5", "0__5", "-0__5", "0__", "0_.0", "0-5", "0_-5", "-0-5", "+0-5", "%2B0-5", "0-05", "-" + "1" * 4299, "-" + "1" * 4300, "-0" + "1" * 4300, "%2B" + "1" * 4301, "1" * 4301 + "x", "1" * 4300, "1" * 4301, "%20" + "1" * 4301,
]


def query(r):
    parts = []
    roll = r.random()
    if roll < 0.85:
        parts.append(("team_id", TEAM if r.random() < 0.8 else quote(uuid_text(r, TEAM))))
    for _ in range(r.choice([0, 1, 1, 2, 3])):
        key = r.choice(["limit", "offset", "is_preset", "search", "intents", "preset_category", "team_id", "agent_id", "Limit", "limit%20", "li%6Dit", ""])
        if "imit" in key or "im" in key and key != "intents" or key == "offset":
            val = r.choice(INTS)
        elif key == "is_preset":
            val = r.choice(["true", "false", "1", "0", "yes", "NO", "on", "Off", "t", "F", "", "2", "true%20", "tRuE", "null", "1.0"])
        elif key == "intents":
            val = r.choice(["benign", "curious", "adversarial", "malicious", "adversarial,malicious", "", "Benign", "x", "benign+"])
        elif key == "search":
            val = r.choice(["user", "USER", "dev", "", "%20", "a+b", "caf%C3%A9", "%F0%9F%99%82", "%FF", "analyst", "zzz", "at%204", "4+a.m.", "%E4%BD%90%E8%97%A4", "100%25", "%zz", "%", "a%00b", "paciente", "CR%C3%93NICA", "Yuki;x", "r"])
        elif key == "preset_category":
            val = r.choice(["professional", "adversarial", "support", "", "Professional", "x"])
        elif key == "team_id":
            val = r.choice([TEAM, OTHER_TEAM, UNKNOWN, "", "bad"])
        else:
            val = r.choice(["", "x", "1"])
        parts.append((key, val))
    r.shuffle(parts)
    text = "&".join(k if v == "" and r.random() < 0.3 else f"{k}={v}" for k, v in parts)
    if r.random() < 0.12:
        text = r.choice(["&", "&&", "=", "?"]) + text
    if r.random() < 0.12:
        text += r.choice(["&", "&&", "&=", "&limit", "&limit=5=6", "&search=a=b", ";limit=3", "&intents=benign&intents=malicious", "&limit=1&limit=2", "&limit=x&limit=2", "&limit=2&limit=x", "&team_id=bad&team_id=" + TEAM, "&search=&search=r", "&%6cimit=1"])
    path = r.choice(["/v1/personas/", "/v1/personas/", "/v1/personas/", "/v1/personas/presets/", f"/v1/personas/{r.choice(OWN + [UNKNOWN])}"])
    return {"method": "GET", "target": f"{path}?{text}", "headers": bearer(r) if r.random() < 0.15 else [], "body": ""}


def bearer(r):
    token = r.choice([
        None, "Bearer vijil-owner-token", "Bearer vijil-read-only-token", "Bearer vijil-expired-token", "Bearer vijil-other-team-token", "Bearer vijil-no-persona-token", "Bearer vijil-admin-token", "Bearer vijil-short-lived-token",
        "Bearer anything", "bearer anything", "BEARER x y", "Bearer", "Bearer ", "Bearer  two", "Basic dXNlcjpwdw==", "vijil-owner-token", "Token x", "Bearer a.b.c", "Bearer\tx",
    ])
    if token is None:
        return [["authorization", ""]] if r.random() < 0.2 else [["no-authorization", "1"]]
    return [["authorization", token]]


def cookies(r):
    cookie = r.choice(["fastapiusersauth=anything", "a=b; fastapiusersauth=vijil-read-only-token", "fastapiusersauth=", "fastapiusersauth=vijil-expired-token; c", "other=1", "fastapiusersauth=\"quoted\"", " fastapiusersauth = spaced ; x=y", "FASTAPIUSERSAUTH=x", "fastapiusersauth=vijil-other-team-token;fastapiusersauth=vijil-owner-token", "fastapiusersauth",
        'fastapiusersauth="vijil\\055owner-token"', 'fastapiusersauth="vijil-read\\-only-token"', 'fastapiusersauth="vijil-owner-token\\"', 'fastapiusersauth="vijil\\400owner-token"', 'fastapiusersauth=""', 'fastapiusersauth="', "fastapiusersauth==x", "fastapiusersauth=é", 'a=é; fastapiusersauth="vijil-read-only-token"',
    ])
    headers = [["cookie", cookie]]
    if r.random() < 0.3:
        headers += [h for h in bearer(r) if h[0] == "authorization"]
    headers.append(["no-authorization", "1"])
    target = r.choice([("GET", "/v1/users/me"), ("GET", f"/v1/personas/?team_id={TEAM}&limit=1"), ("POST", "/v1/auth/jwt/refresh"), ("GET", "/v1/users/me/teams")])
    return {"method": target[0], "target": target[1], "headers": headers, "body": ""}


def order(r):
    headers = bearer(r)
    pick = r.randrange(7)
    team = r.choice([TEAM, OTHER_TEAM, UNKNOWN])
    if pick == 0:
        return put(r, f"/v1/personas/{r.choice([OWN[0], 'bad', FOREIGN[0], PRESETS[0], UNKNOWN])}", r.choice(["{", "{}", '{"name":1}', '{"name":"ok"}']), headers)
    if pick == 1:
        return {"method": "DELETE", "target": f"/v1/personas/{r.choice([OWN[0], 'bad', FOREIGN[0], PRESETS[0], UNKNOWN])}", "headers": headers, "body": r.choice(["", "{"])}
    if pick == 2:
        return {"method": "GET", "target": f"/v1/personas/{r.choice([OWN[0], FOREIGN[0], PRESETS[0], UNKNOWN, 'bad'])}?team_id={team}", "headers": headers, "body": r.choice(["", "{"])}
    if pick == 3:
        return {"method": "POST", "target": "/v1/personas/", "headers": headers, "body": json.dumps({"team_id": team, "name": "n", "role": "r"}) if r.random() < 0.6 else r.choice(["{", "{}", '{"name":1}'])}
    if pick == 4:
        return {"method": "POST", "target": f"/v1/personas/from-preset/{r.choice(PRESETS + [OWN[0], UNKNOWN, 'bad'])}", "headers": headers, "body": r.choice(["", "{", "{}", "null", '{"name_override":1}'])}
    if pick == 5:
        return {"method": "GET", "target": r.choice(["/v1/users/me", "/v1/auth/users/me", "/v1/users/me/teams"]), "headers": headers, "body": ""}
    return {"method": "GET", "target": r.choice(["/v1/personas/", "/v1/personas/presets/"]) + r.choice(["", f"?team_id={team}", "?limit=0", f"?team_id={team}&limit=2"]), "headers": headers, "body": ""}


def from_preset(r):
    body = r.choice(["", "null", "{}", "[]", '"x"', "5", '{"name_override":null}', '{"name_override":""}', '{"name_override":"Mine"}', '{"name_override":5}', '{"name_override":"é🙂"}', '{"name":"x"}', '{"name_override":"\\ud800"}', "{", '{"name_override":[]}', '{"name_override":" "}', "NaN", '{"name_override":"%s"}' % ("a" * 300)])
    id = r.choice(PRESETS + [OWN[0], UNKNOWN, quote(uuid_text(r, PRESETS[0]), safe="")])
    return {"method": "POST", "target": f"/v1/personas/from-preset/{id}", "headers": [["content-type", r.choice(TYPES)]] if r.random() < 0.2 else [], "body": body}


def sign_in(r):
    if r.random() < 0.5:
        user = r.choice(FIXTURE["users"])
        pairs = {"email": json.dumps(r.choice([user["email"], user["email"].upper(), "new@example.com"])), "password": json.dumps(r.choice([user["password"], "wrong"]))}
        target = "/v1/auth/jwt/login"
    else:
        key = r.choice(FIXTURE["api_keys"])
        pairs = {"client_id": json.dumps(r.choice([key["client_id"], "vk_unknown"])), "client_secret": json.dumps(r.choice([key["client_secret"], "wrong"]))}
        target = "/v1/auth/token"
    for field in list(pairs):
        roll = r.random()
        if roll < 0.1:
            del pairs[field]
        elif roll < 0.3:
            pairs[field] = scalar(r)
    if r.random() < 0.2:
        pairs["extra"] = value(r)
    return {"method": "POST", "target": target, "headers": r.choice([[], [["no-authorization", "1"]]]), "body": "{" + ",".join(f'"{k}":{v}' for k, v in pairs.items()) + "}"}


def change_password(r):
    user = r.choice(FIXTURE["users"])
    token = next((t["token"] for t in FIXTURE["tokens"] if t["user_id"] == user["id"]), "anything")
    current = r.choice([user["password"]] * 3 + ["wrong", "", "your-password", "YOUR-PASSWORD"])
    new = r.choice([text_of(r, r.choice([7, 8, 8, 9, 40])), current, user["password"], "", "a fresh password", "\u0000" * 8])
    pairs = {"current_password": json.dumps(current), "new_password": json.dumps(new, ensure_ascii=r.random() < 0.5)}
    for field in list(pairs):
        roll = r.random()
        if roll < 0.1:
            del pairs[field]
        elif roll < 0.25:
            pairs[field] = scalar(r)
    if r.random() < 0.2:
        pairs[r.choice(["extra", "password", "newPassword"])] = value(r)
    items = [f'"{k}":{v}' for k, v in pairs.items()]
    r.shuffle(items)
    body = spaced(r, items) if r.random() < 0.9 else r.choice(["", "null", "[]", '"x"', "{}", "{", "NaN"])
    headers = [["authorization", f"Bearer {token}"]] if r.random() < 0.75 else bearer(r)
    if r.random() < 0.1:
        headers = headers + [["content-type", r.choice(TYPES)]]
    return {"method": "POST", "target": "/v1/auth/change-password", "headers": headers, "body": body}


def logout(r):
    method = r.choice(["POST", "POST", "POST", "GET"])
    headers = r.choice([bearer(r), [["cookie", "fastapiusersauth=anything"], ["no-authorization", "1"]], [["cookie", "fastapiusersauth=vijil-expired-token"], ["no-authorization", "1"]]])
    return {"method": method, "target": "/v1/auth/jwt/logout" + r.choice(["", "", "?a=b"]), "headers": headers, "body": r.choice(["", "", "{", "x", "{}"]) if method == "POST" else ""}


def health(r):
    target = f"/{r.choice(['teams', 'evaluations', 'console'])}/healthz" + r.choice(["", "", "?a=b", "?team_id=bad"])
    return {"method": r.choice(["GET"] * 6 + METHODS), "target": target, "headers": bearer(r), "body": ""}


def refresh(r):
    return {"method": "POST", "target": "/v1/auth/jwt/refresh", "headers": bearer(r), "body": r.choice(["", "", "{", "x"])}


def duplicates(r):
    keys = [r.choice(["name", "role", "tags", "na\\u006de", "access_permissions", "x"]) for _ in range(r.randrange(2, 5))]
    items = ",".join(f'"{k}":{r.choice(["1", "null", "[]", chr(34) + "a" + chr(34), "{}", chr(34) * 2])}' for k in keys)
    return put(r, body=r.choice(["{%s}", '{"access_permissions":{"privilege_level":1,%s}}', '{"name":{%s}}', '{"tags":[{%s}]}']) % items)


def deep(r):
    near = r.choice([1, 50, 200, 250, 255, 256, 300, 900, 955, 980, 1100, 3000])
    open_, close = r.choice([("[", "]"), ('{"a":', "}")])
    nest = open_ * near + ("1" if open_ != "[" else "") + close * near
    shape = r.choice(['{"x":%s}', '{"name":%s}', '{"access_permissions":{"privilege_level":%s}}', "%s", '{"tags":[%s]}'])
    if "privilege_level" in shape and open_ != "[" and near == 255:
        near = 254
        nest = open_ * near + "1" + close * near
    return put(r, body=shape % nest)


def deep_faults(r):
    """What is wrong a long way down: Python gives up on wording it before it gives up on nesting."""
    near = r.choice([3, 500, 964, 965, 966, 967, 968, 969])
    tail = r.choice(["", "x", "1 2", "[]", '"abc', '"\\x"', '"\n"', "NaN", "1" * 4301, "1]"])
    opener = r.choice(["[", "[", '{"a":'])
    return put(r, body=opener * near + tail)


SEEDLINGS = [
    '{"name":"Ann","tags":["a","b"],"is_preset":true,"access_permissions":{"privilege_level":"user","n":[1,2.5e3,-0.0,null]}}', '{"name":5,"tags":[1,{"é":"🙂"}],"intent":"x","role":""}',
    '{"description":"é\\u00e9\\n\\ud83d\\ude42"}', '[1,"a",{"b":null}]', '"text"', "12.5e1",
]
BREAKERS = list(" \t\n\r{}[]:,\"\\/eE+-.0123456789untrfalsNIy") + ["\\u", "\\ud83d", "\\ude42", "NaN", "Infinity", "é", "🙂", "\x00", "\x1f", "\x7f", "\x85", "\u2028", "\ufeff", "\ud800", "\udc00", "//"]
ENCODINGS = ["utf-8"] * 8 + ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"]
MARKS = [b"\xef\xbb\xbf", b"\xef\xbb\xbf\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xff\xfe\0\0", b"\0\0\xfe\xff", b"\xef\xbb", b"\0", b"\0\0", b"\0\0\0"]


def mutated(r):
    """A good text, a few characters and then a few bytes of it broken, in any encoding."""
    text = r.choice(SEEDLINGS)
    for _ in range(r.choice([0, 1, 1, 1, 2, 3])):
        at = r.randrange(len(text) + 1)
        text = r.choice([text[:at] + r.choice(BREAKERS) + text[at:], text[:at] + text[at + 1 :], text[:at] + r.choice(BREAKERS) + text[at + 1 :], text[:at]])
    data = text.encode(r.choice(ENCODINGS), "surrogatepass")
    if r.random() < 0.2:
        data = r.choice(MARKS) + data
    for _ in range(r.choice([0, 0, 0, 1, 2])):
        at = r.randrange(len(data) + 1)
        byte = bytes([r.choice([0, 0x80, 0xA0, 0xC3, 0xD8, 0xDC, 0xE2, 0xED, 0xF0, 0xF4, 0xFE, 0xFF, r.randrange(256)])])
        data = r.choice([data[:at] + byte + data[at:], data[:at] + data[at + 1 :], data[:at] + byte + data[at + 1 :]])
    return put(r, body=data)


def long_integers(r):
    n = r.choice([4299, 4300, 4301, 5000])
    digits = r.choice(["", "-"]) + "1" * n + r.choice(["", "", ".0", "e0"])
    return put(r, body=r.choice(['{"x":%s}', '{"name":%s}', '{"x":%s,}', "%s", '{"x":%s']) % digits)


def reads(r):
    id = r.choice(OWN + FOREIGN + PRESETS + [UNKNOWN])
    return {"method": r.choice(["GET", "GET", "DELETE"]), "target": f"/v1/personas/{id}?team_id={r.choice([TEAM, TEAM, OTHER_TEAM])}", "headers": bearer(r) if r.random() < 0.4 else [], "body": ""}


CATEGORIES = [
    (update, 14), (update_good, 5), (update_elsewhere, 4), (create, 9), (create_uuid, 5), (access_only, 8), (lengths, 3), (booleans, 5), (numbers, 7), (strings, 7), (malformed, 13), (encodings, 8), (content_types, 6), (path_ids, 9),
    (routes, 11), (query, 13), (order, 7), (cookies, 3), (from_preset, 4), (sign_in, 6), (change_password, 6), (logout, 2), (health, 2), (refresh, 2), (duplicates, 3), (deep, 3), (deep_faults, 2), (long_integers, 1), (mutated, 12), (reads, 3),
]


def cases(seed: int, count: int):
    r = random.Random(seed)
    functions, weights = zip(*CATEGORIES)
    for number in range(count):
        make = r.choices(functions, weights)[0]
        case = make(r)
        headers = case["headers"]
        names = [name for name, _ in headers]
        if "authorization" not in names and "no-authorization" not in names:
            headers = [["authorization", "Bearer vijil-owner-token"]] + headers
        headers = [h for h in headers if h[0] != "no-authorization"]
        if "content-type" not in names and case["body"] and r.random() < 0.7:
            headers = headers + [["content-type", "application/json"]]
        body = case["body"].encode("utf-8", "surrogatepass") if isinstance(case["body"], str) else case["body"]
        yield {"name": f"{number:04} {make.__name__}", "method": case["method"], "target": case["target"], "headers": headers, "body": body}
