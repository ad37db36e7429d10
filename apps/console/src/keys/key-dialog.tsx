import { useMutation } from '@7pay/ui';
import type { JSX } from 'preact';
import {
  dropNotice,
  replaceSigningKey,
  reviveNotice,
  rotateSigningKey,
} from '../identity-operations.ts';
import { NOTE_MAX, NoteDialog } from '../note-dialog.tsx';
import { t, type Word } from '../words.ts';
import { useWorld } from '../world.ts';

/** What an operator does with the keys, or with a notice. */
export type KeyStep =
  | { readonly name: 'rotate' }
  | { readonly name: 'replace' | 'revive' | 'drop'; readonly id: string };

const words: Readonly<Record<KeyStep['name'], { button: Word; what: Word; done: Word }>> = {
  rotate: { button: 'keyRotate', what: 'keyRotateWhat', done: 'keyRotated' },
  replace: { button: 'keyReplace', what: 'keyReplaceWhat', done: 'keyReplaced' },
  revive: { button: 'noticeRevive', what: 'noticeReviveWhat', done: 'noticeRevived' },
  drop: { button: 'noticeDrop', what: 'noticeDropWhat', done: 'noticeDropped' },
};
const keys = ['SigningKeysChanged'] as const;
const notice = ['NoticeChanged'] as const;

/** One step with a key or a notice, and why. */
export function KeyDialog(props: {
  step: KeyStep;
  onEnd: (told: string | null) => void;
}): JSX.Element {
  const { step, onEnd } = props;
  const { graph } = useWorld();
  const acts = {
    rotate: useMutation(graph, rotateSigningKey, { root: 'rotateSigningKey', success: keys }),
    replace: useMutation(graph, replaceSigningKey, { root: 'replaceSigningKey', success: keys }),
    revive: useMutation(graph, reviveNotice, { root: 'reviveNotice', success: notice }),
    drop: useMutation(graph, dropNotice, { root: 'dropNotice', success: notice }),
  };
  const { button, what, done } = words[step.name];
  const act = (reason: string) => {
    switch (step.name) {
      case 'rotate':
        return acts.rotate[1]({ reason });
      case 'replace':
        return acts.replace[1]({ kid: step.id, reason });
      case 'revive':
      case 'drop':
        return acts[step.name][1]({ input: { id: step.id, reason } });
    }
  };
  const send = async (reason: string) => {
    if ('done' in (await act(reason))) onEnd(t(done));
  };
  return (
    <NoteDialog
      title={t(button)}
      lead={t(what)}
      button={t(button)}
      act={acts[step.name][0]}
      noteMax={NOTE_MAX.record}
      {...((step.name === 'replace' || step.name === 'drop') && { isDangerous: true as const })}
      onSend={send}
      onClose={() => onEnd(null)}
    />
  );
}
