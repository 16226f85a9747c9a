import { Button, InputNumber, Select } from 'antd'
import { type ReactNode, useCallback, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNow } from '../../ui/clock.ts'
import { Icon } from '../../ui/icon.tsx'
import { languageOf, sayMoment } from '../../ui/time-words.ts'
import { useIsPhone } from '../../ui/use-media.ts'
import type { DryRun, Happening } from './contract.ts'
import { useAs } from './editor.tsx'
import { Field, Line } from './inputs.tsx'
import styles from './journeys.module.css'
import { wayKey } from './layout.ts'
import { Picture } from './picture.tsx'
import { Side } from './side.tsx'
import { type Draft, START } from './steps.ts'
import { useSaid } from './use-said.ts'

const HAPPENINGS = ['reply', 'order', 'lost'] as const
const DAY = 1_440
const SOON = 120

export interface Asked {
  contactId: string
  /** How far the clock is wound from his coming in. */
  days: number
  happenings: Happening[]
}

interface Props {
  draft: Draft
  /** Somebody to try it with. */
  people: ReactNode
  asked: Asked
  onAsk: (asked: Asked) => void
  run: DryRun | undefined
  isRunning: boolean
}

/** One customer is sent through: nothing is sent and nothing is kept, the way lights up. */
export function DryRunView({ draft, people, asked, onAsk, run, isRunning }: Props) {
  const { t, i18n } = useTranslation()
  const now = useNow()
  const [as] = useAs()
  const [at, setAt] = useState<string | null>(null)
  const phone = useIsPhone()
  const [open, setOpen] = useState(true)
  const { waysOf, faceOf, wordOf } = useSaid(draft)
  const language = languageOf(i18n)
  const when = useCallback((iso: string) => sayMoment(new Date(iso), now, language), [now, language])
  const lit = useMemo(
    () =>
      run && {
        steps: new Map([
          ...run.stops.slice(0, 1).map((stop) => [START, when(stop.at)] as const),
          ...run.stops.map((stop) => [stop.key, when(stop.at)] as const),
        ]),
        ways: new Set([
          wayKey(START, 'next'),
          ...run.stops.flatMap(({ key, port }) => (port === null ? [] : [wayKey(key, port)])),
        ]),
        at: run.standsAt,
      },
    [run, when],
  )
  return (
    <div className={styles.editor}>
      <Picture
        as={as}
        start={START}
        waysOf={waysOf}
        faceOf={faceOf}
        wordOf={wordOf}
        at={at}
        onAt={setAt}
        onOpen={() => setOpen(true)}
        onInsert={undefined}
        onRemove={undefined}
        lit={lit}
      />
      <Side title={t('journeys.show.dry')} open={open} onClose={phone ? () => setOpen(false) : undefined}>
        <p className="soft small">{t('journeys.dry.why')}</p>
        <Field label={t('journeys.dry.who')}>{people}</Field>
        <Field label={t('journeys.dry.days')}>
          <Line>
            <InputNumber
              min={1}
              max={365}
              precision={0}
              style={{ width: 76 }}
              aria-label={t('journeys.dry.days')}
              value={asked.days}
              onChange={(days) => days !== null && onAsk({ ...asked, days })}
            />
            {t('segments.unit.day')}
          </Line>
        </Field>
        <Happenings value={asked.happenings} onChange={(happenings) => onAsk({ ...asked, happenings })} />

        {run && (
          <ol className={styles.story} aria-label={t('journeys.dry.story')} aria-busy={isRunning}>
            {run.stops.map(({ key, at: iso, port }, nr) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a step may be come by again
              <li key={nr}>
                <time dateTime={iso}>{when(iso)}</time>
                <button type="button" onClick={() => setAt(key)}>
                  {[faceOf(key).title, port === null ? undefined : wordOf(key, port)].filter(Boolean).join(' → ')}
                </button>
              </li>
            ))}
            {run.left && (
              <li>
                <span />
                <b>{t(`journeys.left.${run.left}`)}</b>
              </li>
            )}
          </ol>
        )}
      </Side>
      {phone && !open && (
        <Button className={styles.phoneSettings ?? ''} onClick={() => setOpen(true)}>
          {t('journeys.show.dry')}
        </Button>
      )}
    </div>
  )
}

function Happenings({ value, onChange }: { value: Happening[]; onChange: (next: Happening[]) => void }) {
  const { t } = useTranslation()
  const set = (nr: number, given: Partial<Happening>) => onChange(value.with(nr, { ...value[nr]!, ...given }))
  return (
    <Field label={t('journeys.dry.happens')}>
      {value.map((one, nr) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: told apart by their place alone
        <Line key={nr}>
          <InputNumber
            min={0}
            max={365}
            style={{ width: 68 }}
            aria-label={t('journeys.dry.after')}
            value={Math.round((one.afterMinutes / DAY) * 10) / 10}
            onChange={(days) => days !== null && set(nr, { afterMinutes: Math.round(days * DAY) })}
          />
          <span className="soft">{t('journeys.dry.daysIn')}</span>
          <Select
            aria-label={t('journeys.dry.what')}
            style={{ width: 112 }}
            value={one.kind}
            options={HAPPENINGS.map((kind) => ({ value: kind, label: t(`journeys.dry.kind.${kind}`) }))}
            onChange={(kind) => set(nr, { kind })}
          />
          <Button
            type="text"
            size="small"
            icon={<Icon name="close" size={14} label={t('journeys.dry.without')} />}
            onClick={() => onChange(value.toSpliced(nr, 1))}
          />
        </Line>
      ))}
      <Button
        size="small"
        style={{ justifySelf: 'start' }}
        icon={<Icon name="plus" size={13} />}
        onClick={() => onChange([...value, { kind: 'order', afterMinutes: value.length === 0 ? SOON : 2 * DAY }])}
      >
        {t('journeys.dry.add')}
      </Button>
    </Field>
  )
}
