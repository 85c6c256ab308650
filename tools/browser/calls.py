"""The calls that a page makes: every provider, each method, each kind of answer."""

from dataclasses import dataclass, field

JSON = {"Content-Type": "application/json"}
# The mock runs with `--max-body 4096`.
TOO_LARGE = '{"name": "' + "x" * 8192 + '"}'


@dataclass
class Call:
    """One call, and what the page must see of its answer."""

    provider: str
    name: str
    method: str
    path: str
    status: int
    headers: dict = field(default_factory=dict)
    body: str | None = None
    reads: list = field(default_factory=list)
    empty: bool = False
    # The status where the page's site is another one, so that no cookie is sent along.
    without_cookies: int | None = None
    # What the mock's own header fields must say.
    told: str | None = None


def axero():
    bearer = {"Authorization": "Bearer any"}
    key = {"Rest-Api-Key": "any"}
    inferred = ["x-mock-provenance"]
    call = lambda *args, **more: Call("axero", *args, **more)  # noqa: E731
    return [
        call("list", "GET", "/api/personas", 200, bearer),
        call("list with a legacy key", "GET", "/api/personas", 200, key),
        call("get", "GET", "/api/personas/8", 200, bearer),
        call("create", "POST", "/api/personas", 200, bearer | JSON, '{"Name": "From a page"}'),
        call("update", "PUT", "/api/personas/8", 200, bearer | JSON, '{"Name": "From a page"}'),
        call("delete", "DELETE", "/api/personas/8", 200, bearer),
        call("no credential", "GET", "/api/personas", 401, reads=["www-authenticate", *inferred]),
        call("no such path", "GET", "/api/nowhere", 404, bearer, reads=inferred),
        call("wrong method", "PATCH", "/api/personas/8", 405, bearer | JSON, "{}", reads=inferred),
        call("OPTIONS of its own", "OPTIONS", "/api/personas", 405, bearer, reads=inferred),
        call("too large", "POST", "/api/personas", 413, bearer | JSON, TOO_LARGE, reads=inferred),
        call("wrong media type", "PUT", "/api/personas/8", 415, bearer | {"Content-Type": "text/plain"}, "x"),
    ]


def equals_money():
    key = {"Authorization": "ApiKey 1070598f-6540-4c8a-b08f-f7c33dcc726a"}
    bare = {"Authorization": "1070598f-6540-4c8a-b08f-f7c33dcc726a"}
    persona = "/v2/personas/497f6eca-6276-4993-bfeb-53cbbbba6f08"
    dana = "9b190f33-501d-44e3-9c0c-6e290bdb2fdb"
    jean = "8c2311c6-46dc-49cd-8389-27f3fcda16b3"
    grace = "fb7f0bcb-d981-4e71-8b5c-2c57309389b8"
    new = (
        '{"accountId": "F50091", "firstName": "A", "lastName": "Page",'
        ' "emailAddress": "page@example.com", "roleName": "User"}'
    )
    inferred = ["x-mock-provenance"]
    call = lambda *args, **more: Call("equals_money", *args, **more)  # noqa: E731
    invite = lambda person: f"/v2/people/{person}/invite?accountId=F50091"  # noqa: E731
    return [
        call("list people", "GET", "/v2/people?accountId=F50091", 200, key),
        call("list people, key alone", "GET", "/v2/people?accountId=F50091", 200, bare),
        call("list roles", "GET", "/v2/roles", 200, key),
        call("create a person", "POST", "/v2/people", 201, key | JSON, new),
        call("update a person", "PATCH", f"/v2/people/{jean}", 200, key | JSON, '{"accountId": "F50091"}'),
        call("invite", "POST", invite(jean), 200, key | JSON, "{}"),
        call("update a persona", "PATCH", f"{persona}?accountId=F50091", 200, key | JSON, '{"jobTitle": "Page"}'),
        call(
            "hint", "PATCH", f"{persona}?accountId=F50091", 200, key | JSON, '{"marketingEmails": true}', ["x-mock-hint"]
        ),
        call("change a role", "PATCH", f"{persona}/role?accountId=F50091", 200, key | JSON, '{"roleName": "User"}'),
        call("rejected", "GET", "/v2/people?accountId=F50091&limit=0", 400, key, reads=inferred),
        call("no credential", "GET", "/v2/roles", 401, reads=inferred),
        call("wrong credential", "GET", "/v2/roles", 403, {"Authorization": "Bearer any"}, reads=inferred),
        call("no such persona", "PATCH", f"{persona}?accountId=F12345", 404, key | JSON, "{}", inferred),
        call("no such path", "GET", "/v2/nowhere", 404, key, reads=inferred),
        call("wrong method", "DELETE", f"{persona}?accountId=F50091", 405, key, reads=inferred),
        call("OPTIONS of its own", "OPTIONS", "/v2/people", 405, key, reads=inferred),
        call("too large", "POST", "/v2/people", 413, key | JSON, TOO_LARGE, inferred),
        call("wrong media type", "POST", "/v2/people", 415, key | {"Content-Type": "text/plain"}, "x", inferred),
        call("active already", "POST", invite(dana), 422, key | JSON, "{}", inferred),
        call("deactivated", "POST", invite(grace), 423, key | JSON, "{}", inferred),
    ]


def vijil(get):
    bearer = {"Authorization": "Bearer any"}
    team = get("/v1/users/me/teams", bearer)[0]["team_id"]
    preset = get(f"/v1/personas/presets/?team_id={team}", bearer)["results"][0]["id"]
    first, second = [row["id"] for row in get(f"/v1/personas/?team_id={team}", bearer)["results"]][:2]
    new = '{"team_id": "%s", "name": "From a page", "role": "End user"}' % team
    nobody = "00000000-0000-4000-8000-000000000000"
    login = '{"email": "user@example.com", "password": "your-password"}'
    call = lambda *args, **more: Call("vijil", *args, **more)  # noqa: E731
    return [
        call("no credential", "GET", "/v1/users/me", 401),
        call("sign in", "POST", "/v1/auth/jwt/login", 200, JSON, login),
        call("who am I, by the cookie", "GET", "/v1/users/me", 200, without_cookies=401),
        call("who am I", "GET", "/v1/users/me", 200, bearer),
        call("list", "GET", f"/v1/personas/?team_id={team}", 200, bearer),
        call("list through a redirect", "GET", f"/v1/personas?team_id={team}", 200, bearer),
        call("get", "GET", f"/v1/personas/{first}?team_id={team}", 200, bearer),
        call("create", "POST", "/v1/personas/", 201, bearer | JSON, new),
        call("create from a preset", "POST", f"/v1/personas/from-preset/{preset}?team_id={team}", 201, bearer),
        call("update", "PUT", f"/v1/personas/{first}", 200, bearer | JSON, '{"name": "From a page"}'),
        call("delete", "DELETE", f"/v1/personas/{second}", 204, bearer, empty=True),
        call("no such persona", "GET", f"/v1/personas/{nobody}?team_id={team}", 404, bearer),
        call("no such path", "GET", "/v1/nowhere", 404, bearer),
        call("wrong method", "PATCH", f"/v1/personas/{first}", 405, bearer | JSON, "{}"),
        call("OPTIONS of its own", "OPTIONS", "/v1/personas/", 405, bearer),
        call("too large", "POST", "/v1/personas/", 413, bearer | JSON, TOO_LARGE),
        call("rejected", "POST", "/v1/personas/", 422, bearer | JSON, "{}"),
    ]


def crud(get):
    bearer = {"Authorization": "Bearer vm_any"}
    token = {"Authorization": "Bearer a.b.c"}
    row = get("/crud/personas", bearer)["personas"][0]
    first, project = row["id"], row["project_id"]
    new = '{"project_id": "%s", "name": "From a page"}' % project
    nobody = "00000000-0000-4000-8000-000000000000"
    call = lambda *args, **more: Call("crud", *args, **more)  # noqa: E731
    return [
        call("list", "GET", "/crud/personas", 200, bearer),
        call("list with a session token", "GET", "/api/crud/personas", 200, token),
        call("list through a redirect", "GET", "/crud/personas/", 200, bearer),
        call("get", "GET", f"/crud/personas?id={first}", 200, bearer),
        call("create", "POST", "/crud/personas", 201, bearer | JSON, new),
        call("create in part", "POST", "/crud/personas", 207, bearer | JSON, f"[{new}, {{}}]"),
        call("update", "PUT", "/crud/personas", 200, bearer | JSON, '{"id": "%s", "tagline": "x"}' % first),
        call("update by the newer method", "PATCH", "/crud/personas", 200, bearer | JSON, '{"id": "%s"}' % first),
        call("rejected", "POST", "/crud/personas", 400, bearer | JSON, "{}"),
        call("no credential", "GET", "/crud/personas", 401),
        call("no such persona", "GET", f"/crud/personas?id={nobody}", 404, bearer),
        call("no such path", "GET", "/crud/nowhere", 404, bearer),
        call("wrong method", "LINK", "/crud/personas", 405, bearer | JSON, "{}", empty=True),
        call("OPTIONS of its own", "OPTIONS", "/crud/personas", 204, bearer, empty=True),
        call("too large", "POST", "/crud/personas", 413, bearer | JSON, TOO_LARGE),
        call("delete", "DELETE", f"/crud/personas?id={first}", 200, bearer),
    ]


def all_calls(providers, get):
    """The calls of these providers; `get(path, headers)` asks the mock for ids."""
    made = {
        "axero": axero,
        "equals_money": equals_money,
        "vijil": lambda: vijil(get),
        "crud": lambda: crud(get),
    }
    return [call for provider in providers for call in made[provider]()]


def wrong_base_urls():
    """Calls of all four vendors by a client whose base URL is wrong: base URL, path, and what the page must be told."""
    bearer = {"Authorization": "Bearer vm_any"}
    calls = []
    for base, path, told in [
        ("/", "/api/personas", "did you mean /api/personas: the base URL ends in a slash"),
        ("/api/", "/personas", "did you mean /api/personas: the base URL ends in a slash"),
        ("", "/people", "did you mean /v2/people: the base URL lacks /v2"),
        ("/api", "/api/personas", "did you mean /api/personas: /api stands there twice"),
        ("/v3", "/users/me", "did you mean /v1/users/me: /v3 is no mount"),
        ("/api/v1", "/users/me", "did you mean /v1/users/me: /api does not belong in the base URL"),
        ("/index.html", "/api/personas", "did you mean /api/personas: /index.html does not belong in the base URL"),
        ("/V1", "/personas/", "did you mean /v1/personas/: letter case counts"),
        ("/axero", "/personas", "did you mean /api/personas: /axero is no mount"),
        ("/api", "personas", "did you mean /api/personas: a slash is missing behind /api"),
        ("/_sandbox", "/v2/people", "did you mean /_sandbox/NAME/v2/people: the base URL names no sandbox"),
        ("/sandbox/t1", "/v2/people", "did you mean /_sandbox/t1/v2/people: a sandbox's base URL is /_sandbox/NAME"),
        ("/_sandbox/t1/", "/v2/people", "did you mean /_sandbox/t1/v2/people: the base URL ends in a slash"),
        ("/undefined", "/people", "did you mean /v2/people: a part of the base URL is undefined"),
    ]:
        calls.append(Call("-", f"base URL {base or '(none)'}", "GET", base + path, 404, bearer, told=told))
    calls.append(Call("-", "base URL /_sandbox/", "GET", "/_sandbox//v2/people", 400, bearer, told="a sandbox's name is"))
    put = Call("-", "base URL /v3, PUT", "PUT", "/v3/personas/8", 404, bearer | JSON, "{}")
    put.told = "did you mean /v1/personas/8: /v3 is no mount"
    return [*calls, put]
