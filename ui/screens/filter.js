// The filter of the calls: a field for each that the journal filters by, as the server's own document lists them.

import { contract } from '../lib/api.js';
import { Button, Dialog, Field, html, line, useAsked, useState } from '../lib/kit.js';

// What a list of calls takes beside the fields of a filter.
const OTHERS = ['sandbox', 'order', 'limit', 'cursor'];

async function fields() {
  const { parameters } = (await contract()).paths['/_mock/requests'].get;
  return parameters
    .filter((field) => field.in === 'query' && !OTHERS.includes(field.name))
    .map(({ name, description, schema }) => ({
      name,
      about: description,
      choices: schema.enum ?? (schema.type === 'boolean' ? ['true', 'false'] : null),
      many: schema.type === 'array',
    }));
}

export function Filter({ query, onQuery }) {
  const [open, setOpen] = useState(false);
  const set = [...new URLSearchParams(query)];
  const without = (index) => onQuery(String(new URLSearchParams(set.filter((_, at) => at !== index))));
  return html`<${Button} onClick=${() => setOpen(true)}>Filter…<//> ${set.map(
      ([name, value], index) =>
        html`<${Button}
          class="chip"
          onClick=${() => without(index)}
          aria-label=${`${line(`${name}: ${value}`, 60)}, remove this filter`}
          >${line(`${name}: ${value}`, 60)} <span aria-hidden="true">✕</span><//
        >`,
    )}
    ${open && html`<${Form} query=${query} onClose=${() => setOpen(false)} onQuery=${onQuery} />`}`;
}

function Form({ query, onClose, onQuery }) {
  const known = useAsked(() => fields(), []);
  const submit = (event) => {
    event.preventDefault();
    const said = new URLSearchParams();
    for (const [name, value] of new FormData(event.target)) {
      for (const text of String(value).split('\n')) if (text.trim()) said.append(name, text.trim());
    }
    onQuery(String(said));
    onClose();
  };
  const now = new URLSearchParams(query);
  return html`<${Dialog} title="Filter the calls" onClose=${onClose}>
    <form class="fields" onSubmit=${submit}>
      ${(known.value ?? []).map(
        ({ name, about, choices, many }) =>
          html`<${Field} key=${name} label=${name} hint=${about.replaceAll('`', '')}>
            ${
              choices
                ? html`<select name=${name}>
                    <option value="">any</option>
                    ${choices.map(
                      (choice) => html`<option value=${choice} selected=${now.get(name) === choice}>${choice}</option>`,
                    )}
                  </select>`
                : many
                  ? html`<textarea
                      name=${name}
                      rows="1"
                      spellcheck=${false}
                      defaultValue=${now.getAll(name).join('\n')}
                    />`
                  : html`<input
                      name=${name}
                      spellcheck=${false}
                      autocomplete="off"
                      defaultValue=${now.get(name) ?? ''}
                    />`
            }
          <//>`,
      )}
      <p class="actions">
        <button type="submit" class="main">Show these calls</button>
        <${Button}
          onClick=${() => {
            onQuery('');
            onClose();
          }}
          >Show all<//
        >
      </p>
    </form><//
  >`;
}
