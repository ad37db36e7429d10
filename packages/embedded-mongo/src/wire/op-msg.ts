import { CommandError, code } from '../values/errors.ts';
import { decode } from '../values/decode.ts';
import { encode, type Plain } from '../values/encode.ts';
import type { Doc, Value } from '../values/types.ts';
import { HEADER_SIZE } from './frame.ts';
import { FLAG_CHECKSUM, FLAG_EXHAUST_ALLOWED, FLAG_MORE_TO_COME, OP_MSG } from './limits.ts';

/** A command as it came. */
export interface Message {
  readonly body: Doc;
  readonly exhaustAllowed: boolean;
  /** False when the client wants no answer. */
  readonly answered: boolean;
}

const KNOWN_FLAGS = FLAG_CHECKSUM | FLAG_MORE_TO_COME;
const invalid = (what: string): CommandError =>
  new CommandError(code.InvalidBSON, `Invalid OP_MSG: ${what}`);

/** True when the sender of a message waits for no answer; read before the rest is understood. */
export const isUnanswered = (message: Buffer): boolean =>
  message.length >= HEADER_SIZE + 4 &&
  (message.readUInt32LE(HEADER_SIZE) & FLAG_MORE_TO_COME) !== 0;

/** Reads an OP_MSG. @throws CommandError 22 on malformed sections, 9 on unknown flags */
export function readMessage(message: Buffer): Message {
  if (message.length < HEADER_SIZE + 4) throw invalid('no flags');
  const flags = message.readUInt32LE(HEADER_SIZE);
  if ((flags & 0xffff & ~KNOWN_FLAGS) !== 0)
    throw new CommandError(code.FailedToParse, `OP_MSG has unknown required flag bits ${flags}`);
  const end = message.length - ((flags & FLAG_CHECKSUM) !== 0 ? 4 : 0);
  let at = HEADER_SIZE + 4;
  let body: Doc | null = null;
  const sequences: (readonly [string, Value[]])[] = [];
  while (at < end) {
    const kind = message[at];
    const size = at + 5 <= end ? message.readInt32LE(at + 1) : 0;
    if (size < 5 || at + 1 + size > end) throw invalid('a section ends early');
    const section = message.subarray(at + 1, at + 1 + size);
    if (kind === 0 && !body) body = decode(section);
    else if (kind === 1) sequences.push(readSequence(section));
    else throw invalid(kind === 0 ? 'two bodies' : `unknown section kind ${kind}`);
    at += 1 + size;
  }
  if (!body) throw invalid('no body');
  for (const [name, docs] of sequences) {
    if (body.has(name)) throw invalid(`'${name}' stands in the body and in a section`);
    body.set(name, docs);
  }
  return {
    body,
    exhaustAllowed: (flags & FLAG_EXHAUST_ALLOWED) !== 0,
    answered: (flags & FLAG_MORE_TO_COME) === 0,
  };
}

function readSequence(section: Buffer): readonly [string, Value[]] {
  const nameEnd = section.indexOf(0, 4);
  if (nameEnd < 0) throw invalid('a section name has no end');
  const docs: Value[] = [];
  let at = nameEnd + 1;
  while (at < section.length) {
    const size = at + 4 <= section.length ? section.readInt32LE(at) : 0;
    if (size < 5 || at + size > section.length) throw invalid('a document ends early');
    docs.push(decode(section.subarray(at, at + size)));
    at += size;
  }
  return [section.toString('utf8', 4, nameEnd), docs];
}

/** An OP_MSG answer. */
export function writeMessage(
  reply: Plain,
  ids: { readonly requestId: number; readonly responseTo: number },
  moreToCome = false,
): Buffer {
  const headroom = HEADER_SIZE + 5;
  const out = encode(reply, headroom);
  out.writeInt32LE(out.length, 0);
  out.writeInt32LE(ids.requestId, 4);
  out.writeInt32LE(ids.responseTo, 8);
  out.writeInt32LE(OP_MSG, 12);
  out.writeUInt32LE(moreToCome ? FLAG_MORE_TO_COME : 0, HEADER_SIZE);
  out[HEADER_SIZE + 4] = 0;
  return out;
}
