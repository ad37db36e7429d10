import { PUBLIC_CODES } from '@7pay/graphql';
import { refusalCatalogue } from '@7pay/refusals';

/** What a program does when it meets a refusal. The sentence for the person comes with the refusal itself. */
const AFTER_REFUSAL: Readonly<Record<string, string>> = {
  ACQUIRER_UNAVAILABLE: 'Send the same request again in a moment; it is the same try.',
  ALREADY_CLAIMED: 'Show the claim that exists (`Wallet.balanceRefundClaim`).',
  AMOUNT_TOO_LARGE: 'Ask for less; `limit` is the most. Nothing was noted under the number.',
  APPLICATION_ID_REUSED: 'Send the changed form under a new number.',
  APPLICATION_INCOMPLETE: 'Mark the fields that are named and send the form again.',
  TOO_MANY_APPLICATIONS: 'Wait for a decision on one of those that are open; `limit` is the most.',
  APPLICATION_STATE_WRONG: 'Read the application again: somebody has moved it.',
  BALANCE_CAP_EXCEEDED: 'Take no cash; `limit` is the most a wallet may hold.',
  CARD_DECLINED: 'Nothing was charged, and nothing will be under this number. Offer another card.',
  CARD_ENTRY_FAILED: 'Begin a new entry with a new number.',
  CARD_ENTRY_OPEN: 'Lead the member to the page of the acquirer (`registerCard`, same number).',
  CARD_ENTRY_UNKNOWN: 'Begin with `registerCard`.',
  CARD_EXPIRED: 'Let the member register the card that replaced it.',
  CARD_TRIES_EXCEEDED: 'Offer it again tomorrow.',
  CARD_UNKNOWN: 'Read the cards again (`Wallet.cards`).',
  CLAIM_ID_REUSED: 'Send the changed claim under a new number.',
  CODE_EXPIRED: 'Scan a new code and ask under a new number.',
  CODE_UNKNOWN: 'Scan again and ask under a new number.',
  CODE_USED: 'Scan a new code and ask under a new number.',
  CONTROLS_STALE: 'Wait a second and send the same request again.',
  DISPLAY_NAME_INVALID: 'Shown by the page of 7iD: a name of fitting length.',
  EXCEPTION_NOT_OPEN: 'Read the queue again.',
  REGISTRATION_OVER: 'Shown by the page of 7iD: fill in the form again.',
  REGISTRATION_CODE_WRONG: 'Shown by the page of 7iD: the newest code, or another one.',
  PAYMENT_NOT_AS_AGREED:
    'Send the store and the amount that the member agreed to, or ask them again.',
  PAYMENT_DECLINED:
    'Ask the member to look at 7pay, then send the same again; or take another way to pay.',
  CLIENT_NAME_INVALID: 'Show the sentence beside the name.',
  REDIRECT_URI_INVALID: 'Show the sentence: it names the address and what is wrong with it.',
  CLIENT_KEYS_INVALID:
    'Ask for the public keys again: a JWK Set for signatures, without private parts.',
  TOO_MANY_CLIENTS: 'Use an app that is there already, or ask an operator.',
  CLIENT_NOT_FOUND: 'Check the client id. Nothing was changed.',
  CLIENT_NOT_IN_THIS_STATE: 'Read the client again (`clients`): somebody else has changed it.',
  CLIENT_KEPT_ELSEWHERE: 'Change it in the settings of 7iD, or where the terminal is paired.',
  CLIENT_OF_OPERATORS: 'Propose a cut-off for this client (`proposeCutOff`); it takes two people.',
  CLIENT_HAS_NO_SECRET: 'Nothing to do: it proves itself by a key or a certificate.',
  CLIENT_IN_TEST: 'Log in as a test person, or have an operator approve the app (`approveClient`).',
  KEYS_KEPT_ELSEWHERE: 'Change the keys in the settings or in the folder.',
  UNKNOWN_SIGNING_KEY: 'Read the keys again (`signingKeys`).',
  NOTICE_NOT_DEAD: 'Read the notices again (`deadNotices`).',
  SESSION_NOT_FOUND: 'Nothing to do: it has ended. Read the list again (`me.sessions`).',
  CURRENT_SESSION_UNKNOWN: 'Log in again, then ask again. No login was ended.',
  MEMBER_NOT_FOUND: 'Check the id. Nothing was changed.',
  DUTY_NOT_HELD: 'Log in again: the duties have changed since. Nothing was changed.',
  OWN_DUTIES: 'Have a colleague of security ask for it, or approve it.',
  DUTIES_AS_THEY_ARE: 'Nothing to do: they are so already. Read the list again (`operators`).',
  LAST_OF_SECURITY: 'Give `SECURITY` to somebody else first.',
  TOO_MANY_DUTY_CHANGES: 'Have those that wait approved, or withdraw them (`dutyChanges`).',
  DUTY_CHANGE_NOT_OPEN: 'Read the changes again (`dutyChanges`), and ask for it anew.',
  LOGIN_NOT_LOCKED: 'Nothing to do: nobody keeps them out. Read the member again (`readMember`).',
  LOGIN_OF_OPERATOR: 'Have a colleague of security unlock it.',
  ALREADY_NATIVE: 'Shown by the page of 7iD: log in with the passkey or the password.',
  CARRY_OVER_OVER: 'Shown by the page of 7iD: begin again at `/carry-over`.',
  LOGIN_ID_TAKEN: 'Shown by the page of 7iD: a passkey, or support.',
  EXTERNAL_ID_OF_PROVIDER_LINKED: 'Shown by the page of 7iD: unlink the other one first.',
  EXTERNAL_ID_TAKEN: 'Shown by the page of 7iD: another account there, or another provider.',
  EXTERNAL_ID_NOT_LINKED: 'Read the ways in again (`me.signInMethods`).',
  LAST_WAY_IN: 'Let the member register a passkey, then ask again.',
  EXTERNAL_ID_REJECTED: 'Begin the login again. Nobody was logged in.',
  EXTERNAL_ID_UNAVAILABLE: 'Offer the other ways to log in, or wait.',
  FORM_NOT_ACCEPTED: 'Begin again at the app.',
  FRESH_LOGIN_REQUIRED: 'Send the person to log in again with `prompt=login`.',
  FUNCTION_CLOSED:
    'Show the sentence: it says why; `switch` says since when. The same request may be sent again once the switch is open.',
  INSUFFICIENT_POINTS: 'Ask for fewer points; `short` are missing.',
  POINTS_OWED: 'Nothing can be exchanged until new points have settled the `owed` ones.',
  INSUFFICIENT_BALANCE: 'Top up by `short` or more, then pay with a new code and a new number.',
  LOGIN_BUSY: 'Wait a few seconds and try again.',
  LOGIN_STOPPED: 'Log in another way, or come back when it is open again.',
  LOGIN_FAILED: 'Ask again. The answer never says which part was wrong.',
  MAIL_INVALID: 'Shown by the page of 7iD: a mail address.',
  NOTHING_TO_REFUND: 'Nothing to do: the balance is zero.',
  NO_REFUND_PROGRAMME: 'Show when claims are taken (`refundProgramme`).',
  PAIRING_CODE_WRONG: 'Have an operator issue a new code.',
  PASSKEY_ASSERTION_REQUIRED: 'Let the person show a passkey they have, then add the new one.',
  PASSKEY_NOT_ACCEPTED: 'Begin the ceremony again: a challenge is answered once.',
  PASSWORD_GUESSABLE: 'Shown by the page of 7iD: another password, or a passkey.',
  PASSWORD_TOO_LONG: 'Shown by the page of 7iD: a shorter password.',
  PASSWORD_TOO_SHORT: 'Shown by the page of 7iD: a longer password, or a passkey.',
  BUDGET_EXHAUSTED: 'Nothing to do: there is nothing left to give.',
  BILL_ALREADY_PAID:
    'Done: nothing more is charged. Ask the store for a new bill if it is another purchase.',
  BILL_EXPIRED: 'Ask the store to show a new code.',
  BILL_UNKNOWN: 'Scan the store’s code again.',
  CODE_NEEDS_ONLINE: 'Let the phone go online once, scan a new code and ask under a new number.',
  PAYMENT_DEVICE_UNKNOWN: 'Forget the device’s key and handles, and register again with a new key.',
  QR_UNREADABLE: 'Scan the store’s code again; `fault` says what is wrong with the text.',
  TERMINAL_LOCKED:
    'Wait for `retryAfterSeconds`, then send the same request again. Nothing was noted under the number.',
  TOO_MANY_PAYMENT_DEVICES: 'Remove a device, or show codes of class 1 (`issuePaymentCode`).',
  CAPTURE_ABOVE_HOLD: 'Capture at most what is held; ask for a new payment for the rest.',
  HOLD_NOT_OPEN:
    'Ask for the payment by its number: it was captured or released, or its time is over.',
  REVIEW_ENDED: 'Read the payment: it stands, or nothing was charged.',
  TOP_UP_CASE_OF_NOBODY: 'Return it or write it off.',
  TOP_UP_CASE_NOT_OPEN: 'Nothing to do: read the case for its resolution.',
  CASE_CLOSED: 'Nothing to do: read the case for its outcome.',
  STATEMENT_TOO_LONG: 'Read the movements by pages (`wallet.movements`).',
  LIMIT_TOO_HIGH: 'Set `most` or less, or no limit.',
  LIMIT_EXCEEDED: 'Take a smaller amount, or wait until the period is over.',
  TOO_MANY_HOLDS: 'Wait until earlier payments are captured or released.',
  PAYMENT_CANCELLED_EARLIER:
    'Hand over nothing: nothing is charged under this number, now or later. Pay again under a new one.',
  PAYMENT_NOT_AUTHORIZED: 'Ask for the payment by its number (`paymentByMerchantId`).',
  PAYMENT_NOT_REFUNDABLE: 'Nothing to do: the payment does not stand.',
  PAYMENT_UNKNOWN: 'Check the number; it belongs to another merchant or was never used.',
  REFUND_ABOVE_PAYMENT: 'Refund `left` or less.',
  REFUND_ID_REUSED: 'A fault of the caller: make a new number for each refund.',
  PAYOUT_NOT_RETURNED: 'Read the payout again: somebody has decided, or it did not come back.',
  PAYOUT_FILE_STATE_WRONG: 'Read the files again: somebody has taken the step.',
  NO_BANK_DAY:
    'Name a bank day, today or at most 30 days from now; a file whose day is over is prepared again.',
  NO_PAYOUT_DUE: 'Nothing to do: nothing is due to a merchant whose account is known.',
  TOO_MANY_PAYOUT_FILES: 'Name the next bank day.',
  CLAIM_UNKNOWN: 'Read the claims again.',
  SERVICE_STILL_OPEN: 'Close the switch `payment` first.',
  PAYMENT_ID_REUSED: 'A fault of the caller: make a new number for each payment.',
  REFUND_PROGRAMME_INCOMPLETE: 'Fill in what is named; the law asks for it.',
  PROGRAMME_ID_REUSED: 'Send the changed programme under a new number.',
  REFUND_PROGRAMME_RUNNING: 'Wait until the other programme has closed.',
  REFUND_WINDOW_TOO_SHORT:
    'Set a window of `days` days or more, from today and from the day of the notice on.',
  REFUND_WINDOW_OUT_OF_BOUNDS:
    'Check the years: it begins within `aheadDays` days, and is at most `days` days.',
  REGISTRATION_REFUSED: 'Offer the login. The answer never says whether a member exists.',
  PASSWORD_BREACHED: 'Shown by the page of 7iD: another password.',
  PASSWORD_UNCHANGED: 'Shown by the page of 7iD: another password.',
  LOGIN_LOCKED: 'Shown by the page of 7iD: recover by another contact, or call support.',
  RECOVERY_COOLING: 'Show until when (`wallet.cooling`); ask again then, or pay less.',
  RECOVERY_OVER: 'Shown by the page of 7iD: begin again.',
  RECOVERY_PROOF_WRONG: 'Shown by the page of 7iD: the code that was sent, or a new one.',
  RESET_OVER: 'Shown by the page of 7iD: log in again.',
  RESET_PROOF_WRONG: 'Shown by the page of 7iD: the code that was sent, or a passkey.',
  RESET_TOO_MANY_CODES: 'Shown by the page of 7iD: begin again later.',
  CONTACT_CODE_REQUIRED: 'Have the code sent, and type it on the same page.',
  SECOND_FACTOR_REQUIRED: 'Shown by the page of 7iD: a code of the app or the telephone first.',
  SECOND_PERSON_REQUIRED: 'Let another operator take this step.',
  STEP_UP_OVER: 'Shown by the page of 7iD: log in again.',
  STEP_UP_REQUIRED: 'Send the person to 7iD with `acr_values` set to `acr`, then ask again.',
  STORE_NOT_SELLING: 'Take another means of payment. Nothing was noted under the number.',
  TERMS_OUTDATED: 'Show the new terms and send their version.',
  TOO_MANY_CARDS: 'Let the member remove a card (`removeCard`) and begin again.',
  PHONE_INVALID: 'Give the number of a mobile telephone in Japan.',
  TOO_MANY_CONTACTS: 'Remove a contact first; `max` is the most.',
  CONTACT_NOT_FOUND: 'Ask for `me { contacts }` again.',
  LAST_CONTACT: 'Add and confirm another contact first.',
  ONE_TIME_CODE_FAILED: 'Have a new code sent.',
  DEVICE_APPROVAL_WAITS: 'Answer on the other device, then check again.',
  DEVICE_APPROVAL_OVER: 'Ask again, or confirm by another way that the page shows.',
  DEVICE_APPROVAL_LIMIT: 'Wait an hour, or confirm by another way.',
  DEVICE_APPROVAL_IMPOSSIBLE: 'Confirm by another way: no other device has proven enough.',
  MESSAGE_LIMIT_REACHED: 'Wait an hour, or use another contact.',
  MESSAGE_NOT_SENT: 'Try again in a moment.',
  SECOND_FACTOR_FAILED: 'Try the next code; after ten wrong ones wait 30 minutes.',
  SECOND_FACTOR_NOT_BEGUN: 'Begin again with `beginMyAuthenticatorApp`.',
  SECOND_FACTOR_MISSING: 'There is nothing to renew or remove.',
  TOO_MANY_PASSKEYS: 'Nothing more can be added; `max` is the most.',
  TOP_UP_DECLINED: 'Return the cash, if it was cash. The answer is final for this number.',
  TOP_UP_ID_REUSED: 'A fault of the caller: make a new number for each top-up.',
  TOP_UP_LIMIT_EXCEEDED: 'Ask for `limit` or less.',
  TOP_UPS_WAITING: 'Wait until earlier top-ups are decided.',
  TOP_UP_UNKNOWN: 'Check the number: it belongs to another member or was never used.',
  TOP_UP_STEP_WRONG: 'Ask for a multiple of `step`.',
  UNKNOWN_CUT_OFF: 'Read the cut-offs that stand (`cutOffs`).',
  TOO_MANY_CUT_OFFS: 'Take back one that is not needed (`cancelCutOff`, `expireCutOff`).',
  CUT_OFF_NOT_OPEN: 'Read the cut-offs again (`cutOffs`), and propose a new one if it has lapsed.',
  UNKNOWN_SWITCH: 'Read the register (`switches`) for the keys.',
  WALLET_CLOSED: 'Nothing to do: the wallet is closed for good.',
  WALLET_FROZEN: 'Show the sentence. Money can still come back by a cancel.',
  WALLET_FROZEN_ALREADY: 'Read the reason that the first operator gave.',
  WALLET_FROZEN_BY_OPERATOR: 'Show the reason (`operatorFreeze`) and whom to ask.',
  WALLET_NOT_FROZEN: 'Nothing to do: read the wallet again.',
  WALLET_NOT_OPEN: 'Lead the member to open a wallet (`openWallet`).',
};

/** Protocol codes, in `errors[].extensions.code`: what they mean and what a program does. */
const AFTER_ERROR: Readonly<Record<string, readonly [meaning: string, remedy: string]>> = {
  BAD_REQUEST: ['The HTTP request is no GraphQL request.', 'Send JSON by POST.'],
  BATCH_NOT_ALLOWED: ['Several operations in one body.', 'Send one operation at a time.'],
  BAD_USER_INPUT: [
    'An input has the wrong shape. The message names it and what is expected, never the value.',
    'Correct the input; sending it again changes nothing.',
  ],
  FORBIDDEN: ['The token holds but does not allow this.', 'Ask for the scope, or do not offer it.'],
  GRAPHQL_PARSE_FAILED: ['The document cannot be read, or has too many tokens.', 'Correct it.'],
  GRAPHQL_VALIDATION_FAILED: [
    'The document does not fit the schema, or is too large in one of the ways of docs/adr/0018.',
    'Correct it.',
  ],
  INTERNAL: [
    'A fault of ours. `extensions.reference` finds it in the log.',
    'Tell the person the reference. For money: ask by your own number what became of it.',
  ],
  NOT_FOUND: ['It does not exist, or is not yours to know of.', 'Nothing: both look the same.'],
  OPERATION_RESOLUTION_FAILURE: [
    'The document has several operations and none was named.',
    'Send `operationName`.',
  ],
  OPERATION_NOT_REGISTERED: [
    'This client may send registered documents only, and this is none.',
    'Register the document (`npm run schema`), or send it as it was registered.',
  ],
  PAYLOAD_TOO_LARGE: [
    'The body is above the limit.',
    'Send less (docs/adr/0009-gateway-limits.md).',
  ],
  QUERY_TOO_COSTLY: [
    'The operation can cost more than is allowed; `cost` and `limit` say how much.',
    'Ask for smaller pages, or in two operations.',
  ],
  RATE_LIMITED: [
    'The caller has spent what it may for now.',
    'Wait for `retryAfterSeconds` (also in `Retry-After`), then again. Nothing was done.',
  ],
  REAUTHENTICATION_REQUIRED: [
    'The caller may do this, but logged in longer ago than `maxAge` seconds (also in `WWW-Authenticate`, RFC 9470).',
    'Let the person log in again, with `max_age`, then again. Nothing was done.',
  ],
  SUBSCRIPTION_INTERRUPTED: [
    'More events wait for a subscription than its reader takes.',
    'Subscribe again with the id of the last event (`Last-Event-ID`): nothing is missed.',
  ],
  UNAUTHENTICATED: ['No token, or one that does not hold.', 'Renew the token, or log in.'],
  UNAVAILABLE: [
    'No answer came in time. What was asked for may have happened.',
    'For money: send the same request under the same number again, or ask what became of it.',
  ],
};

/**
 * docs/errors.md: every refusal that the imported services declare, and every protocol code.
 * @throws Error naming each code without a remedy here, and each remedy without a code
 */
export function errorsPage(): string {
  const catalogue = refusalCatalogue();
  sameNames(
    'refusal',
    Object.keys(AFTER_REFUSAL),
    catalogue.map(({ code }) => code),
  );
  sameNames('protocol code', Object.keys(AFTER_ERROR), [...PUBLIC_CODES]);
  const refusals = catalogue.map(({ code, owner, sentence }) =>
    row(`\`${code}\``, owner, sentence.ja, sentence.en, AFTER_REFUSAL[code] ?? ''),
  );
  const errors = Object.entries(AFTER_ERROR).map(([code, [meaning, remedy]]) =>
    row(`\`${code}\``, meaning, remedy),
  );
  return [
    '# Refusals and errors',
    '',
    'Generated by `npm run docs` from the nouns of the services; do not edit by hand.',
    '',
    'A **refusal** is an expected no: a member of the mutation’s union with a stable `code`, a `message` in the language',
    'of the caller (`accept-language`), and facts. Names in braces are facts. An **error** is a wrong request, a bug or an',
    'outage and stands in `errors`. See [why](adr/0011-refusals-as-union-members.md).',
    '',
    `## Refusals (${refusals.length})`,
    '',
    row('code', 'owner', '日本語', 'English', 'what a program does'),
    row('---', '---', '---', '---', '---'),
    ...refusals,
    '',
    `## Protocol codes (${errors.length})`,
    '',
    row('code', 'meaning', 'what a program does'),
    row('---', '---', '---'),
    ...errors,
    '',
    'The endpoints of 7iD answer with the codes of OAuth 2.0 and OpenID Connect (`invalid_grant`, `login_required`, …).',
    '',
  ].join('\n');
}

const row = (...cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;

function sameNames(what: string, told: readonly string[], known: readonly string[]): void {
  const missing = known.filter((name) => !told.includes(name));
  const extra = told.filter((name) => !known.includes(name));
  if (missing.length + extra.length === 0) return;
  throw new Error(
    `docs-errors.ts: ${what} without a remedy: ${missing.join(', ') || 'none'}; remedy without a ${what}: ${extra.join(', ') || 'none'}`,
  );
}
