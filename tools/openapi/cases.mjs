// Reads tests/cases/<provider>/*.http; `tests/it/support/case.rs` describes the format.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

const OPTIONS = "# options:";
const BEYOND = "# beyond the document:";

// Each case of a folder: its name, its options in one line, whether it asks for more than the document allows, and its
// exchanges.
export function cases(folder) {
  const files = readdirSync(folder).filter((file) => file.endsWith(".http"));
  return files.sort().map((file) => {
    const lines = readFileSync(join(folder, file), "utf8").split("\n");
    const options = lines.filter((line) => line.startsWith(OPTIONS)).map((line) => line.slice(OPTIONS.length).trim());
    return {
      name: file.slice(0, -".http".length),
      options: options.join(" "),
      beyond: lines.some((line) => line.startsWith(BEYOND)),
      exchanges: split(lines.filter((line) => !line.startsWith("#"))).map(exchange),
    };
  });
}

// The flags of `persona-mock serve` that set it up as the options of a case say, and as `tests/it/support/server.rs` does.
export function flags(options) {
  const set = options.split(" ").filter((option) => option !== "").map((option) => option.split(/=(.*)/s));
  const switches = ["documented_only", "trust_proxy", "require_sandbox"];
  const given = set.flatMap(([name, value]) => {
    const flag = `--${name.replaceAll("_", "-")}`;
    return switches.includes(name) ? [flag] : [flag, value];
  });
  const clock = set.some(([name]) => name === "clock") ? [] : ["--clock", "2026-01-15T12:00:00Z"];
  return ["--seed", "1", ...clock, ...given];
}

function split(lines) {
  const parts = [[]];
  for (const line of lines) {
    if (line === "---") parts.push([]);
    else parts.at(-1).push(line);
  }
  return parts;
}

function exchange(lines) {
  const start = lines.findIndex((line) => line !== "");
  const end = lines.findIndex((line) => line.startsWith("HTTP "));
  const space = lines[start].indexOf(" ");
  const request = headAndBody(lines.slice(start + 1, end));
  const answer = headAndBody(lines.slice(end + 1));
  return {
    method: lines[start].slice(0, space),
    target: lines[start].slice(space + 1),
    ...request,
    status: Number(lines[end].split(" ")[1]),
    // Axero refuses with 200, and a batch answers 207 where a part of it was refused.
    refuses: answer.body.replaceAll(" ", "").includes('"IsError":true'),
  };
}

function headAndBody(lines) {
  const blank = lines.includes("") ? lines.indexOf("") : lines.length;
  const fields = lines.slice(0, blank).map((line) => {
    const colon = line.includes(":") ? line.indexOf(":") : line.length;
    return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
  });
  return { fields, body: lines.slice(blank + 1).join("\n").replace(/\n+$/, "") };
}
