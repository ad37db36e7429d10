import { fixedControls } from '@7pay/controls';
import { openLedger } from '@7pay/ledger';
import { type ClosedWallets, closeWallets, openRefundUnitOfWork } from '@7pay/refund';
import { isRefused } from '@7pay/refusals';
import { silentLog } from '@7pay/telemetry';
import { systemClock } from '@7pay/time';
import type { Member, PlatformUnderTest } from './platform-under-test.ts';

interface Result {
  readonly result: {
    readonly __typename: string;
    readonly code?: string;
    readonly missing?: string;
    readonly days?: number;
    readonly acr?: string;
    readonly programme?: { readonly id: string; readonly state: string };
    readonly claim?: { readonly id: string; readonly amount: number; readonly state: string };
  };
}
const DAY_MS = 86_400_000;

/** The instant so many days from now. */
export const fromNow = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString();

// The same for each request of a run: a programme sent twice is the same programme.
const WINDOW = { claimsFrom: fromNow(-1), claimsUntil: fromNow(61) };

/** All that the law asks of a programme, with a window that is open now; `change` replaces fields. */
const notice = (change: Record<string, unknown>) => ({
  programmeId: 'end-of-service',
  title: '7payの払戻し',
  issuer: '株式会社セブン・ペイ',
  instrument: '7payマネー（第三者型前払式支払手段）',
  noticeDate: '2019-09-30',
  ...WINDOW,
  contact: '7pay払戻し窓口',
  howToClaim: 'アプリまたは郵送でお申し出ください。',
  howPaid: '銀行口座への振込または払出証書の郵送。',
  exclusionNotice: '期間内にお申し出のない残高は払戻しの手続きから除斥されます。',
  ...change,
});

/** The refund of balances through the public graph, and what the books owe. */
export function refunds({ graph, platform }: PlatformUnderTest) {
  const accounts = platform.connection.collection<{ _id: string; posted: unknown }>(
    'ledger_accounts',
  );
  return {
    open: (token: string, change: Record<string, unknown> = {}) =>
      graph.ask<Result>(
        `mutation($input: OpenRefundProgrammeInput!) { result: openRefundProgramme(input: $input) { __typename ... on RefundProgrammeOpened { programme { id state } } ... on Refusal { code } ... on RefundProgrammeIncomplete { missing } ... on RefundWindowTooShort { days } } }`,
        { input: notice(change) },
        token,
      ),
    claim: async (
      { token }: Pick<Member, 'token'>,
      claimId: string,
      payoutMethod = 'BANK_TRANSFER',
    ) => {
      const { data } = await graph.ask<Result>(
        `mutation($input: ClaimBalanceRefundInput!) { result: claimBalanceRefund(input: $input) { __typename ... on BalanceRefundClaimed { claim { id amount state payoutMethod } } ... on Refusal { code } ... on StepUpRequired { acr } } }`,
        { input: { claimId, payoutMethod } },
        token,
      );
      return data.result;
    },
    /** Closes every wallet for a programme, as if payments were stopped. */
    closeWallets: async (programmeId: string): Promise<ClosedWallets> => {
      const { connection } = platform;
      const { openWallets } = openLedger(connection);
      const controls = fixedControls({ closed: ['payment'] });
      const unitOfWork = openRefundUnitOfWork(connection);
      const outside = { openWallets, log: silentLog };
      const done = await closeWallets(unitOfWork, controls, systemClock, outside)(programmeId);
      if (isRefused(done)) throw new Error(done.refused);
      return done;
    },
    /** What we owe the owner of a wallet, yen. */
    owed: async ({ walletId }: Member): Promise<number> =>
      Number((await accounts.findOne({ _id: `refund-payable:${walletId}` }))?.posted ?? 0),
  };
}
