import { notFound, type MemberViewer } from '@7pay/graphql';
import { derivedId, type IdSource } from '@7pay/ids';
import { isRefused, type Refused } from '@7pay/refusals';
import type { Clock } from '@7pay/time';
import type { MerchantUnitOfWork } from '../unit-of-work.ts';
import {
  type ApplicationRefusal,
  approve,
  type MerchantApplication,
  recommend,
  reject,
} from './application.ts';

type Decided = MerchantApplication | Refused<ApplicationRefusal>;

/** First person: the application goes on to a second one. */
export const recommendApplication =
  (unitOfWork: MerchantUnitOfWork) =>
  (operator: MemberViewer, { applicationId }: { applicationId: string }): Promise<Decided> =>
    unitOfWork(async ({ applications }) => {
      const application = await applications.find(applicationId);
      if (!application) throw notFound();
      const recommended = recommend(application, operator.memberId);
      if (!isRefused(recommended)) await applications.replace(recommended);
      return recommended;
    });

/** One person is enough for a no. */
export const rejectApplication =
  (unitOfWork: MerchantUnitOfWork, clock: Clock) =>
  (
    operator: MemberViewer,
    { applicationId, reason }: { applicationId: string; reason: string },
  ): Promise<Decided> =>
    unitOfWork(async ({ applications }) => {
      const application = await applications.find(applicationId);
      if (!application) throw notFound();
      const rejected = reject(application, operator.memberId, reason, clock.now());
      if (!isRefused(rejected)) await applications.replace(rejected);
      return rejected;
    });

/** Second person: the merchant and its store come into being, and everybody who must know hears of it. */
export const approveApplication =
  (unitOfWork: MerchantUnitOfWork, clock: Clock, ids: IdSource) =>
  (operator: MemberViewer, { applicationId }: { applicationId: string }): Promise<Decided> =>
    unitOfWork(async ({ session, applications, merchants, outbox }) => {
      const application = await applications.find(applicationId);
      if (!application) throw notFound();
      const made = {
        merchantId: derivedId('mer', application.id),
        storeId: derivedId('sto', application.id),
        // Drawn here and not outside: a code that is taken runs this again, and has to be another one then.
        storeCode: ids.digits(6),
      };
      const at = clock.now();
      const approved = approve(application, operator.memberId, made, at);
      if (isRefused(approved)) return approved;
      await applications.replace(approved.application);
      await merchants.insert(approved.merchant, approved.store);
      await outbox.append(session, {
        id: `evt_store_opened_${made.storeId}`,
        name: 'merchant.store.opened.v1',
        at: at.toISOString(),
        body: {
          storeId: made.storeId,
          merchantId: made.merchantId,
          opensOn: application.opensOn,
          storeName: application.storeName,
        },
      });
      const { bankAccount } = application;
      if (bankAccount) {
        await outbox.append(session, {
          id: `evt_bank_account_${made.merchantId}`,
          name: 'merchant.bank-account.approved.v1',
          at: at.toISOString(),
          body: { merchantId: made.merchantId, account: bankAccount },
        });
      }
      return approved.application;
    });
