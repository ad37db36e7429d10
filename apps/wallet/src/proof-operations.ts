import { operation, type Refusal } from '@7pay/ui';

const refusal = '... on Refusal { code message }';
const contactFields = 'id channel address verifiedAt';

/** Where the member can be reached; the address is masked. */
export interface Contact {
  id: string;
  channel: ContactChannel;
  address: string;
  /** Null until the code that was sent there has come back. */
  verifiedAt: string | null;
}
export type ContactChannel = 'MAIL' | 'SMS';

export const proofsQuery = operation<{
  me: {
    id: string;
    contacts: Contact[] | null;
    authenticatorApp: { addedAt: string; recoveryCodesLeft: number } | null;
  } | null;
}>(
  `query MyProofs {
    me { id contacts { ${contactFields} } authenticatorApp { addedAt recoveryCodesLeft } }
  }`,
);

type ContactKept = { __typename: 'ContactKept'; contact: Contact };

export const addMyContact = operation<
  { addMyContact: ContactKept | Refusal },
  { input: { channel: ContactChannel; address: string } }
>(
  `mutation AddMyContact($input: AddContactInput!) {
    addMyContact(input: $input) {
      __typename ... on ContactKept { contact { ${contactFields} } } ${refusal}
    }
  }`,
);

export const confirmMyContact = operation<
  { confirmMyContact: ContactKept | Refusal },
  { id: string; code: string }
>(
  `mutation ConfirmMyContact($id: ID!, $code: String!) {
    confirmMyContact(id: $id, code: $code) {
      __typename ... on ContactKept { contact { ${contactFields} } } ${refusal}
    }
  }`,
);

export const removeMyContact = operation<
  { removeMyContact: { __typename: 'ContactRemoved'; contactId: string } | Refusal },
  { id: string }
>(
  `mutation RemoveMyContact($id: ID!) {
    removeMyContact(id: $id) { __typename ... on ContactRemoved { contactId } ${refusal} }
  }`,
);

export const beginMyAuthenticatorApp = operation<{
  beginMyAuthenticatorApp:
    | { __typename: 'AuthenticatorAppBegun'; secret: string; address: string }
    | Refusal;
}>(
  `mutation BeginMyAuthenticatorApp {
    beginMyAuthenticatorApp { __typename ... on AuthenticatorAppBegun { secret address } ${refusal} }
  }`,
);

type RecoveryCodesMade = { __typename: 'RecoveryCodesMade'; recoveryCodes: string[] };

export const confirmMyAuthenticatorApp = operation<
  { confirmMyAuthenticatorApp: RecoveryCodesMade | Refusal },
  { code: string }
>(
  `mutation ConfirmMyAuthenticatorApp($code: String!) {
    confirmMyAuthenticatorApp(code: $code) {
      __typename ... on RecoveryCodesMade { recoveryCodes } ${refusal}
    }
  }`,
);

export const renewMyRecoveryCodes = operation<{
  renewMyRecoveryCodes: RecoveryCodesMade | Refusal;
}>(
  `mutation RenewMyRecoveryCodes {
    renewMyRecoveryCodes { __typename ... on RecoveryCodesMade { recoveryCodes } ${refusal} }
  }`,
);

export const removeMyAuthenticatorApp = operation<
  { removeMyAuthenticatorApp: { __typename: 'AuthenticatorAppRemoved'; at: string } | Refusal },
  { code: string }
>(
  `mutation RemoveMyAuthenticatorApp($code: String!) {
    removeMyAuthenticatorApp(code: $code) {
      __typename ... on AuthenticatorAppRemoved { at } ${refusal}
    }
  }`,
);
