import { Button } from '@7pay/ui';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { t } from '../words.ts';

/** Copies a text; says that it did, or to copy it by hand where the browser does not allow it. */
export function CopyButton(props: { text: string; word: string }): JSX.Element {
  const [told, setTold] = useState<string | null>(null);
  const copy = async () => {
    const copied = await navigator.clipboard?.writeText(props.text).then(
      () => true,
      () => false,
    );
    setTold(t(copied ? 'copied' : 'copyByHand'));
  };
  return (
    <span class="row">
      <Button kind="secondary" onClick={() => void copy()}>
        {props.word}
      </Button>
      <span role="status" class="small">
        {told}
      </span>
    </span>
  );
}
