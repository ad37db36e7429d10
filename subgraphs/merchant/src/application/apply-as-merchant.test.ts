import { fixedControls } from '@7pay/controls';
import type { MemberViewer } from '@7pay/graphql';
import { isRefused } from '@7pay/refusals';
import { type TestDatabase, testDatabase } from '@7pay/testing';
import { fixedClock } from '@7pay/time';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prepareMerchant } from '../prepare.ts';
import { openMerchantUnitOfWork } from '../unit-of-work.ts';
import {
  type ApplicationForm,
  type MerchantApplication,
  OPEN_APPLICATIONS,
} from './application.ts';
import { applyAsMerchant } from './apply-as-merchant.ts';
import { rejectApplication } from './decide-application.ts';

const clock = fixedClock('2019-07-01T03:00:00Z');
const viewerOf = (memberId: string): MemberViewer => ({
  locale: 'ja',
  requestId: 'r',
  clientId: 'c',
  scopes: ['merchant'],
  kind: 'member',
  memberId,
  acr: 'urn:7id:acr:2',
  authTime: 0,
  roles: [],
});
const form: ApplicationForm = {
  merchantName: '青葉商店',
  merchantNameKana: 'アオバショウテン',
  storeName: '青葉',
  storeAddress: '東京',
  invoiceNumber: null,
  opensOn: '2019-07-02',
  bankAccount: null,
};
let database: TestDatabase;
let unitOfWork: ReturnType<typeof openMerchantUnitOfWork>;
beforeAll(async () => {
  database = await testDatabase('apply_as_merchant');
  await prepareMerchant(database.connection);
  unitOfWork = openMerchantUnitOfWork(database.connection, { append: async () => {} });
});
afterAll(() => database.drop());

const apply = (memberId: string, applicationId: string, change: Partial<ApplicationForm> = {}) =>
  applyAsMerchant(
    unitOfWork,
    fixedControls(),
    clock,
  )(viewerOf(memberId), {
    ...form,
    ...change,
    applicationId,
  });
const applied = (answer: Awaited<ReturnType<typeof apply>>): MerchantApplication => {
  if (isRefused(answer)) throw new Error(answer.refused);
  return answer;
};

describe('what an applicant tells', () => {
  it('is kept as one line each: no blanks about it, no line breaks, nothing that turns the text around', async () => {
    const told = {
      merchantName: `  青葉${' '.repeat(90_000)}商店\u3000`,
      merchantNameKana: 'アオバ\n ショウテン',
      storeName: '\u202e青葉\r\n\r\nhttps://example.test\u2066',
      storeAddress: '\t東京\u0000都\u200b',
    };
    const kept = applied(await apply('mem_lines', 'a', told));
    expect(kept).toMatchObject({
      merchantName: '青葉 商店',
      merchantNameKana: 'アオバ ショウテン',
      storeName: '青葉 https://example.test',
      storeAddress: '東京 都',
    });
    expect(await apply('mem_lines', 'a', told)).toEqual(kept);
  });

  it.each([
    ['merchantName', 200],
    ['storeAddress', 200],
    ['storeName', 60],
  ] as const)(
    '%s has at most %i characters, a letter of two units counted once',
    async (field, most) => {
      const member = `mem_${field.toLowerCase()}`;
      expect(applied(await apply(member, 'a', { [field]: '𠮷'.repeat(most) })).state).toBe(
        'APPLIED',
      );
      expect(await apply(member, 'b', { [field]: 'あ'.repeat(most + 1) })).toMatchObject({
        refused: 'APPLICATION_INCOMPLETE',
        facts: { fields: field },
      });
    },
  );
});

describe('a member', () => {
  it('has so many open applications and no more, sent at once too, until one is decided', async () => {
    const numbers = Array.from({ length: OPEN_APPLICATIONS + 3 }, (_, n) => `n${n}`);
    const answers = await Promise.all(numbers.map((number) => apply('mem_many', number)));
    const taken = answers.filter((answer) => !isRefused(answer));
    expect(taken).toHaveLength(OPEN_APPLICATIONS);
    expect(answers.filter(isRefused)).toEqual(
      Array(3).fill({ refused: 'TOO_MANY_APPLICATIONS', facts: { limit: OPEN_APPLICATIONS } }),
    );
    const [first] = taken.map(applied);
    const number = numbers[answers.indexOf(first!)]!;
    expect(await apply('mem_many', number)).toEqual(first);
    expect(applied(await apply('mem_other', 'n0')).state).toBe('APPLIED');

    const reject = rejectApplication(unitOfWork, clock);
    await reject(viewerOf('mem_operator'), { applicationId: first!.id, reason: '確認' });
    expect(applied(await apply('mem_many', 'later')).state).toBe('APPLIED');
    expect(await apply('mem_many', 'too late')).toMatchObject({
      refused: 'TOO_MANY_APPLICATIONS',
    });
  });
});
