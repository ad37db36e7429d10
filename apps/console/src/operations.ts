import { operation, type PageOf, type Refusal } from '@7pay/ui';

/** A person as operators see one another. */
export interface Person {
  readonly id: string;
  readonly displayName: string;
}

/** A function that can be stopped, as operators see it. */
export interface Switch {
  readonly key: string;
  readonly nameJa: string;
  readonly nameEn: string;
  readonly state: 'OPEN' | 'CLOSED';
  readonly since: string | null;
  readonly reasonJa: string | null;
  readonly reasonEn: string | null;
  readonly changedBy: Person | null;
  readonly reopeningProposedBy: Person | null;
  readonly reopeningProposedAt: string | null;
}

export interface MerchantApplication {
  readonly id: string;
  readonly state: ApplicationState;
  readonly merchantName: string;
  readonly merchantNameKana: string;
  readonly storeName: string;
  readonly storeAddress: string;
  readonly invoiceNumber: string | null;
  readonly opensOn: string;
  readonly appliedAt: string;
  readonly appliedBy: Person | null;
  readonly recommendedBy: Person | null;
  readonly decidedBy: Person | null;
  readonly reason: string | null;
}
export type ApplicationState = 'APPLIED' | 'RECOMMENDED' | 'APPROVED' | 'REJECTED';

export interface Store {
  readonly id: string;
  readonly code: string;
  readonly name: string;
  readonly address: string;
  readonly state: 'SELLING' | 'SUSPENDED';
  readonly merchant: { readonly name: string };
}

export interface Programme {
  readonly id: string;
  readonly state: 'ANNOUNCED' | 'OPEN' | 'CLOSED';
  readonly title: string;
  readonly noticeDate: string;
  readonly claimsFrom: string;
  readonly claimsUntil: string;
}

const pageInfo = 'pageInfo { hasNextPage endCursor }';
const switchFields = `key nameJa nameEn state since reasonJa reasonEn
  changedBy { id displayName } reopeningProposedBy { id displayName } reopeningProposedAt`;
const applicationFields = `id state merchantName merchantNameKana storeName storeAddress invoiceNumber
  opensOn appliedAt appliedBy { id displayName } recommendedBy { id displayName }
  decidedBy { id displayName } reason`;
const programmeFields = 'id state title noticeDate claimsFrom claimsUntil';
const refusal = '... on Refusal { code message }';

export const meQuery = operation<{
  me: {
    readonly id: string;
    readonly displayName: string;
    readonly roles: readonly string[];
  } | null;
}>('query ConsoleMe { me { id displayName roles } }');

/** How each switch stands, and each change; whose names belong to it is asked for afterwards. */
export const switchTold = operation<{ switchChanged: { key: string; state: string } | null }>(
  'subscription ConsoleSwitchTold { switchChanged { key state } }',
);

export const switchesQuery = operation<{ switches: readonly Switch[] }>(
  `query Switches { switches { ${switchFields} } }`,
);

export const closeSwitch = operation<
  { closeSwitch: { __typename: 'SwitchClosed'; switch: Switch } | Refusal },
  { input: { key: string; reasonJa: string; reasonEn: string } }
>(
  `mutation CloseSwitch($input: CloseSwitchInput!) {
    closeSwitch(input: $input) {
      __typename ... on SwitchClosed { switch { ${switchFields} } } ${refusal}
    }
  }`,
);

export const openSwitch = operation<
  {
    openSwitch: { __typename: 'SwitchOpened' | 'ReopeningProposed'; switch: Switch } | Refusal;
  },
  { input: { key: string } }
>(
  `mutation OpenSwitch($input: OpenSwitchInput!) {
    openSwitch(input: $input) {
      __typename
      ... on SwitchOpened { switch { ${switchFields} } }
      ... on ReopeningProposed { switch { ${switchFields} } }
      ${refusal}
    }
  }`,
);

export const applicationsQuery = operation<
  { merchantApplications: PageOf<MerchantApplication> },
  { state: ApplicationState | null; after: string | null }
>(
  `query MerchantApplications($state: MerchantApplicationState, $after: String) {
    merchantApplications(first: 50, after: $after, state: $state) {
      nodes { ${applicationFields} } ${pageInfo}
    }
  }`,
);

type Decided = { __typename: 'MerchantApplicationDecided'; application: MerchantApplication };
const decided = `__typename ... on MerchantApplicationDecided { application { ${applicationFields} } }
      ${refusal}`;

export const recommendApplication = operation<
  { recommendMerchantApplication: Decided | Refusal },
  { input: { applicationId: string } }
>(
  `mutation RecommendApplication($input: ApplicationInput!) {
    recommendMerchantApplication(input: $input) { ${decided} }
  }`,
);
export const approveApplication = operation<
  { approveMerchantApplication: Decided | Refusal },
  { input: { applicationId: string } }
>(
  `mutation ApproveApplication($input: ApplicationInput!) {
    approveMerchantApplication(input: $input) { ${decided} }
  }`,
);
export const rejectApplication = operation<
  { rejectMerchantApplication: Decided | Refusal },
  { input: { applicationId: string; reason: string } }
>(
  `mutation RejectApplication($input: RejectApplicationInput!) {
    rejectMerchantApplication(input: $input) { ${decided} }
  }`,
);

export const storesQuery = operation<{ stores: PageOf<Store> }, { after: string | null }>(
  `query Stores($after: String) {
    stores(first: 50, after: $after) {
      nodes { id code name address state merchant { id name } } ${pageInfo}
    }
  }`,
);

/** Operators are never refused a code by a union member; a store that is unknown is an error. */
export const issuePairingCode = operation<
  {
    issuePairingCode: { __typename: 'PairingCodeIssued'; pairingCode: string; expiresAt: string };
  },
  { input: { storeId: string; label: string } }
>(
  `mutation IssuePairingCode($input: IssuePairingCodeInput!) {
    issuePairingCode(input: $input) {
      __typename ... on PairingCodeIssued { pairingCode expiresAt }
    }
  }`,
);

export const programmesQuery = operation<
  { refundProgrammes: PageOf<Programme> },
  { after: string | null }
>(
  `query RefundProgrammes($after: String) {
    refundProgrammes(first: 20, after: $after) { nodes { ${programmeFields} } ${pageInfo} }
  }`,
);

/** What the law asks a programme to tell; what is empty is named by the refusal. */
export interface ProgrammeInput {
  readonly programmeId: string;
  readonly title: string;
  readonly issuer: string;
  readonly instrument: string;
  readonly noticeDate: string | null;
  readonly claimsFrom: string | null;
  readonly claimsUntil: string | null;
  readonly contact: string;
  readonly howToClaim: string;
  readonly howPaid: string;
  readonly exclusionNotice: string;
}

export const openRefundProgramme = operation<
  {
    openRefundProgramme:
      | { __typename: 'RefundProgrammeOpened'; programme: Programme }
      | (Refusal & { readonly missing?: string });
  },
  { input: ProgrammeInput }
>(
  `mutation OpenRefundProgramme($input: OpenRefundProgrammeInput!) {
    openRefundProgramme(input: $input) {
      __typename
      ... on RefundProgrammeOpened { programme { ${programmeFields} } }
      ... on RefundProgrammeIncomplete { missing }
      ${refusal}
    }
  }`,
);
