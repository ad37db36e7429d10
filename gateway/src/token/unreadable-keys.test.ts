import { type Log, silentLog } from '@7pay/telemetry';
import { expect, it } from 'vitest';
import { send } from '../testing/raw-request.ts';
import { smallGateway } from '../testing/small-gateway.ts';
import { readViewer } from '../viewer.ts';
import { KeysUnreadable } from './issuer-keys.ts';

it('a token that nobody can verify now is answered with 503, not called invalid, and logged', async () => {
  const told: unknown[] = [];
  const log: Log = { ...silentLog, warn: (...each) => void told.push(each) };
  const gateway = await smallGateway({
    readViewer: readViewer(
      () => Promise.reject(new KeysUnreadable()),
      async () => false,
      () => ({ holds: true, withoutScopes: [] }),
    ),
    log,
  });
  const ask = (headers: Record<string, string>) =>
    send(gateway.port, '/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-request-id': 'ref-12345678', ...headers },
      chunks: ['{"query":"{ hello }"}'],
    });
  const answer = await ask({ authorization: `Bearer ${'x'.repeat(40)}` });
  expect([answer.status, answer.headers['www-authenticate']]).toEqual([503, undefined]);
  expect(JSON.parse(answer.text)).toMatchObject({
    errors: [{ extensions: { code: 'UNAVAILABLE', reference: 'ref-12345678' } }],
  });
  expect(told).toMatchObject([['token.unverified', { reference: 'ref-12345678' }]]);
  expect((await ask({})).status).toBe(200); // without a token nobody needs the keys
  await gateway.stop();
});
