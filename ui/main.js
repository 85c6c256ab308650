// The page: which screen is shown of which sandbox. Both stand behind the `#`, so that a link can be sent, and no server
// sees them.

import { ask, has, keepToken, listeners } from './lib/api.js';
import { Button, Field, go, here, html, render, shown, useAsked, useEffect, useState, where } from './lib/kit.js';

// The screens: what loads each, what the server must have for it, and whether it is of all sandboxes, too.
const SCREENS = [
  { name: 'calls', title: 'Calls', load: () => import('./screens/calls.js'), all: true },
  { name: 'faults', title: 'Faults and limits', load: () => import('./screens/faults.js') },
  {
    name: 'contract',
    title: 'Contract',
    load: () => import('./screens/contract.js'),
    needs: 'get /_mock/coverage',
    all: true,
  },
  { name: 'numbers', title: 'Numbers', load: () => import('./screens/numbers.js'), all: true },
  { name: 'try', title: 'Try', load: () => import('./screens/try.js') },
];

const NAME = /^[A-Za-z0-9._-]{1,64}$/;

// Asks for the token of the control API.
function Token({ tried, onKept }) {
  const [text, setText] = useState('');
  const keep = (event) => {
    event.preventDefault();
    keepToken(text.trim());
    onKept();
  };
  const fault = tried !== null && 'the server does not take this token';
  return html`<main class="token">
    <h1>This server wants its control token</h1>
    <p>It was started with <code>--control-token</code>. The token stays in this tab.</p>
    <form onSubmit=${keep}>
      <${Field} label="Control token" fault=${fault}>
        <input
          type="password"
          autocomplete="off"
          required
          value=${text}
          ref=${focus}
          onInput=${(event) => setText(event.target.value)}
        /> <//
      ><button type="submit">Show the page</button>
    </form>
  </main>`;
}

const focus = (element) => element?.focus();

// Chooses the sandbox.
function Sandboxes({ sandbox, screen }) {
  const [names, setNames] = useState([]);
  const [wrong, setWrong] = useState(false);
  const list = () => {
    ask('sandboxes').then(
      ({ sandboxes }) => setNames(sandboxes.map(({ name }) => name)),
      () => {},
    );
  };
  const pick = (event) => {
    const name = event.target.value.trim();
    setWrong(!NAME.test(name) && name !== '*');
    if (NAME.test(name) || name === '*') go({ sandbox: name, screen, query: '' });
  };
  return html`<label class="sandbox"
    ><span>Sandbox</span>
    <input
      list="sandboxes"
      value=${sandbox}
      onFocus=${list}
      onChange=${pick}
      spellcheck=${false}
      aria-invalid=${wrong}
      title="A name, or * for the calls of all sandboxes"
    />
    <datalist id="sandboxes">${['*', ...names].map((name) => html`<option value=${name} />`)}</datalist>
  </label>`;
}

function Page() {
  const [at, setAt] = useState(here());
  const [wanted, setWanted] = useState(null);
  const [round, setRound] = useState(0);
  useEffect(() => {
    const moved = () => setAt(here());
    listeners.token = (tried) => setWanted((now) => now ?? { tried });
    addEventListener('hashchange', moved);
    return () => removeEventListener('hashchange', moved);
  }, []);
  const known = SCREENS.find(({ name }) => name === at.screen);
  const loaded = useAsked(async () => known && { name: known.name, Screen: (await known.load()).default }, [known]);
  const there = useAsked(async () => {
    const found = await Promise.all(SCREENS.map(({ needs }) => !needs || has(needs)));
    return SCREENS.filter((_, index) => found[index]);
  }, [round]);
  useEffect(() => {
    document.title = `${known?.title ?? 'Page'} · ${at.sandbox} · persona-mock`;
  }, [at]);
  if (wanted) {
    const kept = () => {
      setWanted(null);
      setRound(round + 1);
    };
    return html`<${Token} tried=${wanted.tried} onKept=${kept} />`;
  }
  const tabs = there.value ?? SCREENS.filter(({ needs }) => !needs);
  const fits = at.sandbox !== '*' || known?.all;
  const Screen = fits && loaded.value?.name === at.screen && loaded.value.Screen;
  return html`<header class="top">
      <a class="brand" href=${where({ ...at, screen: 'calls', query: '' })}>persona-mock</a>
      <${Sandboxes} sandbox=${at.sandbox} screen=${at.screen} />
      <nav aria-label="Screens">
        ${tabs.map(
          ({ name, title }) =>
            html`<a href=${where({ ...at, screen: name, query: '' })} aria-current=${name === at.screen ? 'page' : null}
              >${title}</a
            >`,
        )}
      </nav>
    </header>
    <main key=${`${at.sandbox} ${at.screen} ${round}`} class=${at.screen}>
      <h1 class="away">${known?.title}</h1>
      ${Screen && html`<${Screen} sandbox=${at.sandbox} query=${at.query} />`}
      ${!fits && known && html`<p class="none">${known.title} are of one sandbox: choose it above.</p>`}
      ${
        !known &&
        html`<p class="none">
          There is no screen “${shown(at.screen, 40)}”.
          <${Button} onClick=${() => go({ ...at, screen: 'calls', query: '' })}>Show the calls<//>
        </p>`
      }
      ${loaded.error && html`<p class="banner wrong">This screen could not be loaded: ${shown(loaded.error.message)}</p>`}
    </main>
    <footer><a href="licences.txt">Licences</a></footer>`;
}

render(html`<${Page} />`, document.getElementById('page'));
