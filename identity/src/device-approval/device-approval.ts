import { declareRefusals } from '@7pay/refusals';

/** How long a new device waits for an old one. */
export const WAIT_SECONDS = 180;
/** Digits of the number that the new device shows and the old one asks for. */
export const NUMBER_DIGITS = 2;
/** New devices of one member that may wait at a time. */
export const WAITING_MAX = 2;
/** How often a member's new devices may ask in an hour: who has the password alone must not wear anybody out. */
export const ASKED_PER_HOUR_MAX = 6;

export type DeviceApprovalRefusal =
  | 'DEVICE_APPROVAL_WAITS'
  | 'DEVICE_APPROVAL_OVER'
  | 'DEVICE_APPROVAL_LIMIT'
  | 'DEVICE_APPROVAL_IMPOSSIBLE';

declareRefusals('identity/device-approval/device-approval', {
  DEVICE_APPROVAL_WAITS: {
    ja: 'まだ承認されていません。お使いの端末で番号を入力してから、もう一度押してください。',
    en: 'It is not approved yet. Please type the number on your other device, then try again.',
  },
  // One sentence for no, too late, a wrong number and used.
  DEVICE_APPROVAL_OVER: {
    ja: '承認されませんでした。もう一度お試しいただくか、ほかの方法で確認してください。',
    en: 'It was not approved. Please try again, or confirm in another way.',
  },
  DEVICE_APPROVAL_LIMIT: {
    ja: '承認の依頼が多すぎます。しばらく待つか、ほかの方法で確認してください。',
    en: 'There are too many requests for approval. Please wait, or confirm in another way.',
  },
  DEVICE_APPROVAL_IMPOSSIBLE: {
    ja: '承認できる端末がありません。ほかの方法で確認してください。',
    en: 'There is no device that could approve. Please confirm in another way.',
  },
});

/** What a member is told of a new device, so that they know whether it is theirs. */
export interface NewDevice {
  readonly clientId: string;
  readonly agent: string | null;
  readonly country: string | null;
}

/** A new device that asks to be approved. It is bound to the login that asked and to one request of an app. */
export interface DeviceApproval extends NewDevice {
  /** Follows from the interaction, and leads nowhere. */
  readonly id: string;
  readonly memberId: string;
  /** Of the login that waits. */
  readonly sessionUid: string;
  /** Shown on the new device alone. */
  readonly number: string;
  readonly askedAt: Date;
  readonly expiresAt: Date;
}
