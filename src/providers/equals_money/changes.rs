//! What a request can change, and the change itself. Nothing here asks whether it may.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Map;
use uuid::Uuid;

use super::model::{AccountId, Avatar, HomeAddress, Person, Persona, SearchText};
use super::state::{ADDRESS_ID, PERSON_ID, PERSONA_ID, SUB_ID, State};
use super::words::{EmailTheme, GivenRole, PersonaStatus, RoleName, Standing, Title};
use crate::provider::Seed;

/// What to change in a persona; absent members stay.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct PersonaPatch {
    pub(super) email_address: Option<Option<String>>,
    pub(super) employee_number: Option<Option<String>>,
    pub(super) work_number: Option<Option<String>>,
    pub(super) job_title: Option<Option<String>>,
    pub(super) status: Option<PersonaStatus>,
    pub(super) transactional_emails: Option<Option<bool>>,
    pub(super) marketing_emails: Option<bool>,
    pub(super) security_notifications: Option<bool>,
    pub(super) card_push_notifications: Option<bool>,
}

/// What to change in a person; absent members stay.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct PersonPatch {
    pub(super) first_name: Option<String>,
    pub(super) last_name: Option<String>,
    pub(super) title: Option<Option<Title>>,
    pub(super) middle_initials: Option<Option<String>>,
    pub(super) dob: Option<Option<String>>,
    pub(super) gender: Option<Option<String>>,
    pub(super) nationality: Option<Option<String>>,
    pub(super) nationalities: Option<Vec<String>>,
    pub(super) country_of_residence: Option<Option<String>>,
    pub(super) primary_mobile_number: Option<Option<String>>,
    pub(super) email_theme: Option<Option<EmailTheme>>,
    pub(super) locale: Option<Option<String>>,
    /// For all personas of the person.
    pub(super) transactional_emails: Option<Option<bool>>,
}

/// A person to create, with a persona.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct NewPerson {
    pub(super) first_name: String,
    pub(super) last_name: String,
    pub(super) role: GivenRole,
    pub(super) email_address: String,
    pub(super) dob: Option<String>,
    pub(super) nationalities: Vec<String>,
    pub(super) address: Option<NewAddress>,
    pub(super) primary_mobile_number: Option<String>,
    pub(super) status: Standing,
    pub(super) employee_number: Option<String>,
    pub(super) job_title: Option<String>,
    pub(super) transactional_emails: bool,
    pub(super) created_by_persona: Option<Uuid>,
    pub(super) add_to_user_pool: bool,
    pub(super) send_invite: bool,
    pub(super) email_theme: Option<EmailTheme>,
    pub(super) locale: Option<String>,
}

/// Where a person to create lives.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct NewAddress {
    pub(super) street_name: Option<String>,
    pub(super) building_number: Option<String>,
    pub(super) building_name: Option<String>,
    pub(super) postcode: Option<String>,
    pub(super) city: Option<String>,
    pub(super) region: Option<String>,
    pub(super) country_code: Option<String>,
}

fn set<T>(place: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *place = value;
    }
}

/// The persona after a patch. `updatedAt` moves with every patch, also an empty one; `inviteSentDate`
/// never does (inferred from the vendor's tutorial).
pub(super) fn patched_persona(persona: &Persona, person: &Person, patch: PersonaPatch, now: Timestamp) -> Persona {
    let mut next = persona.clone();
    if let Some(email) = patch.email_address {
        next.found_by = SearchText::of(person, email.as_deref());
        next.email_address = email;
    }
    set(&mut next.employee_number, patch.employee_number);
    set(&mut next.work_number, patch.work_number);
    set(&mut next.job_title, patch.job_title);
    set(&mut next.status, patch.status);
    set(&mut next.transactional_emails, patch.transactional_emails);
    set(&mut next.marketing_emails, patch.marketing_emails);
    set(&mut next.security_notifications, patch.security_notifications);
    set(&mut next.card_push_notifications, patch.card_push_notifications);
    next.updated_at = now;
    next
}

/// The persona with another role.
pub(super) fn with_role(persona: &Persona, role: RoleName, now: Timestamp) -> Persona {
    Persona { role, updated_at: now, ..persona.clone() }
}

/// The persona with an invite sent now.
pub(super) fn invited(persona: &Persona, now: Timestamp) -> Persona {
    Persona { status: PersonaStatus::Invited, invite_sent_at: Some(now), updated_at: now, ..persona.clone() }
}

impl State {
    /// Changes a person, and on all their personas what hangs on the person.
    pub(super) fn patch_person(&mut self, id: Uuid, patch: PersonPatch, now: Timestamp) {
        let Some(person) = self.person(id) else { return };
        let mut next = Person::clone(person);
        set(&mut next.first_name, patch.first_name);
        set(&mut next.last_name, patch.last_name);
        set(&mut next.title, patch.title);
        set(&mut next.middle_initials, patch.middle_initials);
        set(&mut next.dob, patch.dob);
        set(&mut next.gender, patch.gender);
        set(&mut next.nationality, patch.nationality);
        set(&mut next.nationalities, patch.nationalities);
        set(&mut next.country_of_residence, patch.country_of_residence);
        set(&mut next.primary_mobile_number, patch.primary_mobile_number);
        set(&mut next.email_theme, patch.email_theme);
        set(&mut next.locale, patch.locale);
        next.updated_at = now;
        for mut persona in self.personas_of(id) {
            persona.found_by = SearchText::of(&next, persona.email_address.as_deref());
            if let Some(preference) = patch.transactional_emails {
                persona.transactional_emails = preference;
                persona.updated_at = now;
            }
            self.put_persona(persona);
        }
        self.put_person(next);
    }

    /// Adds a persona for the person with this login, who is created if there is none, and returns
    /// the person's id.
    ///
    /// A person who is there keeps all values: the request then only makes the persona.
    pub(super) fn add_person(&mut self, account: AccountId, new: NewPerson, seed: Seed, now: Timestamp) -> Uuid {
        let person = match self.person_by_login(&new.email_address).cloned() {
            Some(person) => person,
            None => {
                let person = self.made_person(&new, seed, now);
                self.put_person(person.clone());
                Arc::new(person)
            }
        };
        let status = match (new.status, new.send_invite) {
            (Standing::Deactivated, _) => PersonaStatus::Deactivated,
            (Standing::Active, true) => PersonaStatus::Invited,
            (Standing::Active, false) => PersonaStatus::Created,
        };
        let id = self.draw(seed, PERSONA_ID, |state, id| state.persona(id).is_some());
        let persona = Persona {
            id,
            account,
            person: person.id,
            listed_at: self.listed_at(&person),
            found_by: SearchText::of(&person, Some(&new.email_address)),
            email_address: Some(new.email_address),
            employee_number: new.employee_number,
            work_number: None,
            job_title: new.job_title,
            status,
            role: new.role.into(),
            addresses: Vec::new(),
            teams: Vec::new(),
            budgets: Vec::new(),
            created_by: Map::new(),
            created_by_persona: new.created_by_persona,
            primary_owner_of: Map::new(),
            transactional_emails: Some(new.transactional_emails),
            card_push_notifications: false,
            invite_sent_at: (status == PersonaStatus::Invited).then_some(now),
            marketing_emails: false,
            security_notifications: false,
            created_at: now,
            updated_at: now,
        };
        self.put_persona(persona);
        person.id
    }

    /// A new person. Without a theme or a picture their defaults are there: the tutorials show both.
    fn made_person(&mut self, new: &NewPerson, seed: Seed, now: Timestamp) -> Person {
        let id = self.draw(seed, PERSON_ID, |state, id| state.person(id).is_some());
        let sub = new.add_to_user_pool.then(|| self.draw(seed, SUB_ID, |_, _| false));
        let address = new.address.clone().map(|address| HomeAddress {
            id: self.draw(seed, ADDRESS_ID, |_, _| false),
            street_name: address.street_name,
            building_number: address.building_number,
            building_name: address.building_name,
            postcode: address.postcode,
            city: address.city,
            region: address.region,
            country_code: address.country_code,
        });
        Person {
            id,
            product_id: self.product_id,
            sub,
            first_name: new.first_name.clone(),
            last_name: new.last_name.clone(),
            title: None,
            middle_initials: None,
            dob: new.dob.clone(),
            gender: None,
            nationality: None,
            nationalities: new.nationalities.clone(),
            country_of_residence: None,
            status: new.status,
            primary_mobile_number: new.primary_mobile_number.clone(),
            primary_email_address: new.email_address.clone(),
            avatar: Avatar::default(),
            avatar_id: None,
            avatar_cdn_url: None,
            email_theme: Some(new.email_theme.unwrap_or_default()),
            locale: new.locale.clone(),
            preferred_2fa_method: None,
            send_invite: new.send_invite,
            verify_email_address: false,
            verify_mobile_number: false,
            has_people_card: false,
            card: None,
            address,
            created_at: now,
            updated_at: now,
        }
    }
}
