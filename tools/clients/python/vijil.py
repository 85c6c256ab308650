from uuid import UUID

from expect import answered, check, empty
from vijil_client import AuthenticatedClient, Client
from vijil_client.api.auth import jwt_login_v1_auth_jwt_login_post as login
from vijil_client.api.personas import (
    create_persona_v1_personas_post as create_persona,
    delete_persona_v1_personas_id_delete as delete_persona,
    get_persona_v1_personas_id_get as get_persona,
    list_personas_v1_personas_get as list_personas,
    update_persona_v1_personas_id_put as update_persona,
)
from vijil_client.models import Error, HTTPValidationError, Intent, LoginRequest, Persona, PersonaAccessPermissions, PersonaCreate, PersonaListResponse, PersonaUpdate, PrivilegeLevel, Token

TEAM = UUID("c58aea71-3861-4f28-b8c4-20832a2f22ee")


def round_trip(url: str) -> None:
    credentials = LoginRequest(email="user@example.com", password="your-password")
    token = answered("vijil: login", login.sync_detailed(client=Client(base_url=url), body=credentials), 200, Token)
    client = AuthenticatedClient(base_url=url, token=token.access_token)
    permissions = PersonaAccessPermissions(privilege_level=PrivilegeLevel.GUEST, allowed_tools=["search"])
    body = PersonaCreate(team_id=TEAM, name="Curious Clerk", role="End user", intent=Intent.CURIOUS, access_permissions=permissions)
    persona = answered("vijil: create", create_persona.sync_detailed(client=client, body=body), 201, Persona)
    check("vijil: create: intent", persona.intent, Intent.CURIOUS)
    check("vijil: create: permissions", persona.access_permissions.privilege_level, PrivilegeLevel.GUEST)
    get = lambda: get_persona.sync_detailed(persona.id, client=client, team_id=TEAM)
    check("vijil: get", answered("vijil: get", get(), 200, Persona), persona)
    change = PersonaUpdate(intent=Intent.MALICIOUS, tags=None)
    changed = answered("vijil: update", update_persona.sync_detailed(persona.id, client=client, body=change), 200, Persona)
    check("vijil: update: intent", changed.intent, Intent.MALICIOUS)
    found = list_personas.sync_detailed(client=client, team_id=TEAM, intents=["malicious"], limit=1)
    check("vijil: list", [row.id for row in answered("vijil: list", found, 200, PersonaListResponse).results], [persona.id])
    empty("vijil: delete", delete_persona.sync_detailed(persona.id, client=client))
    check("vijil: get after the delete", answered("vijil: get after the delete", get(), 404, Error).detail, "Persona not found")
    wrong = create_persona.sync_detailed(client=client, body=PersonaCreate(team_id=TEAM, name="", role="End user"))
    check("vijil: a blank name", answered("vijil: a blank name", wrong, 422, HTTPValidationError).detail[0].loc, ["body", "name"])
