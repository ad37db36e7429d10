import mongoose from 'mongoose';

const START_MS = 20_000;
const ALREADY_INITIALIZED = 23;

interface SetConfig {
  readonly _id: string;
  readonly version: number;
  readonly members: readonly { readonly _id: number; readonly host: string }[];
}

/**
 * Makes a server the primary of a replica set of its own. A data folder that was used before names the address of that
 * time: a server that listens elsewhere now finds itself in no set, and is told its new address.
 * @throws Error when it does not become primary within 20 seconds
 */
export async function becomePrimary(host: string): Promise<void> {
  const client = mongoose.createConnection();
  client.on('error', () => {});
  await client.openUri(`mongodb://${host}/?directConnection=true`, {
    serverSelectionTimeoutMS: START_MS,
  });
  try {
    const admin = client.getClient().db('admin');
    const config = { _id: 'rs0', members: [{ _id: 0, host }] };
    try {
      await admin.command({ replSetInitiate: config });
    } catch (error) {
      if ((error as { code?: unknown }).code !== ALREADY_INITIALIZED) throw error;
      const answer = await admin.command({ replSetGetConfig: 1 });
      const stored = answer['config'] as SetConfig;
      const [only, more] = stored.members;
      if (!only || more) throw new Error(`a set of ${stored.members.length} nodes is not ours`);
      if (only.host !== host)
        await admin.command({
          replSetReconfig: { ...stored, version: stored.version + 1, members: [{ ...only, host }] },
          force: true, // it has no primary that could agree
        });
    }
    const start = performance.now();
    while (!(await admin.command({ hello: 1 }))['isWritablePrimary']) {
      if (performance.now() - start > START_MS) throw new Error('mongod did not become primary');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  } finally {
    await client.close();
  }
}
