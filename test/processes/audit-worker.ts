import 'reflect-metadata';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { randomIds } from '@7pay/ids';
import { connect, unitOfWork } from '@7pay/mongo';
import { systemClock } from '@7pay/time';
import { openAudit } from '../../identity/src/audit/audit.store.ts';

/** Where a test lets the worker record events, and how it names them. */
export interface AuditWork {
  readonly uri: string;
  readonly dbName: string;
  readonly name: string;
}

const IN_FLIGHT = 12;

// Records events until it is killed, and tells of each that it was promised.
const input = createInterface({ input: process.stdin });
const [first] = (await once(input, 'line')) as [string];
input.on('close', () => process.exit(0));
const { uri, dbName, name } = JSON.parse(first) as AuditWork;
const connection = await connect(uri, { dbName, timeoutMs: 20_000 });
const audit = openAudit(connection, { clock: systemClock, ids: randomIds });
const inUnit = unitOfWork(connection, { deadlineMs: 20_000 });

let made = 0;
async function record(): Promise<never> {
  for (;;) {
    const about = `${name}.${(made += 1)}`;
    const alone = made % 3 !== 0;
    if (alone) await audit.append('LOGIN_REFUSED', { about });
    else await inUnit((session) => audit.append('LOGIN_MADE', { about }, session));
    process.stdout.write(`${about}\n`);
  }
}
await Promise.all(Array.from({ length: IN_FLIGHT }, record));
