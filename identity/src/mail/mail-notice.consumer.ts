import { consume, type Consumer } from '@7pay/events';
import { digest } from '@7pay/ids';
import type { Log } from '@7pay/telemetry';
import type { Messenger } from '@7pay/world';
import { z } from 'zod';
import type { MemberStore } from '../account/member.store.ts';
import { mailAddressOf } from '../contact/mail-address.ts';
import type { ContactStore } from '../contact/contact.store.ts';

const words = z.string().min(1).max(500);
const mailDue = z.object({
  noticeId: z.string().regex(/^ntc:[\w:-]{1,200}$/),
  memberId: z.string().regex(/^mem_[0-9a-z_]{1,64}$/),
  titleJa: words,
  bodyJa: words,
  titleEn: words,
  bodyEn: words,
});

const FOOT = {
  ja: 'このメールにログインのためのリンクはありません。お心当たりがない場合は、アプリで利用を止めてください。',
  en: 'There is no link to a login in this mail. If this was not you, please freeze your wallet in the app.',
} as const;

/**
 * A notice that is due by mail goes to the member's verified mail (the login ID if it is one), in their language. Without one to the
 * login ID, unless it was taken away; else to nobody.
 */
export const mailNotice = ({
  members,
  contacts,
  messenger,
  log,
}: {
  members: Pick<MemberStore, 'find'>;
  contacts: Pick<ContactStore, 'verifiedOf'>;
  messenger: Messenger;
  log: Log;
}): Consumer =>
  consume<unknown>('wallet.mail-due.v1', async ({ body }) => {
    const { noticeId, memberId, ...said } = mailDue.parse(body);
    const member = await members.find(memberId);
    if (!member) return;
    const to = await mailAddressOf(member, contacts);
    if (to === null) return;
    const isJa = member.locale === 'ja';
    const delivery = await messenger.send({
      id: digest(noticeId),
      channel: 'mail',
      to,
      subject: `7pay: ${isJa ? said.titleJa : said.titleEn}`,
      text: `${isJa ? said.bodyJa : said.bodyEn}\n\n${FOOT[member.locale]}\n`,
    });
    // What is not known to be delivered is given to the carrier again; what it refuses would be refused again.
    if (delivery === 'UNKNOWN') throw new Error('the carrier of mail gives no answer');
    log.info('mail.sent', { memberId, delivery });
  });
