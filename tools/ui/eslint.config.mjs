import js from '@eslint/js';

const browser = `AbortController BroadcastChannel Element FormData Headers HTMLElement ResizeObserver TextDecoderStream URL
  URLSearchParams addEventListener cancelAnimationFrame clearInterval clearTimeout confirm crypto document fetch location matchMedia navigator
  performance removeEventListener requestAnimationFrame self sessionStorage setInterval setTimeout`;

export default [
  js.configs.recommended,
  {
    languageOptions: { globals: Object.fromEntries(browser.split(/\s+/).map((name) => [name, 'readonly'])) },
    rules: {
      // What hides in a text is named by its code.
      'no-control-regex': 'off',
      'no-shadow-restricted-names': 'error',
      'no-implied-eval': 'error',
      'no-eval': 'error',
      'no-new-func': 'error',
      'no-script-url': 'error',
      eqeqeq: 'error',
      'prefer-const': 'error',
      // All text is put into text nodes.
      'no-restricted-properties': [
        'error',
        ...['innerHTML', 'outerHTML', 'insertAdjacentHTML', 'write', 'dangerouslySetInnerHTML'].map((property) => ({ property })),
      ],
      'no-restricted-syntax': ['error', { selector: "Property[key.name='dangerouslySetInnerHTML']", message: 'text stands in text nodes' }],
    },
  },
];
