import { createHash } from 'node:crypto';
import * as cutOffOperations from '../../../apps/console/src/cut-off-operations.ts';
import * as dutyOperations from '../../../apps/console/src/duty-operations.ts';
import * as deskOperations from '../../../apps/console/src/desk-operations.ts';
import * as consoleOperations from '../../../apps/console/src/operations.ts';
import * as identityOperations from '../../../apps/console/src/identity-operations.ts';
import * as consoleMembers from '../../../apps/console/src/member-operations.ts';
import * as partnerOperations from '../../../apps/console/src/partner-operations.ts';
import * as settlementOperations from '../../../apps/console/src/settlement-operations.ts';
import * as posOperations from '../../../apps/pos/src/operations.ts';
import * as walletCharges from '../../../apps/wallet/src/charge-operations.ts';
import * as memberOperations from '../../../apps/wallet/src/member-operations.ts';
import * as noticeOperations from '../../../apps/wallet/src/notice-operations.ts';
import * as reviewOperations from '../../../apps/wallet/src/review-operations.ts';
import * as proofOperations from '../../../apps/wallet/src/proof-operations.ts';
import * as sessionOperations from '../../../apps/wallet/src/session-operations.ts';
import * as walletOperations from '../../../apps/wallet/src/operations.ts';

/** The file with the documents that the gateway takes from public clients in production. */
export const OPERATIONS_FILE = 'gateway/operations.json';

/** The operations of our own faces, by face. */
export const FACES = {
  wallet: {
    ...walletOperations,
    ...walletCharges,
    ...memberOperations,
    ...reviewOperations,
    ...noticeOperations,
    ...proofOperations,
    ...sessionOperations,
  },
  console: {
    ...consoleOperations,
    ...deskOperations,
    ...cutOffOperations,
    ...settlementOperations,
    ...partnerOperations,
    ...identityOperations,
    ...consoleMembers,
    ...dutyOperations,
  },
  pos: posOperations,
};

/** The client that a face is to 7iD. */
const CLIENTS: Readonly<Record<keyof typeof FACES, string>> = {
  wallet: 'seven-eleven-app',
  console: 'operator-console',
  pos: 'terminal',
};

/** The operations of our own faces, by client and digest: what gateway/operations.json has to be. */
export function operationsManifest(): string {
  const manifest = Object.fromEntries(
    Object.entries(FACES).map(([face, operations]) => [
      CLIENTS[face as keyof typeof FACES],
      Object.fromEntries(
        Object.values(operations)
          .map(({ text }) => [createHash('sha256').update(text).digest('hex'), text] as const)
          .sort(([a], [b]) => (a < b ? -1 : 1)),
      ),
    ]),
  );
  return `${JSON.stringify(manifest, undefined, 2)}\n`;
}
