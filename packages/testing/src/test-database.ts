import { randomBytes } from 'node:crypto';
import { connect } from '@7pay/mongo';
import type { Connection } from 'mongoose';
import { inject } from 'vitest';

/** A database of its own for one test file, on the engine of the run. */
export interface TestDatabase {
  readonly uri: string;
  readonly dbName: string;
  readonly connection: Connection;
  drop(): Promise<void>;
}

/** Connects to a new, empty database. Drop it when the tests are done. */
export async function testDatabase(
  name: string,
  options: {
    /** Told of each command, by the collection or the name of the command. */
    onCommand?: (name: string) => void;
  } = {},
): Promise<TestDatabase> {
  const uri = inject('mongodbUri');
  const dbName = `t_${name}_${randomBytes(4).toString('hex')}`;
  const connection = await connect(uri, { dbName, poolSize: 20, ...options });
  return {
    uri,
    dbName,
    connection,
    drop: async () => {
      await connection.dropDatabase();
      await connection.close();
    },
  };
}
