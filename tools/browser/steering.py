"""What pages of strangers can do with the control API: nothing. See README.md."""

import http.client
import json
import queue
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# The browser takes this name for one of this machine: as if its owner had pointed it here.
STRANGER = "stranger.example"
PAGE = """<!doctype html>
<meta charset="utf-8">
<title>A page that steers</title>
<iframe id="frame"></iframe>
<script>
const { mock, calls, frame, then } = /*plan*/null;
async function run([method, path, mode]) {
  try {
    const answer = await fetch(mock + path, { method, mode });
    return answer.type === "opaque" ? "opaque" : answer.status;
  } catch (error) {
    return "blocked";
  }
}
(async () => {
  const seen = [];
  for (const call of calls) seen.push(await run(call));
  if (frame) {
    const loaded = new Promise((done) => (document.getElementById("frame").onload = done));
    document.getElementById("frame").src = frame;
    await loaded;
  }
  await fetch("/seen", { method: "POST", body: JSON.stringify(seen) });
  if (then) location = then;
})();
</script>
"""


class Site:
    """One port with a page of its own at /page; everything else there is the mock's, with the request's own head.

    To a browser that is a name which showed a page and is then pointed at the mock.
    """

    def __init__(self, mock):
        self.plan = None
        self.seen = queue.Queue()
        self.answered = queue.Queue()
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                if self.path != "/page":
                    self.forward()
                    return
                self.answer(200, [("Content-Type", "text/html; charset=utf-8")], site.page())

            def do_POST(self):
                if self.path != "/seen":
                    self.forward()
                    return
                site.seen.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.answer(204, [], b"")

            def do_OPTIONS(self):
                self.forward()

            def forward(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                connection = http.client.HTTPConnection(mock.removeprefix("http://"), timeout=20)
                connection.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
                for name, value in self.headers.items():
                    connection.putheader(name, value)
                connection.endheaders(body)
                answer = connection.getresponse()
                text = answer.read()
                site.answered.put((self.command, self.path, self.headers.get("Sec-Fetch-Dest"), answer.status))
                self.answer(answer.status, answer.headers.items(), text)

            def answer(self, status, fields, body):
                self.send_response(status)
                for name, value in fields:
                    if name.lower() not in ("content-length", "date", "connection"):
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.port = self.server.server_address[1]

    def page(self):
        return PAGE.replace("/*plan*/null", json.dumps(self.plan).replace("<", "\\u003c")).encode()

    def visit(self, browser, host, **plan):
        """What a page of this site, opened by the name `host`, saw of its calls."""
        self.plan = {"mock": "", "calls": [], "frame": None, "then": None, **plan}
        with browser(f"http://{host}:{self.port}/page"):
            seen = self.seen.get(timeout=60)
            if self.plan["then"]:
                # The link is followed after the report.
                self.followed.get(timeout=60)
            return seen


def faults(mock, known, browser):
    """What is wrong, line by line. `known` is a mock that was told the stranger's name."""
    wrong = []
    calls = [
        ["GET", "/_mock/state", "cors"],
        ["POST", "/_mock/reset", "cors"],
        ["GET", "/_sandbox/t1/_mock/requests", "cors"],
        ["GET", "/", "cors"],
        ["GET", "/_mock/openapi.json", "cors"],
        ["GET", "/_mock/health", "cors"],
        ["GET", "/api/nowhere", "cors"],
    ]
    # A page whose name is pointed here is of the mock's own origin, and is told from it by the name alone.
    for site, host, expected in [
        (Site(mock), STRANGER, [403, 403, 403, 403, 403, 200, 404]),
        (Site(mock), "localhost", [200, 200, 200, 200, 200, 200, 404]),
        (Site(known), STRANGER, [200, 200, 200, 200, 200, 200, 404]),
    ]:
        seen = site.visit(browser, host, calls=calls)
        print(f"a page of {host} on the mock's own port sees {seen}")
        if seen != expected:
            wrong.append(f"a page of {host} on the mock's own port sees {seen}, expected {expected}")
    # A page of another site: it reads documents, loads nothing else, and may lead a person to a page.
    pages, behind = Site(mock), Site(mock)
    pages.followed = behind.followed = queue.Queue()
    address = f"http://127.0.0.1:{behind.port}"
    calls = [
        ["GET", "/_mock/openapi.json", "cors"],
        ["GET", "/_mock/openapi/vijil.json", "cors"],
        ["GET", "/_mock/state", "cors"],
        ["PUT", "/_mock/seed", "cors"],
        ["GET", "/_mock/state", "no-cors"],
        ["POST", "/_mock/reset", "no-cors"],
        ["GET", "/v3/users/me", "cors"],
    ]
    plan = {"mock": address, "calls": calls, "frame": f"{address}/_mock/clock", "then": f"{address}/_mock/limits"}
    threading.Thread(target=watch, args=(behind, pages.followed), daemon=True).start()
    seen = pages.visit(browser, "localhost", **plan)
    answered = behind.log
    print(f"a page of another site sees {seen}")
    # Chromium keeps an opaque answer with `Cross-Origin-Resource-Policy: same-origin` from the page altogether.
    if seen != [200, 200, "blocked", "blocked", "blocked", "blocked", 404]:
        wrong.append(f"a page of another site sees {seen}")
    for method, path, dest, status in [
        ("GET", "/_mock/state", "empty", 403),
        ("OPTIONS", "/_mock/seed", "empty", 403),
        ("POST", "/_mock/reset", "empty", 403),
        ("GET", "/_mock/clock", "iframe", 403),
        ("GET", "/_mock/limits", "document", 200),
    ]:
        found = {answer for answer in answered if answer[:3] == (method, path, dest)}
        print(f"{method} {path} for {dest} from another site was answered {sorted(answer[3] for answer in found)}")
        if found != {(method, path, dest, status)}:
            wrong.append(f"{method} {path} from another site: {sorted(found)}, expected {status}")
    return wrong


def watch(site, followed):
    """Keeps what a site answered, and tells when a link was followed."""
    site.log = []
    while True:
        answer = site.answered.get()
        site.log.append(answer)
        if answer[2] == "document":
            followed.put(answer)
