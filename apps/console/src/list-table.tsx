import type { ComponentChildren, JSX } from 'preact';
import { t, type Word } from './words.ts';

/** The table of a list: its name for whoever does not see the page, and a head for each column. Its bodies are the children. */
export function ListTable(props: {
  name: string;
  columns: readonly Word[];
  children: ComponentChildren;
}): JSX.Element {
  return (
    <div class="table-scroll card">
      <table>
        <caption class="visually-hidden">{props.name}</caption>
        <thead>
          <tr>
            {props.columns.map((column) => (
              <th key={column} scope="col">
                {t(column)}
              </th>
            ))}
          </tr>
        </thead>
        {props.children}
      </table>
    </div>
  );
}
