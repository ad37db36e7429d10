import type { Plain } from './encode.ts';

/** MongoDB's error codes as far as this engine uses them. */
export const code = {
  InternalError: 1,
  BadValue: 2,
  HostUnreachable: 6,
  HostNotFound: 7,
  UnknownError: 8,
  FailedToParse: 9,
  Unauthorized: 13,
  TypeMismatch: 14,
  Overflow: 15,
  InvalidLength: 16,
  ProtocolError: 17,
  AuthenticationFailed: 18,
  IllegalOperation: 20,
  InvalidBSON: 22,
  LockTimeout: 24,
  NamespaceNotFound: 26,
  IndexNotFound: 27,
  PathNotViable: 28,
  ConflictingUpdateOperators: 40,
  CursorNotFound: 43,
  NoMatchingDocument: 47,
  NamespaceExists: 48,
  MaxTimeMSExpired: 50,
  DollarPrefixedFieldName: 52,
  InvalidIdField: 53,
  NotSingleValueField: 54,
  EmptyFieldName: 56,
  CommandNotFound: 59,
  ImmutableField: 66,
  CannotCreateIndex: 67,
  InvalidOptions: 72,
  InvalidNamespace: 73,
  NoReplicationEnabled: 76,
  NetworkTimeout: 89,
  IndexOptionsConflict: 85,
  IndexKeySpecsConflict: 86,
  ShutdownInProgress: 91,
  UnsatisfiableWriteConcern: 100,
  WriteConflict: 112,
  ConflictingOperationInProgress: 117,
  DocumentValidationFailure: 121,
  CommandFailed: 125,
  ExceededDepth: 134,
  InvalidPipelineOperator: 168,
  CannotIndexParallelArrays: 171,
  QueryPlanKilled: 175,
  PrimarySteppedDown: 189,
  TransactionTooOld: 225,
  NotImplemented: 238,
  SnapshotTooOld: 239,
  ConversionFailure: 241,
  SnapshotUnavailable: 246,
  NoSuchTransaction: 251,
  TransactionCommitted: 256,
  InvalidResumeToken: 260,
  ExceededTimeLimit: 262,
  OperationNotSupportedInTransaction: 263,
  ChangeStreamFatalError: 280,
  ChangeStreamHistoryLost: 286,
  QueryExceededMemoryLimit: 292,
  APIVersionError: 322,
  APIStrictError: 323,
  SocketException: 9001,
  NotWritablePrimary: 10107,
  BSONObjectTooLarge: 10334,
  DuplicateKey: 11000,
  MergeStageNoMatchingDocument: 13113,
  InterruptedAtShutdown: 11600,
  Interrupted: 11601,
  InterruptedDueToReplStateChange: 11602,
  NotPrimaryNoSecondaryOk: 13435,
  NotPrimaryOrSecondary: 13436,
  IDLUnknownField: 40415,
  IDLFailedToParse: 40414,
  UnknownStage: 40324,
  SearchNotEnabled: 31082,
} as const;

const nameOfCode = new Map<number, string>(
  Object.entries(code)
    .filter(([, value]) => value < 40000)
    .map(([name, value]) => [value, name]),
);

/** The `codeName` of a code; codes without a name are called `Location<code>`, as MongoDB does. */
export const codeName = (value: number): string => nameOfCode.get(value) ?? `Location${value}`;

/** An error a client is told about: code, message, labels, and extra fields such as `keyValue`. */
export class CommandError extends Error {
  readonly code: number;
  readonly labels: readonly string[];
  readonly extra: Plain;
  constructor(
    errorCode: number,
    message: string,
    more: { labels?: readonly string[]; extra?: Plain } = {},
  ) {
    super(message);
    this.name = 'CommandError';
    this.code = errorCode;
    this.labels = more.labels ?? [];
    this.extra = more.extra ?? {};
  }
}

/** Refuses a feature of MongoDB that this engine does not have, by its name. */
export const notImplemented = (feature: string): CommandError =>
  new CommandError(code.NotImplemented, `${feature} is not supported by the embedded engine`);

/** Refuses a part of Atlas Search, as a server does that is not connected to it. */
export const searchNotEnabled = (feature: string): CommandError =>
  new CommandError(
    code.SearchNotEnabled,
    `search indexes need MongoDB Atlas: ${feature} is not supported by the embedded engine`,
  );

/** Shorthand for a BadValue (2). */
export const badValue = (message: string): CommandError => new CommandError(code.BadValue, message);

/** Shorthand for a FailedToParse (9). */
export const failedToParse = (message: string): CommandError =>
  new CommandError(code.FailedToParse, message);

/** Shorthand for a TypeMismatch (14). */
export const typeMismatch = (message: string): CommandError =>
  new CommandError(code.TypeMismatch, message);

export const TRANSIENT = 'TransientTransactionError';
export const RETRYABLE = 'RetryableWriteError';

/** A write lost against another one: the transaction must start again. */
export const writeConflict = (): CommandError =>
  new CommandError(
    code.WriteConflict,
    'Caused by :: Write conflict during plan execution and yielding is disabled. :: Please retry your operation or multi-document transaction.',
  );

/** The error of a field nobody knows: nothing is ever passed over in silence. */
export const unknownField = (where: string, name: string): CommandError =>
  new CommandError(code.IDLUnknownField, `BSON field '${where}.${name}' is an unknown field.`);
