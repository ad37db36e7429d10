/** Largest message a client may send. */
export const MAX_MESSAGE = 48_000_000;

/** Largest document a client may store. */
export const MAX_BSON = 16 * 1024 * 1024;

/** Most statements in one write command. */
export const MAX_WRITE_BATCH = 100_000;

/** Messages of one connection that may wait while one is answered; more pause the socket. */
export const MAX_QUEUED = 256;

/** The wire protocol of MongoDB 8.0. */
export const WIRE_VERSION = 25;

export const OP_REPLY = 1;
export const OP_QUERY = 2004;
export const OP_MSG = 2013;

export const FLAG_CHECKSUM = 1;
export const FLAG_MORE_TO_COME = 2;
export const FLAG_EXHAUST_ALLOWED = 0x10000;
