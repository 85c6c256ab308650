// The page behind a real nginx that speaks TLS, below a path of its own.

import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CALLS, make, mock, must, open, until } from './support.mjs';

const PREFIX = '/x/y';

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

const answers = (port) =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket.destroy() !== null));
    socket.on('error', () => resolve(false));
  });

/** An nginx with a certificate of its own before a mock. @param {string} nginx its binary @param {string} url */
async function proxied(nginx, url) {
  const work = mkdtempSync(join(tmpdir(), 'nginx-'));
  const subject = ['-subj', '/CN=localhost', '-days', '2', '-keyout', join(work, 'key.pem'), '-out', join(work, 'cert.pem')];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...subject], { stdio: 'ignore' });
  const port = await freePort();
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${work};`).join('\n');
  writeFileSync(join(work, 'nginx.conf'), `daemon off; master_process off; pid ${work}/pid; error_log stderr;
events {}
http {
  access_log off;
  ${temporary}
  server {
    listen 127.0.0.1:${port} ssl;
    ssl_certificate ${work}/cert.pem;
    ssl_certificate_key ${work}/key.pem;
    location ${PREFIX}/ {
      proxy_pass ${url}/;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header X-Forwarded-Proto https;
      proxy_set_header X-Forwarded-Host $http_host;
      proxy_set_header X-Forwarded-Prefix ${PREFIX};
      proxy_buffering off;
    }
  }
}
`);
  const child = spawn(nginx, ['-p', work, '-e', 'stderr', '-c', 'nginx.conf'], { stdio: 'ignore' });
  await until('nginx listens', () => answers(port));
  const stop = () => {
    child.kill();
    rmSync(work, { recursive: true, force: true });
  };
  return { url: `https://localhost:${port}${PREFIX}`, stop };
}

/** It is found, followed and may steer below a path and behind TLS, where the proxy is trusted; else it is told why not. */
export async function behind({ binary, browser, nginx }) {
  for (const trusts of [true, false]) {
    const { url, stop } = await mock(binary, trusts ? ['--trust-proxy'] : []);
    const proxy = await proxied(nginx, url);
    const { page, context, clean } = await open(browser, {
      ignoreHTTPSErrors: true,
      allowed: trusts ? /$^/ : /status of 403/,
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    await page.goto(`${proxy.url}/`);
    must(page.url() === `${proxy.url}/_mock/ui/`, `/ leads to ${page.url()}`);
    await page.goto(`${proxy.url}/_sandbox/t1/`);
    must(page.url() === `${proxy.url}/_mock/ui/#/t1/calls`, `/_sandbox/t1/ leads to ${page.url()}`);
    await page.getByText('No call has come yet.').waitFor();
    for (const { good } of Object.values(CALLS)) {
      await make(`${url}/_sandbox/t1`, good);
      await page.locator('.row', { hasText: good[1].split('?')[0] }).first().waitFor();
    }
    await page.locator('.row').first().click();
    await page.getByRole('button', { name: 'curl', exact: true }).click();
    await until('it is copied', () => page.evaluate((base) => navigator.clipboard.readText().then((text) => text.includes(base)), `${proxy.url}/_sandbox/t1/`));
    await page.getByRole('link', { name: 'Faults' }).click();
    await page.getByLabel('What happens').selectOption('cut before the answer');
    await page.getByRole('button', { name: 'Arm for every operation' }).click();
    if (trusts) await page.getByRole('cell', { name: 'cut before_answer' }).waitFor();
    else await page.getByRole('alert').filter({ hasText: 'may not steer this mock' }).waitFor();
    clean();
    await context.close();
    proxy.stop();
    await stop();
  }
}
