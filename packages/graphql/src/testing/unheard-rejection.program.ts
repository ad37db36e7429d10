import { createLog } from '@7pay/telemetry';
import { goOnAfterRejections } from '../go-on.ts';

// Run as a process of its own: a promise rejects and nobody listens.
goOnAfterRejections(createLog({ service: 'test', level: 'info' }));
void Promise.reject(new Error('nobody listens'));
setTimeout(() => process.stdout.write('alive\n'), 50);
