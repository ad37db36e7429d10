/** The parts that several screens share: money, states, tables, dialogs, the bar on top. */
export const partsCss = /* css */ `
.amount { font-weight: 700; font-variant-numeric: tabular-nums; line-height: 1.3; white-space: nowrap; }
.amount--large { font-size: clamp(2.5rem, 11vw, 3.5rem); letter-spacing: -0.01em; }
.amount__unit { font-size: 0.5em; margin-inline-start: 0.15em; }
.amount--small .amount__unit { font-size: 0.85em; }
.figures { font-variant-numeric: tabular-nums; }

.pill { display: inline-flex; width: fit-content; align-items: center; gap: 6px; padding: 2px 10px 2px 8px; border: 1px solid currentColor; border-radius: 999px; font-size: 0.875rem; font-weight: 700; line-height: 1.5; white-space: nowrap; }
.stack > .pill { align-self: flex-start; }
.pill svg { width: 1em; height: 1em; flex: none; }
.pill--success { color: var(--success); background: var(--success-paper); }
.pill--caution { color: var(--caution); background: var(--caution-paper); }
.pill--danger { color: var(--danger-ink); background: var(--danger-paper); }
.pill--quiet { color: var(--muted); background: var(--ground); }

.bar { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 4px 16px; padding: 4px 16px; border-bottom: 1px solid var(--line); background: var(--paper); }
.bar__name { display: inline-flex; align-items: center; min-height: var(--target); font-weight: 700; font-size: 1.125rem; color: var(--ink); text-decoration: none; }
.bar nav { display: flex; flex-wrap: wrap; gap: 4px; }
.bar nav a { display: inline-flex; align-items: center; min-height: var(--target); padding: 0 12px; text-decoration: none; font-weight: 700; border-bottom: 3px solid transparent; }
.bar nav a[aria-current='page'] { border-bottom-color: var(--primary); }
.skip { position: absolute; inset-inline-start: 8px; top: -80px; padding: 8px 16px; background: var(--paper); z-index: 1; }
.skip:focus { top: 8px; }

.list { list-style: none; padding: 0; }
.list > li { padding: 12px 0; border-top: 1px solid var(--line); }
.list > li:first-child { border-top: 0; }
.facts { display: grid; grid-template-columns: minmax(6em, max-content) 1fr; gap: 8px 16px; }
.facts dt { color: var(--muted); }

.table-scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; }
caption { text-align: start; font-weight: 700; padding-bottom: 8px; }
th, td { padding: 10px 12px; border-bottom: 1px solid var(--line); text-align: start; vertical-align: top; }
th { color: var(--muted); font-size: 0.875rem; white-space: nowrap; }
tbody th { color: var(--ink); font-size: 1em; white-space: normal; }

dialog { width: min(36rem, calc(100vw - 32px)); max-height: calc(100dvh - 32px); padding: 24px; overflow: auto; border: 1px solid var(--border); border-radius: calc(var(--radius) * 1.5); background: var(--paper); color: var(--ink); }
dialog::backdrop { background: var(--veil); }

.barcode, .qrcode { background: #ffffff; color: #000000; border-radius: var(--radius); forced-color-adjust: none; }
.barcode { padding: 16px 0; }
.barcode svg { width: 100%; height: 96px; }
.qrcode { width: fit-content; padding: 16px; margin-inline: auto; }
.qrcode svg { width: 168px; height: 168px; }

@media (forced-colors: active) {
  .button, button, .card, .notice, .pill { border-color: currentColor; }
  .bar nav a[aria-current='page'] { border-bottom-color: Highlight; }
}
@media print { .bar, button, .button { display: none; } body { background: #ffffff; color: #000000; } }
`;
