"""What somebody would write with the vendor's own framework: program.py FIXTURE PORT_FILE."""

import json
import pathlib
import socket
import sys

import uvicorn
from fastapi import Depends, FastAPI, Header, HTTPException
from pydantic import BaseModel


class Persona(BaseModel):
    id: str
    team_id: str
    name: str
    description: str | None
    role: str | None
    role_description: str | None
    knowledge_level: str | None
    skill_level: str | None
    intent: str | None
    language: str | None
    access_permissions: dict[str, object] | None
    is_preset: bool
    preset_category: str | None
    tags: list[str] | None
    icon_filename: str | None
    created_at: int
    updated_at: int | None
    created_by: str | None


class Change(BaseModel):
    name: str | None = None
    description: str | None = None


def known(authorization: str = Header()) -> None:
    if authorization != "Bearer vijil-owner-token":
        raise HTTPException(401)


app = FastAPI(dependencies=[Depends(known)])
personas: dict[str, Persona] = {}


@app.get("/v1/personas/{persona_id}")
async def one(persona_id: str) -> Persona:
    if persona_id not in personas:
        raise HTTPException(404)
    return personas[persona_id]


@app.put("/v1/personas/{persona_id}")
async def change(persona_id: str, change: Change) -> Persona:
    if persona_id not in personas:
        raise HTTPException(404)
    personas[persona_id] = personas[persona_id].model_copy(update=change.model_dump(exclude_unset=True))
    return personas[persona_id]


def main() -> None:
    fixture, port_file = map(pathlib.Path, sys.argv[1:])
    for row in json.loads(fixture.read_text(encoding="utf-8"))["personas"]:
        personas[row["id"]] = Persona(**row)
    # The protocol is said, since asyncio asks for no delay only where it is.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.bind(("127.0.0.1", 0))
    listening.listen(128)
    unfinished = port_file.with_suffix(".unfinished")
    unfinished.write_text(str(listening.getsockname()[1]), encoding="utf-8")
    unfinished.rename(port_file)
    uvicorn.Server(uvicorn.Config(app, log_level="warning")).run([listening])


main()
