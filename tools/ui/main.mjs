// Runs the checks of the page: main.mjs BINARY NGINX [NAME…]

import { Failure, browser, endAll } from './support.mjs';
import * as access from './access.mjs';
import * as load from './load.mjs';
import * as odd from './odd.mjs';
import * as proxy from './proxy.mjs';
import * as races from './races.mjs';
import * as safety from './safety.mjs';
import * as screens from './screens.mjs';
import * as streams from './streams.mjs';
import * as worlds from './worlds.mjs';

const [binary, nginx, ...only] = process.argv.slice(2);
// What is exported beside the checks is a list that they share.
const { screens: _, ...accessible } = access;
const checks = Object.entries({ ...screens, ...worlds, ...odd, ...races, ...safety, ...streams, ...proxy, ...accessible, ...load }).filter(([name]) => only.length === 0 || only.includes(name));
const started = await browser();
let failed = 0;
for (const [name, check] of checks) {
  const began = Date.now();
  try {
    await check({ binary, nginx, browser: started });
    console.log(`${name}: ok, ${Date.now() - began} ms`);
  } catch (error) {
    failed += 1;
    endAll();
    console.log(`${name}: FAILED\n${error instanceof Failure ? error.message : error.stack}`);
  }
}
await started.close();
console.log(`${checks.length - failed} checks of the page passed, ${failed} failed`);
process.exit(failed === 0 && checks.length > 0 ? 0 : 1);
