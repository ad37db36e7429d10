/** The plain elements, and the layout of a page: they need no class, so pages without script have them too. */
export const baseCss = /* css */ `
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0; min-height: 100vh; min-height: 100dvh;
  background: var(--ground); color: var(--ink);
  font-family: var(--sans); font-size: var(--text); line-height: 1.75;
  overflow-wrap: anywhere; line-break: strict; word-break: normal;
}
h1, h2, h3 { margin: 0; line-height: 1.4; font-weight: 700; text-wrap: balance; }
h1 { font-size: 1.5rem; }
h2 { font-size: 1.1875rem; }
h3 { font-size: 1.0625rem; }
h1:focus, h2:focus { outline: none; }
p, ul, ol, dl, dd, figure { margin: 0; padding: 0; }
ul, ol { padding-inline-start: 1.5em; }
a { color: var(--primary); text-underline-offset: 0.2em; }
a:hover { text-decoration-thickness: 2px; }
hr { width: 100%; margin: 0; border: 0; border-top: 1px solid var(--line); }
code, kbd { font-family: ui-monospace, 'Noto Sans Mono', Consolas, monospace; font-size: 0.9375em; }
svg { display: block; max-width: 100%; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; border-radius: 4px; }
[hidden] { display: none !important; }

label, legend { font-weight: 700; }
fieldset { margin: 0; padding: 0; border: 0; min-width: 0; }
legend { padding: 0; }
input, select, textarea {
  width: 100%; min-height: var(--target); padding: 8px 12px;
  border: 1px solid var(--border); border-radius: var(--radius);
  background: var(--paper); color: var(--ink); font: inherit; font-size: max(1rem, 1em);
}
textarea { min-height: calc(var(--target) * 2); resize: vertical; }
input[type='checkbox'], input[type='radio'] {
  width: 24px; height: 24px; min-height: 24px; margin: 0; flex: none; accent-color: var(--primary);
}
input[aria-invalid='true'], textarea[aria-invalid='true'], select[aria-invalid='true'] { border: 2px solid var(--danger); }
input:disabled, textarea:disabled, select:disabled { opacity: 0.6; }

button, .button {
  display: inline-flex; align-items: center; justify-content: center; gap: 8px;
  min-height: var(--target); padding: 8px 20px;
  border: 2px solid var(--primary); border-radius: var(--radius);
  background: var(--primary); color: var(--on-primary);
  font: inherit; font-weight: 700; line-height: 1.4; text-align: center; text-decoration: none;
  cursor: pointer; transition: background-color var(--still), border-color var(--still);
}
button:hover, .button:hover { background: var(--primary-deep); border-color: var(--primary-deep); }
button:disabled, .button[aria-disabled='true'] { opacity: 0.55; cursor: not-allowed; }
.button--secondary { background: var(--paper); color: var(--primary); border-color: var(--border); }
.button--secondary:hover { background: var(--ground); color: var(--primary-deep); border-color: var(--primary); }
/* A dangerous button is outlined until it is armed, that is: until the person has been asked once. */
.button--danger { background: var(--paper); color: var(--danger); border-color: var(--danger); }
.button--danger:hover { background: var(--danger-paper); color: var(--danger-ink); border-color: var(--danger); }
.button--danger[data-armed] { background: var(--danger); color: var(--on-danger); }
.button--danger[data-armed]:hover { background: var(--danger-ink); color: var(--on-danger); }
.button--plain { background: transparent; color: var(--primary); border-color: transparent; padding-inline: 12px; }
.button--plain:hover { background: transparent; color: var(--primary-deep); border-color: transparent; text-decoration: underline; }
.button--pay { min-height: var(--target-pay); font-size: 1.25rem; }
.button--wide { width: 100%; }

.page { width: 100%; max-width: 30rem; margin-inline: auto; padding: 24px 16px 48px; }
.page--wide { max-width: 80rem; padding-inline: clamp(16px, 3vw, 40px); }
.card { padding: 20px; border: 1px solid var(--line); border-radius: calc(var(--radius) * 1.5); background: var(--paper); box-shadow: var(--shade); }
.stack { display: flex; flex-direction: column; gap: 16px; }
.stack--tight { gap: 8px; }
.stack--loose { gap: 24px; }
.row { display: flex; flex-wrap: wrap; align-items: center; gap: 12px; }
.row--apart { justify-content: space-between; }
.muted { color: var(--muted); }
.small { font-size: 0.875rem; }
.visually-hidden {
  position: absolute; width: 1px; height: 1px; margin: -1px; padding: 0; border: 0;
  overflow: hidden; clip-path: inset(50%); white-space: nowrap;
}
.field { display: flex; flex-direction: column; gap: 4px; }
.field__label { font-weight: 700; }
.field__hint { color: var(--muted); font-size: 0.875rem; }
.field__error { color: var(--danger-ink); font-size: 0.9375rem; font-weight: 700; }
.field__choice { display: flex; align-items: center; gap: 12px; min-height: var(--target); font-weight: 400; }

.notice { padding: 12px 16px; border: 1px solid var(--border); border-inline-start: 6px solid var(--border); border-radius: var(--radius); background: var(--paper); }
.notice--danger { border-color: var(--danger); background: var(--danger-paper); }
.notice--caution { border-color: var(--caution); background: var(--caution-paper); }
.notice--success { border-color: var(--success); background: var(--success-paper); }
`;
