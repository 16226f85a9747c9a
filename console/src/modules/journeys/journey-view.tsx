import { Button, Segmented, Tooltip } from 'antd'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'
import { Icon } from '../../ui/icon.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { EmptyState, SkeletonBlock } from '../../ui/states.tsx'
import { useIsPhone } from '../../ui/use-media.ts'
import type { Changes, DryRun, JourneyStateName, OfPeople, Problems, Stats } from './contract.ts'
import { type Asked, DryRunView } from './dry-run.tsx'
import { AsSwitch, Editor } from './editor.tsx'
import { JourneyState } from './journey-state.tsx'
import styles from './journeys.module.css'
import { LifeMenu } from './life-menu.tsx'
import { PublishDialog } from './publish-dialog.tsx'
import { SaveMark } from './save-mark.tsx'
import type { Draft } from './steps.ts'
import { useAutosave } from './use-autosave.ts'
import { useHistory } from './use-history.ts'
import { Watch } from './watch.tsx'

const SHOWS = ['edit', 'stats', 'dry'] as const
type Show = (typeof SHOWS)[number]

export interface JourneyViewProps {
  state: JourneyStateName
  hasDraft: boolean
  draft: Draft
  revision: number
  /** Keeps a draft; the revision it then has. Refused with a code that ends in `changed` where another was faster. */
  save: (draft: Draft, revision: number) => Promise<number>
  /** What is kept now, when ours was refused. */
  theirs: () => Promise<{ draft: Draft; revision: number }>
  problems: Problems
  topics: readonly string[]
  mayWrite: boolean
  /** What runs, and how; undefined before it ever did. */
  running: { version: Draft; stats: Stats | undefined } | undefined
  changes: () => Promise<Changes | null>
  publish: (people: OfPeople) => Promise<unknown>
  pause: () => Promise<unknown>
  resume: () => Promise<unknown>
  end: () => Promise<unknown>
  dry: { people: ReactNode; asked: Asked; onAsk: (asked: Asked) => void; run: DryRun | undefined; isRunning: boolean }
}

/** One journey, written, tried and watched on the same picture. */
export function JourneyView(props: JourneyViewProps) {
  const { t } = useTranslation()
  const phone = useIsPhone()
  const [params, setParams] = useSearchParams()
  const { state, mayWrite, problems, running } = props
  const asked = SHOWS.find((one) => one === params.get('show'))
  const show: Show = asked ?? (running && !props.hasDraft ? 'stats' : 'edit')
  const history = useHistory(props.draft)
  const saving = useAutosave(history.value, props.revision, props.save)
  const [publishing, setPublishing] = useState<{ changes: Changes | null }>()
  const [busy, setBusy] = useState(false)
  const open = Object.values(problems).reduce((sum, said) => sum + said.length, 0)
  const go = (next: Show) =>
    setParams(
      (old) => {
        const made = new URLSearchParams(old)
        made.set('show', next)
        return made
      },
      { replace: true },
    )
  const work = async (deed: () => Promise<unknown>) => {
    setBusy(true)
    try {
      await deed()
    } finally {
      setBusy(false)
    }
  }
  const ask = () =>
    work(async () => {
      if (await saving.flush()) setPublishing({ changes: await props.changes() })
    })
  return (
    <div className={styles.whole}>
      <PageHeader
        crumbs={[{ label: t('journeys.title'), to: '/journeys' }]}
        title={history.value.name}
        meta={
          <span className={styles.metaLine}>
            <JourneyState journey={{ state, hasDraft: props.hasDraft }} />
            {mayWrite && <SaveMark state={saving.state} />}
          </span>
        }
      >
        {mayWrite && (
          <>
            <LifeMenu
              name={history.value.name}
              state={state}
              underWay={running?.stats?.underWay ?? 0}
              onPause={props.pause}
              onResume={props.resume}
              onEnd={props.end}
            />
            <Tooltip title={open > 0 ? t('journeys.problems.title', { count: open }) : undefined}>
              <Button
                type="primary"
                disabled={open > 0 || (state !== 'draft' && !props.hasDraft && !history.canUndo)}
                loading={busy}
                onClick={() => void ask()}
              >
                {t('journeys.publish.go')}
              </Button>
            </Tooltip>
          </>
        )}
      </PageHeader>
      <div className={styles.bar}>
        <Segmented<Show>
          aria-label={t('journeys.showLabel')}
          value={show}
          options={SHOWS.map((value) => ({ value, label: t(`journeys.show.${value}`) }))}
          onChange={go}
        />
        <AsSwitch />
        {mayWrite && show === 'edit' && (
          <span>
            <Button
              type="text"
              disabled={!history.canUndo}
              icon={<Icon name="undo" size={16} label={t('journeys.undo')} />}
              title={t('journeys.undo')}
              onClick={history.undo}
            />
            <Button
              type="text"
              disabled={!history.canRedo}
              icon={<Icon name="redo" size={16} label={t('journeys.redo')} />}
              title={t('journeys.redo')}
              onClick={history.redo}
            />
          </span>
        )}
        {show === 'edit' && open > 0 && !phone && (
          <span className="warn small">{t('journeys.problems.title', { count: open })}</span>
        )}
      </div>
      {saving.state.is === 'conflict' && (
        <Conflict
          onTheirs={async () => {
            const { draft, revision } = await props.theirs()
            saving.accept(draft, revision)
            history.reset(draft)
          }}
          onMine={async () => saving.overwrite((await props.theirs()).revision)}
        />
      )}
      {show === 'edit' && (
        <Editor history={history} problems={problems} topics={props.topics} mayWrite={mayWrite && state !== 'ended'} />
      )}
      {show === 'stats' &&
        (running?.stats ? (
          <Watch version={running.version} stats={running.stats} />
        ) : running ? (
          <SkeletonBlock height={400} />
        ) : (
          <EmptyState icon="chart" title={t('journeys.stats.noneTitle')} why={t('journeys.stats.none')} />
        ))}
      {show === 'dry' && <DryRunView draft={history.value} {...props.dry} />}
      {publishing && (
        <PublishDialog
          name={history.value.name}
          changes={publishing.changes}
          draft={history.value}
          isBusy={busy}
          onClose={() => setPublishing(undefined)}
          onPublish={(people) =>
            void work(async () => {
              await props.publish(people)
              setPublishing(undefined)
              go('stats')
            })
          }
        />
      )}
    </div>
  )
}

/** Two have written: which holds is for a person to say. */
function Conflict({ onTheirs, onMine }: { onTheirs: () => Promise<void>; onMine: () => Promise<void> }) {
  const { t } = useTranslation()
  return (
    <div className={styles.notice} role="alert">
      <Icon name="alert" size={16} />
      <span>{t('journeys.conflict.says')}</span>
      <span className="spring" />
      <Button size="small" onClick={() => void onTheirs()}>
        {t('journeys.conflict.theirs')}
      </Button>
      <Button size="small" onClick={() => void onMine()}>
        {t('journeys.conflict.mine')}
      </Button>
    </div>
  )
}
