import {
  Button,
  ErrorPanel,
  formatTime,
  Loading,
  locale,
  Notice,
  RefusalPanel,
  useAnswer,
  useMutation,
} from '@7pay/ui';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import {
  endMyOtherSessions,
  endMySession,
  type MemberSession,
  sessionsQuery,
} from '../session-operations.ts';
import { t } from '../words.ts';
import { useWorld } from '../world.ts';

/** Where the member is logged in; each login but this one can be ended, and all of them at once. */
export function SessionList({ here }: { here: string }): JSX.Element {
  const { graph, session } = useWorld();
  const asked = useAnswer((signal) => graph(sessionsQuery, {}, { signal }));
  const [one, endOne] = useMutation(graph, endMySession, {
    root: 'endMySession',
    success: ['MySessionEnded'],
  });
  const [others, endOthers] = useMutation(graph, endMyOtherSessions, {
    root: 'endMyOtherSessions',
    success: ['SessionsEnded'],
  });
  const [done, setDone] = useState<string | null>(null);
  const all = asked.data?.me?.sessions;
  // One that is linked no more has no name here; its key says which it was.
  const nameOf = (key: string | null) =>
    asked.data?.me?.externalIds?.find(({ provider }) => provider === key)?.name ?? key;
  const end = async (id: string) => {
    if ('done' in (await endOne({ id }))) setDone(t('sessionEnded'));
    asked.again();
  };
  const endAll = async () => {
    const outcome = await endOthers({});
    if (!('done' in outcome)) return;
    setDone(t('sessionsEnded', { count: outcome.done.count }));
    asked.again();
  };
  const logInAgain = () => void session.signIn({ returnTo: here, anew: true });
  const acts = [one, others];
  return (
    <section class="card stack stack--tight" aria-labelledby="sessions">
      <h2 id="sessions">{t('sessionsTitle')}</h2>
      <p class="small">{t('sessionsLead')}</p>
      {asked.fault && <ErrorPanel fault={asked.fault} onRetry={asked.again} />}
      {!asked.data && !asked.fault && <Loading />}
      {done !== null && <Notice kind="success" title={done} />}
      {acts.map((act) => act.fault && <ErrorPanel fault={act.fault} onLogInAgain={logInAgain} />)}
      {acts.map((act) => act.refusal && <RefusalPanel refusal={act.refusal} />)}
      <ul class="list">
        {all?.map((each) => (
          <Row
            key={each.id}
            session={each}
            provider={nameOf(each.provider)}
            busy={one.busy}
            onEnd={() => void end(each.id)}
          />
        ))}
      </ul>
      {all?.some(({ isCurrent }) => !isCurrent) && (
        <Button kind="secondary" wide busy={others.busy} onClick={() => void endAll()}>
          {t('sessionsEndOthers')}
        </Button>
      )}
    </section>
  );
}

function Row(props: {
  session: MemberSession;
  /** What the external provider is called that opened it, if one did. */
  provider: string | null;
  busy: boolean;
  onEnd: () => void;
}): JSX.Element {
  const { loggedInAt, lastSeenAt, clientName, way, country, isCurrent } = props.session;
  const app = clientName ?? t('sessionUnknownApp');
  const at = formatTime(loggedInAt, locale.value);
  const facts = [
    way && t(`sessionWay${way}`),
    props.provider,
    country && t('sessionFrom', { country }),
    t('sessionAt', { at }),
    lastSeenAt && t('sessionSeen', { at: formatTime(lastSeenAt, locale.value) }),
  ];
  return (
    <li class="row row--apart">
      <span>
        {app}
        {isCurrent && <strong> · {t('sessionCurrent')}</strong>}
        <br />
        <span class="muted small">{facts.filter(Boolean).join(' · ')}</span>
      </span>
      {!isCurrent && (
        <Button
          kind="danger"
          busy={props.busy}
          aria-label={t('sessionEndLabel', { app, at })}
          onClick={props.onEnd}
        >
          {t('sessionEnd')}
        </Button>
      )}
    </li>
  );
}
