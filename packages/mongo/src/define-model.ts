import type { Connection, Model, Schema } from 'mongoose';

/**
 * The model of a collection on one connection. Asking twice gives the same model, so that a service
 * can be opened more than once on a connection (tests, the one-process platform).
 */
export function defineModel<Document>(
  connection: Connection,
  name: string,
  schema: Schema<Document>,
): Model<Document> {
  const existing = connection.models[name] as Model<Document> | undefined;
  return existing ?? connection.model<Document>(name, schema, name);
}
