import { Button } from '@7pay/ui';
import type { JSX } from 'preact';
import { t } from './words.ts';

/** Which rows a list shows; one is pressed. */
export function StateFilter<State extends string>(props: {
  states: readonly State[];
  state: State;
  wordOf: (state: State) => string;
  onChoose: (state: State) => void;
}): JSX.Element {
  return (
    <div class="row" role="group" aria-label={t('filter')}>
      {props.states.map((state) => (
        <Button
          key={state}
          kind={state === props.state ? 'main' : 'secondary'}
          aria-pressed={state === props.state}
          onClick={() => props.onChoose(state)}
        >
          {props.wordOf(state)}
        </Button>
      ))}
    </div>
  );
}
