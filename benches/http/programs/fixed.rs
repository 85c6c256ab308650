//! The limit: a bare actix-web program that answers bytes which it was given. It reads no header field, no body unless it is
//! asked to, and keeps nothing.

use std::path::Path;

use actix_web::web::{self, Bytes};
use actix_web::{App, HttpResponse, HttpServer, rt};
use anyhow::Result;

use super::listens;

/// Answers `/0`, `/1` and so on with the files of these names in a folder.
pub fn serve(bodies: &Path, port_file: &Path) -> Result<()> {
    let mut all = Vec::new();
    while let Ok(body) = std::fs::read(bodies.join(all.len().to_string())) {
        all.push(Bytes::from(body));
    }
    let all = web::Data::new(all);
    rt::System::new().block_on(async move {
        let app = move || {
            let app = App::new().app_data(all.clone());
            app.route("/{number}", web::to(answer)).route("/read/{number}", web::to(read))
        };
        let server = HttpServer::new(app).workers(1).bind(("127.0.0.1", 0))?;
        listens(port_file, server.addrs().first().map_or(0, std::net::SocketAddr::port))?;
        Ok(server.run().await?)
    })
}

/// The same, once the request's body is there.
async fn read(number: web::Path<usize>, bodies: web::Data<Vec<Bytes>>, _body: Bytes) -> HttpResponse {
    answer(number, bodies).await
}

async fn answer(number: web::Path<usize>, bodies: web::Data<Vec<Bytes>>) -> HttpResponse {
    match bodies.get(*number) {
        Some(body) => HttpResponse::Ok().content_type("application/json").body(body.clone()),
        None => HttpResponse::NotFound().finish(),
    }
}
