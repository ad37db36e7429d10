import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { spawnEmbeddedMongo } from '@7pay/embedded-mongo';
import { freshSecrets } from '@7pay/platform';
import { tokenMint } from '@7pay/testing';
import { benchGatewayLimits } from './gateway-limits.ts';
import { type Bench, httpSides, isHiveInstalled, sameAnswer } from './http-sides.ts';
import { memberWithPayments } from './member-with-payments.ts';
import { program } from './program.ts';
import { atLeast, type Figure } from './report.ts';
import { type Asked, cpuOf, figuresOf, measure, type Measured, rateOf, type Side } from './side.ts';

const PAYMENTS = 10;
/** Three subgraphs, four calls in two waves. */
const THREE: Asked = {
  query: `{ wallet { balance payments(first: ${PAYMENTS}) { nodes { id amount pointsEarned store { name } merchant { name } } } } }`,
  right: 'pointsEarned":2',
};
/** One subgraph, one call. */
const ONE: Asked = {
  query: `{ wallet { balance payments(first: ${PAYMENTS}) { nodes { id amount } } } }`,
  right: 'amount":400',
};

/**
 * Our gateway beside others, each a process of its own before subgraphs that answer from memory, round by round in one
 * run; then in one process with all subgraphs and the database; then what the worst that can be sent costs.
 */
export async function benchGateway(): Promise<Figure[]> {
  const dataDir = mkdtempSync(path.join(tmpdir(), '7pay-bench-'));
  const engine = await spawnEmbeddedMongo({ dataDir });
  const secrets = freshSecrets();
  const closing: (() => unknown)[] = [
    () => rmSync(dataDir, { recursive: true, force: true }),
    () => engine.stop(),
  ];
  try {
    // Below the ports that the system gives to outgoing connections.
    const base = 21_000 + Math.floor(Math.random() * 8_000);
    const viewer = await memberWithPayments(engine.uri, secrets, PAYMENTS);
    const bench = { secrets, mongodbUri: engine.uri, closing, base, dataDir, viewer };
    return [
      ...(await overHttp(bench)),
      ...(await inOneProcess(bench)),
      ...(await benchGatewayLimits(bench)),
    ];
  } finally {
    for (const close of closing.toReversed()) await close();
  }
}

async function overHttp(bench: Bench): Promise<Figure[]> {
  const sides = await httpSides(bench, [THREE, ONE]);
  if (!isHiveInstalled()) {
    process.stderr.write('Hive Gateway is not measured: npm ci --prefix bench/hive\n');
  }
  const all = Object.values(sides).flatMap((side) => side ?? []);
  const three = await measure(all, THREE);
  const one = await measure(all, ONE);
  const of = (measured: readonly Measured[], side: Side | undefined) =>
    measured.find((each) => each.side === side);
  return [
    { what: 'three subgraphs', measured: three },
    { what: 'one subgraph', measured: one },
  ].flatMap(({ what, measured }) => [
    ...ratios(what, {
      plain: of(measured, sides.plain)!,
      full: of(measured, sides.full)!,
      bare: of(measured, sides.bare)!,
      floor: of(measured, sides.floor)!,
      hive: of(measured, sides.hive),
    }),
    ...figuresOf(what, measured),
  ]);
}

type Ratios = Readonly<Record<'plain' | 'full' | 'bare' | 'floor', Measured>> & {
  readonly hive: Measured | undefined;
};

function ratios(what: string, { plain, full, bare, floor, hive }: Ratios): readonly Figure[] {
  const ratio = (name: string, value: number, least: number) =>
    atLeast(`${what}: ${name}`, value, 'ratio', least);
  return [
    ratio('processor time, plain ÷ ours, bare', cpuOf(plain) / cpuOf(bare), 5),
    ratio('processor time, plain ÷ ours, everything on', cpuOf(plain) / cpuOf(full), 4.5),
    ratio('requests per second, ours, bare ÷ the floor', rateOf(bare) / rateOf(floor), 0.65),
    // The generator and the subgraphs share the machine: in requests per second all sides look more alike than they are.
    ratio('processor time, the floor ÷ ours, bare', cpuOf(floor) / cpuOf(bare), 0.65),
    ...(hive
      ? [
          ratio('requests per second, ours, bare ÷ Hive', rateOf(bare) / rateOf(hive), 1),
          ratio('processor time, Hive ÷ ours, bare', cpuOf(hive) / cpuOf(bare), 1),
          ratio('processor time, Hive ÷ ours, everything on', cpuOf(hive) / cpuOf(full), 1),
        ]
      : []),
  ];
}

async function inOneProcess(bench: Bench): Promise<Figure[]> {
  const { secrets, mongodbUri, viewer, closing, base } = bench;
  const start = async (name: string, executor: 'own' | 'parsing', first: number): Promise<Side> => {
    const ports = { gateway: first, identity: first + 1, sandbox: first + 2 };
    const child = program('local-gateway', { mongodbUri, secrets, ports, executor }, closing);
    const token = await tokenMint({
      issuer: `http://localhost:${ports.identity}`,
      audience: `http://localhost:${ports.gateway}/graphql`,
      key: secrets.signingKey,
    }).member(viewer.memberId);
    const url = `http://localhost:${ports.gateway}`;
    return { name, tokens: [token], url, pid: child.pid ?? 0 };
  };
  const sides = [
    await start('its executor, documents parsed each time', 'parsing', base + 50),
    await start('ours', 'own', base + 60),
  ];
  await sameAnswer(sides, THREE);
  const measured = await measure(sides, THREE);
  const [local, ours] = measured as readonly [Measured, Measured];
  return [
    atLeast(
      'one process: processor time, its executor ÷ ours',
      cpuOf(local) / cpuOf(ours),
      'ratio',
      1.3,
    ),
    ...figuresOf('one process', measured),
  ];
}
