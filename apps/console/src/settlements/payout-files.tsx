import {
  AmountText,
  Button,
  formatDate,
  formatTime,
  locale,
  pick,
  StatusPill,
  type Tone,
  usePages,
} from '@7pay/ui';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Acts, useOperatorId } from '../entry/operators.tsx';
import { ListEnd } from '../list-end.tsx';
import { ListTable } from '../list-table.tsx';
import { type PayoutFile, payoutFilesQuery } from '../settlement-operations.ts';
import { t, type Word } from '../words.ts';
import { useWorld } from '../world.ts';
import { ApproveFile } from './approve-file.tsx';
import { PrepareFile } from './prepare-file.tsx';

const states: Readonly<Record<PayoutFile['state'], { word: Word; tone: Tone }>> = {
  FILLING: { word: 'fileFilling', tone: 'caution' },
  PREPARED: { word: 'filePrepared', tone: 'caution' },
  APPROVED: { word: 'fileApproved', tone: 'success' },
  WRITTEN: { word: 'fileWritten', tone: 'quiet' },
};

/** The files for the bank: one operator prepares, another one approves. */
export function PayoutFiles(props: { moved: string; onTold: (told: string) => void }): JSX.Element {
  const { graph } = useWorld();
  const [chosen, setChosen] = useState<PayoutFile | null>(null);
  const pages = usePages(
    async (after) => pick(await graph(payoutFilesQuery, { after }), 'payoutFiles'),
    props.moved,
  );
  return (
    <>
      <h2>{t('payoutFiles')}</h2>
      <Acts>
        <PrepareFile onTold={props.onTold} />
      </Acts>
      {pages.rows && pages.rows.length > 0 && (
        <ListTable
          name={t('payoutFiles')}
          columns={['fileNumber', 'transferDate', 'amount', 'state', 'action']}
        >
          <tbody>
            {pages.rows.map((file) => (
              <FileRow key={file.id} file={file} onApprove={() => setChosen(file)} />
            ))}
          </tbody>
        </ListTable>
      )}
      <ListEnd pages={pages} empty={t('payoutFilesEmpty')} />
      {chosen && (
        <ApproveFile
          file={chosen}
          onEnd={(told) => {
            setChosen(null);
            if (told) props.onTold(told);
            else pages.reread();
          }}
        />
      )}
    </>
  );
}

function FileRow({ file, onApprove }: { file: PayoutFile; onApprove: () => void }): JSX.Element {
  const own = useOperatorId();
  const { word, tone } = states[file.state];
  const isOwn = file.preparedBy === own;
  return (
    <tr>
      <th scope="row">
        <code>{file.number}</code>
      </th>
      <td>{formatDate(file.transferDate, locale.value)}</td>
      <td>
        <AmountText yen={file.total} />
        <p class="small">{t('settlementCount', { count: file.count })}</p>
      </td>
      <td>
        <StatusPill tone={tone} word={t(word)} />
        {file.writtenAt && <p class="small">{formatTime(file.writtenAt, locale.value)}</p>}
      </td>
      <td>
        <Acts>
          {file.state === 'PREPARED' &&
            (isOwn ? (
              <p class="small">{t('otherApproves')}</p>
            ) : (
              <Button onClick={onApprove}>{t('approve')}</Button>
            ))}
        </Acts>
      </td>
    </tr>
  );
}
