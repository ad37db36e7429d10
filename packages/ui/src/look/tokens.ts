/**
 * The tokens: colours with their measured contrast, sizes, type. Every pair of text and ground is at
 * least 4.5 : 1, borders and icons at least 3 : 1, in light and in dark.
 */
export const tokensCss = /* css */ `
:root {
  color-scheme: light dark;
  --ground: #f7f9fb;
  --paper: #ffffff;
  --ink: #1a1f2b;
  --muted: #5a6472;
  --primary: #0b4f6c;
  --primary-deep: #083c53;
  --on-primary: #ffffff;
  --success: #197a4b;
  --success-paper: #edf7f1;
  --caution: #7a5200;
  --caution-paper: #fff6dd;
  --danger: #b3261e;
  --danger-ink: #a90000;
  --danger-paper: #fdeeee;
  --on-danger: #ffffff;
  --border: #7c8796;
  --line: #dbe1e8;
  --focus: #1d4ed8;
  --shade: 0 1px 2px rgb(26 31 43 / 0.06), 0 4px 16px rgb(26 31 43 / 0.05);
  --veil: rgb(16 22 29 / 0.55);
  --radius: 8px;
  --target: 48px;
  --target-pay: 64px;
  --text: 1rem;
  --sans: 'Noto Sans JP', 'Noto Sans CJK JP', 'Hiragino Sans', 'Yu Gothic UI', sans-serif;
  --still: 150ms;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #10161d;
    --paper: #18212b;
    --ink: #e8edf3;
    --muted: #a9b4c0;
    --primary: #7cc4e4;
    --primary-deep: #a5d8ee;
    --on-primary: #10161d;
    --success: #6fd39b;
    --success-paper: #14271f;
    --caution: #ffd43d;
    --caution-paper: #2a2510;
    --danger: #ff9b94;
    --danger-ink: #ff9b94;
    --danger-paper: #2d1a1a;
    --on-danger: #10161d;
    --border: #6b7887;
    --line: #2b3743;
    --focus: #ffd43d;
    --shade: none;
    --veil: rgb(0 0 0 / 0.65);
  }
}
@media (min-width: 768px) { :root { --text: 1.0625rem; } }
@media (prefers-reduced-motion: reduce) { :root { --still: 1ms; } }
`;
