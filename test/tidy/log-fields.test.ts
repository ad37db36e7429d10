import { readFileSync } from 'node:fs';
import { redact } from '@7pay/telemetry';
import { describe, expect, it } from 'vitest';
import { isTest, sourceFiles } from './source-files.ts';

/** The names of the facts that a source writes itself in its calls of a log; what it spreads is not seen. */
function factsIn(source: string): string[] {
  const found: string[] = [];
  for (const call of source.matchAll(/\blog\??\.(?:info|warn|error|child)\(/g)) {
    const args = upToEnd(source.slice(call.index + call[0].length));
    const facts = args.includes('{') ? args.slice(args.indexOf('{')) : '';
    for (const [, name] of facts.matchAll(/[{,]\s*(\w+)(?=\s*[:,}])/g)) found.push(name!);
  }
  return found;
}

/** What stands before the bracket that closes a call. */
function upToEnd(text: string): string {
  let depth = 1;
  for (let index = 0; index < text.length; index += 1) {
    if ('([{'.includes(text[index]!)) depth += 1;
    if (')]}'.includes(text[index]!)) depth -= 1;
    if (depth === 0) return text.slice(0, index);
  }
  return text;
}

const sources = sourceFiles()
  .filter((file) => /^(gateway|identity|subgraphs|packages)\//.test(file) && !isTest(file))
  .map((file) => ({ file, facts: factsIn(readFileSync(file, 'utf8')) }));

describe('the facts of log lines', () => {
  it('are all on the list of what a line may carry, so that none is dropped', () => {
    const dropped = sources.flatMap(({ file, facts }) =>
      facts
        .filter((name) => 'droppedFields' in redact({ [name]: 0 }))
        .map((name) => `${file}: ${name}`),
    );
    expect(dropped).toEqual([]);
    expect(sources.flatMap(({ facts }) => facts).length).toBeGreaterThan(80);
  });

  it('are seen in every way in which they are written', () => {
    const planted = "log.warn('a.b', {\n ...facts,\n name: f({ x }),\n mail });\nother({ phone })";
    expect(factsIn(planted)).toEqual(['name', 'x', 'mail']);
  });
});
