import type { Engine } from '../commands/engine.ts';
import type { Peer } from '../commands/context.ts';
import { SESSION_MINUTES } from '../transactions/sessions.ts';
import { timestampOf } from '../transactions/cluster-clock.ts';
import type { Plain } from '../values/encode.ts';
import { toDouble } from '../values/number.ts';
import { isDoc, isNumber, ObjectId, UtcDate, type Doc } from '../values/types.ts';
import { MAX_BSON, MAX_MESSAGE, MAX_WRITE_BATCH, WIRE_VERSION } from '../wire/limits.ts';

export const SET_NAME = 'rs0';
const ELECTION = new ObjectId(Uint8Array.from(Buffer.from('7fffffff0000000000000001', 'hex')));

/** True for the three names of the greeting. */
export const isHello = (name: string): boolean =>
  name === 'hello' || name === 'isMaster' || name === 'ismaster';

/** The greeting: this is the primary of a replica set with one member, at the address the client dialled. */
export function helloReply(engine: Engine, peer: Peer, name: string, processId: ObjectId): Plain {
  const now = new UtcDate(engine.now());
  const opTime = { ts: timestampOf(engine.clock.current()), t: 1n };
  const primary = name === 'hello' ? { isWritablePrimary: true } : { ismaster: true };
  return {
    helloOk: true,
    ...primary,
    topologyVersion: { processId, counter: 1n },
    hosts: [peer.host],
    setName: SET_NAME,
    setVersion: 1,
    secondary: false,
    primary: peer.host,
    me: peer.host,
    electionId: ELECTION,
    lastWrite: { opTime, lastWriteDate: now, majorityOpTime: opTime, majorityWriteDate: now },
    maxBsonObjectSize: MAX_BSON,
    maxMessageSizeBytes: MAX_MESSAGE,
    maxWriteBatchSize: MAX_WRITE_BATCH,
    localTime: now,
    logicalSessionTimeoutMinutes: SESSION_MINUTES,
    connectionId: peer.id,
    minWireVersion: 0,
    maxWireVersion: WIRE_VERSION,
    readOnly: false,
  };
}

/** Takes the application's name from the greeting, for fail points. */
export function noteClient(peer: Peer, body: Doc): void {
  const client = body.get('client');
  const application = isDoc(client) ? client.get('application') : undefined;
  const name = isDoc(application) ? application.get('name') : undefined;
  if (typeof name === 'string') peer.appName = name;
}

/** Milliseconds the client asks a greeting to be held for, or null when it wants it at once. */
export function awaitMs(body: Doc): number | null {
  const ms = body.get('maxAwaitTimeMS');
  return body.has('topologyVersion') && isNumber(ms)
    ? Math.min(Math.max(0, toDouble(ms)), 60_000)
    : null;
}
