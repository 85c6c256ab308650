"""Large states, and the dearest requests that providers answer on them."""

import json
import os
import uuid

VIJIL = {"Authorization": "Bearer vijil-owner-token", "Content-Type": "application/json"}
CRUD = {"Authorization": "Bearer vm_anything", "Content-Type": "application/json"}
AXERO = {"Authorization": "Bearer YOUR_TOKEN", "Content-Type": "application/json"}
EQUALS = {"Authorization": "ApiKey 00000000-0000-4000-8000-000000000000", "Content-Type": "application/json"}
TEAM = "c58aea71-3861-4f28-b8c4-20832a2f22ee"
PROJECT = "3f6c1b52-8d4e-4a7b-b0c9-5e2a7d913c10"
NO_CHILDREN = {"PersonaConditions": [], "PersonaActions": []}


def only(record, *names):
    return {name: record[name] for name in names if name in record}


def write(directory, states, records):
    """Fixtures of so many records for each provider, made of the first records of their embedded ones."""

    def ids(kind):
        return (str(uuid.UUID(int=(kind << 96) + (4 << 76) + (8 << 60) + number)) for number in range(1, records + 1))

    vijil, crud, axero, equals = (states[name] for name in ("vijil", "crud", "axero", "equals_money"))
    vijil["personas"] += [vijil["personas"][0] | {"id": id_} for id_ in ids(1)]
    crud["personas"] += [only(crud["personas"][0], "project_id", "name", "tagline") | {"id": id_} for id_ in ids(2)]
    axero["personas"] += [axero["personas"][0] | {"PersonaID": 1_000 + number} | NO_CHILDREN for number in range(records)]
    axero["next_ids"]["axero.persona"] = 2_000 + records
    person = only(equals["people"][0], "productId", "firstName", "lastName", "status", "createdAt", "updatedAt")
    persona = only(equals["personas"][0], "accountId", "status", "createdAt", "updatedAt") | {"roleName": "Viewer"}
    for number, (id_, persona_id) in enumerate(zip(ids(3), ids(4))):
        email = f"person{number}@birchwood.example"
        equals["people"].append(person | {"id": id_, "primaryEmailAddress": email})
        equals["personas"].append(persona | {"id": persona_id, "personId": id_, "emailAddress": email})
    for name, state in states.items():
        with open(os.path.join(directory, f"{name}.json"), "w", encoding="utf-8") as file:
            json.dump(state, file)


def fill(mock):
    """Personas of 1 MB in sandboxes of their own: 100 in two of them, and one in a third. Returns the id of that one."""
    text = "x" * 1_000_000

    def persona(sandbox):
        body = json.dumps({"project_id": PROJECT, "name": "Tess", "demographics": {"age_range": text}})
        return mock.post(f"/_sandbox/{sandbox}/crud/personas", body, CRUD)["id"]

    for _ in range(100):
        persona("crud-pages")
        body = json.dumps({"team_id": TEAM, "name": "Tess", "role": "auditor", "description": text})
        mock.post("/_sandbox/vijil-pages/v1/personas/", body, VIJIL)
    return persona("batch")


def cases(records, one):
    """The name of each request, the request, and the statuses that are right."""
    deep = records - 1_000
    yield "vijil: a search", ("GET", f"/v1/personas/?team_id={TEAM}&search=nobody-is-called-so", None, VIJIL), {200}
    yield "vijil: a deep page", ("GET", f"/v1/personas/?team_id={TEAM}&limit=100&offset={deep}", None, VIJIL), {200}
    yield "crud: a search", ("GET", "/crud/personas?search=nobody-is-called-so", None, CRUD), {200}
    yield "crud: a deep page", ("GET", f"/crud/personas?limit=1000&offset={deep}", None, CRUD), {200}
    yield "axero: all on one page", ("GET", f"/api/personas?PageSize={records}", None, AXERO), {200, 503}
    yield "equals_money: a search", ("GET", "/v2/people?accountId=F50091&search=nobody-is-called-so", None, EQUALS), {200}
    yield "equals_money: a deep page", ("GET", f"/v2/people?accountId=F50091&limit=100&offset={deep}", None, EQUALS), {200}
    page = f"/_sandbox/vijil-pages/v1/personas/?team_id={TEAM}&limit=100"
    yield "vijil: a page of 100 MB", ("GET", page, None, VIJIL), {200}
    yield "crud: a page of 100 MB", ("GET", "/_sandbox/crud-pages/crud/personas?limit=1000", None, CRUD), {200}
    rename = json.dumps([{"id": one, "name": f"T{number}"} for number in range(60)])
    yield "crud: a batch of one record over and over", ("PATCH", "/_sandbox/batch/crud/personas", rename, CRUD), {200}
