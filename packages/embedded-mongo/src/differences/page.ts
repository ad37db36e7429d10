import { BEHAVIOURS } from './behaviours.ts';
import type { Refusal } from './probe.ts';

/** `docs/differences.md`, from what the engine itself answered. */
export function differencesPage(refusals: readonly Refusal[]): string {
  const areas = [...new Set(refusals.map(({ area }) => area))];
  return [
    '# How the embedded database differs from MongoDB 8.0',
    '',
    'This page is generated (`npm run docs`): everything on a list of what MongoDB 8.0 knows is asked of the engine,',
    'and what it refuses stands here with the code it answers. What does not stand here is obeyed. Nothing is passed over:',
    'a command, stage, operator or argument that is not supported is refused by its name.',
    '',
    '## Refused',
    '',
    ...areas.flatMap((area) =>
      section(
        area,
        refusals.filter((refusal) => refusal.area === area),
      ),
    ),
    '## Different',
    '',
    '| what | MongoDB | here |',
    '| --- | --- | --- |',
    ...BEHAVIOURS.map(({ what, mongodb, here }) => `| ${what} | ${mongodb} | ${here} |`),
    '',
    '## Limits',
    '',
    '| what | at most | beyond it |',
    '| --- | --- | --- |',
    '| a document | 16 MiB, 180 levels | 10334, 15 |',
    '| a message | 48,000,000 bytes | the connection is closed |',
    '| a batch of writes | 100,000 | 16 |',
    '| a sort in memory | 100 MiB of documents | 292 |',
    '| groups of a `$group` | 1,000,000 | 292 |',
    '| a pattern | 8,192 characters | 2 |',
    '| indexes of a collection | 64 | 67 |',
    '| history for change streams | 7 days, 512 MiB | 286 |',
    '| a transaction | 60 seconds (`--transaction-seconds`) | 251 |',
    '| an idle cursor | 10 minutes | 43 |',
    '| open cursors | 10,000 | 262 |',
    '',
  ].join('\n');
}

function section(area: string, refusals: readonly Refusal[]): string[] {
  const byCode = new Map<number, string[]>();
  for (const { name, code } of refusals)
    byCode.set(code, [...new Set([...(byCode.get(code) ?? []), `\`${name}\``])]);
  return [...byCode].flatMap(([code, names]) => [
    `- ${area}, code ${code}: ${names.toSorted().join(', ')}`,
    '',
  ]);
}
