import { describe, expect, it } from 'vitest';
import { DUTIES } from './entry/duty.ts';
import { PLACES, type Place, placesFor } from './places.ts';

describe('the pages of the console', () => {
  it('are all read by the auditor, who does nothing on any', () => {
    expect(placesFor(['auditor'])).toHaveLength(Object.keys(PLACES).length);
    const acts = Object.values<Place>(PLACES).flatMap((place) => place.acts);
    expect(acts).not.toContain('auditor');
  });

  it('are each read by whoever acts on them', () => {
    for (const { path, reads, acts } of Object.values<Place>(PLACES)) {
      expect(reads, path).toEqual(expect.arrayContaining([...acts]));
    }
  });

  it('begin with one that every duty reads, and none is there without a duty', () => {
    for (const duty of DUTIES) expect(placesFor([duty])[0]?.path).toBe('/console');
    expect(placesFor([])).toEqual([]);
  });
});
