import { Field } from '@7pay/ui';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { t } from './words.ts';

/** A reason that members read, in both languages. */
export interface Reasons {
  readonly ja: string;
  readonly en: string;
}
type Language = keyof Reasons;
const LANGUAGES: readonly Language[] = ['ja', 'en'];

/** The reason of a form: missing words are pointed out once it was sent. */
export function useReasons() {
  const [reasons, setReasons] = useState<Reasons>({ ja: '', en: '' });
  const [checked, setChecked] = useState(false);
  const isMissing = (lang: Language) => reasons[lang].trim() === '';
  return {
    reasons,
    change: (told: Partial<Reasons>) => setReasons({ ...reasons, ...told }),
    errorOf: (lang: Language) => (checked && isMissing(lang) ? t('reasonMissing') : null),
    /** Whether both are there; from now on it is shown which is not. */
    check: (): boolean => {
      setChecked(true);
      return !LANGUAGES.some(isMissing);
    },
  };
}

/** The fields of a reason, one for each language; `hinted` are those that say for whom it is. */
export function ReasonFields(props: {
  reasons: Reasons;
  errorOf: (lang: Language) => string | null;
  hinted?: readonly Language[];
  onChange: (told: Partial<Reasons>) => void;
}): JSX.Element {
  const { reasons, errorOf, hinted = [], onChange } = props;
  return (
    <>
      {LANGUAGES.map((lang) => (
        <Field
          key={lang}
          label={t(lang === 'ja' ? 'reasonJa' : 'reasonEn')}
          {...(hinted.includes(lang) && { hint: t('reasonHint') })}
          error={errorOf(lang)}
        >
          <textarea
            lang={lang}
            maxLength={200}
            value={reasons[lang]}
            onInput={(event) => onChange({ [lang]: event.currentTarget.value })}
          />
        </Field>
      ))}
    </>
  );
}
