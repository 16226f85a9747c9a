import { useTranslation } from 'react-i18next'
import { Avatar } from '../../ui/avatar.tsx'
import { type Column, ListTable, type Selection } from '../../ui/list-table.tsx'
import { Sparkline } from '../../ui/sparkline.tsx'
import { TagRow } from '../../ui/tag-chip.tsx'
import styles from './channels.module.css'
import type { CodeRow } from './use-channels.ts'

interface Props {
  rows: CodeRow[]
  selection: Selection
  onOpen: (id: string) => void
}

export function CodeTable({ rows, selection, onOpen }: Props) {
  const { t } = useTranslation()
  const columns: Column<CodeRow>[] = [
    {
      key: 'name',
      title: t('channels.column.name'),
      width: '24%',
      cell: (row) => (
        <span className={styles.name}>
          <b>{row.name}</b>
          {row.hasRoster && <span className="small quiet">{t('channels.roster.mark')}</span>}
          <CodeStatus code={row} quiet />
        </span>
      ),
    },
    { key: 'staff', title: t('channels.column.staff'), width: '15%', cell: (row) => <Faces staff={row.staff} /> },
    {
      key: 'tags',
      title: t('channels.column.tags'),
      width: '18%',
      cell: (row) => <TagRow tags={row.tags.map((tag) => ({ ...tag, source: 'rule' }))} />,
    },
    {
      key: 'scans',
      title: t('channels.column.scans'),
      align: 'right',
      width: 72,
      cell: ({ last7Days: { scans } }) =>
        scans === 0 ? (
          <span className="quiet" title={t('channels.noScan')}>
            —
          </span>
        ) : (
          scans
        ),
    },
    {
      key: 'adds',
      title: t('channels.column.adds'),
      align: 'right',
      width: 72,
      cell: ({ last7Days }) => <b>{last7Days.adds}</b>,
    },
    {
      key: 'losses',
      title: t('channels.column.losses'),
      align: 'right',
      width: 72,
      cell: ({ last7Days }) => last7Days.losses,
    },
    {
      key: 'net',
      title: t('channels.column.net'),
      align: 'right',
      width: 72,
      cell: ({ last7Days: { net } }) => (net < 0 ? `−${-net}` : net),
    },
    {
      key: 'trend',
      title: t('channels.column.trend'),
      width: 128,
      cell: (row) => (
        <Sparkline values={row.sparkline} label={t('channels.trendSays', { values: row.sparkline.join('、') })} />
      ),
    },
  ]
  return (
    <ListTable
      rows={rows}
      columns={columns}
      rowKey={({ channelCodeId }) => channelCodeId}
      label={t('channels.list')}
      onOpen={({ channelCodeId }) => onOpen(channelCodeId)}
      minWidth={860}
      selection={selection}
      card={(row) => (
        <>
          <span className={styles.cardTop}>
            <span className={styles.name}>
              <b>{row.name}</b>
              {row.hasRoster && <span className="small quiet">{t('channels.roster.mark')}</span>}
              <CodeStatus code={row} quiet />
            </span>
            <Sparkline
              values={row.sparkline}
              width={80}
              label={t('channels.trendSays', { values: row.sparkline.join('、') })}
            />
          </span>
          <span className={styles.cardFigures}>
            <span>
              {t('channels.column.adds')} <b>{row.last7Days.adds}</b>
            </span>
            <span>
              {t('channels.column.losses')} {row.last7Days.losses}
            </span>
            <span className="spring" />
            <span className="clip">{row.staff.map(({ name }) => name).join('、')}</span>
          </span>
        </>
      )}
    />
  )
}

/** Quiet: a code that works says nothing; only what is not so is told. */
export function CodeStatus({
  code,
  quiet = false,
}: {
  code: Pick<CodeRow, 'status' | 'updating' | 'failureId'>
  quiet?: boolean
}) {
  const { t } = useTranslation()
  if (quiet && code.status === 'ready' && !code.updating) return null
  if (code.status === 'ready' && code.updating)
    return <span className={`${styles.status} ${styles.creating}`}>{t('channels.updating')}</span>
  return <span className={`${styles.status} ${styles[code.status] ?? ''}`}>{t(`channels.status.${code.status}`)}</span>
}

const FACES = 3
function Faces({ staff }: { staff: CodeRow['staff'] }) {
  const first = staff[0]
  if (!first) return <span className="quiet">—</span>
  if (staff.length === 1)
    return (
      <span className={styles.name}>
        <Avatar name={first.name} src={first.avatar} size={22} />
        {first.name}
      </span>
    )
  return (
    <span className={styles.faces} title={staff.map(({ name }) => name).join('、')}>
      {staff.slice(0, FACES).map(({ staffId, name, avatar }) => (
        <Avatar key={staffId} name={name} src={avatar} size={22} />
      ))}
      <em className="soft">
        {first.name}
        {staff.length > 1 && ` +${staff.length - 1}`}
      </em>
    </span>
  )
}
