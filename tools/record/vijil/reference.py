"""A reference application in the vendor's framework.

The models regenerate the schemas of the vendor's published OpenAPI document, so
that FastAPI, pydantic and Starlette themselves say what a good and a bad request
is answered with. What the framework does not settle (texts of 401/403/404, which
team a token may see) is the emulator's choice and written here a second time.
"""

import base64
import functools
import hashlib
import hmac
import json
import uuid
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, Optional, Union

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi_users.authentication import CookieTransport
from fastapi_users.password import PasswordHelper
from pydantic import BaseModel, Field

FIXTURE = json.loads((Path(__file__).parents[3] / "fixtures/vijil.json").read_text())
NOW = 1768478400  # 2026-01-15T12:00:00Z, the clock of the replay
NEW_ID = "11111111-2222-4333-8444-555555555555"  # stands for whatever id the mock draws
DAY = 86400
NIL = str(uuid.UUID(int=0))
SCOPES = ["persona:read", "persona:write"]
KEY = b"persona-mock vijil 1"


class KnowledgeLevel(str, Enum):
    beginner = "beginner"
    intermediate = "intermediate"
    advanced = "advanced"
    expert = "expert"


class SkillLevel(str, Enum):
    novice = "novice"
    competent = "competent"
    proficient = "proficient"
    expert = "expert"


class Intent(str, Enum):
    benign = "benign"
    curious = "curious"
    adversarial = "adversarial"
    malicious = "malicious"


class PrivilegeLevel(str, Enum):
    guest = "guest"
    user = "user"
    power_user = "power_user"
    admin = "admin"
    super_admin = "super_admin"


class DataAccessScope(str, Enum):
    own = "own"
    team = "team"
    organization = "organization"
    global_ = "global"


class PersonaAccessPermissions(BaseModel):
    privilege_level: PrivilegeLevel = PrivilegeLevel.user
    allowed_agents: Optional[list[str]] = None
    allowed_tools: Optional[list[str]] = None
    restricted_actions: Optional[list[str]] = None
    data_access_scope: Optional[DataAccessScope] = None


Access = Optional[Union[PersonaAccessPermissions, dict[str, Any]]]


class PersonaCreate(BaseModel):
    id: Optional[uuid.UUID] = None
    team_id: uuid.UUID
    name: str = Field(min_length=1, max_length=255)
    description: Optional[str] = None
    role: str = Field(min_length=1, max_length=100)
    role_description: Optional[str] = None
    knowledge_level: KnowledgeLevel = KnowledgeLevel.intermediate
    skill_level: SkillLevel = SkillLevel.competent
    intent: Intent = Intent.benign
    language: str = "en"
    access_permissions: Access = None
    is_preset: bool = False
    preset_category: Optional[str] = None
    tags: Optional[list[str]] = None
    icon_filename: Optional[str] = None


class PersonaUpdate(BaseModel):
    name: Optional[Annotated[str, Field(min_length=1, max_length=255)]] = None
    description: Optional[str] = None
    role: Optional[Annotated[str, Field(min_length=1, max_length=100)]] = None
    role_description: Optional[str] = None
    knowledge_level: Optional[KnowledgeLevel] = None
    skill_level: Optional[SkillLevel] = None
    intent: Optional[Intent] = None
    language: Optional[str] = None
    access_permissions: Access = None
    is_preset: Optional[bool] = None
    preset_category: Optional[str] = None
    tags: Optional[list[str]] = None
    icon_filename: Optional[str] = None


class Persona(BaseModel):
    id: uuid.UUID
    team_id: uuid.UUID
    name: str
    description: Optional[str] = None
    role: str
    role_description: Optional[str] = None
    knowledge_level: KnowledgeLevel = KnowledgeLevel.intermediate
    skill_level: SkillLevel = SkillLevel.competent
    intent: Intent = Intent.benign
    language: str = "en"
    access_permissions: Access = None
    is_preset: bool = False
    preset_category: Optional[str] = None
    tags: Optional[list[str]] = None
    icon_filename: Optional[str] = None
    created_at: int
    updated_at: int
    created_by: uuid.UUID


class PersonaListResponse(BaseModel):
    results: list[Persona]
    total: int


class CreateFromPresetRequest(BaseModel):
    name_override: Optional[str] = None


class LoginRequest(BaseModel):
    email: str
    password: str


class ChangePasswordRequest(BaseModel):
    current_password: str
    new_password: str = Field(min_length=8)


class TokenRequest(BaseModel):
    client_id: str
    client_secret: str


class UserRead(BaseModel):
    id: uuid.UUID
    email: str
    is_active: bool = True
    is_superuser: bool = False
    is_verified: bool = False
    given_name: Optional[str] = None
    family_name: Optional[str] = None
    external_user_id: Optional[str] = None
    profile_image: Optional[str] = None
    password_change_required: bool = False
    is_super_admin: bool = False


class MembershipWithTeam(BaseModel):
    id: uuid.UUID
    team_id: uuid.UUID
    user_id: uuid.UUID
    role: str
    created_at: int
    updated_at: int
    team_name: str
    team_description: Optional[str]


# --- state -------------------------------------------------------------------

users: dict[str, dict] = {}
rows: dict[str, dict] = {}
presets: dict[str, dict] = {}
NULLABLE = {"description", "role_description", "access_permissions", "preset_category", "tags", "icon_filename"}


def reset() -> None:
    users.clear()
    rows.clear()
    presets.clear()
    users.update((user["id"], dict(user)) for user in FIXTURE["users"])
    rows.update((row["id"], dict(row)) for row in FIXTURE["personas"])
    for preset in FIXTURE["presets"]:
        presets[preset["id"]] = {**preset, "team_id": NIL, "created_by": NIL, "is_preset": True}


# --- credentials -------------------------------------------------------------

EXPIRED = {"now-1h", "now-30d"}
COOKIES = CookieTransport(cookie_max_age=DAY, cookie_secure=False)
PASSWORDS = PasswordHelper()


@functools.cache
def hashed(password: str) -> str:
    return PASSWORDS.hash(password)


def is_password(sent: str, user: dict) -> bool:
    return PASSWORDS.verify_and_update(sent, hashed(user["password"]))[0]


def segment(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def sign(claims: dict) -> str:
    head = segment(b'{"alg":"HS256","typ":"JWT"}')
    text = f"{head}.{segment(json.dumps(claims, separators=(',', ':'), ensure_ascii=False).encode())}"
    return f"{text}.{segment(hmac.new(KEY, text.encode(), hashlib.sha256).digest())}"


def read_token(token: str) -> Optional[dict]:
    parts = token.split(".")
    if len(parts) != 3:
        return None
    expected = segment(hmac.new(KEY, f"{parts[0]}.{parts[1]}".encode(), hashlib.sha256).digest())
    if parts[2] != expected:
        return None
    return json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))


def claims_of(user_id: str, scopes: Optional[list[str]], everything: bool = False) -> dict:
    user = next(u for u in FIXTURE["users"] if u["id"] == user_id)
    teams = {}
    for m in FIXTURE["memberships"]:
        if m["user_id"] == user_id:
            granted = SCOPES if everything else [s for s in m["scopes"] if scopes is None or s in scopes]
            teams["team_" + m["team_id"].replace("-", "")] = {"role": m["role"], "scopes": granted}
    if everything:
        for team in FIXTURE["teams"]:
            teams.setdefault("team_" + team["id"].replace("-", ""), {"role": "OWNER", "scopes": SCOPES})
    return {"sub": user_id, "email": user["email"], "aud": ["fastapi-users:auth"], "teams": teams}


def anybody() -> dict:
    return claims_of(FIXTURE["users"][0]["id"], None, everything=True)


def issue(claims: dict) -> str:
    return sign({**{k: v for k, v in claims.items() if k not in ("iat", "exp")}, "iat": NOW, "exp": NOW + DAY})


def presented(request: Request) -> Optional[str]:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token:
        return token
    return request.cookies.get(COOKIES.cookie_name) or None


def unauthorized(detail: str) -> HTTPException:
    return HTTPException(401, detail, headers={"WWW-Authenticate": "Bearer"})


def identify(token: str) -> tuple[dict, bool]:
    """The claims behind a token, and whether they are out of date."""
    listed = next((t for t in FIXTURE["tokens"] if t["token"] == token), None)
    if listed:
        return claims_of(listed["user_id"], listed.get("scopes")), listed.get("expires") in EXPIRED
    claims = read_token(token)
    if claims:
        return claims, claims["exp"] <= NOW
    return anybody(), False


def caller(request: Request) -> dict:
    token = presented(request)
    if token is None:
        raise unauthorized("Not authenticated")
    claims, expired = identify(token)
    if expired:
        raise unauthorized("Invalid or expired token")
    return claims


def need(claims: dict, team_id: str, scope: str) -> None:
    team = claims["teams"].get("team_" + team_id.replace("-", ""))
    if team is None:
        raise HTTPException(403, "You do not have access to this team")
    if scope not in team["scopes"]:
        raise HTTPException(403, f"Missing permission: {scope}")


def team_of(team_id: Optional[uuid.UUID]) -> str:
    if team_id is None:
        raise RequestValidationError([{"type": "missing", "loc": ("query", "team_id"), "msg": "Field required", "input": None}])
    return str(team_id)


def stored(body: BaseModel) -> dict:
    return body.model_dump(exclude_unset=True)


def writable(claims: dict, id: str) -> dict:
    if id in presets:
        raise HTTPException(403, "System presets are read-only")
    row = rows.get(id)
    if row is None or "team_" + row["team_id"].replace("-", "") not in claims["teams"]:
        raise HTTPException(404, "Persona not found")
    need(claims, row["team_id"], "persona:write")
    return row


def page(found: list[dict], limit: int, offset: int) -> dict:
    found = sorted(found, key=lambda row: (-row["created_at"], uuid.UUID(row["id"]).int))
    return {"results": found[offset : offset + limit], "total": len(found)}


# --- personas ----------------------------------------------------------------

personas = APIRouter(prefix="/v1/personas")
Caller = Annotated[dict, Depends(caller)]
Team = Annotated[Optional[uuid.UUID], Query()]


@personas.get("/{id}", response_model=Persona)
def get_persona(id: uuid.UUID, claims: Caller, team_id: Team = None):
    team = team_of(team_id)
    need(claims, team, "persona:read")
    row = presets.get(str(id)) or rows.get(str(id))
    if row is None or row["team_id"] not in (team, NIL):
        raise HTTPException(404, "Persona not found")
    return row


@personas.put("/{id}", response_model=Persona)
def update_persona(id: uuid.UUID, body: PersonaUpdate, claims: Caller):
    row = writable(claims, str(id))
    for key, value in stored(body).items():
        if value is not None or key in NULLABLE:
            row[key] = value
    row["updated_at"] = NOW
    return row


@personas.delete("/{id}", status_code=204)
def delete_persona(id: uuid.UUID, claims: Caller):
    del rows[writable(claims, str(id))["id"]]


@personas.get("/", response_model=PersonaListResponse)
def list_personas(
    claims: Caller,
    team_id: Team = None,
    intents: Annotated[Optional[list[str]], Query()] = None,
    is_preset: Annotated[Optional[bool], Query()] = None,
    search: Annotated[Optional[str], Query()] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 10,
    offset: Annotated[int, Query(ge=0)] = 0,
):
    team = team_of(team_id)
    need(claims, team, "persona:read")
    found = [row for row in rows.values() if row["team_id"] == team]
    if intents:
        found = [row for row in found if row["intent"] in intents]
    if is_preset is not None:
        found = [row for row in found if row["is_preset"] == is_preset]
    if search is not None:
        wanted = search.lower()
        found = [row for row in found if any(wanted in (row[key] or "").lower() for key in ("name", "description", "role"))]
    return page(found, limit, offset)


@personas.post("/", response_model=Persona, status_code=201)
def create_persona(body: PersonaCreate, claims: Caller):
    need(claims, str(body.team_id), "persona:write")
    id = str(body.id) if body.id else NEW_ID
    if id in rows or id in presets:
        raise HTTPException(409, "A persona with this id already exists")
    new = body.model_dump(exclude={"access_permissions"})
    new["access_permissions"] = stored(body).get("access_permissions")
    new.update(id=id, team_id=str(body.team_id), created_at=NOW, updated_at=NOW, created_by=claims["sub"])
    rows[id] = new
    return new


@personas.get("/presets/", response_model=PersonaListResponse)
def list_presets(
    claims: Caller,
    team_id: Team = None,
    preset_category: Annotated[Optional[str], Query()] = None,
    limit: Annotated[int, Query(ge=1, le=250)] = 100,
    offset: Annotated[int, Query(ge=0)] = 0,
):
    need(claims, team_of(team_id), "persona:read")
    found = [row for row in presets.values() if preset_category in (None, row["preset_category"])]
    return page(found, limit, offset)


@personas.post("/from-preset/{preset_id}", response_model=Persona, status_code=201)
def create_from_preset(preset_id: uuid.UUID, claims: Caller, request: Optional[CreateFromPresetRequest] = None):
    team = next(iter(claims["teams"]), None)
    if team is None:
        raise HTTPException(403, "You do not have access to this team")
    team = str(uuid.UUID(team.removeprefix("team_")))
    need(claims, team, "persona:write")
    preset = presets.get(str(preset_id))
    if preset is None:
        raise HTTPException(404, "Preset not found")
    name = (request.name_override if request else None) or preset["name"]
    new = {**preset, "id": NEW_ID, "team_id": team, "name": name, "is_preset": False}
    new.update(created_at=NOW, updated_at=NOW, created_by=claims["sub"])
    rows[NEW_ID] = new
    return new


# --- accounts ----------------------------------------------------------------

accounts = APIRouter(prefix="/v1")


def session(claims: dict, response: Response) -> dict:
    token = issue(claims)
    COOKIES._set_login_cookie(response, token)
    return {"access_token": token, "token_type": "bearer"}


@accounts.post("/auth/jwt/login")
def jwt_login(login_request: LoginRequest, response: Response) -> dict[str, Any]:
    user = next((u for u in users.values() if u["email"].lower() == login_request.email.lower()), None)
    if user is None:
        # As FastAPI Users does for somebody who is not there.
        PASSWORDS.hash(login_request.password)
        return session(anybody(), response)
    if not is_password(login_request.password, user) or not user["is_active"]:
        raise HTTPException(401, "Invalid email or password")
    return session(claims_of(user["id"], None), response)


@accounts.post("/auth/jwt/logout")
def jwt_logout(response: Response) -> dict[str, Any]:
    COOKIES._set_logout_cookie(response)
    return {"message": "Successfully logged out"}


@accounts.get("/auth/users/me", response_model=UserRead)
def get_current_user_info(claims: Caller):
    return users[claims["sub"]]


@accounts.post("/auth/jwt/refresh")
def jwt_refresh(request: Request, response: Response) -> dict[str, Any]:
    token = presented(request)
    if token is None:
        raise unauthorized("Not authenticated")
    return session(identify(token)[0], response)


@accounts.post("/auth/change-password")
def change_password(request: ChangePasswordRequest, response: Response, claims: Caller) -> dict[str, Any]:
    user = users[claims["sub"]]
    if not is_password(request.current_password, user):
        raise HTTPException(401, "Current password is incorrect")
    if is_password(request.new_password, user):
        raise HTTPException(400, "New password must be different from the current password")
    PASSWORDS.hash(request.new_password)
    user.update(password=request.new_password, password_change_required=False)
    return session(claims, response)


@accounts.post("/auth/token")
def create_token(token_request: TokenRequest) -> dict[str, Any]:
    key = next((k for k in FIXTURE["api_keys"] if k["client_id"] == token_request.client_id), None)
    if key:
        if key["client_secret"] != token_request.client_secret or key.get("expires") in EXPIRED:
            raise HTTPException(401, "Invalid client credentials")
        claims = claims_of(key["user_id"], key.get("scopes"))
    else:
        claims = anybody()
    return {"access_token": issue(claims), "token_type": "bearer", "expires_in": DAY}


@accounts.get("/users/me", response_model=UserRead)
def get_current_user(claims: Caller):
    return users[claims["sub"]]


@accounts.get("/users/me/teams", response_model=list[MembershipWithTeam])
def get_my_teams(claims: Caller):
    teams = {t["id"]: t for t in FIXTURE["teams"]}
    mine = [m for m in FIXTURE["memberships"] if m["user_id"] == claims["sub"]]
    return [{**m, "team_name": teams[m["team_id"]]["name"], "team_description": teams[m["team_id"]]["description"]} for m in mine]


# --- health ------------------------------------------------------------------

health = APIRouter()


@health.get("/teams/healthz")
@health.get("/evaluations/healthz")
@health.get("/console/healthz")
def get_health() -> dict[str, str]:
    return {"status": "ok"}


app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
app.include_router(accounts)
app.include_router(personas)
app.include_router(health)
