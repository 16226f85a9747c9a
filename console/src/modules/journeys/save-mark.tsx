import { useTranslation } from 'react-i18next'
import { Icon } from '../../ui/icon.tsx'
import { sayClock } from '../../ui/time-words.ts'
import styles from './journeys.module.css'
import type { SaveState } from './use-autosave.ts'

/** Whether what is on the screen is kept. */
export function SaveMark({ state }: { state: SaveState }) {
  const { t } = useTranslation()
  const says =
    state.is === 'saved'
      ? state.at
        ? t('journeys.save.savedAt', { time: sayClock(state.at) })
        : t('journeys.save.saved')
      : t(`journeys.save.${state.is}`)
  const bad = state.is === 'conflict' || state.is === 'failed'
  return (
    <span className={styles.saveState} data-bad={bad || undefined} role="status" data-testid="save-state">
      <Icon name={bad ? 'alert' : state.is === 'saved' ? 'check' : 'refresh'} size={13} />
      {says}
    </span>
  )
}
