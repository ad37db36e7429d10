import { describe, expect, it } from 'vitest';
import { memberNotesIn } from './member-notes.store.ts';

function aTab() {
  const rows = new Map<string, string>();
  let subject: string | null = 'mem_a';
  const store = {
    getItem: (key: string) => rows.get(key) ?? null,
    setItem: (key: string, value: string) => void rows.set(key, value),
    removeItem: (key: string) => void rows.delete(key),
  };
  const open = () => memberNotesIn(store, () => subject);
  return { notes: open(), reopen: open, rows, signedIn: (by: string | null) => (subject = by) };
}

describe('the notes of a member', () => {
  it('outlive a reload, and a login that ended, and are taken away one by one', () => {
    const { notes, reopen, signedIn } = aTab();
    notes.setItem('a', '1');
    notes.setItem('b', '2');
    signedIn(null);
    expect(reopen().getItem('a')).toBeNull();
    signedIn('mem_a');
    expect(reopen().getItem('a')).toBe('1');
    notes.removeItem('a');
    expect([notes.getItem('a'), notes.getItem('b')]).toEqual([null, '2']);
  });

  it('are struck out one by one also when the login has ended, and only the one that is meant', () => {
    const { notes, signedIn } = aTab();
    notes.setItem('a', '1');
    notes.setItem('b', '2');
    signedIn(null);
    notes.removeIf('a', (value) => value === '1');
    notes.removeIf('b', (value) => value === '3');
    notes.removeIf('c', () => true);
    signedIn('mem_a');
    expect([notes.getItem('a'), notes.getItem('b')]).toEqual([null, '2']);
  });

  it('are not there for somebody else, whose first note ends them', () => {
    const { notes, rows, signedIn } = aTab();
    notes.setItem('a', '1');
    signedIn('mem_b');
    expect(notes.getItem('a')).toBeNull();
    notes.setItem('b', '2');
    expect(JSON.stringify([...rows])).not.toContain('mem_a');
    signedIn('mem_a');
    expect(notes.getItem('a')).toBeNull();
  });

  it('are not kept for nobody, and a logout leaves nothing', () => {
    const { notes, rows, signedIn } = aTab();
    signedIn(null);
    notes.setItem('a', '1');
    expect(rows.size).toBe(0);
    signedIn('mem_a');
    notes.setItem('a', '1');
    notes.forget();
    expect(rows.size).toBe(0);
  });

  it.each(['{', 'null', '[]', '{"of":1,"notes":{}}', '{"of":"mem_a"}'])(
    'that are broken are none (%s)',
    (broken) => {
      const { notes, rows } = aTab();
      rows.set('7pay.wallet.notes', broken);
      expect(notes.getItem('a')).toBeNull();
      notes.setItem('a', '1');
      expect(notes.getItem('a')).toBe('1');
    },
  );
});
