import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

// Plain script of the browser, in the pages' own words: it only fills in what the forms already say.
const glue = `
'use strict';
(() => {
  const { startAuthentication, startRegistration, browserSupportsWebAuthn } = SimpleWebAuthnBrowser;
  const show = (element, text) => {
    if (!element) return;
    if (text !== undefined) element.textContent = text;
    element.hidden = false;
  };
  for (const form of document.querySelectorAll('form[data-passkey]')) {
    const problem = form.querySelector('[data-passkey-problem]');
    const start = form.querySelector('[data-passkey-start]') ?? form.querySelector('button[type=submit]');
    if (!browserSupportsWebAuthn()) {
      show(problem, form.dataset.unsupported);
      continue;
    }
    show(start);
    form.querySelectorAll('[data-passkey-only]').forEach((part) => show(part));
    start.addEventListener('click', async (event) => {
      event.preventDefault();
      problem.hidden = true;
      const password = form.elements.namedItem('password');
      if (password) password.required = false;
      if (!form.reportValidity()) {
        if (password) password.required = true;
        return;
      }
      start.disabled = true;
      try {
        const optionsJSON = JSON.parse(form.dataset.options);
        const name = form.elements.namedItem(form.dataset.passkeyName ?? '');
        if (name && optionsJSON.user) {
          optionsJSON.user.name = name.value;
          optionsJSON.user.displayName = name.value;
        }
        const ask = form.dataset.passkey === 'create' ? startRegistration : startAuthentication;
        form.elements.namedItem('credential').value = JSON.stringify(await ask({ optionsJSON }));
        if (password) password.value = '';
        if (form.dataset.passkeyAction) form.action = form.dataset.passkeyAction;
        form.submit();
      } catch {
        if (password) password.required = true;
        start.disabled = false;
        show(problem, form.dataset.failed);
      }
    });
  }
})();
`;

/** The one script of the pages: the browser half of WebAuthn and the glue to our forms. */
export function readPasskeyScript(): string {
  const entry = createRequire(import.meta.url).resolve('@simplewebauthn/browser');
  const root = entry.slice(
    0,
    entry.lastIndexOf(`browser${path.sep}`) + `browser${path.sep}`.length,
  );
  return readFileSync(path.join(root, 'dist', 'bundle', 'index.umd.min.js'), 'utf8') + glue;
}
