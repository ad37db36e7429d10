import { writeFileSync } from 'node:fs';
import { connect as dial, createServer } from 'node:net';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { spawnEmbeddedMongo } from '@7pay/embedded-mongo';
import mongoose from 'mongoose';

/**
 * Plays a `mongod` whose data folder was used before, as far as we start one: it understands the same flags,
 * answers on its port, says that the replica set is initiated, and ends on SIGTERM. Behind it is the embedded
 * engine. What it was started with lies in the data folder, for the test to read.
 */
const { values } = parseArgs({
  options: {
    replSet: { type: 'string' },
    bind_ip: { type: 'string' },
    port: { type: 'string' },
    setParameter: { type: 'string' },
    dbpath: { type: 'string' },
  },
});
const dataDir = values.dbpath ?? '';
writeFileSync(path.join(dataDir, 'started.json'), JSON.stringify({ ...values, pid: process.pid }));

const engine = await spawnEmbeddedMongo({
  dataDir: path.join(dataDir, 'engine'),
  auth: false,
  testCommands: true,
});
const admin = await mongoose.createConnection(engine.uri).asPromise();
await admin
  .getClient()
  .db('admin')
  .command({
    configureFailPoint: 'failCommand',
    mode: 'alwaysOn',
    data: { failCommands: ['replSetInitiate'], errorCode: 23 }, // AlreadyInitialized
  });
await admin.close();

// Only now does it listen: nobody is answered before the fault is in place.
const behind = Number(new URL(engine.uri).port);
createServer((socket) => {
  const peer = dial(behind, '127.0.0.1');
  socket.pipe(peer).pipe(socket);
  socket.on('error', () => peer.destroy());
  peer.on('error', () => socket.destroy());
}).listen(Number(values.port), values.bind_ip, () => {
  process.stdout.write('waiting for connections\n');
});

process.on('SIGTERM', () => void engine.stop().then(() => process.exit(0)));
