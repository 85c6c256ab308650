// A page that a server renders. The server asks the vendor itself, so no test sees the call in the browser. It passes on
// what came with the request for the page: its cookies, as frameworks do, or baggage, as OpenTelemetry does.
import { createServer } from "node:http";

const [, , vendor] = process.argv;
const server = createServer(async (request, response) => {
  // A browser asks for an icon, too.
  if (request.url !== "/") return void response.writeHead(404).end();
  const { cookie, baggage } = request.headers;
  const headers = { Authorization: "Bearer vm_anything", ...(baggage ? { baggage } : { cookie: cookie ?? "" }) };
  const answer = await fetch(`${vendor}/crud/personas?limit=1`, { headers });
  const { meta } = await answer.json();
  response.setHeader("Content-Type", "text/html");
  response.end(`<output>${answer.status} ${meta?.total}</output>`);
});
server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${/** @type {any} */ (server.address()).port}`));
process.stdin.on("end", () => process.exit()).resume();
