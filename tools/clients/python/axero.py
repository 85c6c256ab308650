from axero_client import AuthenticatedClient
from axero_client.api.personas import create_persona, delete_persona, get_persona, list_personas, update_persona
from axero_client.models import AddBody, ConditionBody, DeletedAnswer, Error, FoundAnswer, ListAnswer, Message, SavedAnswer, UpdateBody
from expect import answered, check


def round_trip(url: str) -> None:
    client = AuthenticatedClient(base_url=url, token="axero-owner-alice")
    body = AddBody(name="Night shift", is_enabled=True, persona_conditions=[ConditionBody(profile_field_id=4, condition_value="Sales")])
    persona = answered("axero: add", create_persona.sync_detailed(client=client, body=body), 200, SavedAnswer).response_data
    check("axero: add: condition", persona.persona_conditions[0].condition_value, "Sales")
    found = answered("axero: get", get_persona.sync_detailed(persona.persona_id, client=client), 200, FoundAnswer)
    check("axero: get: name", found.response_data.name, "Night shift")
    change = UpdateBody(name="Day shift", persona_conditions=None)
    changed = answered("axero: update", update_persona.sync_detailed(persona.persona_id, client=client, body=change), 200, SavedAnswer)
    check("axero: update: name", changed.response_data.name, "Day shift")
    page = answered("axero: list", list_personas.sync_detailed(client=client, page_size=100), 200, ListAnswer)
    check("axero: list: total", page.total_records, len(page.response_data))
    check("axero: list: last", page.response_data[-1].name, "Day shift")
    answered("axero: delete", delete_persona.sync_detailed(persona.persona_id, client=client), 200, DeletedAnswer)
    # Axero refuses with 200 and IsError.
    missing = answered("axero: get after the delete", get_persona.sync_detailed(persona.persona_id, client=client), 200, Error)
    check("axero: get after the delete: IsError", missing.is_error, True)
    stranger = AuthenticatedClient(base_url=url, token="nobody")
    answered("axero: an unknown token", list_personas.sync_detailed(client=stranger), 401, Message)
