import { operation, type Refusal } from '@7pay/ui';

export type ClientState = 'TEST' | 'ACTIVE' | 'SUSPENDED';

/** An app that the member at the screen registered. */
export interface OwnClient {
  readonly id: string;
  readonly name: string;
  readonly state: ClientState;
  readonly fapi: boolean;
  readonly hasSecret: boolean;
  /** Business dates. */
  readonly secretUsedOn: string | null;
  readonly oldSecret: { readonly until: string; readonly usedOn: string | null } | null;
  readonly redirectUris: readonly string[];
  readonly workingRedirectUris: readonly string[];
}

export interface RegisterClientInput {
  readonly nameJa: string;
  readonly nameEn: string;
  readonly redirectUris: readonly string[];
  readonly kind: 'CODE' | 'FAPI2';
  readonly jwks: string | null;
}

const clientFields = `id name state fapi hasSecret secretUsedOn oldSecret { until usedOn }
  redirectUris workingRedirectUris`;
const secretMade = `__typename ... on ClientSecretMade { secret client { ${clientFields} } }
      ... on Refusal { code message }`;
export type SecretMade = {
  __typename: 'ClientSecretMade';
  secret: string | null;
  client: OwnClient;
};

export const myClientsQuery = operation<{ myClients: readonly OwnClient[] }>(
  `query MyClients { myClients { ${clientFields} } }`,
);

export const registerClient = operation<
  { registerClient: SecretMade | (Refusal & { readonly uri?: string }) },
  { input: RegisterClientInput }
>(
  `mutation RegisterClient($input: RegisterClientInput!) {
    registerClient(input: $input) { ${secretMade} ... on RedirectUriInvalid { uri } }
  }`,
);

export const rotateMyClientSecret = operation<
  { rotateMyClientSecret: SecretMade | Refusal },
  { id: string }
>(`mutation RotateMyClientSecret($id: ID!) { rotateMyClientSecret(id: $id) { ${secretMade} } }`);

export const endMyOldClientSecret = operation<
  { endMyOldClientSecret: { __typename: 'OldClientSecretEnded' } | Refusal },
  { id: string }
>(
  `mutation EndMyOldClientSecret($id: ID!) {
    endMyOldClientSecret(id: $id) { __typename ... on Refusal { code message } }
  }`,
);
