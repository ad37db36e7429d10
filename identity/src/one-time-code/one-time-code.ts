import { createHmac } from 'node:crypto';
import { declareRefusals } from '@7pay/refusals';
import type { Channel } from '../contact/contact.ts';

/** What a code is for. One for one purpose proves nothing for another. */
export const CODE_PURPOSES = [
  'SIGN_IN',
  'VERIFY_CONTACT',
  'STEP_UP',
  'FIRST_FACTOR',
  'RESET_PASSWORD',
  'RECOVERY',
  'RECOVERY_SECOND',
  'CARRY_OVER',
  'REGISTER',
] as const;
export type CodePurpose = (typeof CODE_PURPOSES)[number];

/**
 * Who can have a message sent to somebody's address. MEMBER: whoever has proven already to be the member, to a contact that
 * is verified for them. PASSWORD: whoever knows the password of one who has nothing more, which may be from a list. ASKER: whoever knows what the member logs in by, to such a contact. ANYBODY: to any address.
 */
export type MessageCause = 'MEMBER' | 'PASSWORD' | 'ASKER' | 'ANYBODY';

/** Each cause has a budget of its own: what strangers can have sent keeps no member from their second factor. */
export const CAUSE_OF: Readonly<Record<CodePurpose, MessageCause>> = {
  STEP_UP: 'MEMBER',
  FIRST_FACTOR: 'PASSWORD',
  RESET_PASSWORD: 'MEMBER',
  RECOVERY_SECOND: 'MEMBER',
  SIGN_IN: 'ASKER',
  RECOVERY: 'ASKER',
  CARRY_OVER: 'ASKER',
  VERIFY_CONTACT: 'ANYBODY',
  REGISTER: 'ANYBODY',
};

export type OneTimeCodeRefusal =
  | 'ONE_TIME_CODE_FAILED'
  | 'MESSAGE_LIMIT_REACHED'
  | 'MESSAGE_NOT_SENT'
  | 'CONTACT_NOT_FOUND';

declareRefusals('identity/one-time-code/one-time-code', {
  // One sentence for a wrong, used, late and other code.
  ONE_TIME_CODE_FAILED: {
    ja: 'コードを確認できませんでした。新しいコードを送り直してください。',
    en: 'We could not confirm this code. Please have a new one sent.',
  },
  MESSAGE_LIMIT_REACHED: {
    ja: 'この連絡先に送れる回数を超えました。しばらく待ってからもう一度お試しください。',
    en: 'We cannot send more messages to this contact for now. Please wait and try again.',
  },
  MESSAGE_NOT_SENT: {
    ja: 'メッセージを送れませんでした。少し待ってからもう一度お試しください。',
    en: 'We could not send the message. Please wait a moment and try again.',
  },
});

export const CODE_DIGITS = 6;
/** NIST SP 800-63B-4 §3.1.3.2: ten minutes at most; ours is five. */
export const CODE_SECONDS = 300;
/** A code is tried this often; one in 200,000 guesses right. */
export const CODE_TRIES = 5;

/** A code that was sent and waits. One for each member, purpose and address; a new one takes its place. */
export interface SentCode {
  readonly memberId: string;
  readonly purpose: CodePurpose;
  readonly channel: Channel;
  readonly address: string;
}

/** Where a waiting code lies. */
export const codeKey = ({ memberId, purpose, channel, address }: SentCode): string =>
  `${memberId}|${purpose}|${channel}|${address}`;

/** What is kept of a code: HMAC-SHA-256 under a secret of the installation, bound to what it is for. */
export const codeHash = (sent: SentCode, code: string, secret: string): string =>
  createHmac('sha256', secret)
    .update(`${codeKey(sent)}|${code}`)
    .digest('base64url');
