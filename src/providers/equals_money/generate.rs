//! Further people for a fixture, each with a place in its first account.

use uuid::Uuid;

use super::fixture::Fixture;
use super::model::{HomeAddress, Person, Persona};
use super::words::{PersonaStatus, RoleName, Title};
use crate::provider::generate::{Draw, Generator, Generators};

const ROLES: [RoleName; 3] = [RoleName::User, RoleName::Viewer, RoleName::Payer];

pub(super) fn generators(embedded: &Fixture) -> Generators {
    let account = embedded.accounts.first().map(|account| account.id.clone()).unwrap_or_default();
    let teams: Vec<Uuid> =
        embedded.teams.iter().filter(|team| team.account_id == account).map(|team| team.id).collect();
    let product_id = embedded.product_id;
    let person = move |draw: &Draw<'_>| {
        let (words, human) = (draw.words, draw.human());
        let created_at = draw.moment("created");
        Person {
            id: draw.uuid("person"),
            product_id,
            sub: Some(draw.uuid("sub")),
            first_name: human.given.to_owned(),
            last_name: human.family.to_owned(),
            title: Some(if human.is_woman { Title::Ms } else { Title::Mr }),
            dob: Some(birth(draw)),
            gender: Some(if human.is_woman { "female" } else { "male" }.to_owned()),
            nationality: Some(words.nationality.to_owned()),
            nationalities: vec![words.country.to_owned()],
            country_of_residence: Some(words.country.to_owned()),
            primary_mobile_number: Some(phone(draw, "mobile")),
            primary_email_address: email(draw),
            locale: Some(format!("{}-{}", draw.language(), words.country)),
            verify_email_address: true,
            address: Some(HomeAddress {
                id: draw.uuid("home"),
                building_number: Some((draw.below("building", 199) + 1).to_string()),
                city: Some(draw.text("city", words.cities).to_owned()),
                country_code: Some(words.country.to_owned()),
                ..HomeAddress::default()
            }),
            created_at,
            updated_at: Some(draw.later("updated", created_at)),
            ..Person::default()
        }
    };
    let persona = move |draw: &Draw<'_>| {
        let human = draw.human();
        let created_at = draw.moment("created");
        let status = if draw.chance("active", 90) { PersonaStatus::Active } else { PersonaStatus::Deactivated };
        Persona {
            id: draw.uuid("persona"),
            account_id: account.clone(),
            person_id: draw.uuid("person"),
            role_name: draw.one("role", &ROLES).copied().unwrap_or_default(),
            status,
            email_address: Some(email(draw)),
            employee_number: Some(format!("{:06}", 100_000 + draw.number())),
            work_number: Some(phone(draw, "work number")),
            job_title: Some(human.work.to_owned()),
            team_ids: draw
                .chance("in a team", 70)
                .then(|| draw.one("team", &teams).copied())
                .flatten()
                .into_iter()
                .collect(),
            transactional_emails: Some(draw.chance("emails", 70)),
            card_push_notifications: draw.chance("push", 50),
            invite_sent_at: Some(created_at),
            marketing_emails: draw.chance("marketing", 20),
            security_notifications: true,
            created_at,
            updated_at: Some(draw.later("updated", created_at)),
            ..Persona::default()
        }
    };
    Generators { lists: vec![Generator::of("people", person), Generator::of("personas", persona)], left_out: &[] }
}

/// An address that no other row has, in a domain that nobody owns.
fn email(draw: &Draw<'_>) -> String {
    format!("person-{}@generated.example", draw.number() + 1)
}

fn phone(draw: &Draw<'_>, what: &'static str) -> String {
    format!("{}{:09}", draw.words.calling, 100_000_000 + draw.below(what, 900_000_000))
}

/// A day between 1955 and 2004.
fn birth(draw: &Draw<'_>) -> String {
    let [year, month, day] = [("year", 50), ("month", 12), ("day", 28)].map(|(what, many)| draw.below(what, many));
    format!("{}-{:02}-{:02}", 1955 + year, month + 1, day + 1)
}
