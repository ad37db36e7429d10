import mongoose, { type Connection } from 'mongoose';

/** The database did not answer. The message says where and what to check; it holds no password. */
export class DatabaseUnreachable extends Error {
  override readonly name = 'DatabaseUnreachable';
  constructor(uri: string, options: ErrorOptions) {
    super(
      `No MongoDB answers at ${withoutCredentials(uri)}. Is it running, and does MONGODB_URI name the right host, port and replica set?`,
      options,
    );
  }
}

/**
 * A URI that may be shown: user and password are left out. Up to the last @, because a password that somebody
 * forgot to escape is just what makes a URI that is shown in an error.
 */
export const withoutCredentials = (uri: string): string =>
  uri.replace(/^(mongodb(?:\+srv)?:\/\/)?.*@/s, '$1');

/**
 * Connects to a database by its URI and waits until a primary answers.
 * Writes are acknowledged by the majority and journalled: money is not money before that.
 * @throws DatabaseUnreachable within `timeoutMs` (5 seconds) when nothing answers.
 */
export async function connect(
  uri: string,
  options: {
    dbName?: string;
    timeoutMs?: number;
    poolSize?: number;
    /** Told of each command, by the collection or the name of the command, with its milliseconds. */
    onCommand?: (name: string, milliseconds: number) => void;
  } = {},
): Promise<Connection> {
  const connection = mongoose.createConnection();
  // mongoose re-emits driver errors; without a listener one lost socket would end the process
  connection.on('error', () => {});
  try {
    await connection.openUri(uri, {
      serverSelectionTimeoutMS: options.timeoutMs ?? 5_000,
      connectTimeoutMS: options.timeoutMs ?? 5_000,
      maxPoolSize: options.poolSize ?? 100,
      // Collections and indexes are made once, by prepare(), not by every process at every start. mongoose would
      // make a bare collection beside it, and whichever comes second is ignored: its validator too.
      autoIndex: false,
      autoCreate: false,
      writeConcern: { w: 'majority', journal: true },
      readConcern: { level: 'majority' },
      dbName: options.dbName ?? 'sevenpay',
      monitorCommands: options.onCommand !== undefined,
    });
    if (options.onCommand) watchCommands(connection, options.onCommand);
    return connection;
  } catch (error) {
    await connection.destroy().catch(() => {});
    throw new DatabaseUnreachable(uri, { cause: error });
  }
}

function watchCommands(
  connection: Connection,
  onCommand: (name: string, milliseconds: number) => void,
): void {
  const names = new Map<number, string>();
  const client = connection.getClient();
  client.on('commandStarted', ({ requestId, commandName, command }) => {
    const target: unknown = (command as Record<string, unknown>)[commandName];
    names.set(requestId, typeof target === 'string' ? target : commandName);
  });
  const ended = ({ requestId, duration }: { requestId: number; duration: number }) => {
    onCommand(names.get(requestId) ?? '', duration);
    names.delete(requestId);
  };
  client.on('commandSucceeded', ended).on('commandFailed', ended);
}
