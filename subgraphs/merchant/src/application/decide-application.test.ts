import type { MemberViewer } from '@7pay/graphql';
import { type IdSource, randomIds } from '@7pay/ids';
import { type TestDatabase, testDatabase } from '@7pay/testing';
import { fixedClock } from '@7pay/time';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { storeModel } from '../merchant/merchant.store.ts';
import { prepareMerchant } from '../prepare.ts';
import { openMerchantUnitOfWork } from '../unit-of-work.ts';
import type { MerchantApplication } from './application.ts';
import { approveApplication } from './decide-application.ts';

const clock = fixedClock('2019-07-01T03:00:00Z');
const operator: MemberViewer = {
  locale: 'ja',
  requestId: 'r',
  clientId: 'c',
  scopes: [],
  kind: 'member',
  memberId: 'mem_second',
  acr: 'urn:7id:acr:2',
  authTime: 0,
  roles: [],
};
const recommended = (id: string): MerchantApplication => ({
  id,
  request: id,
  state: 'RECOMMENDED',
  merchantName: '青葉商店',
  merchantNameKana: 'アオバ',
  storeName: '青葉',
  storeAddress: '東京',
  invoiceNumber: null,
  bankAccount: null,
  opensOn: '2019-07-02',
  appliedBy: 'mem_owner',
  appliedAt: clock.now(),
  recommendedBy: 'mem_first',
  decidedBy: null,
  decidedAt: null,
  reason: null,
  merchantId: null,
  storeId: null,
  slot: 1,
});
let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase('decide_application');
  await prepareMerchant(database.connection);
});
afterAll(() => database.drop());

describe('an application that is approved', () => {
  it('draws another store code when the one it drew is taken', async () => {
    const unitOfWork = openMerchantUnitOfWork(database.connection, { append: async () => {} });
    const drawn = ['111111', '111111', '111111', '222222'];
    const ids: IdSource = { ...randomIds, digits: () => drawn.shift()! };
    const approve = approveApplication(unitOfWork, clock, ids);
    for (const id of ['app_1', 'app_2']) {
      await unitOfWork(({ applications }) => applications.insert(recommended(id)));
      expect(await approve(operator, { applicationId: id })).toMatchObject({ state: 'APPROVED' });
    }
    const stores = await storeModel(database.connection).find().sort({ code: 1 }).lean();
    expect(stores.map(({ code }) => code)).toEqual(['111111', '222222']);
    expect(drawn).toEqual([]);
  });

  it('is none whose texts are longer, or of more lines, than those that are taken now', async () => {
    const unitOfWork = openMerchantUnitOfWork(database.connection, { append: async () => {} });
    const approve = approveApplication(unitOfWork, clock, randomIds);
    const old = {
      ...recommended('app_old'),
      storeName: '青葉\r\nhttps://evil.example',
      slot: null,
    };
    await unitOfWork(({ applications }) => applications.insert(old));
    expect(await approve(operator, { applicationId: 'app_old' })).toMatchObject({
      refused: 'APPLICATION_INCOMPLETE',
      facts: { fields: 'storeName' },
    });
  });
});
