import { silentLog } from '@7pay/telemetry';
import type { Message } from '@7pay/world';
import { describe, expect, it } from 'vitest';
import { tellExternalId } from './tell-external-id.consumer.ts';

const contacts = [
  { channel: 'mail' as const, address: 'hana@example.jp' },
  { channel: 'sms' as const, address: '+819011112222' },
].map((one) => ({ ...one, memberId: 'mem_1', addedAt: new Date(0), verifiedAt: new Date(0) }));

const telling = (sent: Message[], delivery: 'SENT' | 'UNKNOWN' = 'SENT') =>
  tellExternalId({
    members: { find: async () => ({ id: 'mem_1', locale: 'ja' }) as never },
    contacts: { verifiedOf: async () => contacts },
    providers: { find: () => ({ name: { ja: 'くもID', en: 'Kumo ID' } }) as never },
    messenger: { send: async (message) => (sent.push(message), delivery) },
    log: silentLog,
  });
const anEvent = (change: 'LINKED' | 'UNLINKED') =>
  ({
    id: 'evt_1',
    name: 'identity.external-id.changed.v1',
    at: '2019-07-01T00:00:00Z',
    body: { memberId: 'mem_1', provider: 'kumo', change },
  }) as never;

describe('that an external ID was linked or unlinked', () => {
  it.each([
    ['LINKED', '連携されました'],
    ['UNLINKED', '連携が解除されました'],
  ] as const)(
    'is told to every verified contact, without a link or a code: %s',
    async (change, says) => {
      const sent: Message[] = [];
      await telling(sent).handle(anEvent(change));
      await telling(sent).handle(anEvent(change));
      expect(sent).toHaveLength(4);
      expect(new Set(sent.map(({ id }) => id)).size).toBe(2); // the carrier delivers each once
      for (const { text } of sent) {
        expect(text).toContain(`くもID`);
        expect(text).toContain(says);
        expect(text).not.toMatch(/https?:|\b\d{6}\b/);
      }
    },
  );

  it('is tried again when the carrier gives no answer', async () => {
    await expect(telling([], 'UNKNOWN').handle(anEvent('LINKED'))).rejects.toThrow('no answer');
  });
});
