/** The client of these pages at 7iD. */
export const CONSOLE_CLIENT = 'operator-console';
