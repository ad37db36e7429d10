import type { WalletWork } from '../unit-of-work.ts';
import { isMailed, mailClassOf } from './mail-choice.ts';
import { type Notice, wordsOf } from './notice.ts';

/**
 * Writes a notice, and with it, in the same commit, that a mail is due if the member wishes one. Who they are and where their
 * mail goes is known to 7iD alone: the event carries words, and no address.
 */
export async function tellMember(
  { notices, mailChoices, topUps, outbox }: WalletWork,
  notice: Notice,
): Promise<void> {
  if (!(await notices.note(notice))) return;
  const { id: noticeId, memberId, subject } = notice;
  const source = subject?.startsWith('top_')
    ? ((await topUps.find(subject))?.source ?? null)
    : null;
  if (!isMailed(mailClassOf(notice, source), await mailChoices.of(memberId))) return;
  const [ja, en] = [wordsOf(notice, 'ja'), wordsOf(notice, 'en')];
  await outbox({
    id: `evt_mail_${noticeId}`,
    name: 'wallet.mail-due.v1',
    at: notice.at.toISOString(),
    body: {
      noticeId,
      memberId,
      titleJa: ja.title,
      bodyJa: ja.body,
      titleEn: en.title,
      bodyEn: en.body,
    },
  });
}
