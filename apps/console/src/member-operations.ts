import { operation, type PageOf, type Refusal } from '@7pay/ui';

/** A member, mail masked. */
export interface FoundMember {
  readonly id: string;
  readonly displayName: string;
  readonly maskedMail: string | null;
  readonly registeredAt: string;
  readonly roles: readonly string[];
  readonly hasPassword: boolean;
}
/** An event on record of 7iD. */
export interface AuditEvent {
  readonly id: string;
  readonly kind: string;
  readonly at: string;
  readonly chain: number;
  readonly n: number;
  readonly memberId: string | null;
  readonly actor: string | null;
  readonly clientId: string | null;
  readonly provider: string | null;
  readonly method: string | null;
  readonly reason: string | null;
  readonly network: string | null;
  readonly country: string | null;
  readonly newNetwork: boolean | null;
  /** How many it counts, where it is not one. */
  readonly tries: number | null;
  readonly about: string | null;
  readonly note: string | null;
}
export interface MemberShown {
  readonly __typename: 'MemberShown';
  readonly found: FoundMember;
  readonly contacts: readonly { channel: string; masked: string; verifiedAt: string | null }[];
  readonly passkeys: number;
  readonly hasApp: boolean;
  readonly recoveryCodes: number;
  readonly externalIds: readonly { provider: string; linkedAt: string }[];
  readonly logins: readonly AuditEvent[];
  readonly locks: readonly LoginLock[];
  /** The logins that go on. */
  readonly member: { readonly sessions: readonly MemberSession[] | null };
}
/** What keeps a member out. */
export interface LoginLock {
  readonly why: 'NOT_ME' | 'WRONG_PASSWORDS';
  readonly since: string;
  readonly until: string | null;
}
/** A login that goes on. */
export interface MemberSession {
  readonly id: string;
  readonly loggedInAt: string;
  readonly clientName: string | null;
  readonly way: 'PASSWORD' | 'PASSKEY' | 'EXTERNAL' | null;
  readonly provider: string | null;
  readonly country: string | null;
}
export interface MemberSearch {
  readonly id?: string;
  readonly mail?: string;
  readonly phone?: string;
  readonly state?: 'LOCKED' | 'OPERATOR';
  readonly logins?: { readonly everything: false } & Readonly<
    Partial<Record<'clients' | 'providers' | 'networks', readonly string[]>>
  >;
  readonly reason: string;
  readonly after?: string | null;
}
/** Tries in an hour, from a network …, and what came of them. */
export interface LoginStatistics {
  readonly key: string;
  readonly made: number;
  readonly refused: number;
  readonly successShare: number;
  readonly unknownIds: number;
  readonly wrongPasswords: number;
  readonly turnedAway: number;
  readonly locked: number;
  readonly stopped: number;
  readonly networks: number;
  readonly fromNewNetworks: number;
}
export type StatisticsBy = 'HOUR' | 'DAY' | 'NETWORK' | 'CLIENT' | 'METHOD';

const foundFields = 'id displayName maskedMail registeredAt roles hasPassword';
const eventFields = `id kind at chain n memberId actor clientId provider method reason network country newNetwork tries about note`;
const refusal = '... on Refusal { code message }';

export const findMembersQuery = operation<
  {
    findMembers:
      | {
          __typename: 'MembersFound';
          members: readonly FoundMember[];
          next: string | null;
        }
      | Refusal;
  },
  { search: MemberSearch }
>(
  `query FindMembers($search: MemberSearchInput!) {
    findMembers(search: $search) {
      __typename ... on MembersFound { next members { ${foundFields} } } ${refusal}
    }
  }`,
);
export const readMemberQuery = operation<
  { readMember: MemberShown | Refusal },
  { id: string; reason: string }
>(
  `query ReadMember($id: ID!, $reason: String!) {
    readMember(id: $id, reason: $reason) {
      __typename
      ... on MemberShown {
        found { ${foundFields} } contacts { channel masked verifiedAt } passkeys hasApp recoveryCodes
        externalIds { provider linkedAt } logins { ${eventFields} } locks { why since until }
        member { sessions { id loggedInAt clientName way provider country } }
      }
      ${refusal}
    }
  }`,
);
export const unlockLogin = operation<
  { unlockLogin: { __typename: 'LoginUnlocked'; unlocked: readonly LoginLock['why'][] } | Refusal },
  { input: { memberId: string; reason: string } }
>(
  `mutation UnlockLogin($input: UnlockLoginInput!) {
    unlockLogin(input: $input) { __typename ... on LoginUnlocked { unlocked } ${refusal} }
  }`,
);
export const endSessionsOfMember = operation<
  { endSessionsOfMember: { __typename: 'SessionsEnded'; count: number } | Refusal },
  { input: { memberId: string; reason: string } }
>(
  `mutation EndSessionsOfMember($input: EndSessionsOfMemberInput!) {
    endSessionsOfMember(input: $input) { __typename ... on SessionsEnded { count } ${refusal} }
  }`,
);
export const auditEventsQuery = operation<
  { auditEvents: PageOf<AuditEvent> },
  { kinds: readonly string[] | null; after: string | null }
>(
  `query AuditEvents($kinds: [AuditKind!], $after: String) {
    auditEvents(first: 50, after: $after, filter: { kinds: $kinds }) {
      nodes { ${eventFields} } pageInfo { hasNextPage endCursor }
    }
  }`,
);
export const loginStatisticsQuery = operation<
  { loginStatistics: readonly LoginStatistics[] },
  { from: string; to: string; by: StatisticsBy }
>(
  `query LoginStatistics($from: DateTime!, $to: DateTime!, $by: LoginStatisticsBy!) {
    loginStatistics(from: $from, to: $to, by: $by) {
      key made refused successShare unknownIds wrongPasswords turnedAway locked stopped networks fromNewNetworks
    }
  }`,
);
