#!/usr/bin/env -S node --disable-warning=ExperimentalWarning
import { AddressInUse } from '../server/listener.ts';
import { backup } from './backup.ts';
import { checkFolder } from './check.ts';
import { compactFolder } from './compact.ts';
import { EXIT, Failure } from './exit-codes.ts';
import { BadOptions, readInvocation, USAGE } from './options.ts';
import { serve } from './serve.ts';

// Field names of clients never become properties, and this makes sure nothing else does either.
Object.freeze(Object.prototype);

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(): Promise<void> {
  const invocation = readInvocation(process.argv.slice(2));
  switch (invocation.task) {
    case 'help':
      say(USAGE);
      return;
    case 'serve':
      await serve(invocation.options, {
        say,
        child: process.env['EMBEDDED_MONGO_PARENT'] === 'pipe',
      });
      return;
    case 'backup':
      await backup(invocation, say);
      return;
    case 'check':
      process.exitCode = checkFolder(invocation.dataDir, say) ? EXIT.ok : EXIT.failed;
      return;
    case 'compact':
      compactFolder(invocation.dataDir, say);
  }
}

function exitOf(error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof BadOptions) return new Failure(EXIT.usage, error.message);
  if (error instanceof AddressInUse) return new Failure(EXIT.portTaken, `The ${error.message}.`);
  return new Failure(EXIT.failed, `The engine failed: ${String((error as Error).stack)}`);
}

main().catch((error: unknown) => {
  const { exitCode, message } = exitOf(error);
  process.stderr.write(`${message}\n`);
  process.exit(exitCode);
});
