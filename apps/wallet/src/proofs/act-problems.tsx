import { type Act, Button, ErrorPanel, RefusalPanel, strongAcr } from '@7pay/ui';
import type { JSX } from 'preact';
import { t } from '../words.ts';
import { useWorld } from '../world.ts';

export const PROOFS_PAGE = '/wallet/proofs';

/** What stood in the way of an act on this page, and the login that it needs: a new one, or one by a second factor. */
export function ActProblems({ acts }: { acts: readonly Act[] }): JSX.Element {
  const { session } = useWorld();
  const logInAgain = () => void session.signIn({ returnTo: PROOFS_PAGE, anew: true });
  const prove = () => void session.signIn({ returnTo: PROOFS_PAGE, acr: strongAcr, anew: true });
  const proveButton = <Button onClick={prove}>{t('prove')}</Button>;
  return (
    <>
      {acts.map(
        ({ fault }) =>
          fault && (
            <>
              <ErrorPanel fault={fault} onLogInAgain={logInAgain} />
              {fault.code === 'FORBIDDEN' && proveButton}
            </>
          ),
      )}
      {acts.map(
        ({ refusal }) =>
          refusal && (
            <RefusalPanel refusal={refusal}>
              {refusal.__typename === 'StepUpRequired' && proveButton}
            </RefusalPanel>
          ),
      )}
    </>
  );
}
