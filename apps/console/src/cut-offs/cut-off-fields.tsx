import { Field } from '@7pay/ui';
import type { JSX } from 'preact';
import type { CutOffEffect, LoginMethod } from '../cut-off-operations.ts';
import { ReasonFields } from '../reason-fields.tsx';
import { t, type Word } from '../words.ts';
import { type CutOffForm, LISTS } from './cohort-form.ts';
import { effectWords, LIST_WORDS, methodWords } from './cut-off-words.ts';

interface Fields {
  readonly form: CutOffForm;
  readonly faults: ReadonlyMap<string, Word>;
  readonly onChange: (told: Partial<CutOffForm>) => void;
}
const hints = {
  providers: 'cutOffProvidersHint',
  clients: 'cutOffClientsHint',
  networks: 'cutOffNetworksHint',
  countries: 'cutOffCountriesHint',
} as const;

/** Which logins: everybody, or conditions that all have to hold. */
export function CohortFields({ form, faults, onChange }: Fields): JSX.Element {
  const wrong = wordOf(faults);
  return (
    <>
      <label class="field__choice">
        <input
          type="checkbox"
          checked={form.everything}
          onChange={(event) => onChange({ everything: event.currentTarget.checked })}
        />
        {t('cutOffEverybody')}
      </label>
      {form.everything ? (
        <p>{t('cutOffEverybodyWhat')}</p>
      ) : (
        <>
          <p class="muted">{t('cutOffConditions')}</p>
          <Several
            legend={t('cutOffMethods')}
            words={methodWords}
            chosen={form.methods}
            onChange={(methods: readonly LoginMethod[]) => onChange({ methods })}
          />
          <div class="columns">
            {LISTS.map((name) => (
              <Field
                key={name}
                label={t(LIST_WORDS[name])}
                hint={t(hints[name])}
                error={wrong(name)}
              >
                <input
                  type="text"
                  maxLength={2_000}
                  value={form[name]}
                  onInput={(event) => onChange({ [name]: event.currentTarget.value })}
                />
              </Field>
            ))}
            {(['from', 'until'] as const).map((name) => (
              <Field
                key={name}
                label={t(name === 'from' ? 'cutOffFrom' : 'cutOffUntil')}
                hint={t('cutOffClock')}
                error={wrong(name)}
              >
                <input
                  type="datetime-local"
                  value={form[name]}
                  onInput={(event) => onChange({ [name]: event.currentTarget.value })}
                />
              </Field>
            ))}
          </div>
        </>
      )}
      {wrong('everything') && <p class="field__error">{wrong('everything')}</p>}
    </>
  );
}

/** What happens to them, and why. */
export function EffectFields({ form, faults, onChange }: Fields): JSX.Element {
  const wrong = wordOf(faults);
  return (
    <>
      <Several
        legend={t('cutOffWhat')}
        words={effectWords}
        chosen={form.effects}
        error={wrong('effects')}
        onChange={(effects: readonly CutOffEffect[]) => onChange({ effects })}
      />
      <div class="columns">
        <Field label={t('cutOffScopes')} hint={t('cutOffScopesHint')} error={wrong('scopes')}>
          <input
            type="text"
            maxLength={400}
            value={form.scopes}
            onInput={(event) => onChange({ scopes: event.currentTarget.value })}
          />
        </Field>
        <Field label={t('cutOffEnds')} hint={t('cutOffEndsHint')} error={wrong('expiresAt')}>
          <input
            type="datetime-local"
            value={form.expiresAt}
            onInput={(event) => onChange({ expiresAt: event.currentTarget.value })}
          />
        </Field>
      </div>
      <ReasonFields
        reasons={{ ja: form.reasonJa, en: form.reasonEn }}
        errorOf={(lang) => wrong(lang === 'ja' ? 'reasonJa' : 'reasonEn')}
        hinted={['ja', 'en']}
        onChange={({ ja = form.reasonJa, en = form.reasonEn }) =>
          onChange({ reasonJa: ja, reasonEn: en })
        }
      />
    </>
  );
}

const wordOf = (faults: ReadonlyMap<string, Word>) => (name: string) => {
  const word = faults.get(name);
  return word ? t(word) : null;
};

function Several<Value extends string>(props: {
  legend: string;
  words: Readonly<Record<Value, Word>>;
  chosen: readonly Value[];
  error?: string | null;
  onChange: (chosen: readonly Value[]) => void;
}): JSX.Element {
  const { words, chosen, onChange } = props;
  const values = Object.keys(words) as Value[];
  return (
    <fieldset class="stack stack--tight">
      <legend>{props.legend}</legend>
      {values.map((value) => (
        <label key={value} class="field__choice">
          <input
            type="checkbox"
            checked={chosen.includes(value)}
            onChange={(event) => {
              const rest = chosen.filter((each) => each !== value);
              onChange(event.currentTarget.checked ? [...rest, value] : rest);
            }}
          />
          {t(words[value])}
        </label>
      ))}
      {props.error && <p class="field__error">{props.error}</p>}
    </fieldset>
  );
}
