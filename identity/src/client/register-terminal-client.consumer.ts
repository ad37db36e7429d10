import { consume, type Consumer } from '@7pay/events';
import type { Log } from '@7pay/telemetry';
import { z } from 'zod';
import { toTerminalClient } from './client.ts';
import type { ClientStore } from './client.store.ts';

const coordinate = z.string().regex(/^[A-Za-z0-9_-]{43}$/); // 32 bytes, base64url
const pairedTerminal = z.object({
  terminalId: z.string().regex(/^ter_[0-9a-z]{1,64}$/),
  storeId: z.string().regex(/^sto_[0-9a-z]{1,64}$/),
  merchantId: z.string().regex(/^mer_[0-9a-z]{1,64}$/),
  label: z.string().min(1).max(100),
  publicKeyX: coordinate,
  publicKeyY: coordinate,
});

/** A paired terminal becomes a client. Written by its own id, so hearing it twice changes nothing. */
export const registerTerminalClient = (clients: ClientStore, log: Log): Consumer =>
  consume<unknown>('merchant.terminal.paired.v1', async ({ body }) => {
    const terminal = pairedTerminal.parse(body);
    const client = toTerminalClient(terminal);
    await clients.put(client, 'EVENT');
    log.info('client.registered', { clientId: client.client_id, terminalId: terminal.terminalId });
  });
