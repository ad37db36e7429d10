import { type InternalKey, mintInternalToken } from '@7pay/graphql';
import { freshSecrets } from '@7pay/platform';
import { importJWK, SignJWT } from 'jose';
import type { Caller } from './callers.ts';

/** Tokens that a subgraph must not take for one of the gateway, whoever they speak for. */
export async function forgeries(
  { key, now }: { key: InternalKey; now: Date },
  { viewer, token: accessToken }: Caller,
  subgraph: string,
): Promise<readonly (readonly [what: string, token: string | undefined])[]> {
  const mint = (options: { key?: InternalKey; subgraph?: string; afterMs?: number }) =>
    mintInternalToken(options.key ?? key, {
      viewer,
      subgraph: options.subgraph ?? subgraph,
      now: new Date(now.getTime() + (options.afterMs ?? 0)),
    });
  const good = await mint({});
  const [, payload = '', signature = ''] = good.split('.');
  const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<
    string,
    unknown
  >;
  const elsewhere = subgraph === 'wallet' ? 'points' : 'wallet';
  const ownKey = await importJWK(key, 'EdDSA');
  const signed = (type: string) =>
    new SignJWT(claims).setProtectedHeader({ alg: 'EdDSA', typ: type }).sign(ownKey);
  return [
    ['nothing', undefined],
    ['no token', 'x'.repeat(60)],
    ['an access token of 7iD', accessToken],
    ['of another key', await mint({ key: freshSecrets().internalKey })],
    ['for another subgraph', await mint({ subgraph: elsewhere })],
    ['heard a minute ago and said again', await mint({ afterMs: -61_000 })],
    ['of the future', await mint({ afterMs: 120_000 })],
    ['of another type', await signed('at+jwt')],
    ['unsigned', `${encoded({ alg: 'none', typ: 'internal+jwt' })}.${payload}.`],
    [
      'signed with the public key as a password',
      await new SignJWT(claims)
        .setProtectedHeader({ alg: 'HS256', typ: 'internal+jwt' })
        .sign(Buffer.from(String(key.x), 'base64url')),
    ],
    [
      'with another viewer under the same signature',
      `${good.split('.')[0]}.${encoded({ ...claims, viewer: { ...viewer, roles: ['operator', 'security'], scopes: ['operations'] } })}.${signature}`,
    ],
  ];
}

/** What a representation might claim besides its key, in the hope of being believed. */
export const forgedFields = ({ own }: Caller): Readonly<Record<string, unknown>> => ({
  ...own,
  member: { id: own.memberId },
  appliedBy: own.memberId,
  row: { actor: 'mem_forged', reopening: { by: 'mem_forged', at: '2019-07-01T00:00:00Z' } },
  state: 'FORGED',
  balance: 1,
  pointsEarned: 1,
  wallet: { id: 'wal_forged' },
  pointsAccount: { id: 'pta_forged', memberId: own.memberId },
  payments: { nodes: [] },
});
