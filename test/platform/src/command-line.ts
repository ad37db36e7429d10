/** What follows the name of an option in the words of a command; undefined where it is not there. */
export function optionIn(words: readonly string[], name: string): string | undefined {
  const at = words.indexOf(name);
  return at === -1 ? undefined : words[at + 1];
}
