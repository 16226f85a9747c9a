import { Button } from 'antd'
import { type ChangeEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Problem, toProblem } from '../../api/problem.ts'
import styles from './content.module.css'
import { type Uploaded, uploadFile } from './upload.ts'
import { fileUrl } from './use-content.ts'

const ACCEPTS = {
  image: 'image/png,image/jpeg',
  video: 'video/mp4',
  pdf: 'application/pdf',
  file: '.pdf,.docx,.xlsx,.pptx,.txt,.csv',
} as const

interface Props {
  accept: keyof typeof ACCEPTS
  /** Of a picture that is there already. */
  fileId?: string | null
  /** Of another file that is there. */
  fileName?: string | undefined
  onDone: (file: Uploaded) => void
  onClear?: (() => void) | undefined
  label?: string
}

/** Picks a file and brings it to the server at once; the draft keeps its number. */
export function FilePick({ accept, fileId, fileName, onDone, onClear, label }: Props) {
  const { t } = useTranslation()
  const input = useRef<HTMLInputElement>(null)
  const [state, setState] = useState<{ busy: boolean; problem?: Problem }>({ busy: false })
  const choose = async (event: ChangeEvent<HTMLInputElement>) => {
    const file = event.target.files?.[0]
    event.target.value = '' // the same file may be chosen again
    if (!file) return
    setState({ busy: true })
    try {
      onDone(await uploadFile(file))
      setState({ busy: false })
    } catch (error) {
      setState({ busy: false, problem: toProblem(error) })
    }
  }
  return (
    <div className={styles.pick}>
      {fileId && accept === 'image' && <img src={fileUrl(fileId)} alt="" />}
      {fileName && <span className="clip">{fileName}</span>}
      <input
        ref={input}
        type="file"
        accept={ACCEPTS[accept]}
        hidden
        aria-label={label ?? t(`content.upload.${accept}`)}
        onChange={(event) => void choose(event)}
      />
      <Button size="small" loading={state.busy} onClick={() => input.current?.click()}>
        {fileId ? t('content.upload.again') : (label ?? t(`content.upload.${accept}`))}
      </Button>
      {fileId && onClear && (
        <Button size="small" type="text" onClick={onClear}>
          {t('content.upload.remove')}
        </Button>
      )}
      {state.problem ? (
        <span className={styles.wrong} role="alert">
          {state.problem.message || t('states.offlineWhy')}
        </span>
      ) : (
        <span className="quiet small">{t(`content.upload.hint.${accept}`)}</span>
      )}
    </div>
  )
}
