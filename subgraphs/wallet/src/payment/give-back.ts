import { derivedId } from '@7pay/ids';
import { payableAccount, type PlainPlan } from '@7pay/ledger';
import { isRefused } from '@7pay/refusals';
import { openCase } from '../case/wallet-case.ts';
import type { WalletWork } from '../unit-of-work.ts';
import { owed, suspended } from './payment-entries.ts';
import type { Payment } from './payment.ts';

/**
 * Books what gives a payment back, inside a unit of work. A closed wallet takes nothing: then it becomes payable to its member, who
 * claims it like the rest; when claims are over, it lies in suspense with a case. The merchant is not paid for goods that came back,
 * whatever becomes of it.
 */
export async function giveBack(work: WalletWork, plan: PlainPlan, payment: Payment): Promise<void> {
  const { session, ledger, cases } = work;
  if (!isRefused(await ledger.post(session, plan))) return;
  const payable = await ledger.account(session, payableAccount(payment.walletId));
  if (payable && !isRefused(await ledger.post(session, owed(plan, payment)))) return;
  await ledger.post(session, suspended(plan, payment));
  const { walletId, memberId } = payment;
  const told = { id: derivedId('cas', plan.id), walletId, memberId, subject: plan.id, note: NOTE };
  await cases.insert(openCase(told, plan.at));
}

const NOTE =
  '払戻しの期間が終わった後に、閉鎖済みのウォレットへ返金されました。お金は仮受けにあります。 / Given back to a closed wallet when claims were over: the money lies in suspense.';
