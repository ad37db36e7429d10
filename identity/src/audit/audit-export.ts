import { createHash } from 'node:crypto';
import type { Connection } from 'mongoose';
import { z } from 'zod';
import {
  AUDIT_CHAINS,
  AUDIT_KINDS,
  type AuditEvent,
  CHAIN_START,
  type ChainEnd,
  eventFaults,
} from './audit-event.ts';
import { auditModel, chainEnds, eventsUpTo } from './audit.store.ts';

const FORMAT = { line: 'head', format: '7id-audit-export', version: 1 } as const;

/** Signs the end of an export, with the key of the house. */
export type SignEnd = (text: string) => { readonly keyId: string; readonly signature: string };
/** Whether the holder of a key that is known here signed the text. */
export type IsSigned = (text: string, by: { keyId: string; signature: string }) => boolean;

const text = z.string();
const fact = text.max(400);
const eventLine = z.strictObject({
  line: z.literal('event'),
  id: text,
  chain: z
    .int()
    .min(0)
    .max(AUDIT_CHAINS - 1),
  n: z.int().positive(),
  at: z.iso.datetime(),
  kind: z.enum(AUDIT_KINDS),
  facts: z
    .strictObject({
      memberId: fact,
      actor: fact,
      clientId: fact,
      provider: fact,
      method: fact,
      acr: fact,
      reason: fact,
      network: fact,
      country: fact,
      agent: fact,
      newNetwork: z.boolean(),
      tries: z.int().positive(),
      about: fact,
      note: fact,
    })
    .partial(),
  prev: text,
  hash: text,
});
const endLine = z.strictObject({
  line: z.literal('end'),
  events: z.int().nonnegative(),
  /** Number and digest of the last event of each chain. */
  ends: z.array(z.tuple([z.int().nonnegative(), text])).length(AUDIT_CHAINS),
  /** SHA-256 over the lines before, each with its line feed; base64url. */
  digest: text,
  keyId: text,
  signature: text,
});
type EndLine = z.infer<typeof endLine>;

const endText = ({ events, ends, digest }: Pick<EndLine, 'events' | 'ends' | 'digest'>) =>
  JSON.stringify(['7id-audit-export', 1, events, ends, digest]);

/** The whole record as lines of JSON, for somebody who has nothing but the file and our public key. */
export async function* exportAudit(connection: Connection, sign: SignEnd): AsyncGenerator<string> {
  const hash = createHash('sha256');
  const written = (line: object) => {
    const said = JSON.stringify(line);
    hash.update(said).update('\n');
    return said;
  };
  const ends = await chainEnds(connection);
  yield written(FORMAT);
  let events = 0;
  for await (const event of eventsUpTo(connection, ends)) {
    events += 1;
    yield written(lineOf(event));
  }
  const told = {
    events,
    ends: [...ends.values()].map(({ n, hash: last }): [number, string] => [n, last]),
    digest: hash.digest('base64url'),
  };
  yield JSON.stringify({ line: 'end', ...told, ...sign(endText(told)) } satisfies EndLine);
}

// Always in this order, so that a line has one spelling.
const lineOf = ({ id, chain, n, at, kind, facts, prev, hash }: AuditEvent) => ({
  line: 'event',
  id,
  chain,
  n,
  at: at.toISOString(),
  kind,
  facts,
  prev,
  hash,
});

/** What somebody found in an export, or in the record itself. `faults` is empty when it is whole. */
export interface VerifiedAudit {
  readonly events: number;
  readonly ends: ReadonlyMap<number, ChainEnd>;
  readonly faults: readonly string[];
}

const FAULTS_MAX = 1_000;

/** Follows the chains through events that come chain after chain. */
function followChains() {
  const ends = new Map<number, ChainEnd>();
  const faults: string[] = [];
  let events = 0;
  return {
    ends,
    faults,
    fault: (told: string) => void (faults.length < FAULTS_MAX && faults.push(told)),
    count: () => events,
    take(event: AuditEvent): void {
      events += 1;
      const found = eventFaults(event, ends.get(event.chain) ?? CHAIN_START);
      faults.push(...found.slice(0, FAULTS_MAX - faults.length));
      ends.set(event.chain, { n: event.n, hash: event.hash });
    },
  };
}

/** Follows every chain of the record itself. What was cut off at the end of a chain only an earlier export tells. */
export async function verifyAudit(connection: Connection): Promise<VerifiedAudit> {
  const chains = followChains();
  for await (const event of eventsUpTo(connection, await chainEnds(connection))) {
    chains.take(event);
  }
  return { events: chains.count(), ends: chains.ends, faults: chains.faults };
}

/**
 * Verifies an export with nothing but itself: every event has the digest of what it says and follows the one before,
 * and the signed end counts them, names the last of each chain and covers every line.
 */
export async function verifyAuditExport(
  lines: AsyncIterable<string> | Iterable<string>,
  isSigned: IsSigned,
): Promise<VerifiedAudit> {
  const chains = followChains();
  const hash = createHash('sha256');
  let number = 0;
  let end: EndLine | undefined;
  for await (const line of lines) {
    number += 1;
    if (end) chains.fault(`line ${number} stands behind the end`);
    const said = parsed(line);
    const event = eventLine.safeParse(said);
    const last = endLine.safeParse(said);
    if (last.success && JSON.stringify(last.data) === line) end = last.data;
    else hash.update(line).update('\n');
    if (event.success) chains.take({ ...event.data, at: new Date(event.data.at) } as AuditEvent);
    else if (number === 1 && line === JSON.stringify(FORMAT)) continue;
    else if (!end) chains.fault(`line ${number} is none of an export`);
  }
  if (number === 0) chains.fault('line 1 is no head');
  if (!end) chains.fault('the end is missing');
  else for (const each of endFaults(end, chains, { hash, isSigned })) chains.fault(each);
  return { events: chains.count(), ends: chains.ends, faults: chains.faults };
}

function endFaults(
  end: EndLine,
  chains: ReturnType<typeof followChains>,
  { hash, isSigned }: { hash: ReturnType<typeof createHash>; isSigned: IsSigned },
): string[] {
  const faults: string[] = [];
  if (end.events !== chains.count()) faults.push(`the end counts ${end.events} events`);
  for (const [chain, [n, last]] of end.ends.entries()) {
    const found = chains.ends.get(chain) ?? CHAIN_START;
    if (found.n !== n || found.hash !== last) faults.push(`chain ${chain} does not end at ${n}`);
  }
  if (end.digest !== hash.digest('base64url')) faults.push('the lines are not those of the end');
  if (!isSigned(endText(end), end)) faults.push('the end was not signed with a key known here');
  return faults;
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** What of an earlier export the record has no more, or has otherwise: what was cut off, or made again as a whole. */
export async function lostSince(
  connection: Connection,
  earlier: ReadonlyMap<number, ChainEnd>,
): Promise<string[]> {
  const lost: string[] = [];
  for (const [chain, { n, hash }] of earlier) {
    if (n === 0) continue;
    const now = await auditModel(connection).findOne({ chain, n }, { hash: 1 }).lean();
    if (now?.hash !== hash) lost.push(`event ${n} of chain ${chain} is not that of the export`);
  }
  return lost;
}
