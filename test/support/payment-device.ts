import {
  agreeWith,
  deviceCode,
  makeDeviceKey,
  stepAt,
} from '../../apps/wallet/src/pay/device-code.ts';
import type { Member, PlatformUnderTest } from './platform-under-test.ts';

interface Answer {
  readonly __typename: string;
  readonly code?: string;
  readonly device?: { readonly id: string };
  readonly serverKeyX?: string;
  readonly serverKeyY?: string;
  readonly handles?: readonly string[];
  readonly replacesAll?: boolean;
  readonly limit?: number;
}

const REGISTER = `mutation($input: RegisterPaymentDeviceInput!) { result: registerPaymentDevice(input: $input) { __typename ... on PaymentDeviceRegistered { device { id name } serverKeyX serverKeyY } ... on Refusal { code } ... on TooManyPaymentDevices { limit } } }`;
const ISSUE = `mutation($input: IssueHandlesInput!) { result: issueHandles(input: $input) { __typename ... on HandlesIssued { handles replacesAll } ... on Refusal { code } } }`;
const REMOVE = `mutation($id: ID!) { result: removePaymentDevice(deviceId: $id) { __typename ... on PaymentDeviceRemoved { device { id } } ... on Refusal { code } } }`;

/** A phone with the wallet page’s own cryptography: what it shows is what the page shows. */
export async function aPaymentDevice(
  { graph }: Pick<PlatformUnderTest, 'graph'>,
  { token }: Pick<Member, 'token'>,
) {
  const ask = async (query: string, variables: Record<string, unknown>, as = token) =>
    (await graph.ask<{ result: Answer }>(query, variables, as)).data.result;
  const own = await makeDeviceKey();
  const input = { publicKeyX: own.x, publicKeyY: own.y, name: '電話' };
  const registered = await ask(REGISTER, { input });
  const id = registered.device?.id ?? '';
  const agreed = await agreeWith(own.key, {
    x: registered.serverKeyX ?? '',
    y: registered.serverKeyY ?? '',
  }).catch(() => null);
  const handles: string[] = [];
  return {
    registered,
    id,
    handles,
    registerAgain: () => ask(REGISTER, { input }),
    /** Reaches the platform, in another login if one is told, and keeps what it is given. */
    contact: async (left = handles.length, as = token) => {
      const answer = await ask(ISSUE, { input: { deviceId: id, left } }, as);
      if (answer.replacesAll) handles.length = 0;
      handles.push(...(answer.handles ?? []));
      return answer;
    },
    remove: () => ask(REMOVE, { id }),
    /** The digits on its screen, with the next handle unless one is told; `steps` away from now. */
    show: ({ handle = handles.shift(), steps = 0, at = Date.now() } = {}): Promise<string> => {
      if (!agreed || handle === undefined)
        throw new Error('a device without handles shows nothing');
      return deviceCode(agreed, { deviceId: id, handle, step: stepAt(at).step + steps });
    },
  };
}
