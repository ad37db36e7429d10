import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient, type MongoClientOptions } from 'mongodb';
import { spawnEmbeddedMongo, type EmbeddedMongo, type SpawnOptions } from '../cli/spawn.ts';

/** An engine on a folder of its own, for tests; it can be killed and started again. */
export class TestEngine {
  readonly dataDir: string;
  engine: EmbeddedMongo;
  private readonly clients: MongoClient[] = [];
  private readonly options: Partial<SpawnOptions>;

  private constructor(dataDir: string, engine: EmbeddedMongo, options: Partial<SpawnOptions>) {
    this.dataDir = dataDir;
    this.engine = engine;
    this.options = options;
  }

  static async start(options: Partial<SpawnOptions> = {}): Promise<TestEngine> {
    const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'embedded-mongo-')));
    return new TestEngine(
      dataDir,
      await spawnEmbeddedMongo({ auth: false, ...options, dataDir }),
      options,
    );
  }

  /** The port it listens on. */
  get port(): number {
    return Number(new URL(this.engine.uri.replace('mongodb:', 'http:')).port);
  }

  async connect(options: MongoClientOptions = {}): Promise<MongoClient> {
    const client = new MongoClient(this.engine.uri, { serverSelectionTimeoutMS: 5000, ...options });
    this.clients.push(client);
    return client.connect();
  }

  /** Kills it as a power cut would and starts it again on the same folder and port. */
  async crash(): Promise<void> {
    this.engine.kill();
    await this.engine.exited;
    await this.restart();
  }

  /** Starts it again on the same folder and port after it has ended. */
  async restart(): Promise<void> {
    const { port } = this;
    this.engine = await spawnEmbeddedMongo({
      auth: false,
      ...this.options,
      dataDir: this.dataDir,
      port,
    });
  }

  /** Closes the clients while there still is somebody to say goodbye to. */
  async disconnect(): Promise<void> {
    await Promise.all(this.clients.splice(0).map((client) => client.close()));
  }

  /** Deletes the folder of an engine that has ended. */
  async discard(): Promise<void> {
    await rm(this.dataDir, { recursive: true, force: true });
  }

  async stop(): Promise<void> {
    await this.disconnect();
    await this.engine.stop();
    await this.discard();
  }
}
