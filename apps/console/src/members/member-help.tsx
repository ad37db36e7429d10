import { Button, formatTime, locale, Notice, useMutation } from '@7pay/ui';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Acts } from '../entry/operators.tsx';
import {
  endSessionsOfMember,
  type LoginLock,
  type MemberShown,
  unlockLogin,
} from '../member-operations.ts';
import { NOTE_MAX, NoteDialog } from '../note-dialog.tsx';
import { t, type Word } from '../words.ts';
import { useWorld } from '../world.ts';

const lockWords: Readonly<Record<LoginLock['why'], Word>> = {
  NOT_ME: 'lockNotMe',
  WRONG_PASSWORDS: 'lockWrongPasswords',
};

/** Why a member is not let in, and what support does about it. */
export function MemberHelp(props: {
  member: MemberShown;
  onDone: (told: string) => void;
}): JSX.Element {
  const { locks, found } = props.member;
  const [step, setStep] = useState<'unlock' | 'end' | null>(null);
  return (
    <>
      {locks.map(({ why, since, until }) => (
        <Notice key={why} kind="caution" title={t('lockTitle')}>
          <p>
            {t(lockWords[why], { since: formatTime(since, locale.value) })}{' '}
            {until && t('lockUntil', { until: formatTime(until, locale.value) })}
          </p>
        </Notice>
      ))}
      {locks.length === 0 && <p>{t('lockNone')}</p>}
      <Acts>
        <div class="row">
          {locks.length > 0 && (
            <Button kind="secondary" onClick={() => setStep('unlock')}>
              {t('unlock')}
            </Button>
          )}
          <Button kind="danger" onClick={() => setStep('end')}>
            {t('endLogins')}
          </Button>
        </div>
      </Acts>
      {step && (
        <Help
          step={step}
          memberId={found.id}
          onEnd={(told) => {
            setStep(null);
            if (told) props.onDone(told);
          }}
        />
      )}
    </>
  );
}

function Help(props: {
  step: 'unlock' | 'end';
  memberId: string;
  onEnd: (told: string | null) => void;
}): JSX.Element {
  const { step, memberId, onEnd } = props;
  const { graph } = useWorld();
  const [unlocking, unlock] = useMutation(graph, unlockLogin, {
    root: 'unlockLogin',
    success: ['LoginUnlocked'],
  });
  const [ending, endAll] = useMutation(graph, endSessionsOfMember, {
    root: 'endSessionsOfMember',
    success: ['SessionsEnded'],
  });
  const isUnlock = step === 'unlock';
  return (
    <NoteDialog
      title={t(isUnlock ? 'unlockTitle' : 'endLoginsTitle')}
      lead={t(isUnlock ? 'unlockWhat' : 'endLoginsWhat')}
      button={t(isUnlock ? 'unlock' : 'endLogins')}
      act={isUnlock ? unlocking : ending}
      noteMax={NOTE_MAX.record}
      {...(!isUnlock && { isDangerous: true as const })}
      onSend={async (reason) => {
        const input = { memberId, reason };
        if (isUnlock) {
          if ('done' in (await unlock({ input }))) onEnd(t('unlocked'));
          return;
        }
        const outcome = await endAll({ input });
        if ('done' in outcome) onEnd(t('loginsEnded', { count: outcome.done.count }));
      }}
      onClose={() => onEnd(null)}
    />
  );
}
