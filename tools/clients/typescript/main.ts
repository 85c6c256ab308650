import { axero } from "./axero.js";
import { checks } from "./check.js";
import { control } from "./control.js";
import { crud } from "./crud.js";
import { equals_money } from "./equals_money.js";
import { vijil } from "./vijil.js";

const url = process.argv[2];
if (url === undefined) throw new Error("usage: main.js URL");
for (const trip of [axero, equals_money, vijil, crud, control]) await trip(url);
console.log(`${checks()} checks passed: openapi-typescript and openapi-fetch work against ${url}`);
