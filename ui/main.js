import { ask, has, keepToken, listeners } from './lib/api.js';
import { Button, Field, go, here, html, render, said, shown, useAsked, useEffect, useState, where } from './lib/kit.js';

const SCREENS = [
  { name: 'calls', title: 'Calls', all: true },
  { name: 'state', title: 'State', needs: 'patch /_mock/state/{provider}/{collection}/{id}' },
  { name: 'world', title: 'World', all: true },
  { name: 'faults', title: 'Faults and limits' },
  { name: 'contract', title: 'Contract', all: true, needs: 'get /_mock/coverage' },
  { name: 'numbers', title: 'Numbers', all: true },
  { name: 'try', title: 'Try' },
];

const NAME = /^(?!\.+$)[A-Za-z0-9._-]{1,64}$/;

function Token({ tried, onKept }) {
  const keep = ({ token }) => {
    keepToken(token.trim());
    onKept();
  };
  return html`<main class="token">
    <h1>This server wants its control token</h1>
    <p>It was started with <code>--control-token</code>. The token stays in this tab.</p>
    <form onSubmit=${said(keep)}>
      <${Field} label="Control token" fault=${tried !== null && 'the server does not take this token'}>
        <input name="token" type="password" autocomplete="off" required ref=${(element) => element?.focus()} /> <//
      ><button type="submit">Show the page</button>
    </form>
  </main>`;
}

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
  const loaded = useAsked(async () => known && { name: known.name, Screen: (await import(`./screens/${known.name}.js`)).default }, [known]);
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
          ({ name, title }) => html`<a href=${where({ ...at, screen: name, query: '' })} aria-current=${name === at.screen ? 'page' : null}>${title}</a>`,
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
