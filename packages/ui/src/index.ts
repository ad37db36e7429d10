export { lookCss } from './look.ts';

export { plainCode, plainDigits, groupDigits } from './digits.ts';
export {
  formatClock,
  formatDate,
  formatDay,
  formatDigits,
  formatMonth,
  formatPoints,
  formatTime,
  formatYen,
  tokyoDate,
} from './format.ts';
export { chooseLocale, type Locale, locale, startLocale } from './locale.ts';
export { catalogueFaults } from './catalogue-faults.ts';
export { catalogue, type MessageValues, type Translate } from './messages.ts';
export { loginSentence, uiText } from './ui-text.ts';

export {
  type GraphAnswer,
  type GraphClient,
  graphClient,
  type GraphFault,
  type Operation,
  operation,
} from './graph-client.ts';
export { type Act, type Outcome, type Refusal, useMutation } from './use-mutation.ts';
export { type LiveClient, liveClient, type LiveState } from './live-client.ts';
export { useLive } from './use-live.ts';
export { type Asked, useAnswer } from './use-answer.ts';
export type { PageOf } from './pages-reader.ts';
export { type Pages, pick, usePages } from './use-pages.ts';
export { ConfigUnreadable, loadRuntimeConfig, type RuntimeConfig } from './runtime-config.ts';
export { strongAcr } from './session/acr.ts';
export type { LoginWish, SessionSettings } from './session/authorization.ts';
export type { LoginFault } from './session/login-fault.ts';
export { openSession, type Session, type SessionStatus } from './session/session.ts';
export { proofKeyRow } from './session/proof-key.ts';
export { type BrowserRow, browserRow } from './browser-row.ts';
export { bearerSender, type Sender } from './send.ts';
export { requestTerminalToken, TerminalRefused } from './session/terminal-token.ts';
export { answerSilentRenewal, askSilently } from './session/silent-renewal.ts';

export { AmountText } from './components/amount-text.tsx';
export { Barcode, QrCode } from './components/barcode.tsx';
export { Button } from './components/button.tsx';
export { Dialog } from './components/dialog.tsx';
export { ErrorPanel, faultSentence } from './components/error-panel.tsx';
export { Field } from './components/field.tsx';
export { Frame, LanguageSwitch, type Place } from './components/frame.tsx';
export { Icon, type IconName } from './components/icons.tsx';
export { Loading } from './components/loading.tsx';
export { Notice } from './components/notice.tsx';
export { Page } from './components/page.tsx';
export { RefusalPanel } from './components/refusal-panel.tsx';
export { StatusPill, type Tone } from './components/status-pill.tsx';
