import { oneLine } from '@7pay/graphql';
import { type BusinessDate, isBusinessDate } from '@7pay/time';
import { type BankAccount, type BankAccountGiven, bankAccountOf } from '@7pay/zengin';
import { declareRefusals, type Refused, refuse } from '@7pay/refusals';
import type { Merchant, Store } from '../merchant/merchant.ts';

export type ApplicationRefusal =
  | 'APPLICATION_ID_REUSED'
  | 'APPLICATION_INCOMPLETE'
  | 'APPLICATION_STATE_WRONG'
  | 'SECOND_PERSON_REQUIRED'
  | 'TOO_MANY_APPLICATIONS';

declareRefusals('merchant-application', {
  APPLICATION_ID_REUSED: {
    ja: '同じ申込番号が別の内容で使われています。新しい番号でお申し込みください。',
    en: 'This application number was used with other contents. Please apply with a new number.',
  },
  APPLICATION_INCOMPLETE: {
    ja: '申込内容をご確認ください（{fields}）。',
    en: 'Please check the application ({fields}).',
  },
  APPLICATION_STATE_WRONG: {
    ja: 'この申込は現在その操作を受け付けません（状態: {state}）。',
    en: 'The application does not take this step now (state: {state}).',
  },
  TOO_MANY_APPLICATIONS: {
    ja: '審査中のお申し込みは{limit}件までです。結果をお待ちください。',
    en: 'At most {limit} applications of yours are looked at at once. Please wait for a decision.',
  },
});

/** APPLIED 申込 → RECOMMENDED 審査済 → APPROVED 契約; or REJECTED. */
export type ApplicationState = 'APPLIED' | 'RECOMMENDED' | 'APPROVED' | 'REJECTED';

/** What an applicant tells. */
export interface ApplicationForm {
  readonly merchantName: string;
  readonly merchantNameKana: string;
  readonly storeName: string;
  readonly storeAddress: string;
  readonly invoiceNumber: string | null;
  readonly opensOn: string;
  /** Where it is paid; it can sell without one, and is paid once there is one. */
  readonly bankAccount: BankAccountGiven | null;
}

/** A business that wants to sell with 7pay. */
export interface MerchantApplication extends ApplicationForm {
  readonly bankAccount: BankAccount | null;
  readonly id: string;
  /** Digest of the form: the same number with other contents is refused. */
  readonly request: string;
  readonly state: ApplicationState;
  readonly appliedBy: string;
  readonly appliedAt: Date;
  readonly recommendedBy: string | null;
  readonly decidedBy: string | null;
  readonly decidedAt: Date | null;
  readonly reason: string | null;
  readonly merchantId: string | null;
  readonly storeId: string | null;
  /** Its place among the applicant's open ones, 1 to 5; null once it is decided. */
  readonly slot: number | null;
}

/** Open applications of one member: operators read each of them. */
export const OPEN_APPLICATIONS = 5;

/** The place that is free, or none. */
export const freeSlot = (open: readonly MerchantApplication[]): number | undefined =>
  Array.from({ length: OPEN_APPLICATIONS }, (_, index) => index + 1).find(
    (slot) => !open.some((application) => application.slot === slot),
  );

/** Characters. The name of a store stands in each mail and each line of a statement about it. */
const LONGEST = {
  merchantName: 200,
  merchantNameKana: 200,
  storeName: 60,
  storeAddress: 200,
} as const satisfies Partial<Record<keyof ApplicationForm, number>>;
export const TEXTS = ['merchantName', 'merchantNameKana', 'storeName', 'storeAddress'] as const;

const textFaults = (form: ApplicationForm): string[] =>
  TEXTS.filter((field) => {
    const { length } = [...form[field]];
    return length === 0 || length > LONGEST[field] || oneLine(form[field]) !== form[field];
  });

/** Which fields of a form, its texts in one line each, are missing or wrong; empty when it is complete. */
export function faultsOf(form: ApplicationForm, today: BusinessDate): string[] {
  const faults: string[] = textFaults(form);
  if (!/^[\p{Script=Katakana}ー・　 0-9A-Za-z]+$/u.test(form.merchantNameKana))
    faults.push('merchantNameKana');
  // 適格請求書発行事業者: T and 13 digits
  if (form.invoiceNumber !== null && !/^T\d{13}$/.test(form.invoiceNumber))
    faults.push('invoiceNumber');
  if (!isBusinessDate(form.opensOn) || form.opensOn < today) faults.push('opensOn');
  const account = form.bankAccount && bankAccountOf(form.bankAccount);
  if (Array.isArray(account)) faults.push(...account.map((field) => `bankAccount.${field}`));
  return [...new Set(faults)];
}

/** An operator's look at an application: it may go on to a second person. */
export function recommend(
  application: MerchantApplication,
  operatorId: string,
): MerchantApplication | Refused<ApplicationRefusal> {
  if (application.state !== 'APPLIED')
    return refuse('APPLICATION_STATE_WRONG', { state: application.state });
  if (application.appliedBy === operatorId) return refuse('SECOND_PERSON_REQUIRED');
  return { ...application, state: 'RECOMMENDED', recommendedBy: operatorId };
}

/** The second person's approval. It makes the merchant and its first store. */
export function approve(
  application: MerchantApplication,
  operatorId: string,
  made: { merchantId: string; storeId: string; storeCode: string },
  at: Date,
):
  | { application: MerchantApplication; merchant: Merchant; store: Store }
  | Refused<ApplicationRefusal> {
  if (application.state !== 'RECOMMENDED')
    return refuse('APPLICATION_STATE_WRONG', { state: application.state });
  if (application.recommendedBy === operatorId || application.appliedBy === operatorId) {
    return refuse('SECOND_PERSON_REQUIRED');
  }
  // One from before texts were cleaned is sent anew: its names would stand in mails and statements.
  const faults = textFaults(application);
  if (faults.length > 0) return refuse('APPLICATION_INCOMPLETE', { fields: faults.join(', ') });
  const { merchantName, merchantNameKana, invoiceNumber, opensOn, storeName, storeAddress } =
    application;
  const { bankAccount } = application;
  const { merchantId, storeId, storeCode } = made;
  return {
    application: {
      ...application,
      state: 'APPROVED',
      slot: null,
      decidedBy: operatorId,
      decidedAt: at,
      merchantId,
      storeId,
    },
    merchant: {
      id: merchantId,
      name: merchantName,
      nameKana: merchantNameKana,
      state: 'ACTIVE',
      opensOn,
      invoiceNumber,
      bankAccount,
    },
    store: {
      id: storeId,
      merchantId,
      code: storeCode,
      name: storeName,
      address: storeAddress,
      state: 'SELLING',
      opensOn,
    },
  };
}

/** An operator's no, with its reason. One person is enough: nothing starts. */
export function reject(
  application: MerchantApplication,
  operatorId: string,
  reason: string,
  at: Date,
): MerchantApplication | Refused<ApplicationRefusal> {
  if (application.state !== 'APPLIED' && application.state !== 'RECOMMENDED') {
    return refuse('APPLICATION_STATE_WRONG', { state: application.state });
  }
  const decided = { decidedBy: operatorId, decidedAt: at, reason };
  return { ...application, ...decided, state: 'REJECTED', slot: null };
}
