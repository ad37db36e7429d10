import { generateKeyPairSync } from 'node:crypto';
import { businessDate } from '@7pay/time';
import type { PlatformUnderTest } from './platform-under-test.ts';

/** What a step of an application answers. */
export interface Step {
  readonly __typename: string;
  readonly code?: string;
  readonly fields?: string;
  readonly application?: {
    readonly id: string;
    readonly state: string;
    readonly reason: string | null;
    readonly merchant: { readonly id: string } | null;
    readonly store: { readonly id: string } | null;
  };
}
type Answer = { readonly result: Step };

const APPLICATION = 'application { id state reason merchant { id } store { id } }';
const DECIDED = `{ __typename ... on MerchantApplicationDecided { ${APPLICATION} } ... on Refusal { code } }`;

/** The business date so many days from today. */
export const dayFromNow = (days: number): string =>
  businessDate(new Date(Date.now() + days * 86_400_000));

/** A complete form; `change` replaces fields. */
export const aForm = (applicationId: string, change: Record<string, unknown> = {}) => ({
  applicationId,
  merchantName: '株式会社あおば',
  merchantNameKana: 'カブシキガイシャアオバ',
  storeName: 'あおば 本店',
  storeAddress: '東京都千代田区丸の内1-1-1',
  invoiceNumber: 'T1234567890123',
  opensOn: dayFromNow(0),
  ...change,
});

/** The steps from an application to a terminal, through the public graph. */
export function onboarding({ graph }: PlatformUnderTest) {
  const mutate = async (name: string, type: string, fields: string, input: object, token: string) =>
    graph.ask<Answer>(
      `mutation($input: ${type}!) { result: ${name}(input: $input) ${fields} }`,
      { input },
      token,
    );
  const decide = (name: string) => (token: string, applicationId: string) =>
    mutate(name, 'ApplicationInput', DECIDED, { applicationId }, token);
  return {
    apply: (token: string, form: object) =>
      mutate(
        'applyAsMerchant',
        'ApplyAsMerchantInput',
        `{ __typename ... on MerchantApplied { ${APPLICATION} } ... on Refusal { code } ... on ApplicationIncomplete { fields } }`,
        form,
        token,
      ),
    recommend: decide('recommendMerchantApplication'),
    approve: decide('approveMerchantApplication'),
    reject: (token: string, applicationId: string, reason: string) =>
      mutate(
        'rejectMerchantApplication',
        'RejectApplicationInput',
        DECIDED,
        { applicationId, reason },
        token,
      ),
    issueCode: async (token: string, storeId: string) => {
      const { data } = await graph.ask<{ result: { pairingCode: string } }>(
        `mutation($input: IssuePairingCodeInput!) { result: issuePairingCode(input: $input) { ... on PairingCodeIssued { pairingCode expiresAt } } }`,
        { input: { storeId, label: 'レジ1' } },
        token,
      );
      return data.result.pairingCode;
    },
    pair: async (pairingCode: string, { x, y } = aKey().publicKey) => {
      const { data } = await graph.ask<{
        result: { __typename: string; clientId?: string; terminal?: { id: string } };
      }>(
        `mutation($input: PairTerminalInput!) { result: pairTerminal(input: $input) { __typename ... on TerminalPaired { clientId terminal { id } } } }`,
        { input: { pairingCode, publicKeyX: x, publicKeyY: y } },
      );
      return data.result;
    },
  };
}

/** A key of a terminal: the private part stays there, the coordinates of the public one are told. */
export function aKey() {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x, y } = publicKey.export({ format: 'jwk' });
  return { privateKey, publicKey: { x: x as string, y: y as string } };
}
