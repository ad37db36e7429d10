import { connect, type Socket } from 'node:net';
import { decode } from '../values/decode.ts';
import { encode, type Plain } from '../values/encode.ts';
import type { Doc } from '../values/types.ts';
import { FrameReader } from '../wire/frame.ts';

/** A bare socket to an engine, for messages no driver would send. */
export async function rawSocket(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  return socket;
}

/** A frame around a body of bytes, with any header fields. */
export function frame(body: Buffer, opCode = 2013, length = 16 + body.length): Buffer {
  const header = Buffer.alloc(16);
  header.writeInt32LE(length, 0);
  header.writeInt32LE(1, 4);
  header.writeInt32LE(opCode, 12);
  return Buffer.concat([header, body]);
}

/** The body of an OP_MSG with one document. */
export function message(doc: Plain, flags = 0): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32LE(flags, 0);
  return Buffer.concat([head, encode(doc)]);
}

/** What comes back within a time, or `closed`, or `silent`. */
export function answer(socket: Socket, waitMs = 500): Promise<Buffer | 'closed' | 'silent'> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve('silent'), waitMs);
    const done = (result: Buffer | 'closed'): void => {
      clearTimeout(timer);
      resolve(result);
    };
    socket.once('data', done);
    socket.once('close', () => done('closed'));
    socket.once('error', () => done('closed'));
  });
}

/** Sends one command as it stands, session fields included, which a driver would replace by its own. */
export async function rawCommand(port: number, command: Plain): Promise<Doc> {
  const socket = await rawSocket(port);
  const frames = new FrameReader();
  socket.write(frame(message(command)));
  const reply = await new Promise<Buffer>((resolve, reject) => {
    socket.on('data', (chunk) => {
      const [first] = frames.push(chunk);
      if (first) resolve(first);
    });
    socket.once('close', () => reject(new Error('the connection was closed')));
  });
  socket.destroy();
  return decode(reply.subarray(21));
}
