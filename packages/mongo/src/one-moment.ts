import type { ClientSession, Connection } from 'mongoose';

/** How a read takes part in a session; in one of {@link atOneMoment} it has to say so itself. */
export const inSession = (session: ClientSession | null | undefined) => {
  if (!session) return {};
  // The connection asks for majority reads, and the driver would leave that as it is.
  return session.snapshotEnabled
    ? { session, readConcern: { level: 'snapshot' as const } }
    : { session };
};

/**
 * Runs reads that all see the database as it was at one moment, that of the first read. For audits: the platform may
 * be at work meanwhile. A server keeps such a moment for some minutes only (5 unless it is told otherwise).
 */
export async function atOneMoment<Result>(
  connection: Connection,
  body: (session: ClientSession) => Promise<Result>,
): Promise<Result> {
  const session = await connection.startSession({ snapshot: true });
  try {
    return await body(session);
  } finally {
    await session.endSession();
  }
}
