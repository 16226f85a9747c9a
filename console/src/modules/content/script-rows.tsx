import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { Icon } from '../../ui/icon.tsx'
import { useProblemToast } from '../../ui/problem-toast.ts'
import { Tool } from './block-fields.tsx'
import styles from './content.module.css'
import type { LibraryName } from './scripts-page.tsx'
import { Shot } from './shot.tsx'
import { refreshScripts, type Script } from './use-content.ts'

interface Props {
  rows: Script[]
  library: LibraryName
  openId: string | undefined
  /** The group whose order may be changed: all of it is shown. */
  orderIn: string | undefined
  onOpen: (scriptId: string) => void
}

/** Scripts as they will be said, a card each; in one group they are put in order by drag or by keys. */
export function ScriptRows({ rows, library, openId, orderIn, onOpen }: Props) {
  const { t } = useTranslation()
  const onError = useProblemToast()
  const [held, setHeld] = useState<string>()
  const done = { onError, onSuccess: refreshScripts }
  const corp = api.useMutation('put', '/api/scripts/order', done)
  const own = api.useMutation('put', '/api/own-scripts/order', done)
  const ids = rows.map(({ scriptId }) => scriptId)
  const move = (id: string, to: number) => {
    if (!orderIn) return
    const body = { scriptGroupId: orderIn, scriptIds: ids.filter((one) => one !== id).toSpliced(to, 0, id) }
    if (library === 'own') own.mutate({ body })
    else corp.mutate({ body })
  }
  return (
    <ul className={styles.scripts} aria-label={t('content.scripts')}>
      {rows.map((script, place) => (
        <li
          key={script.scriptId}
          data-open={script.scriptId === openId || undefined}
          draggable={orderIn !== undefined}
          onDragStart={() => setHeld(script.scriptId)}
          onDragOver={(event) => event.preventDefault()}
          onDrop={() => held && held !== script.scriptId && move(held, place)}
        >
          <button type="button" className={styles.script} onClick={() => onOpen(script.scriptId)}>
            <span className={styles.scriptTop}>
              <b>{script.title}</b>
              {script.isQuick && <span className={styles.state}>{t('content.script.quick')}</span>}
              {!orderIn && <span className="quiet small">{script.groupName}</span>}
              <span className="spring" />
              <span className="quiet small">{t('content.usedTimes', { count: script.uses })}</span>
            </span>
            {script.parts.map((part, index) =>
              part.type === 'text' ? (
                // biome-ignore lint/suspicious/noArrayIndexKey: parts are told apart by their place alone
                <span key={index} className={styles.says}>
                  {part.text}
                </span>
              ) : (
                // biome-ignore lint/suspicious/noArrayIndexKey: parts are told apart by their place alone
                <span key={index} className={styles.partLine}>
                  <Shot
                    kind={part.type === 'image' ? 'image' : part.kind}
                    pictureId={part.type === 'image' ? part.fileId : part.pictureId}
                    size={24}
                  />
                  {part.type === 'image' ? t('content.kind.image') : part.title}
                </span>
              ),
            )}
            {(script.keywords.length > 0 || script.stages.length > 0) && (
              <span className={styles.words2}>
                {script.stages.map(({ stageId, name }) => (
                  <em key={stageId}>
                    <Icon name="chart" size={12} /> {name}
                  </em>
                ))}
                {script.keywords.map((word) => (
                  <em key={word}>{word}</em>
                ))}
              </span>
            )}
          </button>
          {orderIn && (
            <span className={styles.tools}>
              <Tool
                icon="up"
                label={t('content.script.up', { title: script.title })}
                off={place === 0}
                act={() => move(script.scriptId, place - 1)}
              />
              <Tool
                icon="down"
                label={t('content.script.down', { title: script.title })}
                off={place === ids.length - 1}
                act={() => move(script.scriptId, place + 1)}
              />
            </span>
          )}
        </li>
      ))}
    </ul>
  )
}
