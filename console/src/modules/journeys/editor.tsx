import { App, Button, Segmented } from 'antd'
import { useCallback, useEffect, useEffectEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'
import { Icon } from '../../ui/icon.tsx'
import { useIsPhone } from '../../ui/use-media.ts'
import { useVocabulary } from '../segments/use-names.ts'
import type { Problems } from './contract.ts'
import type { Gap } from './faces.ts'
import styles from './journeys.module.css'
import { Palette } from './palette.tsx'
import { type As, Picture } from './picture.tsx'
import { ProblemList } from './problem-list.tsx'
import { Side } from './side.tsx'
import { StepForm } from './step-form.tsx'
import {
  blankStep,
  changeStep,
  type Draft,
  freshKey,
  putStep,
  START,
  type Step,
  type StepKind,
  takeStep,
} from './steps.ts'
import { SettingsForm, TriggerForm } from './trigger-form.tsx'
import type { useHistory } from './use-history.ts'
import { useSaid } from './use-said.ts'

interface Props {
  history: ReturnType<typeof useHistory<Draft>>
  problems: Problems
  topics: readonly string[]
  mayWrite: boolean
}

/** What the picture is to be seen as: by what was chosen, else a list on a phone and a canvas elsewhere. */
export function useAs(): [As, (as: As) => void] {
  const phone = useIsPhone()
  const [params, setParams] = useSearchParams()
  const asked = params.get('as')
  const as: As = asked === 'list' || asked === 'canvas' ? asked : phone ? 'list' : 'canvas'
  const set = (next: As) =>
    setParams(
      (old) => {
        const made = new URLSearchParams(old)
        made.set('as', next)
        return made
      },
      { replace: true },
    )
  return [as, set]
}

export function AsSwitch() {
  const { t } = useTranslation()
  const [as, setAs] = useAs()
  return (
    <Segmented<As>
      aria-label={t('journeys.as.label')}
      value={as}
      options={(['canvas', 'list'] as const).map((value) => ({ value, label: t(`journeys.as.${value}`) }))}
      onChange={setAs}
    />
  )
}

/** A draft on the canvas or as a list, and beside it what is chosen in it. */
export function Editor({ history, problems, topics, mayWrite }: Props) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const phone = useIsPhone()
  const words = useVocabulary()
  const [as] = useAs()
  const { value: draft, change, undo, redo } = history
  const [at, setAt] = useState<string | null>(null)
  const [open, setOpen] = useState<string | null>(null)
  const [gap, setGap] = useState<Gap | null>(null)
  const step = draft.steps.find(({ key }) => key === open)
  const show = useCallback((key: string | null) => {
    setGap(null)
    setOpen(key)
  }, [])
  const { waysOf, faceOf, wordOf } = useSaid(draft, problems)
  const takeOut = useCallback(
    (key: string) => {
      const { draft: next, lost } = takeStep(draft, key)
      change(next)
      show(null)
      setAt(null)
      void message.info({
        content: (
          <>
            {lost > 0 ? t('journeys.removedWith', { count: lost }) : t('journeys.removed')}{' '}
            <Button type="link" size="small" onClick={undo}>
              {t('journeys.takeBack')}
            </Button>
          </>
        ),
        key: 'journey-removed',
      })
    },
    [draft, change, show, message, t, undo],
  )
  const put = (kind: StepKind) => {
    if (!gap) return
    const key = freshKey(draft)
    change(
      putStep(
        draft,
        gap,
        blankStep(kind, key, (nr) => t('journeys.form.armNew', { n: nr + 1 })),
      ),
    )
    setAt(key)
    show(key)
  }
  const press = useEffectEvent((event: KeyboardEvent) => {
    const typing = event.target instanceof Element && event.target.closest('input, textarea, [contenteditable]')
    if (!mayWrite || typing || !(event.ctrlKey || event.metaKey)) return
    const back = event.key.toLowerCase() === 'z' && !event.shiftKey
    const again = event.key.toLowerCase() === 'y' || (event.key.toLowerCase() === 'z' && event.shiftKey)
    if (!back && !again) return
    event.preventDefault()
    if (back) undo()
    else redo()
  })
  useEffect(() => {
    const listen = (event: KeyboardEvent) => press(event)
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [])
  const onStep = (next: Step, name?: string) => change(changeStep(draft, next), name && `${next.key} ${name}`)
  const title = gap
    ? t('journeys.palette')
    : step
      ? t(`journeys.step.${step.kind}.title`)
      : open === START
        ? t('journeys.form.start')
        : t('journeys.settings')
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
        onOpen={show}
        onInsert={mayWrite ? setGap : undefined}
        onRemove={mayWrite ? takeOut : undefined}
      />
      <Side
        title={title}
        open={gap !== null || open !== null}
        onClose={gap !== null || open !== null ? () => show(null) : undefined}
        tools={
          step &&
          !gap &&
          mayWrite && (
            <Button
              type="text"
              size="small"
              icon={<Icon name="trash" size={15} label={t('journeys.canvas.remove', { what: title })} />}
              onClick={() => takeOut(step.key)}
            />
          )
        }
      >
        {gap ? (
          <Palette follows={waysOf(gap.key).some(({ port, to }) => port === gap.port && to !== null)} onPick={put} />
        ) : (
          <fieldset className={styles.fields} disabled={!mayWrite}>
            {open && problems[open] && <Faults faults={problems[open]} />}
            {step ? (
              <StepForm key={step.key} step={step} words={words} topics={topics} onChange={onStep} />
            ) : open === START ? (
              <TriggerForm draft={draft} words={words} onChange={change} />
            ) : (
              <>
                <ProblemList
                  problems={problems}
                  faceOf={faceOf}
                  onOpen={(key) => {
                    setAt(key)
                    show(key)
                  }}
                />
                <SettingsForm draft={draft} words={words} onChange={change} />
              </>
            )}
          </fieldset>
        )}
      </Side>
      {phone && open === null && gap === null && (
        <Button className={styles.phoneSettings ?? ''} onClick={() => show('settings')}>
          {t('journeys.settings')}
        </Button>
      )}
    </div>
  )
}

function Faults({ faults }: { faults: readonly string[] }) {
  return (
    <ul className={styles.problems}>
      {faults.map((fault) => (
        <li key={fault}>{fault}</li>
      ))}
    </ul>
  )
}
