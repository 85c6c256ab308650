// The requests: first every field with every kind of value, then chance.
import { MALFORMED, NUMBERS, Random, STRINGS, jsonText, objectText, stringText } from "./random.mjs";

const PATHS = ["/crud/personas", "/api/crud/personas"];
const TEXTS = ["name", "user_role", "tagline", "avatar_description"];
const BLOCKS = [
  "demographics", "psychographics", "behavioral_patterns", "goals_and_needs", "pain_points", "narrative",
  "product_specific", "communication_preferences", "persona_data",
];
const FIELDS = ["project_id", ...TEXTS, ...BLOCKS];
const KINDS = ["null", "true", "false", "0", "-0", "1.5", "1e400", '""', '"text"', "[]", "[{}]", "{}", '{"a":1}', '"null"'];
const QUERY_NUMBERS = [
  "1", "2", "100", "1000", "1001", "0", "-1", "-0", "+1", "1e1", "1E1", "0x2", "0X2", "0b11", "0o7", "-0x2", "%202", "2%20", "+2", "%0a2",
  "%C2%A02", "%EF%BB%BF2", "%E2%80%8B2", "2.0", "2.", ".5", ".", "", "%20", "abc", "1.5", "Infinity", "-Infinity", "%2BInfinity", "infinity",
  "NaN", "1e400", "-1e400", "1e21", "1_000", "1,000", "10n", "1e", "1e%2B1", "0x", "0xg", "08", "%00", "1%00", "null", "true", "٣", "%D9%A3",
  "9007199254740993", "0x1fffffffffffff1", "0xffffffffffffffffffffffff", "9007199254740991",
  "9007199254740992", "-9007199254740991", "-9007199254740992", "-1e21", "1e16", "9007199254740990.5", "-1.5", "0.0", "-0.5", "5e-324", "--1", "1 2", "١", "[1]",
].filter((text) => /^[\x21-\x7e]*$/.test(text));
const SEARCHES = [
  "dev", "DEV", "developer", "zo%C3%AB", "ZO%C3%8B", "%25", "100%25", "_", "%20", "+with+", "nothing-has-this", "%FF", "%F0%9F%98%80", "%00",
  "GROCER+G%C3%9CNTHER", "a", "%E2%80%93", "%5C", "%22", "%ED%A0%80", "dev%2", "%zz", "ON+FRIDAYS", "%C3", "Ë",
].filter((text) => /^[\x21-\x7e]*$/.test(text));

export class Cases {
  constructor(seed, fixture) {
    this.random = new Random(seed);
    this.fixture = fixture;
    this.list = [];
    this.tokens = fixture.credentials.map(({ token }) => token);
  }

  add(name, method, query, body, { authorization = "Bearer vm_any1", path = this.random.pick(PATHS), type = "application/json", bytes } = {}) {
    const headers = [];
    // An update is sent by either of its methods.
    if (method === "PUT" && this.random.chance(0.5)) method = "PATCH";
    if (authorization !== null) headers.push(["authorization", authorization]);
    if (type !== null && (body !== undefined || bytes)) headers.push(["content-type", type]);
    const request = { method, target: path + (query ? `?${query}` : ""), headers };
    if (bytes) request.body_base64 = Buffer.from(bytes).toString("base64");
    else if (body !== undefined) request.body = body;
    this.list.push({ name: `${String(this.list.length + 1).padStart(4, "0")} ${name}`, request });
  }

  persona() {
    return this.random.pick(this.fixture.personas);
  }

  project() {
    return this.random.pick(this.fixture.projects).id;
  }

  /** A uuid in one of the many forms that clients send. */
  uuidText(good) {
    const variants = [
      good, good.toUpperCase(), good.replaceAll("-", ""), `{${good}}`, `urn:uuid:${good}`, ` ${good}`, `${good} `, `${good}\\n`, good.slice(1),
      `${good}0`, "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff", "FFFFFFFF-ffff-FFFF-ffff-FFFFFFFFFFFF",
      "12345678-1234-9234-f234-123456789abc", "g2345678-1234-4234-8234-123456789abc", "1234567-12345-4234-8234-123456789abc", "abc", "",
      good.replace("-", "\\u2010"), good.replace("-", "_"), this.random.uuid(), this.random.uuid("", ""), `\\u00a0${good}`, good.replace(/./, "\\uff11"),
      "00000000-0000-0000-0000-000000000001", "fffffffF-ffff-ffff-ffff-ffffffffffff", "ffffffff-ffff-ffff-ffff-fffffffffffe",
      ...[..."0123456789abcdef"].flatMap((digit) => [this.random.uuid(digit), this.random.uuid("7", digit)]),
      this.random.uuid("1", "B").toUpperCase(), this.random.uuid("8", "9").toUpperCase(), this.random.uuid("4", "C").toUpperCase(),
    ];
    return variants;
  }

  systematic() {
    this.everyFieldAndKind();
    this.uuids();
    this.queries();
    this.roots();
    this.jsonReading();
    this.batches();
    this.methods();
    this.credentials();
    return this;
  }

  everyFieldAndKind() {
    for (const field of [...FIELDS, "id", "unknown", "slug", "created_at", "__proto__"]) {
      for (const kind of KINDS) {
        this.add(`create, ${field} is ${kind}`, "POST", "", this.body({ project_id: `"${this.project()}"`, name: '"New"', [`${field} `]: kind }));
        this.add(`update, ${field} is ${kind}`, "PUT", "", this.body({ id: `"${this.persona().id}"`, [`${field} `]: kind }));
      }
    }
    for (const missing of [["name"], ["project_id"], ["name", "project_id"]]) {
      const fields = { project_id: `"${this.project()}"`, name: '"New"', tagline: '"t"' };
      for (const field of missing) delete fields[field];
      this.add(`create without ${missing}`, "POST", "", this.body(fields));
    }
    for (const text of STRINGS) {
      for (const field of TEXTS) {
        this.add(`create, ${field} is ${text}`, "POST", "", this.body({ project_id: `"${this.project()}"`, name: '"New"', [`${field} `]: text }));
      }
      this.add(`update, name is ${text}`, "PUT", "", this.body({ id: `"${this.persona().id}"`, name: text }));
    }
    for (const number of NUMBERS) {
      this.add(`create, number ${number} inside`, "POST", "", this.body({ project_id: `"${this.project()}"`, name: '"New"', demographics: `{"n":${number},"l":[${number}]}` }));
    }
  }

  /** Keys may carry a blank, so that a later one overrules an earlier; it is taken off here. */
  body(fields) {
    return `{${Object.entries(fields).map(([key, value]) => `"${key.trim()}":${value}`).join(",")}}`;
  }

  uuids() {
    for (const id of this.uuidText(this.persona().id)) {
      const wire = encodeURIComponent(JSON.parse(`"${id}"`));
      this.add(`get, id ${id}`, "GET", `id=${wire}`);
      this.add(`delete, id ${id}`, "DELETE", `id=${wire}`);
      this.add(`update, id ${id}`, "PUT", "", this.body({ id: `"${id}"`, tagline: '"t"' }));
      this.add(`delete by body, id ${id}`, "DELETE", "", this.body({ id: `"${id}"` }));
    }
    for (const id of this.uuidText(this.project())) {
      this.add(`list, project_id ${id}`, "GET", `limit=1&project_id=${encodeURIComponent(JSON.parse(`"${id}"`))}`);
      this.add(`create, project_id ${id}`, "POST", "", this.body({ project_id: `"${id}"`, name: '"New"' }));
      this.add(`list, projectId ${id}`, "GET", `limit=1&projectId=${encodeURIComponent(JSON.parse(`"${id}"`))}`);
      this.add(`update, project_id ${id}`, "PUT", "", this.body({ id: `"${this.persona().id}"`, project_id: `"${id}"` }));
    }
  }

  queries() {
    this.add("list", "GET", "");
    for (const name of ["limit", "offset"]) {
      for (const value of QUERY_NUMBERS) this.add(`list, ${name}=${value}`, "GET", name === "limit" ? `limit=${value}&offset=7` : `offset=${value}&limit=2`);
    }
    for (const value of SEARCHES) {
      this.add(`list, search=${value}`, "GET", `search=${value}&limit=1`);
      this.add(`list, search=${value} in a project`, "GET", `search=${value}&project_id=${this.project()}&limit=2&offset=1`);
    }
    const { id } = this.persona();
    const [mine, theirs] = this.fixture.projects.map((project) => project.id);
    for (const query of [
      `projectId=${mine}&project_id=${mine}`, `projectId=${mine}&project_id=${mine.toUpperCase()}`, `project_id=${mine}&projectId=${theirs}`,
      `project_id=${theirs}&projectId=${mine}`, `projectId=&project_id=${mine}&limit=1`, `projectId=${theirs}&project_id=&limit=1`, `project_id=${mine}&projectId=x`,
      `project_id=x&projectId=y`, `project_id=${mine}&projectId=${theirs}&limit=0`, `projectId=${theirs}&projectId=${mine}&limit=1`, `projectid=${theirs}&limit=1`,
      `id=${id}&projectId=${theirs}&project_id=${mine}`, `projectId=${mine}&search=dev&offset=1`,
      "id=", "id", "?id=", "id=&limit=1", `id=${id}&limit=abc`, `limit=abc&id=${id}`, `id=&id=${id}`, `id=${id}&id=`, `ID=${id}`, `i%64=${id}`,
      "limit=1&limit=abc", "limit=abc&limit=1", "limit=&limit=1", "limit=0&offset=-1", "limit=x&offset=y&project_id=z", "limit=1&offset=1", "limit=3&offset=8",
      "offset=1000", "search=", "project_id=", "limit", "&&&", "=1", "unknown=1", "limit=1;offset=1", "limit%3D1", "limit=5&search=dev&offset=1", "page=2",
      `id=%20${id}`, `id=${id}%0A`, `id=${id}#x`, "search=dev#x",
    ]) this.add(`list or get, ${query}`, "GET", query);
  }

  roots() {
    for (const root of [...KINDS, "[[]]", "[1]", "[null]", '["a"]', " {}", "{}\n", "\ufeff{}", "\ufeff[]", "[ ]"]) {
      for (const method of ["POST", "PUT", "DELETE"]) this.add(`${method}, root ${JSON.stringify(root)}`, method, "", root);
    }
    for (const text of MALFORMED) {
      for (const method of ["POST", "PUT", "DELETE"]) this.add(`${method}, malformed ${JSON.stringify(text)}`, method, "", text);
    }
    for (const method of ["POST", "PUT", "DELETE"]) this.add(`${method} without a body`, method, "");
    for (const blank of [" ", "\n", "\t\r\n ", "\ufeff", "\ufeff ", " \ufeff", "\ufeff\ufeff", "\u00a0", "\u2028", "\u0000", "\u000b"]) {
      for (const method of ["POST", "PUT", "DELETE"]) this.add(`${method}, blank ${JSON.stringify(blank)}`, method, "", blank);
      this.add(`DELETE by the query, blank ${JSON.stringify(blank)}`, "DELETE", `id=${this.persona().id}`, blank);
    }
    for (const type of [null, "text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin1", "nonsense"]) {
      this.add(`create, content type ${type}`, "POST", "", this.body({ project_id: `"${this.project()}"`, name: '"Zoë"' }), { type });
    }
  }

  jsonReading() {
    const create = (inner) => this.body({ project_id: `"${this.project()}"`, name: '"New"', demographics: inner });
    for (const inner of [
      '{"b":1,"a":2}', '{"b":1,"10":2,"9":3,"a":4,"01":5,"-1":6}', '{"a":1,"b":2,"a":3}', '{"1":1,"0":2,"1":3}', '{"__proto__":{"x":1},"y":2}',
      '{"y":{"__proto__":1,"z":2}}', '{"4294967294":1,"4294967295":2,"4294967296":3,"z":4,"5":5}', '{"\\u0061":1,"a":2}', '{"\\ud800":1,"\\udfff":"\\udfff"}',
      '{"toJSON":1,"constructor":{},"toString":null}', '{"":""}', '{"deep":[[[[[[[[[[{"a":[]}]]]]]]]]]]}', '{ "a" : [ 1 , 2 ] ,\n"b"\t:\r{ } }',
      '{"a":"\\u00e9","b":"é","c":"\u2028","d":"\\u2028","e":"\u007f"}', '{"a":"\\/","b":"/"}',
    ]) {
      this.add(`create, ${inner}`, "POST", "", create(inner));
      this.add(`update, ${inner}`, "PUT", "", this.body({ id: `"${this.persona().id}"`, narrative: inner }));
    }
    this.add("create, a field twice", "POST", "", this.body({ project_id: `"${this.project()}"`, name: "5", "name ": '"New"' }));
    this.add("create, a field twice, the last wrong", "POST", "", this.body({ project_id: `"${this.project()}"`, name: '"New"', "name ": "5" }));
    const around = (middle) => Buffer.concat([Buffer.from(`{"project_id":"${this.project()}","name":"a`), Buffer.from(middle), Buffer.from('b"}')]);
    for (const middle of [[0xff], [0xc3], [0xc3, 0x28], [0xe2, 0x82], [0xf0, 0x9f, 0x98], [0xed, 0xa0, 0x80], [0xc0, 0xaf], [0xf5, 0x80, 0x80, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xef, 0xbb, 0xbf], [0xe0, 0x80, 0xaf], [0xf0, 0x9f, 0x98, 0x80], [0xf0, 0x9f, 0x41]]) {
      this.add(`create, bytes ${Buffer.from(middle).toString("hex")} in the name`, "POST", "", undefined, { bytes: around(middle) });
    }
    for (const bytes of [[0xff, 0xfe, 0x7b, 0, 0x7d, 0], [0xef, 0xbb, 0xbf], [0xef, 0xbb], [0xef, 0xbb, 0xbf, 0xef, 0xbb, 0xbf, 0x7b, 0x7d], [0x80], [0x5b, 0xff, 0x5d]]) {
      for (const method of ["POST", "PUT", "DELETE"]) this.add(`${method}, bytes ${Buffer.from(bytes).toString("hex")}`, method, "", undefined, { bytes });
    }
    for (const depth of [10, 100, 120, 10000]) {
      this.add(`create, ${depth} levels deep`, "POST", "", create(`{"a":${"[".repeat(depth)}${"]".repeat(depth)}}`));
    }
  }

  batches() {
    const { personas, projects } = this.fixture;
    const project = `"${projects[0].id}"`;
    const good = this.body({ project_id: project, name: '"New"' });
    const bad = this.body({ project_id: project });
    const id = (index) => `"${personas[index].id}"`;
    const unknown = `"${this.random.uuid()}"`;
    const change = (index) => this.body({ id: id(index), tagline: '"new"' });
    const creates = {
      "one good": [good], "one bad": [bad], "two good": [good, good], "mixed": [good, bad, good], "all bad": [bad, "1", "null"], "not objects": ["[]", '"a"', "true", good],
      "bad with an id": [this.body({ id: id(0) }), this.body({ id: "5" })], "new project": [this.body({ project_id: unknown, name: '"a"' }), this.body({ project_id: unknown, name: '" b "' })],
      "many": Array.from({ length: 30 }, (_, index) => (index % 7 === 3 ? bad : good)),
    };
    for (const [name, items] of Object.entries(creates)) this.add(`batch create, ${name}`, "POST", "", `[${items}]`);
    const updates = {
      "one good": [change(0)], "same id twice": [change(0), this.body({ id: id(0), tagline: "null", user_role: '"r"' })], "mixed": [change(1), this.body({ id: unknown }), change(2)],
      "all unknown": [this.body({ id: unknown })], "no id": [this.body({ tagline: '"x"' }), change(0)], "id of every kind": KINDS.map((kind) => this.body({ id: kind })),
      "not objects": ["1", "null", "[]", '"a"', `[${id(0)}]`], "other project": [this.body({ id: id(0), project_id: `"${projects[1].id}"` })],
      "upper case": [this.body({ id: id(0).toUpperCase(), name: '"n"' })], "bad field and bad id": [this.body({ id: '"abc"', name: '" "', demographics: "[]" })],
    };
    for (const [name, items] of Object.entries(updates)) this.add(`batch update, ${name}`, "PUT", "", `[${items}]`);
    const deletes = {
      "one": [this.body({ id: id(0) })], "two": [this.body({ id: id(0) }), this.body({ id: id(1) })], "same id twice": [this.body({ id: id(0) }), this.body({ id: id(0).toUpperCase() })],
      "mixed": [this.body({ id: id(0) }), this.body({ id: unknown })], "all unknown": [this.body({ id: unknown }), this.body({ id: unknown })], "bare ids": [id(0), id(1)],
      "id of every kind": KINDS.map((kind) => this.body({ id: kind })), "further keys": [this.body({ id: id(0), name: "5", demographics: "[]" })], "no id": ["{}"],
    };
    for (const [name, items] of Object.entries(deletes)) this.add(`batch delete, ${name}`, "DELETE", "", `[${items}]`);
    for (const method of ["POST", "PUT", "DELETE"]) this.add(`${method}, batch behind blanks`, method, "", ` \r\n\t[${change(0)}]`);
    this.add("delete, id in the query beats a batch", "DELETE", `id=${personas[0].id}`, `[${this.body({ id: id(1) })}]`);
    this.add("delete, id in the query beats a malformed body", "DELETE", `id=${personas[0].id}`, "{");
    this.add("delete, empty id in the query and a batch", "DELETE", "id=", `[${this.body({ id: id(1) })}]`);
    this.add("update, id in the query only", "PUT", `id=${personas[0].id}`, this.body({ tagline: '"x"' }));
  }

  methods() {
    for (const path of PATHS) {
      for (const method of ["PATCH", "HEAD", "OPTIONS", "PROPFIND", "LINK", "QUERY"]) {
        this.add(`${method} ${path}`, method, "", undefined, { path });
        this.add(`${method} ${path} without a token`, method, "", undefined, { path, authorization: null });
      }
      this.add(`GET ${path}/x`, "GET", "", undefined, { path: `${path}/x` });
      for (const slashes of [`${path}/`, `${path}//`, `${path}/?`, path.replace("crud/", "crud//"), `${path.replace("crud/", "crud//")}/`, `${path}%2F`, `${path}/%2F`]) {
        this.add(`GET ${slashes}`, "GET", "limit=1", undefined, { path: slashes });
        this.add(`DELETE ${slashes} without a token`, "DELETE", "", undefined, { path: slashes, authorization: null });
      }
      this.add(`PATCH ${path} with a body`, "PATCH", "", "{}", { path });
    }
    this.add("HEAD one", "HEAD", `id=${this.persona().id}`);
    this.add("HEAD unknown", "HEAD", `id=${this.random.uuid()}`);
    this.add("HEAD bad", "HEAD", "limit=0");
  }

  credentials() {
    const authorizations = [
      null, "", "Bearer", "Bearer ", "vm_abc", "Bearer vm_", "Bearer vm_a-b", "Bearer vm_ab c", "bearer vm_abc", "BEARER vm_abc", "Bearer  vm_abc", "Basic vm_abc", "Token vm_abc",
      "Bearer abc", "Bearer a.b.c", "Bearer a.b", "Bearer a.b.c.d", "Bearer a..c", "Bearer .b.c", "Bearer a.b.", "Bearer VM_abc", "Bearer vm_é".normalize("NFD").replace(/[^\x20-\x7e]/g, "+"),
      ...this.tokens.map((token) => `Bearer ${token}`),
    ];
    const [mine, theirs] = this.fixture.projects;
    for (const authorization of authorizations) {
      const options = { authorization };
      this.add(`list as ${authorization}`, "GET", "limit=2", undefined, options);
      this.add(`malformed as ${authorization}`, "POST", "", "{", options);
      for (const project of [mine, theirs]) {
        const persona = this.fixture.personas.find((row) => row.project_id === project.id);
        this.add(`list ${project.name} as ${authorization}`, "GET", `project_id=${project.id}&limit=1`, undefined, options);
        this.add(`get from ${project.name} as ${authorization}`, "GET", `id=${persona.id}`, undefined, options);
        this.add(`create in ${project.name} as ${authorization}`, "POST", "", this.body({ project_id: `"${project.id}"`, name: '"New"' }), options);
        this.add(`update in ${project.name} as ${authorization}`, "PUT", "", this.body({ id: `"${persona.id}"`, project_id: `"${mine.id}"` }), options);
        this.add(`delete from ${project.name} as ${authorization}`, "DELETE", `id=${persona.id}`, undefined, options);
      }
    }
    const ids = this.fixture.personas.map((row) => this.body({ id: `"${row.id}"` }));
    for (const token of this.tokens) this.add(`batch delete of everything as ${token}`, "DELETE", "", `[${ids}]`, { authorization: `Bearer ${token}` });
  }

  /** Any request, put together by chance. */
  chance() {
    const { random } = this;
    const authorization = random.chance(0.15) ? `Bearer ${random.pick(this.tokens)}` : undefined;
    const draw = random.next();
    if (draw < 0.2) {
      const parts = [];
      parts.push(`limit=${random.pick(QUERY_NUMBERS)}`);
      if (random.chance(0.5)) parts.push(`offset=${random.pick(QUERY_NUMBERS)}`);
      if (random.chance(0.4)) parts.push(`search=${random.pick(SEARCHES)}`);
      if (random.chance(0.4)) parts.push(`project_id=${random.chance(0.7) ? this.project() : encodeURIComponent(random.pick(this.uuidText(this.project())))}`);
      if (random.chance(0.2)) parts.push(`projectId=${random.chance(0.8) ? this.project() : encodeURIComponent(random.pick(this.uuidText(this.project())))}`);
      if (random.chance(0.15)) parts.push(`id=${random.pick(["", this.persona().id, random.uuid()])}`);
      this.add("list by chance", "GET", parts.join("&"), undefined, { authorization });
    } else if (draw < 0.45) {
      this.add("create by chance", "POST", "", this.item(false), { authorization });
    } else if (draw < 0.65) {
      this.add("update by chance", "PUT", "", this.item(true), { authorization });
    } else {
      const method = random.pick(["POST", "PUT", "DELETE"]);
      const items = Array.from({ length: 1 + random.below(6) }, () => (random.chance(0.15) ? jsonText(random) : this.item(method !== "POST")));
      this.add(`batch ${method} by chance`, method, "", this.spoiled(`[${items}]`), { authorization });
    }
  }

  item(withId) {
    const { random } = this;
    const entries = [];
    if (withId) entries.push(`"id":${random.chance(0.85) ? `"${random.chance(0.9) ? this.persona().id : random.pick(this.uuidText(this.persona().id))}"` : jsonText(random)}`);
    if (!withId || random.chance(0.2)) entries.push(`"project_id":${random.chance(0.85) ? `"${this.project()}"` : jsonText(random)}`);
    if (!withId || random.chance(0.4)) entries.push(`"name":${random.chance(0.7) ? stringText(random) : jsonText(random)}`);
    for (const field of TEXTS.slice(1)) if (random.chance(0.3)) entries.push(`"${field}":${random.chance(0.85) ? stringText(random) : jsonText(random)}`);
    for (const field of BLOCKS) if (random.chance(0.25)) entries.push(`"${field}":${random.chance(0.9) ? objectText(random) : jsonText(random)}`);
    if (random.chance(0.2)) entries.push(`${random.pick(['"slug"', '"0"', '"__proto__"', '"embedding"', '"created_at"', '"name"'])}:${jsonText(random)}`);
    if (random.chance(0.3)) entries.sort(() => random.next() - 0.5);
    return this.spoiled(`{${entries.join(",")}}`);
  }

  /** Now and then one character of a body is lost or doubled. */
  spoiled(text) {
    if (!this.random.chance(0.04)) return text;
    const characters = [...text];
    const at = this.random.below(characters.length);
    characters.splice(at, 1, ...(this.random.chance(0.5) ? [] : [characters[at], characters[at]]));
    return characters.join("");
  }
}
