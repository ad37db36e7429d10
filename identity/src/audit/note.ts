import { badUserInput, freeText } from '@7pay/graphql';
import { LIKE_A_PERSON } from './audit-event.ts';

const NOTE_MAX = 200;

/**
 * Why an operator does something, as it is kept for ever. It names cases and never people.
 * @throws BAD_USER_INPUT when it is empty, longer than 200 characters, or has a mail address or a telephone in it
 */
export function readNote(given: string): string {
  const note = freeText('reason', given, NOTE_MAX);
  if (note.length < 1 || note.length > NOTE_MAX) {
    throw badUserInput('reason: 1 to 200 characters are expected');
  }
  if (LIKE_A_PERSON.test(note)) {
    throw badUserInput('reason: no mail address and no telephone number of anybody');
  }
  return note;
}
