import { describe, expect, it } from 'vitest';
import { createLog } from './log.ts';
import { isRequestId, newRequestId } from './request-id.ts';

function recorded(write: (log: ReturnType<typeof createLog>) => void): string {
  const lines: string[] = [];
  write(createLog({ service: 'test', destination: { write: (line) => void lines.push(line) } }));
  return lines.join('');
}

describe('the log', () => {
  it('writes an event and its facts', () => {
    const line = recorded((log) =>
      log.info('payment.accepted', { paymentId: 'pay_1', amount: 1080 }),
    );
    expect(JSON.parse(line)).toMatchObject({
      msg: 'payment.accepted',
      paymentId: 'pay_1',
      amount: 1080,
    });
  });

  it('drops fields that nobody allowed and says which', () => {
    const line = recorded((log) => log.info('login.failed', { password: 'hunter2', status: 401 }));
    expect(line).not.toContain('hunter2');
    expect(JSON.parse(line)).toMatchObject({ status: 401, droppedFields: ['password'] });
  });

  it.each([
    ['a token', 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJtZW1fMSJ9.c2ln'],
    ['a mail address', 'sato.hanako@example.co.jp'],
    ['a payment code', '900081810123456789012345'],
    ['a card number', '4111111111111111'],
    ['a phone number', '090-1234-5678'],
    ['an international phone number', '+819012345678'],
    ['database credentials', 'mongodb://admin:s3cret@127.0.0.1:27017'],
  ])('masks %s inside an allowed field and inside an error', (_, secret) => {
    const text = recorded((log) => {
      log.warn('x', { reason: `it was ${secret} there` });
      log
        .child({ reason: secret })
        .error('y', { cause: new Error('a', { cause: new Error(secret) }) });
    });
    expect(text).not.toContain(secret);
    expect(text).not.toContain('s3cret');
  });
});

describe('the id of a request', () => {
  it.each([
    ['one of ours', newRequestId(), true],
    ['one that looks like a phone number inside', '00000000-0120-4567-8901-000000000000', true],
    ['a word', 'order-12345', true],
    ['nothing', undefined, false],
    ['a card number', '4111111111111111', false],
    ['a phone number', '090-1234-5678', false],
    ['other characters', 'a b c d e f g', false],
    ['a long one', 'x'.repeat(65), false],
  ])('is kept or made anew: %s', (_, text, isKept) => {
    expect(isRequestId(text)).toBe(isKept);
  });
});
