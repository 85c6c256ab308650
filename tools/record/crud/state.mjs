// What the reference remembers: the fixture's rows, and fresh ones for every case.
import { readFileSync } from "node:fs";

export class Refused extends Error {
  constructor(status, error, details) {
    super(error);
    this.status = status;
    this.body = details && Object.keys(details).length > 0 ? { error, details } : { error };
  }
}

export class State {
  constructor(fixture) {
    this.users = fixture.users;
    this.credentials = fixture.credentials;
    this.projects = new Map(fixture.projects.map((project) => [project.id, project.owner]));
    this.personas = new Map(fixture.personas.map((persona) => [persona.id, { ...persona }]));
    this.made = 0;
  }

  static reader(path) {
    const text = readFileSync(path, "utf8");
    return () => new State(JSON.parse(text));
  }

  /** `--auth any`: a listed token acts as itself, another of the right form as the first user. */
  caller(authorization) {
    const token = /^bearer +(.*)$/i.exec(authorization ?? "")?.[1];
    if (token === undefined) throw new Refused(401, "Unauthorized");
    const listed = this.credentials.find((credential) => credential.token === token);
    if (listed) {
      if (listed.revoked || String(listed.expires_at ?? "").startsWith("now-")) throw new Refused(401, "Unauthorized");
      return { user: listed.user, everything: false };
    }
    if (!/^(vm_[A-Za-z0-9]+|[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+)$/.test(token)) throw new Refused(401, "Unauthorized");
    return { user: this.users[0].id, everything: true };
  }

  owns(caller, project) {
    return caller.everything || this.projects.get(project) === caller.user;
  }

  /** The caller's project; a create makes one that is unknown. */
  enter(caller, project) {
    if (this.projects.has(project) && !this.owns(caller, project)) throw new Refused(403, "Forbidden");
  }

  find(caller, id) {
    const row = this.personas.get(id.toLowerCase());
    if (!row) throw new Refused(404, "Persona not found");
    this.enter(caller, row.project_id);
    return row;
  }

  list(caller, { project_id, limit, offset, search }) {
    const project = project_id?.toLowerCase();
    if (project) this.enter(caller, project);
    const needle = search?.toLowerCase();
    const rows = [...this.personas.values()]
      .filter((row) => (project ? row.project_id === project : this.owns(caller, row.project_id)))
      .filter((row) => !needle || [row.name, row.tagline].some((text) => text?.toLowerCase().includes(needle)))
      // Rows of one moment stay in the order of the fixture.
      .sort((a, b) => Date.parse(b.created_at) - Date.parse(a.created_at));
    return { rows: rows.slice(offset, offset + limit), meta: { total: rows.length, limit, offset } };
  }

  create(caller, input) {
    const project = input.project_id.toLowerCase();
    this.enter(caller, project);
    if (!this.projects.has(project)) this.projects.set(project, caller.user);
    this.made += 1;
    const row = { ...input, id: `{{new-${this.made}}}`, project_id: project };
    this.personas.set(row.id, row);
    return row;
  }

  update(caller, input) {
    const row = this.find(caller, input.id);
    const { id, project_id, ...changes } = input;
    if (project_id !== undefined && project_id.toLowerCase() !== row.project_id) {
      throw new Refused(400, "Validation failed", { project_id: "project_id cannot be changed" });
    }
    Object.assign(row, changes);
    return row;
  }

  delete(caller, id) {
    const row = this.find(caller, id);
    this.personas.delete(row.id);
    return row.id;
  }
}
