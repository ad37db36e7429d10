import type { ChosenDatabase } from '@7pay/mongo';
import type { Platform } from './platform.ts';
import { DEMO, type Seeded } from './seed.ts';

/** What a person sees when everything stands: what to open, who to be, which database runs, how long it took. */
export function banner(
  { urls }: Pick<Platform, 'urls'>,
  { stores }: Seeded,
  database: Pick<ChosenDatabase, 'description'>,
  seconds: number,
): string {
  const { gateway, identity, sandbox } = urls;
  return [
    '',
    `  7pay stands after ${seconds.toFixed(1)} s   database: ${database.description}`,
    '',
    `  Wallet    ${gateway}/wallet/     register yourself, or ${DEMO.members[0].mail}`,
    `  Register  ${gateway}/pos/        pairing codes below (one use, 30 minutes)`,
    `  Console   ${gateway}/console/    ${DEMO.operators
      .slice(0, 2)
      .map(({ mail }) => mail)
      .join(' and ')}`,
    `  Explorer  ${gateway}/graphiql    the graph: ${gateway}/graphql`,
    `  7iD       ${identity}            the outside world: ${sandbox}`,
    '',
    `  Password of the demo people: ${DEMO.password}`,
    ...stores.map(({ name, pairingCode }) => `  Pairing code ${pairingCode}   ${name}`),
    '',
    '  Ctrl+C stops. `npm start -- --fresh` begins anew.',
    '',
  ].join('\n');
}
