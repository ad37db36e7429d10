import { checkFolder } from '../packages/embedded-mongo/src/cli/check.ts';
import { crashUnderLoad } from '../packages/embedded-mongo/src/testing/crash-load.ts';
import { TestEngine } from '../packages/embedded-mongo/src/testing/engine.ts';
import { fuzzFrames } from '../packages/embedded-mongo/src/testing/frame-fuzz.ts';
import { InProcessEngine } from '../packages/embedded-mongo/src/testing/in-process.ts';
import { IsolationRun } from '../packages/embedded-mongo/src/testing/isolation-run.ts';
import { randomFrom } from '../packages/embedded-mongo/src/testing/random.ts';
import type { SoakOptions, SoakResult } from './main.ts';

const SEEDS_A_ROUND = 0.5;
const STEPS = 2000;
const FRAMES_A_ROUND = 100;

/** Isolation against its model, crashes under load, and hostile frames, all at full length. */
export async function soakEmbeddedMongo(options: SoakOptions): Promise<SoakResult> {
  const { rounds, seed, say } = options;
  const findings: string[] = [];
  for (let i = 0; i < rounds * SEEDS_A_ROUND; i++) findings.push(...(await isolation(seed + i)));
  say(`isolation: ${Math.ceil(rounds * SEEDS_A_ROUND)} runs of ${STEPS} steps`);

  const engine = await TestEngine.start();
  const report = await crashUnderLoad(engine, { rounds, random: randomFrom(seed) });
  findings.push(...report.findings);
  say(
    `crashes: ${rounds}; transfers told ${report.acknowledged}, unknown ${report.unknown}; counted ${report.counted}`,
  );
  const frames = rounds * FRAMES_A_ROUND;
  const counts = await fuzzFrames(engine.port, { count: frames, random: randomFrom(seed) });
  say(`frames: answered ${counts.answered}, closed ${counts.closed}, silent ${counts.silent}`);
  const client = await engine.connect();
  const alive = await client.db('admin').command({ ping: 1 });
  if (alive['ok'] !== 1) findings.push('the engine no longer answers');
  await engine.disconnect();
  await engine.engine.stop();
  if (!checkFolder(engine.dataDir, say)) findings.push('the folder is damaged');
  await engine.discard();
  return { cases: rounds, findings };
}

async function isolation(seed: number): Promise<string[]> {
  const db = new InProcessEngine();
  try {
    const run = new IsolationRun(db, randomFrom(seed));
    await run.start();
    for (let step = 0; step < STEPS; step++) await run.step();
    return [];
  } catch (error) {
    return [`isolation, seed ${seed}: ${(error as Error).message}`];
  } finally {
    db.close();
  }
}
