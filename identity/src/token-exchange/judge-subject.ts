import { endOf, type EndedLoginStore, type LoginFacts } from '@7pay/controls';
import { errors, type KoaContextWithOIDC } from 'oidc-provider';
import type { Gate } from '../gate/gate.ts';
import type { StillHolds } from '../protocol/still-holds.ts';
import type { SubjectToken } from './exchange-policy.ts';

export interface SubjectDeps {
  readonly holds: StillHolds;
  readonly gate: Pick<Gate, 'judgeToken'>;
  readonly ends: Pick<EndedLoginStore, 'ofToken'>;
}

/**
 * What a token of a member is still worth, judged as a gateway judges it and by what it rests on at 7iD besides: the member, the session,
 * the app and what it was granted. The next service knows of no cut-off, so what one takes is taken here.
 * @returns the scopes that are left, and the grant
 * @throws InvalidGrant when any of them has ended, or when it is nobody's
 */
export async function judgeSubject(
  ctx: KoaContextWithOIDC,
  subject: SubjectToken,
  { holds, gate, ends }: SubjectDeps,
): Promise<{ scope: string; grantId: string }> {
  const { gid: grantId } = subject;
  // A terminal's or a service's own token rests on no grant.
  if (grantId === undefined) throw new errors.InvalidGrant('the subject token stands for nobody');
  const facts = factsOf(subject);
  const ended = new Map((await ends.ofToken(facts)).map(({ key, at }) => [key, { at }]));
  const proof = {
    accountId: subject.sub,
    amr: subject.amr ?? [],
    authTime: subject.auth_time,
    sessionUid: subject.sid,
  };
  const stands = !endOf(facts, ended) && (await restsOn(ctx, subject)) && (await holds(ctx, proof));
  const verdict = gate.judgeToken(facts);
  if (!stands || !verdict.holds) {
    throw new errors.InvalidGrant('the login of the subject token has ended');
  }
  const { withoutScopes } = verdict;
  const scopes = subject.scope.split(' ');
  const left = scopes.filter((scope) => !withoutScopes.includes(scope));
  return { scope: left.join(' '), grantId };
}

async function restsOn(
  { oidc: { provider } }: KoaContextWithOIDC,
  { sub, sid, gid, client_id: clientId }: SubjectToken,
): Promise<boolean> {
  const isOver = sid !== undefined && (await provider.Session.findByUid(sid))?.accountId !== sub;
  if (isOver || !(await provider.Client.find(clientId))) return false;
  const grant = await provider.Grant.find(gid ?? '');
  return grant?.accountId === sub && grant.clientId === clientId;
}

const factsOf = (subject: SubjectToken): LoginFacts => ({
  amr: subject.amr,
  atSeconds: subject.auth_time,
  issuedAtSeconds: subject.iat,
  generation: subject.gen,
  clientId: subject.client_id,
  forClientId: subject.client_id,
  network: subject.net,
  country: subject.cc,
  sessionUid: subject.sid,
  grantId: subject.gid,
  memberId: subject.sub,
});
