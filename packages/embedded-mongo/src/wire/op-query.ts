import { CommandError, code } from '../values/errors.ts';
import { decode } from '../values/decode.ts';
import { encode, type Plain } from '../values/encode.ts';
import type { Doc } from '../values/types.ts';
import { HEADER_SIZE } from './frame.ts';
import { OP_REPLY } from './limits.ts';

/** Reads the legacy query with which drivers greet a server they do not know yet. @throws CommandError 22 */
export function readQuery(message: Buffer): Doc {
  const nameEnd = message.indexOf(0, HEADER_SIZE + 4);
  const at = nameEnd + 9;
  if (nameEnd < 0 || at + 5 > message.length)
    throw new CommandError(code.InvalidBSON, 'Invalid OP_QUERY');
  const size = message.readInt32LE(at);
  if (size < 5 || at + size > message.length)
    throw new CommandError(code.InvalidBSON, 'Invalid OP_QUERY document');
  return decode(message.subarray(at, at + size));
}

/** An OP_REPLY with one document. */
export function writeReply(
  reply: Plain,
  ids: { readonly requestId: number; readonly responseTo: number },
): Buffer {
  const out = encode(reply, HEADER_SIZE + 20);
  out.fill(0, HEADER_SIZE, HEADER_SIZE + 20);
  out.writeInt32LE(out.length, 0);
  out.writeInt32LE(ids.requestId, 4);
  out.writeInt32LE(ids.responseTo, 8);
  out.writeInt32LE(OP_REPLY, 12);
  out.writeInt32LE(8, HEADER_SIZE); // await capable
  out.writeInt32LE(1, HEADER_SIZE + 16); // one document
  return out;
}
