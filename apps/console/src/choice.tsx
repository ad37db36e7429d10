import type { JSX } from 'preact';

/** A few choices of which one holds, as radio buttons under a legend. */
export function Choice<Value extends string>(props: {
  legend: string;
  values: readonly Value[];
  value: Value;
  wordOf: (value: Value) => string;
  onChoose: (value: Value) => void;
}): JSX.Element {
  return (
    <fieldset class="stack stack--tight">
      <legend>{props.legend}</legend>
      {props.values.map((value) => (
        <label key={value} class="field__choice">
          <input
            type="radio"
            name="choice"
            checked={value === props.value}
            onChange={() => props.onChoose(value)}
          />
          {props.wordOf(value)}
        </label>
      ))}
    </fieldset>
  );
}
