import { describe, expect, it } from 'vitest';

describe('the door of the package', () => {
  it('opens on a server, where there is no document', async () => {
    expect(globalThis).not.toHaveProperty('document');
    const door = await import('./index.ts');
    expect(door.lookCss).toContain('.button');
    expect(door.uiText('again')).toBe('もう一度');
  });
});
