from equals_money_client import AuthenticatedClient
from equals_money_client.api.people import create_person, find_all_people, invite_person, update_person
from equals_money_client.api.personas import update_persona, update_persona_role
from equals_money_client.api.roles import find_all_roles
from equals_money_client.models import (
    CountryCode,
    Error,
    FindAllPeopleIncludeItem,
    NewPerson,
    NewPersonEmailTheme,
    NewPersonStatus,
    PeoplePage,
    Person,
    Persona,
    PersonaUpdate,
    PersonaUpdateStatus,
    PersonUpdate,
    RoleGiven,
    RoleName,
    RolesPage,
    RoleUpdate,
    Success,
)
from expect import answered, check

ACCOUNT = "F50091"


def round_trip(url: str) -> None:
    client = AuthenticatedClient(base_url=url, prefix="ApiKey", token="1070598f-6540-4c8a-b08f-f7c33dcc726a")
    body = NewPerson(
        account_id=ACCOUNT,
        first_name="Grace",
        last_name="Murray",
        role_name=RoleName.VIEWER,
        email_address="grace.murray@roastery.example.com",
        nationalities=[CountryCode.US],
        status=NewPersonStatus.ACTIVE,
        notify_email_trans=False,
        add_to_user_pool=True,
        send_invite=True,
        email_theme=NewPersonEmailTheme.EM_LIGHT,
    )
    person = answered("equals_money: create", create_person.sync_detailed(client=client, body=body), 201, Person)
    check("equals_money: create: name", person.last_name, "Murray")
    found = find_all_people.sync_detailed(client=client, account_id=ACCOUNT, people=[person.id], include=[FindAllPeopleIncludeItem.PERSONA_ROLES])
    persona = answered("equals_money: list", found, 200, PeoplePage).rows[0].persona
    check("equals_money: list: role", [role.name for role in persona.roles], ["Viewer"])
    changed = update_person.sync_detailed(person.id, client=client, body=PersonUpdate(account_id=ACCOUNT, locale="en-GB"))
    check("equals_money: update a person", answered("equals_money: update a person", changed, 200, Person).locale, "en-GB")
    change = lambda body: update_persona.sync_detailed(persona.id, client=client, account_id=ACCOUNT, body=body)
    updated = answered("equals_money: update a persona", change(PersonaUpdate(job_title="Analyst")), 200, Persona)
    check("equals_money: update a persona: job", updated.job_title, "Analyst")
    given = update_persona_role.sync_detailed(persona.id, client=client, account_id=ACCOUNT, body=RoleUpdate(role_name=RoleName.PAYER))
    check("equals_money: change the role", answered("equals_money: change the role", given, 200, RoleGiven).name, RoleName.PAYER)
    answered("equals_money: invite", invite_person.sync_detailed(person.id, client=client, account_id=ACCOUNT), 200, Success)
    answered("equals_money: roles", find_all_roles.sync_detailed(client=client, account_id=ACCOUNT), 200, RolesPage)
    # There is no delete: a persona is deactivated.
    stopped = answered("equals_money: deactivate", change(PersonaUpdate(status=PersonaUpdateStatus.DEACTIVATED)), 200, Persona)
    check("equals_money: deactivate: status", stopped.status, "deactivated")
    locked = answered("equals_money: invite a deactivated persona", invite_person.sync_detailed(person.id, client=client, account_id=ACCOUNT), 423, Error)
    check("equals_money: invite a deactivated persona: message", locked.message.startswith("This persona is deactivated"), True)
    stranger = AuthenticatedClient(base_url=url, prefix="ApiKey", token="0f6f6f3e-5a53-4f2b-9f0e-3a1f5f0c9d11")
    answered("equals_money: an unknown key", find_all_roles.sync_detailed(client=stranger), 403, Error)
