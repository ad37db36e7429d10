import { describe, expect, it } from 'vitest';
import { lookCss } from './look.ts';
import { tokensCss } from './look/tokens.ts';

const [light = '', dark = ''] = tokensCss.split('@media (prefers-color-scheme: dark)');
const token = (css: string, name: string): string => {
  const colour = new RegExp(`--${name}: (#[0-9a-f]{6})`).exec(css)?.[1];
  if (!colour) throw new Error(`no token ${name}`);
  return colour;
};
/** Relative luminance, WCAG 2.2. */
const luminance = (colour: string): number => {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (a: string, b: string): number => {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
};

describe.each([
  ['light', light],
  ['dark', dark],
])('the %s look', (_, css) => {
  it.each([
    ['ink', 'paper'],
    ['ink', 'ground'],
    ['muted', 'paper'],
    ['muted', 'ground'],
    ['primary', 'paper'],
    ['on-primary', 'primary'],
    ['success', 'success-paper'],
    ['caution', 'caution-paper'],
    ['danger', 'paper'],
    ['danger-ink', 'danger-paper'],
    ['on-danger', 'danger'],
    ['ink', 'danger-paper'],
    ['ink', 'caution-paper'],
    ['ink', 'success-paper'],
    ['muted', 'danger-paper'],
    ['muted', 'caution-paper'],
  ])('shows %s on %s at 4.5 : 1 or more', (text, ground) => {
    expect(contrast(token(css, text), token(css, ground))).toBeGreaterThanOrEqual(4.5);
  });

  it.each([
    ['border', 'paper'],
    ['border', 'ground'],
    ['focus', 'ground'],
    ['focus', 'paper'],
  ])('shows %s on %s at 3 : 1 or more', (edge, ground) => {
    expect(contrast(token(css, edge), token(css, ground))).toBeGreaterThanOrEqual(3);
  });
});

describe('the style sheet', () => {
  it.each(
    `page card stack row button button--secondary button--danger button--plain field field__label
     field__hint field__error notice notice--danger notice--success muted visually-hidden`.split(
      /\s+/,
    ),
  )('has the class %s', (name) => {
    expect(lookCss).toMatch(new RegExp(`\\.${name}[ ,{:[]`));
  });

  it('fetches nothing from anywhere', () => {
    expect(lookCss).not.toMatch(/url\(|@import|@font-face/);
  });

  it('closes every brace it opens', () => {
    expect(lookCss.split('{')).toHaveLength(lookCss.split('}').length);
  });
});
