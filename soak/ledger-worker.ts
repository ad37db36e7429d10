import type { JsonWebKey } from 'node:crypto';
import 'reflect-metadata';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fixedControls } from '@7pay/controls';
import type { AgreementViewer, MemberViewer, TerminalViewer } from '@7pay/graphql';
import { randomIds } from '@7pay/ids';
import { credit, debit, sealJournal, sealKeyOf, walletAccount } from '@7pay/ledger';
import { yen } from '@7pay/money';
import { connect } from '@7pay/mongo';
import { isRefused, type Refused } from '@7pay/refusals';
import { silentLog } from '@7pay/telemetry';
import type { Clock } from '@7pay/time';
import { payAsAgreed } from '../subgraphs/wallet/src/agreement/pay-as-agreed.ts';
import { issuePaymentCode } from '../subgraphs/wallet/src/payment-code/issue-payment-code.ts';
import { presentCode as codePresenter } from '../subgraphs/wallet/src/payment-code/present-code.ts';
import { deviceVault } from '../subgraphs/wallet/src/payment-device/device-vault.ts';
import { acceptPayment } from '../subgraphs/wallet/src/payment/accept-payment.ts';
import { authorizePayment } from '../subgraphs/wallet/src/payment/authorize-payment.ts';
import { cancelPayment } from '../subgraphs/wallet/src/payment/cancel-payment.ts';
import { capturePayment } from '../subgraphs/wallet/src/payment/capture-payment.ts';
import type { Payment } from '../subgraphs/wallet/src/payment/payment.ts';
import { refundPayment } from '../subgraphs/wallet/src/payment/refund-payment.ts';
import {
  confirmMyPayment,
  decideHeldPayment,
  denyMyPayment,
} from '../subgraphs/wallet/src/review/decide-review.ts';
import type { Judge } from '../subgraphs/wallet/src/review/review.ts';
import { openWalletUnitOfWork } from '../subgraphs/wallet/src/unit-of-work.ts';
import { openWallet } from '../subgraphs/wallet/src/wallet/open-wallet.ts';
import { AGREEMENTS, PARTNER } from './agreements.ts';
import { randomFrom } from '../packages/embedded-mongo/src/testing/random.ts';

/** What the soak tells a worker to do. */
export interface LedgerWork {
  readonly uri: string;
  readonly dbName: string;
  readonly seed: number;
  /** Prefix of the numbers that this worker makes. */
  readonly name: string;
  readonly members: readonly string[];
  readonly inFlight: number;
  /** How far its clock is off, milliseconds. */
  readonly clockOffMs: number;
  readonly sealKey: JsonWebKey;
}

/** What a worker was answered: said only when the answer is there. */
export interface Told {
  readonly number: string;
  readonly did: 'accept' | 'authorize' | 'capture' | 'cancel' | 'refund' | 'decide' | 'agree';
  readonly outcome: string;
}

// What to do comes as the first line of the input; its end is that of whoever started this.
const input = createInterface({ input: process.stdin });
const [first] = (await once(input, 'line')) as [string];
input.on('close', () => process.exit(0));
const work = JSON.parse(first) as LedgerWork;
const clock: Clock = { now: () => new Date(Date.now() + work.clockOffMs) };
const upTo = randomFrom(work.seed);
const connection = await connected();
const unitOfWork = openWalletUnitOfWork(connection, clock);
const controls = fixedControls();
const common = { locale: 'ja', requestId: 'soak', clientId: 'soak', scopes: ['wallet'] } as const;
const terminal: TerminalViewer = {
  ...common,
  kind: 'terminal',
  terminalId: 'ter_soak',
  storeId: 'sto_soak',
  merchantId: 'mer_soak',
};
const memberOf = (memberId: string): MemberViewer => ({
  ...common,
  kind: 'member',
  memberId,
  acr: 'urn:7id:acr:2',
  authTime: 0,
  roles: [],
});
const presentCode = codePresenter(deviceVault('soak '.repeat(8)), controls);
/** Every fifth amount is looked at. */
const judge: Judge = {
  fromYen: () => 1,
  reviewOf: ({ amountYen }) =>
    amountYen % 5 === 0
      ? { reasons: ['UNUSUAL_AMOUNT'], rules: '2019-07-01', answerMinutes: 1 }
      : null,
};
const use = {
  open: openWallet(unitOfWork, controls, clock),
  issue: issuePaymentCode(unitOfWork, controls, clock, randomIds),
  accept: acceptPayment(unitOfWork, controls, clock, { presentCode, judge }),
  authorize: authorizePayment(unitOfWork, controls, clock, { presentCode, judge }),
  capture: capturePayment(unitOfWork, controls, clock),
  cancel: cancelPayment(unitOfWork, controls, clock),
  refund: refundPayment(unitOfWork, controls, clock),
  confirm: confirmMyPayment(unitOfWork, controls, clock),
  deny: denyMyPayment(unitOfWork, controls, clock),
  desk: decideHeldPayment(unitOfWork, controls, clock),
  agree: payAsAgreed(unitOfWork, controls, clock),
};
sealJournal(connection, {
  key: sealKeyOf(work.sealKey),
  clock,
  log: silentLog,
}).start();

/** The database may be killed while this begins: it comes back. */
async function connected(): Promise<Awaited<ReturnType<typeof connect>>> {
  for (;;) {
    const connection = await connect(work.uri, { dbName: work.dbName, timeoutMs: 20_000 }).catch(
      () => undefined,
    );
    if (connection) return connection;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const tell = (told: Told) => void process.stdout.write(`${JSON.stringify(told)}\n`);
const outcomeOf = (answer: Payment | Refused<string>): string =>
  isRefused(answer) ? `refused ${answer.refused}` : answer.state;
let serial = 0;
const numbers: string[] = [];

/** The member and the support desk decide at once, in two ways: one of them does. */
async function decide(member: MemberViewer, { id: paymentId }: Payment, number: string) {
  const how = upTo(2) === 0 ? 'ALLOWED' : 'REFUSED';
  const answers = await Promise.all([
    upTo(2) === 0
      ? use.confirm(member, { paymentId })
      : use.deny(member, { paymentId, freeze: false }),
    use.desk(memberOf('mem_desk'), { paymentId, how, note: 'soak' }),
  ]);
  for (const answer of answers) {
    if (!isRefused(answer)) tell({ number, did: 'decide', outcome: outcomeOf(answer) });
  }
}

/** A partner makes a payment that was agreed. */
async function agree(): Promise<void> {
  const n = upTo(AGREEMENTS);
  const agreed = {
    paymentId: `agreed-${n}`,
    merchantId: 'mer_soak',
    currency: 'JPY',
    amount: 100 + n,
  };
  const viewer: AgreementViewer = {
    ...common,
    clientId: PARTNER,
    kind: 'agreement',
    memberId: work.members[n % work.members.length]!,
    acr: 'urn:7id:acr:2',
    authTime: 0,
    agreed,
  };
  const answer = await use.agree(viewer, { storeId: 'sto_soak', amount: yen(agreed.amount) });
  tell({ number: agreed.paymentId, did: 'agree', outcome: outcomeOf(answer) });
}

async function one(): Promise<void> {
  const memberId = work.members[upTo(work.members.length)]!;
  const member = memberOf(memberId);
  const wallet = await use.open(member, { termsVersion: '2019-07-01' });
  if (isRefused(wallet)) throw new Error(wallet.refused);
  const dice = upTo(11);
  serial += 1;
  const number = `${work.name}-${serial}`;
  if (dice === 10) {
    await agree();
  } else if (dice < 2) {
    const amount = 1_000 * (1 + upTo(9));
    await unitOfWork(async ({ session, ledger }) => {
      await ledger.post(session, {
        id: `top_${number}`,
        kind: 'TOP_UP',
        wallet: wallet.id,
        at: clock.now(),
        legs: [
          debit('register-cash:sto_soak', amount),
          credit(walletAccount(wallet.id), amount, { origin: dice === 0 ? 'cash' : 'points' }),
        ],
        generation: 1,
        ref: {},
      });
    });
  } else if (dice < 7) {
    const issued = await use.issue(member);
    if (isRefused(issued)) throw new Error(issued.refused);
    const did = dice < 5 ? 'accept' : 'authorize';
    numbers.push(number);
    const { merchantId, storeId, terminalId } = terminal;
    const from = { merchantId, storeId, terminalId };
    const request = { ...from, code: issued.code, amount: yen(1 + upTo(3_000)) };
    const answer = await use[did]({ ...request, merchantPaymentId: number });
    tell({ number, did, outcome: outcomeOf(answer) });
    if (!isRefused(answer) && answer.state === 'UNDER_REVIEW') await decide(member, answer, number);
  } else {
    const earlier = numbers[upTo(numbers.length)];
    if (earlier === undefined) return;
    if (dice === 7) {
      const answer = await use.capture(terminal, { merchantPaymentId: earlier });
      tell({ number: earlier, did: 'capture', outcome: outcomeOf(answer) });
    } else if (dice === 8) {
      const { outcome } = await use.cancel(terminal, { merchantPaymentId: earlier });
      tell({ number: earlier, did: 'cancel', outcome });
    } else {
      const refund = { merchantPaymentId: earlier, refundId: number, amount: yen(1 + upTo(500)) };
      const answer = await use.refund(terminal, refund);
      if (!isRefused(answer)) tell({ number, did: 'refund', outcome: 'ok' });
    }
  }
}

await Promise.all(
  Array.from({ length: work.inFlight }, async () => {
    // What fails has an unknown outcome: the books decide. A database that is away comes back.
    for (;;) await one().catch(() => new Promise((resolve) => setTimeout(resolve, 20)));
  }),
);
