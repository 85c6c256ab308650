from uuid import UUID

from crud_client import AuthenticatedClient
from crud_client.api.personas import create_personas, delete_personas, get_personas, patch_personas, update_personas
from crud_client.models import Batch, Deleted, DeletedBatch, Error, NewPersona, Persona, PersonaChange, PersonaList, PersonaReference, PlainError
from expect import answered, check

PROJECT = UUID("3f6c1b52-8d4e-4a7b-b0c9-5e2a7d913c10")


def round_trip(url: str) -> None:
    client = AuthenticatedClient(base_url=url, token="vm_RobinOwnsDevflow000000000001")
    create = lambda body: create_personas.sync_detailed(client=client, body=body)
    persona = answered("crud: create", create(NewPersona(project_id=PROJECT, name="Tester Tom", tagline=None)), 201, Persona)
    found = answered("crud: get", get_personas.sync_detailed(client=client, id=persona.id), 200, Persona)
    check("crud: get", found, persona)
    change = PersonaChange(id=persona.id, tagline="Breaks it")
    changed = answered("crud: update", patch_personas.sync_detailed(client=client, body=change), 200, Persona)
    check("crud: update: tagline", changed.tagline, "Breaks it")
    changed = answered("crud: put", update_personas.sync_detailed(client=client, body=PersonaChange(id=persona.id, name="Tom")), 200, Persona)
    check("crud: put: name", changed.name, "Tom")
    page = answered("crud: list", get_personas.sync_detailed(client=client, project_id=PROJECT, limit=1), 200, PersonaList)
    check("crud: list: the newest first", [row.id for row in page.personas], [persona.id])

    batch = answered("crud: a batch", create([NewPersona(project_id=PROJECT, name=name) for name in "AB"]), 201, Batch)
    check("crud: a batch: succeeded", batch.meta.succeeded, 2)
    gone = delete_personas.sync_detailed(client=client, body=[PersonaReference(id=row.id) for row in batch.personas])
    check("crud: delete a batch", len(answered("crud: delete a batch", gone, 200, DeletedBatch).deleted), 2)
    in_part = answered("crud: a batch, in part", create([NewPersona(project_id=PROJECT, name=name) for name in ("C", "")]), 207, Batch)
    check("crud: a batch, in part: what failed", [error.index for error in in_part.errors], [1])

    # By a body: openapi-python-client 0.29 cannot leave one out that has two forms.
    answered("crud: delete", delete_personas.sync_detailed(client=client, body=PersonaReference(id=persona.id)), 200, Deleted)
    missing = answered("crud: get after the delete", get_personas.sync_detailed(client=client, id=persona.id), 404, PlainError)
    check("crud: get after the delete: error", missing.error, "Persona not found")
    wrong = answered("crud: a blank name", create(NewPersona(project_id=PROJECT, name=" ")), 400, Error)
    check("crud: a blank name: the field is named", list(wrong.details.additional_properties), ["name"])
