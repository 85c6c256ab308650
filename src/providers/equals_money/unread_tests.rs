//! What of a request nobody reads, and that it is noted whatever the answer.

use super::EqualsMoney;
use crate::provider::asking::Asking;
use crate::provider::register;

const PERSONA: &str = "/v2/personas/497f6eca-6276-4993-bfeb-53cbbbba6f08?accountId=F50091";
const ROLE: &str = "/v2/personas/772c7cd7-aac8-43a2-bf8e-eb6f8abeab35/role?accountId=F50091";
const INVITE: &str = "/v2/people/8c2311c6-46dc-49cd-8389-27f3fcda16b3/invite?accountId=F50091";
const PERSON: &str = "/v2/people/8c2311c6-46dc-49cd-8389-27f3fcda16b3";
const NEW: &str =
    r#""accountId":"F50091","firstName":"A","lastName":"B","roleName":"Viewer","emailAddress":"a@birchwood.example""#;

fn asking() -> Asking {
    Asking::of(register(EqualsMoney), "ApiKey 1070598f-6540-4c8a-b08f-f7c33dcc726a")
}

#[test]
fn what_is_right_is_not_passed_over() {
    let asking = asking();
    let check = |method, target: &str, body: &str, status| asking.check((method, target, body), status, (None, 0));
    let filters = "search=x&status=active&status=invited,active&roleNames=&teams=&addresses=&roles=&people=\
        &budgetId=497f6eca-6276-4993-bfeb-53cbbbba6f08&withoutIndividualBudget=true&include=persona.teams";
    check("GET", &format!("/v2/people?accountId=F50091&limit=1&offset=0&{filters}"), "", 200);
    check("GET", "/v2/roles?limit=1&accountId=F50091&offset=0", "{}", 200);
    check("PATCH", PERSONA, "{}", 200);
    let all = r#"{"emailAddress":"c@example.com","employeeNumber":null,"workNumber":"1","jobTitle":"x","status":"active",
        "transactionalEmailPreference":null,"marketingEmailsPreference":true,"securityNotificationsPreference":false,
        "cardTransactionPushNotificationPreference":true}"#;
    check("PATCH", PERSONA, all, 200);
    check("PATCH", ROLE, r#"{"roleName":"Admin"}"#, 200);
    check("POST", INVITE, "", 200);
    check("POST", INVITE, "{}", 200);
    let person = r#"{"accountId":"F50091","firstName":"A","lastName":"B","title":null,"middleInitials":null,"dob":null,
        "gender":null,"nationality":null,"nationalities":[],"countryOfResidence":null,"primaryMobileNumber":null,
        "emailTheme":null,"locale":null,"transactionalEmailPreference":null}"#;
    check("PATCH", PERSON, person, 200);
    let home = r#""address":{"streetName":"a","buildingNumber":"1","buildingName":null,"postcode":"a","city":"a",
        "region":"a","countryCode":"GB"}"#;
    let rest = r#""dob":"x","nationalities":["GB"],"primaryMobileNumber":"1","status":"active","employeeNumber":"1",
        "jobTitle":"x","notifyEmailTrans":true,"createdByPersonaId":"288cf796-c1ad-4ffd-9eb9-af210bff0ea0",
        "addToUserPool":true,"sendInvite":true,"emailTheme":"em-light","sessionId":"a","mfaCode":"1","customerIp":"1",
        "locale":"en-GB""#;
    check("POST", "/v2/people", &format!("{{{NEW},{home},{rest}}}"), 201);
}

#[test]
fn members_that_nobody_reads_are_noted_whatever_the_answer() {
    let asking = asking();
    let check = |method, target: &str, body: &str, status, first, count| {
        asking.check((method, target, body), status, (Some(first), count));
    };
    check("PATCH", PERSONA, r#"{"job_title":"x","jobTitle":"x"}"#, 200, "$.job_title", 1);
    check("PATCH", PERSONA, r#"{"persona":{"jobTitle":"x"},"zip":1}"#, 200, "$.persona", 2);
    check("PATCH", PERSONA, r#"{"marketingEmails":true}"#, 200, "$.marketingEmails", 1);
    check("PATCH", PERSONA, r#"{"notifyEmailTrans":true,"jobTitle":1}"#, 400, "$.notifyEmailTrans", 1);
    check("PATCH", ROLE, r#"{"roleId":"x","roleName":"Admin"}"#, 200, "$.roleId", 1);
    check("PATCH", ROLE, r#"{"rolename":"Admin"}"#, 400, "$.rolename", 1);
    check("PATCH", &PERSONA.replace("F50091", "F12345"), r#"{"a":1}"#, 404, "$.a", 1);
    check("POST", INVITE, r#"{"sendInvite":true}"#, 200, "$.sendInvite", 1);
    check("POST", &INVITE.replace("8c2311c6", "8c2311c7"), r#"{"sendInvite":true}"#, 404, "$.sendInvite", 1);
    check("PATCH", PERSON, r#"{"emailAddress":"x","address":{"city":"x"}}"#, 200, "$.address", 2);
    check("PATCH", &PERSON.replace("8c2311c6", "8c2311c7"), r#"{"first_name":"x"}"#, 404, "$.first_name", 1);
    check("POST", "/v2/people", &format!(r#"{{{NEW},"first_name":"x"}}"#), 201, "$.first_name", 1);
    let homeless = format!(r#"{{{NEW},"address":{{"id":"x","city":"x","zip":1}},"zip":1}}"#);
    check("POST", "/v2/people", &homeless, 201, "$.zip", 3);
    let nested = format!(r#"{{{NEW},"address":{{"zip":1}}}}"#);
    check("POST", "/v2/people", &nested, 201, "$.address.zip", 1);
    check("POST", "/v2/people", r#"{"account_id":"F50091"}"#, 400, "$.account_id", 1);
}

#[test]
fn parameters_and_bodies_that_nobody_reads_are_noted() {
    let asking = asking();
    let check = |method, target: &str, body: &str, status, first, count| {
        asking.check((method, target, body), status, (Some(first), count));
    };
    check("GET", "/v2/people?accountId=F50091&sort=name&RoleNames=Owner", "", 200, "query.sort", 2);
    check("GET", "/v2/people?accountId=F50091&limit=0&roleName=Owner", "", 400, "query.roleName", 1);
    check("GET", "/v2/people?accountId=nobody&status=&page=1", "", 404, "query.page", 1);
    check("GET", "/v2/people?account_id=F50091", "", 400, "query.account_id", 1);
    check("GET", "/v2/people?accountId=F50091", r#"{"limit":1}"#, 200, "$", 1);
    check("GET", "/v2/roles?limit=1&search=x&status=active", "", 200, "query.search", 2);
    check("GET", "/v2/roles?limit=0&limit=1&search=x", "[1]", 400, "$", 2);
    check("PATCH", &format!("{PERSONA}&dry=1"), r#"{"a":1}"#, 200, "query.dry", 2);
    check(
        "PATCH",
        "/v2/personas/497f6eca-6276-4993-bfeb-53cbbbba6f08",
        r#"{"accountId":"F50091"}"#,
        400,
        "$.accountId",
        1,
    );
    check("PATCH", &format!("{ROLE}&limit=1"), r#"{"roleName":"Admin"}"#, 200, "query.limit", 1);
    check("POST", &format!("{INVITE}&sendInvite=true"), "", 200, "query.sendInvite", 1);
    check("PATCH", &format!("{PERSON}?accountId=F50091"), r#"{"lastName":"x"}"#, 200, "query.accountId", 1);
    check("POST", "/v2/people?accountId=F50091", r#"{"firstName":"A"}"#, 400, "query.accountId", 1);
    check("POST", "/v2/people?accountId=F50091", "{", 400, "query.accountId", 1);
}
