import { endOnSignals } from './end-process.ts';

/** The body of a service's `main.ts`: one clear line instead of a stack when it cannot start, an orderly end on a signal. */
export async function runMain(start: () => Promise<{ stop(): Promise<void> }>): Promise<void> {
  const unwanted = () => process.exit(1); // its starter has ended meanwhile
  if (process.connected === false) unwanted(); // undefined without a starter that holds a channel
  process.once('disconnect', unwanted);
  try {
    const running = await start();
    process.off('disconnect', unwanted);
    endOnSignals(() => running.stop());
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
}
