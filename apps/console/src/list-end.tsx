import { Button, ErrorPanel, Loading, type Pages, uiText } from '@7pay/ui';
import type { JSX } from 'preact';

/** What stands under a list: waiting, the fault, the empty words, or the next page. */
export function ListEnd(props: { pages: Pages<unknown>; empty: string }): JSX.Element {
  const { rows, fault, busy, more, reread } = props.pages;
  return (
    <>
      {fault && <ErrorPanel fault={fault} onRetry={more ?? reread} />}
      {!rows && !fault && <Loading />}
      {rows?.length === 0 && <p>{props.empty}</p>}
      {more && !fault && (
        <div class="row">
          <Button kind="secondary" busy={busy} onClick={more}>
            {uiText('more')}
          </Button>
        </div>
      )}
    </>
  );
}
