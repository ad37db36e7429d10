import { providersOf } from '@7pay/controls';
import { declareRefusals, type Refused, refuse } from '@7pay/refusals';
import { z } from 'zod';
import { ownMembers } from '../client/client.ts';
import { canonicalMail, type Member } from './member.ts';

declareRefusals('identity/account/test-people', {
  CLIENT_IN_TEST: {
    ja: 'このアプリはまだ試験中のため、試験用の会員だけがログインできます。',
    en: 'This app is still being tested. Only test members can log in to it.',
  },
});

/** Who may log in to an app that nobody has approved yet. Nobody unless told; never people who are real. */
export const testPeopleSetting = z.strictObject({
  /** Members whose address is at one of these domains. */
  mailDomains: z
    .array(z.string().regex(/^[a-z0-9.-]{1,200}$/))
    .max(20)
    .default([]),
  /** Members who come by one of these external providers. */
  providers: z
    .array(z.string().regex(/^[a-z0-9]{1,30}$/))
    .max(10)
    .default([]),
});

/** Refuses somebody who is no test person at an app that is being tested; undefined for everybody else. */
export type JudgeTester = (
  client: object | undefined,
  login: {
    readonly member: Pick<Member, 'mail'> | null | undefined;
    readonly amr: readonly string[];
  },
) => Refused<'CLIENT_IN_TEST'> | undefined;

export const judgeTester =
  ({ mailDomains, providers }: z.infer<typeof testPeopleSetting>): JudgeTester =>
  (client, { member, amr }) => {
    if (ownMembers(client).in_test !== true) return undefined;
    const mail = canonicalMail(member?.mail ?? '');
    const domain = typeof mail === 'string' ? mail.slice(mail.indexOf('@') + 1) : '';
    const isTester =
      mailDomains.includes(domain) || providersOf(amr).some((key) => providers.includes(key));
    return isTester ? undefined : refuse('CLIENT_IN_TEST');
  };
