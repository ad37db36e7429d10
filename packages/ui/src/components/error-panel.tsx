import type { JSX } from 'preact';
import type { GraphFault } from '../graph-client.ts';
import { uiText, type UiKey } from '../ui-text.ts';
import { Button } from './button.tsx';

const known: Partial<Record<string, UiKey>> = {
  UNAUTHENTICATED: 'faultUnauthenticated',
  FORBIDDEN: 'faultForbidden',
  RATE_LIMITED: 'faultRateLimited',
  REAUTHENTICATION_REQUIRED: 'faultLoginTooOld',
  NOT_FOUND: 'faultNotFound',
  BAD_USER_INPUT: 'faultInput',
};

/** The sentence that says what to do about a fault. */
export function faultSentence({ kind, code }: GraphFault): string {
  const byCode = kind === 'UNKNOWN_OUTCOME' ? undefined : known[code];
  if (byCode) return uiText(byCode);
  if (kind === 'UNREACHABLE') return uiText('faultUnreachable');
  if (kind === 'UNKNOWN_OUTCOME') return uiText('faultUnknownOutcome');
  return uiText('faultInside');
}

/** A fault: what to do, the code, and the reference for support. A login that is too old can be made anew at once. */
export function ErrorPanel(props: {
  fault: GraphFault;
  onRetry?: () => void;
  onLogInAgain?: () => void;
}): JSX.Element {
  const { fault, onRetry, onLogInAgain } = props;
  return (
    <div class="notice notice--danger stack stack--tight" role="alert">
      <p>
        <strong>{faultSentence(fault)}</strong>
      </p>
      <p class="small muted">
        {uiText('code')} <code>{fault.code}</code>
        {fault.reference && (
          <>
            {' · '}
            {uiText('reference')} <code>{fault.reference}</code>
          </>
        )}
      </p>
      {onLogInAgain && fault.code === 'REAUTHENTICATION_REQUIRED' && (
        <div class="row">
          <Button onClick={onLogInAgain}>{uiText('logInAgain')}</Button>
        </div>
      )}
      {onRetry && (
        <div class="row">
          <Button kind="secondary" onClick={onRetry}>
            {uiText('again')}
          </Button>
        </div>
      )}
    </div>
  );
}
