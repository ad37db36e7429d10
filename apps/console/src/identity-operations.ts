import { operation, type PageOf, type Refusal } from '@7pay/ui';
import type { OwnClient } from './partner-operations.ts';

/** A client of 7iD as operators see it. */
export interface Client extends Omit<OwnClient, 'secretUsedOn' | 'oldSecret'> {
  readonly origin: 'SETTINGS' | 'EVENT' | 'REGISTERED' | 'CONSOLE';
  readonly registeredBy: string | null;
  readonly registeredAt: string | null;
  readonly proposal: {
    readonly kind: 'REOPEN' | 'REDIRECTS';
    readonly redirectUris: readonly string[];
    readonly by: string;
    readonly at: string;
  } | null;
}
/** A key that signs tokens. */
export interface SigningKey {
  readonly kid: string;
  readonly algorithm: string;
  readonly state: 'SIGNING' | 'NEXT' | 'PUBLISHED' | 'GONE' | 'COMPROMISED';
  readonly signsFrom: string | null;
  readonly publishedUntil: string | null;
}
/** What a client did not take. */
export interface DeadNotice {
  readonly id: string;
  readonly kind: string;
  readonly clientId: string;
  readonly clientName: string | null;
  readonly uri: string;
  readonly tries: number;
  readonly madeAt: string;
  readonly problem: string;
}
export interface LoginProvider {
  readonly key: string;
  readonly name: string;
  readonly switchKeys: readonly string[];
}

const clientFields = `id name origin state fapi hasSecret redirectUris workingRedirectUris registeredBy registeredAt
  proposal { kind redirectUris by at }`;
const refusal = '... on Refusal { code message }';
const changed = `__typename ... on ClientChanged { client { ${clientFields} } } ${refusal}`;
type Changed = { __typename: 'ClientChanged'; client: Client } | Refusal;
type ClientOrder = { input: { id: string; reason: string } };

export const clientsQuery = operation<{ clients: PageOf<Client> }, { after: string | null }>(
  `query Clients($after: String) {
    clients(first: 50, after: $after) { nodes { ${clientFields} } pageInfo { hasNextPage endCursor } }
  }`,
);
export const suspendClient = operation<{ suspendClient: Changed }, ClientOrder>(
  `mutation SuspendClient($input: ChangeClientInput!) { suspendClient(input: $input) { ${changed} } }`,
);
export const reopenClient = operation<{ reopenClient: Changed }, ClientOrder>(
  `mutation ReopenClient($input: ChangeClientInput!) { reopenClient(input: $input) { ${changed} } }`,
);
export const approveClient = operation<{ approveClient: Changed }, ClientOrder>(
  `mutation ApproveClient($input: ChangeClientInput!) { approveClient(input: $input) { ${changed} } }`,
);
export const changeClientRedirects = operation<
  { changeClientRedirects: Changed },
  { input: { id: string; reason: string; redirectUris: readonly string[] } }
>(
  `mutation ChangeClientRedirects($input: ChangeClientRedirectsInput!) {
    changeClientRedirects(input: $input) { ${changed} }
  }`,
);

const keyFields = 'kid algorithm state signsFrom publishedUntil';
const keysChanged = `__typename ... on SigningKeysChanged { keys { ${keyFields} } } ${refusal}`;
type KeysChanged = { __typename: 'SigningKeysChanged'; keys: readonly SigningKey[] } | Refusal;

export const keysQuery = operation<{
  signingKeys: readonly SigningKey[];
  deadNotices: readonly DeadNotice[];
  loginProviders: readonly LoginProvider[];
}>(
  `query SigningKeys {
    signingKeys { ${keyFields} }
    deadNotices { id kind clientId clientName uri tries madeAt problem }
    loginProviders { key name switchKeys }
  }`,
);
export const rotateSigningKey = operation<{ rotateSigningKey: KeysChanged }, { reason: string }>(
  `mutation RotateSigningKey($reason: String!) { rotateSigningKey(reason: $reason) { ${keysChanged} } }`,
);
export const replaceSigningKey = operation<
  { replaceSigningKey: KeysChanged },
  { kid: string; reason: string }
>(
  `mutation ReplaceSigningKey($kid: ID!, $reason: String!) {
    replaceSigningKey(kid: $kid, reason: $reason) { ${keysChanged} }
  }`,
);
type NoticeChanged = { __typename: 'NoticeChanged'; id: string } | Refusal;
const noticeChanged = `__typename ... on NoticeChanged { id } ${refusal}`;
export const reviveNotice = operation<{ reviveNotice: NoticeChanged }, ClientOrder>(
  `mutation ReviveNotice($input: DeadNoticeInput!) { reviveNotice(input: $input) { ${noticeChanged} } }`,
);
export const dropNotice = operation<{ dropNotice: NoticeChanged }, ClientOrder>(
  `mutation DropNotice($input: DeadNoticeInput!) { dropNotice(input: $input) { ${noticeChanged} } }`,
);
