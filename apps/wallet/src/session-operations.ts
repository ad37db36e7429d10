import { operation, type Refusal } from '@7pay/ui';

const refusal = '... on Refusal { code message }';

/** A login of the member that goes on. */
export interface MemberSession {
  id: string;
  loggedInAt: string;
  lastSeenAt: string | null;
  clientName: string | null;
  way: 'PASSWORD' | 'PASSKEY' | 'EXTERNAL' | null;
  /** The external provider that opened it, by its key. */
  provider: string | null;
  country: string | null;
  isCurrent: boolean;
}

export const sessionsQuery = operation<{
  me: {
    id: string;
    sessions: MemberSession[] | null;
    /** What the providers are called. */
    externalIds: { provider: string; name: string }[] | null;
  } | null;
}>(
  `query MySessions {
    me {
      id sessions { id loggedInAt lastSeenAt clientName way provider country isCurrent }
      externalIds { provider name }
    }
  }`,
);

export const endMySession = operation<
  { endMySession: { __typename: 'MySessionEnded'; id: string } | Refusal },
  { id: string }
>(
  `mutation EndMySession($id: ID!) {
    endMySession(id: $id) { __typename ... on MySessionEnded { id } ${refusal} }
  }`,
);

export const endMyOtherSessions = operation<{
  endMyOtherSessions: { __typename: 'SessionsEnded'; count: number } | Refusal;
}>(
  `mutation EndMyOtherSessions {
    endMyOtherSessions { __typename ... on SessionsEnded { count } ${refusal} }
  }`,
);
