import { ask, keepToken, listeners, token } from './lib/api.js';
import { Entered, Field, go, here, html, render, said, shown, useAsked, useEffect, useState, where } from './lib/kit.js';

const SCREENS = [
  { name: 'calls', title: 'Calls', all: true },
  { name: 'state', title: 'State' },
  { name: 'world', title: 'World', all: true },
  { name: 'faults', title: 'Faults and limits' },
  { name: 'contract', title: 'Contract', all: true },
  { name: 'numbers', title: 'Numbers', all: true },
  { name: 'try', title: 'Try' },
];

const isName = (text) => /^((?!\.+$)[\w.-]{1,64}|\*)$/.test(text);

function Token({ tried, onKept }) {
  const keep = ({ token }) => {
    keepToken(token.trim());
    onKept();
  };
  return html`<main class="token">
    <h1>This server wants its control token</h1>
    <p>It was started with <code>--control-token</code>. The token stays in this tab.</p>
    <form class="fields" onSubmit=${said(keep)}>
      <${Field} label="Control token" fault=${tried !== null && 'the server does not take this token'}>
        <input name="token" type="password" autocomplete="off" required ref=${(element) => element?.focus()} /> <//
      ><button type="submit">Show the page</button>
    </form>
  </main>`;
}

function Sandboxes({ sandbox, screen }) {
  const [names, setNames] = useState([]);
  const list = () => {
    ask('sandboxes').then(
      ({ sandboxes }) => setNames(sandboxes.map(({ name }) => name)),
      () => {},
    );
  };
  return html`<label class="sandbox"
    ><span>Sandbox</span>
    <${Entered}
      list="sandboxes"
      value=${sandbox}
      set=${(name) => go({ sandbox: name.trim(), screen })}
      onFocus=${list}
      aria-invalid=${!isName(sandbox)}
      title="A name, or *"
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
    listeners.again = () => setRound((round) => round + 1);
    addEventListener('hashchange', moved);
    return () => removeEventListener('hashchange', moved);
  }, []);
  const known = SCREENS.find(({ name }) => name === at.screen);
  const loaded = useAsked(async () => known && { name: known.name, Screen: (await import(`./screens/${known.name}.js`)).default }, [known]);
  const start = useAsked(async () => {
    const { wants_token: wants } = await ask('health');
    if (wants && !token()) listeners.token(null);
    return !wants || token();
  }, [round]);
  const isOpen = start.error || start.value;
  useEffect(() => {
    document.title = `${known?.title ?? 'Page'} · ${at.sandbox} · persona-mock`;
  }, [at]);
  if (wanted) {
    const kept = () => {
      setWanted(null);
      listeners.again();
    };
    return html`<${Token} tried=${wanted.tried} onKept=${kept} />`;
  }
  let lacks = at.sandbox === '*' && !known?.all && 'This screen shows one sandbox. Choose it above.';
  if (!known) lacks = `There is no screen “${shown(at.screen, 40)}”. Choose one above.`;
  if (!isName(at.sandbox)) {
    lacks = `“${shown(at.sandbox, 40)}” is no name of a sandbox: that is 1 to 64 letters, digits, dots, underscores or hyphens. Choose one above.`;
  }
  const Screen = !lacks && isOpen && loaded.value?.name === at.screen && loaded.value.Screen;
  return html`<header class="top">
      <a class="brand" href=${where({ sandbox: at.sandbox, screen: 'calls' })}>persona-mock</a>
      <${Sandboxes} sandbox=${at.sandbox} screen=${at.screen} />
      <nav aria-label="Screens">
        ${SCREENS.map(
          ({ name, title }) => html`<a href=${where({ sandbox: at.sandbox, screen: name })} aria-current=${name === at.screen ? 'page' : null}>${title}</a>`,
        )}
      </nav>
    </header>
    <main key=${`${at.sandbox} ${at.screen} ${round}`} class=${at.screen}>
      <h1 class="away">${known?.title}</h1>
      ${Screen && html`<${Screen} sandbox=${at.sandbox} query=${at.query} />`}
      ${lacks && html`<p class="none">${lacks}</p>`}
      ${loaded.error && html`<p class="banner wrong">This screen could not be loaded: ${shown(loaded.error.message)}</p>`}
    </main>
    <footer><a href="licences.txt">Licences</a></footer>`;
}

render(html`<${Page} />`, document.getElementById('page'));
