// Reads a report on standard input as npm's `ctrf` does, and prints what it counts: ctrf.mjs. It stands beside the package.
import { readFileSync } from "node:fs";
import { calculateSummary, isCTRFReport, parse, validateStrict } from "ctrf";

const report = parse(readFileSync(0, "utf8"), { validate: true });
validateStrict(report);
if (!isCTRFReport(report)) throw new Error("no CTRF report");
const { tests, passed, failed, skipped, pending, other } = calculateSummary(report.results.tests);
console.log(JSON.stringify({ tests, passed, failed, skipped, pending, other }));
