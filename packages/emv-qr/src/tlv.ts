/** What is wrong with a text as a sequence of tag, length and value. */
export type TlvFault = 'LENGTH' | 'DUPLICATE_TAG';
export type Fields = ReadonlyMap<string, string>;

/** Writes one field: two digits of tag, two of length, the value. @throws RangeError when the value is empty or too long */
export function writeField(tag: string, value: string): string {
  const length = [...value].length; // EMVCo MPM 1.1, 3.2: a length counts characters
  if (length < 1 || length > 99) throw new RangeError(`field ${tag} has a length of ${length}`);
  return `${tag}${String(length).padStart(2, '0')}${value}`;
}

/**
 * Reads fields to the very end of a text; a value that would go beyond it, a length that is not two digits, an empty value and a
 * tag that comes twice are faults. `units` are what lengths count: characters, or bytes.
 */
export function readFields(units: readonly string[]): Fields | { readonly fault: TlvFault } {
  const fields = new Map<string, string>();
  let place = 0;
  while (place < units.length) {
    const [tag, digits] = [
      units.slice(place, place + 2).join(''),
      units.slice(place + 2, place + 4).join(''),
    ];
    if (!/^\d\d$/.test(tag) || !/^\d\d$/.test(digits)) return { fault: 'LENGTH' };
    const end = place + 4 + Number(digits);
    if (digits === '00' || end > units.length) return { fault: 'LENGTH' };
    if (fields.has(tag)) return { fault: 'DUPLICATE_TAG' };
    fields.set(tag, units.slice(place + 4, end).join(''));
    place = end;
  }
  return fields;
}
