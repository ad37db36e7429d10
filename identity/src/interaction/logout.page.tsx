import type { Locale } from '@7pay/refusals';
import { wordsOf } from './words.ts';

/** Asks before logging out. `action` and `secret` are the library's; its form has no buttons. */
export function LogoutPage(props: { locale: Locale; action: string; secret: string }) {
  const words = wordsOf(props.locale);
  return (
    <>
      <h1>{words.logoutTitle}</h1>
      <form method="post" action={props.action} class="card stack">
        <input type="hidden" name="xsrf" value={props.secret} />
        <p>{words.logoutLead}</p>
        <div class="row">
          <button class="button" type="submit" name="logout" value="yes">
            {words.logout}
          </button>
          <button class="button button--secondary" type="submit">
            {words.stay}
          </button>
        </div>
      </form>
    </>
  );
}

/** What became of it: logged out, or the person said no. */
export function AfterLogoutPage({ locale, stayed }: { locale: Locale; stayed: boolean }) {
  const words = wordsOf(locale);
  return (
    <>
      <h1>{stayed ? words.stayedTitle : words.loggedOutTitle}</h1>
      <p class={stayed ? 'notice' : 'notice notice--success'} role="status">
        {stayed ? words.stayedLead : words.loggedOutLead}
      </p>
    </>
  );
}
