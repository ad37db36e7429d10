import { describe, expect, it } from 'vitest';
import { openWorkIn } from './open-work.store.ts';

function memory() {
  const rows = new Map<string, string>();
  return {
    rows,
    getItem: (key: string) => rows.get(key) ?? null,
    setItem: (key: string, value: string) => void rows.set(key, value),
    removeItem: (key: string) => void rows.delete(key),
  };
}
const sentAt = '2026-01-01T00:00:00.000Z';

describe('open work', () => {
  it('outlives the page', () => {
    const store = memory();
    const payment = { merchantPaymentId: 'mp-1', amount: 648, sentAt };
    const topUp = { topUpId: 'tu-1', amount: 5_000, sentAt };
    openWorkIn(store).keepPayment(payment);
    openWorkIn(store).keepTopUp(topUp);
    expect(openWorkIn(store).payment()).toEqual(payment);
    expect(openWorkIn(store).topUp()).toEqual(topUp);
  });

  it('is struck out when it is final', () => {
    const store = memory();
    const work = openWorkIn(store);
    work.keepPayment({ merchantPaymentId: 'mp-1', amount: 648, sentAt });
    work.keepPayment(null);
    expect(work.payment()).toBeNull();
    expect(store.rows.size).toBe(0);
  });

  it.each(['{', '1', 'null', '{"amount":1}', '{"merchantPaymentId":1,"amount":1}'])(
    'is none in the broken note %s',
    (note) => {
      const store = memory();
      store.setItem('7pay.pos.open-payment', note);
      store.setItem('7pay.pos.open-top-up', note);
      expect(openWorkIn(store).payment()).toBeNull();
      expect(openWorkIn(store).topUp()).toBeNull();
    },
  );
});
