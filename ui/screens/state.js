import { ask, download, noHistory, send } from '../lib/api.js';
import { compact, json, lists, member, plain, pretty, read, sorted, typed } from '../lib/forms.js';
import { Button, Changes, Dialog, Entered, Select, Table, Wrong, go, html, line } from '../lib/kit.js';
import { said, shown, useAsked, useChange, useLayoutEffect, useRef, useState, where } from '../lib/kit.js';

const ROWS = 100;
const WIDTH = 50;

function Input({ field: { name, type, isOpen, choices, about }, text, fault }) {
  const props = { name, form: 'row', spellcheck: false, title: about, 'aria-label': name, 'aria-invalid': Boolean(fault) };
  const options = isOpen || text === '' ? ['', ...choices] : choices;
  return html`${
    choices.length > 0
      ? html`<select ...${props}>
          ${options.map((value) => html`<option value=${value} selected=${value === text}>${value && `${JSON.parse(value)}`}</option>`)}
        </select>`
      : /[\r\n]|^.{41}/s.test(text) || (text && !type)
        ? html`<textarea ...${props} rows="4" defaultValue=${text} />`
        : html`<input ...${props} size=${type === 'string' ? 20 : 8} defaultValue=${text} />`
  }${fault && html`<small class="wrong" role="alert">${shown(fault, 600)}</small>`}`;
}

function List({ sandbox, list, query, wrong, keep, again }) {
  const at = new URLSearchParams(query);
  const start = Number(/^\d{1,9}$/.exec(at.get('offset') ?? '') ?? 0);
  const search = at.get('search') ?? '';
  const { provider } = list;
  const all = `state/${provider}/${list.list}`;
  const found = useAsked(
    async function page(signal, offset = start) {
      const answer = await send(all, { sandbox, query: { offset: `${offset}`, limit: `${ROWS}`, search }, signal });
      const tree = read(await answer.text());
      const rows = member(tree, 'rows').members.map(([, row]) => {
        const id = plain(member(row, 'id'));
        return { key: id, id, tag: plain(member(row, 'etag')), value: member(row, 'row'), faults: {} };
      });
      const total = Number(member(tree, 'total').text);
      return rows.length === 0 && offset > 0 ? page(signal, Math.max(0, Math.ceil(total / ROWS) - 1) * ROWS) : { rows, total, offset };
    },
    [query, list],
  );
  const [open, setOpen] = useState(null);
  const [text, setText] = useState(null);
  const [clash, setClash] = useState(null);
  const edited = useRef(null);
  useLayoutEffect(() => {
    const next = open ? document.forms['row'][1] : document.getElementById(`edit-${edited.current}`);
    next?.focus();
    edited.current = open?.key;
  }, [open?.key]);
  const isNew = open?.id === null;
  const path = isNew ? all : `${all}/${encodeURIComponent(open?.id)}`;
  const done = () => [setOpen, setText, setClash].forEach((set) => set(null));
  const [, turn] = useChange();
  const change = (method, text, tag = open.tag) =>
    turn(async () => {
      try {
        await send(path, { method, sandbox, text, headers: tag && { 'If-Match': tag } });
        done();
        again();
      } catch (error) {
        setClash(error.status === 412 ? { method, text, tag: error.tag, changes: error.problem.changes ?? [] } : null);
        setOpen({ ...open, error, ...sorted(error, list.fields) });
      }
    });
  const gone = open?.error?.gone && open.error;
  const look = () => {
    if (gone) setOpen({ ...open, error: null });
    again();
  };
  const first = (field) => typed(field, member(open.value, field.name)) || (field.isUuid && open.uuid) || '';
  const written = () => {
    const said = new FormData(document.forms['row']);
    return list.fields.flatMap((field) => {
      const text = `${said.get(field.name)}`;
      return text === (isNew ? '' : first(field).replace(/\r\n?/g, '\n')) ? [] : [[field, json(field, text)]];
    });
  };
  const object = (members) => `{${members.map(([name, text]) => `${JSON.stringify(name)}:${text}`)}}`;
  const save = () => {
    const members = written().map(([{ name }, text]) => [name, text]);
    if (isNew) change('POST', object(members));
    else if (members.length > 0) change('PATCH', object(members));
    else done();
  };
  const showJson = () => {
    const all = new Map(open.value.members.map(([name, value]) => [name, compact(value)]));
    for (const [{ name, isNull }, text] of written()) {
      if (text === 'null' && !isNull) all.delete(name);
      else all.set(name, text);
    }
    setText(pretty(read(object([...all]))));
  };
  const actions = (row) =>
    open?.id === row.id
      ? html`<div class="actions">
          <button type="submit" form="row" class="main">Save</button><${Button} onClick=${done}>Cancel<//><${Button} onClick=${showJson}>As JSON<//>
          ${!isNew && html`<${Button} onClick=${() => change('DELETE')}>Delete<//>`}
          ${open.other && html`<small class="wrong" role="alert">${shown(open.other, 2000)}</small>`}
        </div>`
      : html`<${Button} id=${`edit-${row.id}`} aria-label=${`Edit ${line(row.id, 80)}`} onClick=${() => setOpen(row)}>Edit<//>`;
  const cell = (field) => (row) => {
    if (open?.id === row.id) return html`<${Input} field=${field} text=${first(field)} fault=${open.faults[field.name]} />`;
    const value = member(row.value, field.name);
    const text = plain(value);
    if (text === 'null' && value.text === text) return html`<i class="note">null</i>`;
    return line(text.length > WIDTH ? `${text.slice(0, WIDTH)}…` : text);
  };
  const { rows = [], total = 0, offset = 0 } = found.value ?? {};
  const isNamed = rows.every(({ id, value }) => value.members.some(([, one]) => plain(one) === id));
  const add = () => setOpen({ key: '', id: null, value: read('{}'), faults: {}, uuid: crypto.randomUUID?.() });
  const move = (search, offset = 0) => go({ sandbox, screen: 'state', query: `${new URLSearchParams({ list: list.name, search, offset: `${offset}` })}` });
  const last = offset + rows.length;
  return html`<form id="row" onSubmit=${said(save)} aria-label=${`Rows of ${list.name}`} />
    <div class="bar">
      <${Entered} type="search" aria-label="Search the rows" placeholder="Search" value=${search} set=${move} />
      <${Button} id="edit-" onClick=${add}>Add a row<//>
      <${Button} onClick=${() => keep(() => download(`state/${provider}`, sandbox, `${provider}.json`), provider)}>Export ${provider} as a fixture<//>
      <span class="count" role="status">${total > 0 && `${offset + 1}–${last} of ${total.toLocaleString('en')}`}</span>
      <${Button} disabled=${offset === 0} onClick=${() => move(search, Math.max(0, offset - ROWS))}>Back<//>
      <${Button} disabled=${last >= total} onClick=${() => move(search, last)}>Next<//>
    </div>
    <${Wrong} error=${wrong || found.error || (text === null && gone)} again=${look} action="Look again" />
    <div onKeyDown=${({ key }) => key === 'Escape' && done()}>
      <${Table}
        caption=${list.name}
        columns=${[['Action', actions], ...list.fields.map((field) => [field.name, cell(field)])]}
        rows=${!open || rows.some(({ key }) => key === open.key) ? rows : [open, ...rows]}
        empty=${found.value && 'No row.'}
      />
    </div>
    ${
      text !== null &&
      html`<${Dialog} title=${`A row of ${list.name}`} onClose=${() => setText(null)}>
        <form onSubmit=${said(({ text }) => change(isNew ? 'POST' : 'PUT', text))}>
          <${Wrong} error=${open.error} again=${gone && look} />
          <textarea class="code" name="text" aria-label="The row" rows="16" spellcheck=${false} defaultValue=${text} />
          <button type="submit" class="main">Save</button>
        </form>
      <//>`
    }
    ${
      clash &&
      html`<${Dialog} title="Somebody changed this row since you read it" onClose=${() => setClash(null)}>
        ${clash.text && html`<${Changes} providers=${{ '': clash.changes }} before="There now" after="Yours" />`}
        <p class="actions">
          ${isNamed && clash.text && html`<${Button} class="main" onClick=${() => change(clash.method, clash.text, clash.tag)}>Save mine<//>`}
          <${Button} onClick=${() => [done(), again()]}>Take theirs<//>
        </p>
      <//>`
    }`;
}

export default function State({ sandbox, query }) {
  const [since, setSince] = useState('');
  const known = useAsked(async (signal) => {
    const [all, none, { snapshots }] = await Promise.all([lists(sandbox, signal), noHistory(), ask('snapshots', { sandbox, signal })]);
    return { all, none, names: snapshots.map(({ name }) => [name, `the snapshot ${name}`]) };
  }, []);
  const diff = useAsked(async (signal) => since && ask('state/diff', { sandbox, query: { since }, signal }), [since, known.value]);
  const [error, change] = useChange(known.again);
  if (!known.value) return html`<${Wrong} error=${known.error} again=${known.again} />`;
  const { all, none, names } = known.value;
  const again = () => change(async () => {}, 'again');
  const asked = new URLSearchParams(query).get('list');
  const list = all.find(({ name }) => name === asked) ?? all[0];
  return html`${Object.entries(Object.groupBy(all, ({ provider }) => provider)).map(
      ([provider, lists]) =>
        html`<nav aria-label=${`Lists of ${provider}`}>
          <b>${provider}</b>
          ${lists.map(
            (one) =>
              html`<a href=${where({ sandbox, screen: 'state', query: `list=${one.name}` })} aria-current=${one === list ? 'page' : null}>${one.list}</a>`,
          )}
        </nav>`,
    )}
    <div class="bar">
      <h2>${list.name}</h2>
      <span class="note">${line(list.about)}</span>
      ${!none && html`<${Button} onClick=${() => change(() => ask('undo', { method: 'POST', sandbox }))}>Undo the last change<//>`}
      <${Button} onClick=${again}>Read again<//>
      <span class="note">${none}</span>
    </div>
    <${List}
      key=${list.name}
      sandbox=${sandbox}
      list=${list}
      query=${query}
      wrong=${known.error || diff.error || error}
      keep=${change}
      again=${again}
    />
    <section>
      <h2>Difference</h2>
      <${Select} aria-label="Since when" value=${since} onPick=${setSince} options=${[['', 'to…'], ['fixtures', 'the start'], ...names]} />
      ${diff.value?.since === since && html`<${Changes} providers=${diff.value.providers} after="Now" />`}
    </section>`;
}
