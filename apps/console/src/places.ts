import { DUTIES, type Duty } from './entry/duty.ts';
import type { Word } from './words.ts';

/** A page of the console: where it is, who reads it, and who does what can be done there. */
export interface Place {
  readonly path: string;
  readonly word: Word;
  readonly reads: readonly Duty[];
  readonly acts: readonly Duty[];
}

/** The pages for operators, in the order of the navigation. */
export const PLACES = {
  switches: {
    path: '/console',
    word: 'switchesTitle',
    reads: DUTIES,
    acts: ['security'],
  },
  cutOffs: {
    path: '/console/cut-offs',
    word: 'cutOffsTitle',
    reads: ['security', 'auditor'],
    acts: ['security'],
  },
  merchants: {
    path: '/console/merchants',
    word: 'merchantsTitle',
    reads: ['onboarding', 'auditor'],
    acts: ['onboarding'],
  },
  stores: {
    path: '/console/stores',
    word: 'storesTitle',
    reads: ['onboarding', 'auditor'],
    acts: ['onboarding'],
  },
  refund: {
    path: '/console/refund',
    word: 'refundTitle',
    reads: ['finance', 'auditor'],
    acts: ['finance'],
  },
  cases: {
    path: '/console/cases',
    word: 'casesTitle',
    reads: ['support', 'security', 'finance', 'auditor'],
    acts: ['support'],
  },
  freezes: {
    path: '/console/freezes',
    word: 'freezesTitle',
    reads: ['support', 'security', 'finance', 'auditor'],
    acts: ['support', 'security'],
  },
  settlements: {
    path: '/console/settlements',
    word: 'settlementsTitle',
    reads: ['finance', 'auditor'],
    acts: ['finance'],
  },
  reconciliation: {
    path: '/console/reconciliation',
    word: 'reconciliationTitle',
    reads: ['finance', 'auditor'],
    acts: ['finance'],
  },
  members: {
    path: '/console/members',
    word: 'membersTitle',
    reads: ['support', 'security', 'auditor'],
    acts: ['support', 'security'],
  },
  record: {
    path: '/console/record',
    word: 'recordTitle',
    reads: ['security', 'auditor'],
    acts: [],
  },
  clients: {
    path: '/console/clients',
    word: 'clientsTitle',
    reads: ['security', 'auditor'],
    acts: ['security'],
  },
  keys: {
    path: '/console/keys',
    word: 'keysTitle',
    reads: ['security', 'auditor'],
    acts: ['security'],
  },
  duties: {
    path: '/console/duties',
    word: 'dutiesTitle',
    reads: ['security', 'auditor'],
    acts: ['security'],
  },
} as const satisfies Readonly<Record<string, Place>>;

/** The pages that somebody with these duties reads. */
export const placesFor = (duties: readonly Duty[]): readonly Place[] =>
  Object.values<Place>(PLACES).filter(({ reads }) => reads.some((duty) => duties.includes(duty)));
