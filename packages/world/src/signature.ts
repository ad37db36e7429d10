import { createHmac, timingSafeEqual } from 'node:crypto';

/** What a signature covers: who says what about which path at which second. */
interface Message {
  readonly subject: string;
  readonly timestamp: number;
  readonly body: string;
}

const TOLERANCE_SECONDS = 300;

/** HMAC-SHA-256 over subject, timestamp (seconds) and body, as hex. */
export function signMessage(secret: string, { subject, timestamp, body }: Message): string {
  return createHmac('sha256', secret).update(`${subject}\n${timestamp}\n${body}`).digest('hex');
}

/** Whether a signature holds and is not older or newer than five minutes. */
export function verifyMessage(
  secret: string,
  message: Message,
  signature: string,
  now: Date,
): boolean {
  const expected = Buffer.from(signMessage(secret, message));
  const given = Buffer.from(signature);
  const inTime = Math.abs(now.getTime() / 1_000 - message.timestamp) <= TOLERANCE_SECONDS;
  return inTime && given.length === expected.length && timingSafeEqual(given, expected);
}
