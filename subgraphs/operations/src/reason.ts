import { badUserInput, freeText } from '@7pay/graphql';

/**
 * The reason of a step, in both languages, as it is kept and shown to everybody: 1 to 200 characters each, numbers of
 * cards masked.
 * @throws BAD_USER_INPUT when one is missing or longer
 */
export function readReason({ reasonJa, reasonEn }: { reasonJa: string; reasonEn: string }) {
  const reason = {
    ja: freeText('reasonJa', reasonJa, 200),
    en: freeText('reasonEn', reasonEn, 200),
  };
  if (!reason.ja || !reason.en) throw badUserInput('reason: 1 to 200 characters are expected');
  return reason;
}
