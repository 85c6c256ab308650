// exceptions.json: what a tool finds that is right all the same, each with the vendor's page that says so.
import { readFileSync } from "node:fs";

const MOST = 5;
const listed = JSON.parse(readFileSync(new URL("exceptions.json", import.meta.url), "utf8"));
if (listed.length > MOST) throw new Error(`exceptions.json: expected at most ${MOST} exceptions, found ${listed.length}`);
for (const { tool, document, finding, reason, page } of listed) {
  if (![tool, document, finding, reason, page].every((text) => text?.trim())) {
    throw new Error(`exceptions.json: an exception has a tool, a document, a finding, a reason and a page: ${JSON.stringify({ tool, document, finding, reason, page })}`);
  }
}

// Takes the findings of a tool, each `{ document, text }`; prints what is left and how often each exception was met, and
// returns how much is wrong. An exception that nothing meets is wrong too.
export function judge(tool, found) {
  const own = listed.filter((exception) => exception.tool === tool);
  const met = own.map(() => 0);
  let wrong = 0;
  for (const { document, text } of found) {
    const at = own.findIndex((exception) => exception.document === document && new RegExp(exception.finding).test(text));
    if (at >= 0) {
      met[at] += 1;
    } else {
      wrong += 1;
      console.log(`WRONG: ${tool}: ${document}: ${text}`);
    }
  }
  own.forEach(({ document, reason, page }, at) => {
    console.log(`${tool}: ${document}: ${met[at]} x accepted: ${reason} (${page})`);
    if (met[at] === 0) {
      wrong += 1;
      console.log(`WRONG: ${tool}: ${document}: the exception is not met any more; take it out of exceptions.json`);
    }
  });
  return wrong;
}
