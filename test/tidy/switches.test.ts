import { readFileSync } from 'node:fs';
import { externalLoginSwitches, switchRegister } from '@7pay/controls';
import { describe, expect, it } from 'vitest';
import { isTest, sourceFiles } from './source-files.ts';

/** Every key that a source hands to the gate, families as their prefix, with the files that do. */
function enforced(): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const file of sourceFiles()) {
    if (isTest(file) || file.startsWith('packages/controls/')) continue;
    const source = readFileSync(file, 'utf8');
    for (const [, args] of source.matchAll(/controls\.guard\(([^)]*)\)/g)) {
      for (const [, text] of (args ?? '').matchAll(/['`]([^'`]+)['`]/g)) {
        const key = (text ?? '').replace(/\$\{.*$/, '');
        found.set(key, [...(found.get(key) ?? []), file]);
      }
    }
    // Keys that are made by a function and handed on
    if (source.includes('controls.guard(...externalLoginSwitches(')) {
      const [all, family] = externalLoginSwitches('');
      for (const key of [all, family]) found.set(key, [...(found.get(key) ?? []), file]);
    }
  }
  return found;
}

describe('the register of switches', () => {
  it('equals the points of enforcement', () => {
    expect([...enforced().keys()].sort()).toEqual(switchRegister.map(({ key }) => key).sort());
  });
});
