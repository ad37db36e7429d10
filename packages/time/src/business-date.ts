/** A day of business in Japan, `YYYY-MM-DD`, Asia/Tokyo whatever the time zone of the machine. */
export type BusinessDate = string & { readonly brand: 'BusinessDate' };

const tokyo = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Asia/Tokyo',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
});

/** The business date of an instant. A payment at 15:00 UTC belongs to the next Japanese day. */
export function businessDate(at: Date): BusinessDate {
  return tokyo.format(at) as BusinessDate;
}

/** Whether the text is a real calendar day in `YYYY-MM-DD`. */
export function isBusinessDate(text: string): text is BusinessDate {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}
