import type { Controls, ControlsRefusal } from '@7pay/controls';
import { type MemberViewer, oneLine } from '@7pay/graphql';
import { derivedId, digest } from '@7pay/ids';
import { isRefused, type Refused, refuse } from '@7pay/refusals';
import { businessDate, type Clock } from '@7pay/time';
import { bankAccountOf, type BankAccount } from '@7pay/zengin';
import type { MerchantUnitOfWork } from '../unit-of-work.ts';
import {
  type ApplicationForm,
  type ApplicationRefusal,
  faultsOf,
  freeSlot,
  type MerchantApplication,
  OPEN_APPLICATIONS,
  TEXTS,
} from './application.ts';

/**
 * Takes an application, each of its texts as one line. The applicant's own number makes it one application however often it is
 * sent; several at once are never more than may be open.
 */
export const applyAsMerchant =
  (unitOfWork: MerchantUnitOfWork, controls: Controls, clock: Clock) =>
  async (
    viewer: MemberViewer,
    { applicationId, ...told }: ApplicationForm & { applicationId: string },
  ): Promise<MerchantApplication | Refused<ApplicationRefusal | ControlsRefusal>> => {
    const allowed = controls.guard('merchant.onboarding');
    const at = clock.now();

    const id = derivedId('app', viewer.memberId, applicationId);
    // A form without an account says what forms said before there was one.
    const request = digest({ ...told, bankAccount: told.bankAccount ?? undefined });
    const form = inLines(told);
    return unitOfWork(async ({ applications }) => {
      const earlier = await applications.find(id);
      if (earlier) return earlier.request === request ? earlier : refuse('APPLICATION_ID_REUSED');
      if (isRefused(allowed)) return allowed;
      const faults = faultsOf(form, businessDate(at));
      if (faults.length > 0) return refuse('APPLICATION_INCOMPLETE', { fields: faults.join(', ') });
      const slot = freeSlot(await applications.openOf(viewer.memberId));
      if (slot === undefined) return refuse('TOO_MANY_APPLICATIONS', { limit: OPEN_APPLICATIONS });
      const application: MerchantApplication = {
        ...form,
        bankAccount: form.bankAccount && (bankAccountOf(form.bankAccount) as BankAccount), // no fault
        id,
        request,
        state: 'APPLIED',
        appliedBy: viewer.memberId,
        appliedAt: at,
        recommendedBy: null,
        decidedBy: null,
        decidedAt: null,
        reason: null,
        merchantId: null,
        storeId: null,
        slot,
      };
      await applications.insert(application);
      return application;
    });
  };

const inLines = (form: ApplicationForm): ApplicationForm => ({
  ...form,
  ...Object.fromEntries(TEXTS.map((field) => [field, oneLine(form[field])])),
});
