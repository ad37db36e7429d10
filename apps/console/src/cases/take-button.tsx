import { type Act, Button, ErrorPanel, RefusalPanel } from '@7pay/ui';
import type { JSX } from 'preact';
import { t } from '../words.ts';
import { useWorld } from '../world.ts';

/** Takes a case; whoever has it already sees that. What went wrong is said beside it. */
export function TakeButton(props: {
  isOwn: boolean;
  act: Act;
  onTake: () => Promise<void>;
}): JSX.Element | null {
  const { logInAgain } = useWorld();
  if (props.isOwn) return <p class="small">{t('takenByYou')}</p>;
  return (
    <>
      <Button kind="secondary" busy={props.act.busy} onClick={() => void props.onTake()}>
        {t('take')}
      </Button>
      {props.act.refusal && <RefusalPanel refusal={props.act.refusal} />}
      {props.act.fault && <ErrorPanel fault={props.act.fault} onLogInAgain={logInAgain} />}
    </>
  );
}
