//! What somebody would write in an afternoon: typed records in a map, actix-web's router, one credential, no rule of the
//! vendor, no sandbox and no journal.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::RwLock;

use actix_web::web::{self, Json};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, rt};
use anyhow::Result;
use serde::{Deserialize, Serialize};

use super::listens;
use super::typed::{Fixture, Persona};

type Personas = RwLock<BTreeMap<String, Persona>>;

#[derive(Deserialize)]
struct Page {
    #[serde(default)]
    offset: usize,
    #[serde(default)]
    limit: Option<usize>,
}

#[derive(Deserialize)]
struct Change {
    name: Option<String>,
    description: Option<String>,
}

#[derive(Serialize)]
struct List<'a> {
    results: Vec<&'a Persona>,
    count: usize,
}

/// Answers Vijil's paths from its fixture.
pub fn serve(fixture: &Path, port_file: &Path) -> Result<()> {
    let read: Fixture = serde_json::from_slice(&std::fs::read(fixture)?)?;
    let personas = read.personas.into_iter().map(|persona| (persona.id.clone(), persona)).collect();
    let personas: web::Data<Personas> = web::Data::new(RwLock::new(personas));
    rt::System::new().block_on(async move {
        let app = move || {
            App::new()
                .app_data(personas.clone())
                .route("/v1/personas/", web::get().to(list))
                .route("/v1/personas/{id}", web::get().to(one))
                .route("/v1/personas/{id}", web::put().to(change))
        };
        let server = HttpServer::new(app).workers(1).bind(("127.0.0.1", 0))?;
        listens(port_file, server.addrs().first().map_or(0, std::net::SocketAddr::port))?;
        Ok(server.run().await?)
    })
}

fn knows(request: &HttpRequest) -> bool {
    let field = request.headers().get("authorization").and_then(|value| value.to_str().ok());
    field == Some("Bearer vijil-owner-token")
}

async fn one(request: HttpRequest, id: web::Path<String>, personas: web::Data<Personas>) -> HttpResponse {
    if !knows(&request) {
        return HttpResponse::Unauthorized().finish();
    }
    match personas.read().ok().as_ref().and_then(|personas| personas.get(id.as_str())) {
        Some(persona) => HttpResponse::Ok().json(persona),
        None => HttpResponse::NotFound().finish(),
    }
}

async fn change(
    request: HttpRequest,
    id: web::Path<String>,
    Json(change): Json<Change>,
    personas: web::Data<Personas>,
) -> HttpResponse {
    if !knows(&request) {
        return HttpResponse::Unauthorized().finish();
    }
    let Ok(mut personas) = personas.write() else { return HttpResponse::InternalServerError().finish() };
    let Some(persona) = personas.get_mut(id.as_str()) else { return HttpResponse::NotFound().finish() };
    if let Some(name) = change.name {
        persona.name = name;
    }
    persona.description = change.description.or_else(|| persona.description.take());
    HttpResponse::Ok().json(&*persona)
}

async fn list(request: HttpRequest, page: web::Query<Page>, personas: web::Data<Personas>) -> HttpResponse {
    if !knows(&request) {
        return HttpResponse::Unauthorized().finish();
    }
    let Ok(personas) = personas.read() else { return HttpResponse::InternalServerError().finish() };
    let results = personas.values().skip(page.offset).take(page.limit.unwrap_or(10)).collect();
    HttpResponse::Ok().json(List { results, count: personas.len() })
}
