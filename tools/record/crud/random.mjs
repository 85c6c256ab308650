// A seeded source of chance, and of JSON text as clients really send it.

export class Random {
  constructor(seed) {
    this.state = seed >>> 0;
  }

  next() {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  below(limit) {
    return Math.floor(this.next() * limit);
  }

  chance(share) {
    return this.next() < share;
  }

  pick(list) {
    return list[this.below(list.length)];
  }

  /** One that no record has: version 4 of RFC 9562, or any version and variant, which RFC 9562 mostly does not know. */
  uuid(version = "4", variant = "a") {
    const hex = (count) => Array.from({ length: count }, () => this.pick([..."0123456789abcdef"])).join("");
    return `${hex(8)}-${hex(4)}-${version || hex(1)}${hex(3)}-${variant || hex(1)}${hex(3)}-${hex(12)}`;
  }
}

/** JSON literals of numbers, printed in ways JavaScript does not keep. */
export const NUMBERS = [
  "0", "-0", "1", "-1", "1.0", "1e2", "1E+2", "1e-2", "1e21", "1e20", "123456789012345678901234567890", "0.1",
  "0.30000000000000004", "1e-6", "1e-7", "5e-324", "2e-324", "1e400", "-1e400", "1.7976931348623157e308",
  "1.7976931348623159e308", "9007199254740993", "-9007199254740993", "4.35", "100000000000000000000", "0.000001",
  "1.5e300", "3.0000000000000001", "2.2250738585072011e-308", "1000000000000000128", "-0.0", "-1e-400", "18446744073709551615",
];

/** JSON literals of strings. */
export const STRINGS = [
  '""', '" "', '"a"', '"Developer Dave"', '"  both ends  "', '"\\u00a0\\u3000\\ufeff"', '"\u00a0x\u3000"', '"\ufeff"', '"\\u200b"',
  '"\\u0085x\\u0085"', '"\\t\\n\\r"', '"\\u1680\\u2000\\u2028\\u2029\\u202f\\u205f"', '"\\u000b\\u000cx"', '"\\u180e"',
  '"\\ud83d\\ude00"', '"😀"', '"\\ud83d"', '"\\ude00"', '"\\ude00\\ud83d"', '"\\ud83d\\ud83d\\ude00"', '"x\\uD800"', '"\\u0000"',
  '"\\u0001\\u001f\\u007f\\u0080"', '"\\b\\f\\n\\r\\t\\"\\\\\\/"', '"\\u2028"', '"</script>&amp;"', '"é\\u0301"', '"ΟΔΟΣ"', '"İstanbul"',
  '"\\uffff\\ufffe"', '"null"', '"\\u003c"',
];

/** Text that no JSON parser takes. */
export const MALFORMED = [
  "", " ", "\n", "{", "}", "[", "]", "[1,", "[1,]", "{,}", '{"a":1,}', '{"a"}', '{"a":}', "{a:1}", "{'a':1}", '{"a":1}}', '{"a":1} x',
  '"', '"abc', '"\\x"', '"\\u12g4"', '"\\u12"', '"\t"', '"\u0000"', "01", "-", "+1", ".5", "1.", "1e", "1e+", "0x10", "NaN", "Infinity",
  "-Infinity", "undefined", "nul", "True", "tru", "{}{}", "[][]", "// x\n{}", "/**/{}", "\u00a0{}", "\ufeff\ufeff{}", "\u000b{}", "{\"a\":1\u0000}",
  "[{}", "[}", "{]", "--1", "1.2.3", '{"a" "b"}', '{1:2}', "[1 2]", "\u2028{}", "\f[]",
];

export function jsonText(random, depth = 3) {
  const kind = random.below(depth > 0 ? 9 : 6);
  if (kind === 0) return random.pick(["null", "true", "false"]);
  if (kind === 1) return random.pick(NUMBERS);
  if (kind === 2) return numberText(random);
  if (kind <= 4) return stringText(random);
  if (kind === 5) return random.pick(["{}", "[]", '""', "0", "[ ]", "{\n}"]);
  if (kind === 6) {
    return `[${Array.from({ length: random.below(5) }, () => blank(random) + jsonText(random, depth - 1)).join(",")}]`;
  }
  return objectText(random, depth);
}

export function objectText(random, depth = 3) {
  const entries = Array.from({ length: random.below(7) }, () => `${keyText(random)}${blank(random)}:${jsonText(random, depth - 1)}`);
  return `{${blank(random)}${entries.join(",")}${blank(random)}}`;
}

export function stringText(random) {
  if (random.chance(0.4)) return random.pick(STRINGS);
  const alphabet = ["a", "Z", " ", "é", "ß", "漢", "😀", "\\u0041", "\\ud83d\\ude00", "\\ud800", "\\udfff", "\\n", "\\\"", "\\/", "\u007f", "\\u001F", "\u2028", "\\u00e9", "\u3000"];
  return `"${Array.from({ length: random.below(9) }, () => random.pick(alphabet)).join("")}"`;
}

function keyText(random) {
  if (random.chance(0.3)) return random.pick(['"0"', '"1"', '"10"', '"2"', '"01"', '"-1"', '"1.5"', '"4294967294"', '"4294967295"', '"4294967296"', '"9007199254740991"', '"\\u0031"']);
  if (random.chance(0.15)) return random.pick(['"__proto__"', '"constructor"', '"toString"', '"\\u005f_proto__"', '"hasOwnProperty"', '"toJSON"', '""']);
  if (random.chance(0.5)) return random.pick(['"a"', '"b"', '"c"', '"\\u0061"', '"values"', '"quote"']);
  return stringText(random);
}

function numberText(random) {
  if (random.chance(0.3)) return String(random.below(100000) - 50000);
  const digits = Array.from({ length: 1 + random.below(22) }, () => random.below(10)).join("").replace(/^0+(?=\d)/, "");
  const fraction = random.chance(0.5) ? `.${Array.from({ length: 1 + random.below(20) }, () => random.below(10)).join("")}` : "";
  const exponent = random.chance(0.5) ? random.pick(["e", "E"]) + random.pick(["", "+", "-"]) + random.below(random.chance(0.2) ? 400 : 30) : "";
  return random.pick(["", "-"]) + digits + fraction + exponent;
}

function blank(random) {
  return random.chance(0.9) ? "" : random.pick([" ", "\n", "\t", "\r\n ", "  "]);
}
